/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-application.h"
#include "pr-window-job.h"
#include "pr-page.h"

G_BEGIN_DECLS

/**
 * PrWindow:
 *
 * The window: the sidebar with the environment and the pages, the page that is shown, what holds
 * for all of them (read only, the job that runs), and the ways to speak to the person.
 */
#define PR_TYPE_WINDOW (pr_window_get_type ())
G_DECLARE_FINAL_TYPE (PrWindow, pr_window, PR, WINDOW, AdwApplicationWindow)

PrWindow *pr_window_new (PrApplication *application);

PrEnvironment *pr_window_get_environment (PrWindow *self);
void pr_window_set_environment (PrWindow *self, PrEnvironment *environment);
void pr_window_open_environment (PrWindow *self, const char *name);
void pr_window_open_last_environment (PrWindow *self);
void pr_window_update_environments (PrWindow *self);

void pr_window_show_page (PrWindow *self, const char *name);
PrPage *pr_window_get_page (PrWindow *self, const char *name);
PrPage *pr_window_get_visible_page (PrWindow *self);
void pr_window_set_count (PrWindow *self, const char *page, guint count, gboolean attention);

void pr_window_set_banner (PrWindow *self, const char *text, const char *label, const char *action);
const char *pr_window_get_banner (PrWindow *self, const char **label, const char **action);
AdwToast *pr_window_toast (PrWindow *self, const char *text);
void pr_window_show_error (PrWindow *self, const char *heading, const GError *error);
void pr_window_announce (PrWindow *self, const char *text);

PrWindowJob *pr_window_start_job (PrWindow *self,
                                  const char *title,
                                  PrSelection *selection,
                                  const PrTestOptions *options);
PrWindowJob *pr_window_get_job (PrWindow *self);
gboolean pr_window_is_testing (PrWindow *self);
const PrOverview *pr_window_get_overview (PrWindow *self);

void pr_window_come_back (PrWindow *self);

void pr_window_data_changed (PrWindow *self);
void pr_window_update_actions (PrWindow *self);

G_END_DECLS
