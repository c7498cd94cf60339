/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Several processes on one database: nobody's change is lost, nobody waits for ever, and one that
 * is killed in the middle of a command leaves nothing half done. The test starts itself again as
 * the other processes. */

#include "store-fixture.h"

#include <gio/gio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define N_CHILDREN 4
#define N_EDITS 20
#define N_ROWS 4000
#define N_KILLS 40

/* --- The other process ------------------------------------------------------------------------ */

static int
get_count (const char *text)
{
  return (int) g_ascii_strtoll (text, NULL, 10);
}

/* Adds one to the number in @field, as somebody does who has read it before; again and again,
 * until it has counted. */
static void
count_up (PrStore *store,
          gpointer (*load) (PrStore *store),
          gboolean (*save) (PrStore *store, gpointer record, GError **error),
          const char *field)
{
  for (guint done = 0; done < N_EDITS;)
    {
      g_autoptr (PrRecord) record = load (store);
      g_autofree char *before = record_get (record, field);
      g_autofree char *after = g_strdup_printf ("%d", get_count (before) + 1);
      g_autoptr (GError) error = NULL;

      record_set (record, field, after);
      if (save (store, record, &error))
        done++;
      else
        g_assert_error (error, PR_ERROR, PR_ERROR_CONFLICT);
    }
}

static gpointer
load_profile (PrStore *store)
{
  return store_find_profile (store, "Example");
}

static gboolean
save_profile (PrStore *store, gpointer record, GError **error)
{
  return store_save_profile (store, record, error);
}

static gpointer
load_mailbox (PrStore *store)
{
  return store_find_mailbox (store, "counted@example.org");
}

static gboolean
save_mailbox (PrStore *store, gpointer record, GError **error)
{
  return store_save_mailbox (store, record, error);
}

static gpointer
load_settings (PrStore *store)
{
  return store_load_settings (store);
}

static gboolean
save_settings (PrStore *store, gpointer record, GError **error)
{
  return store_save_settings (store, record, error);
}

static void
child_edit (PrStore *store, const char *name)
{
  count_up (store, load_profile, save_profile, "description");
  count_up (store, load_mailbox, save_mailbox, "owner");
  count_up (store, load_settings, save_settings, "keep-alerts-days");
  for (guint i = 0; i < N_EDITS; i++)
    {
      g_autofree char *address = g_strdup_printf ("%s-%u@example.org", name, i);
      g_autoptr (PrMailbox) mailbox = store_add_mailbox (store, address, NULL);
    }
}

/* Commands on all rows without end, each of which is to be seen whole or not at all. */
static void
child_change (PrStore *store, const char *name)
{
  g_print ("ready\n");
  for (guint i = 0;; i++)
    {
      g_autofree char *text = g_strdup_printf ("%s-%u", name, i);
      PrChange changes[] = {
        { PR_MAILBOX_OWNER, text, 0, FALSE },
        { PR_MAILBOX_NAME, text, 0, FALSE },
        { PR_MAILBOX_ACTIVE, NULL, i % 2, FALSE },
      };
      g_autoptr (GError) error = NULL;
      guint n;

      store_change (store, pr_selection_new_all (), changes, G_N_ELEMENTS (changes), &n, &error);
      g_assert_no_error (error);
      g_print ("ready\n");
    }
}

/* Results of tests: a status and a report each time. */
static void
child_results (PrStore *store, const char *name)
{
  g_print ("ready\n");
  for (guint i = 1;; i++)
    {
      PrStoredResult *result = pr_stored_result_new ();
      g_autoptr (GError) error = NULL;

      result->mailbox_id = 1 + i % 50;
      result->serial = 1;
      result->status = PR_TEST_STATUS_SUCCESS;
      result->enabled = TRUE;
      result->all_passed = TRUE;
      result->code = g_strdup ("");
      result->finished_at = i;
      result->report = g_strdup_printf ("{\"schema\":1,\"number\":%u}", i);
      store_save_result (store, result, &error);
      g_assert_no_error (error);
    }
}

static int
run_child (const char *what, const char *path, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PrStore) store = store_open (path, PR_STORE_READ_WRITE, &error);

  g_assert_no_error (error);
  if (g_str_equal (what, "edit"))
    child_edit (store, name);
  else if (g_str_equal (what, "change"))
    child_change (store, name);
  else if (g_str_equal (what, "look"))
    g_object_unref (store_load_settings (store));
  else
    child_results (store, name);
  return EXIT_SUCCESS;
}

/* --- This process ----------------------------------------------------------------------------- */

static GSubprocess *
start (PrStoreFixture *fixture, const char *what, const char *name)
{
  g_autoptr (GError) error = NULL;
  GSubprocess *process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, "/proc/self/exe",
                                           "--child", what, fixture->path, name, NULL);

  g_assert_no_error (error);
  return process;
}

/* @n: how often it must have said so. */
static void
wait_ready (GSubprocess *process, guint n)
{
  g_autoptr (GDataInputStream) lines =
      g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *line = g_data_input_stream_read_line (lines, NULL, NULL, NULL);

      g_assert_cmpstr (line, ==, "ready");
    }
}

static void
test_no_lost_update (void)
{
  g_auto (PrStoreFixture) fixture;
  GSubprocess *children[N_CHILDREN];
  g_autoptr (PrServerProfile) profile = NULL;
  g_autoptr (PrMailbox) mailbox = NULL;
  g_autoptr (PrEmailSettings) settings = NULL;
  g_autofree char *counts = NULL, *check = NULL;

  store_fixture_init (&fixture);
  profile = store_add_profile (fixture.store, "Example");
  mailbox = store_add_mailbox (fixture.store, "counted@example.org", "owner", "0", NULL);
  settings = store_load_settings (fixture.store);
  record_set (settings, "keep-alerts-days", "1");
  g_assert_true (store_save_settings (fixture.store, settings, NULL));
  for (guint i = 0; i < N_CHILDREN; i++)
    {
      g_autofree char *name = g_strdup_printf ("child%u", i);

      children[i] = start (&fixture, "edit", name);
    }
  for (guint i = 0; i < N_CHILDREN; i++)
    {
      g_autoptr (GError) error = NULL;

      g_subprocess_wait_check (children[i], NULL, &error);
      g_assert_no_error (error);
      g_object_unref (children[i]);
    }
  counts = files_query (fixture.path, "SELECT (SELECT description FROM profiles),"
                                      " (SELECT owner FROM mailboxes WHERE id = 1),"
                                      " (SELECT keep_alerts_days FROM email_settings),"
                                      " (SELECT count (*) FROM mailboxes)");
  check = g_strdup_printf ("%d|%d|%d|%d", N_CHILDREN * N_EDITS, N_CHILDREN * N_EDITS,
                           N_CHILDREN * N_EDITS + 1, N_CHILDREN * N_EDITS + 1);
  g_assert_cmpstr (counts, ==, check);
}

/* Whoever looks at a database that this process has open already, as a list of all environments
 * does, leaves it open: another process that comes and goes is not the last one, and does not take
 * the log along, with all that is written from then on. */
static void
test_opened_twice (void)
{
  g_auto (PrStoreFixture) fixture;
  g_autofree char *counts = NULL;

  store_fixture_init (&fixture);
  for (guint round = 0; round < 3; round++)
    {
      g_autofree char *before = g_strdup_printf ("before%u@example.org", round);
      g_autofree char *after = g_strdup_printf ("after%u@example.org", round);
      g_autoptr (GError) error = NULL;
      PrDatabase *again;
      g_autoptr (GSubprocess) child = NULL;

      g_object_unref (store_add_mailbox (fixture.store, before, NULL));
      again = pr_database_open (fixture.path, round == 0 ? PR_DATABASE_READ_ONLY : PR_DATABASE_NONE,
                                &error);
      g_assert_no_error (error);
      pr_database_close (again);
      child = start (&fixture, "look", "x");
      g_subprocess_wait_check (child, NULL, &error);
      g_assert_no_error (error);
      g_object_unref (store_add_mailbox (fixture.store, after, NULL));
    }
  counts = files_query (fixture.path, "SELECT count (*) FROM mailboxes");
  g_assert_cmpstr (counts, ==, "6");
}

static void
add_rows (PrStoreFixture *fixture)
{
  g_autofree char *sql = g_strdup_printf (
      "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
      "INSERT INTO mailboxes (name, kind, address, address_key, owner, incoming, outgoing, act,"
      " allow_credentials, username, delete_after, active)"
      " SELECT 'start', 'user', i || '@example.org', i || '@example.org', 'start', 'server-side',"
      " 'server-side', 'none', 1, i || '@example.org', 0, 1 FROM n",
      N_ROWS);

  files_run_sql (fixture->path, sql);
}

/* All rows say the same, in all that a command sets. */
static void
assert_whole (PrStoreFixture *fixture)
{
  g_autofree char *states = files_query (
      fixture->path,
      "SELECT count (DISTINCT owner || '|' || name || '|' || active || '|' || version),"
      " count (*) FROM mailboxes");
  g_autofree char *check =
      files_query (fixture->path, "SELECT integrity_check FROM pragma_integrity_check");
  g_autofree char *expected = g_strdup_printf ("1|%d", N_ROWS);

  g_assert_cmpstr (states, ==, expected);
  g_assert_cmpstr (check, ==, "ok");
}

static void
test_killed_in_change (void)
{
  g_auto (PrStoreFixture) fixture;
  guint n_done = 0;

  store_fixture_init (&fixture);
  store_fixture_close (&fixture);
  add_rows (&fixture);
  for (guint i = 0; i < N_KILLS; i++)
    {
      g_autofree char *name = g_strdup_printf ("round%u", i);
      g_autoptr (GSubprocess) child = start (&fixture, "change", name);
      g_autofree char *owner = NULL;

      /* After its first command, or the second, or before; and somewhere in the next one. */
      wait_ready (child, 1 + i % 3);
      g_usleep ((gulong) g_test_rand_int_range (0, 80000));
      g_subprocess_send_signal (child, SIGKILL);
      g_subprocess_wait (child, NULL, NULL);
      /* It opens as if nothing had been. */
      store_fixture_open (&fixture);
      store_fixture_close (&fixture);
      assert_whole (&fixture);
      owner = files_query (fixture.path, "SELECT owner FROM mailboxes LIMIT 1");
      n_done += g_str_has_prefix (owner, name);
    }
  /* Some were killed before their first command was through, most were not. */
  g_assert_cmpuint (n_done, >, 0);
}

static void
test_killed_in_job (void)
{
  g_auto (PrStoreFixture) fixture;

  store_fixture_init (&fixture);
  store_fixture_close (&fixture);
  add_rows (&fixture);
  for (guint i = 0; i < N_KILLS / 2; i++)
    {
      g_autoptr (GSubprocess) child = start (&fixture, "results", "x");
      g_autofree char *differing = NULL, *running = NULL, *check = NULL;

      wait_ready (child, 1);
      g_usleep ((gulong) g_test_rand_int_range (0, 60000));
      g_subprocess_send_signal (child, SIGKILL);
      g_subprocess_wait (child, NULL, NULL);
      store_fixture_open (&fixture);
      store_fixture_close (&fixture);
      /* Status and report are of the same test; nobody is left "running". */
      differing = files_query (fixture.path,
                               "SELECT count (*) FROM mailboxes AS m LEFT JOIN reports AS r"
                               " ON r.mailbox_id = m.id AND r.direction = 'incoming'"
                               " WHERE (m.tested_at <> 0 AND (r.finished_at IS NOT m.tested_at"
                               " OR json_extract (r.json, '$.number') IS NOT m.tested_at))"
                               " OR (m.tested_at = 0 AND r.mailbox_id IS NOT NULL)");
      g_assert_cmpstr (differing, ==, "0");
      running =
          files_query (fixture.path, "SELECT count (*) FROM mailboxes WHERE run_state <> 'idle'");
      g_assert_cmpstr (running, ==, "0");
      check = files_query (fixture.path, "SELECT integrity_check FROM pragma_integrity_check");
      g_assert_cmpstr (check, ==, "ok");
    }
}

/* Killed while its database was made for the first time. */
static void
test_killed_at_birth (void)
{
  for (guint i = 0; i < 2; i++)
    {
      g_auto (PrStoreFixture) fixture;

      store_fixture_init_folder (&fixture);
      files_write (fixture.path, "", 0);
      /* An empty file, or one with a header alone. */
      if (i % 2 == 1)
        files_run_sql (fixture.path, "PRAGMA journal_mode = WAL; CREATE TABLE x (a); DROP TABLE x");
      store_fixture_open (&fixture);
      store_set_identity (fixture.store, ENVIRONMENT_ID, "Default");
    }
}

/* --- Busy ------------------------------------------------------------------------------------- */

typedef struct
{
  const char *path;
  GMutex mutex;
  GCond cond;
  gboolean holds;
  gboolean lets_go;
} PrHolder;

static gpointer
hold_write_lock (gpointer data)
{
  PrHolder *holder = data;
  sqlite3 *handle = NULL;

  g_assert_cmpint (sqlite3_open (holder->path, &handle), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (handle, "BEGIN IMMEDIATE", NULL, NULL, NULL), ==, SQLITE_OK);
  g_mutex_lock (&holder->mutex);
  holder->holds = TRUE;
  g_cond_signal (&holder->cond);
  while (!holder->lets_go)
    g_cond_wait (&holder->cond, &holder->mutex);
  g_mutex_unlock (&holder->mutex);
  g_assert_cmpint (sqlite3_exec (handle, "COMMIT", NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (handle);
  return NULL;
}

static GThread *
start_holder (PrHolder *holder)
{
  GThread *thread;

  g_mutex_init (&holder->mutex);
  g_cond_init (&holder->cond);
  thread = g_thread_new ("holder", hold_write_lock, holder);
  g_mutex_lock (&holder->mutex);
  while (!holder->holds)
    g_cond_wait (&holder->cond, &holder->mutex);
  g_mutex_unlock (&holder->mutex);
  return thread;
}

static void
end_holder (PrHolder *holder, GThread *thread)
{
  g_mutex_lock (&holder->mutex);
  holder->lets_go = TRUE;
  g_cond_signal (&holder->cond);
  g_mutex_unlock (&holder->mutex);
  g_thread_join (thread);
  g_mutex_clear (&holder->mutex);
  g_cond_clear (&holder->cond);
}

/* Somebody else writes: we wait for our turn, and read without waiting. */
static void
test_waits_for_turn (void)
{
  PrChange changes[] = { { PR_MAILBOX_OWNER, (char *) "Olivia", 0, FALSE } };
  g_auto (PrStoreFixture) fixture;
  PrHolder holder = { .path = NULL };
  g_autoptr (PrMailbox) before = NULL, found = NULL;
  g_autoptr (PrSelection) all = pr_selection_new_all ();
  g_auto (PrStoreWait) wait = { NULL };
  g_autoptr (GError) error = NULL;
  GThread *thread;
  gint64 until;
  guint n = 0;

  store_fixture_init (&fixture);
  before = store_add_mailbox (fixture.store, "before@example.org", NULL);
  holder.path = fixture.path;
  thread = start_holder (&holder);
  /* The lock is held until the end, so whatever ends did not wait for it. */
  found = store_find_mailbox (fixture.store, "before@example.org");
  g_assert_nonnull (found);
  pr_store_change_mailboxes_async (fixture.store, all, changes, G_N_ELEMENTS (changes), NULL,
                                   store_ready, &wait);
  until = g_get_monotonic_time () + 100 * 1000;
  while (g_get_monotonic_time () < until)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
  g_assert_null (wait.result);
  end_holder (&holder, thread);
  g_assert_true (pr_store_change_mailboxes_finish (fixture.store, store_wait (&wait), &n, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, 1);
}

/* Somebody else writes for too long: said as it is, and nothing has changed. */
static void
test_gives_up (void)
{
  g_auto (PrStoreFixture) fixture;
  PrHolder holder = { .path = NULL };
  g_autoptr (PrDatabase) database = NULL;
  g_autoptr (GError) error = NULL;
  GThread *thread;

  store_fixture_init (&fixture);
  database = pr_database_open (fixture.path, PR_DATABASE_NONE, &error);
  g_assert_no_error (error);
  g_assert_true (pr_database_run (database, &error, "PRAGMA busy_timeout = 50", ""));
  holder.path = fixture.path;
  thread = start_holder (&holder);
  g_assert_false (pr_database_begin (database, TRUE, &error));
  g_assert_error (error, PR_ERROR, PR_ERROR_DATABASE);
  g_assert_nonnull (strstr (error->message, "being written by another program"));
  g_assert_nonnull (strstr (error->message, fixture.path));
  end_holder (&holder, thread);
  g_clear_error (&error);
  g_assert_true (pr_database_begin (database, TRUE, &error));
  pr_database_rollback (database);
}

/* --- Cancelled -------------------------------------------------------------------------------- */

static gboolean
cancel (gpointer data)
{
  g_cancellable_cancel (data);
  return G_SOURCE_REMOVE;
}

/* A cancelled command has changed nothing, whenever that was. */
static void
test_cancelled (void)
{
  g_auto (PrStoreFixture) fixture;
  guint n_cancelled = 0;

  store_fixture_init (&fixture);
  add_rows (&fixture);
  for (guint i = 0; i < 12; i++)
    {
      g_autofree char *text = g_strdup_printf ("%u", i);
      PrChange changes[] = { { PR_MAILBOX_OWNER, text, 0, FALSE },
                             { PR_MAILBOX_NAME, text, 0, FALSE } };
      g_autoptr (PrSelection) all = pr_selection_new_all ();
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_auto (PrStoreWait) wait = { NULL };
      g_autoptr (GError) error = NULL;
      guint n = 0;

      g_timeout_add (i, cancel, cancellable);
      pr_store_change_mailboxes_async (fixture.store, all, changes, G_N_ELEMENTS (changes),
                                       cancellable, store_ready, &wait);
      if (!pr_store_change_mailboxes_finish (fixture.store, store_wait (&wait), &n, &error))
        {
          g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
          n_cancelled++;
        }
      assert_whole (&fixture);
      while (!g_cancellable_is_cancelled (cancellable))
        g_main_context_iteration (NULL, TRUE);
    }
  g_assert_cmpuint (n_cancelled, >, 0);
}

int
main (int argc, char **argv)
{
  if (argc == 5 && g_str_equal (argv[1], "--child"))
    return run_child (argv[2], argv[3], argv[4]);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/processes/no-lost-update", test_no_lost_update);
  g_test_add_func ("/store/processes/opened-twice", test_opened_twice);
  g_test_add_func ("/store/processes/killed-in-change", test_killed_in_change);
  g_test_add_func ("/store/processes/killed-in-job", test_killed_in_job);
  g_test_add_func ("/store/processes/killed-at-birth", test_killed_at_birth);
  g_test_add_func ("/store/processes/waits-for-turn", test_waits_for_turn);
  g_test_add_func ("/store/processes/gives-up", test_gives_up);
  g_test_add_func ("/store/processes/cancelled", test_cancelled);
  return g_test_run ();
}
