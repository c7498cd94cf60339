/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Pictures of every page, of the running program in the practice environment:
 * screenshots FOLDER [--width W] [--height H] [--rtl] [--only NAME]. tools/screenshots runs it. */

#include "ui-harness.h"

#include "pr-practice.h"

#include <stdlib.h>

typedef struct
{
  char *folder;
  char *only;
  int width;
  int height;
  gboolean rtl;
} PrShots;

static PrShots shots = { NULL, NULL, 1040, 720, FALSE };
static int failures;

static void
shoot (GtkWidget *widget, const char *name)
{
  g_autofree char *file = g_strconcat (name, ".png", NULL);
  g_autofree char *path = g_build_filename (shots.folder, file, NULL);

  if (shots.only != NULL && !g_str_equal (shots.only, name))
    return;
  ui_settle ();
  if (!ui_screenshot (widget, path))
    {
      g_printerr ("screenshots: %s was not drawn\n", name);
      failures++;
    }
}

static void
shoot_dialog (GType type, const char *name)
{
  GtkWindow *dialog;

  ui_settle ();
  dialog = ui_find_dialog (type);
  if (dialog == NULL)
    {
      g_printerr ("screenshots: no dialog for %s\n", name);
      failures++;
      return;
    }
  shoot (GTK_WIDGET (dialog), name);
  gtk_window_destroy (dialog);
  ui_settle ();
}

/* --- What is on the pictures ------------------------------------------------------------------ */

static gboolean
is_job_over (gpointer data)
{
  return !pr_window_job_is_running (data);
}

static void
test_everything (PrWindow *window)
{
  g_autoptr (PrSelection) all = pr_selection_new_all ();
  PrWindowJob *job = pr_window_start_job (window, "All mailboxes", all, &pr_test_options_default);

  g_assert_nonnull (job);
  ui_assert_wait (is_job_over, job);
  ui_settle ();
}

static void
shoot_first_use (PrWindow *window)
{
  static const char *const pages[] = { "overview",  "profiles", "settings",
                                       "mailboxes", "alerts",   "analyzer" };

  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      g_autofree char *name = g_strconcat ("empty-", pages[i], NULL);

      ui_show_page (window, pages[i]);
      shoot (GTK_WIDGET (window), name);
    }
}

static void
shoot_profiles (PrWindow *window)
{
  PrPage *page = ui_show_page (window, "profiles");
  GtkWidget *form;

  shoot (GTK_WIDGET (window), "profiles");
  gtk_widget_activate_action (GTK_WIDGET (page), "profile.new", NULL);
  shoot_dialog (g_type_from_name ("PrNewProfileDialog"), "profiles-new");
  gtk_widget_activate_action (GTK_WIDGET (page), "profile.edit", "x", (gint64) 1);
  shoot (GTK_WIDGET (window), "profiles-form");
  form = ui_find_type (GTK_WIDGET (page), g_type_from_name ("PrProfileForm"));
  ui_scroll_to (form, 0.5);
  shoot (GTK_WIDGET (window), "profiles-form-middle");
  ui_scroll_to (form, 1.0);
  shoot (GTK_WIDGET (window), "profiles-form-end");
  gtk_widget_activate_action (form, "form.back", NULL);
  gtk_widget_activate_action (GTK_WIDGET (page), "profile.test", "x", (gint64) 1);
  for (guint i = 0; i < 10; i++)
    ui_settle ();
  shoot_dialog (g_type_from_name ("PrConnectionTest"), "profiles-test");
}

static void
shoot_pages (PrWindow *window)
{
  static const char *const pages[] = { "overview", "settings", "mailboxes", "alerts", "analyzer" };

  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      ui_show_page (window, pages[i]);
      shoot (GTK_WIDGET (window), pages[i]);
    }
}

static gboolean
is_ready (gpointer data)
{
  return *(gpointer *) data != NULL;
}

static void
on_practice_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  *(PrPractice **) user_data = pr_practice_open_finish (result, &error);
  g_assert_no_error (error);
}

static void
take_all (void)
{
  PrWindow *window = ui_open_window_sized (shots.width, shots.height);
  PrPractice *practice = NULL;

  shoot_first_use (window);
  pr_practice_open_async (NULL, on_practice_opened, &practice);
  ui_assert_wait (is_ready, &practice);
  pr_window_set_environment (window, pr_practice_get_environment (practice));
  test_everything (window);
  shoot_pages (window);
  shoot_profiles (window);
  ui_close_window (window);
  pr_practice_free (practice);
}

int
main (int argc, char **argv)
{
  const GOptionEntry entries[] = {
    { "width", 0, 0, G_OPTION_ARG_INT, &shots.width, "Width of the window", "PIXELS" },
    { "height", 0, 0, G_OPTION_ARG_INT, &shots.height, "Height of the window", "PIXELS" },
    { "rtl", 0, 0, G_OPTION_ARG_NONE, &shots.rtl, "From right to left", NULL },
    { "only", 0, 0, G_OPTION_ARG_STRING, &shots.only, "One picture alone", "NAME" },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("FOLDER");
  g_autoptr (GError) error = NULL;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || argc != 2)
    {
      g_printerr ("screenshots: %s\n", error != NULL ? error->message : "one folder is needed");
      return EXIT_FAILURE;
    }
  shots.folder = argv[1];
  argc = 1;
  ui_init (&argc, &argv);
  if (shots.rtl)
    gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
  take_all ();
  ui_end ();
  return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
