/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What answers mean, in tables: stage, answer, and the code, permanence and scope that follow.
 * docs/codes.md; rules P10, P11, S02, S12, S13, S20. */

#include "pr-diagnose.h"

#define P PR_PERMANENCE_PERMANENT
#define T PR_PERMANENCE_TRANSIENT

typedef struct
{
  PrStep step;
  const char *line;
  gboolean auth_resp_code;
  PrCode code;
  PrPermanence permanence;
} PrPop3Row;

static const PrPop3Row pop3_rows[] = {
  { PR_STEP_GREETING, "-ERR no", FALSE, PR_CODE_GREETING_REJECTED, P },
  { PR_STEP_GREETING, "-ERR [SYS/TEMP] no", FALSE, PR_CODE_GREETING_REJECTED, T },
  { PR_STEP_GREETING, "-ERR [SYS/PERM] no", FALSE, PR_CODE_GREETING_REJECTED, P },
  { PR_STEP_GREETING, "-ERR [AUTH] no", FALSE, PR_CODE_GREETING_REJECTED, P },
  { PR_STEP_GREETING, "-ERR [IN-USE] no", FALSE, PR_CODE_MAILBOX_IN_USE, T },
  { PR_STEP_CAPABILITIES, "-ERR no", FALSE, PR_CODE_SERVER_ERROR, P },
  { PR_STEP_CAPABILITIES, "-ERR [SYS/TEMP] no", FALSE, PR_CODE_SERVER_ERROR, T },
  { PR_STEP_CAPABILITIES, "-ERR [SYS/PERM] no", FALSE, PR_CODE_SERVER_ERROR, P },
  { PR_STEP_STARTTLS, "-ERR no", FALSE, PR_CODE_STARTTLS_UNAVAILABLE, P },
  { PR_STEP_STARTTLS, "-ERR [SYS/TEMP] no", FALSE, PR_CODE_STARTTLS_UNAVAILABLE, T },
  { PR_STEP_AUTHENTICATE, "-ERR no", FALSE, PR_CODE_AUTHENTICATION_REJECTED, P },
  { PR_STEP_AUTHENTICATE, "-ERR no", TRUE, PR_CODE_AUTHENTICATION_TEMPORARY, T },
  { PR_STEP_AUTHENTICATE, "-ERR [AUTH] no", FALSE, PR_CODE_AUTHENTICATION_REJECTED, P },
  { PR_STEP_AUTHENTICATE, "-ERR [AUTH] no", TRUE, PR_CODE_AUTHENTICATION_REJECTED, P },
  { PR_STEP_AUTHENTICATE, "-ERR [SYS/TEMP] no", TRUE, PR_CODE_AUTHENTICATION_TEMPORARY, T },
  { PR_STEP_AUTHENTICATE, "-ERR [SYS/OTHER] no", FALSE, PR_CODE_AUTHENTICATION_TEMPORARY, T },
  { PR_STEP_AUTHENTICATE, "-ERR [SYS] no", FALSE, PR_CODE_AUTHENTICATION_TEMPORARY, T },
  { PR_STEP_AUTHENTICATE, "-ERR [SYS/PERM] no", TRUE, PR_CODE_MAILBOX_UNAVAILABLE, P },
  { PR_STEP_AUTHENTICATE, "-ERR [IN-USE] no", TRUE, PR_CODE_MAILBOX_IN_USE, T },
  { PR_STEP_AUTHENTICATE, "-ERR [LOGIN-DELAY] no", TRUE, PR_CODE_RATE_LIMITED, T },
  { PR_STEP_AUTHENTICATE, "-ERR [X-OTHER] no", FALSE, PR_CODE_AUTHENTICATION_REJECTED, P },
  { PR_STEP_MAILBOX, "-ERR no", TRUE, PR_CODE_MAILBOX_UNAVAILABLE, T },
  { PR_STEP_MAILBOX, "-ERR [SYS/TEMP] no", FALSE, PR_CODE_MAILBOX_UNAVAILABLE, T },
  { PR_STEP_MAILBOX, "-ERR [SYS/PERM] no", FALSE, PR_CODE_MAILBOX_UNAVAILABLE, P },
  { PR_STEP_MAILBOX, "-ERR [IN-USE] no", FALSE, PR_CODE_MAILBOX_IN_USE, T },
};

static void
test_pop3 (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (pop3_rows); i++)
    {
      const PrPop3Row *row = &pop3_rows[i];
      g_autoptr (PrReply) reply = pr_reply_new_pop3 (row->line, FALSE);
      PrDiagnosis diagnosis;

      pr_diagnose_reply (PR_PROTOCOL_POP3, row->step, reply, row->auth_resp_code, &diagnosis);
      if (diagnosis.code != row->code || diagnosis.permanence != row->permanence)
        g_error ("“%s” at %s means %s", row->line, pr_enum_to_nick (PR_TYPE_STEP, (int) row->step),
                 pr_code_to_word (diagnosis.code));
      g_assert_cmpint (diagnosis.scope, ==, pr_code_get_scope (row->code));
      g_assert_cmpuint (diagnosis.wait_s, ==, 0);
    }
}

typedef struct
{
  PrStep step;
  const char *line;
  PrCode otherwise; /* of a submission */
  PrCode code;
  PrPermanence permanence;
} PrSmtpRow;

static const PrSmtpRow smtp_rows[] = {
  { PR_STEP_GREETING, "554 no", 0, PR_CODE_GREETING_REJECTED, P },
  { PR_STEP_GREETING, "521 no", 0, PR_CODE_GREETING_REJECTED, P },
  { PR_STEP_GREETING, "421 no", 0, PR_CODE_GREETING_REJECTED, T },
  { PR_STEP_CAPABILITIES, "502 no", 0, PR_CODE_CAPABILITY_MISSING, P },
  { PR_STEP_CAPABILITIES, "421 no", 0, PR_CODE_SERVER_ERROR, T },
  { PR_STEP_STARTTLS, "454 no", 0, PR_CODE_STARTTLS_UNAVAILABLE, T },
  { PR_STEP_STARTTLS, "502 no", 0, PR_CODE_STARTTLS_UNAVAILABLE, P },
  { PR_STEP_STARTTLS, "354 no", 0, PR_CODE_STARTTLS_UNAVAILABLE, P },
  { PR_STEP_AUTHENTICATE, "535 5.7.8 no", 0, PR_CODE_AUTHENTICATION_REJECTED, P },
  { PR_STEP_AUTHENTICATE, "535 no", 0, PR_CODE_AUTHENTICATION_REJECTED, P },
  { PR_STEP_AUTHENTICATE, "554 5.7.8 no", 0, PR_CODE_AUTHENTICATION_REJECTED, P },
  { PR_STEP_AUTHENTICATE, "454 4.7.0 no", 0, PR_CODE_AUTHENTICATION_TEMPORARY, T },
  { PR_STEP_AUTHENTICATE, "435 no", 0, PR_CODE_AUTHENTICATION_TEMPORARY, T },
  { PR_STEP_AUTHENTICATE, "421 no", 0, PR_CODE_AUTHENTICATION_TEMPORARY, T },
  { PR_STEP_AUTHENTICATE, "534 5.7.9 no", 0, PR_CODE_MECHANISM_UNAVAILABLE, P },
  { PR_STEP_AUTHENTICATE, "538 no", 0, PR_CODE_MECHANISM_UNAVAILABLE, P },
  { PR_STEP_AUTHENTICATE, "504 no", 0, PR_CODE_MECHANISM_UNAVAILABLE, P },
  { PR_STEP_AUTHENTICATE, "503 no", 0, PR_CODE_MECHANISM_UNAVAILABLE, P },
  { PR_STEP_AUTHENTICATE, "530 no", 0, PR_CODE_CAPABILITY_MISSING, P },
  { PR_STEP_AUTHENTICATE, "550 no", 0, PR_CODE_SERVER_ERROR, P },
  { PR_STEP_SUBMIT, "550 5.7.1 no", PR_CODE_SENDER_REJECTED, PR_CODE_SENDER_REJECTED, P },
  { PR_STEP_SUBMIT, "450 no", PR_CODE_SENDER_REJECTED, PR_CODE_SENDER_REJECTED, T },
  { PR_STEP_SUBMIT, "550 no", PR_CODE_RECIPIENT_REJECTED, PR_CODE_RECIPIENT_REJECTED, P },
  { PR_STEP_SUBMIT, "451 no", PR_CODE_MESSAGE_REJECTED, PR_CODE_MESSAGE_REJECTED, T },
  { PR_STEP_SUBMIT, "552 5.3.4 no", PR_CODE_MESSAGE_REJECTED, PR_CODE_MESSAGE_TOO_LARGE, P },
  { PR_STEP_SUBMIT, "452 4.3.4 no", PR_CODE_SENDER_REJECTED, PR_CODE_MESSAGE_TOO_LARGE, T },
  { PR_STEP_SUBMIT, "552 no", PR_CODE_MESSAGE_REJECTED, PR_CODE_QUOTA_EXCEEDED, T },
  { PR_STEP_SUBMIT, "452 4.2.2 no", PR_CODE_RECIPIENT_REJECTED, PR_CODE_QUOTA_EXCEEDED, T },
  { PR_STEP_SUBMIT, "550 4.2.2 no", PR_CODE_RECIPIENT_REJECTED, PR_CODE_RECIPIENT_REJECTED, P },
  { PR_STEP_SUBMIT, "421 no", PR_CODE_RECIPIENT_REJECTED, PR_CODE_SERVER_ERROR, T },
};

static void
test_smtp (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (smtp_rows); i++)
    {
      const PrSmtpRow *row = &smtp_rows[i];
      g_autoptr (PrReply) reply = pr_reply_new_smtp ();
      gboolean last = FALSE;
      PrDiagnosis diagnosis;

      g_assert_true (pr_reply_add_smtp_line (reply, row->line, &last));
      pr_reply_finish_smtp (reply);
      if (row->step == PR_STEP_SUBMIT)
        pr_diagnose_submission (reply, row->otherwise, &diagnosis);
      else
        pr_diagnose_reply (PR_PROTOCOL_SMTP, row->step, reply, FALSE, &diagnosis);
      if (diagnosis.code != row->code || diagnosis.permanence != row->permanence)
        g_error ("“%s” at %s means %s", row->line, pr_enum_to_nick (PR_TYPE_STEP, (int) row->step),
                 pr_code_to_word (diagnosis.code));
      g_assert_cmpint (diagnosis.scope, ==, pr_code_get_scope (row->code));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/diagnose/pop3", test_pop3);
  g_test_add_func ("/diagnose/smtp", test_smtp);
  return g_test_run ();
}
