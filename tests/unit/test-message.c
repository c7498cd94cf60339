/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The test message: against the strict checks of the practice server, which are first shown to
 * object to what is wrong. Rules M01-M05, S19. */

#include "pr-message.h"

#include "pr-script-message.h"

#include <string.h>

#define ADDRESS "user@practice.example"
#define NOW G_GINT64_CONSTANT (1769860800123456) /* 2026-01-31 12:00:00 UTC */

static void
test_accepted (void)
{
  static const char *const addresses[] = { ADDRESS, "\"a \\\"b\"@practice.example",
                                           "user@[192.0.2.1]", "jürgen@bücher.example" };

  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      g_autofree char *message = pr_message_new_test (addresses[i], NULL, NOW);
      gsize n = strlen (message);
      g_autoptr (GError) error = NULL;

      pr_script_message_check ((guint8 *) message, n, addresses[i], n, NOW, &error);
      g_assert_no_error (error);
    }
}

static void
test_dates (void)
{
  static const struct
  {
    gint64 now;
    const char *date;
  } rows[] = {
    { NOW, "Date: Sat, 31 Jan 2026 12:00:00 +0000\r\n" },
    { G_GINT64_CONSTANT (1709164799) * G_USEC_PER_SEC,
      "Date: Wed, 28 Feb 2024 23:59:59 +0000\r\n" },
    { G_GINT64_CONSTANT (1709164800) * G_USEC_PER_SEC,
      "Date: Thu, 29 Feb 2024 00:00:00 +0000\r\n" },
    { G_GINT64_CONSTANT (1798761599) * G_USEC_PER_SEC,
      "Date: Thu, 31 Dec 2026 23:59:59 +0000\r\n" },
    { 0, "Date: Thu, 01 Jan 1970 00:00:00 +0000\r\n" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *message = pr_message_new_test (ADDRESS, NULL, rows[i].now);

      g_assert_true (g_str_has_prefix (message, rows[i].date));
    }
}

static void
test_unique (void)
{
  g_autofree char *one = pr_message_new_test (ADDRESS, NULL, NOW);
  g_autofree char *other = pr_message_new_test (ADDRESS, NULL, NOW);

  g_assert_cmpstr (one, !=, other);
  g_assert_cmpuint (strlen (one), ==, strlen (other));
}

/* --- The checks themselves -------------------------------------------------------------------- */

/* The good message with one piece of it replaced. */
static gboolean
is_accepted (const char *piece, const char *replacement, gsize announced)
{
  g_autofree char *message = pr_message_new_test (ADDRESS, NULL, NOW);
  const char *at = strstr (message, piece);
  g_autoptr (GString) text = g_string_new (NULL);

  g_assert_nonnull (at);
  g_string_append_len (text, message, at - message);
  g_string_append (text, replacement);
  g_string_append (text, at + strlen (piece));
  return pr_script_message_check ((guint8 *) text->str, text->len, ADDRESS, announced, NOW, NULL);
}

static void
test_objections (void)
{
  g_autofree char *long_line = g_strnfill (999, 'x');
  g_autofree char *longest_line = g_strnfill (998, 'x');
  const struct
  {
    const char *piece;
    const char *replacement;
  } rows[] = {
    { "Date: Sat, ", "Date: Sun, " },
    { "31 Jan", "32 Jan" },
    { "12:00:00 +0000", "13:00:00 +0000" },
    { "12:00:00 +0000", "12:00:00" },
    { "Date: ", "X-Date: " },
    { "From: <" ADDRESS ">", "From: <other@practice.example>" },
    { "From: <" ADDRESS ">\r\n", "" },
    { "Message-ID: ", "From: <" ADDRESS ">\r\nMessage-ID: " },
    { "To: <" ADDRESS ">\r\n", "" },
    { "@practice.example>\r\nSubject", "@other.example>\r\nSubject" },
    { "Message-ID: <", "Message-ID: " },
    { "Subject: ", "subject; " },
    { "Subject: Your mailbox is now connected to Postroom", "Subject: " },
    { "MIME-Version: 1.0", "MIME-Version: 2.0" },
    { "charset=utf-8", "charset=latin1" },
    { "Auto-Submitted: auto-generated\r\n", "" },
    { "Auto-Submitted: auto-generated\r\n",
      "Auto-Submitted: auto-generated\r\nDisposition-Notification-To: <" ADDRESS ">\r\n" },
    { "\r\n\r\n", "\r\n" },
    { "mailbox to itself", "mailbox\nto itself" },
    { "mailbox to itself", "mailbox\rto itself" },
    { "mailbox to itself", "mailbox\x1b to itself" },
    { "mailbox to itself", "mailbox \xc3\xa4 to itself" },
    { "Postroom sent", ".Postroom sent" },
    { "Postroom sent", long_line },
    { "delete this message.\r\n", "delete this message." },
  };

  g_assert_true (is_accepted ("Postroom sent", "Postroom has sent", 0));
  g_assert_true (is_accepted ("Postroom sent", "..Postroom sent", 0));
  g_assert_true (is_accepted ("Postroom sent this message from your mailbox to itself, to test",
                              longest_line, 0));
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if (is_accepted (rows[i].piece, rows[i].replacement, 0))
      g_error ("no objection to “%s” in place of “%s”", rows[i].replacement, rows[i].piece);
}

static void
test_size (void)
{
  g_autofree char *message = pr_message_new_test (ADDRESS, NULL, NOW);
  gsize n = strlen (message);

  g_assert_true (is_accepted ("Postroom", "Postroom", n));
  g_assert_false (is_accepted ("Postroom", "Postroom", n + 1));
  /* The second dot is not part of the message (RFC 1870 section 5, RFC 5321 section 4.5.2). */
  g_assert_true (is_accepted ("Postroom sent", "..Postroom sent", n + 1));
}

static void
test_nul (void)
{
  g_autofree char *message = pr_message_new_test (ADDRESS, NULL, NOW);
  gsize n = strlen (message);

  *strstr (message, "sent") = '\0';
  g_assert_false (pr_script_message_check ((guint8 *) message, n, ADDRESS, 0, NOW, NULL));
}

static void
test_end (void)
{
  static const struct
  {
    const char *bytes;
    int length; /* -1: not yet */
  } rows[] = {
    { "", -1 },         { ".", -1 },         { ".\r", -1 },
    { ".\r\n", 0 },     { "a\r\n.\r\n", 3 }, { "a\r\n.\r\nmore", 3 },
    { "a\r\n.\n", -1 }, { "a\n.\r\n", -1 },  { "a\r\n..\r\n", -1 },
    { "a.\r\n", -1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      gsize length = 99;
      gboolean found =
          pr_script_message_find_end ((guint8 *) rows[i].bytes, strlen (rows[i].bytes), &length);

      g_assert_cmpint (found ? (int) length : -1, ==, rows[i].length);
    }
}

/* Rule M03: no name and no subject goes beyond ASCII, so nothing has to be an encoded word; only an
 * address can, and it must not be one (RFC 2047 section 5). */
static void
test_no_encoded_words (void)
{
  static const char *const addresses[] = { ADDRESS, "user@xn--bcher-kva.example",
                                           "jürgen@bücher.example" };

  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      g_autofree char *message = pr_message_new_test (addresses[i], NULL, NOW);
      g_auto (GStrv) lines = g_strsplit (message, "\r\n", -1);

      g_assert_null (strstr (message, "=?"));
      for (guint k = 0; lines[k] != NULL && *lines[k] != '\0'; k++)
        {
          g_assert_cmpuint (strlen (lines[k]), <=, 78);
          if (!g_str_is_ascii (lines[k]))
            g_assert_nonnull (strstr (lines[k], g_strrstr (addresses[i], "@")));
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/message/accepted", test_accepted);
  g_test_add_func ("/message/dates", test_dates);
  g_test_add_func ("/message/unique", test_unique);
  g_test_add_func ("/message/objections", test_objections);
  g_test_add_func ("/message/size", test_size);
  g_test_add_func ("/message/nul", test_nul);
  g_test_add_func ("/message/end", test_end);
  g_test_add_func ("/message/no-encoded-words", test_no_encoded_words);
  return g_test_run ();
}
