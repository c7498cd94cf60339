/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-channel.h"
#include "pr-line-reader.h"
#include "pr-reply.h"
#include "pr-test-plan.h"

G_BEGIN_DECLS

/* Everything that one server may send in one conversation (rules P04, S02): far more than the
 * longest honest one, far less than what hurts. */
#define PR_DIALOGUE_MAX_BYTES (1024 * 1024)
#define PR_TRANSCRIPT_MAX_LINES 400

#define PR_MASK_PAIRS 512

/**
 * PrDialogue:
 *
 * Lines to and from a server over a channel, each one recorded. Belongs to one worker.
 */
typedef struct
{
  const PrTestPlan *plan; /* borrowed */
  PrReport *report;       /* borrowed: the transcript goes there */
  PrWait *wait;           /* borrowed */
  gint64 start_us;        /* monotonic: the start of the test */
  PrChannel *channel;     /* owned, nullable */
  PrLineReader reader;
  gsize bytes_read;
  gboolean is_private;   /* what the server says now is not recorded */
  guint answer_limit_ms; /* shorter than the plan's time-out; 0: there is none */
  char *masks[5];        /* owned: forms of the secret that a server might echo */
  gsize mask_lengths[5];
  guint32 mask_begins[PR_MASK_PAIRS / 32]; /* how these and those below begin */
  GPtrArray *hidden; /* of char *: what was said in a log-in, and might be echoed, too */
} PrDialogue;

void pr_dialogue_init (PrDialogue *self, const PrTestPlan *plan, PrReport *report, PrWait *wait);
void pr_dialogue_clear (PrDialogue *self);

gboolean pr_dialogue_send (PrDialogue *self, const char *line, GError **error);
gboolean
pr_dialogue_send_secret (PrDialogue *self, const char *line, const char *shown, GError **error);
gboolean pr_dialogue_send_data (PrDialogue *self,
                                const char *bytes,
                                gsize n,
                                const char *shown,
                                GError **error);
void pr_dialogue_hide (PrDialogue *self, const char *text);
char *pr_dialogue_read_line (PrDialogue *self, gsize max, GError **error);
gboolean pr_dialogue_check_no_injection (PrDialogue *self, GError **error);
gboolean pr_dialogue_has_unread (PrDialogue *self, const char *prefix);
void pr_dialogue_reset_timeout (PrDialogue *self, guint factor);
char *pr_dialogue_mask (PrDialogue *self, const char *text);
char *pr_dialogue_show (PrDialogue *self, const char *text, gsize max_bytes);

G_END_DECLS
