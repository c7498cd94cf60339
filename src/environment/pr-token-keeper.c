/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrTokenKeeper: a key names an account: "mailbox/ID", or "account/PROFILE/ADDRESS" where the user
 * name of mailboxes is another account than their own address (a shared mailbox that a person
 * opens). Changes that come while the keyring is busy are stored together: it rewrites an item for
 * many mailboxes as fast as for one. Locks are between processes, and within this one. Main
 * thread. */

#include "pr-token-keeper.h"

#include "pr-range-lock.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#define LOCK_RETRY_MS 20
#define LOCK_PATIENCE_US (120 * G_USEC_PER_SEC) /* a refresh of another process ends before */
#define MAILBOX_PREFIX "mailbox/"

/* One change that waits to be stored. */
typedef struct
{
  gint64 id;
  PrSecret *secret; /* (nullable) */
  GTask *task;
} PrPending;

struct _PrTokenKeeper
{
  GObject parent_instance;

  /* Owned */
  PrSecrets *secrets;
  char *lock_path;
  PrRangeLock *locks; /* (nullable): opened when it is needed */
  GPtrArray *held;    /* number → key, NULL: free; a lock is an index */
  GPtrArray *pending; /* of PrPending */
  GPtrArray *storing; /* (nullable): those that are being stored */
  guint64 seen;       /* the mark of the last change that is known */
};

static void pr_token_keeper_storage_init (PrOauthStorageInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PrTokenKeeper,
                               pr_token_keeper,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (PR_TYPE_OAUTH_STORAGE,
                                                      pr_token_keeper_storage_init))

/* --- Keys ------------------------------------------------------------------------------------- */

/**
 * pr_token_keeper_get_account:
 * @mailbox: a mailbox
 *
 * Returns: (transfer none): the address of the account that signs in for it: its user name if that
 *   is an address, else its own
 */
const char *
pr_token_keeper_get_account (PrMailbox *mailbox)
{
  const char *username = pr_mailbox_get_text (mailbox, USERNAME);

  return pr_address_split (username, NULL, NULL) ? username
                                                 : pr_mailbox_get_text (mailbox, ADDRESS);
}

/**
 * pr_token_keeper_is_shared:
 * @mailbox: a mailbox
 *
 * Returns: whether its account is another one than its own address
 */
gboolean
pr_token_keeper_is_shared (PrMailbox *mailbox)
{
  g_autofree char *own = pr_address_to_key (pr_mailbox_get_text (mailbox, ADDRESS));
  g_autofree char *account = pr_address_to_key (pr_token_keeper_get_account (mailbox));

  return !g_str_equal (own, account);
}

/**
 * pr_token_keeper_get_mailbox_key:
 * @mailbox_id: id of a mailbox
 *
 * Returns: (transfer full): the key of its own account
 */
char *
pr_token_keeper_get_mailbox_key (gint64 mailbox_id)
{
  return g_strdup_printf (MAILBOX_PREFIX "%" G_GINT64_FORMAT, mailbox_id);
}

/**
 * pr_token_keeper_get_key:
 * @mailbox: a stored mailbox
 *
 * Returns: (transfer full): the key of the account that signs in for it
 */
char *
pr_token_keeper_get_key (PrMailbox *mailbox)
{
  g_autofree char *account = NULL;

  if (!pr_token_keeper_is_shared (mailbox))
    return pr_token_keeper_get_mailbox_key (pr_record_get_id (PR_RECORD (mailbox)));
  account = pr_address_to_key (pr_token_keeper_get_account (mailbox));
  return g_strdup_printf ("account/%" G_GINT64_FORMAT "/%s", pr_mailbox_get (mailbox, PROFILE_ID),
                          account);
}

/* The first 62 bits of SHA-256: two accounts do not meet there. */
static gint64
get_hash (const char *key)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize n = sizeof digest;
  guint64 number = 0;

  g_checksum_update (checksum, (const guchar *) key, -1);
  g_checksum_get_digest (checksum, digest, &n);
  memcpy (&number, digest, sizeof number);
  return (gint64) ((GUINT64_FROM_BE (number) >> 2) | 1);
}

static PrSecretKind
get_item (const char *key, gint64 *id)
{
  if (!g_str_has_prefix (key, MAILBOX_PREFIX))
    {
      *id = get_hash (key);
      return PR_SECRET_OAUTH_ACCOUNT;
    }
  *id = g_ascii_strtoll (key + strlen (MAILBOX_PREFIX), NULL, 10);
  return PR_SECRET_OAUTH_TOKEN;
}

/* --- What other processes changed ------------------------------------------------------------- */

/* A cache of the keyring is good until somebody stores something: then a new mark stands in the
 * file of locks. */
static void
set_mark (PrTokenKeeper *self)
{
  guint64 mark = (guint64) g_random_int () << 32 | g_random_int ();
  int fd = open (self->lock_path, O_WRONLY | O_CLOEXEC);

  if (fd < 0 || pwrite (fd, &mark, sizeof mark, 0) != (gssize) sizeof mark)
    g_info ("no mark could be set in %s: %s", self->lock_path, g_strerror (errno));
  if (fd >= 0)
    close (fd);
}

static void
check_mark (PrTokenKeeper *self)
{
  guint64 mark = 0;
  int fd = open (self->lock_path, O_RDONLY | O_CLOEXEC);
  gssize n = fd >= 0 ? pread (fd, &mark, sizeof mark, 0) : -1;

  if (fd >= 0)
    close (fd);
  if (n != (gssize) sizeof mark || mark != self->seen)
    pr_secrets_drop_cache (self->secrets);
  self->seen = mark;
}

/* --- Lock ------------------------------------------------------------------------------------- */

typedef struct
{
  char *key;
  gint64 give_up_at;
} PrLockWork;

static void
lock_work_free (gpointer data)
{
  PrLockWork *work = data;

  g_free (work->key);
  g_free (work);
}

static gboolean
is_held (PrTokenKeeper *self, const char *key)
{
  for (guint i = 0; i < self->held->len; i++)
    if (g_strcmp0 (g_ptr_array_index (self->held, i), key) == 0)
      return TRUE;
  return FALSE;
}

static int
hold (PrTokenKeeper *self, const char *key)
{
  guint i = 0;

  while (i < self->held->len && g_ptr_array_index (self->held, i) != NULL)
    i++;
  if (i == self->held->len)
    g_ptr_array_add (self->held, NULL);
  g_ptr_array_index (self->held, i) = g_strdup (key);
  return (int) i;
}

static gboolean
try_lock (gpointer data)
{
  GTask *task = data;
  PrTokenKeeper *self = g_task_get_source_object (task);
  PrLockWork *work = g_task_get_task_data (task);

  if (!is_held (self, work->key) && pr_range_lock_try (self->locks, (guint64) get_hash (work->key)))
    {
      g_task_return_int (task, hold (self, work->key));
      return G_SOURCE_REMOVE;
    }
  if (g_get_monotonic_time () < work->give_up_at)
    return G_SOURCE_CONTINUE;
  g_task_return_error (task, pr_error_new (PR_ERROR_KEYRING, NULL,
                                           _ ("Another Postroom has been using the same sign-in "
                                              "for minutes. Try again.")));
  return G_SOURCE_REMOVE;
}

static void
lock_async (PrOauthStorage *storage,
            const char *key,
            GAsyncReadyCallback callback,
            gpointer user_data)
{
  PrTokenKeeper *self = PR_TOKEN_KEEPER (storage);
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  PrLockWork *work = g_new0 (PrLockWork, 1);
  GError *error = NULL;

  g_task_set_name (task, "pr_token_keeper_lock");
  work->key = g_strdup (key);
  work->give_up_at = g_get_monotonic_time () + LOCK_PATIENCE_US;
  g_task_set_task_data (task, work, lock_work_free);
  if (self->locks == NULL)
    self->locks = pr_range_lock_open (self->lock_path, &error);
  if (self->locks == NULL)
    {
      g_task_return_error (task, pr_error_new (PR_ERROR_READ_ONLY, NULL,
                                               _ ("No sign-in can be used: %s."), error->message));
      g_error_free (error);
      return;
    }
  if (try_lock (task) == G_SOURCE_CONTINUE)
    {
      g_autoptr (GSource) source = g_timeout_source_new (LOCK_RETRY_MS);

      g_task_attach_source (task, source, try_lock);
    }
}

static int
lock_finish (PrOauthStorage *storage, GAsyncResult *result, GError **error)
{
  return (int) g_task_propagate_int (G_TASK (result), error);
}

static void
unlock (PrOauthStorage *storage, int lock)
{
  PrTokenKeeper *self = PR_TOKEN_KEEPER (storage);
  char *key = g_ptr_array_index (self->held, (guint) lock);

  g_return_if_fail (key != NULL);

  pr_range_lock_release (self->locks, (guint64) get_hash (key));
  g_ptr_array_index (self->held, (guint) lock) = NULL;
  g_free (key);
}

/* --- Lookup ----------------------------------------------------------------------------------- */

static void
on_found (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  PrSecret *secret = pr_secrets_lookup_finish (PR_SECRETS (source), result, &error);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, secret, (GDestroyNotify) pr_secret_unref);
}

static void
lookup_async (PrOauthStorage *storage,
              const char *key,
              GAsyncReadyCallback callback,
              gpointer user_data)
{
  PrTokenKeeper *self = PR_TOKEN_KEEPER (storage);
  GTask *task = g_task_new (self, NULL, callback, user_data);
  gint64 id;
  PrSecretKind kind = get_item (key, &id);

  g_task_set_name (task, "pr_token_keeper_lookup");
  check_mark (self);
  pr_secrets_lookup_async (self->secrets, kind, id, "", NULL, on_found, task);
}

static PrSecret *
lookup_finish (PrOauthStorage *storage, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- Store ------------------------------------------------------------------------------------ */

static void store_pending (PrTokenKeeper *self);

static void
pending_free (gpointer data)
{
  PrPending *pending = data;

  g_clear_pointer (&pending->secret, pr_secret_unref);
  g_object_unref (pending->task);
  g_free (pending);
}

static void
on_pending_stored (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrTokenKeeper) self = user_data;
  g_autoptr (GPtrArray) stored = g_steal_pointer (&self->storing);
  g_autoptr (GError) error = NULL;

  if (pr_secrets_change_finish (PR_SECRETS (source), result, &error))
    set_mark (self);
  for (guint i = 0; i < stored->len; i++)
    {
      GTask *task = ((PrPending *) g_ptr_array_index (stored, i))->task;

      if (error != NULL)
        g_task_return_error (task, g_error_copy (error));
      else
        g_task_return_boolean (task, TRUE);
    }
  store_pending (self);
}

static void
store_pending (PrTokenKeeper *self)
{
  g_autofree PrSecretChange *changes = NULL;

  if (self->storing != NULL || self->pending->len == 0)
    return;
  self->storing = g_steal_pointer (&self->pending);
  self->pending = g_ptr_array_new_with_free_func (pending_free);
  changes = g_new0 (PrSecretChange, self->storing->len);
  for (guint i = 0; i < self->storing->len; i++)
    {
      PrPending *pending = g_ptr_array_index (self->storing, i);

      changes[i] = (PrSecretChange){ pending->id, pending->secret };
    }
  pr_secrets_change_async (self->secrets, PR_SECRET_OAUTH_TOKEN, "", changes, self->storing->len,
                           NULL, on_pending_stored, g_object_ref (self));
}

static void
on_account_stored (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (!pr_secrets_change_finish (PR_SECRETS (source), result, &error))
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

static void
store_async (PrOauthStorage *storage,
             const char *key,
             PrSecret *secret,
             GAsyncReadyCallback callback,
             gpointer user_data)
{
  PrTokenKeeper *self = PR_TOKEN_KEEPER (storage);
  GTask *task = g_task_new (self, NULL, callback, user_data);
  PrSecretChange change = { 0, secret };
  PrPending *pending;

  g_task_set_name (task, "pr_token_keeper_store");
  if (get_item (key, &change.id) == PR_SECRET_OAUTH_ACCOUNT)
    {
      pr_secrets_change_async (self->secrets, PR_SECRET_OAUTH_ACCOUNT, "", &change, 1, NULL,
                               on_account_stored, task);
      return;
    }
  /* The lock of the key sees to it that no id is there twice. */
  pending = g_new0 (PrPending, 1);
  pending->id = change.id;
  pending->secret = secret != NULL ? pr_secret_ref (secret) : NULL;
  pending->task = task;
  g_ptr_array_add (self->pending, pending);
  store_pending (self);
}

static gboolean
store_finish (PrOauthStorage *storage, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- Object ----------------------------------------------------------------------------------- */

static void
pr_token_keeper_storage_init (PrOauthStorageInterface *iface)
{
  iface->lock_async = lock_async;
  iface->lock_finish = lock_finish;
  iface->unlock = unlock;
  iface->lookup_async = lookup_async;
  iface->lookup_finish = lookup_finish;
  iface->store_async = store_async;
  iface->store_finish = store_finish;
}

static void
pr_token_keeper_finalize (GObject *object)
{
  PrTokenKeeper *self = PR_TOKEN_KEEPER (object);

  g_clear_pointer (&self->locks, pr_range_lock_close);
  g_ptr_array_unref (self->held);
  g_ptr_array_unref (self->pending);
  g_object_unref (self->secrets);
  g_free (self->lock_path);
  G_OBJECT_CLASS (pr_token_keeper_parent_class)->finalize (object);
}

static void
pr_token_keeper_class_init (PrTokenKeeperClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pr_token_keeper_finalize;
}

static void
pr_token_keeper_init (PrTokenKeeper *self)
{
  self->held = g_ptr_array_new_with_free_func (g_free);
  self->pending = g_ptr_array_new_with_free_func (pending_free);
}

/**
 * pr_token_keeper_new:
 * @secrets: of the environment
 * @folder: of the environment
 *
 * Returns: (transfer full): a keeper
 */
PrOauthStorage *
pr_token_keeper_new (PrSecrets *secrets, const char *folder)
{
  PrTokenKeeper *self = g_object_new (PR_TYPE_TOKEN_KEEPER, NULL);

  self->secrets = g_object_ref (secrets);
  self->lock_path = g_build_filename (folder, "tokens.lock", NULL);
  return PR_OAUTH_STORAGE (self);
}
