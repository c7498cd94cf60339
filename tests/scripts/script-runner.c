/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One conversation of the mail room with one scripted server: to its end, or cancelled in front
 * of one of the script's instructions. Every wait is bounded. */

#include "script-runner.h"

#include "pr-conversation.h"
#include "pr-validate.h"

#include "pr-script-server.h"
#include "pr-test-authority.h"

#include "report-checks.h"

#include <gio/gio.h>

#define CANCEL_LIMIT_US G_USEC_PER_SEC

typedef struct
{
  PrTestPlan *plan;
  PrMailContext *context;
  GCancellable *cancellable;

  GMutex mutex;
  GCond cond;
  gboolean done;
  PrReport *report;
} PrClient;

static PrTestPlan *
make_plan (const PrScript *script, guint16 port)
{
  PrTestPlan *plan = pr_test_plan_new (script->protocol, script->host, port);

  plan->security = script->security;
  plan->min_tls = script->min_tls;
  plan->authentication = script->authentication;
  plan->mechanism = script->auth;
  plan->submit = script->submit;
  plan->allow_unencrypted = script->allow_unencrypted;
  plan->timeout_s = (guint) script->timeout_s;
  plan->total_timeout_s = (guint) script->total_timeout_s;
  plan->username = g_strdup (script->user);
  plan->address = g_strdup (script->address);
  if (script->password != NULL)
    plan->secret = pr_secret_new (script->password, -1);
  plan->polling_s = (guint) script->polling_s;
  if (script->pin != NULL)
    plan->pin = pr_test_authority_get_fingerprint (pr_test_authority_get_default (), script->pin);
  if (script->pin != NULL && plan->pin == NULL)
    g_error ("%s: no certificate of kind “%s”", script->name, script->pin);
  if (script->trust_ca)
    plan->ca_pem = g_strdup (pr_test_authority_get_ca_pem (pr_test_authority_get_default ()));
  return plan;
}

static void
client_init (PrClient *self, const PrScript *script, guint16 port)
{
  static const char *const loopback[] = { "127.0.0.1", NULL };
  g_autofree char *host = pr_host_to_ascii (script->host);

  *self = (PrClient){ .done = FALSE };
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  self->plan = make_plan (script, port);
  self->context = pr_mail_context_new ();
  self->cancellable = g_cancellable_new ();
  if (host != NULL)
    pr_resolver_add_static (self->context->resolver, host, loopback);
}

static void
client_clear (PrClient *self)
{
  pr_test_plan_unref (self->plan);
  pr_mail_context_unref (self->context);
  g_object_unref (self->cancellable);
  g_clear_pointer (&self->report, pr_report_unref);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);
}

static gpointer
client_thread (gpointer data)
{
  PrClient *self = data;
  PrReport *report = pr_conversation_run (self->plan, self->context, self->cancellable, NULL, NULL);

  g_mutex_lock (&self->mutex);
  self->report = report;
  self->done = TRUE;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);
  return NULL;
}

/* Returns: whether the conversation is over by @until. */
static gboolean
client_wait (PrClient *self, gint64 until)
{
  gboolean done;

  g_mutex_lock (&self->mutex);
  while (!self->done && g_cond_wait_until (&self->cond, &self->mutex, until))
    ;
  done = self->done;
  g_mutex_unlock (&self->mutex);
  return done;
}

/* A conversation that does not come back cannot be ended from outside: neither can the test. */
static void
client_must_end (PrClient *self, const PrScript *script)
{
  if (!client_wait (self, g_get_monotonic_time () + RUN_LIMIT_S * G_USEC_PER_SEC))
    g_error ("%s: the conversation did not return in %d s", script->name, RUN_LIMIT_S);
}

/**
 * run_script:
 * @script: a script
 *
 * Returns: (transfer full): all that went otherwise than the script says; "" if nothing did
 */
char *
run_script (const PrScript *script)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PrScriptServer) server = pr_script_server_new (script, &error);
  GString *problems = g_string_new (NULL);
  PrClient client;
  GThread *thread;

  if (server == NULL || !pr_script_server_start (server, &error))
    g_error ("%s: %s", script->name, error->message);
  client_init (&client, script, pr_script_server_get_port (server));
  thread = g_thread_new ("client", client_thread, &client);
  client_must_end (&client, script);
  g_thread_join (thread);
  if (!pr_script_server_finish (server, &error))
    g_string_append_printf (problems, "  %s\n", error->message);
  check_invariants (client.report, script, problems);
  check_expectations (client.report, script, pr_script_server_get_port (server), problems);
  client_clear (&client);
  return g_string_free (problems, FALSE);
}

/* Waits until the server stands still in front of the instruction, or the client is gone. */
static void
wait_until_held (PrClient *client, PrScriptServer *server, const PrScript *script)
{
  gint64 end = g_get_monotonic_time () + RUN_LIMIT_S * G_USEC_PER_SEC;

  while (!pr_script_server_wait_held (server, g_get_monotonic_time () + 20 * 1000)
         && !client_wait (client, g_get_monotonic_time ()))
    if (g_get_monotonic_time () > end)
      g_error ("%s: neither held nor over in %d s", script->name, RUN_LIMIT_S);
}

/**
 * cancel_script:
 * @script: a script
 * @index: one of its instructions, from 0
 * @after_us: microseconds after which it happens
 *
 * The server falls silent in front of that instruction, and the test is cancelled.
 *
 * Returns: (transfer full): all that is wrong with how it ended; "" if nothing is
 */
char *
cancel_script (const PrScript *script, guint index, gulong after_us)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PrScriptServer) server = pr_script_server_new (script, &error);
  GString *problems = g_string_new (NULL);
  PrClient client;
  GThread *thread;
  gint64 begin, elapsed;

  if (server != NULL)
    pr_script_server_hold_before (server, index);
  if (server == NULL || !pr_script_server_start (server, &error))
    g_error ("%s: %s", script->name, error->message);
  client_init (&client, script, pr_script_server_get_port (server));
  thread = g_thread_new ("client", client_thread, &client);
  wait_until_held (&client, server, script);
  g_usleep (after_us);
  begin = g_get_monotonic_time ();
  g_cancellable_cancel (client.cancellable);
  client_must_end (&client, script);
  elapsed = g_get_monotonic_time () - begin;
  g_thread_join (thread);
  pr_script_server_stop (server);
  (void) pr_script_server_finish (server, NULL);

  if (elapsed >= CANCEL_LIMIT_US)
    g_string_append_printf (problems, "  it took %.1f ms to cancel\n", (double) elapsed / 1000);
  if (client.report->outcome != PR_OUTCOME_CANCELLED && client.report->code != script->expect_code)
    g_string_append_printf (problems, "  ended with %s instead of cancelled\n",
                            pr_code_to_word (client.report->code));
  check_invariants (client.report, script, problems);
  client_clear (&client);
  return g_string_free (problems, FALSE);
}
