/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-secret.h"
#include "pr-types.h"

G_BEGIN_DECLS

typedef struct _PrDelivery PrDelivery;
typedef struct _PrTestPlan PrTestPlan;

/**
 * PrTestPlan:
 * @environment: (nullable): copied into the report
 * @profile: (nullable): copied into the report
 * @address: (nullable): the mailbox: copied into the report, and sender and recipient of the
 *   outgoing test
 * @host: the server as the admin typed it
 * @ca_pem: (nullable): certificates in PEM form that are trusted besides the system's
 * @pin: (nullable): the SHA-256 fingerprint of the one certificate that this server may show, 64
 *   lower-case hex digits; it need not be valid otherwise
 * @allow_unencrypted: the policy "allow connections without encryption"
 * @authentication: what kind of credentials these are: what %PR_MECHANISM_AUTO may choose from
 * @mechanism: %PR_MECHANISM_AUTO, one mechanism, or %PR_MECHANISM_NONE
 * @username: (nullable): without one the conversation ends after the capabilities, unless
 *   @authentication is %PR_AUTHENTICATION_WINDOWS: the ticket says who it is
 * @secret: (nullable): password or access token
 * @profile_credentials: whether they are the profile's: a refusal is then about all its mailboxes
 * @message_id: (nullable): what stands before the "@" in the Message-ID of the message to send
 * @delivery_plan: (nullable): outgoing: how to look whether the message arrives
 * @delivery_timeout_s: how long to look
 * @delivery: (nullable): incoming: what to look for; belongs to the worker
 * @polling_s: how often the mailbox is going to be asked, for comparison with what the server
 * allows; 0: nobody knows
 * @timeout_s: longest wait for one answer, 1 to 100 seconds
 * @total_timeout_s: longest time of the whole conversation
 * @attempt: 1 for the first
 *
 * Everything that one conversation needs to know. Filled by whoever makes it, immutable from
 * the moment that it is given to a conversation.
 */
struct _PrTestPlan
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
  char *pin;
  gboolean allow_unencrypted;

  PrAuthentication authentication;
  PrMechanism mechanism;
  char *username;
  PrSecret *secret;
  gboolean profile_credentials;

  PrSubmit submit;
  char *message_id;
  PrTestPlan *delivery_plan;
  guint delivery_timeout_s;
  char *newest_uid; /* (nullable): of what was in the mailbox before */
  PrDelivery *delivery;
  guint polling_s;
  guint timeout_s;
  guint total_timeout_s;
  guint attempt;
};

#define PR_TIMEOUT_DEFAULT_S 30
#define PR_TIMEOUT_MAX_S 100
#define PR_TOTAL_TIMEOUT_DEFAULT_S 120
#define PR_TOTAL_TIMEOUT_MAX_S 3600

PrTestPlan *pr_test_plan_new (PrProtocol protocol, const char *host, guint16 port);
PrTestPlan *pr_test_plan_ref (PrTestPlan *self);
void pr_test_plan_unref (PrTestPlan *self);
void pr_test_plan_verify_delivery (PrTestPlan *self,
                                   PrTestPlan *incoming,
                                   guint timeout_s,
                                   const char *newest_uid);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrTestPlan, pr_test_plan_unref)

G_END_DECLS
