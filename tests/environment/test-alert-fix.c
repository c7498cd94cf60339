/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What an alert offers to mend its cause, and that it is mended. */

#include "env-fixture.h"
#include "pr-alert-fix.h"
#include "pr-report-json.h"

typedef struct
{
  PrCode code;
  PrFix fix;
  gboolean on_mailbox; /* else on the profile */
  const char *label;
} PrFixRow;

static const PrFixRow rows[] = {
  { PR_CODE_ADDRESS_NOT_APPROVED, PR_FIX_APPROVE, TRUE, "Approve Now" },
  { PR_CODE_MAILBOX_INACTIVE, PR_FIX_ACTIVATE, TRUE, "Activate Mailbox" },
  { PR_CODE_PROFILE_INACTIVE, PR_FIX_ACTIVATE, FALSE, "Activate Profile" },
  { PR_CODE_CREDENTIALS_NOT_ALLOWED, PR_FIX_ALLOW_CREDENTIALS, TRUE, "Allow Credentials" },
  { PR_CODE_AUTHENTICATION_REJECTED, PR_FIX_PASSWORD, TRUE, "Set Password…" },
  { PR_CODE_CERTIFICATE_UNTRUSTED, PR_FIX_AUTHORITY, FALSE, "Trust This Authority…" },
  { PR_CODE_TLS_EXPECTED, PR_FIX_PORT, FALSE, "Correct the Port to 995" },
  { PR_CODE_DNS_NOT_FOUND, PR_FIX_OPEN, FALSE, "Open Server Profile" },
  { PR_CODE_MAILBOX_NO_PROFILE, PR_FIX_OPEN, TRUE, "Open Mailbox" },
  { PR_CODE_CONNECTION_TIMEOUT, PR_FIX_RETRY, TRUE, "Retry Now" },
  { PR_CODE_OAUTH_SIGN_IN_NEEDED, PR_FIX_SIGN_IN, TRUE, "Sign In…" },
  { PR_CODE_OK, PR_FIX_NONE, TRUE, NULL },
};

static PrAlert *
make_alert (PrCode code, gint64 mailbox_id, gint64 profile_id, guint16 port, PrSecurity security)
{
  g_autoptr (PrReport) report = pr_report_new ();
  g_autofree char *facts = NULL;

  report->mailbox = g_strdup ("a@example.org");
  report->host = g_strdup ("mail.example.org");
  report->port = 110;
  report->outcome = PR_OUTCOME_FAILURE;
  report->code = code;
  report->scope = pr_code_get_scope (code);
  report->suggested_port = port;
  report->suggested_security = security;
  facts = pr_report_to_json_text (report, PR_REPORT_JSON_FACTS);
  return g_object_new (PR_TYPE_ALERT, "code", pr_code_to_word (code), "direction", "incoming",
                       "mailbox-id", mailbox_id, "profile-id", profile_id, "facts", facts, NULL);
}

static gint64
get_id (gpointer record)
{
  return pr_record_get_id (PR_RECORD (record));
}

static void
test_find (void)
{
  g_auto (PrEnvFixture) env;
  g_autoptr (PrServerProfile) profile = NULL;
  g_autoptr (PrMailbox) mailbox = NULL;

  env_fixture_init (&env);
  profile = env_new_profile ("Example");
  env_set (profile, "incoming-security", "starttls");
  env_set (profile, "incoming-port", "110");
  g_assert_true (env_save_profile (&env, profile, NULL));
  mailbox = env_add_mailbox (&env, "a@example.org", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (PrAlert) alert =
          make_alert (rows[i].code, get_id (mailbox), get_id (profile), 995, PR_SECURITY_SSL);
      PrFixTarget target = pr_alert_find_fix (env.environment, alert);
      g_autofree char *label = pr_alert_describe_fix (alert, &target);

      g_test_message ("%s", pr_code_to_word (rows[i].code));
      g_assert_cmpint (target.fix, ==, rows[i].fix);
      g_assert_cmpint (target.mailbox_id, ==, rows[i].on_mailbox ? get_id (mailbox) : 0);
      g_assert_cmpstr (label, ==, rows[i].label);
    }
}

/* A button never gives encryption up, and does not repeat what was done. */
static void
test_find_port (void)
{
  g_auto (PrEnvFixture) env;
  g_autoptr (PrServerProfile) profile = NULL;
  g_autoptr (PrAlert) plain = NULL;
  g_autoptr (PrAlert) unknown = NULL;
  g_autoptr (PrAlert) done = NULL;

  env_fixture_init (&env);
  profile = env_add_profile (&env, "Example"); /* on port 995 */
  plain = make_alert (PR_CODE_PLAIN_EXPECTED, 0, get_id (profile), 110, PR_SECURITY_NONE);
  unknown = make_alert (PR_CODE_PLAIN_EXPECTED, 0, get_id (profile), 0, PR_SECURITY_SSL);
  done = make_alert (PR_CODE_TLS_EXPECTED, 0, get_id (profile), 995, PR_SECURITY_SSL);
  g_assert_cmpint (pr_alert_find_fix (env.environment, plain).fix, ==, PR_FIX_OPEN);
  g_assert_cmpint (pr_alert_find_fix (env.environment, unknown).fix, ==, PR_FIX_OPEN);
  g_assert_cmpint (pr_alert_find_fix (env.environment, done).fix, ==, PR_FIX_RETRY);
}

static void
fix (PrEnvFixture *env, PrAlert *alert)
{
  g_auto (PrEnvWait) wait = { 0 };
  GError *error = NULL;

  pr_environment_fix_alert_async (env->environment, alert, NULL, env_ready, &wait);
  g_assert_true (pr_environment_fix_alert_finish (env->environment, env_wait (&wait), &error));
  g_assert_no_error (error);
}

static void
test_mend (void)
{
  g_auto (PrEnvFixture) env;
  g_autoptr (PrServerProfile) profile = NULL;
  g_autoptr (PrServerProfile) mended = NULL;
  g_autoptr (PrMailbox) mailbox = NULL;
  g_autoptr (PrAlert) not_approved = NULL;
  g_autoptr (PrAlert) inactive = NULL;
  g_autoptr (PrAlert) not_allowed = NULL;
  g_autoptr (PrAlert) port = NULL;
  g_autofree char *approval = NULL;
  g_autofree char *active = NULL;
  g_autofree char *allowed = NULL;

  env_fixture_init (&env);
  profile = env_new_profile ("Example");
  env_set (profile, "incoming-security", "starttls");
  env_set (profile, "incoming-port", "110");
  g_assert_true (env_save_profile (&env, profile, NULL));
  mailbox = env_add_mailbox (&env, "a@example.org", "active", "no", NULL);
  not_approved = make_alert (PR_CODE_ADDRESS_NOT_APPROVED, get_id (mailbox), 0, 0, 0);
  inactive = make_alert (PR_CODE_MAILBOX_INACTIVE, get_id (mailbox), 0, 0, 0);
  not_allowed = make_alert (PR_CODE_CREDENTIALS_NOT_ALLOWED, get_id (mailbox), 0, 0, 0);
  port = make_alert (PR_CODE_TLS_EXPECTED, 0, get_id (profile), 995, PR_SECURITY_SSL);
  fix (&env, not_approved);
  fix (&env, inactive);
  fix (&env, not_allowed);
  fix (&env, port);
  approval = env_get_field (&env, "a@example.org", "approval");
  active = env_get_field (&env, "a@example.org", "active");
  allowed = env_get_field (&env, "a@example.org", "allow-credentials");
  g_assert_cmpstr (approval, ==, "approved");
  g_assert_cmpstr (active, ==, "yes");
  g_assert_cmpstr (allowed, ==, "yes");
  mended = pr_environment_find_profile_by_id (env.environment, get_id (profile));
  g_assert_cmpint (pr_server_profile_get_port (mended, PR_DIRECTION_INCOMING), ==, 995);
  g_assert_cmpint (pr_server_profile_get_security (mended, PR_DIRECTION_INCOMING), ==,
                   PR_SECURITY_SSL);
}

static void
test_gone (void)
{
  g_auto (PrEnvFixture) env;
  g_auto (PrEnvWait) wait = { 0 };
  g_autoptr (PrAlert) alert = NULL;
  g_autoptr (GError) error = NULL;

  env_fixture_init (&env);
  alert = make_alert (PR_CODE_ADDRESS_NOT_APPROVED, 77, 0, 0, 0);
  pr_environment_fix_alert_async (env.environment, alert, NULL, env_ready, &wait);
  g_assert_false (pr_environment_fix_alert_finish (env.environment, env_wait (&wait), &error));
  g_assert_error (error, PR_ERROR, PR_ERROR_NOT_FOUND);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/alert-fix/find", test_find);
  g_test_add_func ("/alert-fix/find-port", test_find_port);
  g_test_add_func ("/alert-fix/mend", test_mend);
  g_test_add_func ("/alert-fix/gone", test_gone);
  return g_test_run ();
}
