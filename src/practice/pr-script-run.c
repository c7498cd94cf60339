/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A script carried out on one connection: what the server has to say is said, and what the client
 * says is compared byte by byte. Belongs to one thread. */

#include "pr-script-run.h"

#include "pr-text.h"

#include "pr-script-message.h"
#include "pr-script-sasl.h"
#include "pr-test-authority.h"

#include <string.h>

#define SHOWN_MAX 300 /* bytes of what came, in a complaint */

typedef struct
{
  const PrScript *script;
  PrScriptLink *link;
  gsize announced; /* by SIZE= */
  gboolean over;   /* nothing more can come */
} PrRun;

static void
set_deviation (GError **error, const char *expected, gsize n, const guint8 *got, gsize n_got)
{
  g_autofree char *want = pr_text_for_display (expected, (gssize) n, SHOWN_MAX);
  g_autofree char *have = pr_text_for_display ((const char *) got, (gssize) n_got, SHOWN_MAX);

  g_set_error (error, PR_SCRIPT_ERROR, PR_SCRIPT_ERROR_DEVIATION, "expected “%s”, got “%s”", want,
               have);
}

/* Nothing may have come that nobody asked for. */
static gboolean
check_quiet (PrRun *self, GError **error)
{
  const GByteArray *unread = pr_script_link_get_unread (self->link);

  if (unread->len == 0)
    return TRUE;
  set_deviation (error, "", 0, unread->data, unread->len);
  return FALSE;
}

static gboolean
say (PrRun *self, const PrScriptLine *line, GError **error)
{
  return check_quiet (self, error)
         && pr_script_link_write (self->link, line->bytes->str, line->bytes->len, error);
}

/* Exactly these bytes. */
static gboolean
hear (PrRun *self, const PrScriptLine *line, GError **error)
{
  const char *want = line->bytes->str;
  gsize n = line->bytes->len;

  for (;;)
    {
      const GByteArray *unread = pr_script_link_get_unread (self->link);
      gsize common = MIN (unread->len, n);
      gboolean same = common == 0 || memcmp (unread->data, want, common) == 0;
      gboolean end = FALSE;

      if (same && unread->len >= n)
        {
          pr_script_link_drop (self->link, n);
          return TRUE;
        }
      if (!same)
        {
          set_deviation (error, want, n, unread->data, unread->len);
          return FALSE;
        }
      if (!pr_script_link_read_more (self->link, &end, error))
        {
          g_prefix_error (error, "“%.*s” is expected: ", (int) n - 2, want);
          return FALSE;
        }
      if (end)
        {
          set_deviation (error, want, n, unread->data, unread->len);
          g_prefix_error (error, "the client closed the connection: ");
          return FALSE;
        }
    }
}

static void
take_announced_size (PrRun *self, const char *line)
{
  const char *size = strstr (line, " SIZE=");

  if (size != NULL)
    self->announced = (gsize) g_ascii_strtoull (size + strlen (" SIZE="), NULL, 10);
}

static gboolean
hear_like (PrRun *self, const PrScriptLine *line, GError **error)
{
  g_autoptr (GString) got = pr_script_link_read_line (self->link, error);

  if (got == NULL)
    return FALSE;
  if (strlen (got->str) != got->len || !g_pattern_match_simple (line->bytes->str, got->str))
    {
      set_deviation (error, line->bytes->str, line->bytes->len, (guint8 *) got->str, got->len);
      return FALSE;
    }
  take_announced_size (self, got->str);
  return TRUE;
}

static gboolean
hear_message (PrRun *self, GError **error)
{
  gsize n = 0;

  for (;;)
    {
      const GByteArray *unread = pr_script_link_get_unread (self->link);
      gboolean end = FALSE;

      if (pr_script_message_find_end (unread->data, unread->len, &n))
        break;
      if (!pr_script_link_read_more (self->link, &end, error))
        return FALSE;
      if (end)
        {
          set_deviation (error, "the lone dot", 12, unread->data, unread->len);
          return FALSE;
        }
    }
  if (!pr_script_message_check (pr_script_link_get_unread (self->link)->data, n,
                                self->script->address, self->announced, g_get_real_time (), error))
    return FALSE;
  pr_script_link_drop (self->link, n + 3);
  return TRUE;
}

/* A whole TLS record of type handshake, whose first message is a ClientHello (RFC 8446 sections
 * 5.1 and 4). */
static gboolean
hear_hello (PrRun *self, GError **error)
{
  for (;;)
    {
      const GByteArray *unread = pr_script_link_get_unread (self->link);
      const guint8 *p = unread->data;
      gboolean end = FALSE;

      if (unread->len >= 6 && (p[0] != 0x16 || p[1] != 0x03 || p[5] != 0x01))
        {
          set_deviation (error, "a ClientHello", 13, p, unread->len);
          return FALSE;
        }
      if (unread->len >= 6 && unread->len >= 5 + (gsize) (p[3] * 256 + p[4]))
        {
          pr_script_link_drop (self->link, 5 + (gsize) (p[3] * 256 + p[4]));
          return TRUE;
        }
      if (!pr_script_link_read_more (self->link, &end, error))
        return FALSE;
      if (end)
        {
          set_deviation (error, "a ClientHello", 13, unread->data, unread->len);
          return FALSE;
        }
    }
}

static gboolean
start_tls (PrRun *self, const PrScriptLine *line, GError **error)
{
  PrTestAuthority *authority = pr_test_authority_get_default ();
  const char *tickets = pr_script_line_get_option (line, "tickets");
  gboolean must_fail = pr_script_line_get_option (line, "fails") != NULL;
  gboolean asks = pr_script_line_get_option (line, "asks") != NULL;
  gnutls_certificate_credentials_t credentials;
  g_autofree char *priority = NULL;
  g_autoptr (GError) local_error = NULL;

  if (!check_quiet (self, error))
    return FALSE;
  credentials = pr_test_authority_get_credentials (authority, line->words[0], error);
  priority = pr_test_authority_get_priority (pr_script_line_get_option (line, "min"),
                                             pr_script_line_get_option (line, "max"), error);
  if (credentials == NULL || priority == NULL)
    return FALSE;
  if (asks)
    pr_script_link_ask_certificate (self->link);
  if (pr_script_link_start_tls (
          self->link, credentials, priority,
          g_strcmp0 (tickets, "no") == 0 ? NULL : pr_test_authority_get_ticket_key (authority),
          &local_error))
    {
      gboolean shown = asks && pr_script_link_has_client_certificate (self->link);

      if (!must_fail && !shown)
        return TRUE;
      g_set_error_literal (error, PR_SCRIPT_ERROR, PR_SCRIPT_ERROR_DEVIATION,
                           shown ? "the client shows a certificate"
                                 : "the handshake should have failed");
      return FALSE;
    }
  if (must_fail && g_error_matches (local_error, PR_SCRIPT_ERROR, PR_SCRIPT_ERROR_DEVIATION))
    {
      self->over = TRUE;
      return pr_script_link_drain (self->link, error);
    }
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static gboolean
drip (PrRun *self, const PrScriptLine *line, GError **error)
{
  for (gsize i = 0; i < line->bytes->len; i++)
    if (!pr_script_link_write (self->link, line->bytes->str + i, 1, error)
        || !pr_script_link_sleep (self->link, line->amount, error))
      return FALSE;
  return TRUE;
}

static gboolean
flood (PrRun *self, const PrScriptLine *line, GError **error)
{
  g_autoptr (GString) all = g_string_sized_new (line->bytes->len * line->amount + 1);

  for (guint i = 0; i < line->amount; i++)
    g_string_append_len (all, line->bytes->str, (gssize) line->bytes->len);
  return pr_script_link_write (self->link, all->str, all->len, error);
}

/* Until the client goes, which must not say another word. */
static gboolean
expect_end (PrRun *self, GError **error)
{
  gboolean end = FALSE;

  if (!check_quiet (self, error) || !pr_script_link_read_more (self->link, &end, error))
    return FALSE;
  return end || check_quiet (self, error);
}

static gboolean
perform (PrRun *self, const PrScriptLine *line, GError **error)
{
  switch (line->verb)
    {
      case PR_SCRIPT_SAY:
        return say (self, line, error);
      case PR_SCRIPT_HEAR:
        return hear (self, line, error);
      case PR_SCRIPT_HEAR_LIKE:
        return hear_like (self, line, error);
      case PR_SCRIPT_HEAR_MESSAGE:
        return hear_message (self, error);
      case PR_SCRIPT_HEAR_HELLO:
        return hear_hello (self, error);
      case PR_SCRIPT_TLS:
        return start_tls (self, line, error);
      case PR_SCRIPT_SASL:
        return check_quiet (self, error)
               && pr_script_sasl_run (self->script, line, self->link, error);
      case PR_SCRIPT_SLEEP:
        return check_quiet (self, error) && pr_script_link_sleep (self->link, line->amount, error);
      case PR_SCRIPT_QUIET:
        return check_quiet (self, error) && pr_script_link_listen (self->link, line->amount, error)
               && check_quiet (self, error);
      case PR_SCRIPT_DRIP:
        return check_quiet (self, error) && drip (self, line, error);
      case PR_SCRIPT_FLOOD:
        return check_quiet (self, error) && flood (self, line, error);
      case PR_SCRIPT_HANG:
        return expect_end (self, error);
      case PR_SCRIPT_CLOSE:
      case PR_SCRIPT_CUT:
        pr_script_link_end (self->link, line->verb == PR_SCRIPT_CLOSE);
        return TRUE;
      case PR_SCRIPT_ABORT:
        self->over = TRUE;
        pr_script_link_reset (self->link);
        return TRUE;
    }
  g_return_val_if_reached (FALSE);
}

/* A client that is gone has broken no rule unless it still owes something. */
static gboolean
owes_something (const PrScript *script, guint from)
{
  for (guint i = from; i < script->lines->len; i++)
    if (pr_script_line_needs_client (g_ptr_array_index (script->lines, i)))
      return TRUE;
  return FALSE;
}

/**
 * pr_script_run:
 * @script: what to do
 * @link: (transfer none): a client that has just connected
 * @reached: (nullable): told of each instruction
 * @data: for @reached
 * @error: set to %PR_SCRIPT_ERROR_DEVIATION: "FILE:LINE: what was expected and what came", and
 *   others
 *
 * Returns: whether the client said what the script says, then closed the connection, and not one
 *   byte more
 */
gboolean
pr_script_run (const PrScript *script,
               PrScriptLink *link,
               PrScriptReached reached,
               gpointer data,
               GError **error)
{
  PrRun self = { .script = script, .link = link };
  g_autoptr (GError) local_error = NULL;
  guint i;

  for (i = 0; i < script->lines->len && !self.over; i++)
    {
      const PrScriptLine *line = g_ptr_array_index (script->lines, i);

      if (reached != NULL && !reached (i, data))
        return pr_script_link_drain (link, error);
      if (perform (&self, line, &local_error))
        continue;
      if (g_error_matches (local_error, PR_SCRIPT_ERROR, PR_SCRIPT_ERROR_GONE)
          && !owes_something (script, i + 1))
        return TRUE;
      g_prefix_error (&local_error, "%s:%u: %s: ", script->name, line->number, line->source);
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  if (self.over || expect_end (&self, error))
    return TRUE;
  g_prefix_error (error, "%s: behind the last line: ", script->name);
  return FALSE;
}
