/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The window itself: it opens an environment, has its pages, and goes away whole. */

#include "pr-banner.h"
#include "pr-mailboxes-page-private.h"
#include "ui-harness.h"

static const char *const pages[] = { "overview",  "profiles", "settings",
                                     "mailboxes", "alerts",   "analyzer" };

static void
test_open (void)
{
  PrWindow *window = ui_open_window ();

  g_assert_cmpstr (pr_environment_get_name (pr_window_get_environment (window)), ==, "Default");
  g_assert_nonnull (ui_find_label (GTK_WIDGET (window), "Default"));
  ui_close_window (window);
}

static void
test_pages (void)
{
  PrWindow *window = ui_open_window ();

  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      PrPage *page = ui_show_page (window, pages[i]);

      g_assert_true (gtk_widget_get_mapped (GTK_WIDGET (page)));
      g_assert_true (pr_page_get_environment (page) == pr_window_get_environment (window));
      g_assert_true (pr_page_is_writable (page));
      ui_check_names (GTK_WIDGET (window));
      ui_check_tab_chain (GTK_WINDOW (window));
    }
  ui_close_window (window);
}

static guint
count_menus (GtkWidget *root)
{
  guint n =
      GTK_IS_MENU_BUTTON (root) && gtk_menu_button_get_popover (GTK_MENU_BUTTON (root)) != NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    n += count_menus (child);
  return n;
}

static GtkWidget *
find_menu_button (GtkWidget *root)
{
  GtkWidget *found = GTK_IS_MENU_BUTTON (root) && gtk_widget_get_mapped (root) ? root : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (root); found == NULL && child != NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_menu_button (child);
  return found;
}

/* What most people never open is not made: menus, the form of a mailbox, the list of shortcuts. */
static void
test_lazy (void)
{
  PrWindow *window = ui_open_window ();
  GtkWidget *page, *button;

  g_assert_null (gtk_application_window_get_help_overlay (GTK_APPLICATION_WINDOW (window)));
  page = GTK_WIDGET (ui_show_page (window, "mailboxes"));
  g_assert_null (PR_MAILBOXES_PAGE (page)->form);
  g_assert_cmpuint (count_menus (GTK_WIDGET (window)), ==, 0);
  button = find_menu_button (page);
  gtk_menu_button_popup (GTK_MENU_BUTTON (button));
  ui_settle ();
  g_assert_cmpuint (count_menus (GTK_WIDGET (window)), ==, 1);
  g_assert_true (
      gtk_widget_get_visible (GTK_WIDGET (gtk_menu_button_get_popover (GTK_MENU_BUTTON (button)))));
  gtk_menu_button_popdown (GTK_MENU_BUTTON (button));
  ui_activate (page, "mailboxes.new", NULL);
  g_assert_nonnull (PR_MAILBOXES_PAGE (page)->form);
  ui_activate (PR_MAILBOXES_PAGE (page)->form, "form.back", NULL);
  ui_close_window (window);
}

static void
test_sidebar (void)
{
  PrWindow *window = ui_open_window ();
  gboolean shown;

  ui_activate (window, "win.toggle-sidebar", NULL);
  ui_settle ();
  g_object_get (window, "show-sidebar", &shown, NULL);
  g_assert_false (shown);
  ui_activate (window, "win.toggle-sidebar", NULL);
  ui_close_window (window);
}

static gboolean
is_failing (gpointer data)
{
  return ui_has_text (data, "There is no environment “Nowhere”");
}

static void
test_no_environment (void)
{
  PrWindow *window = ui_open_window ();

  pr_window_open_environment (window, "Nowhere");
  ui_assert_wait (is_failing, window);
  g_assert_null (pr_window_get_environment (window));
  ui_check_names (GTK_WIDGET (window));
  ui_close_window (window);
}

static void
test_narrow (void)
{
  PrWindow *window = ui_open_window_sized (360, 640);

  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      ui_show_page (window, pages[i]);
      ui_explain_width (GTK_WIDGET (window), 360);
      g_assert_cmpint (gtk_widget_get_width (GTK_WIDGET (window)), <=, 362);
    }
  ui_close_window (window);
}

/* The keys that show a page bring the focus into it, past header and banner. */
static void
test_focus (void)
{
  PrWindow *window = ui_open_window ();

  pr_window_set_banner (window, "This is a banner", "_Leave", "win.preferences");
  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      GtkWidget *focus;

      ui_activate (window, "win.show-page", pages[i]);
      ui_settle ();
      focus = gtk_root_get_focus (GTK_ROOT (window));
      g_assert_nonnull (focus);
      g_assert_true (
          gtk_widget_is_ancestor (focus, GTK_WIDGET (pr_window_get_page (window, pages[i]))));
      g_assert_null (gtk_widget_get_ancestor (focus, ADW_TYPE_HEADER_BAR));
      g_assert_null (gtk_widget_get_ancestor (focus, PR_TYPE_BANNER));
    }
  ui_close_window (window);
}

int
main (int argc, char **argv)
{
  ui_init (&argc, &argv);
  g_test_add_func ("/ui/window/open", test_open);
  g_test_add_func ("/ui/window/pages", test_pages);
  g_test_add_func ("/ui/window/lazy", test_lazy);
  g_test_add_func ("/ui/window/sidebar", test_sidebar);
  g_test_add_func ("/ui/window/no-environment", test_no_environment);
  g_test_add_func ("/ui/window/narrow", test_narrow);
  g_test_add_func ("/ui/window/focus", test_focus);
  return ui_run ();
}
