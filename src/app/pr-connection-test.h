/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-environment.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * PrConnectionTest:
 *
 * Test Connection of a profile: both servers, step by step, in a window of its own. Nothing is
 * changed.
 */
#define PR_TYPE_CONNECTION_TEST (pr_connection_test_get_type ())
G_DECLARE_FINAL_TYPE (PrConnectionTest, pr_connection_test, PR, CONNECTION_TEST, AdwWindow)

PrConnectionTest *pr_connection_test_run (GtkWidget *parent,
                                          PrEnvironment *environment,
                                          PrServerProfile *profile,
                                          PrSecret *const *secrets);

G_END_DECLS
