/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The list behind the grid: which rows it has and in which order, how few of them are in memory,
 * and that it follows what is written, by this program and by another one, with the smallest
 * change. */

#include "pr-list-diff.h"
#include "pr-mailbox-list.h"
#include "pr-overview.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#define WAIT_MS 20000
#define MOST_FOR_OVERVIEW 2000000

typedef struct
{
  char *folder;
  char *path;
  PrStore *store;
  PrMailboxList *list;
  GArray *mirror; /* gint64: what a view would show, kept up by items-changed alone */
  guint n_changes;
  guint n_touched; /* rows that were part of a change */
} Fixture;

/* --- Waiting ---------------------------------------------------------------------------------- */

static gboolean
on_timeout (gpointer user_data)
{
  g_error ("waited for too long");
  return G_SOURCE_REMOVE;
}

#define WAIT_UNTIL(CONDITION)                                                                      \
  G_STMT_START                                                                                     \
  {                                                                                                \
    guint wait_id = g_timeout_add (WAIT_MS, on_timeout, NULL);                                     \
    while (!(CONDITION))                                                                           \
      g_main_context_iteration (NULL, TRUE);                                                       \
    g_source_remove (wait_id);                                                                     \
  }                                                                                                \
  G_STMT_END

static void
on_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **answer = user_data;

  *answer = g_object_ref (result);
}

/* --- A store with mailboxes ------------------------------------------------------------------- */

static void
run_sql (Fixture *fixture, const char *sql)
{
  sqlite3 *handle = NULL;
  char *message = NULL;

  g_assert_cmpint (sqlite3_open (fixture->path, &handle), ==, SQLITE_OK);
  sqlite3_exec (handle, sql, NULL, NULL, &message);
  g_assert_cmpstr (message, ==, NULL);
  g_assert_cmpint (sqlite3_close (handle), ==, SQLITE_OK);
}

static void
add_mailboxes (Fixture *fixture, guint n)
{
  g_autofree char *sql = g_strdup_printf (
      "WITH RECURSIVE i (v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM i WHERE v < %u)"
      "INSERT INTO mailboxes (name, kind, address, address_key, owner, incoming, outgoing, act,"
      " allow_credentials, username, delete_after, active, tested_at)"
      " SELECT 'Box ' || (v * 7919 %% 100003), 'user', 'box' || v || '@example.org',"
      " 'box' || v || '@example.org', '', 'server-side', 'server-side', 'none', 1, '', 0,"
      " v %% 10 <> 0, v FROM i",
      n);

  run_sql (fixture, sql);
}

static void
on_items_changed (GListModel *model,
                  guint position,
                  guint n_removed,
                  guint n_added,
                  gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->n_changes++;
  fixture->n_touched += n_removed + n_added;
  g_assert_cmpuint (position + n_removed, <=, fixture->mirror->len);
  if (n_removed > 0)
    g_array_remove_range (fixture->mirror, position, n_removed);
  for (guint i = 0; i < n_added; i++)
    {
      gint64 id = pr_mailbox_list_get_id (PR_MAILBOX_LIST (model), position + i);

      g_array_insert_val (fixture->mirror, position + i, id);
    }
  g_assert_cmpuint (fixture->mirror->len, ==, g_list_model_get_n_items (model));
}

/* Asks for anything at all, so that the store sees what another program has written. */
static void
ask (Fixture *fixture)
{
  g_autoptr (GAsyncResult) asked = NULL;
  g_autoptr (PrEmailSettings) settings = NULL;

  pr_store_load_settings_async (fixture->store, NULL, on_result, &asked);
  WAIT_UNTIL (asked != NULL);
  settings = pr_store_load_settings_finish (fixture->store, asked, NULL);
  g_assert_nonnull (settings);
}

static void
on_first_change (PrStore *store, guint changed, guint *seen)
{
  *seen |= changed;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) opened = NULL;
  g_autoptr (GAsyncResult) named = NULL;
  GError *error = NULL;
  guint seen = 0;

  fixture->folder = g_dir_make_tmp ("postroom-list-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "postroom.db", NULL);
  pr_store_open_async (fixture->path, PR_STORE_CREATE, NULL, on_result, &opened);
  WAIT_UNTIL (opened != NULL);
  fixture->store = pr_store_open_finish (opened, &error);
  g_assert_no_error (error);
  pr_store_set_identity_async (fixture->store, "id", "Default", NULL, on_result, &named);
  WAIT_UNTIL (named != NULL);
  g_assert_true (pr_store_set_identity_finish (fixture->store, named, &error));
  add_mailboxes (fixture, GPOINTER_TO_UINT (data));
  g_signal_connect (fixture->store, "changed", G_CALLBACK (on_first_change), &seen);
  ask (fixture);
  /* What this program wrote itself may be told before. */
  WAIT_UNTIL (seen == PR_STORE_CHANGED_ALL);
  g_signal_handlers_disconnect_by_data (fixture->store, &seen);
  fixture->mirror = g_array_new (FALSE, FALSE, sizeof (gint64));
  fixture->list = pr_mailbox_list_new (fixture->store);
  g_signal_connect (fixture->list, "items-changed", G_CALLBACK (on_items_changed), fixture);
}

static void
remove_file (Fixture *fixture, const char *name)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

  g_unlink (path);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  WAIT_UNTIL (!pr_mailbox_list_is_loading (fixture->list));
  g_signal_handlers_disconnect_by_data (fixture->list, fixture);
  g_clear_object (&fixture->list);
  /* The store's thread holds it until its last answer was taken. */
  g_object_add_weak_pointer (G_OBJECT (fixture->store), (gpointer *) &fixture->store);
  g_object_unref (fixture->store);
  WAIT_UNTIL (fixture->store == NULL);
  g_array_unref (fixture->mirror);
  remove_file (fixture, "postroom.db");
  remove_file (fixture, "postroom.db-wal");
  remove_file (fixture, "postroom.db-shm");
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->path);
  g_free (fixture->folder);
}

static void
show (Fixture *fixture, PrSelection *selection)
{
  pr_mailbox_list_set_selection (fixture->list, selection);
  WAIT_UNTIL (!pr_mailbox_list_is_loading (fixture->list));
  g_assert_no_error (pr_mailbox_list_get_error (fixture->list));
}

static guint
count (Fixture *fixture)
{
  return g_list_model_get_n_items (G_LIST_MODEL (fixture->list));
}

static PrMailboxRow *
get_row (Fixture *fixture, guint position)
{
  return g_list_model_get_item (G_LIST_MODEL (fixture->list), position);
}

static PrMailboxRow *
get_read_row (Fixture *fixture, guint position)
{
  PrMailboxRow *row = get_row (fixture, position);

  WAIT_UNTIL (pr_mailbox_row_get_mailbox (row) != NULL);
  return row;
}

static const char *
get_name (PrMailboxRow *row)
{
  return pr_mailbox_get_text (pr_mailbox_row_get_mailbox (row), NAME);
}

/* --- Tests ------------------------------------------------------------------------------------ */

static void
test_views (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PrSelection) all = pr_selection_new_all ();
  g_autoptr (PrSelection) active = pr_selection_new_view (PR_VIEW_ACTIVE);
  const gint64 except[] = { 1, 2, 10 };

  show (fixture, all);
  g_assert_cmpuint (count (fixture), ==, 1000);
  show (fixture, active);
  g_assert_cmpuint (count (fixture), ==, 900);
  pr_selection_set_except (active, except, G_N_ELEMENTS (except));
  show (fixture, active);
  g_assert_cmpuint (count (fixture), ==, 898); /* the third is not active anyway */
  pr_selection_set_search (active, "BOX77@");
  show (fixture, active);
  g_assert_cmpuint (count (fixture), ==, 1);
  pr_selection_set_search (active, "nobody");
  show (fixture, active);
  g_assert_cmpuint (count (fixture), ==, 0);
  g_assert_null (get_row (fixture, 0));
}

static void
test_cause (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PrSelection) all = pr_selection_new_all ();

  run_sql (fixture, "UPDATE mailboxes SET incoming_code = 'dns-not-found' WHERE id = 3;"
                    "UPDATE mailboxes SET outgoing_code = 'dns-not-found' WHERE id = 5;"
                    "UPDATE mailboxes SET outgoing_code = 'tls-version' WHERE id = 7;");
  pr_selection_set_code (all, "dns-not-found");
  show (fixture, all);
  g_assert_cmpuint (count (fixture), ==, 2);
  g_assert_cmpint (pr_mailbox_list_get_id (fixture->list, 0), ==, 3);
  g_assert_cmpint (pr_mailbox_list_get_id (fixture->list, 1), ==, 5);
}

static void
test_search_folds (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PrSelection) all = pr_selection_new_all ();

  run_sql (fixture, "UPDATE mailboxes SET name = 'Ärzte 100%' WHERE id = 3;"
                    "UPDATE mailboxes SET name = 'ЖУРНАЛ' WHERE id = 4;");
  pr_selection_set_search (all, "ärzte");
  show (fixture, all);
  g_assert_cmpuint (count (fixture), ==, 1);
  pr_selection_set_search (all, "ARZTE 100%");
  show (fixture, all);
  g_assert_cmpuint (count (fixture), ==, 1);
  pr_selection_set_search (all, "журнал");
  show (fixture, all);
  g_assert_cmpuint (count (fixture), ==, 1);
  g_assert_cmpint (pr_mailbox_list_get_id (fixture->list, 0), ==, 4);
  pr_selection_set_search (all, "%");
  show (fixture, all);
  g_assert_cmpuint (count (fixture), ==, 1);
  pr_selection_set_search (all, "_");
  show (fixture, all);
  g_assert_cmpuint (count (fixture), ==, 0);
}

static void
check_sorted (Fixture *fixture, gboolean descending)
{
  g_autofree char *before = NULL;

  for (guint i = 0; i < count (fixture); i++)
    {
      g_autoptr (PrMailboxRow) row = get_read_row (fixture, i);
      int order = before == NULL ? 0 : g_utf8_collate (before, get_name (row));

      g_assert_cmpint (descending ? -order : order, <=, 0);
      g_free (before);
      before = g_strdup (get_name (row));
    }
}

static void
test_sort (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PrSelection) all = pr_selection_new_all ();

  pr_selection_set_sort (all, PR_MAILBOX_NAME, FALSE);
  show (fixture, all);
  check_sorted (fixture, FALSE);
  pr_selection_set_sort (all, PR_MAILBOX_NAME, TRUE);
  show (fixture, all);
  g_assert_cmpuint (count (fixture), ==, 1000);
  check_sorted (fixture, TRUE);
}

/* Every field can be sorted by, both ways; equal rows stay in the order of their ids. */
static void
test_sort_fields (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PrSelection) all = pr_selection_new_all ();

  for (guint field = 0; field < PR_MAILBOX_N_FIELDS; field++)
    for (guint descending = 0; descending < 2; descending++)
      {
        pr_selection_set_sort (all, field, descending != 0);
        show (fixture, all);
        g_assert_cmpuint (count (fixture), ==, 1000);
      }
  run_sql (fixture, "UPDATE mailboxes SET incoming_status = 'failure' WHERE id IN (7, 9);"
                    "UPDATE mailboxes SET incoming_status = 'success' WHERE id = 8;");
  pr_selection_set_sort (all, PR_MAILBOX_INCOMING_STATUS, TRUE);
  show (fixture, all);
  g_assert_cmpint (pr_mailbox_list_get_id (fixture->list, 0), ==, 7);
  g_assert_cmpint (pr_mailbox_list_get_id (fixture->list, 1), ==, 9);
  g_assert_cmpint (pr_mailbox_list_get_id (fixture->list, 2), ==, 8);
  g_assert_cmpint (pr_mailbox_list_get_id (fixture->list, 3), ==, 1);
}

/* A row is there at once and filled later, and it is the same object for as long as it lives. */
static void
test_rows (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PrSelection) all = pr_selection_new_all ();
  g_autoptr (PrMailboxRow) row = NULL;
  g_autoptr (PrMailboxRow) same = NULL;

  show (fixture, all);
  row = get_row (fixture, 500);
  same = get_row (fixture, 500);
  g_assert_true (row == same);
  g_assert_null (pr_mailbox_row_get_mailbox (row));
  g_assert_cmpint (pr_mailbox_row_get_id (row), ==, 501);
  WAIT_UNTIL (pr_mailbox_row_get_mailbox (row) != NULL);
  g_assert_cmpstr (pr_mailbox_get_text (pr_mailbox_row_get_mailbox (row), ADDRESS), ==,
                   "box501@example.org");
  /* The whole page came with it, and no more. */
  g_assert_cmpuint (pr_mailbox_list_get_n_in_memory (fixture->list), ==, PR_MAILBOX_LIST_PAGE);
}

static void
test_many (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PrSelection) all = pr_selection_new_all ();
  g_autoptr (PrMailboxRow) last = NULL;
  guint most = 0;

  pr_selection_set_sort (all, PR_MAILBOX_ADDRESS, FALSE);
  show (fixture, all);
  g_assert_cmpuint (count (fixture), ==, 100000);
  g_assert_cmpuint (pr_mailbox_list_get_n_in_memory (fixture->list), ==, 0);
  last = get_read_row (fixture, 99999);
  g_assert_cmpstr (pr_mailbox_get_text (pr_mailbox_row_get_mailbox (last), ADDRESS), ==,
                   "box9@example.org"); /* "@" comes after the digits */
  for (guint i = 0; i < 100000; i += 500)
    {
      g_autoptr (PrMailboxRow) row = get_read_row (fixture, i);

      most = MAX (most, pr_mailbox_list_get_n_in_memory (fixture->list));
    }
  g_assert_cmpuint (most, <, 700);
}

/* Somebody drags the scroll bar: what was passed by is not read. */
static void
test_passed_by (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PrSelection) all = pr_selection_new_all ();
  g_autoptr (PrMailboxRow) row = NULL;

  show (fixture, all);
  for (guint i = 0; i < 100000; i += PR_MAILBOX_LIST_PAGE)
    g_object_unref (get_row (fixture, i));
  row = get_read_row (fixture, 50000);
  g_assert_cmpuint (pr_mailbox_list_get_n_in_memory (fixture->list), <=, 2 * PR_MAILBOX_LIST_PAGE);
}

static void
count_row_change (PrMailboxRow *row, guint *n)
{
  (*n)++;
}

static void
change_active (Fixture *fixture, gint64 id, gboolean active)
{
  g_autoptr (PrSelection) one = pr_selection_new_ids (&id, 1);
  PrChange change = { PR_MAILBOX_ACTIVE, NULL, active };
  g_autoptr (GAsyncResult) done = NULL;
  GError *error = NULL;
  guint n;

  pr_store_change_mailboxes_async (fixture->store, one, &change, 1, NULL, on_result, &done);
  WAIT_UNTIL (done != NULL);
  g_assert_true (pr_store_change_mailboxes_finish (fixture->store, done, &n, &error));
  g_assert_cmpuint (n, ==, 1);
}

/* A row that leaves the view: one small change, and nobody else is touched. */
static void
test_follows (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PrSelection) active = pr_selection_new_view (PR_VIEW_ACTIVE);
  g_autoptr (PrMailboxRow) other = NULL;

  show (fixture, active);
  other = get_read_row (fixture, 100);
  fixture->n_changes = fixture->n_touched = 0;
  change_active (fixture, 3, FALSE);
  WAIT_UNTIL (count (fixture) == 899);
  g_assert_cmpuint (fixture->n_changes, ==, 1);
  g_assert_cmpuint (fixture->n_touched, ==, 1);
  change_active (fixture, 3, TRUE);
  WAIT_UNTIL (count (fixture) == 900);
  g_assert_cmpint (pr_mailbox_list_get_id (fixture->list, 2), ==, 3);
  g_assert_cmpuint (fixture->n_touched, ==, 2);
  {
    g_autoptr (PrMailboxRow) again = get_row (fixture, 100);

    g_assert_true (again == other);
  }
}

/* A value that does not matter to the order: no change of the list, but of the row. */
static void
test_values (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PrSelection) all = pr_selection_new_all ();
  g_autoptr (PrMailboxRow) row = NULL;
  guint n = 0;

  show (fixture, all);
  row = get_read_row (fixture, 6);
  g_signal_connect (row, "changed", G_CALLBACK (count_row_change), &n);
  fixture->n_changes = 0;
  change_active (fixture, 7, FALSE);
  WAIT_UNTIL (!pr_mailbox_get (pr_mailbox_row_get_mailbox (row), ACTIVE));
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpuint (fixture->n_changes, ==, 0);
}

/* Another program writes: it is seen when this one next asks for anything. */
static void
test_other_program (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PrSelection) all = pr_selection_new_all ();
  g_autoptr (PrMailboxRow) row = NULL;

  show (fixture, all);
  row = get_read_row (fixture, 0);
  run_sql (fixture, "DELETE FROM mailboxes WHERE id IN (5, 6, 900);"
                    "UPDATE mailboxes SET name = 'Other' WHERE id = 1;");
  ask (fixture);
  WAIT_UNTIL (count (fixture) == 997);
  WAIT_UNTIL (g_str_equal (get_name (row), "Other"));
  for (guint i = 0; i < 997; i++)
    g_assert_cmpint (g_array_index (fixture->mirror, gint64, i), ==,
                     pr_mailbox_list_get_id (fixture->list, i));
}

/* While a job runs rows stay where they are; what is deleted goes all the same. */
static void
test_held (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PrSelection) active = pr_selection_new_view (PR_VIEW_ACTIVE);
  g_autoptr (PrMailboxRow) row = NULL;
  const gint64 gone = 4;
  g_autoptr (PrSelection) one = pr_selection_new_ids (&gone, 1);
  g_autoptr (GAsyncResult) deleted = NULL;
  g_autoptr (GArray) ids = NULL;

  show (fixture, active);
  row = get_read_row (fixture, 2);
  pr_mailbox_list_set_held (fixture->list, TRUE);
  change_active (fixture, 3, FALSE);
  WAIT_UNTIL (!pr_mailbox_get (pr_mailbox_row_get_mailbox (row), ACTIVE));
  g_assert_cmpuint (count (fixture), ==, 900);
  pr_mailbox_list_set_held (fixture->list, FALSE);
  WAIT_UNTIL (count (fixture) == 899);
  pr_mailbox_list_set_held (fixture->list, TRUE);
  pr_store_delete_mailboxes_async (fixture->store, one, NULL, on_result, &deleted);
  WAIT_UNTIL (deleted != NULL);
  ids = pr_store_delete_mailboxes_finish (fixture->store, deleted, NULL);
  g_assert_cmpuint (ids->len, ==, 1);
  WAIT_UNTIL (count (fixture) == 898);
}

/* The last question is the one that is answered. */
static void
test_superseded (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PrSelection) selection = pr_selection_new_all ();

  pr_selection_set_sort (selection, PR_MAILBOX_NAME, FALSE);
  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *text = g_strdup_printf ("box%u", i);

      pr_selection_set_search (selection, text);
      pr_mailbox_list_set_selection (fixture->list, selection);
    }
  pr_selection_set_search (selection, "box77777@");
  show (fixture, selection);
  g_assert_cmpuint (count (fixture), ==, 1);
  g_assert_cmpuint (fixture->n_changes, ==, 1);
}

static void
tell_progress (gint64 id, PrTestProgress *progress, gpointer data)
{
  if (id == 3)
    progress[PR_DIRECTION_OUTGOING] =
        (PrTestProgress){ PR_PROGRESS_RUNNING, PR_STEP_TLS, 0, PR_CODE_OK };
}

static void
test_progress (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PrSelection) all = pr_selection_new_all ();
  g_autoptr (PrMailboxRow) row = NULL;
  guint n = 0;

  show (fixture, all);
  row = get_read_row (fixture, 2);
  g_signal_connect (row, "changed", G_CALLBACK (count_row_change), &n);
  pr_mailbox_list_set_progress_func (fixture->list, tell_progress, NULL);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpint (pr_mailbox_row_get_progress (row, PR_DIRECTION_OUTGOING).state, ==,
                   PR_PROGRESS_RUNNING);
  g_assert_cmpint (pr_mailbox_row_get_progress (row, PR_DIRECTION_INCOMING).state, ==,
                   PR_PROGRESS_NONE);
  /* The same again is no news; a row that nobody looks at costs nothing. */
  pr_mailbox_list_update_progress (fixture->list, 3);
  pr_mailbox_list_update_progress (fixture->list, 999);
  g_assert_cmpuint (n, ==, 1);
  pr_mailbox_list_set_progress_func (fixture->list, NULL, NULL);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpint (pr_mailbox_row_get_progress (row, PR_DIRECTION_OUTGOING).state, ==,
                   PR_PROGRESS_NONE);
}

/* --- Differences ------------------------------------------------------------------------------ */

static guint
apply_diff (GArray *list, GArray *wanted, guint max_edits)
{
  g_autoptr (GArray) edits = pr_list_diff ((gint64 *) list->data, list->len,
                                           (gint64 *) wanted->data, wanted->len, max_edits);

  g_assert_cmpuint (edits->len, <=, max_edits);
  for (guint i = 0; i < edits->len; i++)
    {
      const PrListEdit *edit = &g_array_index (edits, PrListEdit, i);

      g_assert_cmpuint (edit->n_removed + edit->n_added, >, 0);
      g_assert_cmpuint (edit->position + edit->n_removed, <=, list->len);
      g_assert_cmpuint (edit->position + edit->n_added, <=, wanted->len);
      if (edit->n_removed > 0)
        g_array_remove_range (list, edit->position, edit->n_removed);
      if (edit->n_added > 0)
        g_array_insert_vals (list, edit->position, &g_array_index (wanted, gint64, edit->position),
                             edit->n_added);
    }
  g_assert_cmpuint (list->len, ==, wanted->len);
  g_assert_cmpmem (list->data, list->len * sizeof (gint64), wanted->data,
                   wanted->len * sizeof (gint64));
  return edits->len;
}

static GArray *
make_ids (guint n)
{
  GArray *ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (gint64 i = 1; i <= n; i++)
    g_array_append_val (ids, i);
  return ids;
}

static void
test_diff_random (void)
{
  for (guint round = 0; round < 3000; round++)
    {
      g_autoptr (GArray) before = make_ids ((guint) g_test_rand_int_range (0, 300));
      g_autoptr (GArray) after = g_array_copy (before);
      int n_edits = g_test_rand_int_range (0, 12);

      for (int i = 0; i < n_edits; i++)
        {
          gint64 id = 1000 + i;
          guint at = (guint) g_test_rand_int_range (0, (gint) after->len + 1);

          guint n = (guint) g_test_rand_int_range (1, 100);

          if (g_test_rand_bit () || at == after->len)
            g_array_insert_val (after, at, id);
          else
            g_array_remove_range (after, at, MIN (after->len - at, n));
        }
      apply_diff (before, after, 4);
    }
}

static void
test_diff_small (void)
{
  g_autoptr (GArray) before = make_ids (10000);
  g_autoptr (GArray) after = make_ids (10000);
  g_autoptr (GArray) none = make_ids (0);

  g_assert_cmpuint (apply_diff (before, after, 32), ==, 0);
  g_array_remove_range (after, 9000, 1);
  g_array_remove_range (after, 5000, 2);
  g_array_remove_range (after, 10, 1);
  g_assert_cmpuint (apply_diff (before, after, 32), ==, 3);
  g_array_remove_range (after, 1000, 5000);
  g_assert_cmpuint (apply_diff (before, after, 32), ==, 1);
  g_assert_cmpuint (apply_diff (before, none, 32), ==, 1);
  g_assert_cmpuint (apply_diff (before, after, 32), ==, 1);
}

/* Counting does not keep the mailboxes: what SQLite takes for it is its cache and little more. */
static void
test_overview_memory (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) loaded = NULL;
  PrOverview *overview;

  sqlite3_memory_highwater (TRUE);
  pr_store_load_overview_async (fixture->store, 0, 0, NULL, on_result, &loaded);
  WAIT_UNTIL (loaded != NULL);
  overview = pr_store_load_overview_finish (fixture->store, loaded, NULL);
  g_assert_nonnull (overview);
  g_assert_cmpuint (overview->all.n_mailboxes, ==, GPOINTER_TO_UINT (data));
  g_assert_cmpint (sqlite3_memory_highwater (FALSE), <, MOST_FOR_OVERVIEW);
  pr_overview_free (overview);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(NAME, N, FUNC)                                                                         \
  g_test_add ("/mailbox-list/" NAME, Fixture, GUINT_TO_POINTER (N), set_up, FUNC, tear_down)
  ADD ("views", 1000, test_views);
  ADD ("cause", 1000, test_cause);
  ADD ("search-folds", 1000, test_search_folds);
  ADD ("sort", 1000, test_sort);
  ADD ("sort-fields", 1000, test_sort_fields);
  ADD ("rows", 1000, test_rows);
  ADD ("many", 100000, test_many);
  ADD ("passed-by", 100000, test_passed_by);
  ADD ("follows", 1000, test_follows);
  ADD ("values", 1000, test_values);
  ADD ("other-program", 1000, test_other_program);
  ADD ("held", 1000, test_held);
  ADD ("superseded", 100000, test_superseded);
  ADD ("progress", 1000, test_progress);
  ADD ("overview-memory", 100000, test_overview_memory);
  g_test_add_func ("/list-diff/random", test_diff_random);
  g_test_add_func ("/list-diff/small", test_diff_small);
  return g_test_run ();
}
