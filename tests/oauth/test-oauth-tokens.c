/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The keeper of tokens: one refresh for all who ask, a new refresh token stored before anybody
 * gets the access token, and what is remembered of failures. */

#include "oauth-endpoint.h"
#include "oauth-shelf.h"
#include "oauth-wait.h"
#include "pr-error.h"
#include "pr-oauth-clock.h"
#include "pr-oauth-tokens.h"

#include <string.h>

#define KEY "mailbox/1"
#define DAY G_TIME_SPAN_DAY

static gint64 clock_offset;

static gint64
get_time (void)
{
  return pr_oauth_clock_get_time () + clock_offset;
}

typedef struct
{
  TestEndpoint *endpoint;
  PrOauthProvider *provider;
  PrOauthClient *client;
  TestShelf *shelf;
  PrOauthTokens *tokens;
} Fixture;

static void
fixture_set_up (Fixture *fixture, gconstpointer data)
{
  clock_offset = 0;
  fixture->endpoint = test_endpoint_new ();
  fixture->provider = test_endpoint_make_provider (fixture->endpoint);
  fixture->client = test_endpoint_make_client (fixture->endpoint, fixture->provider);
  fixture->shelf = test_shelf_new ();
  fixture->tokens = pr_oauth_tokens_new (PR_OAUTH_STORAGE (fixture->shelf));
  pr_oauth_tokens_set_clock (fixture->tokens, get_time);
}

static void
fixture_tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_false (pr_oauth_tokens_is_busy (fixture->tokens));
  g_assert_false (test_shelf_is_locked (fixture->shelf));
  g_assert_finalize_object (fixture->tokens);
  g_assert_finalize_object (fixture->shelf);
  pr_oauth_client_unref (fixture->client);
  pr_oauth_provider_unref (fixture->provider);
  test_endpoint_free (fixture->endpoint);
}

/* A sign-in that somebody made a while ago, whose access token has ended. */
static PrOauthToken *
make_token (const char *refresh, gint64 days_ago)
{
  PrOauthToken *token = pr_oauth_token_new ();

  g_free (token->client_id);
  token->client_id = g_strdup ("me");
  token->refresh = pr_secret_new (refresh, -1);
  token->signed_in_at = g_get_real_time () - days_ago * DAY;
  token->refreshed_at = g_get_real_time ();
  return token;
}

static void
sign_in (Fixture *fixture, const char *refresh)
{
  g_autoptr (PrOauthToken) token = make_token (refresh, 0);

  test_shelf_put (fixture->shelf, KEY, token);
}

static PrSecret *
get (Fixture *fixture, GError **error)
{
  g_auto (TestWait) wait = { NULL };

  pr_oauth_tokens_get_async (fixture->tokens, KEY, "anna@example.org", fixture->client, NULL,
                             test_wait_ready, &wait);
  return pr_oauth_tokens_get_finish (fixture->tokens, test_wait_for (&wait), error);
}

static void
check_get (Fixture *fixture, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PrSecret) access = get (fixture, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (pr_secret_peek (access), ==, expected);
}

static void
check_failure (Fixture *fixture, PrCode code, PrOauthReason reason)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (get (fixture, &error));
  g_assert_error (error, PR_OAUTH_ERROR, (int) code);
  g_assert_cmpstr (pr_oauth_reason_to_word (pr_oauth_error_get_reason (error)), ==,
                   pr_oauth_reason_to_word (reason));
}

static void
answer (Fixture *fixture, const char *access, const char *refresh)
{
  g_autofree char *more =
      refresh != NULL ? g_strdup_printf (",\"refresh_token\":\"%s\"", refresh) : g_strdup ("");
  g_autofree char *body = g_strdup_printf (
      "{\"access_token\":\"%s\",\"token_type\":\"Bearer\",\"expires_in\":3600%s}", access, more);

  test_endpoint_add_json (fixture->endpoint, 200, body);
}

static void
check_asked (Fixture *fixture, guint n)
{
  g_assert_cmpuint (test_endpoint_get_n (fixture->endpoint), ==, n);
}

static void
check_stored (Fixture *fixture, const char *refresh)
{
  g_autoptr (PrOauthToken) token = test_shelf_get (fixture->shelf, KEY);

  g_assert_nonnull (token);
  g_assert_cmpstr (pr_secret_peek (token->refresh), ==, refresh);
}

/* --- Refresh ---------------------------------------------------------------------------------- */

static void
test_nobody (Fixture *fixture, gconstpointer data)
{
  check_failure (fixture, PR_CODE_OAUTH_SIGN_IN_NEEDED, PR_OAUTH_REASON_NONE);
  check_asked (fixture, 0);
  /* As soon as somebody has signed in, in whatever process, it works. */
  sign_in (fixture, "r1");
  answer (fixture, "a1", NULL);
  check_get (fixture, "a1");
}

static void
test_stored_is_fresh (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PrOauthToken) token = make_token ("r1", 0);

  token->access = pr_secret_new ("a0", -1);
  token->access_until = get_time () + 100 * G_USEC_PER_SEC;
  g_free (token->boot);
  token->boot = g_strdup (pr_oauth_clock_get_boot ());
  test_shelf_put (fixture->shelf, KEY, token);
  check_get (fixture, "a0");
  check_get (fixture, "a0");
  check_asked (fixture, 0);
  g_assert_cmpstr (test_shelf_get_log (fixture->shelf), ==, "LFU");
}

/* Without a new refresh token there is nothing to store: a keyring is slow. */
static void
test_no_rotation (Fixture *fixture, gconstpointer data)
{
  sign_in (fixture, "r1");
  answer (fixture, "a1", NULL);
  check_get (fixture, "a1");
  check_get (fixture, "a1");
  check_asked (fixture, 1);
  g_assert_cmpstr (test_shelf_get_log (fixture->shelf), ==, "LFU");
}

static void
test_rotation (Fixture *fixture, gconstpointer data)
{
  sign_in (fixture, "r1");
  answer (fixture, "a1", "r2");
  check_get (fixture, "a1");
  check_stored (fixture, "r2");
  g_assert_cmpstr (test_shelf_get_log (fixture->shelf), ==, "LFSU");
}

/* Ahead of its end: a minute, by a clock that is not the wall's. */
static void
test_ahead (Fixture *fixture, gconstpointer data)
{
  sign_in (fixture, "r1");
  answer (fixture, "a1", NULL);
  check_get (fixture, "a1");
  clock_offset = 3530 * G_TIME_SPAN_SECOND;
  check_get (fixture, "a1");
  clock_offset = 3541 * G_TIME_SPAN_SECOND;
  answer (fixture, "a2", NULL);
  check_get (fixture, "a2");
  check_asked (fixture, 2);
}

/* One that lives for two seconds is still good for the one who asked. */
static void
test_short (Fixture *fixture, gconstpointer data)
{
  sign_in (fixture, "r1");
  test_endpoint_add_json (fixture->endpoint, 200,
                          "{\"access_token\":\"a1\",\"token_type\":\"Bearer\",\"expires_in\":2}");
  check_get (fixture, "a1");
  clock_offset = 2 * G_TIME_SPAN_SECOND;
  answer (fixture, "a2", NULL);
  check_get (fixture, "a2");
}

/* What a mail server has refused is not offered again. */
static void
test_refuse (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PrSecret) access = NULL;

  sign_in (fixture, "r1");
  answer (fixture, "a1", NULL);
  access = get (fixture, NULL);
  pr_oauth_tokens_refuse (fixture->tokens, KEY, access);
  answer (fixture, "a2", NULL);
  check_get (fixture, "a2");
  check_get (fixture, "a2");
  check_asked (fixture, 2);
}

/* Once a day it is written down that a sign-in is used. */
static void
test_touch (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PrOauthToken) token = make_token ("r1", 30);
  g_autoptr (PrOauthToken) stored = NULL;

  token->refreshed_at = g_get_real_time () - 2 * DAY;
  test_shelf_put (fixture->shelf, KEY, token);
  answer (fixture, "a1", NULL);
  check_get (fixture, "a1");
  stored = test_shelf_get (fixture->shelf, KEY);
  g_assert_cmpint (stored->refreshed_at, >, g_get_real_time () - DAY);
}

/* --- The order of things ---------------------------------------------------------------------- */

static void
test_store_fails (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) again = NULL;

  sign_in (fixture, "r1");
  answer (fixture, "a1", "r2");
  test_shelf_fail_stores (fixture->shelf, 2);
  /* The access token is not given to anybody before its companion is safe. */
  g_assert_null (get (fixture, &error));
  g_assert_error (error, PR_ERROR, PR_ERROR_KEYRING_LOCKED);
  g_assert_null (get (fixture, &again));
  g_assert_error (again, PR_ERROR, PR_ERROR_KEYRING_LOCKED);
  check_stored (fixture, "r1");
  /* And it is not lost: as soon as the keyring is open it is stored, without asking again. */
  check_get (fixture, "a1");
  check_stored (fixture, "r2");
  check_asked (fixture, 1);
  g_assert_cmpstr (test_shelf_get_log (fixture->shelf), ==, "LFXULFXULFSU");
}

typedef struct
{
  guint n_good;
  guint n_bad;
  guint n_wanted;
} Crowd;

static void
on_crowd (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Crowd *crowd = user_data;
  g_autoptr (PrSecret) access = pr_oauth_tokens_get_finish (PR_OAUTH_TOKENS (source), result, NULL);

  if (access != NULL && g_str_equal (pr_secret_peek (access), "a1"))
    crowd->n_good++;
  else
    crowd->n_bad++;
}

static gboolean
is_crowd_done (gpointer data)
{
  Crowd *crowd = data;

  return crowd->n_good + crowd->n_bad == crowd->n_wanted;
}

static void
ask_hundred (Fixture *fixture, Crowd *crowd)
{
  crowd->n_wanted = 100;
  for (guint i = 0; i < 100; i++)
    pr_oauth_tokens_get_async (fixture->tokens, KEY, "anna@example.org", fixture->client, NULL,
                               on_crowd, crowd);
  test_wait_until (is_crowd_done, crowd);
}

/* A hundred mailboxes that share an account refresh once. */
static void
test_hundred (Fixture *fixture, gconstpointer data)
{
  Crowd crowd = { 0 };

  sign_in (fixture, "r1");
  answer (fixture, "a1", "r2");
  test_endpoint_set_delay (fixture->endpoint, 50);
  ask_hundred (fixture, &crowd);
  g_assert_cmpuint (crowd.n_good, ==, 100);
  check_asked (fixture, 1);
  check_stored (fixture, "r2");
}

static void
test_hundred_fail (Fixture *fixture, gconstpointer data)
{
  Crowd crowd = { 0 };

  sign_in (fixture, "r1");
  test_endpoint_add_json (fixture->endpoint, 400, "{\"error\":\"invalid_grant\"}");
  ask_hundred (fixture, &crowd);
  g_assert_cmpuint (crowd.n_bad, ==, 100);
  check_asked (fixture, 1);
}

/* Another process has refreshed in the meantime: what it stored is used. */
static void
test_other_process (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PrOauthToken) theirs = make_token ("r9", 0);

  sign_in (fixture, "r1");
  answer (fixture, "a1", "r2");
  check_get (fixture, "a1");
  clock_offset = 3600 * G_TIME_SPAN_SECOND;
  theirs->access = pr_secret_new ("a9", -1);
  theirs->access_until = get_time () + 100 * G_USEC_PER_SEC;
  g_free (theirs->boot);
  theirs->boot = g_strdup (pr_oauth_clock_get_boot ());
  test_shelf_put (fixture->shelf, KEY, theirs);
  check_get (fixture, "a9");
  check_asked (fixture, 1);
}

/* Whoever gives up does so at once; the refresh goes on, and its result is stored. */
static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (TestWait) wait = { NULL };
  g_autoptr (GError) error = NULL;

  sign_in (fixture, "r1");
  answer (fixture, "a1", "r2");
  test_endpoint_set_delay (fixture->endpoint, 500);
  pr_oauth_tokens_get_async (fixture->tokens, KEY, "anna@example.org", fixture->client, cancellable,
                             test_wait_ready, &wait);
  test_run_for (100);
  g_cancellable_cancel (cancellable);
  g_assert_null (pr_oauth_tokens_get_finish (fixture->tokens, test_wait_for (&wait), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_true (pr_oauth_tokens_is_busy (fixture->tokens));
  check_get (fixture, "a1");
  check_stored (fixture, "r2");
  check_asked (fixture, 1);
}

/* --- Failures --------------------------------------------------------------------------------- */

static void
test_retry_after (Fixture *fixture, gconstpointer data)
{
  TestReply busy = { 429, NULL, NULL, "Retry-After", "100" };
  g_autoptr (GError) first = NULL;
  g_autoptr (GError) second = NULL;

  sign_in (fixture, "r1");
  test_endpoint_add (fixture->endpoint, &busy);
  g_assert_null (get (fixture, &first));
  g_assert_cmpuint (pr_oauth_error_get_wait (first), ==, 100);
  /* In between nobody asks again, and the wait gets shorter. */
  clock_offset = 60 * G_TIME_SPAN_SECOND;
  g_assert_null (get (fixture, &second));
  g_assert_error (second, PR_OAUTH_ERROR, PR_CODE_OAUTH_SERVER_ERROR);
  g_assert_cmpuint (pr_oauth_error_get_wait (second), ==, 40);
  check_asked (fixture, 1);
  clock_offset = 101 * G_TIME_SPAN_SECOND;
  answer (fixture, "a1", NULL);
  check_get (fixture, "a1");
}

static void
test_refusal_is_remembered (Fixture *fixture, gconstpointer data)
{
  g_auto (TestWait) wait = { NULL };
  g_autoptr (PrOauthToken) token = make_token ("r2", 0);

  sign_in (fixture, "r1");
  test_endpoint_add_json (fixture->endpoint, 400, "{\"error\":\"invalid_grant\"}");
  check_failure (fixture, PR_CODE_OAUTH_TOKEN_REVOKED, PR_OAUTH_REASON_NONE);
  check_failure (fixture, PR_CODE_OAUTH_TOKEN_REVOKED, PR_OAUTH_REASON_NONE);
  check_asked (fixture, 1);
  /* A new sign-in is believed at once. */
  pr_oauth_tokens_put_async (fixture->tokens, KEY, token, test_wait_ready, &wait);
  g_assert_true (pr_oauth_tokens_put_finish (fixture->tokens, test_wait_for (&wait), NULL));
  answer (fixture, "a2", NULL);
  check_get (fixture, "a2");
}

/* A corrected registration is tried at once. */
static void
test_other_client (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PrSecret) secret = pr_secret_new ("right", -1);
  PrOauthClient *corrected;

  sign_in (fixture, "r1");
  test_endpoint_add_json (fixture->endpoint, 401, "{\"error\":\"invalid_client\"}");
  check_failure (fixture, PR_CODE_OAUTH_CLIENT_INVALID, PR_OAUTH_REASON_CLIENT_REFUSED);
  corrected = pr_oauth_client_new (fixture->client->http, fixture->provider, "me", secret, NULL);
  pr_oauth_client_unref (fixture->client);
  fixture->client = corrected;
  answer (fixture, "a1", NULL);
  check_get (fixture, "a1");
}

static void
test_client_changed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PrOauthToken) token = make_token ("r1", 0);

  g_free (token->client_id);
  token->client_id = g_strdup ("another");
  test_shelf_put (fixture->shelf, KEY, token);
  check_failure (fixture, PR_CODE_OAUTH_SIGN_IN_NEEDED, PR_OAUTH_REASON_CLIENT_CHANGED);
  check_asked (fixture, 0);
}

static void
test_scope_shrinks (Fixture *fixture, gconstpointer data)
{
  sign_in (fixture, "r1");
  test_endpoint_add_json (fixture->endpoint, 200,
                          "{\"access_token\":\"a1\",\"token_type\":\"Bearer\",\"scope\":\"openid\","
                          "\"refresh_token\":\"r2\"}");
  check_failure (fixture, PR_CODE_OAUTH_SCOPE_MISSING, PR_OAUTH_REASON_NOT_TICKED);
  check_stored (fixture, "r2");
}

typedef struct
{
  const char *name;
  gint64 signed_in_days;
  gint64 used_days;
  gint64 until_days; /* from now; 0: not announced */
  PrOauthReason reason;
} AgeCase;

static const AgeCase ages[] = {
  { "young", 3, 3, 0, PR_OAUTH_REASON_NONE },
  { "seven-days", 7, 7, 0, PR_OAUTH_REASON_TESTING_LIMIT },
  { "seven-days-used-yesterday", 8, 1, 0, PR_OAUTH_REASON_TESTING_LIMIT },
  { "older-and-used", 30, 1, 0, PR_OAUTH_REASON_NONE },
  { "announced", 7, 0, -1, PR_OAUTH_REASON_TESTING_LIMIT },
  { "announced-later", 7, 7, 100, PR_OAUTH_REASON_NONE },
  { "unused", 400, 200, 0, PR_OAUTH_REASON_UNUSED },
};

static void
test_age (Fixture *fixture, gconstpointer data)
{
  const AgeCase *c = data;
  g_autoptr (PrOauthToken) token = make_token ("r1", c->signed_in_days);

  token->refreshed_at = g_get_real_time () - c->used_days * DAY;
  token->refresh_until = c->until_days != 0 ? g_get_real_time () + c->until_days * DAY : 0;
  test_shelf_put (fixture->shelf, KEY, token);
  fixture->provider->testing_days = 7;
  fixture->provider->unused_days = 180;
  test_endpoint_add_json (fixture->endpoint, 400, "{\"error\":\"invalid_grant\"}");
  check_failure (fixture, PR_CODE_OAUTH_TOKEN_REVOKED, c->reason);
}

/* --- Put and take ----------------------------------------------------------------------------- */

static void
test_take (Fixture *fixture, gconstpointer data)
{
  g_auto (TestWait) wait = { NULL };
  g_auto (TestWait) again = { NULL };
  g_autoptr (PrOauthToken) taken = NULL;
  g_autoptr (GError) error = NULL;

  sign_in (fixture, "r1");
  answer (fixture, "a1", NULL);
  check_get (fixture, "a1");
  pr_oauth_tokens_take_async (fixture->tokens, KEY, test_wait_ready, &wait);
  taken = pr_oauth_tokens_take_finish (fixture->tokens, test_wait_for (&wait), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (pr_secret_peek (taken->refresh), ==, "r1");
  g_assert_null (test_shelf_get (fixture->shelf, KEY));
  /* Not even from memory. */
  check_failure (fixture, PR_CODE_OAUTH_SIGN_IN_NEEDED, PR_OAUTH_REASON_NONE);
  pr_oauth_tokens_take_async (fixture->tokens, KEY, test_wait_ready, &again);
  g_assert_null (pr_oauth_tokens_take_finish (fixture->tokens, test_wait_for (&again), &error));
  g_assert_no_error (error);
}

static void
test_put_fails (Fixture *fixture, gconstpointer data)
{
  g_auto (TestWait) wait = { NULL };
  g_autoptr (PrOauthToken) token = make_token ("r1", 0);
  g_autoptr (GError) error = NULL;

  test_shelf_fail_stores (fixture->shelf, 1);
  pr_oauth_tokens_put_async (fixture->tokens, KEY, token, test_wait_ready, &wait);
  g_assert_false (pr_oauth_tokens_put_finish (fixture->tokens, test_wait_for (&wait), &error));
  g_assert_error (error, PR_ERROR, PR_ERROR_KEYRING_LOCKED);
  check_failure (fixture, PR_CODE_OAUTH_SIGN_IN_NEEDED, PR_OAUTH_REASON_NONE);
}

#define ADD(path, test) g_test_add (path, Fixture, NULL, fixture_set_up, test, fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/oauth/tokens/nobody", test_nobody);
  ADD ("/oauth/tokens/stored-is-fresh", test_stored_is_fresh);
  ADD ("/oauth/tokens/no-rotation", test_no_rotation);
  ADD ("/oauth/tokens/rotation", test_rotation);
  ADD ("/oauth/tokens/ahead", test_ahead);
  ADD ("/oauth/tokens/short", test_short);
  ADD ("/oauth/tokens/refuse", test_refuse);
  ADD ("/oauth/tokens/touch", test_touch);
  ADD ("/oauth/tokens/store-fails", test_store_fails);
  ADD ("/oauth/tokens/hundred", test_hundred);
  ADD ("/oauth/tokens/hundred-fail", test_hundred_fail);
  ADD ("/oauth/tokens/other-process", test_other_process);
  ADD ("/oauth/tokens/cancel", test_cancel);
  ADD ("/oauth/tokens/retry-after", test_retry_after);
  ADD ("/oauth/tokens/refusal-is-remembered", test_refusal_is_remembered);
  ADD ("/oauth/tokens/other-client", test_other_client);
  ADD ("/oauth/tokens/client-changed", test_client_changed);
  ADD ("/oauth/tokens/scope-shrinks", test_scope_shrinks);
  for (guint i = 0; i < G_N_ELEMENTS (ages); i++)
    {
      g_autofree char *path = g_strconcat ("/oauth/tokens/age/", ages[i].name, NULL);

      g_test_add (path, Fixture, &ages[i], fixture_set_up, test_age, fixture_tear_down);
    }
  ADD ("/oauth/tokens/take", test_take);
  ADD ("/oauth/tokens/put-fails", test_put_fails);
  return g_test_run ();
}
