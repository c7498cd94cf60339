/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Change Multiple Records: what is accepted, what is refused and how it is said, and that a
 * refused change changes nothing. */

#include "env-fixture.h"

#include <string.h>

/* Three mailboxes, one of each kind. */
static void
add_three (PrEnvFixture *env)
{
  g_autoptr (PrMailbox) user = env_add_mailbox (env, "user@example.org", NULL);
  g_autoptr (PrMailbox) queue = env_add_mailbox (env, "queue@example.org", "kind", "queue", NULL);
  g_autoptr (PrMailbox) forward =
      env_add_mailbox (env, "forward@example.org", "kind", "forward", "outgoing", "none", NULL);
}

/* All fields of all mailboxes, in one text. */
static char *
dump (PrEnvFixture *env)
{
  GString *text = g_string_new (NULL);
  g_autoptr (GPtrArray) list = env_list (env, pr_selection_new_all (), NULL);
  guint n;

  for (guint i = 0; i < list->len; i++)
    {
      PrRecord *record = g_ptr_array_index (list, i);

      pr_record_get_fields (record, &n);
      g_string_append_printf (text, "%d", (int) pr_record_get_version (record));
      for (guint field = 0; field < n; field++)
        {
          g_autofree char *value = pr_record_format (record, field);

          g_string_append_printf (text, "|%s", value);
        }
      g_string_append_c (text, '\n');
    }
  return g_string_free (text, FALSE);
}

typedef struct
{
  PrChange changes[3];
  guint n_changes;
  const char *select; /* NULL: all */
  const char *field;
  const char *words[4]; /* that the error must say */
} PrRefused;

#define FIELD(NAME) PR_MAILBOX_##NAME
static const PrRefused refused[] = {
  /* One value by itself. */
  { { { FIELD (OUTGOING), NULL, PR_SYNC_METHOD_FORWARD } },
    1,
    NULL,
    "outgoing",
    { "Outgoing email", "“forward”", "Accepted: none, server-side" } },
  { { { FIELD (ACT), NULL, PR_SYNC_METHOD_SERVER_SIDE } },
    1,
    NULL,
    "act",
    { "Appointments, contacts, and tasks", "POP3/SMTP and Gmail", "Accepted: none" } },
  { { { FIELD (ACT), NULL, PR_SYNC_METHOD_FORWARD } }, 1, NULL, "act", { "Accepted: none" } },
  { { { FIELD (INCOMING), NULL, 17 } },
    1,
    NULL,
    "incoming",
    { "Incoming email", "“?”", "Accepted: none, server-side, forward" } },
  { { { FIELD (NAME), (char *) "", 0 } },
    1,
    NULL,
    "name",
    { "Name must not be empty", "Accepted: 1 to 200 characters" } },
  { { { FIELD (USERNAME), (char *) "a\r\nQUIT", 0 } },
    1,
    NULL,
    "username",
    { "User name", "Accepted: " } },
  { { { FIELD (PROFILE_ID), NULL, 4711 } }, 1, NULL, "profile-id", { "Server profile", "4711" } },
  { { { FIELD (PROFILE_ID), NULL, -1 } }, 1, NULL, "profile-id", { "Server profile", "-1" } },

  /* What nobody sets by hand, or not for many. */
  { { { FIELD (ADDRESS), (char *) "same@example.org", 0 } },
    1,
    NULL,
    "address",
    { "Email address", "“same@example.org”", "Accepted: one mailbox at a time" } },
  { { { FIELD (APPROVAL), NULL, PR_APPROVAL_APPROVED } },
    1,
    NULL,
    "approval",
    { "Email address status", "“approved”", "Accepted: " } },
  { { { FIELD (INCOMING_ENABLED), NULL, TRUE } },
    1,
    NULL,
    "incoming-enabled",
    { "Enabled for incoming", "“yes”", "Accepted: " } },
  { { { FIELD (INCOMING_STATUS), NULL, PR_TEST_STATUS_SUCCESS } },
    1,
    NULL,
    "incoming-status",
    { NULL } },
  { { { FIELD (PASSWORD_SET), NULL, TRUE } }, 1, NULL, "password-set", { NULL } },
  { { { FIELD (RUN_STATE), NULL, PR_RUN_STATE_RUNNING } }, 1, NULL, "run-state", { NULL } },
  { { { FIELD (PROFILE_NAME), (char *) "x", 0 } }, 1, NULL, "profile-name", { NULL } },
  { { { FIELD (SERIAL), NULL, 1 } }, 1, NULL, "serial", { NULL } },

  /* One good change does not save a bad one. */
  { { { FIELD (ACTIVE), NULL, FALSE }, { FIELD (ACT), NULL, PR_SYNC_METHOD_SERVER_SIDE } },
    2,
    NULL,
    "act",
    { NULL } },

  /* Values that do not fit one another. */
  { { { FIELD (KIND), NULL, PR_MAILBOX_KIND_FORWARD },
      { FIELD (OUTGOING), NULL, PR_SYNC_METHOD_SERVER_SIDE } },
    2,
    NULL,
    "outgoing",
    { "a forward mailbox only receives", "Accepted: none" } },
  { { { FIELD (KIND), NULL, PR_MAILBOX_KIND_USER }, { FIELD (DELETE_AFTER), NULL, TRUE } },
    2,
    NULL,
    "delete-after",
    { "Delete emails after processing", "Accepted: no" } },

  /* Values that one of the rows may not have. */
  { { { FIELD (OUTGOING), NULL, PR_SYNC_METHOD_SERVER_SIDE } },
    1,
    NULL,
    "outgoing",
    { "Outgoing email", "“server-side”", "Accepted: none", "“forward@example.org”" } },
  { { { FIELD (DELETE_AFTER), NULL, TRUE } },
    1,
    NULL,
    "delete-after",
    { "Delete emails after processing", "“yes”", "Accepted: no", "“user@example.org”" } },
  { { { FIELD (KIND), NULL, PR_MAILBOX_KIND_FORWARD } },
    1,
    NULL,
    "kind",
    { "Kind", "“forward”", "“queue@example.org” and 1 other", "Accepted: " } },
  { { { FIELD (ACTIVE), NULL, FALSE }, { FIELD (KIND), NULL, PR_MAILBOX_KIND_FORWARD } },
    2,
    "user@example.org",
    "kind",
    { "“forward”", "“user@example.org”" } },
};

static void
test_refused (void)
{
  g_auto (PrEnvFixture) env;
  g_autofree char *before = NULL;

  env_fixture_init (&env);
  add_three (&env);
  before = dump (&env);
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *after = NULL;
      guint n = 99;

      g_assert_false (env_change (&env,
                                  refused[i].select != NULL ? env_select (refused[i].select)
                                                            : pr_selection_new_all (),
                                  refused[i].changes, refused[i].n_changes, &n, &error));
      g_assert_cmpuint (n, ==, 0);
      g_assert_nonnull (error);
      g_assert_cmpint (error->domain, ==, PR_ERROR);
      g_assert_cmpstr (pr_error_get_field (error), ==, refused[i].field);
      for (guint w = 0; w < G_N_ELEMENTS (refused[i].words) && refused[i].words[w] != NULL; w++)
        if (strstr (error->message, refused[i].words[w]) == NULL)
          g_error ("row %u: “%s” does not say “%s”", i, error->message, refused[i].words[w]);
      after = dump (&env);
      g_assert_cmpstr (after, ==, before);
    }
}

/* The same values are fine for the rows that may have them. */
static void
test_accepted (void)
{
  static const struct
  {
    PrChange changes[3];
    guint n_changes;
    const char *select;
    const char *field, *value;
  } rows[] = {
    { { { FIELD (DELETE_AFTER), NULL, TRUE } }, 1, "queue@example.org", "delete-after", "yes" },
    { { { FIELD (DELETE_AFTER), NULL, TRUE } }, 1, "forward@example.org", "delete-after", "yes" },
    { { { FIELD (DELETE_AFTER), NULL, FALSE } }, 1, NULL, "delete-after", "no" },
    { { { FIELD (OUTGOING), NULL, PR_SYNC_METHOD_NONE } }, 1, NULL, "outgoing", "none" },
    { { { FIELD (KIND), NULL, PR_MAILBOX_KIND_FORWARD } },
      1,
      "user@example.org",
      "kind",
      "forward" },
    { { { FIELD (KIND), NULL, PR_MAILBOX_KIND_QUEUE },
        { FIELD (OUTGOING), NULL, PR_SYNC_METHOD_SERVER_SIDE },
        { FIELD (DELETE_AFTER), NULL, TRUE } },
      3,
      NULL,
      "outgoing",
      "server-side" },
    { { { FIELD (KIND), NULL, PR_MAILBOX_KIND_USER }, { FIELD (DELETE_AFTER), NULL, FALSE } },
      2,
      NULL,
      "kind",
      "user" },
    { { { FIELD (KIND), NULL, PR_MAILBOX_KIND_FORWARD },
        { FIELD (OUTGOING), NULL, PR_SYNC_METHOD_NONE } },
      2,
      NULL,
      "kind",
      "forward" },
    { { { FIELD (OWNER), (char *) "Help desk'; DROP TABLE mailboxes; --", 0 } },
      1,
      NULL,
      "owner",
      "Help desk'; DROP TABLE mailboxes; --" },
    { { { FIELD (INCOMING), NULL, PR_SYNC_METHOD_FORWARD } }, 1, NULL, "incoming", "forward" },
    { { { FIELD (ACTIVE), NULL, FALSE }, { FIELD (ALLOW_CREDENTIALS), NULL, TRUE } },
      2,
      NULL,
      "allow-credentials",
      "yes" },
  };
  g_auto (PrEnvFixture) env;

  env_fixture_init (&env);
  add_three (&env);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      PrSelection *selection =
          rows[i].select != NULL ? env_select (rows[i].select) : pr_selection_new_all ();
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) list = NULL;
      guint n = 0;

      env_change (&env, pr_selection_copy (selection), rows[i].changes, rows[i].n_changes, &n,
                  &error);
      g_assert_no_error (error);
      g_assert_cmpuint (n, ==, rows[i].select != NULL ? 1 : 3);
      list = env_list (&env, selection, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (list->len, ==, n);
      for (guint m = 0; m < list->len; m++)
        {
          g_autofree char *value = env_get (g_ptr_array_index (list, m), rows[i].field);

          g_assert_cmpstr (value, ==, rows[i].value);
        }
    }
}

static void
test_profile (void)
{
  g_auto (PrEnvFixture) env;
  g_autoptr (PrServerProfile) profile = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *name = NULL, *none = NULL;
  PrChange change = { FIELD (PROFILE_ID), NULL, 0 };
  guint n = 0;

  env_fixture_init (&env);
  add_three (&env);
  profile = env_add_profile (&env, "Example");
  change.number = pr_record_get_id (PR_RECORD (profile));
  env_change (&env, pr_selection_new_all (), &change, 1, &n, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, 3);
  name = env_get_field (&env, "queue@example.org", "profile-name");
  g_assert_cmpstr (name, ==, "Example");
  change.number = 0;
  env_change (&env, pr_selection_new_all (), &change, 1, &n, &error);
  g_assert_no_error (error);
  none = env_get_field (&env, "queue@example.org", "profile-name");
  g_assert_cmpstr (none, ==, "");
}

/* Nothing that was touched is nothing to do: no version grows. */
static void
test_nothing (void)
{
  g_auto (PrEnvFixture) env;
  g_autoptr (GError) error = NULL;
  g_autofree char *before = NULL, *after = NULL;
  guint n = 99;

  env_fixture_init (&env);
  add_three (&env);
  before = dump (&env);
  g_assert_true (env_change (&env, pr_selection_new_all (), NULL, 0, &n, &error));
  g_assert_cmpuint (n, ==, 0);
  after = dump (&env);
  g_assert_cmpstr (after, ==, before);
}

/* A name that does not exist is a typing error, not "nothing to do". */
static void
test_unknown_address (void)
{
  static const char *const addresses[] = { "user@example.org", "nobody@example.org", NULL };
  g_auto (PrEnvFixture) env;
  g_autoptr (GError) error = NULL;
  g_autofree char *before = NULL, *after = NULL;
  PrChange change = { FIELD (ACTIVE), NULL, FALSE };
  guint n = 0;

  env_fixture_init (&env);
  add_three (&env);
  before = dump (&env);
  g_assert_false (
      env_change (&env, pr_selection_new_addresses (addresses), &change, 1, &n, &error));
  env_assert_refused (error, PR_ERROR_NOT_FOUND, "address");
  g_assert_nonnull (strstr (error->message, "“nobody@example.org”"));
  after = dump (&env);
  g_assert_cmpstr (after, ==, before);
}

/* Applying the defaults gives each what its kind allows. */
static void
test_apply_defaults (void)
{
  g_auto (PrEnvFixture) env;
  g_autoptr (PrServerProfile) first = NULL, second = NULL;
  g_autoptr (GError) error = NULL;
  PrChange change = { FIELD (PROFILE_ID), NULL, 0 };
  guint n = 0;

  env_fixture_init (&env);
  first = env_add_profile (&env, "First");
  second = env_add_profile (&env, "Second");
  add_three (&env);
  change.number = pr_record_get_id (PR_RECORD (second));
  env_change (&env, pr_selection_new_all (), &change, 1, &n, &error);
  g_assert_no_error (error);

  /* Without a default profile everybody keeps the one he has. */
  env_command (&env, pr_selection_new_all (), PR_MAILBOX_COMMAND_APPLY_DEFAULTS, &n, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, 3);
  for (guint round = 0; round < 2; round++)
    {
      static const struct
      {
        const char *address, *outgoing;
      } rows[] = {
        { "user@example.org", "server-side" },
        { "queue@example.org", "server-side" },
        { "forward@example.org", "none" },
      };

      for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
        {
          g_autofree char *outgoing = env_get_field (&env, rows[i].address, "outgoing");
          g_autofree char *profile = env_get_field (&env, rows[i].address, "profile-name");

          g_assert_cmpstr (outgoing, ==, rows[i].outgoing);
          g_assert_cmpstr (profile, ==, round == 0 ? "Second" : "First");
        }
      env_set (first, "is-default", "yes");
      env_save_profile (&env, first, &error);
      g_assert_no_error (error);
      env_command (&env, pr_selection_new_all (), PR_MAILBOX_COMMAND_APPLY_DEFAULTS, &n, &error);
      g_assert_no_error (error);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/environment/change/refused", test_refused);
  g_test_add_func ("/environment/change/accepted", test_accepted);
  g_test_add_func ("/environment/change/profile", test_profile);
  g_test_add_func ("/environment/change/nothing", test_nothing);
  g_test_add_func ("/environment/change/unknown-address", test_unknown_address);
  g_test_add_func ("/environment/change/apply-defaults", test_apply_defaults);
  return g_test_run ();
}
