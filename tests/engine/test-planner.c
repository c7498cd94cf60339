/* SPDX-License-Identifier: GPL-3.0-or-later */

/* From a profile and a mailbox to the plan of one conversation: whose name, which server, which
 * limits. */

#include "pr-planner.h"

#include <string.h>

static const char ca_pem[] = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";

static void
set (gpointer record, const char *name, const char *value)
{
  int field = pr_record_find_field (record, name);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (field, >=, 0);
  pr_record_parse (record, (guint) field, value, &error);
  g_assert_no_error (error);
}

static PrServerProfile *
make_profile (void)
{
  PrServerProfile *profile = pr_server_profile_new ();

  set (profile, "name", "Example");
  set (profile, "incoming-location", "pop.example.org");
  set (profile, "outgoing-location", "smtp.example.org");
  set (profile, "outgoing-security", "starttls");
  return profile;
}

static PrTestPlan *
make_plan (PrServerProfile *profile,
           PrMailbox *mailbox,
           PrEmailSettings *settings,
           PrDirection direction)
{
  g_autoptr (PrSecret) secret = pr_secret_new ("secret", -1);

  return pr_planner_make ("Default", profile, mailbox, settings, direction,
                          &pr_test_options_default, secret);
}

static void
test_servers (void)
{
  g_autoptr (PrServerProfile) profile = make_profile ();
  g_autoptr (PrMailbox) mailbox = pr_mailbox_new ("support@example.org");
  g_autoptr (PrEmailSettings) settings = pr_email_settings_new ();
  g_autoptr (PrTestPlan) in = NULL;
  g_autoptr (PrTestPlan) out = NULL;

  set (profile, "timeout", "7");
  set (profile, "ca-certificate", ca_pem);
  set (profile, "outgoing-mechanism", "login");
  set (settings, "min-tls", "1.3");
  in = make_plan (profile, mailbox, settings, PR_DIRECTION_INCOMING);
  out = make_plan (profile, mailbox, settings, PR_DIRECTION_OUTGOING);
  g_assert_cmpint (in->protocol, ==, PR_PROTOCOL_POP3);
  g_assert_cmpstr (in->host, ==, "pop.example.org");
  g_assert_cmpuint (in->port, ==, 995);
  g_assert_cmpint (in->security, ==, PR_SECURITY_SSL);
  g_assert_cmpint (in->mechanism, ==, PR_MECHANISM_AUTO);
  g_assert_cmpint (out->protocol, ==, PR_PROTOCOL_SMTP);
  g_assert_cmpstr (out->host, ==, "smtp.example.org");
  g_assert_cmpuint (out->port, ==, 587);
  g_assert_cmpint (out->security, ==, PR_SECURITY_STARTTLS);
  g_assert_cmpint (out->mechanism, ==, PR_MECHANISM_LOGIN);
  g_assert_cmpint (out->submit, ==, PR_SUBMIT_MESSAGE);
  for (guint i = 0; i < 2; i++)
    {
      const PrTestPlan *plan = i == 0 ? in : out;

      g_assert_cmpstr (plan->environment, ==, "Default");
      g_assert_cmpstr (plan->profile, ==, "Example");
      g_assert_cmpstr (plan->address, ==, "support@example.org");
      g_assert_cmpstr (plan->ca_pem, ==, ca_pem);
      g_assert_cmpint (plan->min_tls, ==, PR_TLS_VERSION_1_3);
      g_assert_cmpuint (plan->timeout_s, ==, 7);
      g_assert_cmpuint (plan->total_timeout_s, >=, plan->timeout_s);
      g_assert_cmpstr (pr_secret_peek (plan->secret), ==, "secret");
      g_assert_cmpuint (plan->attempt, ==, 1);
      g_assert_false (plan->allow_unencrypted);
    }
  set (settings, "allow-unencrypted", "yes");
  g_clear_pointer (&in, pr_test_plan_unref);
  in = make_plan (profile, mailbox, settings, PR_DIRECTION_INCOMING);
  g_assert_true (in->allow_unencrypted);
}

/* Whose name is said to the server. */
static void
test_usernames (void)
{
  static const struct
  {
    const char *authentication, *username;
  } rows[] = {
    { "user-or-queue", "mailbox-user" },
    { "profile", "profile-user" },
    { "oauth", "support@example.org" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (PrServerProfile) profile = make_profile ();
      g_autoptr (PrMailbox) mailbox = pr_mailbox_new ("support@example.org");
      g_autoptr (PrEmailSettings) settings = pr_email_settings_new ();

      set (mailbox, "username", "mailbox-user");
      set (profile, "incoming-username", "profile-user");
      set (profile, "outgoing-username", "never-used");
      set (profile, "incoming-authentication", rows[i].authentication);
      for (PrDirection direction = 0; direction < PR_N_DIRECTIONS; direction++)
        {
          g_autoptr (PrTestPlan) plan = make_plan (profile, mailbox, settings, direction);

          g_assert_cmpstr (plan->username, ==, rows[i].username);
        }
    }
}

static void
test_settings_of_its_own (void)
{
  g_autoptr (PrServerProfile) profile = make_profile ();
  g_autoptr (PrEmailSettings) settings = pr_email_settings_new ();
  g_autoptr (PrTestPlan) in = NULL;
  g_autoptr (PrTestPlan) out = NULL;

  set (profile, "same-settings", "no");
  set (profile, "incoming-authentication", "profile");
  set (profile, "outgoing-authentication", "profile");
  set (profile, "incoming-username", "in");
  set (profile, "outgoing-username", "out");
  in = make_plan (profile, NULL, settings, PR_DIRECTION_INCOMING);
  out = make_plan (profile, NULL, settings, PR_DIRECTION_OUTGOING);
  g_assert_cmpstr (in->username, ==, "in");
  g_assert_cmpstr (out->username, ==, "out");
}

/* Test Connection: nobody's mailbox, so nothing is sent. */
static void
test_profile_alone (void)
{
  g_autoptr (PrServerProfile) profile = make_profile ();
  g_autoptr (PrEmailSettings) settings = pr_email_settings_new ();
  g_autoptr (PrTestPlan) plan = pr_planner_make (
      "Default", profile, NULL, settings, PR_DIRECTION_OUTGOING, &pr_test_options_default, NULL);

  g_assert_null (plan->address);
  g_assert_null (plan->username);
  g_assert_null (plan->secret);
  g_assert_cmpint (plan->submit, ==, PR_SUBMIT_NONE);
}

static void
test_attempts_and_options (void)
{
  g_autoptr (PrServerProfile) profile = make_profile ();
  g_autoptr (PrMailbox) mailbox = pr_mailbox_new ("support@example.org");
  g_autoptr (PrEmailSettings) settings = pr_email_settings_new ();
  PrTestOptions options = pr_test_options_default;
  g_autoptr (PrTestPlan) in = NULL;
  g_autoptr (PrTestPlan) out = NULL;

  g_assert_true (options.incoming);
  g_assert_true (options.outgoing);
  g_assert_cmpint (options.submit, ==, PR_SUBMIT_MESSAGE);
  options.submit = PR_SUBMIT_ENVELOPE;
  pr_mailbox_set_retry (mailbox, PR_DIRECTION_OUTGOING, 3, 1);
  in = pr_planner_make ("Default", profile, mailbox, settings, PR_DIRECTION_INCOMING, &options,
                        NULL);
  out = pr_planner_make ("Default", profile, mailbox, settings, PR_DIRECTION_OUTGOING, &options,
                         NULL);
  g_assert_cmpuint (in->attempt, ==, 1);
  g_assert_cmpuint (out->attempt, ==, 4);
  g_assert_cmpint (out->submit, ==, PR_SUBMIT_ENVELOPE);
}

/* The longest time-out must not outlive the total of the conversation. */
static void
test_timeouts (void)
{
  static const char *const timeouts[] = { "1", "30", "100" };

  for (guint i = 0; i < G_N_ELEMENTS (timeouts); i++)
    {
      g_autoptr (PrServerProfile) profile = make_profile ();
      g_autoptr (PrEmailSettings) settings = pr_email_settings_new ();
      g_autoptr (PrTestPlan) plan = NULL;

      set (profile, "timeout", timeouts[i]);
      plan = make_plan (profile, NULL, settings, PR_DIRECTION_INCOMING);
      g_assert_cmpuint (plan->total_timeout_s, >, plan->timeout_s);
      g_assert_cmpuint (plan->total_timeout_s, <=, PR_TOTAL_TIMEOUT_MAX_S);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/planner/servers", test_servers);
  g_test_add_func ("/planner/usernames", test_usernames);
  g_test_add_func ("/planner/settings-of-its-own", test_settings_of_its_own);
  g_test_add_func ("/planner/profile-alone", test_profile_alone);
  g_test_add_func ("/planner/attempts-and-options", test_attempts_and_options);
  g_test_add_func ("/planner/timeouts", test_timeouts);
  return g_test_run ();
}
