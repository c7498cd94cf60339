/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-keyring.h"

G_BEGIN_DECLS

/**
 * PrSilentKeyring:
 *
 * A keyring that stores, and asks a person, who does not answer, before it says what.
 */
#define PR_TYPE_SILENT_KEYRING (pr_silent_keyring_get_type ())
G_DECLARE_FINAL_TYPE (PrSilentKeyring, pr_silent_keyring, PR, SILENT_KEYRING, GObject)

PrKeyring *pr_silent_keyring_new (void);
guint pr_silent_keyring_get_n_asked (PrKeyring *keyring);
void pr_silent_keyring_refuse (PrKeyring *keyring);

G_END_DECLS
