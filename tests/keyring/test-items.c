/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Items in a real gnome-keyring: stored, found, changed, removed, as another program sees them,
 * too. And what a person has to do is told apart: unlock the keyring, install one, or nothing,
 * because there is just no such item. Each of the three parts wants its own mode of
 * private-session. */

#include "prompter.h"
#include "waiting.h"

#include <libsecret/secret.h>
#include <string.h>

static const PrKeyringItem item = { "test-environment", PR_SECRET_PROFILE_PASSWORD, "7", "incoming",
                                    "Postroom “Küche”: 密码 🔑" };

static void
assert_lookup (PrKeyring *keyring, const PrKeyringItem *which, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = pr_wait_lookup (keyring, which, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, expected);
}

static void
store (PrKeyring *keyring, const PrKeyringItem *which, const char *text)
{
  g_autoptr (GError) error = NULL;

  pr_wait_store (keyring, which, text, &error);
  g_assert_no_error (error);
}

static void
clear (PrKeyring *keyring, const PrKeyringItem *which)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (pr_wait_clear (keyring, which, &error));
  g_assert_no_error (error);
}

/* --- Unlocked --------------------------------------------------------------------------------- */

static void
test_life (void)
{
  g_autoptr (PrKeyring) keyring = pr_secret_keyring_new ();

  assert_lookup (keyring, &item, NULL);
  store (keyring, &item, "first");
  assert_lookup (keyring, &item, "first");
  store (keyring, &item, "second");
  assert_lookup (keyring, &item, "second");
  clear (keyring, &item);
  assert_lookup (keyring, &item, NULL);
  /* That it never was there is no failure. */
  clear (keyring, &item);
}

static void
test_values (void)
{
  static const char *const values[] = { "ä€😀 \"quoted\" 'x' \\ %s", " leading and trailing ", "\t",
                                        "line one\nline two\n" };
  g_autoptr (PrKeyring) keyring = pr_secret_keyring_new ();
  g_autofree char *large = g_strnfill (1000000, 'x');

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      store (keyring, &item, values[i]);
      assert_lookup (keyring, &item, values[i]);
    }
  store (keyring, &item, large);
  assert_lookup (keyring, &item, large);
  clear (keyring, &item);
}

/* Each attribute makes another item of it. */
static void
test_apart (void)
{
  g_autoptr (PrKeyring) keyring = pr_secret_keyring_new ();
  PrKeyringItem items[5] = { item, item, item, item, item };

  items[1].environment = "other-environment";
  items[2].kind = PR_SECRET_OAUTH_CLIENT;
  items[3].id = "70";
  items[4].direction = "outgoing";
  for (guint i = 0; i < G_N_ELEMENTS (items); i++)
    {
      g_autofree char *text = g_strdup_printf ("secret %u", i);

      store (keyring, &items[i], text);
    }
  for (guint i = 0; i < G_N_ELEMENTS (items); i++)
    {
      g_autofree char *text = g_strdup_printf ("secret %u", i);

      assert_lookup (keyring, &items[i], text);
    }
  clear (keyring, &items[3]);
  assert_lookup (keyring, &items[3], NULL);
  assert_lookup (keyring, &items[0], "secret 0");
}

/* With an id of NULL the whole environment goes, and no other. */
static void
test_clear_environment (void)
{
  g_autoptr (PrKeyring) keyring = pr_secret_keyring_new ();
  PrKeyringItem other = item, second = item, all = item;

  other.environment = "other-environment";
  second.id = "8";
  all.id = NULL;
  store (keyring, &item, "a");
  store (keyring, &second, "b");
  store (keyring, &other, "c");
  clear (keyring, &all);
  assert_lookup (keyring, &item, NULL);
  assert_lookup (keyring, &second, NULL);
  assert_lookup (keyring, &other, "c");
  clear (keyring, &other);
}

/* How the item looks in "Passwords and Keys". */
static void
test_seen_from_outside (void)
{
  g_autoptr (PrKeyring) keyring = pr_secret_keyring_new ();
  g_autoptr (GHashTable) wanted = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) found = NULL;
  g_autofree char *label = NULL;
  g_autoptr (GError) error = NULL;
  GList *items;

  store (keyring, &item, "secret");
  g_hash_table_insert (wanted, (gpointer) "environment", (gpointer) "test-environment");
  items = secret_service_search_sync (NULL, NULL, wanted, SECRET_SEARCH_ALL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_list_length (items), ==, 1);
  label = secret_item_get_label (items->data);
  g_assert_cmpstr (label, ==, item.label);
  found = secret_item_get_attributes (items->data);
  g_assert_cmpstr (g_hash_table_lookup (found, "xdg:schema"), ==, "io.github.postroom.Postroom");
  g_assert_cmpstr (g_hash_table_lookup (found, "kind"), ==, "profile-password");
  g_assert_cmpstr (g_hash_table_lookup (found, "id"), ==, "7");
  g_assert_cmpstr (g_hash_table_lookup (found, "direction"), ==, "incoming");
  g_list_free_full (items, g_object_unref);
  clear (keyring, &item);
}

static void
test_cancelled (void)
{
  g_autoptr (PrKeyring) keyring = pr_secret_keyring_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (PrSecret) secret = pr_secret_new ("secret", -1);
  g_autoptr (GError) error = NULL;
  g_auto (PrWaiting) looked = { NULL };
  g_auto (PrWaiting) stored = { NULL };

  g_cancellable_cancel (cancellable);
  pr_keyring_lookup_async (keyring, &item, cancellable, pr_waiting_ready, &looked);
  g_assert_null (pr_keyring_lookup_finish (keyring, pr_waiting_get (&looked), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  pr_keyring_store_async (keyring, &item, secret, cancellable, pr_waiting_ready, &stored);
  g_assert_false (pr_keyring_store_finish (keyring, pr_waiting_get (&stored), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_lookup (keyring, &item, NULL);
}

/* --- Locked ----------------------------------------------------------------------------------- */

static void
assert_error (GError *error, PrError code, const char *words)
{
  g_assert_error (error, PR_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, words));
}

static void
assert_all_fail (PrKeyring *keyring, PrError code, const char *words)
{
  g_autoptr (GError) lookup_error = NULL;
  g_autoptr (GError) store_error = NULL;
  g_autoptr (GError) clear_error = NULL;

  g_assert_null (pr_wait_lookup (keyring, &item, &lookup_error));
  assert_error (lookup_error, code, words);
  g_assert_false (pr_wait_store (keyring, &item, "other", &store_error));
  assert_error (store_error, code, words);
  g_assert_false (pr_wait_clear (keyring, &item, &clear_error));
  assert_error (clear_error, code, words);
}

static void
lock (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SecretService) service = secret_service_get_sync (SECRET_SERVICE_NONE, NULL, &error);
  g_autoptr (SecretCollection) collection = secret_collection_for_alias_sync (
      service, SECRET_COLLECTION_DEFAULT, SECRET_COLLECTION_NONE, NULL, &error);
  GList list = { collection, NULL, NULL };

  g_assert_no_error (error);
  g_assert_nonnull (collection);
  g_assert_cmpint (secret_service_lock_sync (service, &list, NULL, NULL, &error), ==, 1);
  g_assert_no_error (error);
}

/* Closed, and nobody who could be asked for its password. */
static void
test_locked (void)
{
  g_autoptr (PrKeyring) keyring = pr_secret_keyring_new ();
  PrKeyringItem missing = item;

  missing.id = "never-stored";
  store (keyring, &item, "secret");
  lock ();
  assert_all_fail (keyring, PR_ERROR_KEYRING_LOCKED, "Unlock it");
  /* An item that there is not is missing, even so. */
  assert_lookup (keyring, &missing, NULL);
  clear (keyring, &missing);
}

/* Many ask at once, as the tests of many mailboxes do. */
static void
ask_at_once (PrKeyring *keyring, const char *expected)
{
  PrWaiting waiting[20] = { { NULL } };

  for (guint i = 0; i < G_N_ELEMENTS (waiting); i++)
    pr_keyring_lookup_async (keyring, &item, NULL, pr_waiting_ready, &waiting[i]);
  for (guint i = 0; i < G_N_ELEMENTS (waiting); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PrSecret) secret =
          pr_keyring_lookup_finish (keyring, pr_waiting_get (&waiting[i]), &error);

      if (expected == NULL)
        assert_error (error, PR_ERROR_KEYRING_LOCKED, "Unlock it");
      else
        g_assert_cmpstr (pr_secret_peek (secret), ==, expected);
      pr_waiting_clear (&waiting[i]);
    }
}

/* The person closes the dialog, and is asked once by however many. */
static void
test_refused (void)
{
  g_autoptr (PrKeyring) keyring = pr_secret_keyring_new ();
  g_autoptr (PrPrompter) prompter = NULL;

  store (keyring, &item, "secret");
  lock ();
  prompter = pr_prompter_new (PR_PROMPTER_REFUSES);
  ask_at_once (keyring, NULL);
  g_assert_cmpuint (pr_prompter_get_n_asked (prompter), ==, 1);
  assert_all_fail (keyring, PR_ERROR_KEYRING_LOCKED, "Unlock it");
  g_assert_cmpuint (pr_prompter_get_n_asked (prompter), ==, 4);
}

/* The person unlocks, and it serves all who asked. */
static void
test_unlocked (void)
{
  g_autoptr (PrKeyring) keyring = pr_secret_keyring_new ();
  g_autoptr (PrPrompter) prompter = NULL;

  store (keyring, &item, "secret");
  lock ();
  prompter = pr_prompter_new (PR_PROMPTER_UNLOCKS);
  ask_at_once (keyring, "secret");
  g_assert_cmpuint (pr_prompter_get_n_asked (prompter), ==, 1);
  lock ();
  clear (keyring, &item);
  g_assert_cmpuint (pr_prompter_get_n_asked (prompter), ==, 2);
  assert_lookup (keyring, &item, NULL);
}

static gboolean
cancel (gpointer user_data)
{
  g_cancellable_cancel (user_data);
  return G_SOURCE_REMOVE;
}

/* The person does not answer, and somebody presses Cancel in Postroom. */
static void
test_cancelled_prompt (void)
{
  g_autoptr (PrKeyring) keyring = pr_secret_keyring_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (PrPrompter) prompter = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (PrWaiting) waiting = { NULL };
  gint64 start;

  store (keyring, &item, "secret");
  lock ();
  prompter = pr_prompter_new (PR_PROMPTER_WAITS);
  pr_keyring_lookup_async (keyring, &item, cancellable, pr_waiting_ready, &waiting);
  start = g_get_monotonic_time ();
  while (pr_prompter_get_n_asked (prompter) == 0)
    {
      g_assert_cmpint (g_get_monotonic_time () - start, <, 10 * G_USEC_PER_SEC);
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
  g_assert_null (waiting.result);
  g_timeout_add (50, cancel, cancellable);
  start = g_get_monotonic_time ();
  g_assert_null (pr_keyring_lookup_finish (keyring, pr_waiting_get (&waiting), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 5 * G_USEC_PER_SEC);
}

/* Locked before we came: nothing was stored in it, and nothing can be. */
static void
test_locked_from_start (void)
{
  g_autoptr (PrKeyring) keyring = pr_secret_keyring_new ();
  g_autoptr (GError) error = NULL;

  assert_lookup (keyring, &item, NULL);
  clear (keyring, &item);
  g_assert_false (pr_wait_store (keyring, &item, "secret", &error));
  assert_error (error, PR_ERROR_KEYRING_LOCKED, "Unlock it");
}

/* --- None ------------------------------------------------------------------------------------- */

static void
test_no_service (void)
{
  g_autoptr (PrKeyring) keyring = pr_secret_keyring_new ();

  assert_all_fail (keyring, PR_ERROR_KEYRING_UNAVAILABLE, "gnome-keyring");
}

/* In a process of its own: the bus of a process is the same until its end. */
static void
test_no_bus (void)
{
  if (!g_test_subprocess ())
    {
      g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus", TRUE);
      g_test_trap_subprocess (NULL, 20 * G_USEC_PER_SEC, G_TEST_SUBPROCESS_INHERIT_STDERR);
      g_test_trap_assert_passed ();
      return;
    }
  test_no_service ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/unlocked/life", test_life);
  g_test_add_func ("/unlocked/values", test_values);
  g_test_add_func ("/unlocked/apart", test_apart);
  g_test_add_func ("/unlocked/clear-environment", test_clear_environment);
  g_test_add_func ("/unlocked/seen-from-outside", test_seen_from_outside);
  g_test_add_func ("/unlocked/cancelled", test_cancelled);
  g_test_add_func ("/then-locked/nobody-to-ask", test_locked);
  g_test_add_func ("/then-refused/prompt", test_refused);
  g_test_add_func ("/then-unlocked/prompt", test_unlocked);
  g_test_add_func ("/then-cancelled/prompt", test_cancelled_prompt);
  g_test_add_func ("/locked/from-start", test_locked_from_start);
  g_test_add_func ("/none/no-service", test_no_service);
  g_test_add_func ("/none/no-bus", test_no_bus);
  return g_test_run ();
}
