/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-environment-overview.h"

G_BEGIN_DECLS

/**
 * PrOverviewLoader:
 *
 * The overview of an environment, kept up to date: what the sidebar, the overview and the list of
 * profiles count. It follows what is written, at a rate that leaves the store time for other
 * things.
 *
 * Signals: "loaded" and "failed" (#GError).
 */
#define PR_TYPE_OVERVIEW_LOADER (pr_overview_loader_get_type ())
G_DECLARE_FINAL_TYPE (PrOverviewLoader, pr_overview_loader, PR, OVERVIEW_LOADER, GObject)

PrOverviewLoader *pr_overview_loader_new (void);
void pr_overview_loader_set_environment (PrOverviewLoader *self, PrEnvironment *environment);
void pr_overview_loader_reload (PrOverviewLoader *self);
const PrOverview *pr_overview_loader_get (PrOverviewLoader *self);
const GError *pr_overview_loader_get_error (PrOverviewLoader *self);

G_END_DECLS
