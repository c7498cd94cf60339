/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is data: the sign-in services, the steps of the set-up assistant, the sentences. And what
 * is made of what an admin pastes. */

#include "pr-environment-sign-in.h"
#include "pr-oauth-guide.h"
#include "pr-oauth-services.h"
#include "pr-report-oauth.h"
#include "pr-report-text.h"
#include "pr-url.h"

#include <string.h>

/* --- Services --------------------------------------------------------------------------------- */

static void
test_services (void)
{
  const char *const *ids = pr_oauth_services_list ();
  guint n = g_strv_length ((char **) ids);

  g_assert_cmpstr (ids[n - 1], ==, PR_OAUTH_SERVICE_OTHER);
  g_assert_true (g_strv_contains (ids, "google"));
  g_assert_true (g_strv_contains (ids, "microsoft"));
  g_assert_true (g_strv_contains (ids, "fastmail"));
  for (guint i = 0; i + 1 < n; i++)
    {
      g_autoptr (PrOauthProvider) provider = pr_oauth_services_get (ids[i], NULL);
      g_auto (GStrv) mail = NULL;
      g_auto (GStrv) all = NULL;

      g_test_message ("%s", ids[i]);
      g_assert_true (g_str_has_prefix (provider->authorization_url, "https://"));
      g_assert_true (g_str_has_prefix (provider->token_url, "https://"));
      g_assert_true (pr_url_is_safe (provider->authorization_url));
      g_assert_true (pr_url_is_safe (provider->token_url));
      g_assert_true (provider->revocation_url == NULL || pr_url_is_safe (provider->revocation_url));
      g_assert_true (provider->device_url == NULL || pr_url_is_safe (provider->device_url));
      g_assert_cmpstr (provider->mail_scope, !=, "");
      mail = g_strsplit (provider->mail_scope, " ", -1);
      all = g_strsplit (provider->scope, " ", -1);
      for (guint k = 0; mail[k] != NULL; k++)
        g_assert_true (g_strv_contains ((const char *const *) all, mail[k]));
      g_assert_true (g_str_equal (provider->redirect_host, "127.0.0.1")
                     || g_str_equal (provider->redirect_host, "localhost"));
      g_assert_cmpuint (provider->parameters != NULL ? g_strv_length (provider->parameters) % 2 : 0,
                        ==, 0);
    }
  g_assert_null (pr_oauth_services_get ("nobody", NULL));
  g_assert_null (pr_oauth_services_get ("other", NULL));
}

static void
test_particulars (void)
{
  g_autoptr (PrOauthProvider) google = pr_oauth_services_get ("google", NULL);
  g_autoptr (PrOauthProvider) microsoft = pr_oauth_services_get ("microsoft", "");
  g_autoptr (PrOauthProvider) tenant = pr_oauth_services_get ("microsoft", "example.org");
  g_autofree char *to_google = pr_oauth_provider_get_redirect_value (google);
  g_autofree char *to_microsoft = pr_oauth_provider_get_redirect_value (microsoft);

  g_assert_cmpstr (google->mail_scope, ==, "https://mail.google.com/");
  g_assert_cmpint (google->secret_rule, ==, PR_OAUTH_SECRET_NEEDED);
  g_assert_true (google->service_accounts);
  /* Google does not let the device flow ask for mail. */
  g_assert_null (google->device_url);
  g_assert_cmpuint (google->testing_days, ==, 7);
  g_assert_cmpstr (to_google, ==, "http://127.0.0.1");
  g_assert_cmpstr (to_microsoft, ==, "http://localhost");
  g_assert_nonnull (microsoft->device_url);
  g_assert_null (microsoft->revocation_url);
  g_assert_true (microsoft->any_tenant);
  g_assert_nonnull (strstr (microsoft->token_url, "/common/"));
  g_assert_nonnull (strstr (tenant->token_url, "/example.org/"));
  g_assert_nonnull (strstr (tenant->device_url, "/example.org/"));
}

static void
set (PrServerProfile *profile, const char *field, const char *value)
{
  g_autoptr (GError) error = NULL;
  int index = pr_record_find_field (PR_RECORD (profile), field);

  g_assert_cmpint (index, >=, 0);
  g_assert_true (pr_record_parse (PR_RECORD (profile), (guint) index, value, &error));
  g_assert_no_error (error);
}

static void
check_service (PrServerProfile *profile, const char *id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PrOauthProvider) provider = pr_oauth_services_find (profile, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (provider->id, ==, id);
}

static void
check_no_service (PrServerProfile *profile, const char *field)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (pr_oauth_services_find (profile, &error));
  g_assert_error (error, PR_ERROR, PR_ERROR_INVALID_VALUE);
  g_assert_cmpstr (pr_error_get_field (error), ==, field);
}

static void
test_find (void)
{
  g_autoptr (PrServerProfile) profile = pr_server_profile_new ();
  g_autoptr (PrOauthProvider) own = NULL;

  check_no_service (profile, "oauth-provider");
  set (profile, "incoming-location", "pop.gmail.com");
  check_service (profile, "google");
  set (profile, "incoming-location", "Outlook.Office365.com");
  check_service (profile, "microsoft");
  set (profile, "incoming-location", "mail.example.org");
  set (profile, "outgoing-location", "smtp.fastmail.com");
  check_service (profile, "fastmail");
  set (profile, "oauth-provider", "google");
  check_service (profile, "google");
  set (profile, "oauth-provider", "nobody");
  check_no_service (profile, "oauth-provider");

  set (profile, "oauth-provider", "other");
  check_no_service (profile, "oauth-scope");
  set (profile, "oauth-scope", "openid email offline_access mail.read mail.send");
  check_no_service (profile, "oauth-issuer");
  set (profile, "oauth-token-url", "https://id.example.org/token");
  check_no_service (profile, "oauth-issuer");
  set (profile, "oauth-authorization-url", "https://id.example.org/auth");
  check_service (profile, "other");
  own = pr_oauth_services_find (profile, NULL);
  g_assert_cmpstr (own->mail_scope, ==, "mail.read mail.send");
  g_assert_cmpstr (own->account_claims[0], ==, "email");
  g_assert_cmpstr (own->parameters[0], ==, "prompt");
  /* An issuer is enough: the rest is discovered. */
  set (profile, "oauth-provider", "");
  set (profile, "oauth-token-url", "");
  set (profile, "oauth-authorization-url", "");
  set (profile, "oauth-issuer", "https://id.example.org");
  check_service (profile, "other");
}

/* --- What is pasted --------------------------------------------------------------------------- */

static void
test_client_id (void)
{
  static const struct
  {
    const char *service;
    const char *id;
    gboolean good;
  } cases[] = {
    { "google", "1234-abc.apps.googleusercontent.com", TRUE },
    { "google", "postroom@project.iam.gserviceaccount.com", TRUE },
    { "google", "", FALSE },
    { "google", "1234-abc", FALSE },
    { "google", "1234 -abc.apps.googleusercontent.com", FALSE },
    { "google", "GOCSPX-abcdefgh", FALSE },
    { "google", "anna@gmail.com", FALSE },
    { "google", "01234567-89ab-cdef-0123-456789abcdef", FALSE },
    { "microsoft", "01234567-89ab-cdef-0123-456789abcdef", TRUE },
    { "microsoft", "1234-abc.apps.googleusercontent.com", FALSE },
    { "microsoft", "0123456789abcdef", FALSE },
    { "fastmail", "35f141ae", TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PrOauthProvider) provider = pr_oauth_services_get (cases[i].service, NULL);
      g_autoptr (GError) error = NULL;

      g_test_message ("%s %s", cases[i].service, cases[i].id);
      g_assert_true (pr_oauth_services_check_client (provider, cases[i].id, &error)
                     == cases[i].good);
      g_assert_true ((error == NULL) == cases[i].good);
      if (error != NULL)
        g_assert_cmpstr (pr_error_get_field (error), ==, "oauth-client-id");
      /* Somebody's secret in the wrong field is not repeated. */
      if (error != NULL && strlen (cases[i].id) > 4)
        g_assert_null (strstr (error->message, cases[i].id));
    }
}

static gboolean
read_file (const char *text, PrOauthClientParts *parts, GError **error)
{
  g_autoptr (PrOauthProvider) google = pr_oauth_services_get ("google", NULL);
  g_autoptr (PrSecret) file = pr_secret_new (text, -1);

  return pr_oauth_services_read_client_file (google, file, parts, error);
}

#define CLIENT "\"client_id\":\"1-a.apps.googleusercontent.com\",\"client_secret\":\"GOCSPX-x\""

static void
test_client_file (void)
{
  static const char *const bad[] = {
    "{\"web\":{" CLIENT "}}",
    "{\"type\":\"service_account\",\"client_id\":\"1\"}",
    "{\"installed\":{\"client_secret\":\"GOCSPX-x\"}}",
    "{\"installed\":{\"client_id\":\"GOCSPX-x\"}}",
    "{\"installed\":[]}",
    "{}",
    "[]",
    "",
    "client_id,client_secret",
    "{\"installed\":{" CLIENT "},\"installed\":{}}",
  };
  g_auto (PrOauthClientParts) parts = { NULL, NULL };
  g_autoptr (GError) error = NULL;

  g_assert_true (read_file ("{\"installed\":{" CLIENT ",\"project_id\":\"p\","
                            "\"auth_uri\":\"https://accounts.google.com/o/oauth2/auth\","
                            "\"redirect_uris\":[\"http://localhost\"]}}\n",
                            &parts, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (parts.id, ==, "1-a.apps.googleusercontent.com");
  g_assert_cmpstr (pr_secret_peek (parts.secret), ==, "GOCSPX-x");
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_auto (PrOauthClientParts) none = { NULL, NULL };
      g_autoptr (GError) refused = NULL;

      g_assert_false (read_file (bad[i], &none, &refused));
      g_assert_error (refused, PR_ERROR, PR_ERROR_INVALID_VALUE);
      g_assert_null (strstr (refused->message, "GOCSPX-x"));
      g_assert_null (none.id);
    }
}

/* --- Guide ------------------------------------------------------------------------------------ */

static void
check_step (const PrOauthGuideStep *step)
{
  g_assert_cmpuint (strlen (step->title), >, 3);
  g_assert_cmpuint (strlen (step->text), >, 20);
  g_assert_true (step->link == NULL || g_str_has_prefix (step->link, "https://"));
  g_assert_true ((step->link == NULL) == (step->link_label == NULL));
  for (guint i = 0; i < step->values->len; i++)
    {
      const PrOauthGuideValue *value = g_ptr_array_index (step->values, i);

      g_assert_cmpstr (value->label, !=, "");
      g_assert_cmpstr (value->value, !=, "");
    }
}

static void
check_guide (const PrOauthProvider *provider, PrOauthGuideKind kind, PrOauthGuideInput input)
{
  g_autoptr (GPtrArray) steps = pr_oauth_guide_make (provider, kind);
  guint n_inputs = 0;

  g_assert_true (pr_oauth_guide_has (provider, kind));
  g_assert_cmpuint (steps->len, >=, 2);
  for (guint i = 0; i < steps->len; i++)
    {
      const PrOauthGuideStep *step = g_ptr_array_index (steps, i);

      check_step (step);
      n_inputs += step->input == input;
    }
  /* It ends with something to be brought back, once. */
  g_assert_cmpuint (n_inputs, ==, 1);
}

static gboolean
has_value (GPtrArray *steps, const char *text)
{
  for (guint i = 0; i < steps->len; i++)
    {
      const PrOauthGuideStep *step = g_ptr_array_index (steps, i);

      for (guint k = 0; k < step->values->len; k++)
        if (g_str_equal (((PrOauthGuideValue *) g_ptr_array_index (step->values, k))->value, text))
          return TRUE;
    }
  return FALSE;
}

static void
test_guide (void)
{
  const char *const *ids = pr_oauth_services_list ();
  g_autoptr (PrOauthProvider) google = pr_oauth_services_get ("google", NULL);
  g_autoptr (PrOauthProvider) microsoft = pr_oauth_services_get ("microsoft", NULL);
  g_autoptr (PrOauthProvider) own = pr_oauth_provider_new ("other", "Other");
  g_autoptr (GPtrArray) of_google = pr_oauth_guide_make (google, PR_OAUTH_GUIDE_CLIENT);
  g_autoptr (GPtrArray) of_microsoft = pr_oauth_guide_make (microsoft, PR_OAUTH_GUIDE_CLIENT);
  g_autoptr (GPtrArray) none = pr_oauth_guide_make (microsoft, PR_OAUTH_GUIDE_SERVICE_ACCOUNT);

  for (guint i = 0; !g_str_equal (ids[i], PR_OAUTH_SERVICE_OTHER); i++)
    {
      g_autoptr (PrOauthProvider) provider = pr_oauth_services_get (ids[i], NULL);

      check_guide (provider, PR_OAUTH_GUIDE_CLIENT, PR_OAUTH_GUIDE_INPUT_CLIENT);
    }
  own->redirect_path = g_strdup ("/callback");
  g_free (own->scope);
  own->scope = g_strdup ("mail");
  check_guide (own, PR_OAUTH_GUIDE_CLIENT, PR_OAUTH_GUIDE_INPUT_CLIENT);
  check_guide (google, PR_OAUTH_GUIDE_SERVICE_ACCOUNT, PR_OAUTH_GUIDE_INPUT_KEY);
  g_assert_true (has_value (of_google, "https://mail.google.com/"));
  g_assert_true (has_value (of_microsoft, "http://localhost"));
  g_assert_cmpuint (none->len, ==, 0);
  g_assert_false (pr_oauth_guide_has (microsoft, PR_OAUTH_GUIDE_SERVICE_ACCOUNT));
}

/* --- Sentences -------------------------------------------------------------------------------- */

/* Every reason says what happened and what to do, with all gaps filled. */
static void
test_sentences (void)
{
  g_autoptr (PrMailbox) mailbox = pr_mailbox_new ("anna@example.org");
  g_autoptr (PrServerProfile) profile = pr_server_profile_new ();

  set (profile, "name", "The Profile");
  for (PrOauthReason reason = 1; reason < PR_N_OAUTH_REASONS; reason++)
    {
      g_autoptr (GError) error =
          pr_oauth_error_new (PR_CODE_OAUTH_CLIENT_INVALID, reason, "the facts");
      g_autofree char *id = g_strconcat ("oauth-", pr_oauth_reason_to_word (reason), NULL);
      g_autofree char *remedy = NULL;
      g_autofree char *summary = pr_report_oauth_describe (error, mailbox, profile, &remedy);

      g_test_message ("%s: %s %s", id, summary, remedy);
      /* "server" says no more than its code. */
      g_assert_true ((pr_report_oauth_find (id) != NULL) == (reason != PR_OAUTH_REASON_SERVER));
      g_assert_null (strchr (summary, '{'));
      g_assert_null (strchr (remedy, '{'));
      g_assert_true (g_str_has_suffix (summary, "."));
      g_assert_true (g_str_has_suffix (remedy, "."));
    }
  g_assert_null (pr_report_oauth_find (NULL));
  g_assert_null (pr_report_oauth_find ("google-app-password"));
  g_assert_null (pr_report_oauth_find ("oauth-"));
}

/* An error of another kind is shown as it is. */
static void
test_other_error (void)
{
  g_autoptr (PrMailbox) mailbox = pr_mailbox_new ("anna@example.org");
  g_autoptr (GError) error = pr_error_new (PR_ERROR_KEYRING_LOCKED, NULL, "It is locked.");
  g_autofree char *remedy = NULL;
  g_autofree char *summary = pr_report_oauth_describe (error, mailbox, NULL, &remedy);
  g_autoptr (PrReport) report = pr_report_new ();

  g_assert_cmpstr (summary, ==, "It is locked.");
  g_assert_null (remedy);
  g_assert_false (pr_report_oauth_take_error (report, error));
}

/* The wait that a service asked for becomes the wait of the report. */
static void
test_take_error (void)
{
  g_autoptr (GError) error =
      pr_oauth_error_new (PR_CODE_OAUTH_SERVER_ERROR, PR_OAUTH_REASON_TOO_MANY, "HTTP 429");
  g_autoptr (PrReport) report = pr_report_new ();

  pr_oauth_error_set_wait (error, 77);
  g_assert_true (pr_report_oauth_take_error (report, error));
  g_assert_cmpint (report->code, ==, PR_CODE_OAUTH_SERVER_ERROR);
  g_assert_cmpint (report->permanence, ==, PR_PERMANENCE_TRANSIENT);
  g_assert_cmpuint (report->wait_s, ==, 77);
  g_assert_cmpstr (report->remedy_id, ==, "oauth-too-many");
  g_assert_cmpstr (report->detail, ==, "HTTP 429");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/oauth/data/services", test_services);
  g_test_add_func ("/oauth/data/particulars", test_particulars);
  g_test_add_func ("/oauth/data/find", test_find);
  g_test_add_func ("/oauth/data/client-id", test_client_id);
  g_test_add_func ("/oauth/data/client-file", test_client_file);
  g_test_add_func ("/oauth/data/guide", test_guide);
  g_test_add_func ("/oauth/data/sentences", test_sentences);
  g_test_add_func ("/oauth/data/other-error", test_other_error);
  g_test_add_func ("/oauth/data/take-error", test_take_error);
  return g_test_run ();
}
