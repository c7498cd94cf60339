/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Mail that comes through a forward mailbox: nobody logs in to the mailbox that it is forwarded
 * from; the forward mailbox itself is fetched, and tested. */

#include "env-fixture.h"

#include "pr-report-text.h"

#include <string.h>

#define FORWARDED "paula@example.org"
#define SINK "sink@example.org"

typedef struct
{
  PrEnvFixture env;
  GPtrArray *reports;
  PrTestSummary summary;
} Fixture;

/* On a profile whose servers do not answer: whatever is tried fails. */
static void
fixture_init (Fixture *self)
{
  g_autoptr (PrServerProfile) profile = env_new_profile ("Example mail");
  g_autoptr (GError) error = NULL;

  env_fixture_init (&self->env);
  self->reports = g_ptr_array_new_with_free_func ((GDestroyNotify) pr_report_unref);
  env_set (profile, "incoming-location", "localhost");
  env_set (profile, "outgoing-location", "localhost");
  env_set (profile, "incoming-port", "1");
  env_set (profile, "outgoing-port", "1");
  env_set (profile, "is-default", "yes");
  env_save_profile (&self->env, profile, &error);
  g_assert_no_error (error);
}

static void
fixture_clear (Fixture *self)
{
  g_ptr_array_unref (self->reports);
  env_fixture_clear (&self->env);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_clear)

static void
on_report (PrEnvironment *environment, gint64 mailbox_id, PrReport *report, gpointer user_data)
{
  Fixture *self = user_data;

  g_ptr_array_add (self->reports, pr_report_ref (report));
}

static void
add (Fixture *self, const char *address, const char *kind, const char *outgoing)
{
  g_autoptr (PrMailbox) mailbox =
      env_add_mailbox (&self->env, address, "kind", kind, "incoming", "forward", "outgoing",
                       outgoing, "allow-credentials", "yes", NULL);
  g_autoptr (GError) error = NULL;

  env_set_mailbox_password (&self->env, mailbox, "pw", &error);
  g_assert_no_error (error);
  env_command (&self->env, pr_selection_new_all (), PR_MAILBOX_COMMAND_APPROVE, &(guint){ 0 },
               &error);
  g_assert_no_error (error);
}

static void
run (Fixture *self)
{
  const PrTestEvents events = { .report = on_report };
  g_autoptr (PrSelection) all = pr_selection_new_all ();
  g_auto (PrEnvWait) wait = { NULL };
  g_autoptr (GError) error = NULL;

  pr_environment_test_async (self->env.environment, all, &pr_test_options_default, &events, self,
                             NULL, env_ready, &wait);
  pr_environment_test_finish (self->env.environment, env_wait (&wait), &self->summary, &error);
  g_assert_no_error (error);
}

/* No packet, no status, no alert; the report says why. */
static void
test_forwarded (void)
{
  g_auto (Fixture) self = { .reports = NULL };
  g_autoptr (GPtrArray) alerts = NULL;
  g_autofree char *status = NULL, *summary = NULL, *remedy = NULL;
  const PrReport *report;

  fixture_init (&self);
  add (&self, FORWARDED, "user", "none");
  run (&self);
  g_assert_cmpuint (self.summary.n_skipped, ==, 2);
  g_assert_cmpuint (self.summary.n_failure, ==, 0);
  report = g_ptr_array_index (self.reports, 0);
  g_assert_cmpint (report->direction, ==, PR_DIRECTION_INCOMING);
  g_assert_cmpint (report->code, ==, PR_CODE_MAILBOX_DIRECTION_NONE);
  summary = pr_report_text_get_summary (report);
  remedy = pr_report_text_get_remedy (report);
  g_assert_cmpstr (summary, ==,
                   "Nothing was tested for the incoming email of " FORWARDED
                   ": it comes through a forward mailbox, which is tested by itself.");
  g_assert_true (g_str_has_prefix (remedy, "Test the forward mailbox"));
  status = env_get_field (&self.env, FORWARDED, "incoming-status");
  g_assert_cmpstr (status, ==, "not-run");
  alerts = env_list_alerts (&self.env, NULL);
  g_assert_cmpuint (alerts->len, ==, 0);
}

/* Sending is tested as ever. */
static void
test_sends (void)
{
  g_auto (Fixture) self = { .reports = NULL };

  fixture_init (&self);
  add (&self, FORWARDED, "queue", "server-side");
  run (&self);
  g_assert_cmpuint (self.summary.n_skipped, ==, 1);
  g_assert_cmpuint (self.summary.n_failure, ==, 1);
}

static void
test_forward_mailbox (void)
{
  g_auto (Fixture) self = { .reports = NULL };
  g_autofree char *status = NULL;

  fixture_init (&self);
  add (&self, SINK, "forward", "none");
  run (&self);
  g_assert_cmpuint (self.summary.n_failure, ==, 1);
  status = env_get_field (&self.env, SINK, "incoming-status");
  g_assert_cmpstr (status, ==, "failure");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/forward/forwarded", test_forwarded);
  g_test_add_func ("/forward/sends", test_sends);
  g_test_add_func ("/forward/forward-mailbox", test_forward_mailbox);
  return g_test_run ();
}
