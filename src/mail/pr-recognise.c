/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What kind of server is that? From the first bytes that came: wrong ports and wrong protocols
 * are the most frequent mistakes in mail settings, and deserve to be named. Any thread.
 *
 * Greetings: POP3 RFC 1939 section 4, SMTP RFC 5321 section 4.2, IMAP RFC 9051 section 7.1, SSH
 * RFC 4253 section 4.2, HTTP RFC 9112 section 4, FTP RFC 959 section 5.4 (220, as SMTP), LMTP RFC
 * 2033, NNTP RFC 3977 section 5.1, ManageSieve RFC 5804 section 1.7, TLS RFC 8446 section 5.1. */

#include "pr-recognise.h"

#include <string.h>

static gboolean
starts (const char *bytes, gsize length, const char *prefix)
{
  return length >= strlen (prefix) && g_ascii_strncasecmp (bytes, prefix, strlen (prefix)) == 0;
}

static gboolean
has_word (const char *bytes, gsize length, const char *word)
{
  g_autofree char *upper = g_ascii_strup (bytes, (gssize) length);

  return strstr (upper, word) != NULL;
}

/**
 * pr_recognise_tls:
 * @bytes: the first bytes that came
 * @length: how many
 *
 * Returns: whether they are, as far as they go, a TLS record: a handshake or an alert (RFC 8446
 *   section 5.1)
 */
gboolean
pr_recognise_tls (const char *bytes, gsize length)
{
  return length >= 1 && (bytes[0] == 0x15 || bytes[0] == 0x16) && (length < 2 || bytes[1] == 0x03);
}

/* Three protocols greet with 220, and only their words tell them apart; SMTP is the default. */
static const char *
recognise_220 (const char *bytes, gsize length)
{
  if (has_word (bytes, length, "LMTP"))
    return "LMTP";
  if ((has_word (bytes, length, "FTP") || has_word (bytes, length, "FILEZILLA"))
      && !has_word (bytes, length, "SMTP"))
    return "FTP";
  return "SMTP";
}

/**
 * pr_recognise_protocol:
 * @bytes: the first bytes that came
 * @length: how many
 *
 * Returns: (transfer none) (nullable): "POP3", "SMTP", "IMAP", "HTTP", "SSH", "FTP", "LMTP",
 *   "NNTP", "ManageSieve" or "TLS"; %NULL if it is none of them
 */
const char *
pr_recognise_protocol (const char *bytes, gsize length)
{
  if (pr_recognise_tls (bytes, length))
    return "TLS";
  if (starts (bytes, length, "* OK") || starts (bytes, length, "* PREAUTH")
      || starts (bytes, length, "* BYE"))
    return "IMAP";
  if (starts (bytes, length, "+OK") || starts (bytes, length, "-ERR"))
    return "POP3";
  if (starts (bytes, length, "SSH-"))
    return "SSH";
  if (starts (bytes, length, "HTTP/") || starts (bytes, length, "<!DOCTYPE")
      || starts (bytes, length, "<html"))
    return "HTTP";
  if (starts (bytes, length, "\"IMPLEMENTATION\""))
    return "ManageSieve";
  if (starts (bytes, length, "200 ") || starts (bytes, length, "201 "))
    return "NNTP";
  if (starts (bytes, length, "220"))
    return recognise_220 (bytes, length);
  /* Refusals that only SMTP greets with (RFC 5321 section 3.1, RFC 7504). */
  if (starts (bytes, length, "554") || starts (bytes, length, "521")
      || starts (bytes, length, "421"))
    return "SMTP";
  return NULL;
}

/**
 * pr_recognise_is:
 * @found: (nullable): what pr_recognise_protocol() gave
 * @expected: what the profile says
 *
 * Returns: whether the two are the same
 */
gboolean
pr_recognise_is (const char *found, PrProtocol expected)
{
  return g_strcmp0 (found, expected == PR_PROTOCOL_POP3 ? "POP3" : "SMTP") == 0;
}
