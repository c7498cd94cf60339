/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Answers of POP3 and SMTP, the explanations of refused tokens, what kind of server that is, and
 * what an answer means: from any bytes at all. */

#include "fuzz.h"

#include "pr-bearer-refusal.h"
#include "pr-diagnose.h"
#include "pr-pop3.h"
#include "pr-recognise.h"

#include <string.h>

static void
check_diagnosis (PrProtocol protocol, const PrReply *reply)
{
  static const PrStep steps[] = { PR_STEP_GREETING,     PR_STEP_CAPABILITIES, PR_STEP_STARTTLS,
                                  PR_STEP_AUTHENTICATE, PR_STEP_MAILBOX,      PR_STEP_SUBMIT };

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      PrDiagnosis diagnosis;
      PrAnswerQuery query = {
        .protocol = protocol, .step = steps[i], .host = "mail.example.org", .banner = reply->text
      };

      pr_diagnose_reply (protocol, steps[i], reply, FALSE, &diagnosis);
      pr_diagnose_words (reply, &query, &diagnosis);
      g_assert_nonnull (pr_code_to_word (diagnosis.code));
      g_assert_cmpint (diagnosis.permanence, !=, PR_PERMANENCE_NONE);
    }
}

static void
try_pop3 (const char *line)
{
  for (guint in_auth = 0; in_auth < 2; in_auth++)
    {
      g_autoptr (PrReply) reply = pr_reply_new_pop3 (line, in_auth != 0);

      if (reply == NULL)
        continue;
      g_assert_cmpstr (reply->raw->str, ==, line);
      g_assert_true (in_auth || reply->status != PR_REPLY_CONTINUE);
      if (reply->status == PR_REPLY_ERROR)
        check_diagnosis (PR_PROTOCOL_POP3, reply);
    }
}

static void
try_smtp (char **lines)
{
  g_autoptr (PrReply) reply = pr_reply_new_smtp ();
  gboolean last = FALSE;

  for (guint i = 0; lines[i] != NULL && !last; i++)
    if (!pr_reply_add_smtp_line (reply, lines[i], &last))
      return;
  if (!last)
    return;
  pr_reply_finish_smtp (reply);
  g_assert_cmpuint (reply->code, >=, 200);
  g_assert_cmpuint (reply->code, <, 600);
  g_assert_cmpuint (reply->lines->len, <=, 128);
  g_assert_true (reply->enhanced[0] == 0 || reply->enhanced[0] == reply->code / 100);
  if (reply->status == PR_REPLY_ERROR || reply->status == PR_REPLY_TRANSIENT)
    check_diagnosis (PR_PROTOCOL_SMTP, reply);
}

static void
try_explanation (const guint8 *data, gsize size)
{
  PrBearerRefusal refusal;

  pr_bearer_refusal_parse (&refusal, (const char *) data, size);
  g_assert_true (g_utf8_validate (refusal.text, -1, NULL));
  g_assert_cmpuint (strlen (refusal.text), <, 2048);
  pr_bearer_refusal_clear (&refusal);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup (size > 0 ? (const char *) data : "", size);
  g_auto (GStrv) lines = NULL;

  g_strdelimit (text, "\r\x1e", '\n');
  lines = g_strsplit (text, "\n", 300);
  (void) pr_recognise_protocol ((const char *) data, size);
  try_explanation (data, size);
  try_smtp (lines);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_autofree char *stamp = pr_pop3_find_stamp (lines[i]);

      g_assert_true (stamp == NULL || g_str_is_ascii (stamp));
      try_pop3 (lines[i]);
    }
  return 0;
}

GPtrArray *
fuzz_list_seeds (void)
{
  GPtrArray *seeds = fuzz_seeds_new ();

  fuzz_seeds_add_scripts (seeds, "pop3", "");
  fuzz_seeds_add_scripts (seeds, "smtp", "");
  fuzz_seeds_add (seeds, "{\"status\":\"401\",\"schemes\":\"bearer\",\"scope\":\"mail\"}", -1);
  fuzz_seeds_add (seeds, "{\"a\":[1,{\"b\":[true,null]}],\"status\":\"\\u0041\\n\"}", -1);
  fuzz_seeds_add (seeds, "+OK ready <1896.697170952@practice.example>", -1);
  return seeds;
}
