/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Mailboxes that share a log-in: the server sees it once, and each gets its result. And a success
 * that comes again is the same alert again. */

#include "env-server.h"

#include "pr-script-server.h"

#define HEADERS "protocol: pop3\nsecurity: ssl\ncites: P23\n"
#define UP_TO_LOGIN                                                                                \
  "tls good\n"                                                                                     \
  "S: +OK ready\n"                                                                                 \
  "C: CAPA\n"                                                                                      \
  "S: +OK|SASL PLAIN|.\n"                                                                          \
  "C: AUTH PLAIN {plain}\n"
#define GOOD UP_TO_LOGIN "S: +OK\nC: STAT\nS: +OK 0 0\nC: QUIT\nS: +OK bye\n"
#define REFUSED UP_TO_LOGIN "S: -ERR [AUTH] no\nC: QUIT\nS: +OK bye\n"

typedef struct
{
  const char *name;
  const char *script;
  PrCode code;
} PrRow;

/* Whoever comes a second time is turned away. */
static const PrRow rows[] = {
  { "good", HEADERS "expect: ok\nprobe: refuse\n---\n" GOOD, PR_CODE_OK },
  { "refused",
    HEADERS "expect: authentication-rejected at authenticate\nprobe: refuse\n---\n" REFUSED,
    PR_CODE_AUTHENTICATION_REJECTED },
};

#define N_MAILBOXES 3

static void
on_report (PrEnvironment *environment, gint64 mailbox_id, PrReport *report, gpointer user_data)
{
  g_ptr_array_add (user_data, pr_report_ref (report));
}

/* The profile has the credentials, and three mailboxes. */
static void
share_login (PrEnvServer *server, guint16 port)
{
  g_autofree char *text = g_strdup_printf ("%u", port);
  g_autoptr (GError) error = NULL;

  env_set (server->profile, "incoming-port", text);
  env_set (server->profile, "incoming-authentication", "profile");
  env_set (server->profile, "incoming-username", PR_SCRIPT_USER);
  env_save_profile (&server->env, server->profile, &error);
  g_assert_no_error (error);
  env_set_profile_password (&server->env, server->profile, PR_DIRECTION_INCOMING,
                            PR_SCRIPT_PASSWORD, &error);
  g_assert_no_error (error);
  for (guint i = 1; i < N_MAILBOXES; i++)
    {
      g_autofree char *address = g_strdup_printf ("other%u@practice.example", i);

      g_object_unref (env_add_mailbox (&server->env, address, NULL));
    }
}

static void
test_one_login (gconstpointer data)
{
  const PrRow *row = data;
  const PrTestEvents events = { .report = on_report };
  PrTestOptions options = pr_test_options_default;
  g_autoptr (GError) error = NULL;
  g_autoptr (PrScript) script = pr_script_new_from_text (row->script, row->name, &error);
  g_autoptr (PrScriptServer) pop3 = NULL;
  g_auto (PrEnvServer) server = { .port = 0 };
  g_autoptr (PrSelection) all = pr_selection_new_all ();
  g_autoptr (GPtrArray) reports = g_ptr_array_new_with_free_func ((GDestroyNotify) pr_report_unref);
  g_auto (PrEnvWait) wait = { NULL };

  g_assert_no_error (error);
  pop3 = pr_script_server_new (script, &error);
  g_assert_no_error (error);
  g_assert_true (pr_script_server_start (pop3, &error));
  env_server_init (&server);
  share_login (&server, pr_script_server_get_port (pop3));
  options.outgoing = FALSE;
  pr_environment_test_async (server.env.environment, all, &options, &events, reports, NULL,
                             env_ready, &wait);
  pr_environment_test_finish (server.env.environment, env_wait (&wait), NULL, &error);
  g_assert_no_error (error);
  pr_script_server_finish (pop3, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (reports->len, ==, N_MAILBOXES);
  for (guint i = 0; i < reports->len; i++)
    {
      const PrReport *report = g_ptr_array_index (reports, i);

      g_assert_cmpint (report->code, ==, row->code);
      for (guint k = 0; k < i; k++)
        g_assert_cmpstr (report->mailbox, !=,
                         ((PrReport *) g_ptr_array_index (reports, k))->mailbox);
    }
}

static void
test_again (void)
{
  g_auto (PrEnvServer) server = { .port = 0 };
  g_autoptr (PrAlert) alert = NULL;

  env_server_init (&server);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (PrReport) report =
          env_server_run (&server, "protocol: pop3\nsecurity: ssl\nexpect: ok", GOOD);
    }
  alert = env_server_find_alert (&server, "ok");
  g_assert_nonnull (alert);
  g_assert_cmpint (pr_alert_get (alert, COUNT), ==, 3);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strconcat ("/shared/one-login/", rows[i].name, NULL);

      g_test_add_data_func (path, &rows[i], test_one_login);
    }
  g_test_add_func ("/shared/again", test_again);
  return g_test_run ();
}
