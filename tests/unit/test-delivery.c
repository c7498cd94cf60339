/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A message that is looked for in its mailbox: heads of messages are all that is ever asked for,
 * nothing is fetched or deleted (rule P22), and what was there before is left alone. */

#include "pr-conversation.h"
#include "pr-practice-server.h"
#include "pr-script-server.h"
#include "pr-test-authority.h"

#define BEGIN                                                                                      \
  "protocol: pop3\nsecurity: ssl\ncites: P22\nexpect: ok\nprobe: refuse\n---\n"                    \
  "tls good\n"                                                                                     \
  "S: +OK ready\n"                                                                                 \
  "C: CAPA\n"                                                                                      \
  "S: +OK|SASL PLAIN|UIDL|TOP|.\n"                                                                 \
  "C: AUTH PLAIN {plain}\n"                                                                        \
  "S: +OK\n"                                                                                       \
  "C: STAT\n"                                                                                      \
  "S: +OK 3 4711\n"                                                                                \
  "C: UIDL 3\n"                                                                                    \
  "S: +OK 3 c\n"
#define UIDL(NUMBER, ID) "C: UIDL " NUMBER "\nS: +OK " NUMBER " " ID "\n"
#define TOP(NUMBER) "C: TOP " NUMBER " 0\nS: +OK|Subject: of somebody else|.\n"
#define END "C: QUIT\nS: +OK bye\n"

typedef struct
{
  const char *name;
  const char *newest_uid;
  const char *script;
} PrRow;

static const PrRow rows[] = {
  { "nothing-known", NULL,
    BEGIN UIDL ("3", "c") TOP ("3") UIDL ("2", "b") TOP ("2") UIDL ("1", "a") TOP ("1") END },
  { "one-is-new", "b", BEGIN UIDL ("3", "c") TOP ("3") UIDL ("2", "b") END },
  { "none-is-new", "c", BEGIN UIDL ("3", "c") END },
};

static PrTestPlan *
make_plan (PrProtocol protocol, guint16 port, const char *ca_pem)
{
  PrTestPlan *plan = pr_test_plan_new (protocol, "localhost", port);

  plan->username = g_strdup (PR_SCRIPT_USER);
  plan->address = g_strdup (PR_SCRIPT_USER);
  plan->secret = pr_secret_new (PR_SCRIPT_PASSWORD, -1);
  plan->ca_pem = g_strdup (ca_pem);
  plan->timeout_s = 20;
  plan->total_timeout_s = 30;
  return plan;
}

static void
test_look (gconstpointer data)
{
  const PrRow *row = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PrScript) script = pr_script_new_from_text (row->script, row->name, &error);
  g_autoptr (PrPracticeServer) sends = pr_practice_server_new (&error);
  g_autoptr (PrScriptServer) keeps = NULL;
  g_autoptr (PrMailContext) context = pr_mail_context_new ();
  g_autoptr (PrTestPlan) plan = NULL;
  g_autoptr (PrReport) report = NULL;

  g_assert_no_error (error);
  pr_practice_server_add_mailbox (sends, PR_SCRIPT_USER, PR_SCRIPT_PASSWORD, PR_PRACTICE_WORKS);
  keeps = pr_script_server_new (script, &error);
  g_assert_no_error (error);
  g_assert_true (pr_script_server_start (keeps, &error));
  plan = make_plan (PR_PROTOCOL_SMTP, pr_practice_server_get_port (sends, PR_PRACTICE_SMTPS),
                    pr_practice_server_get_ca_pem (sends));
  plan->submit = PR_SUBMIT_MESSAGE;
  pr_test_plan_verify_delivery (
      plan,
      make_plan (PR_PROTOCOL_POP3, pr_script_server_get_port (keeps),
                 pr_test_authority_get_ca_pem (pr_test_authority_get_default ())),
      1, row->newest_uid);
  report = pr_conversation_run (plan, context, NULL, NULL, NULL);
  g_assert_cmpint (report->code, ==, PR_CODE_DELIVERY_NOT_SEEN);
  /* To the byte: whatever else was asked for, or not asked for, is told by line. */
  pr_script_server_finish (keeps, &error);
  g_assert_no_error (error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strconcat ("/delivery/", rows[i].name, NULL);

      g_test_add_data_func (path, &rows[i], test_look);
    }
  return g_test_run ();
}
