/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The keyring room without a keyring: the text of a bundle, the keyring in memory, and which of
 * them an environment's secrets ask when. The real one is in the suite "keyring". */

#include "../keyring/waiting.h"

#include "pr-bundle.h"

#include <glib/gstdio.h>
#include <string.h>

#define KIND PR_SECRET_MAILBOX_PASSWORD

/* --- Bundles ---------------------------------------------------------------------------------- */

static void
set (PrBundle *bundle, gint64 id, const char *text, gssize length)
{
  g_autoptr (PrSecret) secret = pr_secret_new (text, length);

  pr_bundle_set (bundle, id, secret);
}

static void
assert_has (PrBundle *bundle, gint64 id, const char *text, gsize length)
{
  g_autoptr (PrSecret) secret = pr_bundle_get (bundle, id);

  g_assert_nonnull (secret);
  g_assert_cmpmem (pr_secret_peek (secret), pr_secret_get_length (secret), text, length);
}

static void
test_bundle (void)
{
  g_autoptr (PrBundle) bundle = pr_bundle_new ();
  g_autoptr (PrBundle) back = NULL;
  g_autoptr (PrSecret) text = NULL;

  set (bundle, 2, "zwei\nlines = x y", -1);
  set (bundle, G_MAXINT64, "\001\377\000z", 4);
  set (bundle, 1, "one", -1);
  set (bundle, 2, "ü", -1);
  set (bundle, 3, "gone", -1);
  pr_bundle_set (bundle, 3, NULL);
  pr_bundle_set (bundle, 4, NULL);
  text = pr_bundle_format (bundle);
  back = pr_bundle_parse (text);
  g_assert_nonnull (back);
  g_assert_cmpuint (pr_bundle_get_size (back), ==, 3);
  assert_has (back, 1, "one", 3);
  assert_has (back, 2, "ü", 2);
  assert_has (back, G_MAXINT64, "\001\377\000z", 4);
  g_assert_null (pr_bundle_get (back, 3));
}

/* The same content is the same text, in whatever order it came together. */
static void
test_bundle_order (void)
{
  g_autoptr (PrBundle) up = pr_bundle_new ();
  g_autoptr (PrBundle) down = pr_bundle_new ();
  g_autoptr (PrSecret) one = NULL;
  g_autoptr (PrSecret) other = NULL;

  for (gint64 id = 1; id <= 128; id++)
    {
      set (up, id, "x", -1);
      set (down, 129 - id, "x", -1);
    }
  one = pr_bundle_format (up);
  other = pr_bundle_format (down);
  g_assert_true (pr_secret_equal (one, other));
}

static void
test_bundle_damaged (void)
{
  static const char *const texts[] = {
    "",
    "\n",
    "hello",
    "postroom-bundle 2\n1 eA==\n",
    "postroom-bundle 1",
    "postroom-bundle 1\n1\n",
    "postroom-bundle 1\neA==\n",
    "postroom-bundle 1\n0 eA==\n",
    "postroom-bundle 1\n-1 eA==\n",
    "postroom-bundle 1\n1 eA==\nx eA==\n",
    "postroom-bundle 1\n99999999999999999999 eA==\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (PrSecret) text = pr_secret_new (texts[i], -1);

      g_assert_null (pr_bundle_parse (text));
    }
}

/* --- In memory -------------------------------------------------------------------------------- */

static void
assert_lookup (PrKeyring *keyring, const PrKeyringItem *item, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = pr_wait_lookup (keyring, item, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_memory (void)
{
  g_autoptr (PrKeyring) keyring = pr_memory_keyring_new ();
  PrKeyringItem item = { "one", PR_SECRET_PROFILE_PASSWORD, "1", "incoming", "Label" };
  PrKeyringItem outgoing = item, other = item, all = item;

  outgoing.direction = "outgoing";
  other.environment = "one-more";
  all.id = NULL;
  assert_lookup (keyring, &item, NULL);
  g_assert_true (pr_wait_store (keyring, &item, "first", NULL));
  g_assert_true (pr_wait_store (keyring, &item, "second", NULL));
  g_assert_true (pr_wait_store (keyring, &outgoing, "out", NULL));
  g_assert_true (pr_wait_store (keyring, &other, "other", NULL));
  assert_lookup (keyring, &item, "second");
  assert_lookup (keyring, &outgoing, "out");
  g_assert_true (pr_wait_clear (keyring, &item, NULL));
  g_assert_true (pr_wait_clear (keyring, &item, NULL));
  assert_lookup (keyring, &item, NULL);
  g_assert_true (pr_wait_clear (keyring, &all, NULL));
  assert_lookup (keyring, &outgoing, NULL);
  assert_lookup (keyring, &other, "other");
}

static void
test_memory_failure (void)
{
  static const PrError codes[] = { PR_ERROR_KEYRING_LOCKED, PR_ERROR_KEYRING_UNAVAILABLE,
                                   PR_ERROR_KEYRING };
  g_autoptr (PrKeyring) keyring = pr_memory_keyring_new ();
  PrKeyringItem item = { "one", PR_SECRET_PROFILE_PASSWORD, "1", "incoming", "Label" };

  g_assert_true (pr_wait_store (keyring, &item, "kept", NULL));
  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      g_autoptr (GError) lookup_error = NULL;
      g_autoptr (GError) store_error = NULL;
      g_autoptr (GError) clear_error = NULL;

      pr_memory_keyring_set_failure (keyring, (int) codes[i]);
      g_assert_null (pr_wait_lookup (keyring, &item, &lookup_error));
      g_assert_error (lookup_error, PR_ERROR, (int) codes[i]);
      g_assert_false (pr_wait_store (keyring, &item, "x", &store_error));
      g_assert_error (store_error, PR_ERROR, (int) codes[i]);
      g_assert_false (pr_wait_clear (keyring, &item, &clear_error));
      g_assert_error (clear_error, PR_ERROR, (int) codes[i]);
    }
  pr_memory_keyring_set_failure (keyring, -1);
  assert_lookup (keyring, &item, "kept");
}

/* --- An environment's secrets ----------------------------------------------------------------- */

typedef struct
{
  PrKeyring *keyring;
  PrSecrets *secrets;
  char *folder;
  char *lock_path;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->keyring = pr_memory_keyring_new ();
  fixture->folder = g_dir_make_tmp ("postroom-secrets-XXXXXX", NULL);
  fixture->lock_path = g_build_filename (fixture->folder, "lock", NULL);
  fixture->secrets = pr_secrets_new (fixture->keyring, "one", "One", fixture->lock_path);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_object_unref (fixture->secrets);
  g_object_unref (fixture->keyring);
  g_remove (fixture->lock_path);
  g_remove (fixture->folder);
  g_free (fixture->lock_path);
  g_free (fixture->folder);
}

static void
change (Fixture *fixture, gint64 id, const char *text)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (pr_wait_change (fixture->secrets, KIND, id, text, &error));
  g_assert_no_error (error);
}

static void
assert_secret (Fixture *fixture, gint64 id, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = pr_wait_secret (fixture->secrets, KIND, id, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, expected);
}

static void
assert_locked (Fixture *fixture, gint64 id)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (pr_wait_secret (fixture->secrets, KIND, id, &error));
  g_assert_error (error, PR_ERROR, PR_ERROR_KEYRING_LOCKED);
}

/* While a job runs, each bundle is fetched once; what it changes itself it sees. */
static void
test_cache (Fixture *fixture, gconstpointer data)
{
  change (fixture, 1, "one");
  change (fixture, 2, "two");
  change (fixture, 200, "far");
  pr_secrets_begin_cache (fixture->secrets);
  pr_secrets_begin_cache (fixture->secrets);
  assert_secret (fixture, 1, "one");
  pr_memory_keyring_set_failure (fixture->keyring, PR_ERROR_KEYRING_LOCKED);
  assert_secret (fixture, 2, "two");
  assert_locked (fixture, 200);
  pr_memory_keyring_set_failure (fixture->keyring, -1);
  change (fixture, 2, "new");
  assert_secret (fixture, 2, "new");
  /* The keyring was written, so it is open: the refusal is forgotten. */
  assert_secret (fixture, 200, "far");
  pr_secrets_end_cache (fixture->secrets);
  pr_memory_keyring_set_failure (fixture->keyring, PR_ERROR_KEYRING_LOCKED);
  assert_secret (fixture, 1, "one");
  pr_secrets_end_cache (fixture->secrets);
  assert_locked (fixture, 1);
}

/* A change that fails lets the next one have the lock. */
static void
test_failed_change (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  change (fixture, 1, "one");
  pr_memory_keyring_set_failure (fixture->keyring, PR_ERROR_KEYRING_UNAVAILABLE);
  g_assert_false (pr_wait_change (fixture->secrets, KIND, 1, "two", &error));
  g_assert_error (error, PR_ERROR, PR_ERROR_KEYRING_UNAVAILABLE);
  pr_memory_keyring_set_failure (fixture->keyring, -1);
  assert_secret (fixture, 1, "one");
  change (fixture, 1, "three");
  assert_secret (fixture, 1, "three");
}

static void
test_read_only (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PrSecrets) secrets =
      pr_secrets_new (fixture->keyring, "one", "One", "/nowhere/at/all/lock");
  g_autoptr (GError) error = NULL;

  g_assert_false (pr_wait_change (secrets, KIND, 1, "x", &error));
  g_assert_error (error, PR_ERROR, PR_ERROR_READ_ONLY);
}

static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (PrSecret) secret = pr_secret_new ("x", -1);
  PrSecretChange one = { 1, secret };
  g_auto (PrWaiting) changed = { NULL };
  g_auto (PrWaiting) looked = { NULL };
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  pr_secrets_change_async (fixture->secrets, KIND, "", &one, 1, cancellable, pr_waiting_ready,
                           &changed);
  g_assert_false (pr_secrets_change_finish (fixture->secrets, pr_waiting_get (&changed), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  pr_secrets_lookup_async (fixture->secrets, KIND, 1, "", cancellable, pr_waiting_ready, &looked);
  g_assert_null (pr_secrets_lookup_finish (fixture->secrets, pr_waiting_get (&looked), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_secret (fixture, 1, NULL);
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bundle/round-trip", test_bundle);
  g_test_add_func ("/bundle/order", test_bundle_order);
  g_test_add_func ("/bundle/damaged", test_bundle_damaged);
  g_test_add_func ("/memory/life", test_memory);
  g_test_add_func ("/memory/failure", test_memory_failure);
  ADD ("/secrets/cache", test_cache);
  ADD ("/secrets/failed-change", test_failed_change);
  ADD ("/secrets/read-only", test_read_only);
  ADD ("/secrets/cancelled", test_cancelled);
  return g_test_run ();
}
