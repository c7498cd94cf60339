/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What POP3 knew before SASL: USER and PASS, and APOP. Worker threads.
 *
 * RFC 1939 section 7 (USER, PASS, APOP), RFC 6856 section 2 (UTF8), CVE-2007-1558 (APOP). */

#include "pr-pop3.h"

#include "pr-text.h"
#include "pr-validate.h"

#include <gnutls/crypto.h>
#include <string.h>

#define MD5_LENGTH 16

/* Atoms, and what else RFC 822 lets a message id have; never a blank, a control or 8 bits. */
static gboolean
is_stamp_word (const char *begin, const char *end)
{
  if (begin == end)
    return FALSE;
  for (const char *p = begin; p < end; p++)
    if (!g_ascii_isgraph (*p) || strchr ("<>@()\\,;\"", *p) != NULL)
      return FALSE;
  return TRUE;
}

/* Rule P19: "<left@right>", exactly. A stamp that is none lets a server in the middle find out the
 * secret bit by bit. Returns: (transfer full) (nullable): with its brackets. */
char *
pr_pop3_find_stamp (const char *greeting)
{
  const char *open = strrchr (greeting, '<');
  const char *at = open != NULL ? strchr (open, '@') : NULL;
  const char *close = at != NULL ? strchr (at, '>') : NULL;

  if (close == NULL || !is_stamp_word (open + 1, at) || !is_stamp_word (at + 1, close))
    return NULL;
  return g_strndup (open, (gsize) (close + 1 - open));
}

static char *
digest_stamp (const char *stamp, const char *secret)
{
  char *text = g_strconcat (stamp, secret, NULL);
  guint8 digest[MD5_LENGTH];
  GString *hex = NULL;

  if (gnutls_hash_fast (GNUTLS_DIG_MD5, text, strlen (text), digest) >= 0)
    {
      hex = g_string_sized_new (2 * MD5_LENGTH + 1);
      for (guint i = 0; i < MD5_LENGTH; i++)
        g_string_append_printf (hex, "%02x", digest[i]);
    }
  pr_wipe_free (text);
  return hex != NULL ? g_string_free (hex, FALSE) : NULL;
}

static gboolean
fail_too_long (const char *what, GError **error)
{
  g_set_error (error, PR_DIAGNOSIS, PR_CODE_MECHANISM_UNAVAILABLE,
               "%s holds at most %d octets a line", what, PR_POP3_COMMAND_MAX);
  return FALSE;
}

static gboolean
check_answer (PrConversation *self, const PrReply *reply, GError **error)
{
  return reply->status == PR_REPLY_OK
         || pr_conversation_refused (self, PR_STEP_AUTHENTICATE, reply, error);
}

static gboolean
log_in_by_apop (PrConversation *self, GError **error)
{
  const PrTestPlan *plan = self->plan;
  g_autofree char *digest = NULL, *line = NULL, *shown = NULL;
  g_autoptr (PrReply) reply = NULL;

  if (strchr (plan->username, ' ') != NULL)
    {
      g_set_error_literal (error, PR_DIAGNOSIS, PR_CODE_MECHANISM_UNAVAILABLE,
                           "APOP knows no user name with a space");
      return FALSE;
    }
  digest = digest_stamp (self->apop_stamp, pr_secret_peek (plan->secret));
  if (digest == NULL)
    {
      g_set_error_literal (error, PR_DIAGNOSIS, PR_CODE_MECHANISM_UNAVAILABLE,
                           "MD5 is switched off on this computer");
      return FALSE;
    }
  line = g_strdup_printf ("APOP %s %s", plan->username, digest);
  shown = g_strdup_printf ("APOP %s [hidden]", plan->username);
  if (strlen (line) + 2 > PR_POP3_COMMAND_MAX)
    return fail_too_long ("APOP", error);
  pr_dialogue_hide (&self->dialogue, digest);
  if (!pr_dialogue_send_secret (&self->dialogue, line, shown, error))
    return FALSE;
  reply = pr_pop3_read_reply (self, error);
  return reply != NULL && check_answer (self, reply, error);
}

/* "UTF8 USER": user names and passwords may go beyond ASCII once "UTF8" was said (rule P18). A
 * server that offers it and then refuses gets them as they are, as any other. */
static gboolean
announce_utf8 (PrConversation *self, GError **error)
{
  const PrTestPlan *plan = self->plan;
  const char *utf8 = pr_conversation_find_capability (self, "UTF8");
  g_auto (GStrv) words = g_strsplit (utf8 != NULL ? utf8 : "", " ", -1);
  gboolean user = FALSE;
  g_autoptr (PrReply) reply = NULL;

  for (guint i = 0; words[i] != NULL; i++)
    user = user || g_ascii_strcasecmp (words[i], "USER") == 0;
  if (!user
      || (pr_text_is_ascii (plan->username) && pr_text_is_ascii (pr_secret_peek (plan->secret))))
    return TRUE;
  reply = pr_pop3_command (self, "UTF8", error);
  return reply != NULL;
}

static gboolean
log_in_by_user (PrConversation *self, GError **error)
{
  const PrTestPlan *plan = self->plan;
  g_autofree char *user = g_strconcat ("USER ", plan->username, NULL);
  g_autoptr (PrReply) reply = NULL;
  char *pass;
  gboolean ok;

  if (strlen (user) + 2 > PR_POP3_COMMAND_MAX
      || strlen ("PASS ") + pr_secret_get_length (plan->secret) + 2 > PR_POP3_COMMAND_MAX)
    return fail_too_long ("USER/PASS", error);
  if (!announce_utf8 (self, error))
    return FALSE;
  reply = pr_pop3_command (self, user, error);
  if (reply == NULL || !check_answer (self, reply, error))
    return FALSE;
  pass = g_strconcat ("PASS ", pr_secret_peek (plan->secret), NULL);
  ok = pr_dialogue_send_secret (&self->dialogue, pass, "PASS [hidden]", error);
  pr_wipe_free (pass);
  g_clear_pointer (&reply, pr_reply_free);
  if (!ok || (reply = pr_pop3_read_reply (self, error)) == NULL)
    return FALSE;
  return check_answer (self, reply, error);
}

static gboolean
log_in (PrConversation *self, PrMechanism mechanism, GError **error)
{
  /* Rule T01, asked once more by whoever sends the credentials. */
  if (!pr_conversation_check_may_log_in (self, error))
    return FALSE;
  return mechanism == PR_MECHANISM_APOP ? log_in_by_apop (self, error)
                                        : log_in_by_user (self, error);
}

gboolean
pr_pop3_authenticate (PrConversation *self, GError **error)
{
  static const PrAuthenticateOps ops = {
    .max_command = PR_POP3_COMMAND_MAX,
    .read_reply = pr_pop3_read_auth_reply,
    .check_reply = check_answer,
    .log_in = log_in,
  };
  PrSaslOffer offer = {
    .user = !self->knows_capabilities || pr_conversation_find_capability (self, "USER") != NULL,
    .apop = self->apop_stamp != NULL,
  };

  return pr_authenticate (self, &ops, &offer, error);
}
