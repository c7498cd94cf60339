/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Commands on server profiles and settings: what saving fills in and refuses, who is the default,
 * and that the lists at hand follow. */

#include "env-fixture.h"

#include "pr-providers.h"
#include "pr-test-authority.h"

#include <string.h>

static char *
list_names (PrEnvFixture *env)
{
  GListModel *profiles = pr_environment_get_profiles (env->environment);
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (profiles); i++)
    {
      g_autoptr (PrServerProfile) profile = g_list_model_get_item (profiles, i);

      g_string_append_printf (names, "%s%s%s", i > 0 ? "," : "",
                              pr_server_profile_get_text (profile, NAME),
                              pr_server_profile_get (profile, IS_DEFAULT) ? "*" : "");
    }
  return g_string_free (names, FALSE);
}

static void
assert_names (PrEnvFixture *env, const char *expected)
{
  g_autofree char *names = list_names (env);

  g_assert_cmpstr (names, ==, expected);
}

static void
test_save (void)
{
  g_auto (PrEnvFixture) env;
  g_autoptr (PrServerProfile) profile = env_new_profile ("Example");
  g_autoptr (PrServerProfile) found = NULL, other = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *incoming = NULL, *outgoing = NULL;

  env_fixture_init (&env);
  env_set (profile, "outgoing-security", "starttls");
  g_assert_true (env_save_profile (&env, profile, &error));
  g_assert_cmpint (pr_record_get_id (PR_RECORD (profile)), >, 0);
  incoming = env_get (profile, "incoming-port");
  outgoing = env_get (profile, "outgoing-port");
  g_assert_cmpstr (incoming, ==, "995");
  g_assert_cmpstr (outgoing, ==, "587");
  assert_names (&env, "Example");
  /* Case does not matter when it is looked for, nor when it must be unique. */
  found = pr_environment_find_profile (env.environment, "eXAMPLE");
  g_assert_nonnull (found);
  g_assert_null (pr_environment_find_profile (env.environment, "Exampl"));
  g_assert_null (pr_environment_find_profile (env.environment, "\xf0"));
  other = env_new_profile ("EXAMPLE");
  g_assert_false (env_save_profile (&env, other, &error));
  env_assert_refused (error, PR_ERROR_DUPLICATE, "name");
  g_clear_error (&error);
  g_clear_object (&other);
  other = env_add_profile (&env, "Another");
  assert_names (&env, "Another,Example");
}

static void
test_refused (void)
{
  static const struct
  {
    const char *field, *value;
    PrError code;
    const char *about;
  } rows[] = {
    { "incoming-authentication", "anonymous", PR_ERROR_INVALID_VALUE, "incoming-authentication" },
    { "incoming-authentication", "windows", PR_ERROR_INVALID_VALUE, "incoming-authentication" },
    { "incoming-authentication", "profile", PR_ERROR_INVALID_VALUE, "incoming-username" },
    { "incoming-security", "none", PR_ERROR_POLICY, "incoming-security" },
    { "outgoing-security", "none", PR_ERROR_POLICY, "outgoing-security" },
    { "ca-certificate", "-----BEGIN CERTIFICATE-----\nnot base64!\n-----END CERTIFICATE-----\n",
      PR_ERROR_INVALID_VALUE, "ca-certificate" },
  };
  g_auto (PrEnvFixture) env;

  env_fixture_init (&env);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (PrServerProfile) profile = env_new_profile ("Example");
      g_autoptr (GPtrArray) errors = NULL;
      g_autoptr (GError) error = NULL;

      env_set (profile, rows[i].field, rows[i].value);
      errors = pr_environment_check_profile (env.environment, profile);
      g_assert_cmpuint (errors->len, >=, 1);
      g_assert_false (env_save_profile (&env, profile, &error));
      g_assert_error (error, PR_ERROR, (int) rows[i].code);
      g_assert_cmpstr (pr_error_get_field (error), ==, rows[i].about);
      assert_names (&env, "");
    }
}

static void
test_ca (void)
{
  g_auto (PrEnvFixture) env;
  g_autoptr (PrServerProfile) profile = env_new_profile ("Example");
  g_autoptr (GError) error = NULL;

  env_fixture_init (&env);
  env_set (profile, "ca-certificate",
           pr_test_authority_get_ca_pem (pr_test_authority_get_default ()));
  env_save_profile (&env, profile, &error);
  g_assert_no_error (error);
}

static void
test_port_policy (void)
{
  g_auto (PrEnvFixture) env;
  g_autoptr (PrServerProfile) profile = env_new_profile ("Example");
  g_autoptr (GError) error = NULL;

  env_fixture_init (&env);
  env_set_setting (&env, "port-policy", "us-government");
  env_set (profile, "outgoing-security", "starttls");
  g_assert_false (env_save_profile (&env, profile, &error));
  env_assert_refused (error, PR_ERROR_POLICY, "outgoing-port");
  g_assert_nonnull (strstr (error->message, "“587”"));
  g_assert_nonnull (strstr (error->message, "80, 443, 465, 995"));
  g_clear_error (&error);
  env_set (profile, "outgoing-security", "ssl");
  env_set (profile, "outgoing-port", "465");
  env_save_profile (&env, profile, &error);
  g_assert_no_error (error);
}

static void
test_default (void)
{
  g_auto (PrEnvFixture) env;
  g_autoptr (PrServerProfile) a = NULL, b = NULL;
  g_autoptr (PrMailbox) mailbox = NULL, other = NULL;
  g_autoptr (GError) error = NULL;

  env_fixture_init (&env);
  a = env_add_profile (&env, "A");
  b = env_add_profile (&env, "B");
  mailbox = pr_environment_new_mailbox (env.environment, "a@example.org");
  g_assert_cmpint (pr_mailbox_get (mailbox, PROFILE_ID), ==, 0);
  env_set (a, "is-default", "yes");
  g_assert_true (env_save_profile (&env, a, &error));
  assert_names (&env, "A*,B");
  env_set (b, "is-default", "yes");
  g_assert_true (env_save_profile (&env, b, &error));
  assert_names (&env, "A,B*");
  other = pr_environment_new_mailbox (env.environment, "a@example.org");
  g_assert_cmpint (pr_mailbox_get (other, PROFILE_ID), ==, pr_record_get_id (PR_RECORD (b)));
  /* The same by the settings. */
  env_set_setting (&env, "profile-id", "1");
  assert_names (&env, "A*,B");
  env_set_setting (&env, "profile-id", "");
  assert_names (&env, "A,B");
}

static void
test_delete (void)
{
  g_auto (PrEnvFixture) env;
  g_autoptr (PrServerProfile) profile = NULL;
  g_autoptr (PrMailbox) mailbox = NULL;
  g_autoptr (GError) error = NULL;
  guint n;

  env_fixture_init (&env);
  profile = env_add_profile (&env, "Example");
  mailbox = env_add_mailbox (&env, "a@example.org", "profile-id", "1", NULL);
  g_assert_false (env_delete_profile (&env, profile, &error));
  g_assert_error (error, PR_ERROR, PR_ERROR_IN_USE);
  g_assert_nonnull (strstr (error->message, "1 mailbox uses it"));
  assert_names (&env, "Example");
  g_clear_error (&error);
  g_assert_true (env_delete (&env, pr_selection_new_all (), &n, &error));
  g_assert_true (env_delete_profile (&env, profile, &error));
  assert_names (&env, "");
}

/* --- Settings --------------------------------------------------------------------------------- */

static void
test_settings (void)
{
  static const struct
  {
    const char *field, *value;
    PrError code;
    const char *about;
  } rows[] = {
    { "outgoing", "forward", PR_ERROR_INVALID_VALUE, "outgoing" },
    { "act", "server-side", PR_ERROR_INVALID_VALUE, "act" },
    { "port-policy", "list", PR_ERROR_INVALID_VALUE, "ports" },
    { "profile-id", "99", PR_ERROR_NOT_FOUND, "profile-id" },
  };
  g_auto (PrEnvFixture) env;

  env_fixture_init (&env);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (PrRecord) settings =
          pr_record_duplicate (PR_RECORD (pr_environment_get_settings (env.environment)));
      g_autoptr (GError) error = NULL;

      env_set (settings, rows[i].field, rows[i].value);
      g_assert_false (env_save_settings (&env, PR_EMAIL_SETTINGS (settings), &error));
      g_assert_error (error, PR_ERROR, (int) rows[i].code);
      g_assert_cmpstr (pr_error_get_field (error), ==, rows[i].about);
    }
  env_set_setting (&env, "keep-alerts-days", "7");
  g_assert_cmpint (
      pr_email_settings_get (pr_environment_get_settings (env.environment), KEEP_ALERTS_DAYS), ==,
      7);
}

/* --- Presets ---------------------------------------------------------------------------------- */

static void
test_providers (void)
{
  static const struct
  {
    const char *address, *incoming, *outgoing, *incoming_port, *outgoing_port, *outgoing_security;
  } rows[] = {
    { "a@gmail.com", "pop.gmail.com", "smtp.gmail.com", "995", "587", "starttls" },
    { "a@GoogleMail.com", "pop.gmail.com", "smtp.gmail.com", "995", "587", "starttls" },
    { "a@outlook.com", "outlook.office365.com", "smtp-mail.outlook.com", "995", "587", "starttls" },
    { "a@yahoo.com", "pop.mail.yahoo.com", "smtp.mail.yahoo.com", "995", "465", "ssl" },
  };
  g_autoptr (PrServerProfile) gmail = pr_server_profile_new ();
  g_autoptr (PrServerProfile) unknown = pr_server_profile_new ();
  g_autofree char *type = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (PrServerProfile) profile = pr_server_profile_new ();
      g_autofree char *incoming_port = NULL, *outgoing_port = NULL, *security = NULL;

      g_assert_true (pr_providers_apply_address (profile, rows[i].address));
      g_assert_cmpstr (pr_server_profile_get_text (profile, INCOMING_LOCATION), ==,
                       rows[i].incoming);
      g_assert_cmpstr (pr_server_profile_get_text (profile, OUTGOING_LOCATION), ==,
                       rows[i].outgoing);
      incoming_port = env_get (profile, "incoming-port");
      outgoing_port = env_get (profile, "outgoing-port");
      security = env_get (profile, "outgoing-security");
      g_assert_cmpstr (incoming_port, ==, rows[i].incoming_port);
      g_assert_cmpstr (outgoing_port, ==, rows[i].outgoing_port);
      g_assert_cmpstr (security, ==, rows[i].outgoing_security);
    }
  g_assert_true (pr_providers_apply_type (gmail, PR_SERVER_TYPE_GMAIL));
  type = env_get (gmail, "server-type");
  g_assert_cmpstr (type, ==, "gmail");
  g_assert_false (pr_providers_apply_type (unknown, PR_SERVER_TYPE_POP3_SMTP));
  g_assert_false (pr_providers_apply_address (unknown, "a@example.org"));
  g_assert_false (pr_providers_apply_address (unknown, "nonsense"));
  g_assert_cmpstr (pr_server_profile_get_text (unknown, INCOMING_LOCATION), ==, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/environment/profiles/save", test_save);
  g_test_add_func ("/environment/profiles/refused", test_refused);
  g_test_add_func ("/environment/profiles/ca", test_ca);
  g_test_add_func ("/environment/profiles/port-policy", test_port_policy);
  g_test_add_func ("/environment/profiles/default", test_default);
  g_test_add_func ("/environment/profiles/delete", test_delete);
  g_test_add_func ("/environment/settings", test_settings);
  g_test_add_func ("/environment/providers", test_providers);
  return g_test_run ();
}
