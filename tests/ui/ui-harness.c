/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the tests of the window share. Every wait is bounded. */

#include "ui-harness.h"

#include "tests/keep-folder.h"

#include "ui-notifier.h"
#include "ui-threads.h"

#include "ui-leaks.h"

#include <glib/gstdio.h>
#include <gtk/gtk.h>
#include <string.h>

static PrApplication *application;
static char *data_dir;

/* --- Waiting ---------------------------------------------------------------------------------- */

static gboolean
on_timeout (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

/* Runs the main loop until @condition holds; FALSE when it did not within @timeout_ms. */
gboolean
ui_wait_for (UiCondition condition, gpointer data, guint timeout_ms)
{
  gboolean timed_out = FALSE;
  guint id = g_timeout_add (timeout_ms, on_timeout, &timed_out);

  while (!condition (data) && !timed_out)
    g_main_context_iteration (NULL, TRUE);
  if (!timed_out)
    g_source_remove (id);
  return condition (data);
}

/* Lets what is under way in the main loop come to rest: layout, idle handlers, short timeouts. */
void
ui_settle (void)
{
  for (guint i = 0; i < 4; i++)
    {
      gboolean timed_out = FALSE;

      g_timeout_add (20, on_timeout, &timed_out);
      while (!timed_out)
        g_main_context_iteration (NULL, TRUE);
    }
}

/* --- The application -------------------------------------------------------------------------- */

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
        remove_tree (child);
      else
        g_remove (child);
    }
  g_rmdir (path);
}

static void
drop_data_dir (void)
{
  if (!keep_folder (data_dir))
    remove_tree (data_dir);
}

/* From now on windows open environments of an empty folder. */
void
ui_new_data_dir (void)
{
  if (data_dir != NULL)
    drop_data_dir ();
  g_free (data_dir);
  data_dir = g_dir_make_tmp ("postroom-ui-XXXXXX", NULL);
  g_assert_nonnull (data_dir);
  pr_application_set_data_dir (application, data_dir);
}

void
ui_init (int *argc, char ***argv)
{
  g_autoptr (GError) error = NULL;

  ui_keep_what_glib_has ();
  /* Makes every warning and every critical fatal, too. */
  gtk_test_init (argc, argv, NULL);
  application = pr_application_new ("io.github.postroom.Postroom.Test", G_APPLICATION_NON_UNIQUE);
  ui_new_data_dir ();
  ui_threads_watch ();
  g_application_register (G_APPLICATION (application), NULL, &error);
  g_assert_no_error (error);
  g_application_hold (G_APPLICATION (application));
  ui_notifier_start ();
}

void
ui_end (void)
{
  ui_notifier_stop ();
  g_application_release (G_APPLICATION (application));
  g_application_quit (G_APPLICATION (application));
  ui_settle ();
  g_clear_object (&application);
  drop_data_dir ();
  g_clear_pointer (&data_dir, g_free);
}

int
ui_run (void)
{
  int status = g_test_run ();

  ui_end ();
  return status;
}

PrApplication *
ui_get_application (void)
{
  return application;
}

const char *
ui_get_data_dir (void)
{
  return data_dir;
}

/* --- The window ------------------------------------------------------------------------------- */

static gboolean
is_ready (gpointer data)
{
  return pr_window_get_environment (data) != NULL && gtk_widget_get_mapped (data)
         && gtk_widget_get_width (data) > 0;
}

PrWindow *
ui_open_window_sized (int width, int height)
{
  PrWindow *window = pr_window_new (application);

  gtk_window_set_default_size (GTK_WINDOW (window), width, height);
  pr_window_open_environment (window, NULL);
  gtk_window_present (GTK_WINDOW (window));
  ui_assert_wait (is_ready, window);
  ui_settle ();
  return window;
}

PrWindow *
ui_open_window (void)
{
  return ui_open_window_sized (1040, 720);
}

static gboolean
is_gone (gpointer data)
{
  return *(gpointer *) data == NULL;
}

/* Fails when something keeps the window alive. */
void
ui_close_window (PrWindow *window)
{
  gpointer weak = window;

  g_object_add_weak_pointer (G_OBJECT (window), &weak);
  gtk_window_destroy (GTK_WINDOW (window));
  ui_assert_wait (is_gone, &weak);
}

PrPage *
ui_show_page (PrWindow *window, const char *name)
{
  PrPage *page = pr_window_get_page (window, name);

  g_assert_nonnull (page);
  ui_activate (window, "win.show-page", name);
  ui_settle ();
  g_assert_true (pr_window_get_visible_page (window) == page);
  return page;
}

/* --- Finding ---------------------------------------------------------------------------------- */

GtkWidget *
ui_find_type (GtkWidget *root, GType type)
{
  GtkWidget *child;

  if (G_TYPE_CHECK_INSTANCE_TYPE (root, type) && gtk_widget_get_mapped (root))
    return root;
  for (child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = ui_find_type (child, type);

      if (found != NULL)
        return found;
    }
  return NULL;
}

/* Returns: (nullable): what @widget says, if that is all that it does */
static const char *
get_said (GtkWidget *widget)
{
  if (GTK_IS_LABEL (widget))
    return gtk_label_get_text (GTK_LABEL (widget));
  if (GTK_IS_INSCRIPTION (widget))
    return gtk_inscription_get_text (GTK_INSCRIPTION (widget));
  return NULL;
}

static GtkWidget *
find_text (GtkWidget *root, const char *text, gboolean part)
{
  const char *said = gtk_widget_get_mapped (root) ? get_said (root) : NULL;
  GtkWidget *child;

  if (said != NULL && (part ? strstr (said, text) != NULL : g_str_equal (said, text)))
    return root;
  for (child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_text (child, text, part);

      if (found != NULL)
        return found;
    }
  return NULL;
}

GtkWidget *
ui_find_label (GtkWidget *root, const char *text)
{
  return find_text (root, text, FALSE);
}

/* Whether a label that can be seen has @part in it. */
gboolean
ui_has_text (GtkWidget *root, const char *part)
{
  return find_text (root, part, TRUE) != NULL;
}

/* The widget with that name below @root, seen or not. */
GtkWidget *
ui_find_name (GtkWidget *root, const char *name)
{
  GtkWidget *child;

  if (g_str_equal (gtk_widget_get_name (root), name))
    return root;
  for (child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = ui_find_name (child, name);

      if (found != NULL)
        return found;
    }
  return NULL;
}

/* The window on top that is of @type. */
GtkWindow *
ui_find_dialog (GType type)
{
  GListModel *toplevels = gtk_window_get_toplevels ();
  guint n = g_list_model_get_n_items (toplevels);

  for (guint i = n; i > 0; i--)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (toplevels, i - 1);

      if (G_TYPE_CHECK_INSTANCE_TYPE (window, type) && gtk_widget_get_mapped (GTK_WIDGET (window)))
        return window;
    }
  return NULL;
}

/* A child of the template of @widget's class @type. */
gpointer
ui_child (gpointer widget, GType type, const char *id)
{
  GObject *child = gtk_widget_get_template_child (widget, type, id);

  if (child == NULL)
    g_error ("%s has no child “%s”", g_type_name (type), id);
  return child;
}

void
ui_activate (gpointer widget, const char *action, const char *parameter)
{
  gboolean known = parameter != NULL ? gtk_widget_activate_action (widget, action, "s", parameter)
                                     : gtk_widget_activate_action (widget, action, NULL);

  if (!known)
    g_error ("no action “%s”, or it cannot be used now", action);
}

/* Whether @action can be used now: by asking a throw-away button. */
gboolean
ui_is_enabled (gpointer widget, const char *action)
{
  GtkWidget *probe = gtk_button_new ();
  gboolean enabled;

  gtk_widget_set_parent (probe, widget);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (probe), action);
  enabled = gtk_widget_get_sensitive (probe);
  gtk_widget_unparent (probe);
  return enabled;
}

/* Scrolls what can be scrolled below @root to @fraction of its height. */
void
ui_scroll_to (GtkWidget *root, double fraction)
{
  GtkWidget *scrolled = ui_find_type (root, GTK_TYPE_SCROLLED_WINDOW);
  GtkAdjustment *adjustment;

  g_assert_nonnull (scrolled);
  adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scrolled));
  gtk_adjustment_set_value (adjustment, fraction
                                            * (gtk_adjustment_get_upper (adjustment)
                                               - gtk_adjustment_get_page_size (adjustment)));
  ui_settle ();
}

/* --- Accessibility ---------------------------------------------------------------------------- */

static gboolean
has_name (GtkWidget *widget)
{
  GtkAccessible *accessible = GTK_ACCESSIBLE (widget);

  return gtk_test_accessible_has_property (accessible, GTK_ACCESSIBLE_PROPERTY_LABEL)
         || gtk_test_accessible_has_relation (accessible, GTK_ACCESSIBLE_RELATION_LABELLED_BY)
         || (GTK_IS_BUTTON (widget) && gtk_button_get_label (GTK_BUTTON (widget)) != NULL);
}

static gboolean
needs_name (GtkWidget *widget)
{
  /* The lists inside rows are libadwaita's own; the text inside an entry is named by the entry. */
  if (GTK_IS_LIST_BOX (widget)
      && gtk_widget_get_ancestor (widget, ADW_TYPE_PREFERENCES_ROW) != NULL)
    return FALSE;
  /* A drop-down is named as a whole; its button is GTK's own. */
  if (GTK_IS_TOGGLE_BUTTON (widget) && GTK_IS_DROP_DOWN (gtk_widget_get_parent (widget)))
    return FALSE;
  return gtk_widget_get_focusable (widget) && gtk_widget_get_mapped (widget)
         && (GTK_IS_BUTTON (widget) || GTK_IS_SWITCH (widget) || GTK_IS_MENU_BUTTON (widget)
             || GTK_IS_LIST_BOX (widget) || GTK_IS_LIST_VIEW (widget) || GTK_IS_COLUMN_VIEW (widget)
             || GTK_IS_SPIN_BUTTON (widget) || GTK_IS_DROP_DOWN (widget) || GTK_IS_ENTRY (widget));
}

/* What looks as if it could be used, but cannot. */
static gboolean
needs_reason (GtkWidget *widget)
{
  return GTK_IS_BUTTON (widget) && gtk_widget_get_mapped (widget)
         && !gtk_widget_get_sensitive (widget)
         && gtk_widget_is_sensitive (gtk_widget_get_parent (widget));
}

static gboolean
has_reason (GtkWidget *widget)
{
  GtkAccessible *accessible = GTK_ACCESSIBLE (widget);
  g_autofree char *reason = NULL;

  if (!gtk_test_accessible_has_property (accessible, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION))
    return FALSE;
  /* NULL if it is the same. */
  reason = gtk_test_accessible_check_property (accessible, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "");
  return reason != NULL;
}

/* Everything below @root that can be focused must say what it is, and a button why it cannot be
 * used. */
void
ui_check_names (GtkWidget *root)
{
  GtkWidget *child;

  if (needs_name (root) && !has_name (root))
    {
      const char *tooltip = gtk_widget_get_tooltip_text (root);

      g_test_message ("no accessible name: %s “%s” in %s", G_OBJECT_TYPE_NAME (root),
                      tooltip != NULL ? tooltip : "",
                      G_OBJECT_TYPE_NAME (gtk_widget_get_parent (root)));
      g_test_fail ();
    }
  if (needs_reason (root) && !has_reason (root))
    {
      const char *label = gtk_button_get_label (GTK_BUTTON (root));
      const char *action = gtk_actionable_get_action_name (GTK_ACTIONABLE (root));

      g_test_message ("cannot be used and does not say why: “%s” (%s) in %s",
                      label != NULL ? label : "", action != NULL ? action : "",
                      G_OBJECT_TYPE_NAME (gtk_widget_get_root (root)));
      g_test_fail ();
    }
  for (child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    ui_check_names (child);
}

/* Tab must go through the window and come round again. */
void
ui_check_tab_chain (GtkWindow *window)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  guint n;

  for (n = 0; n < 200; n++)
    {
      GtkWidget *focus;

      g_signal_emit_by_name (window, "move-focus", GTK_DIR_TAB_FORWARD);
      focus = gtk_window_get_focus (window);
      if (focus == NULL || !g_hash_table_add (seen, focus))
        break;
    }
  g_assert_cmpuint (n, <, 200);
  g_assert_cmpuint (n, >, 2);
}

/* Says which widgets want more than @width; for a test that fails. */
void
ui_explain_width (GtkWidget *root, int width)
{
  GtkWidget *child;
  int minimum;

  gtk_widget_measure (root, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  if (minimum <= width)
    return;
  g_test_message ("%s needs %d", G_OBJECT_TYPE_NAME (root), minimum);
  for (child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    ui_explain_width (child, width);
}

/* 360 pixels are enough for it. */
void
ui_check_width (gpointer widget)
{
  int minimum;

  ui_explain_width (widget, 360);
  gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  g_assert_cmpint (minimum, <=, 360);
}

typedef struct
{
  GtkWidget *root;
  GType type;
  const char *part;
} UiSaying;

static gboolean
is_said (gpointer data)
{
  UiSaying *saying = data;
  GtkWidget *root =
      saying->root != NULL ? saying->root : (GtkWidget *) ui_find_dialog (saying->type);

  return root != NULL && ui_has_text (root, saying->part);
}

/* Waits until @root says @part; a dialog of @type, which may not be there yet, if there is none. */
void
ui_wait_until_said (GtkWidget *root, GType type, const char *part)
{
  UiSaying saying = { root, type, part };

  if (!ui_wait_for (is_said, &saying, UI_TIMEOUT_MS))
    g_error ("nobody says “%s”", part);
}

/* --- Pictures --------------------------------------------------------------------------------- */

/* Draws @widget into a PNG with the renderer of its window. */
gboolean
ui_screenshot (GtkWidget *widget, const char *path)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (widget);
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture) texture = NULL;
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height);

  gdk_paintable_snapshot (paintable, snapshot, width, height);
  node = gtk_snapshot_free_to_node (snapshot);
  if (node == NULL)
    return FALSE;
  texture = gsk_renderer_render_texture (gtk_native_get_renderer (gtk_widget_get_native (widget)),
                                         node, &bounds);
  return gdk_texture_save_to_png (texture, path);
}
