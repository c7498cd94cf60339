/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrReply: answers of POP3 (RFC 1939 section 3, RFC 2449 section 8, RFC 5034 section 4) and SMTP
 * (RFC 5321 section 4.2, RFC 2034) taken apart, strictly: what is none of these is refused, and
 * nothing is guessed. Any thread. */

#include "pr-reply.h"

#include <string.h>

#define SMTP_MAX_LINES 128 /* of one answer: an EHLO of 40 lines is already unusual */

static PrReply *
reply_new (void)
{
  PrReply *self = g_new0 (PrReply, 1);

  self->raw = g_string_new (NULL);
  return self;
}

/**
 * pr_reply_free:
 * @self: (transfer full): an answer
 */
void
pr_reply_free (PrReply *self)
{
  g_free (self->response_code);
  g_free (self->text);
  g_string_free (self->raw, TRUE);
  g_clear_pointer (&self->lines, g_ptr_array_unref);
  g_free (self);
}

/* RFC 2449 section 8: "[" resp-level *("/" resp-level) "]" right behind the status. */
static char *
take_response_code (const char **text)
{
  const char *end;

  if (**text != '[')
    return NULL;
  end = strchr (*text, ']');
  if (end == NULL || end == *text + 1)
    return NULL;
  for (const char *p = *text + 1; p < end; p++)
    if (!g_ascii_isgraph (*p))
      return NULL;
  {
    char *code = g_ascii_strup (*text + 1, end - *text - 1);

    *text = end + 1;
    while (**text == ' ')
      (*text)++;
    return code;
  }
}

/**
 * pr_reply_new_pop3:
 * @line: a line without its end
 * @in_auth: whether a SASL exchange is going on, where "+" may come (RFC 5034 section 4)
 *
 * The status is exactly "+OK" or "-ERR" in upper case, alone or followed by a space (rule P03).
 *
 * Returns: (transfer full) (nullable): the answer; %NULL if @line is none
 */
PrReply *
pr_reply_new_pop3 (const char *line, gboolean in_auth)
{
  PrReplyStatus status;
  const char *text;
  PrReply *self;

  if (g_str_has_prefix (line, "+OK") && (line[3] == '\0' || line[3] == ' '))
    {
      status = PR_REPLY_OK;
      text = line + 3;
    }
  else if (g_str_has_prefix (line, "-ERR") && (line[4] == '\0' || line[4] == ' '))
    {
      status = PR_REPLY_ERROR;
      text = line + 4;
    }
  else if (in_auth && line[0] == '+' && (line[1] == '\0' || line[1] == ' '))
    {
      status = PR_REPLY_CONTINUE;
      text = line + 1;
    }
  else
    return NULL;

  if (*text == ' ')
    text++;
  self = reply_new ();
  self->status = status;
  g_string_assign (self->raw, line);
  /* Codes on +OK have no defined meaning (rule P10), those of a challenge are data. */
  if (status == PR_REPLY_ERROR)
    self->response_code = take_response_code (&text);
  self->text = g_strdup (text);
  return self;
}

/**
 * pr_reply_has_response_code:
 * @self: an answer
 * @code: a response code such as "SYS/TEMP", or its parent "SYS"
 *
 * Returns: whether @self has @code or one below it (RFC 2449 section 8: codes are hierarchical)
 */
gboolean
pr_reply_has_response_code (const PrReply *self, const char *code)
{
  gsize n = strlen (code);

  return self->response_code != NULL && strncmp (self->response_code, code, n) == 0
         && (self->response_code[n] == '\0' || self->response_code[n] == '/');
}

/**
 * pr_reply_new_smtp:
 *
 * Returns: (transfer full): an answer without lines, for pr_reply_add_smtp_line()
 */
PrReply *
pr_reply_new_smtp (void)
{
  PrReply *self = reply_new ();

  self->lines = g_ptr_array_new_with_free_func (g_free);
  return self;
}

/**
 * pr_reply_add_smtp_line:
 * @self: an answer that is being read
 * @line: its next line, without its end
 * @last: (out): whether that was the last one
 *
 * Returns: %FALSE if @line is no line of a reply, has another code than those before it, or is
 *   one too many (rule S02)
 */
gboolean
pr_reply_add_smtp_line (PrReply *self, const char *line, gboolean *last)
{
  guint code;

  if (line[0] < '2' || line[0] > '5' || !g_ascii_isdigit (line[1]) || !g_ascii_isdigit (line[2]))
    return FALSE;
  if (line[3] != '\0' && line[3] != ' ' && line[3] != '-')
    return FALSE;
  code = (guint) ((line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0'));
  if (self->lines->len > 0 && code != self->code)
    return FALSE;
  if (self->lines->len >= SMTP_MAX_LINES)
    return FALSE;

  self->code = code;
  g_ptr_array_add (self->lines, g_strdup (line[3] != '\0' ? line + 4 : ""));
  if (self->raw->len > 0)
    g_string_append_c (self->raw, '\n');
  g_string_append (self->raw, line);
  *last = line[3] != '-';
  return TRUE;
}

/* RFC 3463 section 2: class "." subject "." detail, the class being the reply's first digit. */
static const char *
take_enhanced (PrReply *self, const char *text)
{
  guint numbers[3];
  const char *p = text;

  for (guint i = 0; i < 3; i++)
    {
      guint digits = 0;

      numbers[i] = 0;
      for (; g_ascii_isdigit (*p) && digits < 3; p++, digits++)
        numbers[i] = numbers[i] * 10 + (guint) (*p - '0');
      if (digits == 0 || (i < 2 && *p++ != '.'))
        return text;
    }
  if ((*p != ' ' && *p != '\0') || numbers[0] != self->code / 100)
    return text;
  memcpy (self->enhanced, numbers, sizeof numbers);
  while (*p == ' ')
    p++;
  return p;
}

/**
 * pr_reply_finish_smtp:
 * @self: an answer with all its lines
 *
 * Takes the status and the enhanced status from them.
 */
void
pr_reply_finish_smtp (PrReply *self)
{
  static const PrReplyStatus by_digit[] = { PR_REPLY_OK, PR_REPLY_CONTINUE, PR_REPLY_TRANSIENT,
                                            PR_REPLY_ERROR };

  g_return_if_fail (self->lines->len > 0);

  self->status = by_digit[self->code / 100 - 2];
  self->text = g_strdup (take_enhanced (self, g_ptr_array_index (self->lines, 0)));
}
