/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Signing in as an admin does it: one mailbox, many in turn, a hundred that share an account, out
 * again, removed. And nothing secret of all that in the database, its log, or what is logged. */

#include "../environment/env-fixture.h"
#include "oauth-endpoint.h"
#include "oauth-key.h"
#include "oauth-wait.h"
#include "pr-environment-oauth.h"
#include "pr-environment-sign-in.h"
#include "tests/keep-folder.h"

#include <libsoup/soup.h>
#include <string.h>

#define CLIENT_SECRET "c4nary-client-secret"
#define CODE "c4nary-code"

typedef struct
{
  PrEnvFixture env;
  TestEndpoint *endpoint;
  SoupSession *browser;
  PrServerProfile *profile;
  const char *answer; /* what the browser comes back with */
  guint n_opened;
  guint n_begun;
  GString *ended; /* one letter for each sign-in of a queue: "+" or "-" */
} Fixture;

/* --- Everything that is logged ---------------------------------------------------------------- */

static GString *logged;
static GPtrArray *canaries; /* of char */

static GLogWriterOutput
write_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  for (gsize i = 0; i < n_fields; i++)
    if (g_str_equal (fields[i].key, "MESSAGE"))
      g_string_append_printf (logged, "%s\n", (const char *) fields[i].value);
  return (level & (G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_ERROR)) != 0
             ? g_log_writer_default (level, fields, n_fields, user_data)
             : G_LOG_WRITER_HANDLED;
}

static void
add_canary (const char *text)
{
  g_assert_cmpuint (strlen (text), >=, 8);
  g_ptr_array_add (canaries, g_strdup (text));
  keep_secret (text);
}

/* --- Fixture ---------------------------------------------------------------------------------- */

static void
add_document (TestEndpoint *endpoint)
{
  g_autofree char *base = test_endpoint_get_url (endpoint, "");
  g_autofree char *text = g_strdup_printf (
      "{\"issuer\":\"%s\",\"authorization_endpoint\":\"%s/auth\",\"token_endpoint\":\"%s/token\","
      "\"revocation_endpoint\":\"%s/revoke\","
      "\"token_endpoint_auth_methods_supported\":[\"client_secret_post\"]}",
      base, base, base, base);

  test_endpoint_add_json (endpoint, 200, text);
}

static void
fixture_set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *issuer = NULL;
  g_autoptr (GError) error = NULL;

  env_fixture_init (&fixture->env);
  fixture->endpoint = test_endpoint_new ();
  fixture->browser = soup_session_new ();
  fixture->answer = "code=" CODE;
  fixture->ended = g_string_new (NULL);
  issuer = test_endpoint_get_url (fixture->endpoint, "");
  fixture->profile = env_new_profile ("Ours");
  env_set (fixture->profile, "incoming-authentication", "oauth");
  env_set (fixture->profile, "oauth-client-id", "me");
  env_set (fixture->profile, "oauth-issuer", issuer);
  env_set (fixture->profile, "oauth-scope", "mail");
  env_save_profile (&fixture->env, fixture->profile, &error);
  g_assert_no_error (error);
}

static void
fixture_tear_down (Fixture *fixture, gconstpointer data)
{
  g_object_unref (fixture->profile);
  env_fixture_clear (&fixture->env);
  g_object_unref (fixture->browser);
  test_endpoint_free (fixture->endpoint);
  g_string_free (fixture->ended, TRUE);
}

static PrMailbox *
add_mailbox (Fixture *fixture, const char *address, const char *username)
{
  PrMailbox *mailbox = pr_environment_new_mailbox (fixture->env.environment, address);
  g_autoptr (GError) error = NULL;

  pr_record_set_number (PR_RECORD (mailbox), PR_MAILBOX_PROFILE_ID,
                        pr_record_get_id (PR_RECORD (fixture->profile)));
  if (username != NULL)
    env_set (mailbox, "username", username);
  env_save_mailbox (&fixture->env, mailbox, &error);
  g_assert_no_error (error);
  return mailbox;
}

static gboolean
is_signed_in (Fixture *fixture, const char *address)
{
  g_autofree char *text = env_get_field (&fixture->env, address, "token-set");

  return g_str_equal (text, "yes");
}

static void
on_page (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GBytes) page = soup_session_send_and_read_finish (SOUP_SESSION (source), result, NULL);

  g_assert_nonnull (page);
}

static void
on_begin (PrEnvironment *environment, PrMailbox *mailbox, guint i, guint n, gpointer user_data)
{
  ((Fixture *) user_data)->n_begun++;
}

static void
on_open_url (PrEnvironment *environment, PrMailbox *mailbox, const char *url, gpointer user_data)
{
  Fixture *fixture = user_data;
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_ENCODED, NULL);
  g_autoptr (GHashTable) query = soup_form_decode (g_uri_get_query (uri));
  g_autofree char *back =
      g_strdup_printf ("%s?%s&state=%s", (char *) g_hash_table_lookup (query, "redirect_uri"),
                       fixture->answer, (char *) g_hash_table_lookup (query, "state"));
  g_autoptr (SoupMessage) message = soup_message_new ("GET", back);

  add_canary (g_hash_table_lookup (query, "state"));
  fixture->n_opened++;
  soup_session_send_and_read_async (fixture->browser, message, G_PRIORITY_DEFAULT, NULL, on_page,
                                    NULL);
}

static void
on_ended (PrEnvironment *environment, PrMailbox *mailbox, const GError *error, gpointer user_data)
{
  g_string_append_c (((Fixture *) user_data)->ended, error == NULL ? '+' : '-');
}

static const PrSignInEvents events = { on_begin, on_open_url, NULL, on_ended };

/* Tokens whose text is a canary of its own. */
static void
answer_tokens (Fixture *fixture, guint number)
{
  g_autofree char *access = g_strdup_printf ("c4nary-access-%u", number);
  g_autofree char *refresh = g_strdup_printf ("c4nary-refresh-%u", number);
  g_autofree char *text =
      g_strdup_printf ("{\"access_token\":\"%s\",\"token_type\":\"Bearer\",\"expires_in\":%u,"
                       "\"refresh_token\":\"%s\"}",
                       access, number % 2 == 0 ? 0 : 3600, refresh);

  add_canary (access);
  add_canary (refresh);
  test_endpoint_add_json (fixture->endpoint, 200, text);
}

static gboolean
sign_in (Fixture *fixture, PrMailbox *mailbox, GError **error)
{
  g_auto (PrEnvWait) wait = { NULL };

  pr_environment_sign_in_async (fixture->env.environment, mailbox, PR_SIGN_IN_BROWSER, &events,
                                fixture, NULL, env_ready, &wait);
  return pr_environment_sign_in_finish (fixture->env.environment, env_wait (&wait), error);
}

static PrSecret *
fetch (Fixture *fixture, PrMailbox *mailbox, GError **error)
{
  g_auto (PrEnvWait) wait = { NULL };
  g_autoptr (PrServerProfile) profile = pr_environment_find_profile_by_id (
      fixture->env.environment, pr_mailbox_get (mailbox, PROFILE_ID));

  pr_environment_fetch_token_async (fixture->env.environment, profile, mailbox, NULL, env_ready,
                                    &wait);
  return pr_environment_fetch_token_finish (fixture->env.environment, env_wait (&wait), error);
}

static void
check_fetch (Fixture *fixture, PrMailbox *mailbox, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PrSecret) token = fetch (fixture, mailbox, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (pr_secret_peek (token), ==, expected);
}

static guint
count_paths (Fixture *fixture, const char *path)
{
  guint n = 0;

  for (guint i = 0; i < test_endpoint_get_n (fixture->endpoint); i++)
    n += g_str_equal (test_endpoint_get_path (fixture->endpoint, i), path);
  return n;
}

static char *
get_last_field (Fixture *fixture, const char *name)
{
  return test_endpoint_get_field (fixture->endpoint, test_endpoint_get_n (fixture->endpoint) - 1,
                                  name);
}

static void
set_client (Fixture *fixture, const char *secret)
{
  g_auto (PrEnvWait) wait = { NULL };
  g_autoptr (PrSecret) text = secret != NULL ? pr_secret_new (secret, -1) : NULL;
  g_autoptr (PrServerProfile) profile =
      pr_environment_find_profile (fixture->env.environment, "Ours");
  g_autoptr (GError) error = NULL;

  pr_environment_set_oauth_client_async (fixture->env.environment, profile, NULL, text, NULL,
                                         env_ready, &wait);
  pr_environment_set_oauth_client_finish (fixture->env.environment, env_wait (&wait), &error);
  g_assert_no_error (error);
}

static void
delete_mailbox (Fixture *fixture, const char *address)
{
  g_autoptr (GError) error = NULL;
  guint n;

  g_assert_true (env_delete (&fixture->env, env_select (address), &n, &error));
  g_assert_cmpuint (n, ==, 1);
}

static guint
sign_out (Fixture *fixture, const char *address)
{
  g_auto (PrEnvWait) wait = { NULL };
  g_autoptr (PrSelection) selection = env_select (address);
  g_autoptr (GError) error = NULL;
  guint n;

  pr_environment_sign_out_async (fixture->env.environment, selection, NULL, env_ready, &wait);
  pr_environment_sign_out_finish (fixture->env.environment, env_wait (&wait), &n, &error);
  g_assert_no_error (error);
  return n;
}

/* --- One mailbox ------------------------------------------------------------------------------ */

static void
test_one (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PrMailbox) mailbox = add_mailbox (fixture, "anna@example.org", NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *secret = NULL;
  TestReply gone = { 200, NULL, NULL, NULL, NULL };

  add_canary (CLIENT_SECRET);
  add_canary (CODE);
  set_client (fixture, CLIENT_SECRET);
  g_assert_true (pr_environment_needs_sign_in (fixture->env.environment, mailbox));
  add_document (fixture->endpoint);
  answer_tokens (fixture, 1);
  g_assert_true (sign_in (fixture, mailbox, &error));
  g_assert_no_error (error);
  g_assert_true (is_signed_in (fixture, "anna@example.org"));
  secret = get_last_field (fixture, "client_secret");
  g_assert_cmpstr (secret, ==, CLIENT_SECRET);

  /* The addresses were discovered once, and the first token is used. */
  check_fetch (fixture, mailbox, "c4nary-access-1");
  g_assert_cmpuint (test_endpoint_get_n (fixture->endpoint), ==, 2);

  test_endpoint_add (fixture->endpoint, &gone);
  g_assert_cmpuint (sign_out (fixture, "anna@example.org"), ==, 1);
  g_assert_false (is_signed_in (fixture, "anna@example.org"));
  g_assert_cmpuint (count_paths (fixture, "/revoke"), ==, 1);
  g_assert_null (fetch (fixture, mailbox, &error));
  g_assert_error (error, PR_OAUTH_ERROR, PR_CODE_OAUTH_SIGN_IN_NEEDED);
  /* Nobody is signed in: nothing to do. */
  g_assert_cmpuint (sign_out (fixture, "anna@example.org"), ==, 0);
}

/* A new process finds what the old one left. */
static void
test_reopened (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PrMailbox) mailbox = add_mailbox (fixture, "anna@example.org", NULL);
  g_autofree char *refresh = NULL;

  add_document (fixture->endpoint);
  answer_tokens (fixture, 2);
  g_assert_true (sign_in (fixture, mailbox, NULL));
  env_fixture_close (&fixture->env);
  env_fixture_open (&fixture->env);
  add_document (fixture->endpoint);
  answer_tokens (fixture, 4);
  check_fetch (fixture, mailbox, "c4nary-access-4");
  refresh = get_last_field (fixture, "refresh_token");
  g_assert_cmpstr (refresh, ==, "c4nary-refresh-2");
  env_fixture_close (&fixture->env);
  env_fixture_open (&fixture->env);
  add_document (fixture->endpoint);
  answer_tokens (fixture, 6);
  check_fetch (fixture, mailbox, "c4nary-access-6");
  g_free (refresh);
  refresh = get_last_field (fixture, "refresh_token");
  g_assert_cmpstr (refresh, ==, "c4nary-refresh-4");
}

static void
test_cannot (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PrMailbox) homeless =
      pr_environment_new_mailbox (fixture->env.environment, "h@example.org");
  g_autoptr (PrServerProfile) plain = env_add_profile (&fixture->env, "Plain");
  g_autoptr (PrMailbox) other = add_mailbox (fixture, "o@example.org", NULL);
  g_autoptr (GError) no_profile = NULL;
  g_autoptr (GError) no_oauth = NULL;

  pr_record_set_number (PR_RECORD (homeless), PR_MAILBOX_PROFILE_ID, 0);
  g_assert_false (sign_in (fixture, homeless, &no_profile));
  env_assert_refused (no_profile, PR_ERROR_INVALID_VALUE, "profile-id");
  pr_record_set_number (PR_RECORD (other), PR_MAILBOX_PROFILE_ID,
                        pr_record_get_id (PR_RECORD (plain)));
  g_assert_false (sign_in (fixture, other, &no_oauth));
  env_assert_refused (no_oauth, PR_ERROR_INVALID_VALUE, "incoming-authentication");
  g_assert_false (pr_environment_needs_sign_in (fixture->env.environment, other));
  g_assert_cmpuint (fixture->n_opened, ==, 0);
}

/* A keyring that is closed keeps nothing, and the sign-in has failed. */
static void
test_locked_keyring (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PrMailbox) mailbox = add_mailbox (fixture, "anna@example.org", NULL);
  g_autoptr (GError) error = NULL;

  pr_memory_keyring_set_failure (fixture->env.keyring, PR_ERROR_KEYRING_LOCKED);
  add_document (fixture->endpoint);
  answer_tokens (fixture, 1);
  g_assert_false (sign_in (fixture, mailbox, &error));
  g_assert_error (error, PR_ERROR, PR_ERROR_KEYRING_LOCKED);
  g_assert_false (is_signed_in (fixture, "anna@example.org"));
  pr_memory_keyring_set_failure (fixture->env.keyring, -1);
}

/* --- Many ------------------------------------------------------------------------------------- */

static void
sign_in_all (Fixture *fixture, gboolean only_needed, PrSignInSummary *summary)
{
  g_auto (PrEnvWait) wait = { NULL };
  g_autoptr (PrSelection) all = pr_selection_new_all ();
  g_autoptr (GError) error = NULL;

  pr_environment_sign_in_many_async (fixture->env.environment, all, only_needed, PR_SIGN_IN_BROWSER,
                                     &events, fixture, NULL, env_ready, &wait);
  g_assert_true (pr_environment_sign_in_many_finish (fixture->env.environment, env_wait (&wait),
                                                     summary, &error));
  g_assert_no_error (error);
}

static void
test_queue (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PrMailbox) a = add_mailbox (fixture, "a@example.org", NULL);
  g_autoptr (PrMailbox) b = add_mailbox (fixture, "b@example.org", NULL);
  g_autoptr (PrMailbox) c = add_mailbox (fixture, "c@example.org", NULL);
  PrSignInSummary summary;

  add_document (fixture->endpoint);
  answer_tokens (fixture, 1);
  test_endpoint_add_json (fixture->endpoint, 400, "{\"error\":\"invalid_grant\"}");
  answer_tokens (fixture, 3);
  sign_in_all (fixture, TRUE, &summary);
  g_assert_cmpuint (summary.n_success, ==, 2);
  g_assert_cmpuint (summary.n_failure, ==, 1);
  g_assert_cmpuint (summary.n_skipped, ==, 0);
  g_assert_cmpstr (fixture->ended->str, ==, "+-+");
  /* Only the one that is left. */
  answer_tokens (fixture, 5);
  sign_in_all (fixture, TRUE, &summary);
  g_assert_cmpuint (summary.n_success, ==, 1);
  g_assert_cmpuint (fixture->n_begun, ==, 4);
  sign_in_all (fixture, TRUE, &summary);
  g_assert_cmpuint (summary.n_success + summary.n_failure + summary.n_skipped, ==, 0);
}

/* What is wrong with the registration is wrong for everybody: nobody is asked ten times. */
static void
test_queue_stops (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PrMailbox) a = add_mailbox (fixture, "a@example.org", NULL);
  g_autoptr (PrMailbox) b = add_mailbox (fixture, "b@example.org", NULL);
  PrSignInSummary summary;

  add_document (fixture->endpoint);
  test_endpoint_add_json (fixture->endpoint, 401, "{\"error\":\"invalid_client\"}");
  sign_in_all (fixture, FALSE, &summary);
  g_assert_cmpuint (summary.n_failure, ==, 1);
  g_assert_cmpuint (summary.n_skipped, ==, 1);
  g_assert_cmpuint (fixture->n_opened, ==, 1);
}

/* --- A shared account ------------------------------------------------------------------------- */

typedef struct
{
  guint n;
  guint n_good;
} Crowd;

static void
on_fetched (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Crowd *crowd = user_data;
  g_autoptr (PrSecret) token =
      pr_environment_fetch_token_finish (PR_ENVIRONMENT (source), result, NULL);

  crowd->n++;
  crowd->n_good += token != NULL && g_str_equal (pr_secret_peek (token), "c4nary-access-3");
}

static gboolean
is_hundred (gpointer data)
{
  return ((Crowd *) data)->n == 100;
}

/* A hundred shared mailboxes, one person: signed in once, refreshed once, signed out once. */
static void
test_hundred (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) mailboxes = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (PrServerProfile) profile =
      pr_environment_find_profile (fixture->env.environment, "Ours");
  Crowd crowd = { 0, 0 };
  PrSignInSummary summary;
  TestReply gone = { 200, NULL, NULL, NULL, NULL };

  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *address = g_strdup_printf ("shared%u@example.org", i);

      g_ptr_array_add (mailboxes, add_mailbox (fixture, address, "boss@example.org"));
    }
  add_document (fixture->endpoint);
  answer_tokens (fixture, 2);
  sign_in_all (fixture, TRUE, &summary);
  g_assert_cmpuint (summary.n_success, ==, 1);
  g_assert_cmpuint (summary.n_skipped, ==, 99);
  g_assert_cmpuint (fixture->n_opened, ==, 1);
  g_assert_true (is_signed_in (fixture, "shared0@example.org"));
  g_assert_true (is_signed_in (fixture, "shared99@example.org"));

  answer_tokens (fixture, 3);
  test_endpoint_set_delay (fixture->endpoint, 50);
  for (guint i = 0; i < 100; i++)
    pr_environment_fetch_token_async (fixture->env.environment, profile,
                                      g_ptr_array_index (mailboxes, i), NULL, on_fetched, &crowd);
  test_wait_until (is_hundred, &crowd);
  g_assert_cmpuint (crowd.n_good, ==, 100);
  g_assert_cmpuint (count_paths (fixture, "/token"), ==, 2);

  /* One of them goes: the others go on. */
  test_endpoint_set_delay (fixture->endpoint, 0);
  delete_mailbox (fixture, "shared0@example.org");
  g_assert_cmpuint (count_paths (fixture, "/revoke"), ==, 0);
  check_fetch (fixture, g_ptr_array_index (mailboxes, 1), "c4nary-access-3");
  test_endpoint_add (fixture->endpoint, &gone);
  g_assert_cmpuint (sign_out (fixture, "shared1@example.org"), ==, 1);
  g_assert_cmpuint (count_paths (fixture, "/revoke"), ==, 1);
  g_assert_false (is_signed_in (fixture, "shared99@example.org"));
}

/* --- Removal ---------------------------------------------------------------------------------- */

static void
test_delete (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PrMailbox) mailbox = add_mailbox (fixture, "anna@example.org", NULL);
  g_autofree char *token = NULL;
  TestReply gone = { 200, NULL, NULL, NULL, NULL };

  add_document (fixture->endpoint);
  answer_tokens (fixture, 1);
  g_assert_true (sign_in (fixture, mailbox, NULL));
  test_endpoint_add (fixture->endpoint, &gone);
  delete_mailbox (fixture, "anna@example.org");
  g_assert_cmpuint (count_paths (fixture, "/revoke"), ==, 1);
  token = get_last_field (fixture, "token");
  g_assert_cmpstr (token, ==, "c4nary-refresh-1");
}

/* Gone is gone, whatever the provider says. */
static void
test_delete_in_trouble (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PrMailbox) mailbox = add_mailbox (fixture, "anna@example.org", NULL);
  g_autoptr (GPtrArray) left = NULL;

  add_document (fixture->endpoint);
  answer_tokens (fixture, 1);
  g_assert_true (sign_in (fixture, mailbox, NULL));
  test_endpoint_add_json (fixture->endpoint, 500, "{}");
  delete_mailbox (fixture, "anna@example.org");
  g_assert_cmpuint (count_paths (fixture, "/revoke"), ==, 1);
  left = env_list (&fixture->env, pr_selection_new_all (), NULL);
  g_assert_cmpuint (left->len, ==, 0);
}

/* --- Service account -------------------------------------------------------------------------- */

static PrSecret *
make_key_file (void)
{
  g_autofree char *pem = test_key_get_pem ();
  g_auto (GStrv) lines = g_strsplit (pem, "\n", -1);

  add_canary (lines[3]);
  add_canary (lines[10]);
  return test_key_make_file ("service_account", "p@t.iam.gserviceaccount.com", pem);
}

static gboolean
set_service_account (Fixture *fixture, PrSecret *file, GError **error)
{
  g_auto (PrEnvWait) wait = { NULL };
  g_autoptr (PrServerProfile) profile =
      pr_environment_find_profile (fixture->env.environment, "Ours");

  pr_environment_set_service_account_async (fixture->env.environment, profile, file, NULL,
                                            env_ready, &wait);
  return pr_environment_set_oauth_client_finish (fixture->env.environment, env_wait (&wait), error);
}

/* Only Google has them; its addresses are fixed, so that what is asked for stays here. */
static void
test_service_account (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PrSecret) file = make_key_file ();
  g_autoptr (PrMailbox) mailbox = add_mailbox (fixture, "anna@example.org", NULL);
  g_autoptr (PrServerProfile) profile = NULL;
  g_autoptr (PrSecret) nonsense = pr_secret_new ("{}", -1);
  g_autoptr (GError) no_google = NULL;
  g_autoptr (GError) no_key = NULL;
  g_autoptr (GError) needless = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (set_service_account (fixture, file, &no_google));
  env_assert_refused (no_google, PR_ERROR_INVALID_VALUE, "service-account");
  profile = PR_SERVER_PROFILE (pr_record_duplicate (PR_RECORD (fixture->profile)));
  env_set (profile, "oauth-provider", "google");
  g_assert_true (env_save_profile (&fixture->env, profile, &error));
  g_assert_false (set_service_account (fixture, nonsense, &no_key));
  env_assert_refused (no_key, PR_ERROR_INVALID_VALUE, "service-account");
  g_assert_true (set_service_account (fixture, file, &error));
  g_assert_no_error (error);
  g_clear_object (&profile);
  profile = pr_environment_find_profile (fixture->env.environment, "Ours");
  g_assert_true (pr_server_profile_uses_service_account (profile));
  g_assert_true (pr_server_profile_get (profile, OAUTH_SECRET_SET));
  /* Nobody has to sign in any more. */
  g_assert_false (sign_in (fixture, mailbox, &needless));
  env_assert_refused (needless, PR_ERROR_INVALID_VALUE, "oauth-client-id");
}

/* --- Canary ----------------------------------------------------------------------------------- */

static void
look_in (const char *where, const char *data, gsize n)
{
  for (guint i = 0; i < canaries->len; i++)
    {
      const char *canary = g_ptr_array_index (canaries, i);
      g_autofree char *base64 = g_base64_encode ((const guint8 *) canary, strlen (canary));

      /* Less its end, which depends on what follows. */
      base64[strlen (canary) / 3 * 4] = '\0';
      if (memmem (data, n, canary, strlen (canary)) != NULL
          || memmem (data, n, base64, strlen (base64)) != NULL)
        g_error ("canary %u is in %s", i, where);
    }
}

static void
look_in_folder (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);
      g_autofree char *data = NULL;
      gsize n;

      if (g_file_test (child, G_FILE_TEST_IS_DIR))
        look_in_folder (child);
      else if (g_file_get_contents (child, &data, &n, NULL))
        look_in (child, data, n);
    }
}

static void
test_canary (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PrMailbox) mailbox = add_mailbox (fixture, "anna@example.org", NULL);
  g_autoptr (GError) refused = NULL;
  g_autoptr (GError) revoked = NULL;
  g_autofree char *verifier = NULL;
  gsize before;

  set_client (fixture, CLIENT_SECRET);
  add_document (fixture->endpoint);
  test_endpoint_add_json (fixture->endpoint, 400,
                          "{\"error\":\"invalid_grant\",\"error_description\":\"" CODE "\"}");
  g_assert_false (sign_in (fixture, mailbox, &refused));
  look_in ("an error", refused->message, strlen (refused->message));
  verifier = get_last_field (fixture, "code_verifier");
  add_canary (verifier);
  answer_tokens (fixture, 2);
  g_assert_true (sign_in (fixture, mailbox, NULL));
  answer_tokens (fixture, 4);
  check_fetch (fixture, mailbox, "c4nary-access-4");
  test_endpoint_add_json (
      fixture->endpoint, 400,
      "{\"error\":\"invalid_grant\",\"error_description\":\"c4nary-refresh-4\"}");
  g_assert_null (fetch (fixture, mailbox, &revoked));
  look_in ("an error", revoked->message, strlen (revoked->message));
  /* While the database and its log are open, and afterwards. */
  look_in_folder (fixture->env.data_dir);
  env_fixture_close (&fixture->env);
  look_in_folder (fixture->env.data_dir);
  /* What was looked for would have been found. */
  before = logged->len;
  g_info ("the canary looks here, too");
  g_assert_cmpuint (logged->len, >, before);
  g_string_truncate (logged, before);
  look_in ("what was logged", logged->str, logged->len);
}

#define ADD(path, test) g_test_add (path, Fixture, NULL, fixture_set_up, test, fixture_tear_down)

int
main (int argc, char **argv)
{
  int status;

  g_setenv ("G_MESSAGES_DEBUG", "all", TRUE);
  g_test_init (&argc, &argv, NULL);
  logged = g_string_new (NULL);
  canaries = g_ptr_array_new_with_free_func (g_free);
  g_log_set_writer_func (write_log, NULL, NULL);
  ADD ("/oauth/environment/one", test_one);
  ADD ("/oauth/environment/reopened", test_reopened);
  ADD ("/oauth/environment/cannot", test_cannot);
  ADD ("/oauth/environment/locked-keyring", test_locked_keyring);
  ADD ("/oauth/environment/queue", test_queue);
  ADD ("/oauth/environment/queue-stops", test_queue_stops);
  ADD ("/oauth/environment/hundred", test_hundred);
  ADD ("/oauth/environment/delete", test_delete);
  ADD ("/oauth/environment/delete-in-trouble", test_delete_in_trouble);
  ADD ("/oauth/environment/service-account", test_service_account);
  /* Last: what the others have logged is looked through, too. */
  ADD ("/oauth/environment/zz-canary", test_canary);
  status = g_test_run ();
  g_string_free (logged, TRUE);
  g_ptr_array_unref (canaries);
  return status;
}
