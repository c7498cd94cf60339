/* SPDX-License-Identifier: GPL-3.0-or-later */

/* From an email address to the servers in a form: a well-known provider, a domain that says where
 * its mail is, and one that does not. */

#include "ui-harness.h"

#include "pr-choice-row.h"
#include "pr-new-profile-dialog.h"
#include "pr-profile-form.h"
#include "ui-resolver.h"

typedef struct
{
  UiResolver *resolver;
  PrWindow *window;
  PrPage *page;
  GtkWindow *dialog;
} PrAddressTest;

static void
set_up (PrAddressTest *test, const char *page)
{
  test->resolver = ui_resolver_start ();
  ui_resolver_publish (test->resolver, "_pop3s._tcp.example.test", "pop.example.test", 995);
  ui_resolver_publish (test->resolver, "_submission._tcp.example.test", "mail.elsewhere.test", 587);
  ui_new_data_dir ();
  test->window = ui_open_window ();
  test->page = ui_show_page (test->window, page);
}

static void
tear_down (PrAddressTest *test)
{
  ui_close_window (test->window);
  ui_resolver_stop (test->resolver);
}

static void
type_address (PrAddressTest *test, const char *address)
{
  ui_activate (test->page, "profile.new", NULL);
  ui_settle ();
  test->dialog = ui_find_dialog (PR_TYPE_NEW_PROFILE_DIALOG);
  g_assert_nonnull (test->dialog);
  gtk_editable_set_text (ui_child (test->dialog, PR_TYPE_NEW_PROFILE_DIALOG, "address_row"),
                         address);
}

static gboolean
is_asked (gpointer data)
{
  return ui_is_enabled (data, "new-profile.address");
}

static char *
get_form_text (PrAddressTest *test, const char *field)
{
  GtkWidget *form;
  GtkWidget *row;

  ui_settle ();
  form = ui_find_type (GTK_WIDGET (test->page), PR_TYPE_PROFILE_FORM);
  g_assert_nonnull (form);
  row = ui_find_name (form, field);
  g_assert_nonnull (row);
  return g_strdup (gtk_editable_get_text (GTK_EDITABLE (row)));
}

static void
test_known (void)
{
  PrAddressTest test;
  g_autofree char *host = NULL;

  set_up (&test, "profiles");
  type_address (&test, "not yet");
  g_assert_false (ui_is_enabled (test.dialog, "new-profile.address"));
  g_assert_cmpstr (gtk_widget_get_tooltip_text (
                       ui_child (test.dialog, PR_TYPE_NEW_PROFILE_DIALOG, "continue_button")),
                   ==, "Possible with an email address such as support@example.org");
  gtk_editable_set_text (ui_child (test.dialog, PR_TYPE_NEW_PROFILE_DIALOG, "address_row"),
                         "a@gmx.net");
  g_assert_true (ui_has_text (GTK_WIDGET (test.dialog), "pop.gmx.net, port 995, SSL/TLS"));
  ui_activate (test.dialog, "new-profile.address", NULL);
  host = get_form_text (&test, "incoming-location");
  g_assert_cmpstr (host, ==, "pop.gmx.net");
  tear_down (&test);
}

/* What a domain says is shown before it is used. */
static void
test_domain (void)
{
  PrAddressTest test;
  g_autofree char *incoming = NULL;
  g_autofree char *outgoing = NULL;
  g_autofree char *port = NULL;

  set_up (&test, "profiles");
  type_address (&test, "a@example.test");
  ui_activate (test.dialog, "new-profile.address", NULL);
  g_assert_true (ui_has_text (GTK_WIDGET (test.dialog), "Asking example.test"));
  ui_assert_wait (is_asked, test.dialog);
  ui_check_names (GTK_WIDGET (test.dialog));
  g_assert_true (ui_has_text (GTK_WIDGET (test.dialog), "pop.example.test, port 995, SSL/TLS"));
  g_assert_true (ui_has_text (GTK_WIDGET (test.dialog), "mail.elsewhere.test, port 587, STARTTLS"));
  g_assert_true (ui_has_text (GTK_WIDGET (test.dialog), "make sure that these servers"));
  ui_activate (test.dialog, "new-profile.address", NULL);
  incoming = get_form_text (&test, "incoming-location");
  outgoing = get_form_text (&test, "outgoing-location");
  port = get_form_text (&test, "outgoing-port");
  g_assert_cmpstr (incoming, ==, "pop.example.test");
  g_assert_cmpstr (outgoing, ==, "mail.elsewhere.test");
  g_assert_cmpstr (port, ==, "587");
  tear_down (&test);
}

static void
test_unknown (void)
{
  PrAddressTest test;
  g_autofree char *host = NULL;
  g_autofree char *name = NULL;

  set_up (&test, "profiles");
  type_address (&test, "a@nothing.test");
  ui_activate (test.dialog, "new-profile.address", NULL);
  ui_assert_wait (is_asked, test.dialog);
  g_assert_true (ui_has_text (GTK_WIDGET (test.dialog), "Type its servers in the form."));
  ui_activate (test.dialog, "new-profile.address", NULL);
  host = get_form_text (&test, "incoming-location");
  name = get_form_text (&test, "name");
  g_assert_cmpstr (host, ==, "");
  g_assert_cmpstr (name, ==, "nothing.test");
  tear_down (&test);
}

/* Closed while the domain is being asked. */
static void
test_close (void)
{
  PrAddressTest test;

  set_up (&test, "profiles");
  type_address (&test, "a@example.test");
  ui_activate (test.dialog, "new-profile.address", NULL);
  gtk_window_close (test.dialog);
  ui_settle ();
  g_assert_null (ui_find_dialog (PR_TYPE_NEW_PROFILE_DIALOG));
  tear_down (&test);
}

static gboolean
has_host (gpointer data)
{
  return g_str_equal (gtk_editable_get_text (GTK_EDITABLE (ui_find_name (data, "host"))),
                      "pop.example.test");
}

/* The analyzer fills in the one that speaks the chosen protocol. */
static void
test_analyzer (void)
{
  PrAddressTest test;
  GtkWidget *page, *find;

  set_up (&test, "analyzer");
  page = GTK_WIDGET (test.page);
  find = ui_child (page, g_type_from_name ("PrAnalyzerPage"), "find_row");
  gtk_editable_set_text (GTK_EDITABLE (find), "a@example.test");
  g_signal_emit_by_name (find, "apply");
  ui_assert_wait (has_host, page);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (ui_find_name (page, "port"))), ==, "995");
  pr_choice_row_set_value (PR_CHOICE_ROW (ui_find_name (page, "protocol")), PR_PROTOCOL_SMTP);
  ui_settle ();
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (ui_find_name (page, "host"))), ==,
                   "mail.elsewhere.test");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (ui_find_name (page, "port"))), ==, "587");
  tear_down (&test);
}

int
main (int argc, char **argv)
{
  ui_init (&argc, &argv);
  g_test_add_func ("/ui/new-profile/known", test_known);
  g_test_add_func ("/ui/new-profile/domain", test_domain);
  g_test_add_func ("/ui/new-profile/unknown", test_unknown);
  g_test_add_func ("/ui/new-profile/close", test_close);
  g_test_add_func ("/ui/new-profile/analyzer", test_analyzer);
  return ui_run ();
}
