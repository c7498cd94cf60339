/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

void pr_accessible_announce (GtkWindow *window, const char *text);
void pr_accessible_explain (gpointer widget, const char *reason);
void pr_accessible_set_obstacle (gpointer owner,
                                 const char *action,
                                 gpointer button,
                                 const char *obstacle);
void pr_accessible_read_from_left (GtkEditable *editable);
void pr_accessible_name_drop_down (GtkDropDown *drop_down, const char *name);
void pr_accessible_describe_choice (AdwComboRow *row);
void pr_accessible_set_note (GtkWidget *row, const char *note);
void pr_accessible_say_entries (GtkApplication *application);
void pr_accessible_hide_stack_pages (GtkStack *stack);
void pr_accessible_name_stack_child (GtkWidget *child, const char *name);
void pr_accessible_hide_classes (GtkWidget *widget);
void pr_accessible_name_toasts (AdwToastOverlay *overlay);
void pr_accessible_name_expander (AdwExpanderRow *row);

G_END_DECLS
