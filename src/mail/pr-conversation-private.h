/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-conversation.h"
#include "pr-diagnose.h"
#include "pr-dialogue.h"
#include "pr-sasl.h"

G_BEGIN_DECLS

typedef struct _PrConversation PrConversation;

/**
 * PrStage:
 * @step: the step that it belongs to; several stages may belong to one
 * @wanted: (nullable): whether this plan has it at all
 * @run: does it; %FALSE with a diagnosis ends the conversation
 *
 * One row of a protocol's table.
 */
typedef struct
{
  PrStep step;
  gboolean (*wanted) (const PrConversation *self);
  gboolean (*run) (PrConversation *self, GError **error);
} PrStage;

struct _PrConversation
{
  const PrTestPlan *plan; /* borrowed */
  PrMailContext *context; /* borrowed; NULL when the channel was given */
  PrProgressFunc progress;
  gpointer progress_data;

  PrReport *report; /* owned */
  PrWait wait;
  PrDialogue dialogue;
  char *ascii_host;
  GPtrArray *addresses; /* of PrAddress */
  PrTls *tls;           /* owned until the channel takes it */

  /* What the server offers now; forgotten when TLS starts. */
  GPtrArray *capabilities; /* of char *: one line each */
  char **mechanisms;       /* SASL names */
  gboolean knows_capabilities;
  char *apop_stamp; /* of the greeting, nullable */

  gboolean secure;       /* TLS stands and the server is verified */
  gboolean greeted;      /* the server speaks our protocol: QUIT will be understood */
  gboolean broken;       /* nothing more can be said on this connection */
  PrDiagnosis diagnosis; /* of the last refusal */
  PrCode refused_means;  /* what a refused log-in is, if not a wrong password; else PR_CODE_OK */
  char *refused_because; /* the server's explanation, nullable */
  char *step_detail;
};

extern const PrStage pr_pop3_stages[];
extern const guint pr_pop3_n_stages;
extern const PrStage pr_smtp_stages[];
extern const guint pr_smtp_n_stages;
gboolean pr_delivery_wants_look (const PrConversation *self);
gboolean pr_delivery_look (PrConversation *self, GError **error);
gboolean pr_pop3_quit (PrConversation *self, GError **error);
gboolean pr_smtp_quit (PrConversation *self, GError **error);

gboolean pr_conversation_start_tls (PrConversation *self, GError **error);
gboolean pr_conversation_check_certificate (PrConversation *self, GError **error);
gboolean pr_conversation_wants_starttls (const PrConversation *self);
gboolean pr_conversation_wants_login (const PrConversation *self);
gboolean pr_conversation_check_may_log_in (PrConversation *self, GError **error);
char *pr_conversation_read_greeting (PrConversation *self, GError **error);
void pr_conversation_forget_capabilities (PrConversation *self);
const char *pr_conversation_find_capability (const PrConversation *self, const char *keyword);
void pr_conversation_take_detail (PrConversation *self, char *detail);

/* pr-facts.c */
void pr_facts_take_offer (PrConversation *self);
void pr_facts_take_notices (PrConversation *self);
guint pr_facts_get_login_delay (const PrConversation *self);

/* pr-refusal.c: what the server's answers mean. */
gboolean
pr_conversation_refused (PrConversation *self, PrStep step, const PrReply *reply, GError **error);
gboolean pr_conversation_refused_submission (PrConversation *self,
                                             const PrReply *reply,
                                             PrCode otherwise,
                                             GError **error);
void pr_conversation_keep_reply (PrConversation *self, const PrReply *reply);
gboolean pr_conversation_fail_greeting (PrConversation *self, const char *line, GError **error);
void pr_conversation_suggest (PrConversation *self);

/**
 * PrAuthenticateOps:
 * @max_command: octets of a command with CRLF
 * @read_reply: an answer while a SASL exchange goes on
 * @check_reply: whether the last answer is a success; %FALSE with a diagnosis
 * @log_in: (nullable): USER and APOP
 *
 * What the log-in of a protocol has of its own.
 */
typedef struct
{
  gsize max_command;
  PrReply *(*read_reply) (PrConversation *self, GError **error);
  gboolean (*check_reply) (PrConversation *self, const PrReply *reply, GError **error);
  gboolean (*log_in) (PrConversation *self, PrMechanism mechanism, GError **error);
} PrAuthenticateOps;

gboolean pr_authenticate (PrConversation *self,
                          const PrAuthenticateOps *ops,
                          PrSaslOffer *offer,
                          GError **error);

G_END_DECLS
