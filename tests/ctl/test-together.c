/* SPDX-License-Identifier: GPL-3.0-or-later */

/* An environment that is open, as the window has it, and postroomctl in the same one: nobody's
 * change is lost, and what one changes the other sees. */

#include "ctl-fixture.h"

#include "pr-environment.h"

#include <string.h>

#define PATIENCE_S 20
#define N_EDITS 10

typedef struct
{
  PrCtlFixture ctl;
  PrKeyring *keyring;
  PrEnvironment *window;
} PrTogether;

static gboolean
on_timeout (gpointer user_data)
{
  g_error ("no answer in %d s", PATIENCE_S);
  return G_SOURCE_REMOVE;
}

static void
on_ready (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **answer = user_data;

  *answer = g_object_ref (result);
}

static void
wait_for (GAsyncResult **answer)
{
  guint timeout = g_timeout_add_seconds (PATIENCE_S, on_timeout, NULL);

  while (*answer == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (timeout);
}

static void
set_up (PrTogether *self)
{
  g_autoptr (GAsyncResult) answer = NULL;
  g_autoptr (GError) error = NULL;

  ctl_fixture_init (&self->ctl);
  ctl_ok (&self->ctl, "profile add --name Example --incoming 127.0.0.1 --outgoing 127.0.0.1");
  ctl_ok (&self->ctl, "mailbox add a@example.org --profile Example --owner start");
  self->keyring = pr_memory_keyring_new ();
  pr_environment_open_async (self->ctl.data_dir, NULL, self->keyring, NULL, on_ready, &answer);
  wait_for (&answer);
  self->window = pr_environment_open_finish (answer, &error);
  g_assert_no_error (error);
}

static void
together_clear (PrTogether *self)
{
  pr_environment_close (self->window);
  g_clear_object (&self->window);
  g_clear_object (&self->keyring);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  ctl_fixture_clear (&self->ctl);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PrTogether, together_clear)

static PrMailbox *
load (PrTogether *self)
{
  g_autoptr (PrSelection) all = pr_selection_new_all ();
  g_autoptr (GAsyncResult) answer = NULL;
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (GError) error = NULL;

  pr_environment_list_mailboxes_async (self->window, all, NULL, on_ready, &answer);
  wait_for (&answer);
  list = pr_environment_list_mailboxes_finish (self->window, answer, &error);
  g_assert_no_error (error);
  return g_object_ref (g_ptr_array_index (list, 0));
}

static void
set (gpointer record, const char *field, const char *value)
{
  g_autoptr (GError) error = NULL;

  pr_record_parse (record, (guint) pr_record_find_field (record, field), value, &error);
  g_assert_no_error (error);
}

static char *
get (gpointer record, const char *field)
{
  return pr_record_format (record, (guint) pr_record_find_field (record, field));
}

static gboolean
save (PrTogether *self, PrMailbox *mailbox, GError **error)
{
  g_autoptr (GAsyncResult) answer = NULL;

  pr_environment_save_mailbox_async (self->window, mailbox, NULL, on_ready, &answer);
  wait_for (&answer);
  return pr_environment_save_mailbox_finish (self->window, answer, error);
}

/* What was read before the other one wrote cannot be written over it. */
static void
test_stale (void)
{
  g_auto (PrTogether) self = { 0 };
  g_autoptr (PrMailbox) mailbox = NULL, again = NULL;
  g_autoptr (PrServerProfile) profile = NULL, stored = NULL;
  g_autoptr (PrEmailSettings) settings = NULL;
  g_autoptr (GAsyncResult) of_profile = NULL, of_settings = NULL;
  g_autoptr (GError) error = NULL;

  set_up (&self);
  mailbox = load (&self);
  stored = pr_environment_find_profile (self.window, "Example");
  profile = PR_SERVER_PROFILE (pr_record_duplicate (PR_RECORD (stored)));
  settings = PR_EMAIL_SETTINGS (
      pr_record_duplicate (PR_RECORD (pr_environment_get_settings (self.window))));
  ctl_ok (&self.ctl, "mailbox edit a@example.org --owner other");
  ctl_ok (&self.ctl, "profile edit Example --timeout 77");
  ctl_ok (&self.ctl, "settings set retry-count=3");

  set (mailbox, "owner", "window");
  g_assert_false (save (&self, mailbox, &error));
  g_assert_error (error, PR_ERROR, PR_ERROR_CONFLICT);
  g_clear_error (&error);
  set (profile, "description", "window");
  pr_environment_save_profile_async (self.window, profile, NULL, on_ready, &of_profile);
  wait_for (&of_profile);
  g_assert_false (pr_environment_save_profile_finish (self.window, of_profile, &error));
  g_assert_error (error, PR_ERROR, PR_ERROR_CONFLICT);
  g_clear_error (&error);
  set (settings, "keep-alerts-days", "9");
  pr_environment_save_settings_async (self.window, settings, NULL, on_ready, &of_settings);
  wait_for (&of_settings);
  g_assert_false (pr_environment_save_settings_finish (self.window, of_settings, &error));
  g_assert_error (error, PR_ERROR, PR_ERROR_CONFLICT);
  g_clear_error (&error);

  ctl_expect (&self.ctl, "mailbox show a@example.org", 0, "other", "");
  ctl_expect (&self.ctl, "profile show Example", 0, "77", "");
  again = load (&self);
  set (again, "owner", "window");
  g_assert_true (save (&self, again, &error));
  ctl_expect (&self.ctl, "mailbox show a@example.org", 0, "window", "");
}

typedef struct
{
  guint n_saved;
  guint n_refused;
  gboolean waiting;
} PrOther;

static void
on_other_ended (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PrOther *other = user_data;

  g_subprocess_wait_finish (G_SUBPROCESS (source), result, NULL);
  if (g_subprocess_get_exit_status (G_SUBPROCESS (source)) == 0)
    other->n_saved++;
  else
    other->n_refused++;
  other->waiting = FALSE;
}

/* The next of its edits: it sets a field to the number of the edit. */
static void
start_other (PrTogether *self, PrOther *other)
{
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_strdup_printf ("name %u", other->n_saved);

  if (other->waiting || other->n_saved == N_EDITS)
    return;
  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE,
                              &error, g_getenv ("POSTROOMCTL"), "mailbox", "edit", "a@example.org",
                              "--name", name, "--data-dir", self->ctl.data_dir, NULL);
  g_assert_no_error (error);
  other->waiting = TRUE;
  g_subprocess_wait_async (process, NULL, on_other_ended, other);
}

/* Both change the same mailbox all the time, each another field, and try again when they came too
 * late: every change of either is there in the end. */
static void
test_at_once (void)
{
  g_auto (PrTogether) self = { 0 };
  PrOther other = { 0 };
  guint timeout, n_saved = 0, n_refused = 0;
  g_autoptr (PrMailbox) last = NULL;
  g_autofree char *owner = NULL, *name = NULL;

  set_up (&self);
  timeout = g_timeout_add_seconds (3 * PATIENCE_S, on_timeout, NULL);
  while (n_saved < 20 * N_EDITS || other.n_saved < N_EDITS)
    {
      g_autoptr (PrMailbox) mailbox = load (&self);
      g_autofree char *text = g_strdup_printf ("owner %u", n_saved);
      g_autoptr (GError) error = NULL;

      start_other (&self, &other);
      /* Somebody types; the other one may write meanwhile. */
      for (guint i = 0; i < 3; i++)
        g_main_context_iteration (NULL, FALSE);
      g_usleep (2000);
      set (mailbox, "owner", text);
      if (save (&self, mailbox, &error))
        n_saved++;
      else
        {
          g_assert_error (error, PR_ERROR, PR_ERROR_CONFLICT);
          n_refused++;
        }
    }
  g_source_remove (timeout);
  last = load (&self);
  owner = get (last, "owner");
  name = get (last, "name");
  g_test_message ("%u saved here, %u refused; %u there, %u refused", n_saved, n_refused,
                  other.n_saved, other.n_refused);
  {
    g_autofree char *expected = g_strdup_printf ("owner %u", n_saved - 1);

    g_assert_cmpstr (owner, ==, expected);
  }
  g_assert_cmpstr (name, ==, "name " G_STRINGIFY (9));
  /* Every change counted: those of both, and nobody else's. */
  g_assert_cmpint (pr_record_get_version (PR_RECORD (last)), ==,
                   1 + (gint64) n_saved + other.n_saved);
}

static void
on_stored (PrEnvironment *environment, guint changed, guint *all)
{
  *all |= changed;
}

/* The window that only looks is told. */
static void
test_seen (void)
{
  g_auto (PrTogether) self = { 0 };
  guint changed = 0, timeout;
  g_autoptr (PrMailbox) mailbox = NULL;
  g_autofree char *owner = NULL;

  set_up (&self);
  g_signal_connect (self.window, "stored", G_CALLBACK (on_stored), &changed);
  pr_environment_set_following (self.window, TRUE);
  ctl_ok (&self.ctl, "mailbox edit --all --owner seen");
  timeout = g_timeout_add_seconds (PATIENCE_S, on_timeout, NULL);
  while (changed == 0)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (timeout);
  pr_environment_set_following (self.window, FALSE);
  mailbox = load (&self);
  owner = get (mailbox, "owner");
  g_assert_cmpstr (owner, ==, "seen");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/together/stale", test_stale);
  g_test_add_func ("/together/at-once", test_at_once);
  g_test_add_func ("/together/seen", test_seen);
  return g_test_run ();
}
