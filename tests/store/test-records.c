/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Each table's rows and back: every field, at its limits, and what two who edit the same do to
 * each other. */

#include "store-fixture.h"

#include <string.h>

/* A value for each field that is none of its defaults, at the upper end of what it takes. */
static void
fill (PrRecord *record)
{
  guint n;
  const PrField *fields = pr_record_get_fields (record, &n);

  for (guint i = 0; i < n; i++)
    {
      const PrField *field = &fields[i];

      if ((field->flags & PR_FIELD_EDITABLE) == 0 || (field->flags & PR_FIELD_DERIVED) != 0)
        continue;
      switch (field->kind)
        {
          case PR_FIELD_TEXT:
            if (field->check == NULL && field->max < 5000)
              {
                g_autofree char *text = g_strnfill ((gsize) field->max, '\'');

                pr_record_set_text (record, i, text);
              }
            break;
          case PR_FIELD_INTEGER:
            pr_record_set_number (record, i, field->max);
            break;
          case PR_FIELD_BOOLEAN:
            pr_record_set_number (record, i, !field->initial);
            break;
          case PR_FIELD_ENUM:
            pr_record_set_number (record, i, field->initial == 0 ? 1 : 0);
            break;
          case PR_FIELD_TIME:
            pr_record_set_number (record, i, G_GINT64_CONSTANT (1769860800000001));
            break;
          case PR_FIELD_REFERENCE:
            break;
        }
    }
}

static void
assert_same (gpointer a, gpointer b)
{
  g_autofree char *left = record_dump (a), *right = record_dump (b);

  g_assert_cmpstr (left, ==, right);
}

static void
test_profile (void)
{
  g_auto (PrStoreFixture) fixture;
  g_autoptr (PrServerProfile) profile = pr_server_profile_new ();
  g_autoptr (PrServerProfile) again = NULL, edited = NULL;
  g_autoptr (GError) error = NULL;

  store_fixture_init (&fixture);
  fill (PR_RECORD (profile));
  record_set (profile, "name", "Ünïcode “profile” — ' \" \\ % _");
  record_set (profile, "description", "First line\nSecond line\ttab");
  record_set (profile, "owner-email", "olivia@example.org");
  record_set (profile, "incoming-location", "bücher.example");
  record_set (profile, "outgoing-location", "2001:db8::1");
  record_set (profile, "ca-certificate",
              "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n");
  record_set (profile, "incoming-pin",
              "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
  store_save_profile (fixture.store, profile, &error);
  g_assert_no_error (error);
  g_assert_cmpint (pr_record_get_id (PR_RECORD (profile)), >, 0);
  g_assert_cmpint (pr_record_get_version (PR_RECORD (profile)), ==, 1);
  store_fixture_close (&fixture);
  store_fixture_open (&fixture);
  again = store_find_profile (fixture.store, "Ünïcode “profile” — ' \" \\ % _");
  assert_same (profile, again);

  /* And once more, by way of an update. */
  record_set (again, "description", "");
  record_set (again, "timeout", "1");
  store_save_profile (fixture.store, again, &error);
  g_assert_no_error (error);
  g_assert_cmpint (pr_record_get_version (PR_RECORD (again)), ==, 2);
  edited = store_find_profile (fixture.store, "Ünïcode “profile” — ' \" \\ % _");
  assert_same (again, edited);
}

static void
test_mailbox (void)
{
  g_auto (PrStoreFixture) fixture;
  g_autoptr (PrMailbox) mailbox = pr_mailbox_new ("Jörg.Müller@bücher.example");
  g_autoptr (PrServerProfile) profile = NULL;
  g_autoptr (PrMailbox) again = NULL;
  g_autoptr (GError) error = NULL;

  store_fixture_init (&fixture);
  profile = store_add_profile (fixture.store, "Example");
  fill (PR_RECORD (mailbox));
  record_set (mailbox, "address", "Jörg.Müller@bücher.example");
  record_set (mailbox, "kind", "queue");
  record_set (mailbox, "outgoing", "none");
  record_set (mailbox, "act", "none");
  record_set (mailbox, "username", "x");
  pr_record_set_number (PR_RECORD (mailbox), PR_MAILBOX_PROFILE_ID,
                        pr_record_get_id (PR_RECORD (profile)));
  store_save_mailbox (fixture.store, mailbox, &error);
  g_assert_no_error (error);
  /* What only the database knows came back with it. */
  g_assert_cmpstr (pr_mailbox_get_text (mailbox, PROFILE_NAME), ==, "Example");
  g_assert_cmpint (pr_mailbox_get (mailbox, SERIAL), ==, 1);
  again = store_find_mailbox (fixture.store, "jörg.MÜLLER@xn--bcher-kva.EXAMPLE");
  assert_same (mailbox, again);
}

static void
test_settings (void)
{
  g_auto (PrStoreFixture) fixture;
  g_autoptr (PrEmailSettings) settings = NULL, again = NULL, fresh = pr_email_settings_new ();
  g_autofree char *a = NULL, *b = NULL;
  g_autoptr (GError) error = NULL;

  store_fixture_init (&fixture);
  settings = store_load_settings (fixture.store);
  /* Those of a new environment are the defaults. */
  pr_record_set_id (PR_RECORD (fresh), 1);
  pr_record_set_version (PR_RECORD (fresh), 1);
  assert_same (settings, fresh);
  fill (PR_RECORD (settings));
  record_set (settings, "ports", "465, 995");
  record_set (settings, "act", "none");
  store_save_settings (fixture.store, settings, &error);
  g_assert_no_error (error);
  store_fixture_close (&fixture);
  store_fixture_open (&fixture);
  again = store_load_settings (fixture.store);
  assert_same (settings, again);
}

static void
test_identity (void)
{
  g_auto (PrStoreFixture) fixture;
  g_auto (PrStoreWait) wait = { NULL };
  g_auto (PrStoreWait) second = { NULL };
  g_autofree char *id = NULL, *name = NULL;
  g_autoptr (GError) error = NULL;

  store_fixture_init_folder (&fixture);
  store_fixture_open (&fixture);
  pr_store_get_identity_async (fixture.store, NULL, store_ready, &wait);
  g_assert_false (
      pr_store_get_identity_finish (fixture.store, store_wait (&wait), &id, &name, &error));
  g_assert_error (error, PR_ERROR, PR_ERROR_NOT_FOUND);
  store_set_identity (fixture.store, ENVIRONMENT_ID, "Kunde “A” ' é");
  store_set_identity (fixture.store, ENVIRONMENT_ID, "Renamed");
  pr_store_get_identity_async (fixture.store, NULL, store_ready, &second);
  g_clear_error (&error);
  pr_store_get_identity_finish (fixture.store, store_wait (&second), &id, &name, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (id, ==, ENVIRONMENT_ID);
  g_assert_cmpstr (name, ==, "Renamed");
}

/* --- Two who edit the same -------------------------------------------------------------------- */

static void
test_conflict (void)
{
  g_auto (PrStoreFixture) fixture;
  g_autoptr (PrServerProfile) made = NULL, mine = NULL, theirs = NULL;
  g_autoptr (PrMailbox) mailbox = NULL, other = NULL;
  g_autoptr (PrEmailSettings) first = NULL, second = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *description = NULL;

  store_fixture_init (&fixture);
  made = store_add_profile (fixture.store, "Example");
  mine = store_find_profile (fixture.store, "Example");
  theirs = store_find_profile (fixture.store, "Example");
  record_set (theirs, "description", "theirs");
  g_assert_true (store_save_profile (fixture.store, theirs, &error));
  record_set (mine, "description", "mine");
  g_assert_false (store_save_profile (fixture.store, mine, &error));
  g_assert_error (error, PR_ERROR, PR_ERROR_CONFLICT);
  g_clear_error (&error);
  g_clear_object (&mine);
  mine = store_find_profile (fixture.store, "Example");
  description = record_get (mine, "description");
  g_assert_cmpstr (description, ==, "theirs");

  mailbox = store_add_mailbox (fixture.store, "a@example.org", NULL);
  other = store_find_mailbox (fixture.store, "a@example.org");
  g_assert_true (store_save_mailbox (fixture.store, other, &error));
  g_assert_false (store_save_mailbox (fixture.store, mailbox, &error));
  g_assert_error (error, PR_ERROR, PR_ERROR_CONFLICT);
  g_clear_error (&error);

  first = store_load_settings (fixture.store);
  second = store_load_settings (fixture.store);
  g_assert_true (store_save_settings (fixture.store, second, &error));
  g_assert_false (store_save_settings (fixture.store, first, &error));
  g_assert_error (error, PR_ERROR, PR_ERROR_CONFLICT);
}

/* A row that is gone, and one that a command for many has changed. */
static void
test_conflict_with_commands (void)
{
  g_auto (PrStoreFixture) fixture;
  g_autoptr (PrMailbox) gone = NULL, changed = NULL;
  g_autoptr (GError) error = NULL;
  PrChange change = { PR_MAILBOX_ACTIVE, NULL, FALSE, FALSE };
  guint n;

  store_fixture_init (&fixture);
  gone = store_add_mailbox (fixture.store, "gone@example.org", NULL);
  changed = store_add_mailbox (fixture.store, "changed@example.org", NULL);
  g_assert_true (store_change (fixture.store, pr_selection_new_all (), &change, 1, &n, &error));
  record_set (changed, "owner", "me");
  g_assert_false (store_save_mailbox (fixture.store, changed, &error));
  g_assert_error (error, PR_ERROR, PR_ERROR_CONFLICT);
  g_clear_error (&error);
  g_assert_true (store_delete (fixture.store, pr_selection_new_all (), &n, &error));
  g_assert_false (store_save_mailbox (fixture.store, gone, &error));
  g_assert_error (error, PR_ERROR, PR_ERROR_CONFLICT);
}

/* --- The default profile ---------------------------------------------------------------------- */

static guint
count_defaults (PrStore *store)
{
  g_autoptr (GPtrArray) list = store_list_profiles (store);
  guint n = 0;

  for (guint i = 0; i < list->len; i++)
    n += pr_server_profile_get (g_ptr_array_index (list, i), IS_DEFAULT) ? 1 : 0;
  return n;
}

static void
test_one_default (void)
{
  g_auto (PrStoreFixture) fixture;
  g_autoptr (PrServerProfile) a = NULL, b = NULL;
  g_autoptr (PrEmailSettings) settings = NULL;
  g_autoptr (GError) error = NULL;

  store_fixture_init (&fixture);
  a = store_add_profile (fixture.store, "A");
  b = store_add_profile (fixture.store, "B");
  g_assert_cmpuint (count_defaults (fixture.store), ==, 0);
  record_set (a, "is-default", "yes");
  g_assert_true (store_save_profile (fixture.store, a, &error));
  g_assert_cmpuint (count_defaults (fixture.store), ==, 1);
  record_set (b, "is-default", "yes");
  g_assert_true (store_save_profile (fixture.store, b, &error));
  g_assert_cmpuint (count_defaults (fixture.store), ==, 1);
  settings = store_load_settings (fixture.store);
  g_assert_cmpint (pr_email_settings_get (settings, PROFILE_ID), ==,
                   pr_record_get_id (PR_RECORD (b)));
  record_set (b, "is-default", "no");
  g_assert_true (store_save_profile (fixture.store, b, &error));
  g_assert_cmpuint (count_defaults (fixture.store), ==, 0);
}

/* Which profile is the default can be set in two forms: neither takes back what the other did. */
static void
test_default_is_not_taken_back (void)
{
  g_auto (PrStoreFixture) fixture;
  g_autoptr (PrServerProfile) a = NULL, b = NULL, old_a = NULL, old_b = NULL;
  g_autoptr (PrEmailSettings) old_settings = NULL, settings = NULL;
  g_autoptr (GError) error = NULL;

  store_fixture_init (&fixture);
  a = store_add_profile (fixture.store, "A");
  b = store_add_profile (fixture.store, "B");
  record_set (a, "is-default", "yes");
  g_assert_true (store_save_profile (fixture.store, a, &error));

  /* Open in forms, while B becomes the default elsewhere. */
  old_a = store_find_profile (fixture.store, "A");
  old_settings = store_load_settings (fixture.store);
  record_set (b, "is-default", "yes");
  g_assert_true (store_save_profile (fixture.store, b, &error));
  record_set (old_a, "description", "only this was meant");
  g_assert_false (store_save_profile (fixture.store, old_a, &error));
  g_assert_error (error, PR_ERROR, PR_ERROR_CONFLICT);
  g_clear_error (&error);
  record_set (old_settings, "keep-alerts-days", "7");
  g_assert_false (store_save_settings (fixture.store, old_settings, &error));
  g_assert_error (error, PR_ERROR, PR_ERROR_CONFLICT);
  g_clear_error (&error);

  /* The other way round: the settings change it while both profiles are open. */
  g_clear_object (&old_a);
  old_a = store_find_profile (fixture.store, "A");
  old_b = store_find_profile (fixture.store, "B");
  settings = store_load_settings (fixture.store);
  pr_record_set_number (PR_RECORD (settings), PR_SETTINGS_PROFILE_ID,
                        pr_record_get_id (PR_RECORD (a)));
  g_assert_true (store_save_settings (fixture.store, settings, &error));
  g_assert_false (store_save_profile (fixture.store, old_a, &error));
  g_clear_error (&error);
  g_assert_false (store_save_profile (fixture.store, old_b, &error));
  g_clear_error (&error);
  /* What has nothing to do with it can be saved again and again. */
  record_set (settings, "keep-alerts-days", "8");
  g_assert_true (store_save_settings (fixture.store, settings, &error));
  g_clear_object (&old_b);
  old_b = store_find_profile (fixture.store, "B");
  g_assert_true (store_save_settings (fixture.store, settings, &error));
  g_assert_true (store_save_profile (fixture.store, old_b, &error));
  g_assert_cmpuint (count_defaults (fixture.store), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/records/profile", test_profile);
  g_test_add_func ("/store/records/mailbox", test_mailbox);
  g_test_add_func ("/store/records/settings", test_settings);
  g_test_add_func ("/store/records/identity", test_identity);
  g_test_add_func ("/store/records/conflict", test_conflict);
  g_test_add_func ("/store/records/conflict-with-commands", test_conflict_with_commands);
  g_test_add_func ("/store/records/one-default", test_one_default);
  g_test_add_func ("/store/records/default-is-not-taken-back", test_default_is_not_taken_back);
  return g_test_run ();
}
