/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One mailbox, and the servers that it is tested against. Main thread. */

#include "env-server.h"

#include "pr-script-server.h"
#include "pr-test-authority.h"

void
env_server_init (PrEnvServer *self)
{
  g_autoptr (PrMailbox) mailbox = NULL;
  g_autoptr (GError) error = NULL;

  *self = (PrEnvServer){ .port = 0 };
  env_fixture_init (&self->env);
  env_set_setting (&self->env, "approved-users-only", "no");
  env_set_setting (&self->env, "approved-queues-only", "no");
  self->profile = env_new_profile ("Practice");
  env_set (self->profile, "incoming-location", "localhost");
  env_set (self->profile, "outgoing-location", "localhost");
  env_set (self->profile, "outgoing-security", "ssl");
  env_set (self->profile, "timeout", "5");
  env_set (self->profile, "is-default", "yes");
  env_set (self->profile, "ca-certificate",
           pr_test_authority_get_ca_pem (pr_test_authority_get_default ()));
  env_save_profile (&self->env, self->profile, &error);
  g_assert_no_error (error);
  mailbox = env_add_mailbox (&self->env, ENV_ADDRESS, "allow-credentials", "yes", "username",
                             PR_SCRIPT_USER, NULL);
  env_set_mailbox_password (&self->env, mailbox, PR_SCRIPT_PASSWORD, &error);
  g_assert_no_error (error);
}

void
env_server_clear (PrEnvServer *self)
{
  g_clear_object (&self->profile);
  env_fixture_clear (&self->env);
}

static void
on_report (PrEnvironment *environment, gint64 mailbox_id, PrReport *report, gpointer user_data)
{
  PrReport **seen = user_data;

  g_assert_null (*seen);
  *seen = pr_report_ref (report);
}

/* Returns: (transfer full): how the test of that direction of the mailbox went. */
PrReport *
env_server_test (PrEnvServer *self, PrDirection direction)
{
  const PrTestEvents events = { .report = on_report };
  PrTestOptions options = pr_test_options_default;
  g_autoptr (PrSelection) selection = env_select (ENV_ADDRESS);
  g_auto (PrEnvWait) wait = { NULL };
  g_autoptr (GError) error = NULL;
  PrReport *report = NULL;

  options.incoming = direction == PR_DIRECTION_INCOMING;
  options.outgoing = direction == PR_DIRECTION_OUTGOING;
  options.submit = PR_SUBMIT_NONE;
  pr_environment_test_async (self->env.environment, selection, &options, &events, &report, NULL,
                             env_ready, &wait);
  pr_environment_test_finish (self->env.environment, env_wait (&wait), NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (report);
  return report;
}

static void
set_port (PrEnvServer *self, const PrScript *script)
{
  gboolean incoming = script->protocol == PR_PROTOCOL_POP3;
  g_autofree char *port = g_strdup_printf ("%u", self->port);
  g_autoptr (GError) error = NULL;

  env_set (self->profile, incoming ? "incoming-port" : "outgoing-port", port);
  env_set (self->profile, incoming ? "incoming-security" : "outgoing-security",
           pr_enum_to_nick (PR_TYPE_SECURITY, (int) script->security));
  env_save_profile (&self->env, self->profile, &error);
  g_assert_no_error (error);
}

/* Tests the mailbox once against a server that says @lines.
 *
 * Returns: (transfer full): how it went. */
PrReport *
env_server_run (PrEnvServer *self, const char *headers, const char *lines)
{
  g_autofree char *text = g_strdup_printf ("%s\ncites: X07\n---\n%s", headers, lines);
  g_autoptr (GError) error = NULL;
  g_autoptr (PrScript) script = pr_script_new_from_text (text, "script", &error);
  g_autoptr (PrScriptServer) server = NULL;
  PrReport *report;
  guint16 port;

  g_assert_no_error (error);
  server = pr_script_server_new_on_port (script, self->port, &error);
  g_assert_no_error (error);
  port = pr_script_server_get_port (server);
  if (self->port != port)
    {
      self->port = port;
      set_port (self, script);
    }
  pr_script_server_start (server, &error);
  g_assert_no_error (error);
  report = env_server_test (self, script->protocol == PR_PROTOCOL_POP3 ? PR_DIRECTION_INCOMING
                                                                       : PR_DIRECTION_OUTGOING);
  pr_script_server_finish (server, &error);
  g_assert_no_error (error);
  if (report->code != script->expect_code)
    g_error ("%s (%s), expected %s", pr_code_to_word (report->code),
             report->detail != NULL ? report->detail : "", pr_code_to_word (script->expect_code));
  return report;
}

/* Returns: (transfer full) (nullable): the open alert with that word. */
PrAlert *
env_server_find_alert (PrEnvServer *self, const char *code)
{
  const PrAlertFilter filter = { .severity = -1 };
  g_autoptr (GPtrArray) alerts = env_list_alerts (&self->env, &filter);
  PrAlert *found = NULL;

  for (guint i = 0; i < alerts->len; i++)
    {
      PrAlert *alert = g_ptr_array_index (alerts, i);

      if (!g_str_equal (pr_alert_get_text (alert, CODE), code))
        continue;
      g_assert_null (found);
      found = g_object_ref (alert);
    }
  return found;
}
