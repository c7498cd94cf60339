/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which mailboxes a command is about: views, names, search and pages, and that a search is only
 * ever text. */

#include "store-fixture.h"

#include <string.h>

/* One of each kind of state, by a name that says it. */
static void
prepare (PrStoreFixture *fixture)
{
  static const char *const names[] = { "idle",    "approved", "rejected", "good",    "bad-in",
                                       "bad-out", "off",      "forward",  "nothing", "half" };
  g_autoptr (PrServerProfile) first = NULL, second = NULL;

  store_fixture_init (fixture);
  first = store_add_profile (fixture->store, "First 100%");
  second = store_add_profile (fixture->store, "Second_profile");
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *address = g_strdup_printf ("%s@example.org", names[i]);
      g_autoptr (PrMailbox) mailbox =
          store_add_mailbox (fixture->store, address, "profile-id", i < 3 ? "1" : "2", NULL);
    }
  files_run_sql (
      fixture->path,
      "UPDATE mailboxes SET approval = 'approved' WHERE name <> 'idle' AND name <> 'rejected';"
      "UPDATE mailboxes SET approval = 'rejected' WHERE name = 'rejected';"
      "UPDATE mailboxes SET incoming_status = 'success', outgoing_status = 'success',"
      " incoming_enabled = 1, outgoing_enabled = 1 WHERE name IN ('good', 'bad-in', 'bad-out', "
      "'off');"
      "UPDATE mailboxes SET incoming_status = 'failure', incoming_enabled = 0,"
      " incoming_code = 'connection-timeout', incoming_retry_at = 1000 WHERE name = 'bad-in';"
      "UPDATE mailboxes SET outgoing_status = 'failure', outgoing_enabled = 0,"
      " outgoing_code = 'relay-denied', outgoing_retry_at = 2000 WHERE name = 'bad-out';"
      "UPDATE mailboxes SET active = 0, incoming_status = 'failure' WHERE name = 'off';"
      "UPDATE mailboxes SET outgoing = 'none' WHERE name IN ('forward', 'nothing', 'half');"
      "UPDATE mailboxes SET kind = 'forward' WHERE name = 'forward';"
      "UPDATE mailboxes SET incoming = 'none' WHERE name = 'nothing';"
      "UPDATE mailboxes SET incoming_status = 'success', incoming_enabled = 1 WHERE name = 'half'");
}

static void
assert_selected (PrStoreFixture *fixture, PrSelection *selection, const char *expected)
{
  g_autofree char *found = store_list_addresses (fixture->store, selection);

  g_assert_cmpstr (found, ==, expected);
}

#define EVERYBODY "idle approved rejected good bad-in bad-out off forward nothing half"

static void
test_views (void)
{
  static const struct
  {
    PrView view;
    const char *expected;
  } rows[] = {
    { PR_VIEW_ALL, EVERYBODY },
    { PR_VIEW_ACTIVE, "idle approved rejected good bad-in bad-out forward nothing half" },
    { PR_VIEW_INACTIVE, "off" },
    { PR_VIEW_PENDING, "idle" },
    { PR_VIEW_NOT_TESTED, "idle approved rejected forward" },
    { PR_VIEW_FAILED, "bad-in bad-out" },
    { PR_VIEW_ENABLED, "good bad-in bad-out half" },
    { PR_VIEW_FORWARD, "forward" },
  };
  g_auto (PrStoreFixture) fixture;

  prepare (&fixture);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    assert_selected (&fixture, pr_selection_new_view (rows[i].view), rows[i].expected);
}

static void
test_ids (void)
{
  static const gint64 some[] = { 4, 1, 1, 99, -1, 0, G_MAXINT64 };
  g_auto (PrStoreFixture) fixture;
  PrSelection *selection;

  prepare (&fixture);
  assert_selected (&fixture, pr_selection_new_ids (some, G_N_ELEMENTS (some)), "idle good");
  assert_selected (&fixture, pr_selection_new_ids (NULL, 0), "");
  selection = pr_selection_new_all ();
  pr_selection_set_except (selection, some, G_N_ELEMENTS (some));
  assert_selected (&fixture, selection,
                   "approved rejected bad-in bad-out off forward nothing half");
  selection = pr_selection_new_view (PR_VIEW_ENABLED);
  pr_selection_set_except (selection, some, G_N_ELEMENTS (some));
  assert_selected (&fixture, selection, "bad-in bad-out half");
}

static void
test_addresses (void)
{
  static const char *const some[] = { "GOOD@example.org", "idle@EXAMPLE.ORG", "good@example.org",
                                      NULL };
  static const char *const wrong[] = { "good@example.org", "nobody@example.org", NULL };
  static const char *const odd[] = {
    "x\" OR 1=1 --", "'; DROP TABLE mailboxes; --", "", "%", "\\u0041\"]", "\001@example.org"
  };
  static const char *const none[] = { NULL };
  g_auto (PrStoreFixture) fixture;
  g_autoptr (GError) error = NULL;

  prepare (&fixture);
  assert_selected (&fixture, pr_selection_new_addresses (some), "idle good");
  assert_selected (&fixture, pr_selection_new_addresses (none), "");
  g_assert_null (store_list (fixture.store, pr_selection_new_addresses (wrong), &error));
  g_assert_error (error, PR_ERROR, PR_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "“nobody@example.org”"));
  for (guint i = 0; i < G_N_ELEMENTS (odd); i++)
    {
      const char *one[] = { odd[i], NULL };

      g_clear_error (&error);
      g_assert_null (store_list (fixture.store, pr_selection_new_addresses (one), &error));
      g_assert_error (error, PR_ERROR, PR_ERROR_NOT_FOUND);
    }
}

/* What is no UTF-8 comes from command lines. */
static void
test_bad_bytes (void)
{
  static const char *const bytes[] = { "\xff", "a\xf0", "a\xf0\x9f", "\xc3@example.org",
                                       "a@ex\xe4mple.org" };
  g_auto (PrStoreFixture) fixture;

  prepare (&fixture);
  for (guint i = 0; i < G_N_ELEMENTS (bytes); i++)
    {
      /* On the heap, so that a byte read behind the end is found. */
      g_autofree char *text = g_strdup (bytes[i]);
      const char *one[] = { text, NULL };
      PrSelection *selection = pr_selection_new_all ();
      g_autoptr (GError) error = NULL;

      g_assert_null (store_list (fixture.store, pr_selection_new_addresses (one), &error));
      g_assert_error (error, PR_ERROR, PR_ERROR_NOT_FOUND);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      pr_selection_set_search (selection, text);
      assert_selected (&fixture, selection, "");
    }
}

static void
test_search (void)
{
  static const struct
  {
    const char *text, *expected;
  } rows[] = {
    { "bad", "bad-in bad-out" },
    { "BAD-", "bad-in bad-out" },
    { "d@example.org", "approved rejected good forward" },
    { "first", "idle approved rejected" },
    { "100%", "idle approved rejected" },
    { "%", "idle approved rejected" },
    { "_", "good bad-in bad-out off forward nothing half" },
    { "d_", "good bad-in bad-out off forward nothing half" },
    { "a_d", "" },
    { "b%t", "" },
    { "\\", "" },
    { "*", "" },
    { "?", "" },
    { "'", "" },
    { "\"", "" },
    { "' OR '1'='1", "" },
    { "%' OR 1=1 --", "" },
    { "'; DROP TABLE mailboxes; --", "" },
    { "", EVERYBODY },
    { NULL, EVERYBODY },
  };
  g_auto (PrStoreFixture) fixture;
  g_autofree char *tables = NULL;

  prepare (&fixture);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      PrSelection *selection = pr_selection_new_all ();

      pr_selection_set_search (selection, rows[i].text);
      assert_selected (&fixture, selection, rows[i].expected);
    }
  tables = files_query (fixture.path, "SELECT count (*) FROM mailboxes");
  g_assert_cmpstr (tables, ==, "10");
}

/* Letters of other scripts in either case, and a text that is longer than any field. */
static void
test_search_unicode (void)
{
  g_auto (PrStoreFixture) fixture;
  g_autoptr (PrMailbox) mailbox = NULL;
  g_autofree char *longest = g_strnfill (100000, 'x');
  static const char *const texts[] = { "Ärzte", "ärzte", "ÄRZTE", "zte & Söhne", "SÖHNE" };
  PrSelection *selection;

  prepare (&fixture);
  mailbox = store_add_mailbox (fixture.store, "praxis@example.org", "name", "Ärzte & Söhne", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      selection = pr_selection_new_all ();
      pr_selection_set_search (selection, texts[i]);
      assert_selected (&fixture, selection, "praxis");
    }
  selection = pr_selection_new_all ();
  pr_selection_set_search (selection, longest);
  assert_selected (&fixture, selection, "");
}

/* Each narrows what the others leave. */
static void
test_together (void)
{
  g_auto (PrStoreFixture) fixture;
  PrSelection *selection;
  PrSelection *copy;

  prepare (&fixture);
  selection = pr_selection_new_view (PR_VIEW_ENABLED);
  pr_selection_set_profile (selection, 2);
  pr_selection_set_search (selection, "bad");
  copy = pr_selection_copy (selection);
  assert_selected (&fixture, selection, "bad-in bad-out");
  pr_selection_set_code (copy, "relay-denied");
  selection = pr_selection_copy (copy);
  assert_selected (&fixture, copy, "bad-out");
  pr_selection_set_profile (selection, 1);
  assert_selected (&fixture, selection, "");

  selection = pr_selection_new_all ();
  pr_selection_set_profile (selection, 99);
  assert_selected (&fixture, selection, "");
}

static void
test_due (void)
{
  static const struct
  {
    gint64 now;
    const char *expected;
  } rows[] = {
    { 999, "" },
    { 1000, "bad-in" },
    { 1999, "bad-in" },
    { 2000, "bad-in bad-out" },
    { G_MAXINT64, "bad-in bad-out" },
  };
  g_auto (PrStoreFixture) fixture;

  prepare (&fixture);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      PrSelection *selection = pr_selection_new_all ();

      pr_selection_set_due (selection, rows[i].now);
      assert_selected (&fixture, selection, rows[i].expected);
    }
}

/* --- Pages ------------------------------------------------------------------------------------ */

/* By every column, both ways, with few distinct values: pages of any size have each row once, and
 * two listings are the same. */
static void
test_pages (void)
{
  g_auto (PrStoreFixture) fixture;

  prepare (&fixture);
  for (guint field = 0; field < PR_MAILBOX_N_FIELDS; field++)
    for (guint descending = 0; descending < 2; descending++)
      {
        PrSelection *sorted = pr_selection_new_all ();
        g_autofree char *whole = NULL;

        pr_selection_set_sort (sorted, (PrMailboxField) field, descending != 0);
        whole = store_list_addresses (fixture.store, pr_selection_copy (sorted));
        for (guint size = 1; size <= 11; size += 3)
          {
            g_autoptr (GString) pages = g_string_new (NULL);

            for (guint offset = 0; offset < 12; offset += size)
              {
                PrSelection *selection = pr_selection_copy (sorted);
                g_autofree char *page = NULL;

                pr_selection_set_page (selection, offset, size);
                page = store_list_addresses (fixture.store, selection);
                g_string_append_printf (pages, "%s%s", pages->len > 0 && *page ? " " : "", page);
              }
            g_assert_cmpstr (pages->str, ==, whole);
          }
        pr_selection_free (sorted);
      }
}

static void
test_sorting (void)
{
  static const struct
  {
    PrMailboxField field;
    gboolean descending;
    const char *expected;
  } rows[] = {
    { PR_MAILBOX_NAME, FALSE,
      "approved bad-in bad-out forward good half idle nothing off rejected" },
    { PR_MAILBOX_ADDRESS, TRUE,
      "rejected off nothing idle half good forward bad-out bad-in approved" },
    { PR_MAILBOX_ACTIVE, FALSE,
      "off idle approved rejected good bad-in bad-out forward nothing half" },
    { PR_MAILBOX_INCOMING_STATUS, FALSE,
      "idle approved rejected forward nothing good bad-out half bad-in off" },
    { PR_MAILBOX_INCOMING_STATUS, TRUE,
      "bad-in off good bad-out half idle approved rejected forward nothing" },
    { PR_MAILBOX_PROFILE_NAME, TRUE,
      "good bad-in bad-out off forward nothing half idle approved rejected" },
  };
  g_auto (PrStoreFixture) fixture;

  prepare (&fixture);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      PrSelection *selection = pr_selection_new_all ();

      pr_selection_set_sort (selection, rows[i].field, rows[i].descending);
      assert_selected (&fixture, selection, rows[i].expected);
    }
}

/* --- Commands use the same conditions --------------------------------------------------------- */

static void
test_commands (void)
{
  g_auto (PrStoreFixture) fixture;
  PrChange change = { PR_MAILBOX_OWNER, (char *) "selected", 0, FALSE };
  PrSelection *selection = pr_selection_new_view (PR_VIEW_FAILED);
  g_autoptr (GError) error = NULL;
  g_autofree char *owners = NULL, *rest = NULL;
  guint n;

  prepare (&fixture);
  pr_selection_set_search (selection, "in@");
  g_assert_true (store_change (fixture.store, selection, &change, 1, &n, &error));
  g_assert_cmpuint (n, ==, 1);
  owners = files_query (fixture.path, "SELECT name FROM mailboxes WHERE owner = 'selected'");
  g_assert_cmpstr (owners, ==, "bad-in");
  g_assert_true (store_delete (fixture.store, pr_selection_new_view (PR_VIEW_ENABLED), &n, &error));
  g_assert_cmpuint (n, ==, 4);
  rest = store_list_addresses (fixture.store, pr_selection_new_all ());
  g_assert_cmpstr (rest, ==, "idle approved rejected off forward nothing");
  selection = pr_selection_new_all ();
  pr_selection_set_search (selection, "' OR 1=1 --");
  g_assert_true (store_delete (fixture.store, selection, &n, &error));
  g_assert_cmpuint (n, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/selection/views", test_views);
  g_test_add_func ("/store/selection/ids", test_ids);
  g_test_add_func ("/store/selection/addresses", test_addresses);
  g_test_add_func ("/store/selection/bad-bytes", test_bad_bytes);
  g_test_add_func ("/store/selection/search", test_search);
  g_test_add_func ("/store/selection/search-unicode", test_search_unicode);
  g_test_add_func ("/store/selection/together", test_together);
  g_test_add_func ("/store/selection/due", test_due);
  g_test_add_func ("/store/selection/pages", test_pages);
  g_test_add_func ("/store/selection/sorting", test_sorting);
  g_test_add_func ("/store/selection/commands", test_commands);
  return g_test_run ();
}
