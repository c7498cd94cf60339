/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Commands on mailboxes, one row and many alike: new, saved, approved, switched, deleted. */

#include "env-fixture.h"

#include <string.h>

static void
test_new (void)
{
  g_auto (PrEnvFixture) env;
  g_autoptr (PrServerProfile) profile = NULL;
  g_autoptr (PrMailbox) mailbox = NULL, forward = NULL;
  g_autofree char *stored = NULL;

  env_fixture_init (&env);
  profile = env_new_profile ("Example");
  env_set (profile, "is-default", "yes");
  g_assert_true (env_save_profile (&env, profile, NULL));
  env_set_setting (&env, "incoming", "forward");
  env_set_setting (&env, "outgoing", "server-side");
  mailbox = env_add_mailbox (&env, "support@example.org", NULL);
  g_assert_cmpint (pr_mailbox_get (mailbox, PROFILE_ID), ==,
                   pr_record_get_id (PR_RECORD (profile)));
  g_assert_cmpint (pr_mailbox_get (mailbox, INCOMING), ==, PR_SYNC_METHOD_FORWARD);
  g_assert_cmpint (pr_mailbox_get (mailbox, OUTGOING), ==, PR_SYNC_METHOD_SERVER_SIDE);
  g_assert_cmpint (pr_mailbox_get (mailbox, APPROVAL), ==, PR_APPROVAL_PENDING);
  g_assert_cmpint (pr_mailbox_get (mailbox, INCOMING_STATUS), ==, PR_TEST_STATUS_NOT_RUN);
  g_assert_false (pr_mailbox_get (mailbox, INCOMING_ENABLED));
  g_assert_cmpstr (pr_mailbox_get_text (mailbox, NAME), ==, "support");
  g_assert_cmpstr (pr_mailbox_get_text (mailbox, OWNER), ==, "support");
  g_assert_cmpstr (pr_mailbox_get_text (mailbox, USERNAME), ==, "support@example.org");
  g_assert_cmpstr (pr_mailbox_get_text (mailbox, PROFILE_NAME), ==, "Example");
  stored = env_get_field (&env, "SUPPORT@example.org", "approval");
  g_assert_cmpstr (stored, ==, "pending");
}

/* What is refused is not stored, and says why. */
static void
test_refused (void)
{
  static const struct
  {
    const char *address, *field, *value; /* the value by words, or… */
    PrMailboxField number_field;
    gint64 number; /* …where a word would not be taken */
    PrError code;
    const char *about, *says;
  } rows[] = {
    { "", NULL, NULL, 0, 0, PR_ERROR_INVALID_VALUE, "name", "must not be empty" },
    { "nonsense", "name", "x", 0, 0, PR_ERROR_INVALID_VALUE, "address", "“nonsense”" },
    { "a b@example.org", NULL, NULL, 0, 0, PR_ERROR_INVALID_VALUE, "address", "Accepted: " },
    { "a@example.org", "kind", "forward", 0, 0, PR_ERROR_INVALID_VALUE, "outgoing",
      "only receives" },
    { "a@example.org", "delete-after", "yes", 0, 0, PR_ERROR_INVALID_VALUE, "delete-after",
      "“yes”" },
    { "a@example.org", "act", "server-side", 0, 0, PR_ERROR_INVALID_VALUE, "act", "email only" },
    { "a@example.org", "outgoing", "forward", 0, 0, PR_ERROR_INVALID_VALUE, "outgoing",
      "“forward”" },
    { "a@example.org", "profile-id", "99", 0, 0, PR_ERROR_NOT_FOUND, "profile-id", "99" },
    { "a@example.org", NULL, NULL, PR_MAILBOX_KIND, 17, PR_ERROR_INVALID_VALUE, "kind", "“?”" },
  };
  g_auto (PrEnvFixture) env;
  g_autoptr (GPtrArray) all = NULL;

  env_fixture_init (&env);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (PrMailbox) mailbox = pr_environment_new_mailbox (env.environment, rows[i].address);
      g_autoptr (GError) error = NULL;

      if (rows[i].field != NULL)
        env_set (mailbox, rows[i].field, rows[i].value);
      if (rows[i].number != 0)
        pr_record_set_number (PR_RECORD (mailbox), rows[i].number_field, rows[i].number);
      g_assert_false (env_save_mailbox (&env, mailbox, &error));
      g_assert_error (error, PR_ERROR, (int) rows[i].code);
      g_assert_cmpstr (pr_error_get_field (error), ==, rows[i].about);
      if (strstr (error->message, rows[i].says) == NULL)
        g_error ("row %u: %s", i, error->message);
    }
  all = env_list (&env, pr_selection_new_all (), NULL);
  g_assert_cmpuint (all->len, ==, 0);
}

static void
assert_fields (PrEnvFixture *env, const char *field, const char *expected)
{
  g_autoptr (GPtrArray) all = env_list (env, pr_selection_new_all (), NULL);
  g_autoptr (GString) values = g_string_new (NULL);

  for (guint i = 0; i < all->len; i++)
    {
      g_autofree char *value = env_get (g_ptr_array_index (all, i), field);

      g_string_append_printf (values, "%s%s", i > 0 ? " " : "", value);
    }
  g_assert_cmpstr (values->str, ==, expected);
}

static guint
run (PrEnvFixture *env, PrSelection *selection, PrMailboxCommand command)
{
  g_autoptr (GError) error = NULL;
  guint n = 0;

  env_command (env, selection, command, &n, &error);
  g_assert_no_error (error);
  return n;
}

/* The same commands by name, by view, and on everybody. */
static void
test_commands (void)
{
  g_auto (PrEnvFixture) env;
  g_autoptr (GError) error = NULL;
  guint n;

  env_fixture_init (&env);
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *address = g_strdup_printf ("%c@example.org", 'a' + (char) i);
      g_autoptr (PrMailbox) mailbox = env_add_mailbox (&env, address, NULL);
    }
  g_assert_cmpuint (run (&env, env_select ("b@example.org"), PR_MAILBOX_COMMAND_APPROVE), ==, 1);
  assert_fields (&env, "approval", "pending approved pending");
  g_assert_cmpuint (run (&env, pr_selection_new_view (PR_VIEW_PENDING), PR_MAILBOX_COMMAND_REJECT),
                    ==, 2);
  assert_fields (&env, "approval", "rejected approved rejected");
  g_assert_cmpuint (run (&env, pr_selection_new_all (), PR_MAILBOX_COMMAND_APPROVE), ==, 3);
  assert_fields (&env, "approval", "approved approved approved");
  g_assert_cmpuint (run (&env, env_select ("a@example.org"), PR_MAILBOX_COMMAND_DEACTIVATE), ==, 1);
  assert_fields (&env, "active", "no yes yes");
  g_assert_cmpuint (
      run (&env, pr_selection_new_view (PR_VIEW_INACTIVE), PR_MAILBOX_COMMAND_ACTIVATE), ==, 1);
  assert_fields (&env, "active", "yes yes yes");
  g_assert_cmpuint (
      run (&env, pr_selection_new_view (PR_VIEW_INACTIVE), PR_MAILBOX_COMMAND_ACTIVATE), ==, 0);

  g_assert_false (
      env_command (&env, env_select ("x@example.org"), PR_MAILBOX_COMMAND_APPROVE, &n, &error));
  env_assert_refused (error, PR_ERROR_NOT_FOUND, "address");
  g_assert_cmpuint (n, ==, 0);
}

/* 100,000 rows in one go, and cancelled in the middle of it. */
static void
test_many (void)
{
  g_auto (PrEnvFixture) env;
  g_autofree char *path = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (PrSelection) all = pr_selection_new_all ();
  g_auto (PrEnvWait) wait = { NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) approved = NULL, active = NULL;
  gint64 begin;
  guint n;

  env_fixture_init (&env);
  path = g_build_filename (pr_environment_get_folder (env.environment), "postroom.db", NULL);
  env_run_sql (path,
               "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
               " WHERE i < 100000)"
               "INSERT INTO mailboxes (name, kind, address, address_key, owner, incoming,"
               " outgoing, act, allow_credentials, username, delete_after, active)"
               " SELECT 'n', 'user', i || '@x.example', i || '@x.example', 'o', 'server-side',"
               " 'server-side', 'none', 1, 'u', 0, 1 FROM n");
  begin = g_get_monotonic_time ();
  g_assert_cmpuint (run (&env, pr_selection_new_all (), PR_MAILBOX_COMMAND_APPROVE), ==, 100000);
  g_test_message ("100,000 approved in %.0f ms", (double) (g_get_monotonic_time () - begin) / 1000);

  /* It ends within a second, and nothing has changed. */
  pr_environment_command_mailboxes_async (env.environment, all, PR_MAILBOX_COMMAND_DEACTIVATE,
                                          cancellable, env_ready, &wait);
  g_usleep (30 * 1000);
  begin = g_get_monotonic_time ();
  g_cancellable_cancel (cancellable);
  g_assert_false (
      pr_environment_change_mailboxes_finish (env.environment, env_wait (&wait), &n, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 5 * G_USEC_PER_SEC);
  g_clear_error (&error);
  active = env_list (&env, pr_selection_new_view (PR_VIEW_INACTIVE), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (active->len, ==, 0);

  begin = g_get_monotonic_time ();
  g_assert_true (env_delete (&env, pr_selection_new_all (), &n, &error));
  g_assert_cmpuint (n, ==, 100000);
  g_test_message ("100,000 deleted in %.0f ms", (double) (g_get_monotonic_time () - begin) / 1000);
}

/* Somebody else was faster. */
static void
test_conflict (void)
{
  g_auto (PrEnvFixture) env;
  g_autoptr (PrMailbox) mine = NULL, theirs = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *owner = NULL;

  env_fixture_init (&env);
  mine = env_add_mailbox (&env, "a@example.org", NULL);
  theirs = env_find_mailbox (&env, "a@example.org");
  env_set (theirs, "owner", "theirs");
  g_assert_true (env_save_mailbox (&env, theirs, &error));
  env_set (mine, "owner", "mine");
  g_assert_false (env_save_mailbox (&env, mine, &error));
  g_assert_error (error, PR_ERROR, PR_ERROR_CONFLICT);
  owner = env_get_field (&env, "a@example.org", "owner");
  g_assert_cmpstr (owner, ==, "theirs");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/environment/mailboxes/new", test_new);
  g_test_add_func ("/environment/mailboxes/refused", test_refused);
  g_test_add_func ("/environment/mailboxes/commands", test_commands);
  g_test_add_func ("/environment/mailboxes/many", test_many);
  g_test_add_func ("/environment/mailboxes/conflict", test_conflict);
  return g_test_run ();
}
