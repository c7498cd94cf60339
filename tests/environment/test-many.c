/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Commands on many mailboxes: each tells how far it is up to the last one; each that is cancelled
 * in the middle has changed nothing; and it is all the same how the mailboxes were chosen. */

#include "env-fixture.h"

#include "pr-import.h"
#include "pr-progress.h"

#include <sqlite3.h>

#define N_ROWS 20000

typedef struct
{
  PrEnvFixture env;
  gint64 profile_id;
  GPtrArray *addresses; /* of all mailboxes, and %NULL */
} PrManyFixture;

/* --- Mailboxes -------------------------------------------------------------------------------- */

static char *
query (PrManyFixture *self, const char *sql)
{
  sqlite3 *handle = NULL;
  sqlite3_stmt *statement = NULL;
  g_autofree char *path =
      g_build_filename (pr_environment_get_folder (self->env.environment), "postroom.db", NULL);
  char *text;

  g_assert_cmpint (sqlite3_open (path, &handle), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (handle, sql, -1, &statement, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  text = g_strdup ((const char *) sqlite3_column_text (statement, 0));
  sqlite3_finalize (statement);
  g_assert_cmpint (sqlite3_close (handle), ==, SQLITE_OK);
  return text;
}

/* Whatever a command could change about any of them. */
static char *
get_state (PrManyFixture *self)
{
  return query (self, "SELECT group_concat (line, ';') FROM (SELECT approval || '|' || owner || '|'"
                      " || active || '|' || incoming || '|' || outgoing || '|' || act || '|' ||"
                      " kind || '|' || coalesce (profile_id, 0) || '|' || version || '|' || serial"
                      " || '|' || password_set || ' × ' || count (*) AS line FROM mailboxes"
                      " GROUP BY approval, owner, active, incoming, outgoing, act, kind,"
                      " profile_id, version, serial, password_set ORDER BY 1)");
}

static GBytes *
make_file (guint n, gboolean with_password)
{
  GString *text = g_string_new ("address,owner,profile,password\n");

  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "u%u@example.org,Olivia,Example,%s\n", i,
                            with_password ? "Many-4711" : "");
  return g_string_free_to_bytes (text);
}

static PrImport *
read_file (PrManyFixture *self, GBytes *file, GCancellable *cancellable, GError **error)
{
  g_auto (PrEnvWait) wait = { NULL };

  pr_environment_read_import_async (self->env.environment, file, cancellable, env_ready, &wait);
  return pr_environment_read_import_finish (self->env.environment, env_wait (&wait), error);
}

static gboolean
import_rows (PrManyFixture *self, guint n, GCancellable *cancellable, GError **error)
{
  g_autoptr (GBytes) file = make_file (n, n < N_ROWS);
  g_autoptr (PrImport) import = read_file (self, file, NULL, error);
  g_auto (PrEnvWait) wait = { NULL };

  g_assert_nonnull (import);
  pr_environment_run_import_async (self->env.environment, import, cancellable, env_ready, &wait);
  return pr_environment_run_import_finish (self->env.environment, env_wait (&wait), NULL, error);
}

static void
fill (PrManyFixture *self, guint n)
{
  g_autoptr (PrServerProfile) profile = NULL;
  g_autoptr (GError) error = NULL;

  env_fixture_init (&self->env);
  profile = env_add_profile (&self->env, "Example");
  self->profile_id = pr_record_get_id (PR_RECORD (profile));
  self->addresses = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < n; i++)
    g_ptr_array_add (self->addresses, g_strdup_printf ("u%u@example.org", i));
  g_ptr_array_add (self->addresses, NULL);
  if (n == 0)
    return;
  g_assert_true (import_rows (self, n, NULL, &error));
  g_assert_no_error (error);
}

static void
many_clear (PrManyFixture *self)
{
  env_fixture_clear (&self->env);
  g_ptr_array_unref (self->addresses);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PrManyFixture, many_clear)

/* --- Commands --------------------------------------------------------------------------------- */

typedef gboolean (*PrRunFunc) (PrManyFixture *self,
                               PrSelection *selection,
                               int command,
                               GCancellable *cancellable,
                               guint *n,
                               GError **error);

static gboolean
run_command (PrManyFixture *self,
             PrSelection *selection,
             int command,
             GCancellable *cancellable,
             guint *n,
             GError **error)
{
  g_auto (PrEnvWait) wait = { NULL };

  pr_environment_command_mailboxes_async (
      self->env.environment, selection, (PrMailboxCommand) command, cancellable, env_ready, &wait);
  return pr_environment_change_mailboxes_finish (self->env.environment, env_wait (&wait), n, error);
}

static gboolean
run_change (PrManyFixture *self,
            PrSelection *selection,
            int command,
            GCancellable *cancellable,
            guint *n,
            GError **error)
{
  PrChange changes[] = {
    { PR_MAILBOX_OWNER, (char *) "Peter", 0, FALSE },
    { PR_MAILBOX_KIND, NULL, PR_MAILBOX_KIND_QUEUE, FALSE },
  };
  g_auto (PrEnvWait) wait = { NULL };

  pr_environment_change_mailboxes_async (self->env.environment, selection, changes,
                                         G_N_ELEMENTS (changes), cancellable, env_ready, &wait);
  return pr_environment_change_mailboxes_finish (self->env.environment, env_wait (&wait), n, error);
}

static gboolean
run_delete (PrManyFixture *self,
            PrSelection *selection,
            int command,
            GCancellable *cancellable,
            guint *n,
            GError **error)
{
  g_auto (PrEnvWait) wait = { NULL };

  pr_environment_delete_mailboxes_async (self->env.environment, selection, cancellable, env_ready,
                                         &wait);
  return pr_environment_delete_mailboxes_finish (self->env.environment, env_wait (&wait), n, error);
}

/* Changes nothing, and is whole or not there. */
static gboolean
run_export (PrManyFixture *self,
            PrSelection *selection,
            int command,
            GCancellable *cancellable,
            guint *n,
            GError **error)
{
  g_auto (PrEnvWait) wait = { NULL };
  g_autoptr (GBytes) file = NULL;

  pr_environment_export_async (self->env.environment, selection, cancellable, env_ready, &wait);
  file = pr_environment_export_finish (self->env.environment, env_wait (&wait), error);
  if (file == NULL)
    return FALSE;
  *n = 0;
  for (gsize i = 0; i < g_bytes_get_size (file); i++)
    *n += ((const char *) g_bytes_get_data (file, NULL))[i] == '\n';
  (*n)--; /* the heading */
  return TRUE;
}

static const struct
{
  const char *name;
  PrRunFunc run;
  int command;
} commands[] = {
  { "approve", run_command, PR_MAILBOX_COMMAND_APPROVE },
  { "reject", run_command, PR_MAILBOX_COMMAND_REJECT },
  { "deactivate", run_command, PR_MAILBOX_COMMAND_DEACTIVATE },
  { "activate", run_command, PR_MAILBOX_COMMAND_ACTIVATE },
  { "apply-defaults", run_command, PR_MAILBOX_COMMAND_APPLY_DEFAULTS },
  { "change", run_change, 0 },
  { "export", run_export, 0 },
  { "delete", run_delete, 0 },
};

/* --- Progress and cancel ---------------------------------------------------------------------- */

static gpointer
cancel_when_begun (gpointer data)
{
  PrProgress *progress = data;
  guint done = 0;

  while (!g_cancellable_is_cancelled (G_CANCELLABLE (progress)))
    {
      if (pr_progress_get (progress, &done, NULL) && done > 0)
        g_cancellable_cancel (G_CANCELLABLE (progress));
      else
        g_usleep (50);
    }
  return GUINT_TO_POINTER (done);
}

static void
assert_cancelled (guint done, const GError *error)
{
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (done, >, 0);
  g_assert_cmpuint (done, <, N_ROWS);
}

static void
check_cancelled (PrManyFixture *self, guint i)
{
  g_autoptr (PrProgress) progress = pr_progress_new ();
  g_autoptr (PrSelection) all = pr_selection_new_all ();
  g_autofree char *before = get_state (self);
  g_autofree char *after = NULL;
  g_autoptr (GError) error = NULL;
  GThread *thread = g_thread_new ("cancel", cancel_when_begun, g_object_ref (progress));
  guint done, n;

  g_assert_false (
      commands[i].run (self, all, commands[i].command, G_CANCELLABLE (progress), &n, &error));
  done = GPOINTER_TO_UINT (g_thread_join (thread));
  g_object_unref (progress);
  assert_cancelled (done, error);
  after = get_state (self);
  g_assert_cmpstr (after, ==, before);
}

static void
on_changed (PrProgress *progress, guint *last)
{
  guint done, total;

  g_assert_true (g_main_context_is_owner (NULL));
  g_assert_true (pr_progress_get (progress, &done, &total));
  g_assert_cmpuint (done, >=, *last);
  g_assert_cmpuint (done, <=, total);
  *last = done;
}

static void
check_whole (PrManyFixture *self, guint i)
{
  g_autoptr (PrProgress) progress = pr_progress_new ();
  g_autoptr (PrSelection) all = pr_selection_new_all ();
  g_autoptr (GError) error = NULL;
  guint n, done, total, last = 0;

  g_signal_connect (progress, "changed", G_CALLBACK (on_changed), &last);
  g_assert_true (
      commands[i].run (self, all, commands[i].command, G_CANCELLABLE (progress), &n, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, N_ROWS);
  g_assert_true (pr_progress_get (progress, &done, &total));
  g_assert_cmpuint (done, ==, N_ROWS);
  g_assert_cmpuint (total, ==, N_ROWS);
  g_signal_handlers_disconnect_by_data (progress, &last);
}

static void
test_commands (void)
{
  g_auto (PrManyFixture) self = { 0 };

  fill (&self, N_ROWS);
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_test_message ("%s", commands[i].name);
      check_cancelled (&self, i);
      check_whole (&self, i);
    }
}

static void
test_import (void)
{
  g_auto (PrManyFixture) self = { 0 };
  g_autoptr (PrProgress) progress = pr_progress_new ();
  g_autoptr (PrProgress) whole = pr_progress_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *count = NULL, *all = NULL;
  GThread *thread;
  guint done, total;

  fill (&self, 0);
  thread = g_thread_new ("cancel", cancel_when_begun, g_object_ref (progress));
  g_assert_false (import_rows (&self, N_ROWS, G_CANCELLABLE (progress), &error));
  done = GPOINTER_TO_UINT (g_thread_join (thread));
  g_object_unref (progress);
  assert_cancelled (done, error);
  g_clear_error (&error);
  count = query (&self, "SELECT count (*) FROM mailboxes");
  g_assert_cmpstr (count, ==, "0");

  g_assert_true (import_rows (&self, N_ROWS, G_CANCELLABLE (whole), &error));
  g_assert_no_error (error);
  g_assert_true (pr_progress_get (whole, &done, &total));
  g_assert_cmpuint (done, ==, N_ROWS);
  g_assert_cmpuint (total, ==, N_ROWS);
  all = query (&self, "SELECT count (*) FROM mailboxes");
  g_assert_cmpstr (all, ==, G_STRINGIFY (N_ROWS));
}

/* Reading a file is told of, too. */
static void
test_read (void)
{
  g_auto (PrManyFixture) self = { 0 };
  g_autoptr (PrProgress) progress = pr_progress_new ();
  g_autoptr (GBytes) file = make_file (N_ROWS, TRUE);
  g_autoptr (GError) error = NULL;
  PrImport *import;
  GThread *thread;
  guint done;

  fill (&self, 0);
  thread = g_thread_new ("cancel", cancel_when_begun, g_object_ref (progress));
  import = read_file (&self, file, G_CANCELLABLE (progress), &error);
  done = GPOINTER_TO_UINT (g_thread_join (thread));
  g_object_unref (progress);
  g_assert_null (import);
  assert_cancelled (done, error);
}

/* --- Cancelled too late ----------------------------------------------------------------------- */

/* Another number when somebody else has committed something. */
static int
get_data_version (sqlite3 *handle)
{
  sqlite3_stmt *statement = NULL;
  int version;

  g_assert_cmpint (sqlite3_prepare_v2 (handle, "PRAGMA data_version", -1, &statement, NULL), ==,
                   SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  version = sqlite3_column_int (statement, 0);
  sqlite3_finalize (statement);
  return version;
}

/* The main loop stands still meanwhile, so no answer is taken. */
static void
wait_for_commit (sqlite3 *handle, int before)
{
  gint64 deadline = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;

  while (get_data_version (handle) == before)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_usleep (500);
    }
}

static void
begin_late (PrManyFixture *self, guint i, GCancellable *cancellable, PrEnvWait *wait)
{
  PrEnvironment *environment = self->env.environment;
  g_autoptr (PrSelection) all = pr_selection_new_all ();
  g_autoptr (PrMailbox) mailbox = NULL;
  g_autoptr (PrServerProfile) profile = NULL;
  g_autoptr (PrRecord) settings =
      pr_record_duplicate (PR_RECORD (pr_environment_get_settings (environment)));
  PrChange change = { PR_MAILBOX_OWNER, (char *) "Peter", 0, FALSE };

  switch (i)
    {
      case 0:
        pr_environment_command_mailboxes_async (environment, all, PR_MAILBOX_COMMAND_APPROVE,
                                                cancellable, env_ready, wait);
        break;
      case 1:
        pr_environment_change_mailboxes_async (environment, all, &change, 1, cancellable, env_ready,
                                               wait);
        break;
      case 2:
        mailbox = pr_environment_new_mailbox (environment, "late@example.org");
        pr_environment_save_mailbox_async (environment, mailbox, cancellable, env_ready, wait);
        break;
      case 3:
        profile = pr_environment_find_profile_by_id (environment, self->profile_id);
        pr_record_set_text (PR_RECORD (profile), PR_PROFILE_DESCRIPTION, "late");
        pr_environment_save_profile_async (environment, profile, cancellable, env_ready, wait);
        break;
      default:
        pr_record_set_number (settings, PR_SETTINGS_ALERT_INFORMATION, FALSE);
        pr_environment_save_settings_async (environment, PR_EMAIL_SETTINGS (settings), cancellable,
                                            env_ready, wait);
    }
}

static gboolean
finish_late (PrManyFixture *self, guint i, PrEnvWait *wait, GError **error)
{
  PrEnvironment *environment = self->env.environment;
  guint n;

  switch (i)
    {
      case 0:
      case 1:
        return pr_environment_change_mailboxes_finish (environment, env_wait (wait), &n, error);
      case 2:
        return pr_environment_save_mailbox_finish (environment, env_wait (wait), error);
      case 3:
        return pr_environment_save_profile_finish (environment, env_wait (wait), error);
      default:
        return pr_environment_save_settings_finish (environment, env_wait (wait), error);
    }
}

/* It is in the database, and the answer is on its way: nobody may be told that nothing was
 * changed. */
static void
test_too_late (void)
{
  g_auto (PrManyFixture) self = { 0 };
  g_autofree char *path = NULL;

  fill (&self, 3);
  path = g_build_filename (pr_environment_get_folder (self.env.environment), "postroom.db", NULL);
  for (guint i = 0; i < 5; i++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_auto (PrEnvWait) wait = { NULL };
      g_autoptr (GError) error = NULL;
      sqlite3 *handle = NULL;
      int before;

      g_test_message ("command %u", i);
      g_assert_cmpint (sqlite3_open (path, &handle), ==, SQLITE_OK);
      before = get_data_version (handle);
      begin_late (&self, i, cancellable, &wait);
      wait_for_commit (handle, before);
      g_cancellable_cancel (cancellable);
      g_assert_true (finish_late (&self, i, &wait, &error));
      g_assert_no_error (error);
      g_assert_cmpint (sqlite3_close (handle), ==, SQLITE_OK);
    }
}

/* --- Ways to choose --------------------------------------------------------------------------- */

#define N_CHOSEN 300

static PrSelection *
choose (PrManyFixture *self, guint way)
{
  PrSelection *selection;

  switch (way)
    {
      case 0:
        return pr_selection_new_addresses ((const char *const *) self->addresses->pdata);
      case 1:
        return pr_selection_new_all ();
      case 2:
        selection = pr_selection_new_all ();
        pr_selection_set_profile (selection, self->profile_id);
        return selection;
      default:
        return pr_selection_new_view (PR_VIEW_NOT_TESTED);
    }
}

/* What a command leaves behind; @way: in which way all were chosen. */
static char *
get_outcome (guint command, guint way)
{
  g_auto (PrManyFixture) self = { 0 };
  g_autoptr (PrSelection) selection = NULL;
  g_autoptr (GError) error = NULL;
  guint n = 0;

  fill (&self, N_CHOSEN);
  selection = choose (&self, way);
  g_assert_true (
      commands[command].run (&self, selection, commands[command].command, NULL, &n, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, N_CHOSEN);
  return get_state (&self);
}

static void
test_same_result (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autofree char *first = get_outcome (i, 0);

      for (guint way = 1; way < 4; way++)
        {
          g_autofree char *other = get_outcome (i, way);

          g_assert_cmpstr (other, ==, first);
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/many/commands", test_commands);
  g_test_add_func ("/many/import", test_import);
  g_test_add_func ("/many/read", test_read);
  g_test_add_func ("/many/too-late", test_too_late);
  g_test_add_func ("/many/same-result", test_same_result);
  return g_test_run ();
}
