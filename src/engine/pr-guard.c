/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrGuard: how wide each side of a job may run, and when it is to stop.
 *
 * A server starts with one scout: whatever is wrong with the server itself is found once, and
 * the name, the trust and the TLS session that the scout leaves behind serve all others. Behind
 * the handshake as many may log in as may still be refused; the first that gets in opens the
 * server. Each later refusal narrows it again until the next one gets in. */

#include "pr-guard.h"

/* One server: who refuses log-ins. */
typedef struct
{
  gboolean answers;  /* somebody got as far as the log-in */
  gboolean lets_in;  /* somebody got in */
  gboolean is_asked; /* the admin said: go on */
  guint n_refused;   /* in a row */
  PrReport *cause;
} PrGuardServer;

/* One direction of one profile: what fails for all of its mailboxes alike. */
typedef struct
{
  PrGuardServer *server; /* borrowed from the table */
  guint n_failed;        /* in a row, with the same code */
  PrCode code;
  PrReport *cause;
} PrGuardSide;

struct _PrGuard
{
  GHashTable *servers;
  GHashTable *sides;
};

static void
server_free (gpointer data)
{
  PrGuardServer *server = data;

  g_clear_pointer (&server->cause, pr_report_unref);
  g_free (server);
}

static void
side_free (gpointer data)
{
  PrGuardSide *side = data;

  g_clear_pointer (&side->cause, pr_report_unref);
  g_free (side);
}

static PrGuardSide *
get_side (PrGuard *self, const char *name)
{
  PrGuardSide *side = g_hash_table_lookup (self->sides, name);

  g_assert (side != NULL);
  return side;
}

static void
keep_cause (PrReport **cause, PrReport *report)
{
  g_clear_pointer (cause, pr_report_unref);
  *cause = pr_report_ref (report);
}

/* A log-in that the server turned down because of whose it was. */
static gboolean
is_refusal (const PrReport *report)
{
  if (report->outcome != PR_OUTCOME_FAILURE || report->failed_step != PR_STEP_AUTHENTICATE)
    return FALSE;
  switch (report->code)
    {
      case PR_CODE_AUTHENTICATION_REJECTED:
      case PR_CODE_AUTHENTICATION_APP_PASSWORD:
      case PR_CODE_AUTHENTICATION_OAUTH_REQUIRED:
      case PR_CODE_AUTHENTICATION_WEB_LOGIN:
      case PR_CODE_AUTHENTICATION_DISABLED:
      case PR_CODE_ACCOUNT_LOCKED:
      case PR_CODE_RATE_LIMITED:
        return TRUE;
      default:
        return FALSE;
    }
}

static gboolean
got_in (const PrReport *report)
{
  return report->outcome == PR_OUTCOME_SUCCESS
         || (report->outcome == PR_OUTCOME_FAILURE && report->failed_step > PR_STEP_AUTHENTICATE
             && report->mechanism != NULL);
}

static gboolean
is_of_profile (const PrReport *report)
{
  return report->outcome == PR_OUTCOME_FAILURE && report->permanence == PR_PERMANENCE_PERMANENT
         && report->scope == PR_SCOPE_PROFILE;
}

/**
 * pr_guard_new:
 *
 * Returns: (transfer full): the guard of a job that has not begun
 */
PrGuard *
pr_guard_new (void)
{
  PrGuard *self = g_new0 (PrGuard, 1);

  self->servers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, server_free);
  self->sides = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, side_free);
  return self;
}

/**
 * pr_guard_free:
 * @self: (transfer full): a guard
 */
void
pr_guard_free (PrGuard *self)
{
  g_hash_table_unref (self->sides);
  g_hash_table_unref (self->servers);
  g_free (self);
}

/**
 * pr_guard_add_side:
 * @self: a guard
 * @side: name of one direction of one profile; adding it again is harmless
 * @server: name of the server that it speaks with
 */
void
pr_guard_add_side (PrGuard *self, const char *side, const char *server)
{
  PrGuardServer *known = g_hash_table_lookup (self->servers, server);
  PrGuardSide *new_side;

  if (g_hash_table_contains (self->sides, side))
    return;
  if (known == NULL)
    {
      known = g_new0 (PrGuardServer, 1);
      g_hash_table_insert (self->servers, g_strdup (server), known);
    }
  new_side = g_new0 (PrGuardSide, 1);
  new_side->server = known;
  g_hash_table_insert (self->sides, g_strdup (side), new_side);
}

/**
 * pr_guard_take_step:
 * @self: a guard
 * @side: a side
 * @step: a step that one of its conversations has come to
 *
 * Returns: whether widths may have changed
 */
gboolean
pr_guard_take_step (PrGuard *self, const char *side, PrStep step)
{
  PrGuardServer *server = get_side (self, side)->server;

  if (server->answers || step < PR_STEP_AUTHENTICATE)
    return FALSE;
  server->answers = TRUE;
  return TRUE;
}

/**
 * pr_guard_take_report:
 * @self: a guard
 * @side: a side
 * @report: what came of one of its conversations
 *
 * Returns: whether states or widths may have changed
 */
gboolean
pr_guard_take_report (PrGuard *self, const char *side, PrReport *report)
{
  PrGuardSide *here = get_side (self, side);
  PrGuardServer *server = here->server;
  PrGuardServer before = *server;
  gboolean was_stopped = here->n_failed >= PR_GUARD_FAILURES;

  if (is_of_profile (report))
    {
      here->n_failed = here->n_failed > 0 && here->code == report->code ? here->n_failed + 1 : 1;
      here->code = report->code;
      if (here->n_failed <= PR_GUARD_FAILURES)
        keep_cause (&here->cause, report);
    }
  else if (report->outcome != PR_OUTCOME_CANCELLED && here->n_failed < PR_GUARD_FAILURES)
    here->n_failed = 0;

  if (is_refusal (report))
    {
      server->n_refused++;
      keep_cause (&server->cause, report);
    }
  else if (got_in (report))
    {
      server->lets_in = TRUE;
      /* Those that were on their way when a server was held do not open it again. */
      if (server->n_refused < PR_GUARD_REFUSALS || server->is_asked)
        server->n_refused = 0;
    }
  return server->n_refused != before.n_refused || server->lets_in != before.lets_in
         || (here->n_failed >= PR_GUARD_FAILURES) != was_stopped;
}

/**
 * pr_guard_get_state:
 * @self: a guard
 * @side: a side
 *
 * Returns: whether its tests may go on
 */
PrGuardState
pr_guard_get_state (PrGuard *self, const char *side)
{
  PrGuardSide *here = get_side (self, side);

  if (here->n_failed >= PR_GUARD_FAILURES)
    return PR_GUARD_STOPPED;
  if (here->server->n_refused >= PR_GUARD_REFUSALS && !here->server->is_asked)
    return PR_GUARD_HELD;
  return PR_GUARD_OPEN;
}

/**
 * pr_guard_get_cause:
 * @self: a guard
 * @side: a side that is not open
 *
 * Returns: (transfer none) (nullable): the last report that led there; %NULL if it is open
 */
PrReport *
pr_guard_get_cause (PrGuard *self, const char *side)
{
  PrGuardSide *here = get_side (self, side);

  switch (pr_guard_get_state (self, side))
    {
      case PR_GUARD_OPEN:
        return NULL;
      case PR_GUARD_HELD:
        return here->server->cause;
      case PR_GUARD_STOPPED:
        return here->cause;
    }
  g_return_val_if_reached (NULL);
}

/**
 * pr_guard_get_width:
 * @self: a guard
 * @side: a side
 *
 * Returns: how many of its conversations may run at one time, %G_MAXUINT for any number
 */
guint
pr_guard_get_width (PrGuard *self, const char *side)
{
  PrGuardServer *server = get_side (self, side)->server;
  guint left;

  if (pr_guard_get_state (self, side) != PR_GUARD_OPEN)
    return 0;
  if (!server->answers)
    return 1;
  if (server->is_asked || (server->lets_in && server->n_refused == 0))
    return G_MAXUINT;
  left = PR_GUARD_REFUSALS - MIN (server->n_refused, PR_GUARD_REFUSALS);
  return MAX (left, 1);
}

/**
 * pr_guard_is_same_server:
 * @self: a guard
 * @side: a side
 * @other: another one
 *
 * Returns: whether both speak with one server
 */
gboolean
pr_guard_is_same_server (PrGuard *self, const char *side, const char *other)
{
  return get_side (self, side)->server == get_side (self, other)->server;
}

/**
 * pr_guard_go_on:
 * @self: a guard
 * @side: a side that is held
 *
 * The admin takes the risk: refusals hold this server no more.
 */
void
pr_guard_go_on (PrGuard *self, const char *side)
{
  get_side (self, side)->server->is_asked = TRUE;
}
