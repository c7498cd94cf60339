/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whole conversations with a server that says anything: greeting, CAPA and EHLO lists, log-in,
 * mailbox, submission. Whatever it is ends in a report in which every invariant of a report holds,
 * and the client never sends a control character nor two lines at once.
 *
 * The first byte of the input says which protocol and which mechanism; then comes what the server
 * says, in turns. */

#include "fuzz.h"

#include "pr-conversation.h"

#include "../scripts/report-checks.h"

#include <stdlib.h>
#include <string.h>

static const char script_text[] = "protocol: %s\nsecurity: none\nallow-unencrypted: yes\n"
                                  "cites: X09\nexpect: ok\n---\n";

typedef struct
{
  PrChannel parent;
  const guint8 *data;
  gsize size;
  gsize at;
  gsize end; /* of this turn */
  gboolean message;
} PrMemoryChannel;

static void
next_turn (PrMemoryChannel *self)
{
  const guint8 *turn = self->at < self->size
                           ? memchr (self->data + self->at, FUZZ_TURN, self->size - self->at)
                           : NULL;

  self->end = turn != NULL ? (gsize) (turn - self->data) : self->size;
}

static gssize
memory_read (PrChannel *channel, char *buffer, gsize size, PrWait *wait, GError **error)
{
  PrMemoryChannel *self = (PrMemoryChannel *) channel;
  gsize n = MIN (size, self->end - self->at);

  memcpy (buffer, self->data + self->at, n);
  self->at += n;
  return (gssize) n;
}

/* One line and its end; or the message, which is more. */
static gboolean
memory_write (PrChannel *channel, const char *bytes, gsize n, PrWait *wait, GError **error)
{
  PrMemoryChannel *self = (PrMemoryChannel *) channel;

  g_assert_cmpuint (n, >=, 2);
  g_assert_cmpint (memcmp (bytes + n - 2, "\r\n", 2), ==, 0);
  if (!self->message)
    for (gsize i = 0; i < n - 2; i++)
      g_assert_true ((guint8) bytes[i] >= 0x20 && bytes[i] != 0x7f);
  self->message = n == 6 && memcmp (bytes, "DATA\r\n", 6) == 0;
  /* Whatever of the last turn nobody read is gone: only the next one answers. */
  self->at = MIN (self->end + 1, self->size);
  next_turn (self);
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
  g_free (channel);
}

static const PrChannelOps memory_ops = {
  .read = memory_read,
  .write = memory_write,
  .has_pending = memory_has_pending,
  .close = memory_close,
};

static PrChannel *
memory_channel_new (const guint8 *data, gsize size)
{
  PrMemoryChannel *self = g_new0 (PrMemoryChannel, 1);

  self->parent.ops = &memory_ops;
  self->data = data;
  self->size = size;
  next_turn (self);
  return &self->parent;
}

static const PrScript *
get_script (PrProtocol protocol)
{
  static PrScript *scripts[2];

  if (scripts[protocol] == NULL)
    {
      g_autofree char *text =
          g_strdup_printf (script_text, pr_enum_to_nick (PR_TYPE_PROTOCOL, (int) protocol));

      scripts[protocol] = pr_script_new_from_text (text, "fuzz", NULL);
    }
  return scripts[protocol];
}

static PrTestPlan *
make_plan (const PrScript *script, guint choice)
{
  static const PrMechanism mechanisms[] = {
    PR_MECHANISM_AUTO, PR_MECHANISM_PLAIN,       PR_MECHANISM_LOGIN,      PR_MECHANISM_USER,
    PR_MECHANISM_APOP, PR_MECHANISM_CRAM_MD5,    PR_MECHANISM_DIGEST_MD5, PR_MECHANISM_SCRAM_SHA_1,
    PR_MECHANISM_NTLM, PR_MECHANISM_OAUTHBEARER, PR_MECHANISM_XOAUTH2,    PR_MECHANISM_NONE,
  };
  PrTestPlan *plan = pr_test_plan_new (script->protocol, script->host, 110);

  plan->security = PR_SECURITY_NONE;
  plan->allow_unencrypted = TRUE;
  plan->username = g_strdup (script->user);
  plan->address = g_strdup (script->address);
  plan->secret = pr_secret_new (script->password, -1);
  plan->mechanism = mechanisms[choice / 2 % G_N_ELEMENTS (mechanisms)];
  plan->submit = choice / 32 % 3;
  plan->polling_s = 300;
  plan->timeout_s = 1;
  plan->total_timeout_s = 2;
  return plan;
}

/* What the checks of the scripts expect that begins with a socket. */
static void
add_missing_steps (PrReport *report)
{
  PrReportStep *step = pr_report_add_step (report, PR_STEP_PRECHECK, PR_OUTCOME_SUCCESS);

  g_ptr_array_steal_index (report->steps, report->steps->len - 1);
  g_ptr_array_insert (report->steps, 0, step);
  report->elapsed_us = MAX (report->elapsed_us, 1);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  guint choice = size > 0 ? data[0] : 0;
  const PrScript *script = get_script (choice % 2);
  g_autoptr (PrTestPlan) plan = make_plan (script, choice);
  g_autoptr (PrReport) report = pr_conversation_run_on_channel (
      plan, memory_channel_new (data + MIN (size, 1), size - MIN (size, 1)), NULL);
  g_autoptr (GString) problems = g_string_new (NULL);

  add_missing_steps (report);
  check_invariants (report, script, problems);
  if (problems->len > 0)
    {
      /* Not g_error(): libFuzzer knows nothing of traps. */
      g_printerr ("%s at %s:\n%s", pr_code_to_word (report->code),
                  pr_enum_to_nick (PR_TYPE_STEP, (int) report->failed_step), problems->str);
      abort ();
    }
  return 0;
}

GPtrArray *
fuzz_list_seeds (void)
{
  GPtrArray *seeds = fuzz_seeds_new ();

  /* Letters, so that they can stand in front of text. */
  for (char choice = 32; choice < 127; choice++)
    {
      const char prefix[] = { choice, '\0' };
      gboolean pop3 = choice % 2 == PR_PROTOCOL_POP3;

      fuzz_seeds_add_scripts (seeds, pop3 ? "pop3/login" : "smtp/login", prefix);
      if (choice % 32 < 2)
        fuzz_seeds_add_scripts (seeds, pop3 ? "pop3" : "smtp", prefix);
    }
  return seeds;
}
