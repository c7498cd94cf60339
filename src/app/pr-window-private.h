/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-banner.h"
#include "pr-job-bar.h"
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
  GMenu *environment_menu;
  PrBanner *banner;
  AdwToastOverlay *toasts;
  GtkStack *states;
  GtkStack *pages;
  AdwStatusPage *failure_page;
  GtkLabel *announcement;
  PrJobBar *job_bar;

  /* Owned */
  PrEnvironment *environment;
  GSettings *settings;
  GCancellable *opening;
  char *wanted_environment; /* what is being opened, or could not be */
};

void pr_window_class_install_actions (GtkWidgetClass *widget_class);
void pr_window_update_environments (PrWindow *self);

G_END_DECLS
