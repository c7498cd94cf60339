/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Every conversation of tests/data/scripts/ against the mail room: two tests a script,
 * /scripts/run/... to its end, /scripts/cancel/... cancelled in front of each of its lines.
 * "test-scripts [OPTION...] [run|cancel [FOLDER]]" runs some of them; -p one.
 *
 * The runs go on side by side, because many of them wait for a time-out; the cancellations come
 * one after the other, because the descriptors of the process are counted around each. */

#include "script-runner.h"

#include <gio/gio.h>
#include <locale.h>
#include <string.h>

#define N_THREADS 12
#define ALL_RUNS_LIMIT_S 120
#define DESCRIPTORS_LIMIT_S 5

typedef struct
{
  char *id; /* such as "pop3/plain" */
  PrScript *script;

  GMutex mutex;
  GCond cond;
  gboolean started;
  char *problems; /* of the run; NULL while it goes on */
} PrCase;

static GPtrArray *cases;
static GThreadPool *pool;
static char **arguments;

static void
case_free (gpointer data)
{
  PrCase *self = data;

  g_free (self->id);
  pr_script_free (self->script);
  g_free (self->problems);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);
  g_free (self);
}

static guint
count_descriptors (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  g_assert_nonnull (dir);
  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

/* What a cancelled conversation left behind because it cannot be interrupted (a look-up, a question
 * to Kerberos) goes by itself, in a moment. */
static guint
wait_for_descriptors (guint wanted)
{
  gint64 until = g_get_monotonic_time () + DESCRIPTORS_LIMIT_S * G_USEC_PER_SEC;
  guint n;

  while ((n = count_descriptors ()) != wanted && g_get_monotonic_time () < until)
    g_usleep (2000);
  return n;
}

static void
run_case (gpointer data, gpointer user_data)
{
  PrCase *self = data;
  char *problems = run_script (self->script);

  g_mutex_lock (&self->mutex);
  self->problems = problems;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);
}

static void
start_run (PrCase *self)
{
  self->started = TRUE;
  g_thread_pool_push (pool, self, NULL);
}

/* The first test starts the runs of all that will come: those of the same folder. */
static void
start_runs (PrCase *first)
{
  const char *slash = strchr (first->id, '/');
  gsize n = slash != NULL ? (gsize) (slash - first->id) + 1 : 0;

  if (first->started)
    return;
  start_run (first);
  if (g_strv_contains ((const char *const *) arguments, g_test_get_path ()))
    return; /* "-p" names this one */
  for (guint i = 0; i < cases->len; i++)
    {
      PrCase *other = g_ptr_array_index (cases, i);

      if (strncmp (other->id, first->id, n) == 0 && !other->started)
        start_run (other);
    }
}

static void
test_run (gconstpointer data)
{
  PrCase *self = (PrCase *) data;
  gint64 until = g_get_monotonic_time () + ALL_RUNS_LIMIT_S * G_USEC_PER_SEC;

  start_runs (self);
  g_mutex_lock (&self->mutex);
  while (self->problems == NULL)
    if (!g_cond_wait_until (&self->cond, &self->mutex, until))
      g_error ("%s: no result in %d s", self->id, ALL_RUNS_LIMIT_S);
  g_mutex_unlock (&self->mutex);
  if (*self->problems != '\0')
    {
      g_test_message ("%s (rules: %s)\n%s", self->script->name, self->script->cites,
                      self->problems);
      g_test_fail ();
    }
}

static void
cancel_case (const PrCase *self, guint index, gulong after_us)
{
  PrScriptLine *line = g_ptr_array_index (self->script->lines, index);
  guint before = count_descriptors ();
  g_autofree char *problems = cancel_script (self->script, index, after_us);
  guint after = wait_for_descriptors (before);

  if (*problems == '\0' && before == after)
    return;
  g_test_message ("%s:%u: %s\n%s  descriptors: %u before, %u after", self->script->name,
                  line->number, line->source, problems, before, after);
  g_test_fail ();
}

static void
test_cancel (gconstpointer data)
{
  const PrCase *self = data;
  static gboolean warm = FALSE;

  /* What GLib and GnuTLS open once and keep is opened now. */
  if (!warm)
    g_free (run_script (self->script));
  warm = TRUE;
  /* A moment later, so that as a rule the client waits for the server when it happens. */
  for (guint i = 0; i < self->script->lines->len; i++)
    cancel_case (self, i, 1000);
  /* And while it looks at the port a second time. */
  if (self->script->connections == 2)
    cancel_case (self, 0, (gulong) self->script->timeout_s * G_USEC_PER_SEC / 2 + 200 * 1000);
}

static void
add_case (const char *path, const char *id)
{
  PrCase *self = g_new0 (PrCase, 1);
  g_autoptr (GError) error = NULL;

  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  self->id = g_strndup (id, strlen (id) - strlen (".txt"));
  self->script = pr_script_new_from_file (path, &error);
  if (self->script == NULL)
    g_error ("%s", error->message);
  g_ptr_array_add (cases, self);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* All scripts below a folder, in the order of their names. */
static void
find_cases (const char *folder, const char *prefix)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *path = g_build_filename (folder, g_ptr_array_index (names, i), NULL);
      g_autofree char *id = g_strconcat (prefix, g_ptr_array_index (names, i), NULL);
      g_autofree char *below = g_strconcat (id, "/", NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        find_cases (path, below);
      else if (g_str_has_suffix (id, ".txt"))
        add_case (path, id);
    }
}

/* Whether the test of that part and folder was asked for: "test-scripts run pop3". */
static gboolean
is_wanted (int argc, char **argv, const char *part, const PrCase *test)
{
  return (argc < 2 || g_str_equal (argv[1], part))
         && (argc < 3 || g_str_has_prefix (test->id, argv[2]));
}

static void
add_tests (int argc, char **argv, const char *part, GTestDataFunc function)
{
  for (guint i = 0; i < cases->len; i++)
    {
      PrCase *test = g_ptr_array_index (cases, i);
      g_autofree char *path = g_strconcat ("/scripts/", part, "/", test->id, NULL);

      if (is_wanted (argc, argv, part, test))
        g_test_add_data_func (path, test, function);
    }
}

int
main (int argc, char **argv)
{
  g_autofree char *folder = NULL;
  int status;

  setlocale (LC_ALL, "");
  arguments = g_strdupv (argv);
  /* meson says where the scripts are; a person who runs this by hand need not. */
  g_setenv ("G_TEST_SRCDIR", TESTS_SOURCE_DIR, FALSE);
  g_test_init (&argc, &argv, NULL);
  cases = g_ptr_array_new_with_free_func (case_free);
  pool = g_thread_pool_new (run_case, NULL, N_THREADS, FALSE, NULL);
  folder = g_test_build_filename (G_TEST_DIST, "data", "scripts", NULL);
  find_cases (folder, "");
  add_tests (argc, argv, "run", test_run);
  add_tests (argc, argv, "cancel", test_cancel);
  status = g_test_run ();
  g_thread_pool_free (pool, FALSE, TRUE);
  g_ptr_array_unref (cases);
  g_strfreev (arguments);
  return status;
}
