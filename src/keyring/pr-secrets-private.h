/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-secrets.h"

G_BEGIN_DECLS

struct _PrSecrets
{
  GObject parent_instance;

  /* Owned */
  PrKeyring *keyring;
  char *environment_id;
  char *environment_name;
  char *lock_path;
  GHashTable *cache;   /* item name → PrBundle; NULL: not caching */
  GHashTable *waiting; /* item name → GPtrArray of GTask: look-ups of the same bundle */
  GError *refused;     /* (nullable): while caching: the person did not unlock the keyring */

  guint n_caching;
};

G_END_DECLS
