/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Mailboxes from and to CSV files: dry run, problems with line and column, encodings, passwords,
 * all or nothing, and back again. */

#include "env-fixture.h"

#include "pr-csv.h"
#include "pr-import.h"

#include <string.h>

static PrImport *
read_bytes (PrEnvFixture *self, const char *bytes, gssize n, GError **error)
{
  g_autoptr (GBytes) file = g_bytes_new (bytes, n >= 0 ? (gsize) n : strlen (bytes));
  g_auto (PrEnvWait) result = { NULL };

  pr_environment_read_import_async (self->environment, file, NULL, env_ready, &result);
  env_wait (&result);
  return pr_environment_read_import_finish (self->environment, result.result, error);
}

static PrImport *
read_text (PrEnvFixture *self, const char *text)
{
  g_autoptr (GError) error = NULL;
  PrImport *import = read_bytes (self, text, -1, &error);

  g_assert_no_error (error);
  return import;
}

static gboolean
run_import (PrEnvFixture *self, PrImport *import, GCancellable *cancellable, GError **error)
{
  g_auto (PrEnvWait) result = { NULL };
  guint n;

  pr_environment_run_import_async (self->environment, import, cancellable, env_ready, &result);
  env_wait (&result);
  return pr_environment_run_import_finish (self->environment, result.result, &n, error);
}

static guint
count (PrEnvFixture *self)
{
  g_autoptr (GPtrArray) list = env_list (self, pr_selection_new_all (), NULL);

  return list->len;
}

static void
test_csv (void)
{
  static const struct
  {
    const char *text;
    const char *cells; /* rows joined by "/", cells by "|" */
  } rows[] = {
    { "a,b\r\nc,d\r\n", "a|b/c|d" },
    { "a;b;c\n1;2,5;3\n", "a|b|c/1|2,5|3" },
    { "a\tb\n\n\n\"x\ty\"\t\"\"\n", "a|b/x\ty|" },
    { "a,b\n\"say \"\"hi\"\"\",\"two\r\nlines\"\n", "a|b/say \"hi\"|two\r\nlines" },
    { "a,b\n,\n", "a|b/|" },
    { "a,b\nlast,row", "a|b/last|row" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GString) seen = g_string_new (NULL);
      g_autoptr (GPtrArray) cells = g_ptr_array_new_with_free_func (g_free);
      g_autoptr (GError) error = NULL;
      PrCsvReader reader;
      guint line;

      pr_csv_reader_init (&reader, rows[i].text);
      while (pr_csv_reader_next (&reader, cells, &line, &error))
        {
          if (seen->len > 0)
            g_string_append_c (seen, '/');
          for (guint c = 0; c < cells->len; c++)
            g_string_append_printf (seen, "%s%s", c > 0 ? "|" : "",
                                    (char *) g_ptr_array_index (cells, c));
        }
      g_assert_no_error (error);
      g_assert_cmpstr (seen->str, ==, rows[i].cells);
    }
}

static void
test_csv_bad (void)
{
  g_autoptr (GPtrArray) cells = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  PrCsvReader reader;
  guint line;

  pr_csv_reader_init (&reader, "a,b\n1,2\n3,\"never closed\n4,5\n");
  g_assert_true (pr_csv_reader_next (&reader, cells, &line, &error));
  g_assert_true (pr_csv_reader_next (&reader, cells, &line, &error));
  g_assert_cmpuint (line, ==, 2);
  g_assert_false (pr_csv_reader_next (&reader, cells, &line, &error));
  g_assert_error (error, PR_ERROR, PR_ERROR_INVALID_VALUE);
  g_assert_nonnull (strstr (error->message, "3"));
}

static void
assert_problem (PrImport *import, guint i, guint line, const char *column, const char *part)
{
  const PrImportProblem *problem = g_ptr_array_index (pr_import_get_problems (import), i);

  g_assert_cmpuint (problem->line, ==, line);
  g_assert_cmpstr (problem->column, ==, column);
  g_assert_nonnull (strstr (problem->message, part));
}

static void
test_problems (void)
{
  g_auto (PrEnvFixture) self = { NULL };
  g_autoptr (PrServerProfile) profile = NULL;
  g_autoptr (PrImport) import = NULL;

  env_fixture_init (&self);
  profile = env_add_profile (&self, "Example");
  g_clear_object (&profile);
  g_object_unref (env_add_mailbox (&self, "there@example.org", NULL));
  import = read_text (&self, "E-mail address,Name,Profile,allow_credentials,password\n"
                             "good@example.org,Good,Example,yes,secret one\n"
                             "bad,,,,\n"
                             "b@example.org,,Nothing,,\n"
                             "c@example.org,,,perhaps,\n"
                             "GOOD@example.org,,,,\n"
                             "There@example.org,,,,\n"
                             "\"d@example.org\",\"two\nlines\",,,\n"
                             "e@example.org,,,,,,\n"
                             "f@example.org,,,,\n");
  g_assert_cmpuint (pr_import_get_n_rows (import), ==, 9);
  g_assert_cmpuint (pr_import_get_n_mailboxes (import), ==, 2);
  g_assert_cmpuint (pr_import_get_n_passwords (import), ==, 1);
  g_assert_cmpuint (pr_import_get_problems (import)->len, ==, 7);
  assert_problem (import, 0, 3, "E-mail address", "bad");
  assert_problem (import, 1, 4, "Profile", "Nothing");
  assert_problem (import, 2, 5, "allow_credentials", "perhaps");
  assert_problem (import, 3, 6, "address", "line 2");
  assert_problem (import, 4, 7, "address", "There@example.org");
  assert_problem (import, 5, 8, "Name", "Accepted");
  assert_problem (import, 6, 10, NULL, "7 cells");
  g_assert_cmpuint (count (&self), ==, 1); /* nothing was written */
}

static void
test_refused_files (void)
{
  g_auto (PrEnvFixture) self = { NULL };
  static const struct
  {
    const char *text;
    const char *part;
  } rows[] = {
    { "", "CSV" },
    { "name,owner\nx,y\n", "address" },
    { "address,colour\na@example.org,red\n", "colour" },
  };

  env_fixture_init (&self);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (read_bytes (&self, rows[i].text, -1, &error));
      g_assert_error (error, PR_ERROR, PR_ERROR_INVALID_VALUE);
      g_assert_nonnull (strstr (error->message, rows[i].part));
    }
  {
    g_autoptr (GError) error = NULL;

    g_assert_null (read_bytes (&self, "address\0name\n", 13, &error));
    g_assert_error (error, PR_ERROR, PR_ERROR_INVALID_VALUE);
  }
}

static void
test_encodings (void)
{
  g_auto (PrEnvFixture) self = { NULL };
  static const char utf16[] = "\xff\xfe"
                              "a\0d\0d\0r\0e\0s\0s\0,\0n\0a\0m\0e\0\n\0"
                              "a\0@\0b\0.\0c\0o\0m\0,\0J\0\xf6\0r\0g\0\n\0";
  static const char latin[] = "address,name\na@b.com,J\xf6rg\n";
  static const char bom[] = "\xef\xbb\xbf"
                            "address,name\na@b.com,J\xc3\xb6rg\n";
  const struct
  {
    const char *bytes;
    gsize n;
    const char *encoding;
  } rows[] = {
    { utf16, sizeof utf16 - 1, "UTF-16" },
    { latin, sizeof latin - 1, "WINDOWS-1252" },
    { bom, sizeof bom - 1, "UTF-8" },
  };

  env_fixture_init (&self);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PrImport) import = read_bytes (&self, rows[i].bytes, (gssize) rows[i].n, &error);
      g_autoptr (GPtrArray) mailboxes = NULL;

      g_assert_no_error (error);
      g_assert_cmpstr (pr_import_get_encoding (import), ==, rows[i].encoding);
      mailboxes = pr_import_list_mailboxes (import, G_MAXUINT);
      g_assert_cmpuint (pr_import_get_n_mailboxes (import), ==, 1);
      g_assert_cmpuint (mailboxes->len, ==, 1);
      g_assert_cmpstr (pr_mailbox_get_text ((PrMailbox *) g_ptr_array_index (mailboxes, 0), NAME),
                       ==, "Jörg");
    }
}

static void
test_all_or_nothing (void)
{
  g_auto (PrEnvFixture) self = { NULL };
  g_autoptr (PrImport) import = NULL;
  g_autoptr (GCancellable) cancelled = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  env_fixture_init (&self);
  import = read_text (&self, "address,password\na@example.org,one\nb@example.org,two\n");

  /* The keyring refuses: the mailboxes are taken back. */
  pr_memory_keyring_set_failure (self.keyring, PR_ERROR_KEYRING_LOCKED);
  g_assert_false (run_import (&self, import, NULL, &error));
  g_assert_error (error, PR_ERROR, PR_ERROR_KEYRING_LOCKED);
  g_clear_error (&error);
  g_assert_cmpuint (count (&self), ==, 0);
  pr_memory_keyring_set_failure (self.keyring, -1);

  /* So does a cancel. */
  g_cancellable_cancel (cancelled);
  g_assert_false (run_import (&self, import, cancelled, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_cmpuint (count (&self), ==, 0);

  g_assert_true (run_import (&self, import, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count (&self), ==, 2);
  {
    g_autofree char *set = env_get_field (&self, "a@example.org", "password-set");

    g_assert_cmpstr (set, ==, "yes");
  }

  /* Somebody was quicker: none of the rows is added. */
  g_assert_false (run_import (&self, import, NULL, &error));
  g_assert_error (error, PR_ERROR, PR_ERROR_DUPLICATE);
  g_assert_cmpuint (count (&self), ==, 2);
}

static void
test_round_trip (void)
{
  g_auto (PrEnvFixture) self = { NULL };
  g_autoptr (PrServerProfile) profile = NULL;
  g_autoptr (PrSelection) all = pr_selection_new_all ();
  g_auto (PrEnvWait) result = { NULL };
  g_auto (PrEnvWait) removed = { NULL };
  g_autoptr (GBytes) file = NULL;
  g_autoptr (PrImport) import = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *name = NULL;
  g_autofree char *kind = NULL;
  g_autofree char *text = NULL;
  guint n;

  env_fixture_init (&self);
  profile = env_add_profile (&self, "Example");
  import = read_text (&self, "address,name,kind,profile,delete-after,password\n"
                             "a@example.org,\"=1+1; \"\"x\"\"\",queue,Example,yes,canary-4711\n"
                             "+b@example.org,Müller,forward,,,\n");
  g_assert_cmpuint (pr_import_get_problems (import)->len, ==, 0);
  g_assert_true (run_import (&self, import, NULL, &error));
  g_clear_pointer (&import, pr_import_free);

  pr_environment_export_async (self.environment, all, NULL, env_ready, &result);
  env_wait (&result);
  file = pr_environment_export_finish (self.environment, result.result, &error);
  g_assert_no_error (error);
  text = g_strndup (g_bytes_get_data (file, NULL), g_bytes_get_size (file));
  g_assert_null (strstr (text, "canary"));
  g_assert_nonnull (strstr (text, "\"'=1+1"));

  pr_environment_delete_mailboxes_async (self.environment, all, NULL, env_ready, &removed);
  env_wait (&removed);
  g_assert_true (
      pr_environment_delete_mailboxes_finish (self.environment, removed.result, &n, &error));
  import = read_text (&self, text);
  g_assert_cmpuint (pr_import_get_problems (import)->len, ==, 0);
  g_assert_true (run_import (&self, import, NULL, &error));
  name = env_get_field (&self, "a@example.org", "name");
  kind = env_get_field (&self, "+b@example.org", "kind");
  g_assert_cmpstr (name, ==, "=1+1; \"x\"");
  g_assert_cmpstr (kind, ==, "forward");
}

static void
test_template (void)
{
  g_auto (PrEnvFixture) self = { NULL };
  g_autofree char *text = pr_import_make_template ();
  g_autoptr (PrImport) import = NULL;

  env_fixture_init (&self);
  import = read_text (&self, text);
  g_assert_cmpuint (pr_import_get_problems (import)->len, ==, 0);
  g_assert_cmpuint (pr_import_get_n_mailboxes (import), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/import/csv", test_csv);
  g_test_add_func ("/import/csv-bad", test_csv_bad);
  g_test_add_func ("/import/problems", test_problems);
  g_test_add_func ("/import/refused-files", test_refused_files);
  g_test_add_func ("/import/encodings", test_encodings);
  g_test_add_func ("/import/all-or-nothing", test_all_or_nothing);
  g_test_add_func ("/import/round-trip", test_round_trip);
  g_test_add_func ("/import/template", test_template);
  return g_test_run ();
}
