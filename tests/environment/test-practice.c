/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Test & Enable against the practice server: real conversations on loopback, from a selection to
 * stored results, alerts, locks, holds and retries. */

#include "env-fixture.h"

#include "pr-practice.h"
#include "pr-range-lock.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct
{
  GHashTable *codes; /* "address/direction" → PrCode */
  PrTestHold *hold;  /* (nullable): the question that was asked */
  int answer;        /* -1: not at once */
  guint n_held;
} PrSeen;

static PrPractice *
open_practice (void)
{
  g_auto (PrEnvWait) result = { NULL };
  g_autoptr (GError) error = NULL;
  PrPractice *practice;

  pr_practice_open_async (NULL, env_ready, &result);
  env_wait (&result);
  practice = pr_practice_open_finish (result.result, &error);
  g_assert_no_error (error);
  return practice;
}

static char *
get_key (const char *address, PrDirection direction)
{
  return g_strdup_printf ("%s/%d", address, (int) direction);
}

static void
on_report (PrEnvironment *environment, gint64 mailbox_id, PrReport *report, gpointer user_data)
{
  PrSeen *seen = user_data;
  int code = report->outcome == PR_OUTCOME_SKIPPED ? -1 : (int) report->code;

  g_hash_table_replace (seen->codes, get_key (report->mailbox, report->direction),
                        GINT_TO_POINTER (code));
}

static void
on_held (PrEnvironment *environment,
         const char *host,
         guint n_waiting,
         PrReport *cause,
         PrTestHold *hold,
         gpointer user_data)
{
  PrSeen *seen = user_data;

  seen->n_held++;
  g_assert_cmpstr (host, ==, "localhost");
  g_assert_cmpuint (n_waiting, >, 0);
  if (seen->answer >= 0)
    pr_test_hold_answer (hold, seen->answer);
  else
    seen->hold = pr_test_hold_ref (hold);
}

static PrTestSummary
test_all (PrEnvironment *environment,
          PrSelection *selection,
          const PrTestOptions *options,
          PrSeen *seen)
{
  const PrTestEvents events = { .report = on_report, .held = on_held };
  g_auto (PrEnvWait) result = { NULL };
  g_autoptr (GError) error = NULL;
  PrTestSummary summary;

  if (seen->codes == NULL)
    seen->codes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  pr_environment_test_async (environment, selection, options, &events, seen, NULL, env_ready,
                             &result);
  env_wait (&result);
  g_assert_true (pr_environment_test_finish (environment, result.result, &summary, &error));
  g_assert_no_error (error);
  return summary;
}

static int
get_code (PrSeen *seen, const char *address, PrDirection direction)
{
  g_autofree char *key = get_key (address, direction);
  gpointer code;

  g_assert_true (g_hash_table_lookup_extended (seen->codes, key, NULL, &code));
  return GPOINTER_TO_INT (code);
}

static void
seen_clear (PrSeen *seen)
{
  g_clear_pointer (&seen->codes, g_hash_table_unref);
}

static GPtrArray *
list_alerts (PrEnvironment *environment)
{
  const PrAlertFilter filter = { .severity = -1 };
  g_auto (PrEnvWait) result = { NULL };
  GPtrArray *alerts;

  pr_environment_list_alerts_async (environment, &filter, NULL, env_ready, &result);
  env_wait (&result);
  alerts = pr_environment_list_alerts_finish (environment, result.result, NULL);
  g_assert_nonnull (alerts);
  return alerts;
}

static guint
count_alerts (PrEnvironment *environment, const char *address, const char *code)
{
  g_autoptr (GPtrArray) alerts = list_alerts (environment);
  guint n = 0;

  for (guint i = 0; i < alerts->len; i++)
    {
      PrAlert *alert = g_ptr_array_index (alerts, i);

      n += g_str_equal (pr_alert_get_text (alert, CODE), code)
           && g_strcmp0 (pr_alert_get_text (alert, MAILBOX_ADDRESS), address) == 0;
    }
  return n;
}

static PrMailbox *
find_mailbox (PrEnvironment *environment, const char *address)
{
  const char *addresses[] = { address, NULL };
  g_autoptr (PrSelection) selection = pr_selection_new_addresses (addresses);
  g_auto (PrEnvWait) result = { NULL };
  g_autoptr (GPtrArray) list = NULL;

  pr_environment_list_mailboxes_async (environment, selection, NULL, env_ready, &result);
  env_wait (&result);
  list = pr_environment_list_mailboxes_finish (environment, result.result, NULL);
  g_assert_cmpuint (list->len, ==, 1);
  return g_object_ref (g_ptr_array_index (list, 0));
}

static void
set_password (PrEnvironment *environment, const char *address, const char *password)
{
  g_autoptr (PrMailbox) mailbox = find_mailbox (environment, address);
  g_autoptr (PrSecret) secret = pr_secret_new (password, -1);
  g_auto (PrEnvWait) result = { NULL };

  pr_environment_set_mailbox_password_async (environment, mailbox, secret, NULL, env_ready,
                                             &result);
  env_wait (&result);
  g_assert_true (pr_environment_set_mailbox_password_finish (environment, result.result, NULL));
}

/* Every mailbox ends as its story says, and the message of those that work has arrived. */
static void
test_stories (void)
{
  g_autoptr (PrPractice) practice = open_practice ();
  PrEnvironment *environment = pr_practice_get_environment (practice);
  g_autoptr (PrSelection) all = pr_selection_new_all ();
  PrTestOptions options = pr_test_options_default;
  PrSeen seen = { .answer = TRUE };
  const PrPracticeExample *examples;
  guint n;

  options.verify_s = 5;
  test_all (environment, all, &options, &seen);
  examples = pr_practice_list_examples (&n);
  for (guint i = 0; i < n; i++)
    {
      g_test_message ("%s", examples[i].address);
      g_assert_cmpint (get_code (&seen, examples[i].address, PR_DIRECTION_INCOMING), ==,
                       examples[i].incoming);
      g_assert_cmpint (get_code (&seen, examples[i].address, PR_DIRECTION_OUTGOING), ==,
                       examples[i].outgoing);
    }
  seen_clear (&seen);
}

/* One fault, one alert; and the success that disproves it closes it. */
static void
test_alerts (void)
{
  g_autoptr (PrPractice) practice = open_practice ();
  PrEnvironment *environment = pr_practice_get_environment (practice);
  const char *addresses[] = { "info@practice.example", "museum@practice.example", NULL };
  g_autoptr (PrSelection) selection = pr_selection_new_addresses (addresses);
  g_autoptr (PrMailbox) mailbox = NULL;
  PrSeen seen = { .answer = TRUE };

  test_all (environment, selection, &pr_test_options_default, &seen);
  /* Both directions of one mailbox are refused for one reason. */
  g_assert_cmpuint (count_alerts (environment, "info@practice.example", "authentication-rejected"),
                    ==, 1);
  /* A certificate is the profile's matter: one alert for each of its two servers. */
  g_assert_cmpuint (count_alerts (environment, "", "certificate-expired"), ==, 2);
  test_all (environment, selection, &pr_test_options_default, &seen);
  g_assert_cmpuint (count_alerts (environment, "", "certificate-expired"), ==, 2);

  set_password (environment, "info@practice.example", PR_PRACTICE_PASSWORD);
  test_all (environment, selection, &pr_test_options_default, &seen);
  g_assert_cmpint (get_code (&seen, "info@practice.example", PR_DIRECTION_INCOMING), ==,
                   PR_CODE_OK);
  g_assert_cmpuint (count_alerts (environment, "info@practice.example", "authentication-rejected"),
                    ==, 0);
  g_assert_cmpuint (count_alerts (environment, "info@practice.example", "ok"), ==, 1);
  mailbox = find_mailbox (environment, "info@practice.example");
  g_assert_true (pr_mailbox_is_enabled (mailbox, PR_DIRECTION_INCOMING));
  g_assert_true (pr_mailbox_is_enabled (mailbox, PR_DIRECTION_OUTGOING));

  /* That everything works is taken back when it does not any more. */
  set_password (environment, "info@practice.example", "wrong again");
  test_all (environment, selection, &pr_test_options_default, &seen);
  g_assert_cmpuint (count_alerts (environment, "info@practice.example", "ok"), ==, 0);
  seen_clear (&seen);
}

/* What may pass is tried again; what cannot is not. */
static void
test_retry (void)
{
  g_autoptr (PrPractice) practice = open_practice ();
  PrEnvironment *environment = pr_practice_get_environment (practice);
  g_autoptr (PrSelection) due = pr_selection_new_all ();
  const char *addresses[] = { "carla@practice.example", "eve@practice.example", NULL };
  g_autoptr (PrSelection) selection = pr_selection_new_addresses (addresses);
  g_autoptr (PrMailbox) carla = NULL;
  g_autoptr (PrMailbox) eve = NULL;
  g_autoptr (PrMailbox) again = NULL;
  PrTestOptions options = pr_test_options_default;
  PrSeen seen = { .answer = TRUE };
  PrTestSummary summary;
  gint64 at;

  test_all (environment, selection, &options, &seen);
  carla = find_mailbox (environment, "carla@practice.example");
  eve = find_mailbox (environment, "eve@practice.example");
  at = pr_mailbox_get_retry_at (carla, PR_DIRECTION_INCOMING);
  g_assert_cmpint (at, >, g_get_real_time ());
  g_assert_cmpuint (pr_mailbox_get_retry (carla, PR_DIRECTION_INCOMING), ==, 1);
  g_assert_cmpint (pr_mailbox_get_retry_at (carla, PR_DIRECTION_OUTGOING), ==, 0);
  g_assert_cmpint (pr_mailbox_get (carla, RUN_STATE), ==, PR_RUN_STATE_RETRY);
  g_assert_cmpint (pr_mailbox_get_retry_at (eve, PR_DIRECTION_INCOMING), ==, 0);

  /* Nothing is due a moment before; then only the direction that is. */
  options.due = at - 1;
  pr_selection_set_due (due, options.due);
  summary = test_all (environment, due, &options, &seen);
  g_assert_cmpuint (summary.n_success + summary.n_failure, ==, 0);
  options.due = at;
  pr_selection_set_due (due, options.due);
  summary = test_all (environment, due, &options, &seen);
  g_assert_cmpuint (summary.n_failure, ==, 1);
  g_assert_cmpuint (summary.n_success, ==, 0);
  again = find_mailbox (environment, "carla@practice.example");
  g_assert_cmpuint (pr_mailbox_get_retry (again, PR_DIRECTION_INCOMING), ==, 2);
  seen_clear (&seen);
}

static PrSelection *
break_passwords (PrEnvironment *environment)
{
  static const char *const addresses[] = { "support@practice.example",
                                           "sales@practice.example",
                                           "info@practice.example",
                                           "ben@practice.example",
                                           "dev@practice.example",
                                           "web@practice.example",
                                           NULL };

  for (guint i = 0; addresses[i] != NULL; i++)
    set_password (environment, addresses[i], "wrong");
  return pr_selection_new_addresses (addresses);
}

/* Three refusals in a row hold a server and ask; whoever says no leaves the rest as it was. */
static void
test_hold_no (void)
{
  g_autoptr (PrPractice) practice = open_practice ();
  PrEnvironment *environment = pr_practice_get_environment (practice);
  g_autoptr (PrSelection) selection = break_passwords (environment);
  PrTestOptions options = pr_test_options_default;
  PrSeen seen = { .answer = FALSE };
  PrTestSummary summary;

  options.outgoing = FALSE;
  summary = test_all (environment, selection, &options, &seen);
  g_assert_cmpuint (seen.n_held, ==, 1);
  g_assert_cmpuint (summary.n_failure, ==, 3);
  g_assert_cmpuint (summary.n_not_run, ==, 3);
  seen_clear (&seen);
}

static void
test_hold_yes (void)
{
  g_autoptr (PrPractice) practice = open_practice ();
  PrEnvironment *environment = pr_practice_get_environment (practice);
  g_autoptr (PrSelection) selection = break_passwords (environment);
  PrTestOptions options = pr_test_options_default;
  PrSeen seen = { .answer = TRUE };
  PrTestSummary summary;

  options.outgoing = FALSE;
  summary = test_all (environment, selection, &options, &seen);
  g_assert_cmpuint (seen.n_held, ==, 1);
  g_assert_cmpuint (summary.n_failure, ==, 6);
  g_assert_cmpuint (summary.n_not_run, ==, 0);
  seen_clear (&seen);
}

static void
cancel_soon (GCancellable *cancellable)
{
  g_cancellable_cancel (cancellable);
}

/* Nobody answers, and the job is cancelled; an answer that comes too late does nothing. */
static void
test_hold_cancelled (void)
{
  g_autoptr (PrPractice) practice = open_practice ();
  PrEnvironment *environment = pr_practice_get_environment (practice);
  g_autoptr (PrSelection) selection = break_passwords (environment);
  const PrTestEvents events = { .report = on_report, .held = on_held };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (PrEnvWait) result = { NULL };
  g_autoptr (GError) error = NULL;
  PrTestOptions options = pr_test_options_default;
  PrSeen seen = { .answer = -1 };
  PrTestSummary summary;

  options.outgoing = FALSE;
  seen.codes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  pr_environment_test_async (environment, selection, &options, &events, &seen, cancellable,
                             env_ready, &result);
  while (seen.hold == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_null (result.result);
  g_idle_add_once ((GSourceOnceFunc) cancel_soon, cancellable);
  env_wait (&result);
  g_assert_true (pr_environment_test_finish (environment, result.result, &summary, &error));
  g_assert_cmpuint (summary.n_cancelled, ==, 3);
  pr_test_hold_answer (seen.hold, TRUE);
  pr_test_hold_unref (seen.hold);
  seen_clear (&seen);
}

/* Mailboxes that share the profile's log-in are served by one. */
static void
test_shared (void)
{
  g_autoptr (PrPractice) practice = open_practice ();
  PrEnvironment *environment = pr_practice_get_environment (practice);
  g_autoptr (PrServerProfile) profile =
      pr_environment_find_profile (environment, "Practice server");
  const char *addresses[] = { "support@practice.example", "sales@practice.example",
                              "dev@practice.example", NULL };
  g_autoptr (PrSelection) selection = pr_selection_new_addresses (addresses);
  g_autoptr (PrSecret) secret = pr_secret_new ("wrong", -1);
  g_auto (PrEnvWait) saved = { NULL };
  g_auto (PrEnvWait) set = { NULL };
  g_autoptr (GError) error = NULL;
  PrSeen seen = { .answer = FALSE };
  PrTestSummary summary;

  g_object_set (profile, "incoming-authentication", PR_AUTHENTICATION_PROFILE,
                "outgoing-authentication", PR_AUTHENTICATION_PROFILE, "incoming-username",
                "support@practice.example", NULL);
  pr_environment_save_profile_async (environment, profile, NULL, env_ready, &saved);
  env_wait (&saved);
  g_assert_true (pr_environment_save_profile_finish (environment, saved.result, &error));
  pr_environment_set_profile_password_async (environment, profile, PR_DIRECTION_INCOMING, secret,
                                             NULL, env_ready, &set);
  env_wait (&set);
  g_assert_true (pr_environment_set_profile_password_finish (environment, set.result, &error));

  summary = test_all (environment, selection, &pr_test_options_default, &seen);
  /* Six results of two log-ins: too few refusals to hold anything. */
  g_assert_cmpuint (summary.n_failure, ==, 6);
  g_assert_cmpuint (seen.n_held, ==, 0);
  g_assert_cmpint (get_code (&seen, "dev@practice.example", PR_DIRECTION_INCOMING), ==,
                   PR_CODE_AUTHENTICATION_REJECTED);
  /* It is the profile's password: the profile's alert, once. */
  g_assert_cmpuint (count_alerts (environment, "", "authentication-rejected"), ==, 1);
  g_assert_cmpuint (count_alerts (environment, "dev@practice.example", "authentication-rejected"),
                    ==, 0);
  seen_clear (&seen);
}

/* Somebody else is testing the same direction of the same mailbox. */
static void
test_locked (void)
{
  g_autoptr (PrPractice) practice = open_practice ();
  PrEnvironment *environment = pr_practice_get_environment (practice);
  const char *addresses[] = { "support@practice.example", NULL };
  g_autoptr (PrSelection) selection = pr_selection_new_addresses (addresses);
  g_autoptr (PrMailbox) mailbox = find_mailbox (environment, addresses[0]);
  g_autofree char *path =
      g_build_filename (pr_environment_get_folder (environment), "tests.lock", NULL);
  g_autoptr (PrRangeLock) locks = pr_range_lock_open (path, NULL);
  guint64 number = (guint64) pr_record_get_id (PR_RECORD (mailbox)) * PR_N_DIRECTIONS;
  PrSeen seen = { .answer = FALSE };
  PrTestSummary summary;

  g_assert_true (pr_range_lock_try (locks, number + PR_DIRECTION_INCOMING));
  summary = test_all (environment, selection, &pr_test_options_default, &seen);
  g_assert_cmpuint (summary.n_not_run, ==, 1);
  g_assert_cmpuint (summary.n_success, ==, 1);
  pr_range_lock_release (locks, number + PR_DIRECTION_INCOMING);
  summary = test_all (environment, selection, &pr_test_options_default, &seen);
  g_assert_cmpuint (summary.n_success, ==, 2);
  seen_clear (&seen);
}

/* What a killed program has left is removed; what another one has open, and what only has a similar
 * name, stays. */
static void
test_sweep (void)
{
  g_auto (PrEnvFixture) env;
  g_autofree char *tmp = g_dir_make_tmp ("postroom-sweep-XXXXXX", NULL);
  g_autofree char *open = g_build_filename (tmp, PR_PRACTICE_PREFIX "open", NULL);
  g_autofree char *empty = g_build_filename (tmp, PR_PRACTICE_PREFIX "empty", NULL);
  g_autofree char *other = g_build_filename (tmp, "other", NULL);
  g_autofree char *data_dir = NULL;

  env_fixture_init (&env);
  data_dir = g_strdup (env.data_dir);
  g_assert_cmpint (g_rename (data_dir, open), ==, 0);
  g_assert_cmpint (g_mkdir (empty, 0700), ==, 0);
  g_assert_cmpint (g_mkdir (other, 0700), ==, 0);
  pr_practice_sweep (tmp);
  g_assert_true (g_file_test (open, G_FILE_TEST_IS_DIR));
  g_assert_true (g_file_test (empty, G_FILE_TEST_IS_DIR));
  env_fixture_close (&env);
  pr_practice_sweep (tmp);
  g_assert_false (g_file_test (open, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (other, G_FILE_TEST_IS_DIR));
  g_assert_cmpint (g_rmdir (empty), ==, 0);
  g_assert_cmpint (g_rmdir (other), ==, 0);
  g_assert_cmpint (g_rmdir (tmp), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/practice/stories", test_stories);
  g_test_add_func ("/practice/alerts", test_alerts);
  g_test_add_func ("/practice/sweep", test_sweep);
  g_test_add_func ("/practice/retry", test_retry);
  g_test_add_func ("/practice/hold-no", test_hold_no);
  g_test_add_func ("/practice/hold-yes", test_hold_yes);
  g_test_add_func ("/practice/hold-cancelled", test_hold_cancelled);
  g_test_add_func ("/practice/shared", test_shared);
  g_test_add_func ("/practice/locked", test_locked);
  return g_test_run ();
}
