/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-secret.h"

G_BEGIN_DECLS

/**
 * PrBundle:
 *
 * Secrets of several records, each under its id: the content of one keyring item.
 */
typedef struct _PrBundle PrBundle;

PrBundle *pr_bundle_new (void);
PrBundle *pr_bundle_parse (PrSecret *text);
PrBundle *pr_bundle_ref (PrBundle *self);
void pr_bundle_unref (PrBundle *self);

PrSecret *pr_bundle_get (PrBundle *self, gint64 id);
void pr_bundle_set (PrBundle *self, gint64 id, PrSecret *secret);
guint pr_bundle_get_size (PrBundle *self);
PrSecret *pr_bundle_format (PrBundle *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrBundle, pr_bundle_unref)

G_END_DECLS
