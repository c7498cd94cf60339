/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-job-bar.h"
#include "pr-job-view.h"
#include "pr-overview-loader.h"
#include "pr-practice.h"
#include "pr-retry-runner.h"
#include "pr-sidebar-row.h"
#include "pr-split-view.h"
#include "pr-window.h"

G_BEGIN_DECLS

struct _PrWindow
{
  AdwApplicationWindow parent_instance;

  /* Template children */
  PrSplitView *split;
  GtkListBox *sidebar;
  GtkMenuButton *environment_button;
  GtkLabel *environment_label;
  GMenuModel *environment_menu_model;
  GMenu *environment_menu;
  AdwToastOverlay *toasts;
  GtkStack *states;
  GtkStack *pages;
  AdwStatusPage *failure_page;
  AdwStatusPage *closing_page;
  GtkLabel *announcement;
  PrJobBar *job_bar;

  /* Owned */
  PrEnvironment *environment;
  GSettings *settings;
  GCancellable *opening;
  char *banner_text; /* (nullable) */
  const char *banner_label;
  const char *banner_action;
  char *wanted_environment; /* what is being opened, or could not be */
  gboolean fall_back;       /* any other one will do */
  PrOverviewLoader *loader;
  PrRetryRunner *retries;
  PrPractice *practice;    /* (nullable): while the practice environment is shown */
  char *before_practice;   /* id of the environment to go back to */
  GtkWindow *held_dialog;  /* (nullable): weak: a question about the job */
  PrJobView *job_view;     /* (nullable): weak */
  guint background_source; /* the window is hidden: when the process ends by itself */
  guint closing_source;    /* it is closed as soon as nothing must be waited for */
  guint settle_source;
  gboolean settled;         /* once after the start */
  gint64 closing_since;     /* monotonic */
  gboolean may_discard;     /* somebody has said that what was typed may go */
  const char *action_after; /* (nullable): to be done when the job has ended */
  char *target_after;       /* (nullable): of that action */
  gboolean in_background;   /* hidden while a job runs; the application is held */
};

void pr_window_class_install_actions (GtkWidgetClass *widget_class);
void pr_window_open_first (PrWindow *self, const GError *error);
void pr_window_show_failure (PrWindow *self, const GError *error);

/* pr-window-pages.c */
void pr_window_on_row_activated (PrWindow *self, GtkListBoxRow *row);
void pr_window_on_visible_page (PrWindow *self);
void pr_window_tell_overview (PrWindow *self);
void pr_window_tell_job (PrWindow *self);

/* pr-window-jobs.c */
void pr_window_start_retries (PrWindow *self);
void pr_window_stop_retries (PrWindow *self);
void pr_window_dispose_jobs (PrWindow *self);
void pr_window_show_job (PrWindow *self);
void pr_window_close_job (PrWindow *self);
void pr_window_go_on_after_job (PrWindow *self);
gboolean pr_window_ask_to_stop (PrWindow *self, const char *action, const char *target);
gboolean pr_window_close_request (GtkWindow *window);
void pr_window_update_banner (PrWindow *self);

/* pr-window-closing.c */
void pr_window_close_environment (PrEnvironment *environment);
gboolean pr_window_wait_to_close (PrWindow *self);
void pr_window_close_now (PrWindow *self);
gboolean pr_window_ask_to_discard (PrWindow *self, const char *action, const char *target);

/* pr-window-practice.c */
gboolean pr_window_is_practice (PrWindow *self);
void pr_window_open_practice (PrWindow *self);
void pr_window_leave_practice (PrWindow *self);
void pr_window_dispose_practice (PrWindow *self);

G_END_DECLS
