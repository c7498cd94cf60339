/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whole conversations over memory: the same code as over a socket, with the server's bytes in
 * pieces of any size, down to one at a time. And what reports are made of. */

#include "pr-conversation.h"

#include <string.h>

#define MAX_TURNS 10

/* What the client has to say (NULL at first: nothing), and what the server answers then. */
typedef struct
{
  const char *client;
  const char *server;
} PrTurn;

typedef struct
{
  PrChannel parent;
  const PrTurn *turns; /* up to one without a server's word */
  gsize piece;
  GString *unread; /* said by the server and not yet read */
  GString *said;   /* by the client, since the last turn */
  guint n_reads;
  gboolean *closed;
} PrMemoryChannel;

static gssize
memory_read (PrChannel *channel, char *buffer, gsize size, PrWait *wait, GError **error)
{
  PrMemoryChannel *self = (PrMemoryChannel *) channel;
  gsize n = MIN (MIN (size, self->piece), self->unread->len);

  memcpy (buffer, self->unread->str, n);
  g_string_erase (self->unread, 0, (gssize) n);
  self->n_reads++;
  return (gssize) n;
}

static gboolean
memory_write (PrChannel *channel, const char *bytes, gsize n, PrWait *wait, GError **error)
{
  PrMemoryChannel *self = (PrMemoryChannel *) channel;

  g_string_append_len (self->said, bytes, (gssize) n);
  g_assert_cmpstr (self->said->str, ==, self->turns->client);
  g_assert_nonnull (self->turns->server);
  g_string_append (self->unread, self->turns->server);
  g_string_truncate (self->said, 0);
  self->turns++;
  return TRUE;
}

static gboolean
memory_has_pending (PrChannel *channel)
{
  return FALSE;
}

static void
memory_close (PrChannel *channel)
{
  PrMemoryChannel *self = (PrMemoryChannel *) channel;

  *self->closed = self->turns->client == NULL;
  g_string_free (self->unread, TRUE);
  g_string_free (self->said, TRUE);
  g_free (self);
}

static const PrChannelOps memory_ops = {
  .read = memory_read,
  .write = memory_write,
  .has_pending = memory_has_pending,
  .close = memory_close,
};

static PrChannel *
memory_channel_new (const PrTurn *turns, gsize piece, gboolean *closed)
{
  PrMemoryChannel *self = g_new0 (PrMemoryChannel, 1);

  self->parent.ops = &memory_ops;
  self->turns = turns + 1;
  self->piece = piece;
  self->unread = g_string_new (turns->server);
  self->said = g_string_new (NULL);
  self->closed = closed;
  return &self->parent;
}

static PrTestPlan *
make_plan (PrProtocol protocol)
{
  PrTestPlan *plan = pr_test_plan_new (protocol, "localhost", 110);

  plan->security = PR_SECURITY_NONE;
  plan->allow_unencrypted = TRUE;
  plan->username = g_strdup ("tim");
  plan->secret = pr_secret_new ("tanstaaftanstaaf", -1);
  plan->address = g_strdup ("tim@practice.example");
  plan->submit = PR_SUBMIT_ENVELOPE;
  return plan;
}

/* Runs @turns in pieces of each size; all must have been said at the end. */
static PrReport *
run_turns (PrProtocol protocol, const PrTurn *turns, gsize piece)
{
  g_autoptr (PrTestPlan) plan = make_plan (protocol);
  gboolean complete = FALSE;
  PrReport *report =
      pr_conversation_run_on_channel (plan, memory_channel_new (turns, piece, &complete), NULL);

  g_assert_true (complete);
  return report;
}

static const PrTurn pop3_turns[] = {
  { NULL, "+OK ready\r\n" },
  { "CAPA\r\n", "+OK\r\nSASL PLAIN\r\nUIDL\r\n..DOT\r\n.\r\n" },
  { "AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm\r\n", "+OK\r\n" },
  { "STAT\r\n", "+OK 3 4711\r\n" },
  { "UIDL 3\r\n", "+OK 3 abc\r\n" },
  { "QUIT\r\n", "+OK bye\r\n" },
  { NULL, NULL },
};

static void
test_pop3 (void)
{
  for (gsize piece = 1; piece <= 64; piece++)
    {
      g_autoptr (PrReport) report = run_turns (PR_PROTOCOL_POP3, pop3_turns, piece);

      g_assert_cmpint (report->outcome, ==, PR_OUTCOME_SUCCESS);
      g_assert_cmpuint (report->n_messages, ==, 3);
      g_assert_cmpuint (report->maildrop_bytes, ==, 4711);
      g_assert_cmpstr (report->mechanism, ==, "PLAIN");
      g_assert_cmpstr (report->capabilities[2], ==, ".DOT");
      g_assert_cmpuint (report->transcript->len, ==, 15);
    }
}

static const PrTurn smtp_turns[] = {
  { NULL, "220-practice\r\n220 ESMTP\r\n" },
  { "EHLO [127.0.0.1]\r\n", "250-practice\r\n250-SIZE 1000\r\n250 AUTH PLAIN\r\n" },
  { "AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm\r\n", "235 2.7.0 ok\r\n" },
  { "MAIL FROM:<tim@practice.example>\r\n", "250-2.1.0 well\r\n250 2.1.0 ok\r\n" },
  { "RCPT TO:<tim@practice.example>\r\n", "250 ok\r\n" },
  { "RSET\r\n", "250 ok\r\n" },
  { "QUIT\r\n", "221 bye\r\n" },
  { NULL, NULL },
};

static void
test_smtp (void)
{
  for (gsize piece = 1; piece <= 64; piece++)
    {
      g_autoptr (PrReport) report = run_turns (PR_PROTOCOL_SMTP, smtp_turns, piece);

      g_assert_cmpint (report->outcome, ==, PR_OUTCOME_SUCCESS);
      g_assert_cmpstr (report->mechanism, ==, "PLAIN");
      g_assert_cmpstr (report->mechanisms[0], ==, "PLAIN");
    }
}

/* What comes in one piece with an answer is seen at once; in pieces of one byte it is read when
 * the next answer is expected. Either way it is never taken for that answer. */
static void
test_unsolicited (void)
{
  static const PrTurn turns[] = {
    { NULL, "+OK ready\r\n+OK again\r\n" },
    { NULL, NULL },
  };
  g_autoptr (PrReport) report = run_turns (PR_PROTOCOL_POP3, turns, 64);

  g_assert_cmpint (report->code, ==, PR_CODE_PROTOCOL_ERROR);
  g_assert_cmpint (report->failed_step, ==, PR_STEP_CAPABILITIES);
}

static void
test_refused (void)
{
  static const PrTurn turns[] = {
    { NULL, "+OK ready\r\n" },
    { "CAPA\r\n", "-ERR what?\r\n" },
    { "USER tim\r\n", "+OK\r\n" },
    { "PASS tanstaaftanstaaf\r\n", "-ERR [AUTH] tanstaaftanstaaf is wrong\r\n" },
    { "QUIT\r\n", "+OK\r\n" },
    { NULL, NULL },
  };

  for (gsize piece = 1; piece <= 32; piece++)
    {
      g_autoptr (PrReport) report = run_turns (PR_PROTOCOL_POP3, turns, piece);

      g_assert_cmpint (report->code, ==, PR_CODE_AUTHENTICATION_REJECTED);
      g_assert_cmpint (report->failed_step, ==, PR_STEP_AUTHENTICATE);
      g_assert_cmpstr (report->server_reply, ==, "-ERR [AUTH] [hidden] is wrong");
      g_assert_cmpint (report->scope, ==, PR_SCOPE_MAILBOX);
    }
}

static void
test_end (void)
{
  static const PrTurn turns[] = {
    { NULL, "+OK ready\r\n" },
    { "CAPA\r\n", "+OK\r\nSASL" },
    { NULL, NULL },
  };
  g_autoptr (PrReport) report = run_turns (PR_PROTOCOL_POP3, turns, 5);

  g_assert_cmpint (report->code, ==, PR_CODE_CONNECTION_LOST);
  g_assert_cmpint (report->failed_step, ==, PR_STEP_CAPABILITIES);
}

/* --- Reports ---------------------------------------------------------------------------------- */

static void
test_not_run (void)
{
  g_autoptr (PrTestPlan) plan = make_plan (PR_PROTOCOL_SMTP);
  g_autoptr (PrReport) report =
      pr_report_new_not_run (plan, PR_OUTCOME_FAILURE, PR_CODE_POLICY_PORT);
  PrReportStep *step = pr_report_find_step (report, PR_STEP_PRECHECK);

  g_assert_cmpint (report->outcome, ==, PR_OUTCOME_FAILURE);
  g_assert_cmpint (report->code, ==, PR_CODE_POLICY_PORT);
  g_assert_cmpint (report->permanence, ==, PR_PERMANENCE_PERMANENT);
  g_assert_cmpint (report->scope, ==, PR_SCOPE_PROFILE);
  g_assert_cmpint (report->direction, ==, PR_DIRECTION_OUTGOING);
  g_assert_cmpstr (report->mailbox, ==, "tim@practice.example");
  g_assert_cmpuint (report->steps->len, ==, 1);
  g_assert_cmpint (step->code, ==, PR_CODE_POLICY_PORT);
  g_assert_null (pr_report_find_step (report, PR_STEP_RESOLVE));
}

static void
test_references (void)
{
  PrReport *report = pr_report_new ();
  PrReport *again = pr_report_ref (report);

  pr_report_add_line (report, 5, TRUE, g_strdup ("+OK"));
  pr_report_unref (report);
  g_assert_cmpuint (again->transcript->len, ==, 1);
  g_assert_cmpuint (again->attempt, ==, 1);
  pr_report_unref (again);
}

/* A NUL would end a field of PLAIN (A03), and CR LF a command: nothing is sent, nobody is even
 * looked up. */
static void
test_controls (void)
{
  static const struct
  {
    const char *username;
    const char *secret;
    gsize length;
  } rows[] = {
    { "tim", "tanstaaf\0tanstaaf", 17 }, { "tim", "tanstaaf\0", 9 }, { "tim", "\0", 1 },
    { "tim", "tan\r\nQUIT", 9 },         { "t\nim", "tanstaaf", 8 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (PrTestPlan) plan = make_plan (PR_PROTOCOL_POP3);
      g_autoptr (PrMailContext) context = pr_mail_context_new ();
      g_autoptr (PrReport) report = NULL;

      g_free (plan->username);
      plan->username = g_strdup (rows[i].username);
      pr_secret_unref (plan->secret);
      plan->secret = pr_secret_new (rows[i].secret, (gssize) rows[i].length);
      report = pr_conversation_run (plan, context, NULL, NULL, NULL);
      g_assert_cmpint (report->code, ==, PR_CODE_CREDENTIALS_MISSING);
      g_assert_cmpint (report->failed_step, ==, PR_STEP_PRECHECK);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/conversation/pop3", test_pop3);
  g_test_add_func ("/conversation/smtp", test_smtp);
  g_test_add_func ("/conversation/unsolicited", test_unsolicited);
  g_test_add_func ("/conversation/refused", test_refused);
  g_test_add_func ("/conversation/end", test_end);
  g_test_add_func ("/conversation/not-run", test_not_run);
  g_test_add_func ("/conversation/controls", test_controls);
  g_test_add_func ("/conversation/references", test_references);
  return g_test_run ();
}
