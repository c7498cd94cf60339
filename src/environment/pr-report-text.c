/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a report says to a person: the sentences are in pr-report-sentences.c, here their gaps
 * are filled. The window and the command line say the same because both ask here. Main thread. */

#include "pr-report-text.h"

#include "pr-bidi.h"
#include "pr-providers.h"
#include "pr-report-oauth.h"
#include "pr-report-sentences.h"
#include "pr-text.h"
#include "pr-validate.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define DETAIL_MAX 300 /* bytes of the facts that a sentence quotes */
#define MAX_NAMES 5    /* of a certificate that a sentence repeats */
#define MAX_REPLY 240  /* bytes of what the server said */

/**
 * pr_report_text_get_step:
 * @step: a step
 *
 * Returns: (transfer none): what it is called in lists, translated
 */
const char *
pr_report_text_get_step (PrStep step)
{
  switch (step)
    {
      case PR_STEP_PRECHECK:
        return _ ("Check settings");
      case PR_STEP_RESOLVE:
        return _ ("Look up server");
      case PR_STEP_CONNECT:
        return _ ("Connect");
      case PR_STEP_TLS:
        return _ ("Encrypt (TLS)");
      case PR_STEP_CERTIFICATE:
        return _ ("Verify certificate");
      case PR_STEP_GREETING:
        return _ ("Greeting");
      case PR_STEP_CAPABILITIES:
        return _ ("Capabilities");
      case PR_STEP_STARTTLS:
        return _ ("Ask for encryption (STARTTLS)");
      case PR_STEP_AUTHENTICATE:
        return _ ("Log in");
      case PR_STEP_MAILBOX:
        return _ ("Open mailbox");
      case PR_STEP_SUBMIT:
        return _ ("Send message");
      case PR_STEP_DELIVERY:
        return _ ("Find message");
      case PR_STEP_SIGN_OUT:
        return _ ("Sign out");
    }
  g_return_val_if_reached ("");
}

/**
 * pr_report_text_get_security:
 * @security: how a channel is protected
 *
 * Returns: (transfer none): what forms call it, translated
 */
const char *
pr_report_text_get_security (PrSecurity security)
{
  switch (security)
    {
      case PR_SECURITY_SSL:
        return _ ("SSL/TLS");
      case PR_SECURITY_STARTTLS:
        return _ ("STARTTLS");
      case PR_SECURITY_NONE:
        return _ ("no encryption");
    }
  g_return_val_if_reached ("");
}

static char *
get_account (const PrReport *report)
{
  /* The profile's own log-in, which its mailboxes share. */
  if (report->scope == PR_SCOPE_PROFILE && report->failed_step == PR_STEP_AUTHENTICATE
      && report->username != NULL)
    return g_strdup (report->username);
  if (report->mailbox != NULL)
    return g_strdup (report->mailbox);
  if (report->username != NULL)
    return g_strdup (report->username);
  return g_strdup (_ ("this account"));
}

/* Whose test it was; a server that is tested for nobody is simply the server. */
static char *
get_subject (const PrReport *report)
{
  if (report->mailbox != NULL)
    return g_strdup (report->mailbox);
  if (report->profile != NULL)
    return g_strdup_printf (_ ("the server profile “%s”"), report->profile);
  return g_strdup (_ ("the server"));
}

/* The server's words in one line, no longer than a sentence can bear. */
static char *
get_reply (const PrReport *report)
{
  g_autofree char *line = NULL;

  if (report->server_reply == NULL)
    return g_strdup ("—");
  line = g_strdelimit (g_strdup (report->server_reply), "\n", ' ');
  return pr_text_for_display (line, -1, MAX_REPLY);
}

static char *
get_server (const PrReport *report)
{
  g_autofree char *host = pr_host_to_display (report->host);

  if (report->direction == PR_DIRECTION_INCOMING)
    return g_strdup_printf (_ ("the incoming server %s (port %u)"), host, report->port);
  return g_strdup_printf (_ ("the outgoing server %s (port %u)"), host, report->port);
}

static char *
get_date (gint64 time)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (time / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;

  return local != NULL ? g_date_time_format (local, C_ ("date, as in strftime", "%-d %B %Y"))
                       : g_strdup ("?");
}

static char *
get_names (const PrCertificate *certificate)
{
  GString *text = g_string_new (NULL);
  guint n = g_strv_length (certificate->names);

  for (guint i = 0; i < MIN (n, MAX_NAMES); i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", certificate->names[i]);
  if (n > MAX_NAMES)
    g_string_append (text, ", …");
  if (n == 0)
    g_string_append (text, _ ("no name at all"));
  return g_string_free (text, FALSE);
}

static char *
get_wait (const PrReport *report)
{
  guint minutes = (report->wait_s + 59) / 60;

  if (report->wait_s == 0)
    return g_strdup (_ ("some minutes"));
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u minute", "%u minutes", minutes),
                          minutes);
}

static char *
get_suggestion (const PrReport *report)
{
  if (report->suggested_port == 0)
    return g_strdup (_ ("another port"));
  return g_strdup_printf (_ ("port %u with %s"), report->suggested_port,
                          pr_report_text_get_security (report->suggested_security));
}

static char *
get_usual (const PrReport *report)
{
  if (report->suggested_port != 0)
    return get_suggestion (report);
  return g_strdup_printf (_ ("port %u with %s"),
                          pr_default_port (report->protocol, report->security),
                          pr_report_text_get_security (report->security));
}

/* What was there before, by the first of the differences that says so. */
static char *
get_mechanism_was (const PrReport *report)
{
  static const PrDifferenceKind kinds[] = { PR_DIFFERENCE_MECHANISM, PR_DIFFERENCE_MECHANISMS_GONE,
                                            PR_DIFFERENCE_CAPABILITIES_GONE };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      const PrDifference *difference = pr_report_find_difference (report, kinds[i]);

      if (difference != NULL && difference->was != NULL)
        return g_strdup (difference->was);
    }
  return g_strdup ("?");
}

static char *
get_tls_difference (const PrReport *report, gboolean was)
{
  const PrDifference *difference = pr_report_find_difference (report, PR_DIFFERENCE_TLS_VERSION);
  const char *text = difference == NULL ? NULL : was ? difference->was : difference->is;

  return g_strdup (text != NULL ? text : _ ("none"));
}

static char *
get_delay (const PrReport *report)
{
  guint seconds = report->offer.login_delay_s;

  if (seconds % 60 != 0)
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u second", "%u seconds", seconds),
                            seconds);
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u minute", "%u minutes", seconds / 60),
                          seconds / 60);
}

static char *
get_expire (const PrReport *report)
{
  guint days = (guint) MAX (report->offer.expire_days, 0);

  if (days == 0)
    return g_strdup (_ ("as soon as they were read"));
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "after %u day", "after %u days", days),
                          days);
}

static char *
get_certificate_gap (const PrReport *report, const char *gap)
{
  const PrCertificate *certificate = report->certificate;

  if (certificate == NULL)
    return g_strdup ("?");
  if (g_str_equal (gap, "names"))
    return get_names (certificate);
  if (g_str_equal (gap, "issuer"))
    return g_strdup (certificate->issuer);
  if (g_str_equal (gap, "until"))
    return get_date (certificate->not_after);
  return get_date (certificate->not_before);
}

static char *
fill_gap (const PrReport *report, const char *gap)
{
  if (g_str_equal (gap, "account"))
    return get_account (report);
  if (g_str_equal (gap, "subject"))
    return get_subject (report);
  if (g_str_equal (gap, "detail"))
    return report->detail != NULL ? pr_text_for_display (report->detail, -1, DETAIL_MAX)
                                  : g_strdup ("—");
  if (g_str_equal (gap, "direction"))
    return g_strdup (report->direction == PR_DIRECTION_INCOMING ? C_ ("email", "incoming")
                                                                : C_ ("email", "outgoing"));
  if (g_str_equal (gap, "server"))
    return get_server (report);
  if (g_str_equal (gap, "host"))
    return pr_host_to_display (report->host);
  if (g_str_equal (gap, "port"))
    return g_strdup_printf ("%u", report->port);
  if (g_str_equal (gap, "profile"))
    return report->profile != NULL ? g_strdup_printf (_ ("“%s”"), report->profile) : g_strdup ("");
  if (g_str_equal (gap, "protocol"))
    return g_strdup (report->protocol == PR_PROTOCOL_POP3 ? "POP3" : "SMTP");
  if (g_str_equal (gap, "security"))
    return g_strdup (pr_report_text_get_security (report->security));
  if (g_str_equal (gap, "found"))
    return g_strdup (report->found_protocol != NULL ? report->found_protocol : _ ("another"));
  if (g_str_equal (gap, "reply"))
    return get_reply (report);
  if (g_str_equal (gap, "step"))
    return g_strdup (pr_report_text_get_step (report->failed_step));
  if (g_str_equal (gap, "offered"))
    return report->mechanisms != NULL && report->mechanisms[0] != NULL
               ? g_strjoinv (", ", report->mechanisms)
               : g_strdup (_ ("none"));
  if (g_str_equal (gap, "unsent"))
    /* Translators: the end of a sentence, such as “The certificate is not for mail.example.org” */
    return g_strdup (report->username != NULL ? _ (", so the password was not sent") : "");
  if (g_str_equal (gap, "wait"))
    return get_wait (report);
  if (g_str_equal (gap, "suggestion"))
    return get_suggestion (report);
  if (g_str_equal (gap, "usual"))
    return get_usual (report);
  if (g_str_equal (gap, "mechanism-was"))
    return get_mechanism_was (report);
  if (g_str_equal (gap, "tls-was") || g_str_equal (gap, "tls-is"))
    return get_tls_difference (report, g_str_equal (gap, "tls-was"));
  if (g_str_equal (gap, "mechanism"))
    return g_strdup (report->mechanism != NULL ? report->mechanism : "—");
  if (g_str_equal (gap, "delay"))
    return get_delay (report);
  if (g_str_equal (gap, "expire"))
    return get_expire (report);
  return get_certificate_gap (report, gap);
}

/* Replaces each "{gap}" of @sentence. What a gap left empty leaves no second space. */
static char *
fill (const PrReport *report, const char *sentence)
{
  GString *text = g_string_new (NULL);
  const char *p = sentence;

  for (;;)
    {
      const char *open = strchr (p, '{');
      const char *close = open != NULL ? strchr (open, '}') : NULL;
      g_autofree char *gap = NULL;
      g_autofree char *value = NULL;

      if (close == NULL)
        break;
      gap = g_strndup (open + 1, (gsize) (close - open - 1));
      value = pr_bidi_isolate_take (fill_gap (report, gap));
      g_string_append_len (text, p, open - p);
      g_string_append (text, value);
      p = close + 1;
      if (*value == '\0' && *p == ' ')
        p++;
    }
  g_string_append (text, p);
  return g_string_free (text, FALSE);
}

static const char *
get_success (const PrReport *report)
{
  if (report->direction == PR_DIRECTION_INCOMING)
    return pr_report_find_step (report, PR_STEP_MAILBOX) != NULL
               ? _ ("Incoming email works: {account} was opened on {server}.")
               : _ ("{server} answers as it should.");
  if (pr_report_find_step (report, PR_STEP_SUBMIT) != NULL)
    return _ ("Outgoing email works: {server} accepted a message of {account}.");
  if (pr_report_find_step (report, PR_STEP_AUTHENTICATE) != NULL)
    return _ ("Outgoing email works: {account} was logged in on {server}.");
  return _ ("{server} answers as it should.");
}

/* A sentence begins with a capital letter also where a server stands first; a host name or an
 * address stays as it is. */
static gboolean
begins_with_words (const PrReport *report, const char *sentence)
{
  return g_str_has_prefix (sentence, "{server}")
         || (g_str_has_prefix (sentence, "{subject}") && report->mailbox == NULL)
         || (g_str_has_prefix (sentence, "{account}") && report->mailbox == NULL
             && report->username == NULL);
}

static char *
fill_sentence (const PrReport *report, const char *sentence)
{
  g_autofree char *text = fill (report, sentence);
  g_autoptr (GString) result = g_string_new (NULL);
  const char *words = pr_bidi_skip_mark (text);

  if (!begins_with_words (report, sentence))
    return g_steal_pointer (&text);
  g_string_append_len (result, text, words - text);
  g_string_append_unichar (result, g_unichar_toupper (g_utf8_get_char (words)));
  g_string_append (result, g_utf8_next_char (words));
  return g_strdup (result->str);
}

/* Not run because of what others met; its code is theirs. */
static gboolean
is_given_up (const PrReport *report)
{
  return report->outcome == PR_OUTCOME_SKIPPED && report->code != PR_CODE_MAILBOX_DIRECTION_NONE;
}

/* The server closed the connection, but not for what the server profile says. */
static gboolean
is_hung_up (const PrReport *report)
{
  const PrReportStep *step = pr_report_find_step (report, PR_STEP_AUTHENTICATE);

  return report->code == PR_CODE_CONNECTION_LOST && report->failed_step != PR_STEP_AUTHENTICATE
         && step != NULL && step->outcome == PR_OUTCOME_SUCCESS;
}

/* Returns: (nullable): what is more exact than the sentences of the code. */
static const PrSentence *
find_special (const PrReport *report)
{
  const PrSentence *special = pr_sentence_get_special (report->remedy_id);

  if (is_hung_up (report))
    return pr_sentence_get_hung_up ();
  return special != NULL ? special : pr_report_oauth_find (report->remedy_id);
}

/**
 * pr_report_text_get_summary:
 * @report: a report
 *
 * Returns: (transfer full): in one sentence what happened and why, translated
 */
char *
pr_report_text_get_summary (const PrReport *report)
{
  const PrSentence *sentence = pr_sentence_get (report->code);
  const PrSentence *special = find_special (report);

  if (is_given_up (report) && report->code == PR_CODE_MAILBOX_IN_USE)
    return fill_sentence (report, _ ("{account} was not tested, because another test of it is "
                                     "running."));
  if (is_given_up (report))
    return fill_sentence (report,
                          report->scope == PR_SCOPE_PROFILE
                              ? _ ("{account} was not tested, because other mailboxes of the "
                                   "server profile “{profile}” had just met the same problem.")
                              : _ ("{account} was not tested, because {server} had refused "
                                   "several log-ins in a row, and more could lock accounts."));
  if (report->code == PR_CODE_OK)
    return fill_sentence (report, get_success (report));
  if (special != NULL && special->summary != NULL)
    sentence = special;
  return fill_sentence (report, _ (sentence->summary));
}

/* What happens next: nobody should have to guess whether it is tried again. */
static char *
get_next (const PrReport *report)
{
  g_autoptr (GDateTime) next = NULL;
  g_autofree char *time = NULL;

  if (report->outcome != PR_OUTCOME_FAILURE || report->permanence != PR_PERMANENCE_TRANSIENT)
    return NULL;
  if (report->next_attempt_at != 0)
    {
      next = g_date_time_new_from_unix_local (report->next_attempt_at / G_USEC_PER_SEC);
      time = pr_bidi_isolate_take (g_date_time_format (next, "%X"));
      return g_strdup_printf (_ ("It is tried again by itself at %s."), time);
    }
  /* Nothing is stored of a test without a mailbox and a profile. */
  if (report->mailbox != NULL && report->profile != NULL)
    return g_strdup (_ ("It is not tried again by itself any more."));
  if (report->wait_s == 0)
    return g_strdup (_ ("Test again in some minutes."));
  time = get_wait (report);
  return g_strdup_printf (_ ("Test again after %s."), time);
}

/* What is known of the provider, where a log-in was refused and nothing more precise is known. */
static void
append_notes (const PrReport *report, GString *text)
{
  g_autofree char *name = NULL;
  g_auto (GStrv) notes = NULL;

  if (report->code != PR_CODE_AUTHENTICATION_REJECTED || report->remedy_id != NULL)
    return;
  notes = pr_providers_list_notes (report->host, report->direction, &name);
  for (guint i = 0; notes != NULL && notes[i] != NULL; i++)
    {
      const char *note = pr_sentence_get_note (notes[i]);
      g_auto (GStrv) parts = g_strsplit (note != NULL ? _ (note) : "", "{provider}", -1);
      g_autofree char *filled = g_strjoinv (name, parts);

      if (*filled != '\0')
        g_string_append_printf (text, " %s", filled);
    }
}

/**
 * pr_report_text_get_remedy:
 * @report: a report
 *
 * Returns: (transfer full) (nullable): what an admin can do about it and whether it is tried
 *   again, translated; %NULL when there is nothing to do
 */
char *
pr_report_text_get_remedy (const PrReport *report)
{
  const PrSentence *sentence = pr_sentence_get (report->code);
  const char *known = pr_sentence_get_remedy (report->remedy_id);
  g_autofree char *first = NULL;
  g_autofree char *next = get_next (report);
  GString *text;
  const PrSentence *special = find_special (report);

  if (is_given_up (report) && report->code == PR_CODE_MAILBOX_IN_USE)
    return g_strdup (_ ("Wait until the other test is over."));
  if (is_given_up (report) && report->scope != PR_SCOPE_PROFILE)
    return g_strdup (_ ("Correct the passwords that were refused, then test again."));
  if (special != NULL)
    sentence = special;
  if (sentence->remedy == NULL)
    return NULL;
  first = fill_sentence (report, known != NULL ? _ (known) : _ (sentence->remedy));
  text = g_string_new (first);
  append_notes (report, text);
  if (next != NULL)
    g_string_append_printf (text, " %s", next);
  return g_string_free (text, FALSE);
}

/**
 * pr_report_text_get_warning:
 * @report: a report
 * @warning: what it was the reason for
 * @remedy: (out) (transfer full): what an admin can do about it, translated
 *
 * Returns: (transfer full): in one sentence what was found, translated
 */
char *
pr_report_text_get_warning (const PrReport *report, PrWarning warning, char **remedy)
{
  const PrSentence *sentence = pr_sentence_get_warning (warning);

  *remedy = fill_sentence (report, _ (sentence->remedy));
  return fill_sentence (report, _ (sentence->summary));
}

/**
 * pr_report_text_get_notice:
 * @report: a report
 * @notice: one of its notices
 * @remedy: (out) (transfer full): what an admin can do about it, translated
 *
 * Returns: (transfer full): in one sentence what somebody should know, translated
 */
char *
pr_report_text_get_notice (const PrReport *report, const PrNotice *notice, char **remedy)
{
  const PrSentence *sentence = pr_sentence_get_notice (notice->kind);

  *remedy = fill_sentence (report, _ (sentence->remedy));
  return fill_sentence (report, _ (sentence->summary));
}

static const char *
get_difference_name (PrDifferenceKind kind)
{
  switch (kind)
    {
      case PR_DIFFERENCE_CERTIFICATE:
        return _ ("Another certificate");
      case PR_DIFFERENCE_ISSUER:
        return _ ("Another issuer of the certificate");
      case PR_DIFFERENCE_TLS_VERSION:
        return _ ("Another version of the encryption");
      case PR_DIFFERENCE_MECHANISM:
        return _ ("Another way to log in");
      case PR_DIFFERENCE_MECHANISMS_GONE:
        return _ ("Ways to log in that are not offered any more");
      case PR_DIFFERENCE_MECHANISMS_NEW:
        return _ ("New ways to log in");
      case PR_DIFFERENCE_CAPABILITIES_GONE:
        return _ ("Not offered any more");
      case PR_DIFFERENCE_CAPABILITIES_NEW:
        return _ ("Newly offered");
      case PR_DIFFERENCE_DURATION:
        return _ ("Much slower than usual");
    }
  g_return_val_if_reached ("");
}

/**
 * pr_report_text_get_difference:
 * @difference: a difference from the last test that succeeded
 *
 * Returns: (transfer full): what changed, in one line, translated
 */
char *
pr_report_text_get_difference (const PrDifference *difference)
{
  const char *name = get_difference_name (difference->kind);

  if (difference->was != NULL && difference->is != NULL)
    /* Translators: what changed: before → now */
    return g_strdup_printf (_ ("%s: %s → %s"), name, difference->was, difference->is);
  return g_strdup_printf (_ ("%s: %s"), name,
                          difference->was != NULL  ? difference->was
                          : difference->is != NULL ? difference->is
                                                   : "—");
}
