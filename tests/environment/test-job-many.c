/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A job of many mailboxes does its work by and by, so that a window in the same thread can be drawn
 * meanwhile; and it can be given up at any moment, also before it has begun. */

#include "env-fixture.h"

#define N_MAILBOXES 400
#define MOST_PER_TURN 300 /* of anything that a job tells in one turn of the main loop */

typedef struct
{
  PrEnvFixture env;
  PrServerProfile *profile;
  GCancellable *cancellable;
  PrTestSummary summary;
  guint cancel_after; /* events; 0: never */
  guint n_queued;
  guint n_started;
  guint n_reports;
  guint n_events;
  guint n_this_turn;
  guint most_per_turn;
} Fixture;

/* No server is asked: nothing listens, and nothing is approved. */
static void
fixture_init (Fixture *self, gboolean approved)
{
  g_autoptr (GError) error = NULL;

  *self = (Fixture){ .n_queued = 0 };
  env_fixture_init (&self->env);
  self->cancellable = g_cancellable_new ();
  self->profile = env_new_profile ("Many");
  env_set (self->profile, "incoming-location", "localhost");
  env_set (self->profile, "outgoing-location", "localhost");
  env_set (self->profile, "incoming-port", "1");
  env_set (self->profile, "outgoing-port", "1");
  env_set (self->profile, "is-default", "yes");
  g_assert_true (env_save_profile (&self->env, self->profile, &error));
  for (guint i = 0; i < N_MAILBOXES; i++)
    {
      g_autofree char *address = g_strdup_printf ("box%u@example.org", i);

      g_object_unref (env_add_mailbox (&self->env, address, "allow-credentials", "yes", NULL));
    }
  if (approved)
    env_command (&self->env, pr_selection_new_all (), PR_MAILBOX_COMMAND_APPROVE, &(guint){ 0 },
                 &error);
  g_assert_no_error (error);
}

static void
fixture_clear (Fixture *self)
{
  g_object_unref (self->cancellable);
  g_object_unref (self->profile);
  env_fixture_clear (&self->env);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_clear)

static void
count_event (Fixture *self)
{
  self->n_this_turn++;
  self->most_per_turn = MAX (self->most_per_turn, self->n_this_turn);
  if (++self->n_events == self->cancel_after)
    g_cancellable_cancel (self->cancellable);
}

static void
on_queued (PrEnvironment *environment, gint64 id, PrDirection direction, gpointer user_data)
{
  Fixture *self = user_data;

  g_assert_cmpuint (self->n_started, ==, 0);
  self->n_queued++;
  count_event (self);
}

static void
on_started (PrEnvironment *environment, guint n_tests, gpointer user_data)
{
  Fixture *self = user_data;

  g_assert_cmpuint (n_tests, ==, self->n_queued);
  self->n_started++;
}

static void
on_report (PrEnvironment *environment, gint64 id, PrReport *report, gpointer user_data)
{
  Fixture *self = user_data;

  self->n_reports++;
  count_event (self);
}

static void
run (Fixture *self)
{
  const PrTestEvents events = {
    .started = on_started,
    .report = on_report,
    .queued = on_queued,
  };
  g_autoptr (PrSelection) all = pr_selection_new_all ();
  g_auto (PrEnvWait) wait = { NULL };
  g_autoptr (GError) error = NULL;

  pr_environment_test_async (self->env.environment, all, &pr_test_options_default, &events, self,
                             self->cancellable, env_ready, &wait);
  while (wait.result == NULL)
    {
      self->n_this_turn = 0;
      g_main_context_iteration (NULL, TRUE);
    }
  g_assert_true (
      pr_environment_test_finish (self->env.environment, wait.result, &self->summary, &error));
  g_assert_no_error (error);
}

/* All of them fail without a packet. */
static void
test_prechecks (void)
{
  g_auto (Fixture) self;

  fixture_init (&self, FALSE);
  run (&self);
  g_assert_cmpuint (self.n_queued, ==, 2 * N_MAILBOXES);
  g_assert_cmpuint (self.n_started, ==, 1);
  g_assert_cmpuint (self.n_reports, ==, 2 * N_MAILBOXES);
  g_assert_cmpuint (self.summary.n_failure, ==, 2 * N_MAILBOXES);
  g_assert_cmpuint (self.most_per_turn, <=, MOST_PER_TURN);
}

/* All of them wait for their turn, and have no password. */
static void
test_queue (void)
{
  g_auto (Fixture) self;

  fixture_init (&self, TRUE);
  run (&self);
  g_assert_cmpuint (self.n_reports, ==, 2 * N_MAILBOXES);
  g_assert_cmpuint (self.most_per_turn, <=, MOST_PER_TURN);
}

/* All of them log in with the same credentials: what one meets is every other's result, too. */
static void
test_shared (void)
{
  static const PrDirection directions[] = { PR_DIRECTION_INCOMING, PR_DIRECTION_OUTGOING };
  g_auto (Fixture) self;
  g_autoptr (GError) error = NULL;

  fixture_init (&self, TRUE);
  env_set (self.profile, "incoming-authentication", "profile");
  env_set (self.profile, "outgoing-authentication", "profile");
  env_set (self.profile, "incoming-username", "all");
  env_set (self.profile, "outgoing-username", "all");
  g_assert_true (env_save_profile (&self.env, self.profile, &error));
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (directions); i++)
    g_assert_true (
        env_set_profile_password (&self.env, self.profile, directions[i], "open sesame", &error));
  run (&self);
  g_assert_cmpuint (self.n_reports, ==, 2 * N_MAILBOXES);
  g_assert_cmpuint (self.summary.n_failure, ==, 2 * N_MAILBOXES);
  g_assert_cmpuint (self.most_per_turn, <=, MOST_PER_TURN);
}

/* Whenever it is given up, each test that was queued ends once, and nothing is left behind. */
static void
test_cancel (gconstpointer data)
{
  static const guint moments[] = { 1, 130, 400, 2 * N_MAILBOXES, 2 * N_MAILBOXES + 100 };

  for (guint i = 0; i < G_N_ELEMENTS (moments); i++)
    {
      g_auto (Fixture) self;

      fixture_init (&self, GPOINTER_TO_INT (data));
      self.cancel_after = moments[i];
      run (&self);
      g_assert_cmpuint (self.n_reports, ==, self.n_queued);
      /* Later all may have ended before the first of them was stored and told. */
      if (moments[i] <= 2 * N_MAILBOXES)
        g_assert_cmpuint (self.summary.n_cancelled, >, 0);
      g_assert_cmpuint (self.summary.n_success + self.summary.n_failure + self.summary.n_cancelled
                            + self.summary.n_skipped + self.summary.n_not_run,
                        ==, self.n_queued);
      g_assert_cmpuint (self.most_per_turn, <=, MOST_PER_TURN);
    }
}

static void
test_cancelled_before (void)
{
  g_auto (Fixture) self;
  const PrTestEvents events = { .report = on_report };
  g_autoptr (PrSelection) all = pr_selection_new_all ();
  g_auto (PrEnvWait) wait = { NULL };
  g_autoptr (GError) error = NULL;

  fixture_init (&self, TRUE);
  g_cancellable_cancel (self.cancellable);
  pr_environment_test_async (self.env.environment, all, &pr_test_options_default, &events, &self,
                             self.cancellable, env_ready, &wait);
  pr_environment_test_finish (self.env.environment, env_wait (&wait), &self.summary, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (self.n_reports, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/job-many/prechecks", test_prechecks);
  g_test_add_func ("/job-many/queue", test_queue);
  g_test_add_func ("/job-many/shared", test_shared);
  g_test_add_data_func ("/job-many/cancel-prechecks", GINT_TO_POINTER (FALSE), test_cancel);
  g_test_add_data_func ("/job-many/cancel-queue", GINT_TO_POINTER (TRUE), test_cancel);
  g_test_add_func ("/job-many/cancelled-before", test_cancelled_before);
  return g_test_run ();
}
