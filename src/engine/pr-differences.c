/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What changed since the last test of the same mailbox and direction that succeeded: compares a
 * report with the facts that were kept, and says what is worth a warning. A log-in or an
 * encryption that was there and is gone may be somebody on the way who removes it (threat X07).
 * Any thread; asks no clock. */

#include "pr-differences.h"

#include <string.h>

#define DAY_US (24 * G_TIME_SPAN_HOUR)

/* "Much longer": so many times as usual, and longer by so much, once there is a usual. */
#define SLOW_FACTOR 3
#define SLOW_EXTRA_US (2 * G_USEC_PER_SEC)
#define SLOW_MIN_SEEN 3
#define USUAL_WEIGHT 4 /* a new time counts for a quarter */

static char *
get_server (const PrReport *report)
{
  g_autofree char *host = g_ascii_strdown (report->host, -1);

  return g_strdup_printf ("%s:%u %s", host, report->port,
                          pr_enum_to_nick (PR_TYPE_SECURITY, (int) report->security));
}

static int
compare_lines (gconstpointer a, gconstpointer b)
{
  return g_ascii_strcasecmp (*(const char *const *) a, *(const char *const *) b);
}

/* One a line, in an order of their own: that of the server means nothing. */
static char *
join_sorted (char **texts)
{
  g_auto (GStrv) sorted = g_strdupv (texts);

  if (sorted == NULL)
    return NULL;
  qsort (sorted, g_strv_length (sorted), sizeof *sorted, compare_lines);
  return g_strjoinv ("\n", sorted);
}

static gboolean
has_line (char **lines, const char *line)
{
  for (guint i = 0; lines != NULL && lines[i] != NULL; i++)
    if (g_ascii_strcasecmp (lines[i], line) == 0)
      return TRUE;
  return FALSE;
}

/* Those of @lines that @others has not, in one line. */
static char *
list_missing (char **lines, char **others)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) missing = NULL;

  for (guint i = 0; lines != NULL && lines[i] != NULL; i++)
    if (*lines[i] != '\0' && !has_line (others, lines[i]))
      g_strv_builder_add (builder, lines[i]);
  missing = g_strv_builder_end (builder);
  return missing[0] != NULL ? g_strjoinv (", ", missing) : NULL;
}

static void
compare_lists (PrReport *report,
               const char *before,
               char **now,
               PrDifferenceKind kind_gone,
               PrDifferenceKind kind_new)
{
  g_auto (GStrv) lines = g_strsplit (before != NULL ? before : "", "\n", -1);
  g_autofree char *gone = NULL;
  g_autofree char *added = NULL;

  if (before == NULL || now == NULL)
    return;
  gone = list_missing (lines, now);
  added = list_missing (now, lines);
  if (gone != NULL)
    pr_report_add_difference (report, kind_gone, gone, NULL);
  if (added != NULL)
    pr_report_add_difference (report, kind_new, NULL, added);
}

static void
compare_text (PrReport *report, PrDifferenceKind kind, const char *was, const char *is)
{
  if (was != NULL && is != NULL && !g_str_equal (was, is))
    pr_report_add_difference (report, kind, was, is);
}

static void
compare_duration (const PrFacts *facts, PrReport *report)
{
  g_autofree char *was = NULL;
  g_autofree char *is = NULL;

  if (report->outcome != PR_OUTCOME_SUCCESS || facts->n_seen < SLOW_MIN_SEEN
      || report->elapsed_us < facts->usual_us * SLOW_FACTOR
      || report->elapsed_us < facts->usual_us + SLOW_EXTRA_US)
    return;
  was = g_strdup_printf ("%.1f s", (double) facts->usual_us / G_USEC_PER_SEC);
  is = g_strdup_printf ("%.1f s", (double) report->elapsed_us / G_USEC_PER_SEC);
  pr_report_add_difference (report, PR_DIFFERENCE_DURATION, was, is);
}

/* USER and PASS are a capability, not a SASL mechanism. */
static gboolean
offers_mechanism (const PrReport *report, const char *mechanism)
{
  if (g_str_equal (mechanism, pr_mechanism_to_name (PR_MECHANISM_USER)))
    return has_line (report->capabilities, "USER");
  return has_line (report->mechanisms, mechanism);
}

/* What the server offers in clear is not compared with what it offers inside TLS. */
static gboolean
knows_offers (const PrReport *report)
{
  return report->capabilities != NULL && report->capabilities[0] != NULL
         && (report->security == PR_SECURITY_NONE || report->tls_version != NULL);
}

/* A mechanism that servers answer to without naming it (APOP, a chosen one) is not missed. */
static gboolean
was_offered (const PrFacts *facts)
{
  g_auto (GStrv) before = g_strsplit (facts->mechanisms != NULL ? facts->mechanisms : "", "\n", -1);
  g_auto (GStrv) capabilities =
      g_strsplit (facts->capabilities != NULL ? facts->capabilities : "", "\n", -1);

  return g_str_equal (facts->expected_mechanism, pr_mechanism_to_name (PR_MECHANISM_USER))
             ? has_line (capabilities, "USER")
             : has_line (before, facts->expected_mechanism);
}

/* It is news only once: what the last test did without already is known. */
static void
judge_mechanism (const PrFacts *facts, const PrReport *report, PrWarnings *warnings)
{
  if (!knows_offers (report) || facts->expected_mechanism == NULL)
    return;
  if (offers_mechanism (report, facts->expected_mechanism))
    warnings->disproved |= 1u << PR_WARNING_MECHANISM_GONE;
  else if (was_offered (facts))
    warnings->raised |= 1u << PR_WARNING_MECHANISM_GONE;
}

static gboolean
is_tls_gone (const PrReport *report)
{
  return (report->code == PR_CODE_STARTTLS_UNAVAILABLE
          && report->permanence == PR_PERMANENCE_PERMANENT)
         || report->code == PR_CODE_PLAIN_EXPECTED;
}

static void
judge_tls (const PrFacts *facts, PrReport *report, PrWarnings *warnings)
{
  if (facts->tls_version == NULL)
    return;
  if (is_tls_gone (report))
    {
      warnings->raised |= 1u << PR_WARNING_TLS_GONE;
      pr_report_add_difference (report, PR_DIFFERENCE_TLS_VERSION, facts->tls_version, NULL);
    }
  else if (report->tls_version != NULL)
    {
      warnings->disproved |= 1u << PR_WARNING_TLS_GONE;
      if (strcmp (report->tls_version, facts->tls_version) < 0)
        warnings->raised |= 1u << PR_WARNING_TLS_LOWER;
      else if (g_strcmp0 (report->tls_version, facts->expected_tls) >= 0)
        warnings->disproved |= 1u << PR_WARNING_TLS_LOWER;
    }
}

/* Only one that counts: an untrusted one is a failure of its own. */
static void
judge_certificate (const PrReport *report, gint64 now, PrWarnings *warnings)
{
  const PrCertificate *certificate = report->certificate;
  gint64 left;

  if (certificate == NULL || certificate->n_problems > 0)
    return;
  left = certificate->not_after - now;
  if (left >= PR_CERTIFICATE_WARNING_DAYS * DAY_US)
    {
      warnings->disproved |= 1u << PR_WARNING_CERTIFICATE_ENDS;
      return;
    }
  warnings->raised |= 1u << PR_WARNING_CERTIFICATE_ENDS;
  warnings->certificate_severity =
      left < PR_CERTIFICATE_ERROR_DAYS * DAY_US ? PR_SEVERITY_ERROR : PR_SEVERITY_WARNING;
}

/**
 * pr_differences_find:
 * @facts: (nullable): what was known before
 * @report: what was found out now; the differences are added to it
 * @now: microseconds since 1970
 * @warnings: (out): what is worth a warning, and what no longer is
 */
void
pr_differences_find (const PrFacts *facts, PrReport *report, gint64 now, PrWarnings *warnings)
{
  g_autofree char *server = get_server (report);
  const PrCertificate *certificate = report->certificate;

  *warnings = (PrWarnings){ 0, 0, PR_SEVERITY_WARNING };
  judge_certificate (report, now, warnings);
  if (facts == NULL || !g_str_equal (facts->server, server))
    return;
  if (certificate != NULL)
    {
      compare_text (report, PR_DIFFERENCE_CERTIFICATE, facts->certificate, certificate->sha256);
      compare_text (report, PR_DIFFERENCE_ISSUER, facts->issuer, certificate->issuer);
    }
  compare_text (report, PR_DIFFERENCE_TLS_VERSION, facts->tls_version, report->tls_version);
  compare_text (report, PR_DIFFERENCE_MECHANISM, facts->mechanism, report->mechanism);
  if (knows_offers (report))
    {
      compare_lists (report, facts->mechanisms, report->mechanisms, PR_DIFFERENCE_MECHANISMS_GONE,
                     PR_DIFFERENCE_MECHANISMS_NEW);
      compare_lists (report, facts->capabilities, report->capabilities,
                     PR_DIFFERENCE_CAPABILITIES_GONE, PR_DIFFERENCE_CAPABILITIES_NEW);
    }
  compare_duration (facts, report);
  judge_mechanism (facts, report, warnings);
  judge_tls (facts, report, warnings);
}

/* What is missed stays expected; whatever is there takes its place. */
static void
learn_expectations (PrFacts *known, const PrFacts *before, const PrReport *report)
{
  gboolean is_missed = before != NULL && before->expected_mechanism != NULL
                       && !offers_mechanism (report, before->expected_mechanism);

  known->expected_mechanism = g_strdup (is_missed ? before->expected_mechanism : report->mechanism);
  known->expected_tls =
      g_strdup (before != NULL && g_strcmp0 (before->expected_tls, report->tls_version) > 0
                    ? before->expected_tls
                    : report->tls_version);
}

/**
 * pr_differences_learn:
 * @facts: (nullable): what was known before
 * @report: a report
 * @mailbox_id: whose it is
 * @now: microseconds since 1970
 *
 * Returns: (transfer full) (nullable): what is known now; %NULL if @report teaches nothing,
 *   because the test did not succeed
 */
PrFacts *
pr_differences_learn (const PrFacts *facts, const PrReport *report, gint64 mailbox_id, gint64 now)
{
  g_autofree char *server = get_server (report);
  gboolean same = facts != NULL && g_str_equal (facts->server, server);
  PrFacts *known;

  if (report->outcome != PR_OUTCOME_SUCCESS || report->capabilities == NULL)
    return NULL;
  known = pr_facts_new (mailbox_id, report->direction, server);
  known->seen_at = now;
  known->capabilities = join_sorted (report->capabilities);
  known->mechanisms = join_sorted (report->mechanisms);
  known->mechanism = g_strdup (report->mechanism);
  known->tls_version = g_strdup (report->tls_version);
  learn_expectations (known, same ? facts : NULL, report);
  if (report->certificate != NULL)
    {
      known->certificate = g_strdup (report->certificate->sha256);
      known->issuer = g_strdup (report->certificate->issuer);
      known->not_after = report->certificate->not_after;
    }
  known->n_seen = same ? facts->n_seen + 1 : 1;
  known->usual_us = same ? facts->usual_us + (report->elapsed_us - facts->usual_us) / USUAL_WEIGHT
                         : report->elapsed_us;
  return known;
}
