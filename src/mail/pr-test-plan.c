/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrTestPlan: the one thing that a worker is given. Made in the main thread, read-only in the
 * worker, dropped (and its secret with it) when the conversation ends. */

#include "pr-test-plan.h"

/**
 * pr_test_plan_new:
 * @protocol: POP3 or SMTP
 * @host: the server
 * @port: its port
 *
 * Returns: (transfer full): a plan for implicit TLS, without credentials, with the default
 *   limits
 */
PrTestPlan *
pr_test_plan_new (PrProtocol protocol, const char *host, guint16 port)
{
  PrTestPlan *self;

  g_return_val_if_fail (host != NULL, NULL);

  self = g_new0 (PrTestPlan, 1);
  g_atomic_ref_count_init (&self->refs);
  self->protocol = protocol;
  self->host = g_strdup (host);
  self->port = port;
  self->timeout_s = PR_TIMEOUT_DEFAULT_S;
  self->total_timeout_s = PR_TOTAL_TIMEOUT_DEFAULT_S;
  self->attempt = 1;
  return self;
}

/**
 * pr_test_plan_ref:
 * @self: a plan
 *
 * Returns: (transfer full): @self
 */
PrTestPlan *
pr_test_plan_ref (PrTestPlan *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * pr_test_plan_unref:
 * @self: (transfer full): a plan
 */
void
pr_test_plan_unref (PrTestPlan *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_free (self->environment);
  g_free (self->profile);
  g_free (self->address);
  g_free (self->host);
  g_free (self->ca_pem);
  g_free (self->pin);
  g_free (self->username);
  g_free (self->message_id);
  g_free (self->newest_uid);
  g_clear_pointer (&self->delivery_plan, pr_test_plan_unref);
  g_clear_pointer (&self->secret, pr_secret_unref);
  g_free (self);
}

/**
 * pr_test_plan_verify_delivery:
 * @self: a new plan for an outgoing test that sends a message
 * @incoming: (transfer full): how to open the same mailbox; nobody else uses this plan
 * @timeout_s: how long to look, in seconds
 * @newest_uid: (nullable): the unique id of the newest message that was there before: it and
 *   whatever stands in front of it is not looked at
 *
 * Makes the test look for its message in the mailbox after it was sent.
 */
void
pr_test_plan_verify_delivery (PrTestPlan *self,
                              PrTestPlan *incoming,
                              guint timeout_s,
                              const char *newest_uid)
{
  g_return_if_fail (self->protocol == PR_PROTOCOL_SMTP && self->delivery_plan == NULL);
  g_return_if_fail (incoming->protocol == PR_PROTOCOL_POP3);

  self->message_id = g_uuid_string_random ();
  self->delivery_plan = incoming;
  self->delivery_timeout_s = timeout_s;
  self->newest_uid = g_strdup (newest_uid);
}
