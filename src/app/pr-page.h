/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-environment.h"
#include "pr-overview.h"
#include "pr-window-job.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * PrPage:
 *
 * One page of the window. It has its own header bar and its own actions; the window gives it the
 * environment and tells it when to read again.
 */
#define PR_TYPE_PAGE (pr_page_get_type ())
G_DECLARE_DERIVABLE_TYPE (PrPage, pr_page, PR, PAGE, AdwBin)

/**
 * PrPageClass:
 * @environment_changed: (nullable): another environment, or none while one is being opened
 * @refresh: (nullable): read again what is shown; only called while the page can be seen
 * @overview_changed: (nullable): the counts of the environment are new; %NULL while they are
 *   being read, and when that has failed with the error
 * @job_changed: (nullable): a job was started, or with %NULL: it is over
 * @has_changes: (nullable): whether something was typed that is not saved
 * @update_actions: (nullable): sets the sensitivity of every action of the page
 */
struct _PrPageClass
{
  AdwBinClass parent_class;

  void (*environment_changed) (PrPage *self, PrEnvironment *environment);
  void (*refresh) (PrPage *self);
  void (*overview_changed) (PrPage *self, const PrOverview *overview, const GError *error);
  void (*job_changed) (PrPage *self, PrWindowJob *job);
  gboolean (*has_changes) (PrPage *self);
  void (*update_actions) (PrPage *self);
};

PrEnvironment *pr_page_get_environment (PrPage *self);
void pr_page_set_environment (PrPage *self, PrEnvironment *environment);
gboolean pr_page_is_writable (PrPage *self);

void pr_page_invalidate (PrPage *self);
void pr_page_update_actions (PrPage *self);
void pr_page_job_changed (PrPage *self, PrWindowJob *job);
gboolean pr_page_has_changes (PrPage *self);
void pr_page_overview_changed (PrPage *self, const PrOverview *overview, const GError *error);

void pr_page_toast (PrPage *self, const char *text);
void pr_page_toast_with_button (PrPage *self,
                                const char *text,
                                const char *label,
                                const char *action,
                                GVariant *target);
void pr_page_show_error (PrPage *self, const char *heading, const GError *error);
void pr_page_data_changed (PrPage *self);

G_END_DECLS
