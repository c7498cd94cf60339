/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PR_MD4_LENGTH 16

void pr_md4 (const guint8 *bytes, gsize n, guint8 digest[PR_MD4_LENGTH]);

G_END_DECLS
