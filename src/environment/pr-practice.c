/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrPractice: fills a throw-away environment with mailboxes of the practice server, some of which
 * fail as real ones do. Main thread. */

#include "pr-practice.h"

#include "pr-environment-manage.h"
#include "pr-practice-server.h"

#include <glib/gi18n-lib.h>

#define HOST "localhost"
#define PROFILE_GOOD N_ ("Practice server")
#define PROFILE_EXPIRED N_ ("Practice server with an old certificate")

typedef struct
{
  PrPracticeExample example;
  PrPracticeFault fault;
  const char *password; /* what Postroom knows */
  gboolean expired;     /* on the profile with the old certificate */
  gboolean unapproved;
} PrPracticeRow;

#define GOOD PR_PRACTICE_PASSWORD

static const PrPracticeRow rows[] = {
  { { "support@practice.example", "Support", N_ ("Everything is right with this mailbox."),
      PR_CODE_OK, PR_CODE_OK },
    PR_PRACTICE_WORKS,
    GOOD,
    FALSE,
    FALSE },
  { { "sales@practice.example", "Sales", N_ ("This one works, too."), PR_CODE_OK, PR_CODE_OK },
    PR_PRACTICE_WORKS,
    GOOD,
    FALSE,
    FALSE },
  { { "info@practice.example", "Info",
      N_ ("Its password was changed. The new one is “open sesame”."),
      PR_CODE_AUTHENTICATION_REJECTED, PR_CODE_AUTHENTICATION_REJECTED },
    PR_PRACTICE_WORKS,
    "the-old-one",
    FALSE,
    FALSE },
  { { "office@practice.example", "Office", N_ ("Nobody has approved its address yet."),
      PR_CODE_ADDRESS_NOT_APPROVED, PR_CODE_ADDRESS_NOT_APPROVED },
    PR_PRACTICE_WORKS,
    GOOD,
    FALSE,
    TRUE },
  { { "anna@practice.example", "Anna", N_ ("Her account asks programs for an app password."),
      PR_CODE_AUTHENTICATION_APP_PASSWORD, PR_CODE_AUTHENTICATION_APP_PASSWORD },
    PR_PRACTICE_APP_PASSWORD,
    GOOD,
    FALSE,
    FALSE },
  { { "ben@practice.example", "Ben", N_ ("POP access is switched off in his settings."),
      PR_CODE_POP_DISABLED, PR_CODE_OK },
    PR_PRACTICE_POP_OFF,
    GOOD,
    FALSE,
    FALSE },
  { { "carla@practice.example", "Carla", N_ ("Another program has her mailbox open."),
      PR_CODE_MAILBOX_IN_USE, PR_CODE_OK },
    PR_PRACTICE_IN_USE,
    GOOD,
    FALSE,
    FALSE },
  { { "dev@practice.example", "Dev", N_ ("It may not send under its own address."), PR_CODE_OK,
      PR_CODE_SENDER_REJECTED },
    PR_PRACTICE_SENDER,
    GOOD,
    FALSE,
    FALSE },
  { { "archive@practice.example", "Archive", N_ ("It has no room left."), PR_CODE_OK,
      PR_CODE_QUOTA_EXCEEDED },
    PR_PRACTICE_FULL,
    GOOD,
    FALSE,
    FALSE },
  { { "shop@practice.example", "Shop", N_ ("The mail store behind the server is down for now."),
      PR_CODE_AUTHENTICATION_TEMPORARY, PR_CODE_AUTHENTICATION_TEMPORARY },
    PR_PRACTICE_BACK_END,
    GOOD,
    FALSE,
    FALSE },
  { { "web@practice.example", "Web", N_ ("The provider’s administrator switched sending off."),
      PR_CODE_OK, PR_CODE_AUTHENTICATION_DISABLED },
    PR_PRACTICE_SUBMISSION_OFF,
    GOOD,
    FALSE,
    FALSE },
  { { "eve@practice.example", "Eve", N_ ("Her account is locked."), PR_CODE_ACCOUNT_LOCKED,
      PR_CODE_ACCOUNT_LOCKED },
    PR_PRACTICE_LOCKED,
    GOOD,
    FALSE,
    FALSE },
  { { "museum@practice.example", "Museum", N_ ("The certificate of its server is out of date."),
      PR_CODE_CERTIFICATE_EXPIRED, PR_CODE_CERTIFICATE_EXPIRED },
    PR_PRACTICE_WORKS,
    GOOD,
    TRUE,
    FALSE },
};

struct _PrPractice
{
  PrPracticeServer *server;
  char *folder;
  PrKeyring *keyring;
  PrEnvironment *environment;
  PrMailbox *mailbox; /* while it is being added */
  guint next;
};

static void next (GTask *task);

/**
 * pr_practice_free:
 * @self: (transfer full): a practice: its server ends, its files are removed
 */
void
pr_practice_free (PrPractice *self)
{
  g_clear_object (&self->mailbox);
  g_clear_object (&self->environment);
  g_clear_object (&self->keyring);
  g_clear_pointer (&self->server, pr_practice_server_free);
  if (self->folder != NULL)
    pr_folder_remove (self->folder);
  g_free (self->folder);
  g_free (self);
}

/* --- Filling it ------------------------------------------------------------------------------- */

static void
on_approved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  guint n;

  if (pr_environment_change_mailboxes_finish (PR_ENVIRONMENT (source), result, &n, &error))
    next (task);
  else
    g_task_return_error (task, error);
}

static void
on_password_set (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrPractice *self = g_task_get_task_data (task);
  const PrPracticeRow *row = &rows[self->next];
  const char *addresses[] = { row->example.address, NULL };
  g_autoptr (PrSelection) selection = NULL;
  GError *error = NULL;

  if (!pr_environment_set_mailbox_password_finish (PR_ENVIRONMENT (source), result, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  g_clear_object (&self->mailbox);
  self->next++;
  if (row->unapproved)
    {
      next (task);
      return;
    }
  selection = pr_selection_new_addresses (addresses);
  pr_environment_command_mailboxes_async (self->environment, selection, PR_MAILBOX_COMMAND_APPROVE,
                                          g_task_get_cancellable (task), on_approved,
                                          g_object_ref (task));
}

static void
on_mailbox_saved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrPractice *self = g_task_get_task_data (task);
  g_autoptr (PrSecret) secret = pr_secret_new (rows[self->next].password, -1);
  GError *error = NULL;

  if (pr_environment_save_mailbox_finish (PR_ENVIRONMENT (source), result, &error))
    pr_environment_set_mailbox_password_async (self->environment, self->mailbox, secret,
                                               g_task_get_cancellable (task), on_password_set,
                                               g_object_ref (task));
  else
    g_task_return_error (task, error);
}

/* Adds one mailbox after the other. */
static void
next (GTask *task)
{
  PrPractice *self = g_task_get_task_data (task);
  const PrPracticeRow *row;
  g_autoptr (PrServerProfile) profile = NULL;

  if (self->next == G_N_ELEMENTS (rows))
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  row = &rows[self->next];
  pr_practice_server_add_mailbox (self->server, row->example.address, PR_PRACTICE_PASSWORD,
                                  row->fault);
  profile = pr_environment_find_profile (self->environment,
                                         _ (row->expired ? PROFILE_EXPIRED : PROFILE_GOOD));
  self->mailbox = pr_environment_new_mailbox (self->environment, row->example.address);
  g_object_set (self->mailbox, "name", row->example.name, "allow-credentials", TRUE, "profile-id",
                pr_record_get_id (PR_RECORD (profile)), "incoming", PR_SYNC_METHOD_SERVER_SIDE,
                "outgoing", PR_SYNC_METHOD_SERVER_SIDE, NULL);
  pr_environment_save_mailbox_async (self->environment, self->mailbox,
                                     g_task_get_cancellable (task), on_mailbox_saved,
                                     g_object_ref (task));
}

static PrServerProfile *
make_profile (PrPractice *self, gboolean expired)
{
  PrServerProfile *profile = pr_server_profile_new ();
  PrPracticePort incoming = expired ? PR_PRACTICE_POP3S_EXPIRED : PR_PRACTICE_POP3S;
  PrPracticePort outgoing = expired ? PR_PRACTICE_SMTPS_EXPIRED : PR_PRACTICE_SMTPS;

  g_object_set (profile, "name", _ (expired ? PROFILE_EXPIRED : PROFILE_GOOD), "server-type",
                PR_SERVER_TYPE_POP3_SMTP, "incoming-location", HOST, "outgoing-location", HOST,
                "incoming-port", (gint64) pr_practice_server_get_port (self->server, incoming),
                "outgoing-port", (gint64) pr_practice_server_get_port (self->server, outgoing),
                "incoming-security", PR_SECURITY_SSL, "outgoing-security", PR_SECURITY_SSL,
                "ca-certificate", pr_practice_server_get_ca_pem (self->server), "is-default",
                !expired, "timeout", (gint64) 10, NULL);
  return profile;
}

static void
on_second_profile_saved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (pr_environment_save_profile_finish (PR_ENVIRONMENT (source), result, &error))
    next (task);
  else
    g_task_return_error (task, error);
}

static void
on_first_profile_saved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrPractice *self = g_task_get_task_data (task);
  g_autoptr (PrServerProfile) profile = NULL;
  GError *error = NULL;

  if (!pr_environment_save_profile_finish (PR_ENVIRONMENT (source), result, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  profile = make_profile (self, TRUE);
  pr_environment_save_profile_async (self->environment, profile, g_task_get_cancellable (task),
                                     on_second_profile_saved, g_object_ref (task));
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrPractice *self = g_task_get_task_data (task);
  g_autoptr (PrServerProfile) profile = NULL;
  GError *error = NULL;

  self->environment = pr_environment_open_finish (result, &error);
  if (self->environment == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  profile = make_profile (self, FALSE);
  pr_environment_save_profile_async (self->environment, profile, g_task_get_cancellable (task),
                                     on_first_profile_saved, g_object_ref (task));
}

/**
 * pr_practice_open_async:
 * @cancellable: (nullable): cancels
 * @callback: called when the environment is filled
 * @user_data: for @callback
 */
void
pr_practice_open_async (GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  PrPractice *self = g_new0 (PrPractice, 1);
  GError *error = NULL;

  g_task_set_name (task, "pr_practice_open_async");
  g_task_set_task_data (task, self, (GDestroyNotify) pr_practice_free);
  pr_practice_sweep (g_get_tmp_dir ());
  self->server = pr_practice_server_new (&error);
  if (self->server != NULL)
    self->folder = g_dir_make_tmp (PR_PRACTICE_PREFIX "XXXXXX", &error);
  if (self->folder == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  self->keyring = pr_memory_keyring_new ();
  pr_environment_open_async (self->folder, NULL, self->keyring, cancellable, on_opened,
                             g_object_ref (task));
}

/**
 * pr_practice_open_finish:
 * @result: what the callback got
 * @error: set on failure
 *
 * Returns: (transfer full) (nullable): a filled environment with a server that runs
 */
PrPractice *
pr_practice_open_finish (GAsyncResult *result, GError **error)
{
  PrPractice *self;
  PrPractice *opened;

  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return NULL;
  /* It leaves the task, which would free it. */
  self = g_task_get_task_data (G_TASK (result));
  opened = g_memdup2 (self, sizeof *self);
  *self = (PrPractice){ NULL };
  return opened;
}

/**
 * pr_practice_get_environment:
 * @self: a practice
 *
 * Returns: (transfer none): its environment
 */
PrEnvironment *
pr_practice_get_environment (PrPractice *self)
{
  return self->environment;
}

/**
 * pr_practice_list_examples:
 * @n_examples: (out): how many
 *
 * Returns: (transfer none) (array length=n_examples): the mailboxes, in the order of their
 *   stories
 */
const PrPracticeExample *
pr_practice_list_examples (guint *n_examples)
{
  static PrPracticeExample examples[G_N_ELEMENTS (rows)];

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    examples[i] = rows[i].example;
  *n_examples = G_N_ELEMENTS (rows);
  return examples;
}
