/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One test of one server: the loop over the table of stages, and the stages that POP3 and SMTP
 * share (look-up, connection, TLS, certificate). Straight, blocking, cancellable code in a worker
 * thread, on a plan that nobody else has: share nothing.
 *
 * Every function that fails sets its error once; pr_conversation_end() turns it into the report's
 * verdict, and nothing rewrites that. */

#include "pr-conversation-private.h"

#include "pr-delivery.h"

#include "pr-connect.h"
#include "pr-recognise.h"
#include "pr-text.h"
#include "pr-turn.h"
#include "pr-validate.h"

#include <string.h>

/* A polite end is no reason to wait long: the verdict stands by then. */
#define QUIT_TIMEOUT_MS 2000

/**
 * pr_mail_context_new:
 *
 * Returns: (transfer full): a context for one run
 */
PrMailContext *
pr_mail_context_new (void)
{
  PrMailContext *self = g_new0 (PrMailContext, 1);

  g_atomic_ref_count_init (&self->refs);
  self->resolver = pr_resolver_new ();
  self->tls = pr_tls_context_new ();
  return self;
}

/**
 * pr_mail_context_ref:
 * @self: a context
 *
 * Returns: (transfer full): @self
 */
PrMailContext *
pr_mail_context_ref (PrMailContext *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * pr_mail_context_unref:
 * @self: (transfer full): a context
 */
void
pr_mail_context_unref (PrMailContext *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  pr_resolver_unref (self->resolver);
  pr_tls_context_unref (self->tls);
  g_free (self);
}

/* --- Small services for the stages ------------------------------------------------------------ */

gboolean
pr_conversation_wants_starttls (const PrConversation *self)
{
  return self->plan->security == PR_SECURITY_STARTTLS;
}

gboolean
pr_conversation_wants_login (const PrConversation *self)
{
  const PrTestPlan *plan = self->plan;

  return plan->mechanism != PR_MECHANISM_NONE
         && (plan->username != NULL || plan->authentication == PR_AUTHENTICATION_WINDOWS);
}

static gboolean
wants_tls (const PrConversation *self)
{
  return self->plan->security == PR_SECURITY_SSL;
}

void
pr_conversation_take_detail (PrConversation *self, char *detail)
{
  g_free (self->step_detail);
  self->step_detail = detail;
}

void
pr_conversation_forget_capabilities (PrConversation *self)
{
  g_ptr_array_set_size (self->capabilities, 0);
  g_clear_pointer (&self->mechanisms, g_strfreev);
  self->knows_capabilities = FALSE;
  self->report->offer = (PrOffer){ .expire_days = PR_EXPIRE_UNKNOWN };
}

/* The parameters of a capability (maybe ""), NULL if it is not offered. The first of several
 * holds, and case does not matter (rules P08 and S06). */
const char *
pr_conversation_find_capability (const PrConversation *self, const char *keyword)
{
  gsize n = strlen (keyword);

  for (guint i = 0; i < self->capabilities->len; i++)
    {
      const char *line = g_ptr_array_index (self->capabilities, i);

      if (g_ascii_strncasecmp (line, keyword, n) == 0 && (line[n] == '\0' || line[n] == ' '))
        return line[n] == ' ' ? line + n + 1 : line + n;
    }
  return NULL;
}

/* Rule T01, asked once more by whoever is about to send credentials (threat X05). */
gboolean
pr_conversation_check_may_log_in (PrConversation *self, GError **error)
{
  if (self->secure || (self->plan->security == PR_SECURITY_NONE && self->plan->allow_unencrypted))
    return TRUE;
  g_set_error_literal (error, PR_DIAGNOSIS, PR_CODE_POLICY_ENCRYPTION,
                       "no credentials without a verified channel");
  return FALSE;
}

/* --- The stages that both protocols share ----------------------------------------------------- */

static gboolean
stage_precheck (PrConversation *self, GError **error)
{
  const PrTestPlan *plan = self->plan;

  self->ascii_host = pr_host_to_ascii (plan->host);
  if (self->ascii_host == NULL || plan->port == 0)
    {
      g_set_error (error, PR_DIAGNOSIS, PR_CODE_PROFILE_INVALID, "“%s” port %u", plan->host,
                   plan->port);
      return FALSE;
    }
  if (plan->security == PR_SECURITY_NONE && pr_conversation_wants_login (self)
      && !plan->allow_unencrypted)
    return pr_conversation_check_may_log_in (self, error);
  if (plan->address != NULL && !pr_address_split (plan->address, NULL, NULL))
    {
      g_autofree char *safe = pr_text_for_display (plan->address, -1, 512);

      g_set_error_literal (error, PR_DIAGNOSIS, PR_CODE_MAILBOX_ADDRESS_INVALID, safe);
      return FALSE;
    }
  if ((plan->username != NULL && pr_text_has_controls (plan->username))
      || (plan->secret != NULL
          && (pr_text_has_controls (pr_secret_peek (plan->secret))
              || strlen (pr_secret_peek (plan->secret)) != pr_secret_get_length (plan->secret))))
    {
      g_set_error_literal (error, PR_DIAGNOSIS, PR_CODE_CREDENTIALS_MISSING,
                           "a control character in the user name or password");
      return FALSE;
    }
  return TRUE;
}

static gboolean
stage_resolve (PrConversation *self, GError **error)
{
  GString *text;

  pr_dialogue_reset_timeout (&self->dialogue, 1);
  self->addresses =
      pr_resolver_lookup (self->context->resolver, self->ascii_host, &self->wait, error);
  if (self->addresses == NULL)
    return FALSE;
  text = g_string_new (NULL);
  for (guint i = 0; i < self->addresses->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "",
                            ((PrAddress *) g_ptr_array_index (self->addresses, i))->text);
  pr_conversation_take_detail (self, g_string_free (text, FALSE));
  return TRUE;
}

static gboolean
stage_connect (PrConversation *self, GError **error)
{
  int fd;

  pr_dialogue_reset_timeout (&self->dialogue, 1);
  g_ptr_array_unref (self->report->addresses);
  fd = pr_connect (self->addresses, self->plan->port, &self->wait, &self->report->addresses, error);
  pr_conversation_take_detail (self, pr_connect_describe (self->report->addresses));
  if (fd < 0)
    return FALSE;
  self->dialogue.channel = pr_socket_channel_new (fd);
  /* The greeting is waited for as an answer to the connection. */
  pr_wait_note_sent (&self->wait);
  return TRUE;
}

gboolean
pr_conversation_start_tls (PrConversation *self, GError **error)
{
  const PrTestPlan *plan = self->plan;
  int fd = pr_socket_channel_get_fd (self->dialogue.channel);

  self->broken = TRUE; /* until it stands */
  self->tls = pr_tls_new (self->context->tls, plan->ca_pem, self->ascii_host, plan->min_tls,
                          plan->protocol, error);
  if (self->tls == NULL)
    return FALSE;
  pr_dialogue_reset_timeout (&self->dialogue, 1);
  if (!pr_tls_handshake (self->tls, fd, plan->security == PR_SECURITY_STARTTLS, &self->wait, error))
    {
      gsize n;
      const char *first = pr_tls_get_first_bytes (self->tls, &n);

      if (n > 0 && !pr_recognise_tls (first, n))
        {
          const char *found = pr_recognise_protocol (first, n);
          g_autofree char *line = g_strndup (first, n);

          line[strcspn (line, "\r\n")] = '\0';
          self->report->server_reply = pr_dialogue_show (&self->dialogue, line, 512);
          self->report->found_protocol = g_strdup (found);
        }
      return FALSE;
    }
  self->report->tls_version = pr_tls_get_version (self->tls);
  self->report->tls_cipher = pr_tls_get_cipher (self->tls);
  pr_conversation_take_detail (self, g_strconcat (self->report->tls_version,
                                                  pr_tls_is_resumed (self->tls) ? ", resumed" : "",
                                                  NULL));
  return TRUE;
}

static char *
describe_problems (const PrCertificate *certificate)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < certificate->n_problems; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "",
                            pr_code_to_word (certificate->problems[i]));
  if (pr_certificate_has_problem (certificate, PR_CODE_CERTIFICATE_PIN_CHANGED))
    g_string_append_printf (text, "; pinned: %s; shown: %s", certificate->pin, certificate->sha256);
  return g_string_free (text, FALSE);
}

gboolean
pr_conversation_check_certificate (PrConversation *self, GError **error)
{
  PrCertificate *certificate = pr_tls_verify (self->tls, self->plan->pin);
  g_autofree char *problems = describe_problems (certificate);

  self->report->certificate = certificate;
  if (certificate->n_problems > 0 && !certificate->pinned)
    {
      g_set_error_literal (error, PR_DIAGNOSIS, (int) pr_certificate_get_code (certificate),
                           problems);
      return FALSE;
    }
  pr_conversation_take_detail (
      self, certificate->pinned
                ? g_strdup_printf ("pinned, not verified (%s): %s", problems, certificate->subject)
                : g_strdup (certificate->subject));
  pr_socket_channel_set_tls (self->dialogue.channel, g_steal_pointer (&self->tls));
  self->secure = TRUE;
  self->broken = FALSE;
  return TRUE;
}

static const PrStage common_stages[] = {
  { PR_STEP_PRECHECK, NULL, stage_precheck },
  { PR_STEP_RESOLVE, NULL, stage_resolve },
  { PR_STEP_CONNECT, NULL, stage_connect },
  { PR_STEP_TLS, wants_tls, pr_conversation_start_tls },
  { PR_STEP_CERTIFICATE, wants_tls, pr_conversation_check_certificate },
};

/* --- The loop --------------------------------------------------------------------------------- */

static PrReportStep *
step_begin (PrConversation *self, PrStep id)
{
  PrReportStep *step = pr_report_find_step (self->report, id);

  if (step == NULL)
    step = pr_report_add_step (self->report, id, PR_OUTCOME_SUCCESS);
  if (self->progress != NULL)
    self->progress (id, self->progress_data);
  return step;
}

/* The one door through which a conversation fails. */
static void
conversation_end (PrConversation *self, PrReportStep *step, const GError *error)
{
  PrReport *report = self->report;

  g_return_if_fail (error->domain == PR_DIAGNOSIS);

  report->failed_step = step->id;
  report->code = (PrCode) error->code;
  report->outcome = report->code == PR_CODE_CANCELLED ? PR_OUTCOME_CANCELLED : PR_OUTCOME_FAILURE;
  if (self->diagnosis.code == report->code)
    {
      report->permanence = self->diagnosis.permanence;
      report->scope = self->diagnosis.scope;
      report->wait_s = self->diagnosis.wait_s;
    }
  else
    {
      report->permanence = pr_code_get_permanence (report->code);
      report->scope = pr_code_get_scope (report->code);
    }
  if (self->plan->profile_credentials && report->failed_step == PR_STEP_AUTHENTICATE
      && report->scope == PR_SCOPE_MAILBOX)
    report->scope = PR_SCOPE_PROFILE;
  /* Facts in one line, and once more: without our secret. */
  report->detail = pr_dialogue_mask (&self->dialogue, error->message);
  g_strdelimit (report->detail, "\n", ' ');
  step->outcome = report->outcome;
  step->code = report->code;
  g_free (step->detail);
  step->detail = g_strdup (report->detail);
  g_debug ("%s:%u: %s at %s", report->host, report->port, pr_code_to_word (report->code),
           pr_enum_to_nick (PR_TYPE_STEP, (int) step->id));
}

/* Returns: whether the conversation goes on. */
static gboolean
run_stage (PrConversation *self, const PrStage *stage)
{
  PrReportStep *step = step_begin (self, stage->step);
  gint64 begin = g_get_monotonic_time ();
  g_autoptr (GError) error = NULL;
  gboolean ok = stage->run (self, &error);

  step->elapsed_us += g_get_monotonic_time () - begin;
  /* Of a step that is done twice, the second time counts: it was inside TLS. */
  g_free (step->detail);
  step->detail = g_steal_pointer (&self->step_detail);
  if (!ok)
    conversation_end (self, step, error);
  return ok;
}

static void
skip_stage (PrConversation *self, const PrStage *stage)
{
  if (pr_report_find_step (self->report, stage->step) == NULL)
    pr_report_add_step (self->report, stage->step, PR_OUTCOME_SKIPPED);
}

static gboolean
run_table (PrConversation *self, const PrStage *stages, guint n_stages, gboolean going)
{
  for (guint i = 0; i < n_stages; i++)
    {
      const PrStage *stage = &stages[i];

      if (stage->wanted != NULL && !stage->wanted (self))
        continue;
      if (going)
        going = run_stage (self, stage);
      else
        skip_stage (self, stage);
    }
  return going;
}

static gboolean
is_connection_gone (PrCode code)
{
  return code == PR_CODE_CONNECTION_LOST || code == PR_CODE_CANCELLED
         || code == PR_CODE_RESPONSE_TIMEOUT || code == PR_CODE_PROTOCOL_ERROR
         || code == PR_CODE_STARTTLS_INJECTION;
}

/* QUIT (rules P23, S21): its answer changes nothing any more. */
static void
sign_out (PrConversation *self)
{
  gboolean failed = self->report->outcome != PR_OUTCOME_SUCCESS;
  gboolean possible = self->dialogue.channel != NULL && self->greeted && !self->broken
                      && !(failed && is_connection_gone (self->report->code));
  PrReportStep *step;
  gint64 begin = g_get_monotonic_time ();
  g_autoptr (GError) error = NULL;

  if (!possible)
    {
      pr_report_add_step (self->report, PR_STEP_SIGN_OUT, PR_OUTCOME_SKIPPED);
      return;
    }
  step = step_begin (self, PR_STEP_SIGN_OUT);
  self->dialogue.answer_limit_ms = failed ? QUIT_TIMEOUT_MS : 0;
  if (self->plan->protocol == PR_PROTOCOL_POP3)
    pr_pop3_quit (self, &error);
  else
    pr_smtp_quit (self, &error);
  step->elapsed_us = g_get_monotonic_time () - begin;
  step->detail = g_strdup (error != NULL ? error->message : NULL);
}

/* What the server said, fit for the report. */
static char **
show_all (PrConversation *self, char *const *texts, guint n)
{
  char **safe = g_new0 (char *, n + 1);

  for (guint i = 0; i < n; i++)
    safe[i] = pr_dialogue_show (&self->dialogue, texts[i], 512);
  return safe;
}

static void
keep_facts (PrConversation *self)
{
  PrReport *report = self->report;

  if (self->knows_capabilities)
    report->capabilities =
        show_all (self, (char **) self->capabilities->pdata, self->capabilities->len);
  if (self->mechanisms != NULL)
    report->mechanisms = show_all (self, self->mechanisms, g_strv_length (self->mechanisms));
  report->round_trips = self->wait.round_trips;
  pr_facts_take_notices (self);
}

static void
conversation_init (PrConversation *self,
                   PrTestPlan *plan,
                   PrMailContext *context,
                   GCancellable *cancellable)
{
  memset (self, 0, sizeof *self);
  self->plan = plan;
  self->context = context;
  self->report = pr_report_new_for_plan (plan);
  self->capabilities = g_ptr_array_new_with_free_func (g_free);
  self->diagnosis.code = PR_CODE_OK;
  self->refused_means = PR_CODE_OK;
  pr_wait_init (&self->wait, cancellable, plan->total_timeout_s);
  pr_dialogue_init (&self->dialogue, plan, self->report, &self->wait);
}

static PrReport *
conversation_finish (PrConversation *self)
{
  sign_out (self);
  keep_facts (self);
  pr_conversation_suggest (self);
  self->report->elapsed_us = g_get_monotonic_time () - self->dialogue.start_us;

  g_clear_pointer (&self->tls, pr_tls_free);
  pr_dialogue_clear (&self->dialogue);
  pr_wait_clear (&self->wait);
  g_strfreev (self->mechanisms);
  g_ptr_array_unref (self->capabilities);
  g_clear_pointer (&self->addresses, g_ptr_array_unref);
  g_free (self->ascii_host);
  g_free (self->apop_stamp);
  g_free (self->refused_because);
  g_free (self->step_detail);
  return self->report;
}

static void
run_protocol (PrConversation *self, gboolean going)
{
  if (self->plan->protocol == PR_PROTOCOL_POP3)
    run_table (self, pr_pop3_stages, pr_pop3_n_stages, going);
  else
    run_table (self, pr_smtp_stages, pr_smtp_n_stages, going);
}

/**
 * pr_conversation_run:
 * @plan: what to test; nobody changes it any more
 * @context: shared by the run
 * @cancellable: (nullable): ends the conversation within a moment
 * @progress: (nullable): told of each step, in this thread
 * @progress_data: for @progress
 *
 * Tests one server. Blocks; to be called in a worker thread. Whatever the server does ends in a
 * report.
 *
 * Returns: (transfer full): how it went
 */
PrReport *
pr_conversation_run (PrTestPlan *plan,
                     PrMailContext *context,
                     GCancellable *cancellable,
                     PrProgressFunc progress,
                     gpointer progress_data)
{
  PrConversation self;
  PrReport *report;
  gboolean going;

  pr_turn_take ();
  conversation_init (&self, plan, context, cancellable);
  self.progress = progress;
  self.progress_data = progress_data;
  going = run_table (&self, common_stages, G_N_ELEMENTS (common_stages), TRUE);
  run_protocol (&self, going);
  report = conversation_finish (&self);
  if (plan->delivery_plan != NULL && report->outcome == PR_OUTCOME_SUCCESS)
    {
      if (progress != NULL)
        progress (PR_STEP_DELIVERY, progress_data);
      pr_delivery_wait (plan, context, cancellable, report);
    }
  pr_turn_give ();
  return report;
}

/**
 * pr_conversation_run_on_channel:
 * @plan: what to test, with security "none"
 * @channel: (transfer full): something that is connected already
 * @cancellable: (nullable): ends the conversation within a moment
 *
 * The same conversation from the greeting on, over any channel: for tests.
 *
 * Returns: (transfer full): how it went
 */
PrReport *
pr_conversation_run_on_channel (PrTestPlan *plan, PrChannel *channel, GCancellable *cancellable)
{
  PrConversation self;

  g_return_val_if_fail (plan->security == PR_SECURITY_NONE, NULL);

  conversation_init (&self, plan, NULL, cancellable);
  self.dialogue.channel = channel;
  run_protocol (&self, TRUE);
  return conversation_finish (&self);
}

/**
 * pr_report_new_for_plan:
 * @plan: what is to be tested
 *
 * Returns: (transfer full): a report that names it, successful so far
 */
PrReport *
pr_report_new_for_plan (const PrTestPlan *plan)
{
  PrReport *report = pr_report_new ();

  report->environment = g_strdup (plan->environment);
  report->profile = g_strdup (plan->profile);
  report->mailbox = g_strdup (plan->address);
  report->direction =
      plan->protocol == PR_PROTOCOL_POP3 ? PR_DIRECTION_INCOMING : PR_DIRECTION_OUTGOING;
  report->protocol = plan->protocol;
  report->host = g_strdup (plan->host);
  report->port = plan->port;
  report->security = plan->security;
  report->username = g_strdup (plan->username);
  report->attempt = plan->attempt;
  report->started_at = g_get_real_time ();
  report->outcome = PR_OUTCOME_SUCCESS;
  report->code = PR_CODE_OK;
  return report;
}

/**
 * pr_report_new_not_run:
 * @plan: what was to be tested
 * @outcome: failure, cancelled or skipped
 * @code: why no packet was sent
 *
 * Returns: (transfer full): a report that ends with the step "precheck"
 */
PrReport *
pr_report_new_not_run (const PrTestPlan *plan, PrOutcome outcome, PrCode code)
{
  PrReport *report = pr_report_new_for_plan (plan);
  PrReportStep *step = pr_report_add_step (report, PR_STEP_PRECHECK, outcome);

  step->code = code;
  report->outcome = outcome;
  report->code = code;
  report->permanence = pr_code_get_permanence (code);
  report->scope = pr_code_get_scope (code);
  report->failed_step = PR_STEP_PRECHECK;
  return report;
}
