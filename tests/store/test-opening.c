/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A database that somebody opens while another one makes, fills and closes it, which moves its
 * content from the log into the file; and what closing leaves behind. */

#include "pr-database.h"

#include "store-fixture.h"

#include <gio/gio.h>

#define N_ROUNDS 150

typedef struct
{
  const char *path;
  int stop; /* atomic */
  guint n_opened;
} PrOpener;

/* Opens it again and again; a file that is not there yet is the only excuse. */
static gpointer
open_for_ever (gpointer data)
{
  PrOpener *opener = data;

  while (g_atomic_int_get (&opener->stop) == 0)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PrDatabase) database = pr_database_open (opener->path, PR_DATABASE_NONE, &error);

      if (database != NULL)
        opener->n_opened++;
      else
        g_assert_error (error, PR_ERROR, PR_ERROR_NOT_FOUND);
    }
  return NULL;
}

static void
test_while_made (void)
{
  char *folder = files_make_folder ();
  guint n_opened = 0;

  for (guint round = 0; round < N_ROUNDS; round++)
    {
      g_autofree char *name = g_strdup_printf ("%u.db", round);
      g_autofree char *path = g_build_filename (folder, name, NULL);
      PrOpener opener = { path, 0, 0 };
      g_autoptr (GThread) thread = g_thread_new ("opener", open_for_ever, &opener);

      for (guint i = 0; i < 3; i++)
        {
          g_autoptr (GError) error = NULL;
          PrDatabase *database = pr_database_open (path, PR_DATABASE_CREATE, &error);

          g_assert_no_error (error);
          pr_database_close (database);
        }
      g_atomic_int_set (&opener.stop, 1);
      g_thread_join (g_steal_pointer (&thread));
      n_opened += opener.n_opened;
    }
  g_test_message ("opened %u times", n_opened);
  g_assert_cmpuint (n_opened, >, 0);
  files_remove_folder (folder);
}

/* Whoever closes last leaves the file alone, without a log beside it; even while what was asked
 * last has not been let go of. */
static void
test_close (void)
{
  g_auto (PrStoreFixture) fixture;
  g_auto (PrStoreWait) wait = { NULL };
  g_autofree char *log = NULL;
  g_autoptr (GError) error = NULL;

  store_fixture_init (&fixture);
  g_object_unref (store_add_profile (fixture.store, "Example"));
  log = g_strconcat (fixture.path, "-wal", NULL);
  g_assert_true (g_file_test (log, G_FILE_TEST_EXISTS));
  pr_store_close (fixture.store);
  g_assert_false (g_file_test (log, G_FILE_TEST_EXISTS));
  pr_store_close (fixture.store);
  pr_store_load_settings_async (fixture.store, NULL, store_ready, &wait);
  g_assert_null (pr_store_load_settings_finish (fixture.store, store_wait (&wait), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/opening/while-made", test_while_made);
  g_test_add_func ("/opening/close", test_close);
  return g_test_run ();
}
