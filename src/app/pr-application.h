/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-keyring.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * PrApplication:
 *
 * The process of the window: where environments and secrets are, and what belongs to no window.
 */
#define PR_TYPE_APPLICATION (pr_application_get_type ())
G_DECLARE_FINAL_TYPE (PrApplication, pr_application, PR, APPLICATION, AdwApplication)

PrApplication *pr_application_new (const char *id, GApplicationFlags flags);

const char *pr_application_get_data_dir (PrApplication *self);
void pr_application_set_data_dir (PrApplication *self, const char *data_dir);
PrKeyring *pr_application_get_keyring (PrApplication *self);
void pr_application_set_keyring (PrApplication *self, PrKeyring *keyring);
GSettings *pr_application_get_settings (PrApplication *self);

G_END_DECLS
