/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-environment.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * PrProfileForm:
 *
 * The form of one server profile, new or stored.
 *
 * Signals: "closed" when somebody leaves it, "test-mailboxes" (#PrServerProfile) when all its
 * mailboxes are to be tested.
 */
#define PR_TYPE_PROFILE_FORM (pr_profile_form_get_type ())
G_DECLARE_FINAL_TYPE (PrProfileForm, pr_profile_form, PR, PROFILE_FORM, AdwBin)

void
pr_profile_form_edit (PrProfileForm *self, PrEnvironment *environment, PrServerProfile *profile);
void pr_profile_form_close (PrProfileForm *self);
gboolean pr_profile_form_is_dirty (PrProfileForm *self);

G_END_DECLS
