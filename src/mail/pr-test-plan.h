/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-secret.h"
#include "pr-types.h"

G_BEGIN_DECLS

/**
 * PrTestPlan:
 * @environment: (nullable): copied into the report
 * @profile: (nullable): copied into the report
 * @address: (nullable): the mailbox: copied into the report, and sender and recipient of the
 *   outgoing test
 * @host: the server as the admin typed it
 * @ca_pem: (nullable): certificates in PEM form that are trusted besides the system's
 * @allow_unencrypted: the policy "allow connections without encryption"
 * @mechanism: %PR_MECHANISM_AUTO, one mechanism, or %PR_MECHANISM_NONE
 * @username: (nullable): without one the conversation ends after the capabilities
 * @secret: (nullable): password or access token
 * @profile_credentials: whether they are the profile's: a refusal is then about all its mailboxes
 * @timeout_s: longest wait for one answer, 1 to 100 seconds
 * @total_timeout_s: longest time of the whole conversation
 * @attempt: 1 for the first
 *
 * Everything that one conversation needs to know. Filled by whoever makes it, immutable from
 * the moment that it is given to a conversation.
 */
typedef struct
{
  gatomicrefcount refs;

  char *environment;
  char *profile;
  char *address;

  PrProtocol protocol;
  char *host;
  guint16 port;
  PrSecurity security;
  PrTlsVersion min_tls;
  char *ca_pem;
  gboolean allow_unencrypted;

  PrMechanism mechanism;
  char *username;
  PrSecret *secret;
  gboolean profile_credentials;

  PrSubmit submit;
  guint timeout_s;
  guint total_timeout_s;
  guint attempt;
} PrTestPlan;

#define PR_TIMEOUT_DEFAULT_S 30
#define PR_TIMEOUT_MAX_S 100
#define PR_TOTAL_TIMEOUT_DEFAULT_S 120
#define PR_TOTAL_TIMEOUT_MAX_S 3600

PrTestPlan *pr_test_plan_new (PrProtocol protocol, const char *host, guint16 port);
PrTestPlan *pr_test_plan_ref (PrTestPlan *self);
void pr_test_plan_unref (PrTestPlan *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrTestPlan, pr_test_plan_unref)

G_END_DECLS
