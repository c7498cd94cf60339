/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What it costs to keep a renewed sign-in in the keyring while many are there. Run it with a real
 * keyring: tests/session/private-session BUILD/tests/bench/bench-tokens [N] [BYTES]. Not a test:
 * nothing here may fail because a machine is slow.
 */

#include "pr-oauth-token.h"
#include "pr-secrets.h"
#include "pr-token-keeper.h"

#include <glib/gstdio.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#define ROUNDS 41

typedef struct
{
  PrOauthStorage *storage;
  guint n_running;
  guint next;
  guint n;
  gsize size;
  GError *error;
} Bench;

static PrSecret *
make_token (gsize size)
{
  g_autoptr (PrOauthToken) token = pr_oauth_token_new ();
  g_autoptr (GString) text = g_string_new (NULL);

  while (text->len < size)
    g_string_append_c (text, (char) ('a' + g_random_int_range (0, 26)));
  token->account = (g_free (token->account), g_strdup ("somebody@example.org"));
  token->client_id = (g_free (token->client_id), g_strdup ("00000000-0000-0000-0000-000000000000"));
  token->refresh = pr_secret_new (text->str, -1);
  /* Their access tokens are as large. */
  token->access = pr_secret_new (text->str, -1);
  return pr_oauth_token_format (token);
}

static void start_next (Bench *bench);

static void
on_stored (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Bench *bench = user_data;
  g_autoptr (GError) error = NULL;

  if (!PR_OAUTH_STORAGE_GET_IFACE (bench->storage)->store_finish (bench->storage, result, &error)
      && bench->error == NULL)
    bench->error = g_steal_pointer (&error);
  bench->n_running--;
  start_next (bench);
}

static void
start_next (Bench *bench)
{
  g_autofree char *key = NULL;
  g_autoptr (PrSecret) secret = NULL;

  if (bench->next == bench->n || bench->error != NULL)
    return;
  key = pr_token_keeper_get_mailbox_key (++bench->next);
  secret = make_token (bench->size);
  bench->n_running++;
  PR_OAUTH_STORAGE_GET_IFACE (bench->storage)
      ->store_async (bench->storage, key, secret, on_stored, bench);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  double left = *(const double *) a, right = *(const double *) b;

  return (left > right) - (left < right);
}

/* Stores the tokens of mailboxes 1 to @n, @parallel at a time. Returns: seconds. */
static double
store (Bench *bench, guint n, guint parallel)
{
  gint64 begin = g_get_monotonic_time ();

  bench->next = 0;
  bench->n = n;
  for (guint i = 0; i < parallel; i++)
    start_next (bench);
  while (bench->n_running > 0)
    g_main_context_iteration (NULL, TRUE);
  if (bench->error != NULL)
    g_error ("%s", bench->error->message);
  return (double) (g_get_monotonic_time () - begin) / G_USEC_PER_SEC;
}

static guint64
get_number (const char *text)
{
  guint64 number = 0;

  if (!g_ascii_string_to_unsigned (text, 10, 1, 1000000, &number, NULL))
    g_error ("“%s” is no number", text);
  return number;
}

int
main (int argc, char **argv)
{
  guint n = (guint) get_number (argc > 1 ? argv[1] : "1000");
  g_autofree char *folder = g_dir_make_tmp ("bench-tokens-XXXXXX", NULL);
  g_autofree char *lock = g_build_filename (folder, "secrets.lock", NULL);
  g_autofree char *tokens_lock = g_build_filename (folder, "tokens.lock", NULL);
  g_autoptr (PrKeyring) keyring = pr_secret_keyring_new ();
  g_autoptr (PrSecrets) secrets = pr_secrets_new (keyring, "bench", "Bench", lock);
  Bench bench = { NULL };
  double rounds[ROUNDS];
  double seconds;

  setlocale (LC_ALL, "");
  bench.size = (gsize) get_number (argc > 2 ? argv[2] : "3000");
  bench.storage = pr_token_keeper_new (secrets, folder);
  seconds = store (&bench, n, n);
  g_print ("%u sign-ins of 2 × %zu bytes, all at once: %.2f s\n", n, bench.size, seconds);
  for (guint i = 0; i < ROUNDS; i++)
    rounds[i] = store (&bench, 1, 1);
  qsort (rounds, ROUNDS, sizeof *rounds, compare);
  g_print ("one renewed: %.0f ms, at best %.0f ms\n", rounds[ROUNDS / 2] * 1000, rounds[0] * 1000);
  seconds = store (&bench, MIN (n, 256), 64);
  g_print ("%u renewed, 64 at a time: %.0f ms each\n", MIN (n, 256), seconds / MIN (n, 256) * 1000);
  g_object_unref (bench.storage);
  g_unlink (lock);
  g_unlink (tokens_lock);
  g_rmdir (folder);
  return EXIT_SUCCESS;
}
