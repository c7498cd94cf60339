/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrReport and what it is made of. Filled by one worker, then immutable: any thread. */

#include "pr-report.h"

#include <string.h>

static void
step_free (gpointer data)
{
  PrReportStep *step = data;

  g_free (step->detail);
  g_free (step);
}

static void
address_free (gpointer data)
{
  PrReportAddress *address = data;

  g_free (address->text);
  g_free (address->error);
  g_free (address);
}

/**
 * pr_report_address_array_new:
 *
 * Returns: (transfer full) (element-type PrReportAddress): an empty list
 */
GPtrArray *
pr_report_address_array_new (void)
{
  return g_ptr_array_new_with_free_func (address_free);
}

static void
line_free (gpointer data)
{
  PrTranscriptLine *line = data;

  g_free (line->text);
  g_free (line);
}

static void
difference_free (gpointer data)
{
  PrDifference *difference = data;

  g_free (difference->was);
  g_free (difference->is);
  g_free (difference);
}

/**
 * pr_report_new:
 *
 * Returns: (transfer full): an empty report, of attempt 1
 */
PrReport *
pr_report_new (void)
{
  PrReport *self = g_new0 (PrReport, 1);

  g_atomic_ref_count_init (&self->refs);
  self->attempt = 1;
  self->offer.expire_days = PR_EXPIRE_UNKNOWN;
  self->addresses = pr_report_address_array_new ();
  self->steps = g_ptr_array_new_with_free_func (step_free);
  self->transcript = g_ptr_array_new_with_free_func (line_free);
  self->differences = g_ptr_array_new_with_free_func (difference_free);
  return self;
}

/**
 * pr_report_ref:
 * @self: a report
 *
 * Returns: (transfer full): @self
 */
PrReport *
pr_report_ref (PrReport *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * pr_report_unref:
 * @self: (transfer full): a report
 */
void
pr_report_unref (PrReport *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_free (self->environment);
  g_free (self->profile);
  g_free (self->mailbox);
  g_free (self->host);
  g_free (self->username);
  g_free (self->detail);
  g_free (self->server_reply);
  g_free (self->newest_uid);
  g_free (self->answer_id);
  g_free (self->remedy_id);
  g_free (self->found_protocol);
  g_free (self->mechanism);
  g_free (self->tls_version);
  g_free (self->tls_cipher);
  g_clear_pointer (&self->certificate, pr_certificate_free);
  g_strfreev (self->capabilities);
  g_strfreev (self->mechanisms);
  g_ptr_array_unref (self->addresses);
  g_ptr_array_unref (self->steps);
  g_ptr_array_unref (self->transcript);
  g_ptr_array_unref (self->differences);
  g_free (self);
}

/**
 * pr_report_add_step:
 * @self: a report that nobody shares yet
 * @id: the step
 * @outcome: how it ended
 *
 * Returns: (transfer none): the new step, at the end of the list
 */
PrReportStep *
pr_report_add_step (PrReport *self, PrStep id, PrOutcome outcome)
{
  PrReportStep *step = g_new0 (PrReportStep, 1);

  step->id = id;
  step->outcome = outcome;
  step->code = PR_CODE_OK;
  g_ptr_array_add (self->steps, step);
  return step;
}

/**
 * pr_report_find_step:
 * @self: a report
 * @id: a step
 *
 * Returns: (transfer none) (nullable): the entry of @id; every step has at most one
 */
PrReportStep *
pr_report_find_step (const PrReport *self, PrStep id)
{
  for (guint i = 0; i < self->steps->len; i++)
    {
      PrReportStep *step = g_ptr_array_index (self->steps, i);

      if (step->id == id)
        return step;
    }
  return NULL;
}

/**
 * pr_report_add_line:
 * @self: a report that nobody shares yet
 * @at_us: microseconds since the start of the test
 * @from_server: who said it
 * @text: (transfer full): what was said, safe to show
 */
void
pr_report_add_line (PrReport *self, gint64 at_us, gboolean from_server, char *text)
{
  PrTranscriptLine *line = g_new0 (PrTranscriptLine, 1);

  line->at_us = at_us;
  line->from_server = from_server;
  line->text = text;
  g_ptr_array_add (self->transcript, line);
}

/**
 * pr_report_add_difference:
 * @self: a report that nobody shares yet
 * @kind: what is different
 * @was: (nullable): in the last test that succeeded
 * @is: (nullable): in this one
 */
void
pr_report_add_difference (PrReport *self, PrDifferenceKind kind, const char *was, const char *is)
{
  PrDifference *difference = g_new0 (PrDifference, 1);

  difference->kind = kind;
  difference->was = g_strdup (was);
  difference->is = g_strdup (is);
  g_ptr_array_add (self->differences, difference);
}

/**
 * pr_report_find_difference:
 * @self: a report
 * @kind: what may be different
 *
 * Returns: (transfer none) (nullable): the entry of @kind; there is at most one
 */
const PrDifference *
pr_report_find_difference (const PrReport *self, PrDifferenceKind kind)
{
  for (guint i = 0; i < self->differences->len; i++)
    {
      const PrDifference *difference = g_ptr_array_index (self->differences, i);

      if (difference->kind == kind)
        return difference;
    }
  return NULL;
}

static const char *const notice_words[PR_N_NOTICES] = {
  [PR_NOTICE_UNENCRYPTED] = "unencrypted", [PR_NOTICE_PORT_25] = "port-25",
  [PR_NOTICE_PINNED] = "pinned",           [PR_NOTICE_WEAK_MECHANISM] = "weak-mechanism",
  [PR_NOTICE_LOGIN_DELAY] = "login-delay", [PR_NOTICE_EXPIRE] = "expire",
};

/**
 * pr_notice_kind_to_word:
 * @kind: a kind
 *
 * Returns: (transfer none): its stable word
 */
const char *
pr_notice_kind_to_word (PrNoticeKind kind)
{
  g_return_val_if_fail ((guint) kind < PR_N_NOTICES, NULL);

  return notice_words[kind];
}

/**
 * pr_report_find_notice:
 * @self: a report
 * @kind: a kind
 *
 * Returns: (transfer none) (nullable): the notice of that kind
 */
const PrNotice *
pr_report_find_notice (const PrReport *self, PrNoticeKind kind)
{
  for (guint i = 0; i < self->n_notices; i++)
    if (self->notices[i].kind == kind)
      return &self->notices[i];
  return NULL;
}

/**
 * pr_report_add_notice:
 * @self: a report that nobody shares yet
 * @kind: a kind; a second time changes nothing
 * @number: what belongs to it
 */
void
pr_report_add_notice (PrReport *self, PrNoticeKind kind, guint number)
{
  if (pr_report_find_notice (self, kind) == NULL)
    self->notices[self->n_notices++] = (PrNotice){ kind, number };
}

/**
 * pr_certificate_new:
 *
 * Returns: (transfer full): an empty description
 */
PrCertificate *
pr_certificate_new (void)
{
  return g_new0 (PrCertificate, 1);
}

/**
 * pr_certificate_copy:
 * @self: a description
 *
 * Returns: (transfer full): another one of the same certificate
 */
PrCertificate *
pr_certificate_copy (const PrCertificate *self)
{
  PrCertificate *copy = g_new (PrCertificate, 1);

  *copy = *self;
  copy->subject = g_strdup (self->subject);
  copy->issuer = g_strdup (self->issuer);
  copy->names = g_strdupv (self->names);
  copy->sha256 = g_strdup (self->sha256);
  copy->key = g_strdup (self->key);
  copy->pin = g_strdup (self->pin);
  return copy;
}

/**
 * pr_certificate_free:
 * @self: (transfer full): a description
 */
void
pr_certificate_free (PrCertificate *self)
{
  g_free (self->subject);
  g_free (self->issuer);
  g_strfreev (self->names);
  g_free (self->sha256);
  g_free (self->key);
  g_free (self->pin);
  g_free (self);
}

/**
 * pr_certificate_has_problem:
 * @self: a description
 * @problem: one of the certificate-... codes
 *
 * Returns: whether that is wrong with it
 */
gboolean
pr_certificate_has_problem (const PrCertificate *self, PrCode problem)
{
  for (guint i = 0; i < self->n_problems; i++)
    if (self->problems[i] == problem)
      return TRUE;
  return FALSE;
}

/**
 * pr_certificate_add_problem:
 * @self: a description
 * @problem: one of the certificate-... codes; a second time changes nothing
 */
void
pr_certificate_add_problem (PrCertificate *self, PrCode problem)
{
  g_return_if_fail (self->n_problems < G_N_ELEMENTS (self->problems));

  if (!pr_certificate_has_problem (self, problem))
    self->problems[self->n_problems++] = problem;
}
