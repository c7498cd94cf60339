/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a server's capabilities come to, and what somebody should know although the test went well.
 * Worker threads.
 *
 * RFC 2449 section 6 (LOGIN-DELAY, EXPIRE, UIDL, TOP), RFC 6856 (UTF8), RFC 1870 (SIZE), RFC 6152
 * (8BITMIME), RFC 6531 (SMTPUTF8); rules P12, S10, S14, T04, T05, A05, A09. */

#include "pr-conversation-private.h"

#include <string.h>

#define DAY_S (24 * 60 * 60)
#define MAX_DELAY_S (7 * DAY_S)
#define MAX_EXPIRE_DAYS 36500

/* The number that a parameter begins with; FALSE if there is none, or too great a one. */
static gboolean
take_number (const char *parameters, guint64 max, guint64 *number)
{
  g_autofree char *word =
      parameters != NULL ? g_strndup (parameters, strcspn (parameters, " ")) : NULL;

  return word != NULL && g_ascii_string_to_unsigned (word, 10, 0, max, number, NULL);
}

static gboolean
has (const PrConversation *self, const char *keyword)
{
  return pr_conversation_find_capability (self, keyword) != NULL;
}

/* "seconds [USER]": of everybody, or the longest of all. */
guint
pr_facts_get_login_delay (const PrConversation *self)
{
  guint64 seconds = 0;

  if (!take_number (pr_conversation_find_capability (self, "LOGIN-DELAY"), MAX_DELAY_S, &seconds))
    return 0;
  return (guint) seconds;
}

static int
get_expire (const PrConversation *self)
{
  const char *parameters = pr_conversation_find_capability (self, "EXPIRE");
  guint64 days;

  if (take_number (parameters, MAX_EXPIRE_DAYS, &days))
    return (int) days;
  if (parameters != NULL && g_ascii_strncasecmp (parameters, "NEVER", 5) == 0)
    return PR_EXPIRE_NEVER;
  return PR_EXPIRE_UNKNOWN;
}

static void
append (GString *text, const char *fact)
{
  g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", fact);
}

static gboolean
is_delay_too_long (const PrConversation *self)
{
  return self->plan->polling_s > 0 && self->report->offer.login_delay_s > self->plan->polling_s;
}

/* Deleted before, or as soon as, anybody comes to fetch it. */
static gboolean
is_expire_too_short (const PrConversation *self)
{
  int days = self->report->offer.expire_days;

  return days == 0 || (days > 0 && (gint64) days * DAY_S <= (gint64) self->plan->polling_s);
}

static char *
describe_pop3 (const PrConversation *self)
{
  const PrOffer *offer = &self->report->offer;
  GString *text = g_string_new (NULL);

  if (offer->uidl)
    append (text, "UIDL");
  if (offer->top)
    append (text, "TOP");
  if (offer->utf8)
    append (text, "UTF8");
  if (offer->login_delay_s > 0)
    g_string_append_printf (text, "%sLOGIN-DELAY %u s", text->len > 0 ? ", " : "",
                            offer->login_delay_s);
  if (is_delay_too_long (self))
    g_string_append_printf (text, " (longer than the polling interval of %u s)",
                            self->plan->polling_s);
  if (offer->expire_days >= 0)
    g_string_append_printf (text, "%sEXPIRE %d days", text->len > 0 ? ", " : "",
                            offer->expire_days);
  if (offer->expire_days == PR_EXPIRE_NEVER)
    append (text, "EXPIRE NEVER");
  if (is_expire_too_short (self))
    g_string_append (text, " (messages may be gone before they are fetched)");
  return g_string_free (text, text->len == 0);
}

static char *
describe_smtp (const PrConversation *self)
{
  const PrOffer *offer = &self->report->offer;
  GString *text = g_string_new (NULL);

  if (offer->size_limit > 0)
    g_string_append_printf (text, "SIZE %" G_GUINT64_FORMAT, offer->size_limit);
  if (offer->eight_bit)
    append (text, "8BITMIME");
  if (offer->utf8)
    append (text, "SMTPUTF8");
  return g_string_free (text, text->len == 0);
}

/* Reads what the server just offered. */
void
pr_facts_take_offer (PrConversation *self)
{
  PrOffer *offer = &self->report->offer;
  gboolean pop3 = self->plan->protocol == PR_PROTOCOL_POP3;

  if (pop3)
    {
      offer->utf8 = has (self, "UTF8");
      offer->uidl = has (self, "UIDL");
      offer->top = has (self, "TOP");
      offer->login_delay_s = pr_facts_get_login_delay (self);
      offer->expire_days = get_expire (self);
    }
  else
    {
      offer->utf8 = has (self, "SMTPUTF8");
      offer->eight_bit = has (self, "8BITMIME");
      if (!take_number (pr_conversation_find_capability (self, "SIZE"), G_MAXINT64,
                        &offer->size_limit))
        offer->size_limit = 0;
    }
  pr_conversation_take_detail (self, pop3 ? describe_pop3 (self) : describe_smtp (self));
}

static gboolean
is_weak (const char *mechanism)
{
  static const PrMechanism weak[] = { PR_MECHANISM_CRAM_MD5, PR_MECHANISM_DIGEST_MD5,
                                      PR_MECHANISM_APOP, PR_MECHANISM_NTLM };

  for (guint i = 0; i < G_N_ELEMENTS (weak); i++)
    if (g_str_equal (mechanism, pr_mechanism_to_name (weak[i])))
      return TRUE;
  return FALSE;
}

/* At the end of the conversation. */
void
pr_facts_take_notices (PrConversation *self)
{
  PrReport *report = self->report;

  if (report->security == PR_SECURITY_NONE && report->mechanism != NULL)
    pr_report_add_notice (report, PR_NOTICE_UNENCRYPTED, 0);
  if (report->protocol == PR_PROTOCOL_SMTP && report->port == 25)
    pr_report_add_notice (report, PR_NOTICE_PORT_25, 0);
  if (report->certificate != NULL && report->certificate->pinned)
    pr_report_add_notice (report, PR_NOTICE_PINNED, 0);
  if (report->mechanism != NULL && is_weak (report->mechanism))
    pr_report_add_notice (report, PR_NOTICE_WEAK_MECHANISM, 0);
  if (is_delay_too_long (self))
    pr_report_add_notice (report, PR_NOTICE_LOGIN_DELAY, report->offer.login_delay_s);
  if (is_expire_too_short (self))
    pr_report_add_notice (report, PR_NOTICE_EXPIRE, (guint) report->offer.expire_days);
}
