/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PrStoreChanged:
 * @PR_STORE_CHANGED_MAILBOXES: rows of mailboxes have other values
 * @PR_STORE_CHANGED_MEMBERS: mailboxes came or went
 *
 * What a transaction has changed.
 */
typedef enum
{
  PR_STORE_CHANGED_MAILBOXES = 1 << 0,
  PR_STORE_CHANGED_MEMBERS = 1 << 1,
  PR_STORE_CHANGED_ALERTS = 1 << 2,
  PR_STORE_CHANGED_PROFILES = 1 << 3,
  PR_STORE_CHANGED_SETTINGS = 1 << 4,
  PR_STORE_CHANGED_ALL = 0x1f,
} PrStoreChanged;

G_END_DECLS
