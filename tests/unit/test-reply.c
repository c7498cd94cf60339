/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Answers of POP3 and SMTP taken apart, in tables; and what kind of server that is. Rules P03,
 * P10, P17, S02, S13. */

#include "pr-recognise.h"
#include "pr-reply.h"

#include <string.h>

#define NO_REPLY 99

typedef struct
{
  const char *line;
  gboolean in_auth;
  int status; /* NO_REPLY: refused */
  const char *response_code;
  const char *text;
} PrPop3Row;

static const PrPop3Row pop3_rows[] = {
  { "+OK", FALSE, PR_REPLY_OK, NULL, "" },
  { "+OK ", FALSE, PR_REPLY_OK, NULL, "" },
  { "+OK ready", FALSE, PR_REPLY_OK, NULL, "ready" },
  { "+OK  two spaces", FALSE, PR_REPLY_OK, NULL, " two spaces" },
  { "+OK [AUTH] x", FALSE, PR_REPLY_OK, NULL, "[AUTH] x" },
  { "-ERR", FALSE, PR_REPLY_ERROR, NULL, "" },
  { "-ERR no", FALSE, PR_REPLY_ERROR, NULL, "no" },
  { "-ERR [AUTH] no", FALSE, PR_REPLY_ERROR, "AUTH", "no" },
  { "-ERR [auth]no", FALSE, PR_REPLY_ERROR, "AUTH", "no" },
  { "-ERR [SYS/TEMP] later", FALSE, PR_REPLY_ERROR, "SYS/TEMP", "later" },
  { "-ERR [SYS/TEMP/DISK] later", FALSE, PR_REPLY_ERROR, "SYS/TEMP/DISK", "later" },
  { "-ERR [] x", FALSE, PR_REPLY_ERROR, NULL, "[] x" },
  { "-ERR [AUTH x", FALSE, PR_REPLY_ERROR, NULL, "[AUTH x" },
  { "-ERR [two words] x", FALSE, PR_REPLY_ERROR, NULL, "[two words] x" },
  { "-ERR x [AUTH]", FALSE, PR_REPLY_ERROR, NULL, "x [AUTH]" },
  { "-ERR [\xc3\xa4] x", FALSE, PR_REPLY_ERROR, NULL, "[\xc3\xa4] x" },
  { "+OKAY", FALSE, NO_REPLY, NULL, NULL },
  { "+Okay", FALSE, NO_REPLY, NULL, NULL },
  { "+ok", FALSE, NO_REPLY, NULL, NULL },
  { "-err", FALSE, NO_REPLY, NULL, NULL },
  { "-ERROR", FALSE, NO_REPLY, NULL, NULL },
  { "OK", FALSE, NO_REPLY, NULL, NULL },
  { "", FALSE, NO_REPLY, NULL, NULL },
  { " +OK", FALSE, NO_REPLY, NULL, NULL },
  { "+OK\tready", FALSE, NO_REPLY, NULL, NULL },
  { "+ QUJD", FALSE, NO_REPLY, NULL, NULL },
  { "+", FALSE, NO_REPLY, NULL, NULL },
  { "+ QUJD", TRUE, PR_REPLY_CONTINUE, NULL, "QUJD" },
  { "+ ", TRUE, PR_REPLY_CONTINUE, NULL, "" },
  { "+", TRUE, PR_REPLY_CONTINUE, NULL, "" },
  { "+OK done", TRUE, PR_REPLY_OK, NULL, "done" },
  { "+QUJD", TRUE, NO_REPLY, NULL, NULL },
  { "+Do you even care?", TRUE, NO_REPLY, NULL, NULL },
};

static void
test_pop3 (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (pop3_rows); i++)
    {
      const PrPop3Row *row = &pop3_rows[i];
      PrReply *reply = pr_reply_new_pop3 (row->line, row->in_auth);

      if (row->status == NO_REPLY)
        {
          g_assert_null (reply);
          continue;
        }
      g_assert_nonnull (reply);
      g_assert_cmpint ((int) reply->status, ==, row->status);
      g_assert_cmpstr (reply->response_code, ==, row->response_code);
      g_assert_cmpstr (reply->text, ==, row->text);
      g_assert_cmpstr (reply->raw->str, ==, row->line);
      pr_reply_free (reply);
    }
}

static void
test_response_codes (void)
{
  g_autoptr (PrReply) sub = pr_reply_new_pop3 ("-ERR [SYS/TEMP/DISK] x", FALSE);
  g_autoptr (PrReply) alike = pr_reply_new_pop3 ("-ERR [SYSTEM] x", FALSE);
  g_autoptr (PrReply) none = pr_reply_new_pop3 ("-ERR x", FALSE);

  g_assert_true (pr_reply_has_response_code (sub, "SYS"));
  g_assert_true (pr_reply_has_response_code (sub, "SYS/TEMP"));
  g_assert_false (pr_reply_has_response_code (sub, "SYS/PERM"));
  g_assert_false (pr_reply_has_response_code (sub, "SYS/TEMP/DISK/FULL"));
  g_assert_false (pr_reply_has_response_code (alike, "SYS"));
  g_assert_false (pr_reply_has_response_code (none, "SYS"));
}

typedef struct
{
  const char *lines; /* separated by LF */
  int code;          /* NO_REPLY: refused */
  int status;
  guint enhanced[3];
  const char *text;
} PrSmtpRow;

static const PrSmtpRow smtp_rows[] = {
  { "250 ok", 250, PR_REPLY_OK, { 0 }, "ok" },
  { "250", 250, PR_REPLY_OK, { 0 }, "" },
  { "250 ", 250, PR_REPLY_OK, { 0 }, "" },
  { "250-a\n250 b", 250, PR_REPLY_OK, { 0 }, "a" },
  { "250-a\n250", 250, PR_REPLY_OK, { 0 }, "a" },
  { "354 go on", 354, PR_REPLY_CONTINUE, { 0 }, "go on" },
  { "334 QUJD", 334, PR_REPLY_CONTINUE, { 0 }, "QUJD" },
  { "450 no", 450, PR_REPLY_TRANSIENT, { 0 }, "no" },
  { "599 no", 599, PR_REPLY_ERROR, { 0 }, "no" },
  { "535 5.7.8 no", 535, PR_REPLY_ERROR, { 5, 7, 8 }, "no" },
  { "535 5.7.8", 535, PR_REPLY_ERROR, { 5, 7, 8 }, "" },
  { "535-5.7.8 a\n535 5.7.9 b", 535, PR_REPLY_ERROR, { 5, 7, 8 }, "a" },
  { "550 5.7.139 no", 550, PR_REPLY_ERROR, { 5, 7, 139 }, "no" },
  { "550 4.7.1 other class", 550, PR_REPLY_ERROR, { 0 }, "4.7.1 other class" },
  { "550 5.7 no", 550, PR_REPLY_ERROR, { 0 }, "5.7 no" },
  { "550 5.7.8no", 550, PR_REPLY_ERROR, { 0 }, "5.7.8no" },
  { "550 5.7.1234 no", 550, PR_REPLY_ERROR, { 0 }, "5.7.1234 no" },
  { "550 5..8 no", 550, PR_REPLY_ERROR, { 0 }, "5..8 no" },
  { "250 2.1.0 ok", 250, PR_REPLY_OK, { 2, 1, 0 }, "ok" },
  { "150 x", NO_REPLY, 0, { 0 }, NULL },
  { "650 x", NO_REPLY, 0, { 0 }, NULL },
  { "25 x", NO_REPLY, 0, { 0 }, NULL },
  { "2", NO_REPLY, 0, { 0 }, NULL },
  { "", NO_REPLY, 0, { 0 }, NULL },
  { "2500 x", NO_REPLY, 0, { 0 }, NULL },
  { "250_x", NO_REPLY, 0, { 0 }, NULL },
  { "250\tx", NO_REPLY, 0, { 0 }, NULL },
  { "25a x", NO_REPLY, 0, { 0 }, NULL },
  { " 250 x", NO_REPLY, 0, { 0 }, NULL },
  { "+OK", NO_REPLY, 0, { 0 }, NULL },
  { "250-a\n251 b", NO_REPLY, 0, { 0 }, NULL },
  { "250-a\nb", NO_REPLY, 0, { 0 }, NULL },
  { "250-a\n550 b", NO_REPLY, 0, { 0 }, NULL },
};

/* Returns: (nullable): the reply of @row. */
static PrReply *
parse_smtp (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autoptr (PrReply) reply = pr_reply_new_smtp ();
  gboolean last = FALSE;
  guint i = 0;

  /* An empty text is one empty line. */
  if (lines[0] == NULL)
    return pr_reply_add_smtp_line (reply, "", &last) ? g_steal_pointer (&reply) : NULL;
  for (; lines[i] != NULL; i++)
    {
      g_assert_false (last);
      if (!pr_reply_add_smtp_line (reply, lines[i], &last))
        return NULL;
    }
  g_assert_true (last);
  pr_reply_finish_smtp (reply);
  g_assert_cmpuint (reply->lines->len, ==, i);
  g_assert_cmpstr (reply->raw->str, ==, text);
  return g_steal_pointer (&reply);
}

static void
test_smtp (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (smtp_rows); i++)
    {
      const PrSmtpRow *row = &smtp_rows[i];
      PrReply *reply = parse_smtp (row->lines);

      if (row->code == NO_REPLY)
        {
          g_assert_null (reply);
          continue;
        }
      g_assert_nonnull (reply);
      g_assert_cmpuint (reply->code, ==, (guint) row->code);
      g_assert_cmpint ((int) reply->status, ==, row->status);
      g_assert_cmpmem (reply->enhanced, sizeof reply->enhanced, row->enhanced,
                       sizeof row->enhanced);
      g_assert_cmpstr (reply->text, ==, row->text);
      pr_reply_free (reply);
    }
}

static void
test_smtp_too_many_lines (void)
{
  g_autoptr (PrReply) reply = pr_reply_new_smtp ();
  gboolean last = FALSE;
  guint n = 0;

  while (pr_reply_add_smtp_line (reply, "250-x", &last))
    g_assert_cmpuint (++n, <=, 128);
  g_assert_cmpuint (n, ==, 128);
}

static void
test_recognise (void)
{
  static const struct
  {
    const char *bytes;
    gsize n;
    const char *name;
  } rows[] = {
    { "+OK ready", 9, "POP3" },
    { "-ERR no", 7, "POP3" },
    { "220 mail ESMTP", 14, "SMTP" },
    { "220-mail", 8, "SMTP" },
    { "554 no", 6, "SMTP" },
    { "421 no", 6, "SMTP" },
    { "220 ProFTPD", 11, "FTP" },
    { "220-FileZilla Server", 20, "FTP" },
    { "220 mail LMTP ready", 19, "LMTP" },
    { "220 ftp and smtp", 16, "SMTP" },
    { "* OK IMAP4rev1", 14, "IMAP" },
    { "* PREAUTH", 9, "IMAP" },
    { "* BYE", 5, "IMAP" },
    { "SSH-2.0-x", 9, "SSH" },
    { "HTTP/1.1 400", 12, "HTTP" },
    { "<!doctype html>", 15, "HTTP" },
    { "\"IMPLEMENTATION\" \"x\"", 20, "ManageSieve" },
    { "200 news", 8, "NNTP" },
    { "\x16\x03\x03\x00\x50", 5, "TLS" },
    { "\x15\x03\x03", 3, "TLS" },
    { "\x15\x03", 2, "TLS" },
    { "\x16", 1, "TLS" },
    { "\x15\x02", 2, NULL },
    { "\x17\x03\x03", 3, NULL },
    { "hello", 5, NULL },
    { "", 0, NULL },
    { "2", 1, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpstr (pr_recognise_protocol (rows[i].bytes, rows[i].n), ==, rows[i].name);
  g_assert_true (pr_recognise_is ("POP3", PR_PROTOCOL_POP3));
  g_assert_true (pr_recognise_is ("SMTP", PR_PROTOCOL_SMTP));
  g_assert_false (pr_recognise_is ("SMTP", PR_PROTOCOL_POP3));
  g_assert_false (pr_recognise_is (NULL, PR_PROTOCOL_POP3));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/reply/pop3", test_pop3);
  g_test_add_func ("/reply/response-codes", test_response_codes);
  g_test_add_func ("/reply/smtp", test_smtp);
  g_test_add_func ("/reply/smtp-too-many-lines", test_smtp_too_many_lines);
  g_test_add_func ("/reply/recognise", test_recognise);
  return g_test_run ();
}
