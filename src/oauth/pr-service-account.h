/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-oauth-error.h"
#include "pr-secret.h"

G_BEGIN_DECLS

#define PR_SERVICE_ACCOUNT_KEY_MAX (32 * 1024) /* bytes; key files have 2.4 KiB */

/**
 * PrServiceAccount:
 *
 * An account of a program, which may act for every mailbox of its organisation once the
 * organisation's administrator has said so ("domain-wide delegation"), and its private key.
 */
typedef struct _PrServiceAccount PrServiceAccount;

PrServiceAccount *pr_service_account_parse (PrSecret *key_file, GError **error);
PrServiceAccount *pr_service_account_ref (PrServiceAccount *self);
void pr_service_account_unref (PrServiceAccount *self);

const char *pr_service_account_get_email (const PrServiceAccount *self);
const char *pr_service_account_get_unique_id (const PrServiceAccount *self);
PrSecret *pr_service_account_make_assertion (const PrServiceAccount *self,
                                             const char *audience,
                                             const char *subject,
                                             const char *scope,
                                             gint64 now_s,
                                             GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrServiceAccount, pr_service_account_unref)

G_END_DECLS
