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
  g_free (self->username);
  g_clear_pointer (&self->secret, pr_secret_unref);
  g_free (self);
}
