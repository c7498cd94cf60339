/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-window.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* Tests of the real window, in its process: they act by way of actions and of the widgets that
 * a person would use, and wait, bounded, for what a person would see. */

typedef gboolean (*UiCondition) (gpointer data);

#define UI_TIMEOUT_MS 20000

void ui_init (int *argc, char ***argv);
int ui_run (void);
void ui_end (void);

PrApplication *ui_get_application (void);
const char *ui_get_data_dir (void);
void ui_new_data_dir (void);

PrWindow *ui_open_window (void);
PrWindow *ui_open_window_sized (int width, int height);
void ui_close_window (PrWindow *window);
PrPage *ui_show_page (PrWindow *window, const char *name);

gboolean ui_wait_for (UiCondition condition, gpointer data, guint timeout_ms);
#define ui_assert_wait(condition, data)                                                            \
  g_assert_true (ui_wait_for ((UiCondition) (condition), (data), UI_TIMEOUT_MS))
void ui_settle (void);

GtkWidget *ui_find_type (GtkWidget *root, GType type);
GtkWidget *ui_find_name (GtkWidget *root, const char *name);
GtkWidget *ui_find_label (GtkWidget *root, const char *text);
gboolean ui_has_text (GtkWidget *root, const char *part);
void ui_wait_until_said (GtkWidget *root, GType type, const char *part);
GtkWindow *ui_find_dialog (GType type);
gpointer ui_child (gpointer widget, GType type, const char *id);
void ui_activate (gpointer widget, const char *action, const char *parameter);
gboolean ui_is_enabled (gpointer widget, const char *action);
void ui_scroll_to (GtkWidget *root, double fraction);
void ui_check_names (GtkWidget *root);
void ui_check_tab_chain (GtkWindow *window);
void ui_check_width (gpointer widget);
void ui_explain_width (GtkWidget *root, int width);

gboolean ui_screenshot (GtkWidget *widget, const char *path);

G_END_DECLS
