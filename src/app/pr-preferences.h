/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-window.h"

G_BEGIN_DECLS

/**
 * PrPreferences:
 *
 * The preferences of the window: what belongs to this person, not to an environment.
 */
#define PR_TYPE_PREFERENCES (pr_preferences_get_type ())
G_DECLARE_FINAL_TYPE (PrPreferences, pr_preferences, PR, PREFERENCES, AdwPreferencesWindow)

void pr_preferences_show (PrWindow *window);

G_END_DECLS
