/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What all sub-commands share: common options, opening the environment, waiting for asynchronous
 * calls, and how errors become messages and exit statuses. */

#include "pr-ctl.h"

#include "pr-environment-sign-in.h"

#include <glib-unix.h>
#include <glib/gi18n.h>

static gboolean
on_signal (gpointer user_data)
{
  PrCtl *self = user_data;

  g_cancellable_cancel (self->cancellable);
  return G_SOURCE_CONTINUE;
}

void
pr_ctl_init (PrCtl *self)
{
  *self = (PrCtl){ 0 };
  self->progress = pr_progress_new ();
  self->cancellable = G_CANCELLABLE (self->progress);
  self->sigint_id = g_unix_signal_add (SIGINT, on_signal, self);
  self->sigterm_id = g_unix_signal_add (SIGTERM, on_signal, self);
}

void
pr_ctl_clear (PrCtl *self)
{
  /* A refresh that was cut off could lose the sign-in; each is bounded. */
  while (self->environment != NULL && pr_environment_is_refreshing (self->environment))
    g_main_context_iteration (NULL, TRUE);
  g_clear_handle_id (&self->sigint_id, g_source_remove);
  g_clear_handle_id (&self->sigterm_id, g_source_remove);
  if (self->environment != NULL)
    pr_environment_close (self->environment);
  g_clear_object (&self->environment);
  g_clear_object (&self->keyring);
  pr_ctl_end_many (self);
  self->cancellable = NULL;
  g_clear_object (&self->progress);
  g_clear_pointer (&self->data_dir, g_free);
  g_clear_pointer (&self->environment_name, g_free);
  /* What was returned to the main loop last: the ends of threads, closing objects. */
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* Parses the options of a sub-command: its own and the common ones. */
gboolean
pr_ctl_parse (PrCtl *self,
              GOptionContext *context,
              const GOptionEntry *entries,
              int *argc,
              char ***argv,
              GError **error)
{
  const GOptionEntry common[] = {
    { "environment", 0, 0, G_OPTION_ARG_STRING, &self->environment_name,
      N_ ("Environment to work in"), N_ ("NAME") },
    { "data-dir", 0, 0, G_OPTION_ARG_FILENAME, &self->data_dir,
      N_ ("Folder with the environments (also POSTROOM_DATA_DIR)"), N_ ("DIR") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &self->json, N_ ("Print JSON"), NULL },
    G_OPTION_ENTRY_NULL,
  };

  g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
  if (entries != NULL)
    g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  g_option_context_add_main_entries (context, common, GETTEXT_PACKAGE);
  return g_option_context_parse (context, argc, argv, error);
}

void
pr_ctl_ready (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PrCtlWait *wait = user_data;

  wait->result = g_object_ref (result);
}

/* Runs the main loop until the call that was given @self as user data has answered. */
GAsyncResult *
pr_ctl_wait (PrCtlWait *self)
{
  while (self->result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return self->result;
}

void
pr_ctl_wait_clear (PrCtlWait *self)
{
  g_clear_object (&self->result);
}

gboolean
pr_ctl_open (PrCtl *self, GError **error)
{
  g_auto (PrCtlWait) wait = { NULL };

  if (self->data_dir == NULL)
    self->data_dir = pr_environment_get_default_data_dir ();
  if (self->keyring == NULL)
    self->keyring = pr_secret_keyring_new ();
  pr_environment_open_async (self->data_dir, self->environment_name, self->keyring,
                             self->cancellable, pr_ctl_ready, &wait);
  self->environment = pr_environment_open_finish (pr_ctl_wait (&wait), error);
  return self->environment != NULL;
}

/* Says what went wrong. Takes @error. Returns: the exit status. */
int
pr_ctl_fail (GError *error)
{
  int status = PR_CTL_USAGE;

  g_printerr ("postroomctl: %s\n", error->message);
  if (error->domain == PR_ERROR)
    switch ((PrError) error->code)
      {
        case PR_ERROR_READ_ONLY:
        case PR_ERROR_DATABASE:
        case PR_ERROR_DATABASE_NEWER:
        case PR_ERROR_DATABASE_DAMAGED:
        case PR_ERROR_KEYRING:
        case PR_ERROR_KEYRING_LOCKED:
        case PR_ERROR_KEYRING_UNAVAILABLE:
          status = PR_CTL_UNABLE;
          break;
        case PR_ERROR_INVALID_VALUE:
        case PR_ERROR_DUPLICATE:
        case PR_ERROR_NOT_FOUND:
        case PR_ERROR_IN_USE:
        case PR_ERROR_POLICY:
        case PR_ERROR_CONFLICT:
          break;
      }
  else if (error->domain == G_IO_ERROR)
    status = PR_CTL_UNABLE;
  if (status == PR_CTL_UNABLE && pr_error_get_word (error) != NULL)
    g_printerr (_ ("    Code: %s\n"), pr_error_get_word (error));
  g_error_free (error);
  return status;
}

/* What was removed is gone; that its secrets are not is worth a word. */
void
pr_ctl_note_left_secrets (PrCtl *self)
{
  g_autofree char *reason = pr_environment_take_left_secrets (self->environment);

  if (reason != NULL)
    g_printerr (_ ("Note: secrets of what was removed are still in the keyring: %s\n"), reason);
}

/* Says how the call is wrong. Returns: the exit status. */
int
pr_ctl_usage (const char *format, ...)
{
  g_autofree char *message = NULL;
  g_autofree char *valid = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  /* It repeats arguments, which can be any bytes. */
  valid = g_utf8_make_valid (message, -1);
  g_printerr ("postroomctl: %s\n", valid);
  return PR_CTL_USAGE;
}
