/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The secrets of an environment in a real gnome-keyring: how they share items, what that costs, and
 * that processes which change the same item at the same time lose nothing. */

#include "pr-progress.h"
#include "prompter.h"
#include "waiting.h"

#include <glib/gstdio.h>
#include <libsecret/secret.h>
#include <string.h>

#define KIND PR_SECRET_MAILBOX_PASSWORD

/* The sanitizers are not what is measured. */
#ifdef __SANITIZE_ADDRESS__
#define SLOWER 5
#else
#define SLOWER 1
#endif

static char *program_folder;

typedef struct
{
  PrKeyring *keyring;
  PrSecrets *secrets;
  char *folder;
  char *lock_path;
} Fixture;

static PrSecrets *
make_secrets (Fixture *fixture, const char *environment)
{
  return pr_secrets_new (fixture->keyring, environment, "Küche & Co.", fixture->lock_path);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->keyring = pr_secret_keyring_new ();
  fixture->folder = g_dir_make_tmp ("postroom-secrets-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->lock_path = g_build_filename (fixture->folder, "lock", NULL);
  fixture->secrets = make_secrets (fixture, data != NULL ? data : "environment-1");
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_auto (PrWaiting) waiting = { NULL };
  g_autoptr (GError) error = NULL;

  pr_secrets_clear_all_async (fixture->secrets, NULL, pr_waiting_ready, &waiting);
  pr_secrets_clear_all_finish (fixture->secrets, pr_waiting_get (&waiting), &error);
  g_assert_no_error (error);
  g_remove (fixture->lock_path);
  g_remove (fixture->folder);
  g_object_unref (fixture->secrets);
  g_object_unref (fixture->keyring);
  g_free (fixture->lock_path);
  g_free (fixture->folder);
}

/* Changes the secrets of the ids FIRST to LAST in one call, to PREFIX and the id; a prefix of NULL
 * removes them. */
static void
change_many (PrSecrets *secrets, gint64 first, gint64 last, const char *prefix)
{
  g_autoptr (GArray) changes = g_array_new (FALSE, FALSE, sizeof (PrSecretChange));
  g_auto (PrWaiting) waiting = { NULL };
  g_autoptr (GError) error = NULL;

  /* Backwards: the order is the callee's affair. */
  for (gint64 id = last; id >= first; id--)
    {
      g_autofree char *text = g_strdup_printf ("%s%d", prefix != NULL ? prefix : "", (int) id);
      PrSecretChange change = { id, prefix != NULL ? pr_secret_new (text, -1) : NULL };

      g_array_append_val (changes, change);
    }
  pr_secrets_change_async (secrets, KIND, "", (PrSecretChange *) changes->data, changes->len, NULL,
                           pr_waiting_ready, &waiting);
  pr_secrets_change_finish (secrets, pr_waiting_get (&waiting), &error);
  g_assert_no_error (error);
  for (guint i = 0; i < changes->len; i++)
    g_clear_pointer (&g_array_index (changes, PrSecretChange, i).secret, pr_secret_unref);
}

static void
assert_secret (PrSecrets *secrets, gint64 id, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = pr_wait_secret (secrets, KIND, id, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, expected);
}

/* The labels of all items of the environment, as another program sees them. */
static char **
list_labels (const char *environment)
{
  g_autoptr (GHashTable) wanted = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GStrvBuilder) labels = g_strv_builder_new ();
  g_autoptr (GError) error = NULL;
  GList *items;

  g_hash_table_insert (wanted, (gpointer) "environment", (gpointer) environment);
  items = secret_service_search_sync (NULL, NULL, wanted, SECRET_SEARCH_ALL, NULL, &error);
  g_assert_no_error (error);
  for (GList *l = items; l != NULL; l = l->next)
    {
      g_autofree char *label = secret_item_get_label (l->data);

      g_strv_builder_add (labels, label);
    }
  g_list_free_full (items, g_object_unref);
  return g_strv_builder_end (labels);
}

static void
assert_n_items (const char *environment, guint n)
{
  g_auto (GStrv) labels = list_labels (environment);

  g_assert_cmpuint (g_strv_length (labels), ==, n);
}

/* --- Bundles ---------------------------------------------------------------------------------- */

static void
test_bundles (Fixture *fixture, gconstpointer data)
{
  PrSecrets *secrets = fixture->secrets;

  change_many (secrets, 1, 300, "pw-");
  assert_n_items ("environment-1", 3);
  for (gint64 id = 1; id <= 300; id++)
    {
      g_autofree char *expected = g_strdup_printf ("pw-%d", (int) id);

      assert_secret (secrets, id, expected);
    }
  assert_secret (secrets, 301, NULL);
  assert_secret (secrets, 100000, NULL);
  /* One goes, its neighbours stay. */
  change_many (secrets, 128, 128, NULL);
  assert_secret (secrets, 127, "pw-127");
  assert_secret (secrets, 128, NULL);
  assert_secret (secrets, 129, "pw-129");
  /* With the last one goes the item. */
  change_many (secrets, 129, 256, NULL);
  assert_n_items ("environment-1", 2);
  assert_secret (secrets, 300, "pw-300");
  /* That it never was there is no failure. */
  change_many (secrets, 129, 256, NULL);
}

static void
test_label (Fixture *fixture, gconstpointer data)
{
  g_auto (GStrv) labels = NULL;

  change_many (fixture->secrets, 129, 129, "x");
  labels = list_labels ("environment-1");
  g_assert_cmpuint (g_strv_length (labels), ==, 1);
  g_assert_cmpstr (labels[0], ==, "Postroom “Küche & Co.”: passwords of mailboxes 129 to 256");
}

static void
test_kinds (Fixture *fixture, gconstpointer data)
{
  static const PrSecretKind kinds[] = { PR_SECRET_PROFILE_PASSWORD, PR_SECRET_MAILBOX_PASSWORD,
                                        PR_SECRET_OAUTH_TOKEN, PR_SECRET_OAUTH_CLIENT,
                                        PR_SECRET_SERVICE_ACCOUNT };
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *text = g_strdup_printf ("kind %u", i);

      pr_wait_change (fixture->secrets, kinds[i], 1, text, &error);
      g_assert_no_error (error);
    }
  assert_n_items ("environment-1", G_N_ELEMENTS (kinds));
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *expected = g_strdup_printf ("kind %u", i);
      g_autofree char *text = pr_wait_secret (fixture->secrets, kinds[i], 1, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (text, ==, expected);
    }
}

/* The same mailbox number in two environments; removing one leaves the other. */
static void
test_environments (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PrSecrets) other = make_secrets (fixture, "environment-2");
  g_auto (PrWaiting) waiting = { NULL };
  g_autoptr (GError) error = NULL;

  change_many (fixture->secrets, 1, 200, "one-");
  change_many (other, 1, 200, "two-");
  pr_secrets_clear_all_async (other, NULL, pr_waiting_ready, &waiting);
  g_assert_true (pr_secrets_clear_all_finish (other, pr_waiting_get (&waiting), &error));
  assert_n_items ("environment-2", 0);
  assert_secret (other, 7, NULL);
  assert_secret (fixture->secrets, 7, "one-7");
}

/* Somebody wrote something else into the item: it is not thrown away. */
static void
test_damaged (Fixture *fixture, gconstpointer data)
{
  PrKeyringItem item = { "environment-1", KIND, "bundle-0", "", "Damaged" };
  g_autoptr (GError) lookup_error = NULL;
  g_autoptr (GError) change_error = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  pr_wait_store (fixture->keyring, &item, "not a bundle", &error);
  g_assert_no_error (error);
  g_assert_null (pr_wait_secret (fixture->secrets, KIND, 5, &lookup_error));
  g_assert_error (lookup_error, PR_ERROR, PR_ERROR_KEYRING);
  g_assert_false (pr_wait_change (fixture->secrets, KIND, 5, "x", &change_error));
  g_assert_error (change_error, PR_ERROR, PR_ERROR_KEYRING);
  text = pr_wait_lookup (fixture->keyring, &item, &error);
  g_assert_cmpstr (text, ==, "not a bundle");
}

/* --- Several processes ------------------------------------------------------------------------ */

#define N_PROCESSES 3
#define N_EACH 25

static void
test_processes (Fixture *fixture, gconstpointer data)
{
  g_autofree char *program = g_build_filename (program_folder, "change-passwords", NULL);
  g_autofree char *step = g_strdup_printf ("%d", N_PROCESSES);
  g_autofree char *count = g_strdup_printf ("%d", N_EACH);
  GSubprocess *children[N_PROCESSES];
  g_autoptr (GError) error = NULL;

  change_many (fixture->secrets, 100, 110, "before-");
  for (int i = 0; i < N_PROCESSES; i++)
    {
      g_autofree char *first = g_strdup_printf ("%d", i + 1);

      children[i] = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, program, fixture->lock_path,
                                      first, step, count, NULL);
      g_assert_no_error (error);
    }
  for (int i = 0; i < N_PROCESSES; i++)
    {
      g_assert_true (g_subprocess_wait_check (children[i], NULL, &error));
      g_assert_no_error (error);
      g_object_unref (children[i]);
    }
  for (int id = 1; id <= N_PROCESSES * N_EACH; id++)
    {
      g_autofree char *expected = g_strdup_printf ("password of %d", id);

      assert_secret (fixture->secrets, id, expected);
    }
  for (int id = 100; id <= 110; id++)
    {
      g_autofree char *expected = g_strdup_printf ("before-%d", id);

      assert_secret (fixture->secrets, id, expected);
    }
  assert_n_items ("several", 1);
}

/* Two changes at the same time in one process wait for each other, too. */
static void
test_at_once (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PrSecrets) second = make_secrets (fixture, "environment-1");
  PrWaiting waiting[20] = { { NULL } };
  g_autoptr (GError) error = NULL;

  for (int i = 0; i < 20; i++)
    {
      g_autofree char *text = g_strdup_printf ("pw-%d", i + 1);
      g_autoptr (PrSecret) secret = pr_secret_new (text, -1);
      PrSecretChange change = { i + 1, secret };

      pr_secrets_change_async (i % 2 == 0 ? fixture->secrets : second, KIND, "", &change, 1, NULL,
                               pr_waiting_ready, &waiting[i]);
    }
  for (int i = 0; i < 20; i++)
    {
      pr_secrets_change_finish (i % 2 == 0 ? fixture->secrets : second,
                                pr_waiting_get (&waiting[i]), &error);
      g_assert_no_error (error);
      pr_waiting_clear (&waiting[i]);
    }
  for (int i = 1; i <= 20; i++)
    {
      g_autofree char *expected = g_strdup_printf ("pw-%d", i);

      assert_secret (fixture->secrets, i, expected);
    }
}

/* --- Cancelled -------------------------------------------------------------------------------- */

#define N_CANCELLED 600

static gboolean
cancel_when_begun (gpointer user_data)
{
  guint done, total;

  if (!pr_progress_get (user_data, &done, &total) || done == 0)
    return G_SOURCE_CONTINUE;
  g_assert_cmpuint (done, <, total);
  g_cancellable_cancel (user_data);
  return G_SOURCE_REMOVE;
}

/* Somebody presses Cancel when some are stored. Either it is too late, or the caller has to know
 * that some are: “cancelled” alone would be taken for “nothing was changed”. */
static void
test_whole (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PrProgress) progress = pr_progress_new ();
  g_autoptr (PrSecret) secret = pr_secret_new ("new", -1);
  g_autofree PrSecretChange *changes = g_new0 (PrSecretChange, N_CANCELLED);
  g_auto (PrWaiting) early = { NULL };
  g_auto (PrWaiting) waiting = { NULL };
  g_autoptr (GCancellable) cancelled = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  change_many (fixture->secrets, 1, N_CANCELLED, "old-");
  for (int i = 0; i < N_CANCELLED; i++)
    changes[i] = (PrSecretChange){ i + 1, secret };
  g_cancellable_cancel (cancelled);
  pr_secrets_change_whole_async (fixture->secrets, KIND, "", changes, N_CANCELLED, cancelled,
                                 pr_waiting_ready, &early);
  g_assert_false (pr_secrets_change_finish (fixture->secrets, pr_waiting_get (&early), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  assert_secret (fixture->secrets, 1, "old-1");

  g_idle_add (cancel_when_begun, progress);
  pr_secrets_change_whole_async (fixture->secrets, KIND, "", changes, N_CANCELLED,
                                 G_CANCELLABLE (progress), pr_waiting_ready, &waiting);
  pr_secrets_change_finish (fixture->secrets, pr_waiting_get (&waiting), &error);
  g_assert_no_error (error);
  g_assert_true (g_cancellable_is_cancelled (G_CANCELLABLE (progress)));
  assert_secret (fixture->secrets, 1, "new");
  assert_secret (fixture->secrets, N_CANCELLED, "new");
}

/* --- What it costs ---------------------------------------------------------------------------- */

static void
test_ten_thousand (Fixture *fixture, gconstpointer data)
{
  double seconds;

  g_test_timer_start ();
  change_many (fixture->secrets, 1, 10000, "pw-");
  seconds = g_test_timer_elapsed ();
  g_test_minimized_result (seconds, "10,000 passwords stored in %.2f s", seconds);
  g_assert_cmpfloat (seconds, <, 10 * SLOWER);
  assert_n_items ("environment-1", 79);
  assert_secret (fixture->secrets, 1, "pw-1");
  assert_secret (fixture->secrets, 10000, "pw-10000");
  g_test_timer_start ();
  change_many (fixture->secrets, 5000, 5000, "other-");
  seconds = g_test_timer_elapsed ();
  g_test_minimized_result (seconds, "one of them changed in %.0f ms", seconds * 1000);
  /* 100 ms are asked for; an unlucky moment of a busy computer shall not fail this. */
  g_assert_cmpfloat (seconds, <, 1 * SLOWER);
  assert_secret (fixture->secrets, 5000, "other-5000");
}

/* --- Locked ----------------------------------------------------------------------------------- */

static void
lock_keyring (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SecretService) service = secret_service_get_sync (SECRET_SERVICE_NONE, NULL, &error);
  g_autoptr (SecretCollection) collection = secret_collection_for_alias_sync (
      service, SECRET_COLLECTION_DEFAULT, SECRET_COLLECTION_NONE, NULL, &error);
  GList list = { collection, NULL, NULL };

  g_assert_cmpint (secret_service_lock_sync (service, &list, NULL, NULL, &error), ==, 1);
  g_assert_no_error (error);
}

static void
wait_until_asked (PrPrompter *prompter)
{
  gint64 deadline = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;

  while (pr_prompter_get_n_asked (prompter) == 0)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
}

/* A job over several bundles asks the person once, and again only in the next job. */
static void
test_job_refused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PrPrompter) prompter = NULL;

  change_many (fixture->secrets, 1, 300, "pw-");
  lock_keyring ();
  prompter = pr_prompter_new (PR_PROMPTER_REFUSES);
  for (guint job = 1; job <= 2; job++)
    {
      pr_secrets_begin_cache (fixture->secrets);
      for (gint64 id = 1; id <= 300; id += 20)
        {
          g_autoptr (GError) error = NULL;

          g_assert_null (pr_wait_secret (fixture->secrets, KIND, id, &error));
          g_assert_error (error, PR_ERROR, PR_ERROR_KEYRING_LOCKED);
        }
      pr_secrets_end_cache (fixture->secrets);
      g_assert_cmpuint (pr_prompter_get_n_asked (prompter), ==, job);
    }
  g_clear_pointer (&prompter, pr_prompter_free);
  prompter = pr_prompter_new (PR_PROMPTER_UNLOCKS);
  assert_secret (fixture->secrets, 300, "pw-300");
}

static gboolean
cancel (gpointer user_data)
{
  g_cancellable_cancel (user_data);
  return G_SOURCE_REMOVE;
}

/* The person does not answer, and somebody presses Cancel: the caller is free at once, but nobody
 * else may change the item until the dialog is over. */
static void
test_change_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (PrPrompter) prompter = NULL;
  g_autoptr (PrSecret) secret = pr_secret_new ("late", -1);
  PrSecretChange change = { 1, secret };
  g_auto (PrWaiting) waiting = { NULL };
  g_auto (PrWaiting) second = { NULL };
  g_autoptr (GError) error = NULL;
  gint64 start;

  change_many (fixture->secrets, 1, 1, "pw-");
  lock_keyring ();
  prompter = pr_prompter_new (PR_PROMPTER_WAITS);
  pr_secrets_change_async (fixture->secrets, KIND, "", &change, 1, cancellable, pr_waiting_ready,
                           &waiting);
  wait_until_asked (prompter);
  g_timeout_add (20, cancel, cancellable);
  start = g_get_monotonic_time ();
  g_assert_false (pr_secrets_change_finish (fixture->secrets, pr_waiting_get (&waiting), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 5 * G_USEC_PER_SEC);
  change.id = 2;
  pr_secrets_change_async (fixture->secrets, KIND, "", &change, 1, NULL, pr_waiting_ready, &second);
  start = g_get_monotonic_time ();
  while (g_get_monotonic_time () - start < G_USEC_PER_SEC / 5)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
  g_assert_null (second.result);
  /* The person comes back, and unlocks: what was cancelled is not done, what waited is. */
  pr_prompter_answer (prompter, PR_PROMPTER_UNLOCKS);
  g_clear_error (&error);
  pr_secrets_change_finish (fixture->secrets, pr_waiting_get (&second), &error);
  g_assert_no_error (error);
  assert_secret (fixture->secrets, 1, "pw-1");
  assert_secret (fixture->secrets, 2, "late");
}

#define ADD(path, environment, function)                                                           \
  g_test_add (path, Fixture, environment, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  program_folder = g_path_get_dirname (argv[0]);
  ADD ("/secrets/bundles", NULL, test_bundles);
  ADD ("/secrets/label", NULL, test_label);
  ADD ("/secrets/kinds", NULL, test_kinds);
  ADD ("/secrets/environments", NULL, test_environments);
  ADD ("/secrets/damaged", NULL, test_damaged);
  ADD ("/secrets/processes", "several", test_processes);
  ADD ("/secrets/at-once", NULL, test_at_once);
  ADD ("/secrets/whole", NULL, test_whole);
  ADD ("/secrets/ten-thousand", NULL, test_ten_thousand);
  ADD ("/locked/job-refused", NULL, test_job_refused);
  ADD ("/locked/change-cancelled", NULL, test_change_cancelled);
  status = g_test_run ();
  g_free (program_folder);
  return status;
}
