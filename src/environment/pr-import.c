/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reading a CSV file of mailboxes: a dry run, row by row in slices, so that the main loop goes
 * on. Every problem is told with its line and column; nothing is written here. Main thread. */

#include "pr-import-private.h"

#include "pr-csv.h"
#include "pr-progress.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define SLICE_US 8000 /* of the main loop's time in one go: half a frame */

/* What an export writes and an import takes. */
const PrMailboxField pr_import_fields[] = {
  PR_MAILBOX_ADDRESS,  PR_MAILBOX_NAME,         PR_MAILBOX_KIND,     PR_MAILBOX_OWNER,
  PR_MAILBOX_INCOMING, PR_MAILBOX_OUTGOING,     PR_MAILBOX_USERNAME, PR_MAILBOX_ALLOW_CREDENTIALS,
  PR_MAILBOX_ACTIVE,   PR_MAILBOX_DELETE_AFTER,
};
const guint pr_import_n_fields = G_N_ELEMENTS (pr_import_fields);

/* What an export writes besides, and an import passes over. */
const PrMailboxField pr_export_facts[] = {
  PR_MAILBOX_APPROVAL,         PR_MAILBOX_INCOMING_STATUS, PR_MAILBOX_INCOMING_CODE,
  PR_MAILBOX_INCOMING_ENABLED, PR_MAILBOX_OUTGOING_STATUS, PR_MAILBOX_OUTGOING_CODE,
  PR_MAILBOX_OUTGOING_ENABLED, PR_MAILBOX_TESTED_AT,
};
const guint pr_export_n_facts = G_N_ELEMENTS (pr_export_facts);

/* What other programs call these columns. */
static const struct
{
  const char *heading;
  int column;
} synonyms[] = {
  { "email", PR_MAILBOX_ADDRESS },
  { "e-mail", PR_MAILBOX_ADDRESS },
  { "email-address", PR_MAILBOX_ADDRESS },
  { "e-mail-address", PR_MAILBOX_ADDRESS },
  { "mailbox", PR_MAILBOX_ADDRESS },
  { "display-name", PR_MAILBOX_NAME },
  { "user-name", PR_MAILBOX_USERNAME },
  { "login", PR_MAILBOX_USERNAME },
  { "profile", PR_IMPORT_PROFILE },
  { "server-profile", PR_IMPORT_PROFILE },
  { "profile-name", PR_IMPORT_PROFILE },
  { "password", PR_IMPORT_PASSWORD },
  { "type", PR_MAILBOX_KIND },
};

typedef struct
{
  char *text; /* wiped: there are passwords in it */
  gsize length;
  PrCsvReader reader;
  GArray *columns; /* of int */
  GPtrArray *headings;
  GHashTable *known; /* folded addresses: line in this file, or 0: in the environment */
  PrImport *import;
} PrReadWork;

static void
problem_free (gpointer data)
{
  PrImportProblem *problem = data;

  g_free (problem->column);
  g_free (problem->message);
  g_free (problem);
}

static void
clear_secret (gpointer data)
{
  if (data != NULL)
    pr_secret_unref (data);
}

static PrImport *
import_new (void)
{
  PrImport *self = g_new0 (PrImport, 1);
  g_autoptr (PrMailbox) any = pr_mailbox_new ("");
  guint n_fields;
  const PrField *fields = pr_record_get_fields (PR_RECORD (any), &n_fields);

  self->mailboxes = pr_record_pack_new (fields, n_fields);
  self->passwords = g_ptr_array_new_with_free_func (clear_secret);
  self->problems = g_ptr_array_new_with_free_func (problem_free);
  return self;
}

/**
 * pr_import_free:
 * @self: (transfer full): an import; its passwords are wiped
 */
void
pr_import_free (PrImport *self)
{
  pr_record_pack_unref (self->mailboxes);
  g_ptr_array_unref (self->passwords);
  g_ptr_array_unref (self->problems);
  g_free (self);
}

/**
 * pr_import_get_n_rows:
 * @self: an import
 *
 * Returns: rows in the file, good and bad, without its heading
 */
guint
pr_import_get_n_rows (PrImport *self)
{
  return self->n_rows;
}

guint
pr_import_get_n_passwords (PrImport *self)
{
  return self->n_passwords;
}

/**
 * pr_import_get_encoding:
 * @self: an import
 *
 * Returns: (transfer none): what the file was taken for, such as "UTF-8"
 */
const char *
pr_import_get_encoding (PrImport *self)
{
  return self->encoding;
}

/**
 * pr_import_get_n_mailboxes:
 * @self: an import
 *
 * Returns: how many would be added
 */
guint
pr_import_get_n_mailboxes (PrImport *self)
{
  return pr_record_pack_get_length (self->mailboxes);
}

/**
 * pr_import_list_mailboxes:
 * @self: an import
 * @most: no more than so many: each takes far more memory than it does in @self
 *
 * Returns: (transfer full) (element-type PrMailbox): the first that would be added
 */
GPtrArray *
pr_import_list_mailboxes (PrImport *self, guint most)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (g_object_unref);
  gsize position = 0;
  PrValues *values;

  while (list->len < most && (values = pr_record_pack_read (self->mailboxes, &position)) != NULL)
    {
      PrMailbox *mailbox = pr_mailbox_new ("");

      pr_record_set_values (PR_RECORD (mailbox), values);
      pr_values_free (values);
      g_ptr_array_add (list, mailbox);
    }
  return list;
}

/**
 * pr_import_get_problems:
 * @self: an import
 *
 * Returns: (transfer none) (element-type PrImportProblem): the rows that would not
 */
GPtrArray *
pr_import_get_problems (PrImport *self)
{
  return self->problems;
}

static void
read_work_free (gpointer data)
{
  PrReadWork *work = data;

  if (work->text != NULL)
    pr_wipe (work->text, work->length);
  g_free (work->text);
  g_clear_pointer (&work->columns, g_array_unref);
  g_clear_pointer (&work->headings, g_ptr_array_unref);
  g_clear_pointer (&work->known, g_hash_table_unref);
  g_clear_pointer (&work->import, pr_import_free);
  g_free (work);
}

static void
add_problem (PrReadWork *work, guint line, const char *column, const char *message)
{
  PrImportProblem *problem = g_new (PrImportProblem, 1);

  problem->line = line;
  problem->column = g_strdup (column);
  problem->message = g_strdup (message);
  g_ptr_array_add (work->import->problems, problem);
}

/* --- The heading ------------------------------------------------------------------------------ */

static char *
fold_heading (const char *heading)
{
  char *folded = g_utf8_strdown (heading, -1);

  g_strstrip (folded);
  return g_strdelimit (folded, "_ ", '-');
}

static gboolean
is_one_of (const PrMailboxField *list, guint n, int field)
{
  for (guint i = 0; i < n; i++)
    if ((int) list[i] == field)
      return TRUE;
  return FALSE;
}

/* What a column is for; FALSE: nobody knows. */
gboolean
pr_import_find_column (const char *heading, int *column)
{
  g_autofree char *folded = fold_heading (heading);
  g_autoptr (PrMailbox) any = pr_mailbox_new ("");
  int field = pr_record_find_field (PR_RECORD (any), folded);

  *column = field;
  if (is_one_of (pr_import_fields, pr_import_n_fields, field))
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (synonyms); i++)
    if (g_str_equal (synonyms[i].heading, folded))
      {
        *column = synonyms[i].column;
        return TRUE;
      }
  *column = PR_IMPORT_IGNORED;
  return is_one_of (pr_export_facts, pr_export_n_facts, field);
}

static char *
list_columns (void)
{
  g_autoptr (PrMailbox) any = pr_mailbox_new ("");
  guint n_fields;
  const PrField *fields = pr_record_get_fields (PR_RECORD (any), &n_fields);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < pr_import_n_fields; i++)
    g_string_append_printf (text, "%s, ", fields[pr_import_fields[i]].name);
  g_string_append (text, "profile, password");
  return g_string_free (text, FALSE);
}

static gboolean
read_heading (PrReadWork *work, GError **error)
{
  gboolean has_address = FALSE;
  guint line;

  work->headings = g_ptr_array_new_with_free_func (g_free);
  work->columns = g_array_new (FALSE, FALSE, sizeof (int));
  if (!pr_csv_reader_next (&work->reader, work->headings, &line, error))
    {
      if (error == NULL || *error == NULL)
        pr_set_error (error, PR_ERROR_INVALID_VALUE, "file", _ ("The file is empty."));
      return FALSE;
    }
  for (guint i = 0; i < work->headings->len; i++)
    {
      const char *heading = g_ptr_array_index (work->headings, i);
      int column;

      if (!pr_import_find_column (heading, &column))
        {
          g_autofree char *accepted = list_columns ();

          pr_set_error (error, PR_ERROR_INVALID_VALUE, "file",
                        _ ("Line %u: the column “%s” is not known. Accepted: %s."), line, heading,
                        accepted);
          return FALSE;
        }
      has_address = has_address || column == PR_MAILBOX_ADDRESS;
      g_array_append_val (work->columns, column);
    }
  if (has_address)
    return TRUE;
  pr_set_error (error, PR_ERROR_INVALID_VALUE, "file",
                _ ("Line %u: there is no column “address”. The first line must name the columns."),
                line);
  return FALSE;
}

/* --- Rows ------------------------------------------------------------------------------------- */

/* An export puts an apostrophe before what a spreadsheet would compute. */
static const char *
get_text (const char *cell)
{
  return *cell == '\'' && cell[1] != '\0' && strchr ("=+-@\t", cell[1]) != NULL ? cell + 1 : cell;
}

static gboolean
set_profile (PrEnvironment *self, PrMailbox *mailbox, const char *name, GError **error)
{
  g_autoptr (PrServerProfile) profile = pr_environment_find_profile (self, name);

  if (profile == NULL)
    {
      pr_set_error (error, PR_ERROR_NOT_FOUND, "profile",
                    _ ("There is no server profile “%s” in this environment."), name);
      return FALSE;
    }
  pr_record_set_number (PR_RECORD (mailbox), PR_MAILBOX_PROFILE_ID,
                        pr_record_get_id (PR_RECORD (profile)));
  return TRUE;
}

/* An empty cell leaves the default. */
static gboolean
set_cell (PrEnvironment *self,
          PrMailbox *mailbox,
          int column,
          const char *cell,
          PrSecret **secret,
          GError **error)
{
  const char *text = get_text (cell);

  if (column == PR_IMPORT_IGNORED || *text == '\0')
    return TRUE;
  if (column == PR_IMPORT_PASSWORD)
    {
      *secret = pr_secret_new (text, -1);
      return pr_environment_check_secret (*secret, error);
    }
  if (column == PR_IMPORT_PROFILE)
    return set_profile (self, mailbox, text, error);
  return pr_record_parse (PR_RECORD (mailbox), (guint) column, text, error);
}

static gboolean
check_duplicate (PrReadWork *work, const char *address, guint line)
{
  g_autofree char *key = pr_address_to_key (address);
  gpointer where;
  g_autofree char *message = NULL;

  if (!g_hash_table_lookup_extended (work->known, key, NULL, &where))
    {
      g_hash_table_insert (work->known, g_steal_pointer (&key), GUINT_TO_POINTER (line));
      return TRUE;
    }
  if (where == NULL)
    message = g_strdup_printf (_ ("There is a mailbox “%s” already."), address);
  else
    message =
        g_strdup_printf (_ ("“%s” stands in line %u already."), address, GPOINTER_TO_UINT (where));
  add_problem (work, line, "address", message);
  return FALSE;
}

static PrMailbox *
make_mailbox (PrEnvironment *self,
              PrReadWork *work,
              GPtrArray *cells,
              guint line,
              PrSecret **secret)
{
  g_autoptr (PrMailbox) mailbox = pr_environment_new_mailbox (self, "");
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < cells->len; i++)
    if (!set_cell (self, mailbox, g_array_index (work->columns, int, i),
                   g_ptr_array_index (cells, i), secret, &error))
      {
        add_problem (work, line, g_ptr_array_index (work->headings, i), error->message);
        return NULL;
      }
  /* A forward mailbox only receives, whatever the defaults say. */
  if (pr_mailbox_get (mailbox, KIND) == PR_MAILBOX_KIND_FORWARD)
    pr_record_set_number (PR_RECORD (mailbox), PR_MAILBOX_OUTGOING, PR_SYNC_METHOD_NONE);
  pr_mailbox_fill_in (mailbox);
  if (!pr_record_check_first (PR_RECORD (mailbox), NULL, &error))
    {
      add_problem (work, line, pr_error_get_field (error), error->message);
      return NULL;
    }
  if (!check_duplicate (work, pr_mailbox_get_text (mailbox, ADDRESS), line))
    return NULL;
  return g_steal_pointer (&mailbox);
}

static void
read_row (PrEnvironment *self, PrReadWork *work, GPtrArray *cells, guint line)
{
  PrImport *import = work->import;
  g_autoptr (PrSecret) secret = NULL;
  g_autoptr (PrMailbox) mailbox = NULL;
  PrValues *values;

  import->n_rows++;
  if (cells->len > work->columns->len)
    {
      g_autofree char *message =
          g_strdup_printf (_ ("The row has %u cells, the first line names %u columns."), cells->len,
                           work->columns->len);

      add_problem (work, line, NULL, message);
      return;
    }
  mailbox = make_mailbox (self, work, cells, line, &secret);
  if (mailbox == NULL)
    return;
  import->n_passwords += secret != NULL;
  values = pr_record_dup_values (PR_RECORD (mailbox));
  pr_record_pack_add (import->mailboxes, values);
  pr_values_free (values);
  g_ptr_array_add (import->passwords, g_steal_pointer (&secret));
}

static void
wipe_cell (gpointer data)
{
  pr_wipe (data, strlen (data));
  g_free (data);
}

static gboolean
read_slice (gpointer user_data)
{
  GTask *task = user_data;
  PrEnvironment *self = g_task_get_source_object (task);
  PrReadWork *work = g_task_get_task_data (task);
  g_autoptr (GPtrArray) cells = g_ptr_array_new_with_free_func (wipe_cell);
  gint64 until = g_get_monotonic_time () + SLICE_US;
  guint begin = work->import->n_rows;
  GError *error = NULL;
  guint line;

  if (g_task_return_error_if_cancelled (task))
    return G_SOURCE_REMOVE;
  while (g_get_monotonic_time () < until)
    {
      if (pr_csv_reader_next (&work->reader, cells, &line, &error))
        {
          read_row (self, work, cells, line);
          continue;
        }
      if (error != NULL)
        g_task_return_error (task, error);
      else
        g_task_return_pointer (task, g_steal_pointer (&work->import),
                               (GDestroyNotify) pr_import_free);
      return G_SOURCE_REMOVE;
    }
  pr_progress_advance (g_task_get_cancellable (task), work->import->n_rows - begin);
  return G_SOURCE_CONTINUE;
}

/* About as many as there are rows: one can have line breaks in a cell. */
static guint
count_lines (PrReadWork *work)
{
  guint n = 0;

  for (const char *p = work->reader.next; (p = strchr (p, '\n')) != NULL; p++)
    n++;
  return n;
}

static void
on_addresses_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrReadWork *work = g_task_get_task_data (task);
  GError *error = NULL;

  work->known = pr_store_list_address_keys_finish (PR_STORE (source), result, &error);
  if (work->known == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  pr_progress_begin (g_task_get_cancellable (task), count_lines (work));
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, read_slice, g_object_ref (task), g_object_unref);
}

/**
 * pr_environment_read_import_async:
 * @self: an environment
 * @file: what stands in a CSV file; its first line names the columns
 * @cancellable: (nullable): cancels; a #PrProgress is told of rows
 * @callback: called when it is read and checked
 * @user_data: for @callback
 *
 * Nothing is written.
 */
void
pr_environment_read_import_async (PrEnvironment *self,
                                  GBytes *file,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  PrReadWork *work = g_new0 (PrReadWork, 1);
  GError *error = NULL;

  g_task_set_name (task, "pr_environment_read_import_async");
  g_task_set_task_data (task, work, read_work_free);
  work->import = import_new ();
  work->text = pr_csv_decode (file, &work->import->encoding, &error);
  if (work->text != NULL)
    {
      work->length = strlen (work->text);
      pr_csv_reader_init (&work->reader, work->text);
    }
  if (work->text == NULL || !read_heading (work, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  pr_store_list_address_keys_async (self->store, cancellable, on_addresses_listed,
                                    g_object_ref (task));
}

/**
 * pr_environment_read_import_finish:
 * @self: an environment
 * @result: what the callback got
 * @error: set if the file as a whole cannot be read
 *
 * Returns: (transfer full) (nullable): what would be imported, and what would not
 */
PrImport *
pr_environment_read_import_finish (PrEnvironment *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * pr_import_make_template:
 *
 * Returns: (transfer full): a CSV file with all columns and one example
 */
char *
pr_import_make_template (void)
{
  g_autoptr (PrMailbox) example = pr_mailbox_new ("jane@example.org");
  guint n_fields;
  const PrField *fields = pr_record_get_fields (PR_RECORD (example), &n_fields);
  GString *text = g_string_new (NULL);

  pr_record_set_text (PR_RECORD (example), PR_MAILBOX_NAME, "Jane Doe");
  pr_record_set_number (PR_RECORD (example), PR_MAILBOX_ALLOW_CREDENTIALS, TRUE);
  pr_record_set_number (PR_RECORD (example), PR_MAILBOX_INCOMING, PR_SYNC_METHOD_SERVER_SIDE);
  pr_record_set_number (PR_RECORD (example), PR_MAILBOX_OUTGOING, PR_SYNC_METHOD_SERVER_SIDE);
  pr_mailbox_fill_in (example);
  for (guint i = 0; i < pr_import_n_fields; i++)
    pr_csv_append_cell (text, fields[pr_import_fields[i]].name, FALSE);
  pr_csv_append_cell (text, "profile", FALSE);
  pr_csv_append_cell (text, "password", TRUE);
  for (guint i = 0; i < pr_import_n_fields; i++)
    {
      g_autofree char *cell = pr_record_format (PR_RECORD (example), pr_import_fields[i]);

      pr_csv_append_cell (text, cell, FALSE);
    }
  pr_csv_append_cell (text, "", FALSE);
  pr_csv_append_cell (text, "", TRUE);
  return g_string_free (text, FALSE);
}
