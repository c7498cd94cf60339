/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrDialogue: the one place where a line goes out and the one place where a line comes in. Here
 * stand the limits in bytes, the refusal of control characters (threat X11), of answers that
 * nobody asked for (X01, X04), and the transcript, from which secrets are left out where they are
 * written, not searched for afterwards (X14). Worker threads. */

#include "pr-dialogue.h"

#include "pr-text.h"

#include <string.h>

#define SHOWN_MAX 2048 /* bytes of one line in the transcript */
#define MASK_MIN 4     /* shorter "secrets" stand in every second word */
#define HIDDEN_MIN 12

static char *
to_hex (const char *text, gsize n)
{
  GString *hex = g_string_sized_new (2 * n + 1);

  for (gsize i = 0; i < n; i++)
    g_string_append_printf (hex, "%02x", (guint8) text[i]);
  return g_string_free (hex, FALSE);
}

/* A bit for the first two letters of each mask, in whatever case, of a small table: bit 5 is what
 * tells them apart, and a few other characters, which costs a second look. Each byte of each line
 * comes by here. */
static inline guint
get_pair (const char *text)
{
  guint first = (guint8) text[0] | 0x20, second = (guint8) text[1] | 0x20;

  return (first * 31 + second) % PR_MASK_PAIRS;
}

static void
note_begin (PrDialogue *self, const char *mask)
{
  guint pair = get_pair (mask);

  self->mask_begins[pair / 32] |= 1u << (pair % 32);
}

static inline gboolean
may_begin (PrDialogue *self, const char *text)
{
  guint pair = get_pair (text);

  return (self->mask_begins[pair / 32] & (1u << (pair % 32))) != 0;
}

/* What a server could echo of the log-in: the secret as it is, in base64, in that of AUTH PLAIN,
 * in hexadecimal digits, and as in a URL. */
static void
make_masks (PrDialogue *self)
{
  const PrSecret *secret = self->plan->secret;
  const char *username = self->plan->username != NULL ? self->plan->username : "";
  gsize n, user_length = strlen (username);
  g_autofree char *plain = NULL;

  if (secret == NULL || pr_secret_get_length (secret) < MASK_MIN)
    return;
  n = pr_secret_get_length (secret);
  plain = g_malloc0 (user_length + n + 3);
  memcpy (plain + 1, username, user_length);
  memcpy (plain + user_length + 2, pr_secret_peek (secret), n);

  self->masks[0] = g_base64_encode ((guint8 *) plain, user_length + n + 2);
  self->masks[1] = g_base64_encode ((guint8 *) pr_secret_peek (secret), n);
  self->masks[2] = g_strdup (pr_secret_peek (secret));
  self->masks[3] = to_hex (pr_secret_peek (secret), n);
  self->masks[4] = g_uri_escape_bytes ((guint8 *) pr_secret_peek (secret), n, NULL);
  pr_wipe (plain, user_length + n + 2);
  for (guint i = 0; i < G_N_ELEMENTS (self->masks); i++)
    {
      self->mask_lengths[i] = strlen (self->masks[i]);
      note_begin (self, self->masks[i]);
    }
}

/**
 * pr_dialogue_init:
 * @self: uninitialized memory
 * @plan: what is tested; must outlive @self
 * @report: where the transcript goes; must outlive @self
 * @wait: the clocks; must outlive @self
 */
void
pr_dialogue_init (PrDialogue *self, const PrTestPlan *plan, PrReport *report, PrWait *wait)
{
  memset (self, 0, sizeof *self);
  self->plan = plan;
  self->report = report;
  self->wait = wait;
  self->start_us = g_get_monotonic_time ();
  self->hidden = g_ptr_array_new_with_free_func ((GDestroyNotify) pr_wipe_free);
  pr_line_reader_init (&self->reader);
  make_masks (self);
}

/**
 * pr_dialogue_clear:
 * @self: a dialogue
 *
 * Closes the channel, if there is one, and frees the rest.
 */
void
pr_dialogue_clear (PrDialogue *self)
{
  g_clear_pointer (&self->channel, pr_channel_close);
  pr_line_reader_clear (&self->reader);
  for (guint i = 0; i < G_N_ELEMENTS (self->masks); i++)
    g_clear_pointer (&self->masks[i], pr_wipe_free);
  g_clear_pointer (&self->hidden, g_ptr_array_unref);
}

/* In whatever case: there are servers that repeat a command in capitals. */
static const char *
find_mask (const char *text, const char *mask, gsize n)
{
  for (; *text != '\0'; text++)
    if (g_ascii_strncasecmp (text, mask, n) == 0)
      return text;
  return NULL;
}

/* @text, which is taken, with "[hidden]" in place of @mask. */
static char *
replace_mask (char *text, const char *mask)
{
  gsize n = mask != NULL ? strlen (mask) : 0;
  const char *rest = text, *found = n > 0 ? find_mask (text, mask, n) : NULL;
  GString *result;

  if (found == NULL)
    return text;
  result = g_string_new (NULL);
  for (; found != NULL; found = find_mask (rest, mask, n))
    {
      g_string_append_len (result, rest, found - rest);
      g_string_append (result, "[hidden]");
      rest = found + n;
    }
  g_string_append (result, rest);
  pr_wipe_free (text);
  return g_string_free (result, FALSE);
}

/* Looks at each place once, for all masks: nearly nothing that a server says holds one. */
static gboolean
has_mask (PrDialogue *self, const char *text)
{
  for (; *text != '\0'; text++)
    {
      if (!may_begin (self, text))
        continue;
      for (guint i = 0; i < G_N_ELEMENTS (self->masks); i++)
        if (self->masks[i] != NULL
            && g_ascii_strncasecmp (text, self->masks[i], self->mask_lengths[i]) == 0)
          return TRUE;
      for (guint i = 0; i < self->hidden->len; i++)
        {
          const char *hidden = g_ptr_array_index (self->hidden, i);

          if (g_ascii_strncasecmp (text, hidden, strlen (hidden)) == 0)
            return TRUE;
        }
    }
  return FALSE;
}

/**
 * pr_dialogue_mask:
 * @self: a dialogue
 * @text: what a server said
 *
 * Returns: (transfer full): @text with "[hidden]" wherever the server echoed our secret
 */
char *
pr_dialogue_mask (PrDialogue *self, const char *text)
{
  char *result = g_strdup (text);

  if (!has_mask (self, text))
    return result;
  for (guint i = 0; i < G_N_ELEMENTS (self->masks); i++)
    result = replace_mask (result, self->masks[i]);
  for (guint i = 0; i < self->hidden->len; i++)
    result = replace_mask (result, g_ptr_array_index (self->hidden, i));
  return result;
}

/**
 * pr_dialogue_show:
 * @self: a dialogue
 * @text: what a server said
 * @max_bytes: about how many bytes of result are wanted
 *
 * Returns: (transfer full): @text without our secret, and harmless: fit for the report
 */
char *
pr_dialogue_show (PrDialogue *self, const char *text, gsize max_bytes)
{
  g_autofree char *masked = has_mask (self, text) ? pr_dialogue_mask (self, text) : NULL;
  char *shown = pr_text_for_display (masked != NULL ? masked : text, -1, max_bytes);
  char *again;

  /* Once more: the digits of an escape may have completed it. */
  if (!has_mask (self, shown))
    return shown;
  again = pr_dialogue_mask (self, shown);
  pr_wipe_free (shown);
  return again;
}

static void
record (PrDialogue *self, gboolean from_server, const char *text)
{
  GPtrArray *lines = self->report->transcript;

  if (lines->len >= PR_TRANSCRIPT_MAX_LINES)
    return;
  if (lines->len == PR_TRANSCRIPT_MAX_LINES - 1)
    text = "…";
  pr_report_add_line (self->report, g_get_monotonic_time () - self->start_us, from_server,
                      from_server ? pr_dialogue_show (self, text, SHOWN_MAX)
                                  : pr_text_for_display (text, -1, SHOWN_MAX));
}

/**
 * pr_dialogue_reset_timeout:
 * @self: a dialogue
 * @factor: how many times the plan's time-out the next answer may take
 */
void
pr_dialogue_reset_timeout (PrDialogue *self, guint factor)
{
  guint timeout_ms = self->plan->timeout_s * 1000 * factor;

  if (self->answer_limit_ms > 0)
    timeout_ms = MIN (timeout_ms, self->answer_limit_ms);
  pr_wait_start (self->wait, timeout_ms);
}

static gboolean
fill (PrDialogue *self, GError **error)
{
  gsize room;
  char *buffer = pr_line_reader_reserve (&self->reader, &room);
  gssize got = self->channel->ops->read (self->channel, buffer, room, self->wait, error);

  if (got < 0)
    return FALSE;
  if (got == 0)
    {
      g_set_error_literal (error, PR_DIAGNOSIS, PR_CODE_CONNECTION_LOST,
                           "the server closed the connection");
      return FALSE;
    }
  pr_line_reader_commit (&self->reader, (gsize) got);
  self->bytes_read += (gsize) got;
  if (self->bytes_read > PR_DIALOGUE_MAX_BYTES)
    {
      g_set_error (error, PR_DIAGNOSIS, PR_CODE_PROTOCOL_ERROR, "more than %d bytes",
                   PR_DIALOGUE_MAX_BYTES);
      return FALSE;
    }
  return TRUE;
}

/**
 * pr_dialogue_read_line:
 * @self: a dialogue
 * @max: most bytes that the line may have
 * @error: set to a diagnosis
 *
 * Waits until the deadline that pr_dialogue_send() or pr_dialogue_reset_timeout() set.
 *
 * Returns: (transfer full) (nullable): the next line, without its end
 */
char *
pr_dialogue_read_line (PrDialogue *self, gsize max, GError **error)
{
  for (;;)
    {
      const char *line;
      gsize length;

      switch (pr_line_reader_next (&self->reader, max, &line, &length))
        {
          case PR_LINE_COMPLETE:
            if (!self->is_private)
              record (self, TRUE, line);
            return g_strndup (line, length);
          case PR_LINE_INCOMPLETE:
            if (!fill (self, error))
              return NULL;
            break;
          case PR_LINE_TOO_LONG:
            g_set_error (error, PR_DIAGNOSIS, PR_CODE_PROTOCOL_ERROR,
                         "a line of more than %" G_GSIZE_FORMAT " bytes", max);
            return NULL;
          case PR_LINE_BAD:
            g_set_error_literal (error, PR_DIAGNOSIS, PR_CODE_PROTOCOL_ERROR,
                                 "a NUL byte in a line");
            return NULL;
        }
    }
}

/**
 * pr_dialogue_has_unread:
 * @self: a dialogue
 * @prefix: text
 *
 * Returns: whether the server already said something that nobody has read, and it begins with
 *   @prefix
 */
gboolean
pr_dialogue_has_unread (PrDialogue *self, const char *prefix)
{
  gsize n = pr_line_reader_get_pending (&self->reader);

  return n >= strlen (prefix) && n > 0
         && strncmp (pr_line_reader_peek (&self->reader), prefix, strlen (prefix)) == 0;
}

static gboolean
is_quiet (PrDialogue *self)
{
  return pr_line_reader_get_pending (&self->reader) == 0
         && !self->channel->ops->has_pending (self->channel);
}

/* An answer is only ever valid for the command in flight (threat X04, rule P01). */
static gboolean
check_quiet (PrDialogue *self, GError **error)
{
  g_autofree char *text = NULL;
  gsize n = pr_line_reader_get_pending (&self->reader);

  if (is_quiet (self))
    return TRUE;
  if (n > 0)
    {
      g_autofree char *raw = g_strndup (pr_line_reader_peek (&self->reader), n);

      text = pr_dialogue_show (self, raw, 256);
    }
  g_set_error (error, PR_DIAGNOSIS, PR_CODE_PROTOCOL_ERROR,
               "the server said more than it was asked for: %s", text != NULL ? text : "");
  return FALSE;
}

/**
 * pr_dialogue_check_no_injection:
 * @self: a dialogue whose last line read was the go-ahead for TLS
 * @error: set to starttls-injection
 *
 * What is buffered behind that line came in clear and would be taken for something said inside
 * TLS: whole lines and fragments alike are an attack (rules P09 and T10, threat X01).
 *
 * Returns: whether nothing is
 */
gboolean
pr_dialogue_check_no_injection (PrDialogue *self, GError **error)
{
  g_autofree char *raw = NULL, *text = NULL;
  gsize n = pr_line_reader_get_pending (&self->reader);

  if (is_quiet (self))
    return TRUE;
  raw = g_strndup (n > 0 ? pr_line_reader_peek (&self->reader) : "", n);
  text = pr_dialogue_show (self, raw, 256);
  g_set_error (error, PR_DIAGNOSIS, PR_CODE_STARTTLS_INJECTION,
               "%" G_GSIZE_FORMAT " bytes behind the answer: %s", n, text);
  return FALSE;
}

static gboolean
write_line (PrDialogue *self, const char *line, GError **error)
{
  gsize n = strlen (line);
  g_autofree char *bytes = NULL;
  gboolean ok;

  for (const char *p = line; *p != '\0'; p++)
    if ((guint8) *p < 0x20 || *p == 0x7f)
      {
        g_set_error_literal (error, PR_DIAGNOSIS, PR_CODE_INTERNAL_ERROR,
                             "a control character in a command");
        return FALSE;
      }
  bytes = g_malloc (n + 3);
  memcpy (bytes, line, n);
  memcpy (bytes + n, "\r\n", 3);
  pr_dialogue_reset_timeout (self, 1);
  ok = self->channel->ops->write (self->channel, bytes, n + 2, self->wait, error);
  pr_wipe (bytes, n);
  return ok;
}

/**
 * pr_dialogue_send:
 * @self: a dialogue
 * @line: a command without its end
 * @error: set to a diagnosis
 *
 * Sends and records @line; the time for its answer starts now.
 *
 * Returns: whether it went out
 */
gboolean
pr_dialogue_send (PrDialogue *self, const char *line, GError **error)
{
  return pr_dialogue_send_secret (self, line, line, error);
}

/**
 * pr_dialogue_send_secret:
 * @self: a dialogue
 * @line: a line that holds a secret
 * @shown: what the transcript says instead, such as "PASS [hidden]"
 * @error: set to a diagnosis
 *
 * Returns: whether it went out
 */
gboolean
pr_dialogue_send_secret (PrDialogue *self, const char *line, const char *shown, GError **error)
{
  if (!check_quiet (self, error))
    return FALSE;
  record (self, FALSE, shown);
  return write_line (self, line, error);
}

/**
 * pr_dialogue_hide:
 * @self: a dialogue
 * @text: what is about to be sent as a part of a log-in
 *
 * From now on @text is left out of whatever the server says: one that echoes what it was sent must
 * not bring it into a report. A few characters are no secret, but in every second word.
 */
void
pr_dialogue_hide (PrDialogue *self, const char *text)
{
  if (strlen (text) < HIDDEN_MIN)
    return;
  g_ptr_array_add (self->hidden, g_strdup (text));
  note_begin (self, text);
}

/**
 * pr_dialogue_send_data:
 * @self: a dialogue
 * @bytes: any bytes, sent as they are
 * @n: how many
 * @shown: what the transcript says instead
 * @error: set to a diagnosis
 *
 * Returns: whether they went out
 */
gboolean
pr_dialogue_send_data (PrDialogue *self,
                       const char *bytes,
                       gsize n,
                       const char *shown,
                       GError **error)
{
  if (!check_quiet (self, error))
    return FALSE;
  record (self, FALSE, shown);
  pr_dialogue_reset_timeout (self, 1);
  return self->channel->ops->write (self->channel, bytes, n, self->wait, error);
}
