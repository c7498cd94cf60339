/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Calls of the real program, each bounded, on a data folder of the test's. Main thread. */

#include "ctl-fixture.h"

#include "tests/keep-folder.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define PATIENCE_S 60
#define NOBODY 65534

void
ctl_run_clear (PrCtlRun *self)
{
  g_free (self->out);
  g_free (self->err);
}

void
ctl_fixture_init (PrCtlFixture *self)
{
  g_autoptr (GError) error = NULL;

  *self = (PrCtlFixture){ NULL };
  self->folder = g_dir_make_tmp ("postroom-ctl-XXXXXX", &error);
  g_assert_no_error (error);
  self->data_dir = g_build_filename (self->folder, "data", NULL);
}

static void
remove_all (const char *path)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;

  if (!g_file_test (path, G_FILE_TEST_IS_SYMLINK) && g_file_test (path, G_FILE_TEST_IS_DIR))
    dir = g_dir_open (path, 0, NULL);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_all (child);
    }
  g_remove (path);
}

void
ctl_fixture_clear (PrCtlFixture *self)
{
  if (!keep_folder (self->folder))
    remove_all (self->folder);
  g_free (self->folder);
  g_free (self->data_dir);
}

static gboolean
on_timeout (gpointer user_data)
{
  g_error ("postroomctl did not end in %d s", PATIENCE_S);
  return G_SOURCE_REMOVE;
}

static void
on_ended (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **answer = user_data;

  *answer = g_object_ref (result);
}

static char *
dup_text (GBytes *bytes)
{
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);

  return length > 0 ? g_strndup (text, length) : g_strdup ("");
}

/* In the new process, before the program. */
static void
become_nobody (gpointer user_data)
{
  if (setgid (NOBODY) != 0 || setuid (NOBODY) != 0)
    _exit (127);
}

/* The build's folder may be one that only its owner can enter. */
static const char *
copy_program (PrCtlFixture *self, const char *program, char **copy)
{
  g_autoptr (GFile) from = g_file_new_for_path (program);
  g_autoptr (GFile) to = NULL;
  g_autoptr (GError) error = NULL;

  *copy = g_build_filename (self->folder, "postroomctl", NULL);
  to = g_file_new_for_path (*copy);
  if (!g_file_query_exists (to, NULL))
    g_file_copy (from, to, G_FILE_COPY_NONE, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  return *copy;
}

/* Runs it without a shell between; @input: (nullable): what it reads. */
void
ctl_run_argv (PrCtlFixture *self, char **arguments, const char *input, PrCtlRun *run)
{
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE
                                 | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GBytes) bytes = g_bytes_new (input != NULL ? input : "", input ? strlen (input) : 0);
  g_autoptr (GBytes) out = NULL, err = NULL;
  g_autoptr (GError) error = NULL;
  const char *program = g_getenv ("POSTROOMCTL");
  g_autofree char *copy = NULL;
  guint timeout = g_timeout_add_seconds (PATIENCE_S, on_timeout, NULL);

  g_assert_nonnull (program);
  g_subprocess_launcher_setenv (launcher, "POSTROOM_DATA_DIR", self->data_dir, TRUE);
  g_subprocess_launcher_setenv (launcher, "DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent",
                                TRUE);
  g_subprocess_launcher_setenv (launcher, "HOME", self->folder, TRUE);
  if (self->as_nobody)
    {
      g_subprocess_launcher_set_child_setup (launcher, become_nobody, NULL, NULL);
      program = copy_program (self, program, &copy);
    }
  g_ptr_array_add (argv, (char *) program);
  for (char **argument = arguments; *argument != NULL; argument++)
    g_ptr_array_add (argv, *argument);
  g_ptr_array_add (argv, NULL);
  process = g_subprocess_launcher_spawnv (launcher, (const char *const *) argv->pdata, &error);
  g_assert_no_error (error);
  g_subprocess_communicate_async (process, bytes, NULL, on_ended, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (timeout);
  g_subprocess_communicate_finish (process, result, &out, &err, &error);
  g_assert_no_error (error);
  run->status = g_subprocess_get_if_exited (process) ? g_subprocess_get_exit_status (process) : -1;
  run->out = dup_text (out);
  run->err = dup_text (err);
}

/* @arguments: as they would be typed; quotes are understood. */
void
ctl_run (PrCtlFixture *self, const char *arguments, const char *input, PrCtlRun *run)
{
  g_auto (GStrv) argv = NULL;
  g_autoptr (GError) error = NULL;

  if (*arguments != '\0')
    g_shell_parse_argv (arguments, NULL, &argv, &error);
  else
    argv = g_new0 (char *, 1);
  g_assert_no_error (error);
  ctl_run_argv (self, argv, input, run);
}

/* @in_out, @in_err: (nullable): what must stand there; "" for nothing at all. */
void
ctl_expect (PrCtlFixture *self,
            const char *arguments,
            int status,
            const char *in_out,
            const char *in_err)
{
  g_auto (PrCtlRun) run = { 0 };

  ctl_run (self, arguments, NULL, &run);
  if (run.status != status
      || (in_out != NULL && (*in_out ? strstr (run.out, in_out) == NULL : *run.out != '\0'))
      || (in_err != NULL && (*in_err ? strstr (run.err, in_err) == NULL : *run.err != '\0')))
    g_error ("postroomctl %s\nended with %d, not %d\nsaid: %s\nnot: %s\ncomplained: %s\nnot: %s",
             arguments, run.status, status, run.out, in_out ? in_out : "-", run.err,
             in_err ? in_err : "-");
}

void
ctl_ok (PrCtlFixture *self, const char *arguments)
{
  ctl_expect (self, arguments, 0, NULL, "");
}

/* Standard output is JSON, and nothing but that. */
JsonNode *
ctl_json (PrCtlFixture *self, const char *arguments, int status)
{
  g_auto (PrCtlRun) run = { 0 };
  g_autoptr (GError) error = NULL;
  JsonNode *node;

  ctl_run (self, arguments, NULL, &run);
  if (run.status != status)
    g_error ("postroomctl %s\nended with %d: %s", arguments, run.status, run.err);
  node = json_from_string (run.out, &error);
  if (node == NULL)
    g_error ("postroomctl %s\nprinted no JSON (%s): %s", arguments,
             error != NULL ? error->message : "empty", run.out);
  return node;
}

/* The database of the only environment there is. */
char *
ctl_get_database (PrCtlFixture *self)
{
  g_autofree char *folder = g_build_filename (self->data_dir, "environments", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);

  g_assert_nonnull (dir);
  return g_build_filename (folder, g_dir_read_name (dir), "postroom.db", NULL);
}
