/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The columns of the grid of mailboxes, and what each of them shows of a row: one entry of the
 * table per column. Main thread. */

#include "pr-grid-column.h"

#include "pr-report-text.h"
#include "pr-words.h"

#include <glib/gi18n.h>

static const PrGridColumn columns[] = {
  { "name", N_ ("Name"), PR_MAILBOX_NAME, 100, TRUE, TRUE },
  { "address", N_ ("Email Address"), PR_MAILBOX_ADDRESS, 175, TRUE, TRUE },
  { "profile", N_ ("Server Profile"), PR_MAILBOX_PROFILE_NAME, 115, FALSE, TRUE },
  { "kind", N_ ("Kind"), PR_MAILBOX_KIND, 110, FALSE, FALSE },
  { "owner", N_ ("Owner"), PR_MAILBOX_OWNER, 150, FALSE, FALSE },
  { "approval", N_ ("Approval"), PR_MAILBOX_APPROVAL, 105, FALSE, TRUE },
  { "incoming", N_ ("Incoming"), PR_MAILBOX_INCOMING_STATUS, 180, TRUE, TRUE },
  { "outgoing", N_ ("Outgoing"), PR_MAILBOX_OUTGOING_STATUS, 180, TRUE, TRUE },
  { "act", N_ ("Appointments, Contacts and Tasks"), PR_MAILBOX_ACT_STATUS, 160, FALSE, FALSE },
  { "run", N_ ("Test Run"), PR_MAILBOX_RUN_STATE, 180, FALSE, FALSE },
  { "enabled", N_ ("Enabled For"), PR_MAILBOX_INCOMING_ENABLED, 150, FALSE, FALSE },
  { "tested", N_ ("Last Tested"), PR_MAILBOX_TESTED_AT, 105, FALSE, TRUE },
  { "username", N_ ("User Name"), PR_MAILBOX_USERNAME, 180, FALSE, FALSE },
  { "password", N_ ("Password"), PR_MAILBOX_PASSWORD_SET, 110, FALSE, FALSE },
  { "active", N_ ("Active"), PR_MAILBOX_ACTIVE, 90, FALSE, FALSE },
};

static const PrStep incoming_steps[] = {
  PR_STEP_RESOLVE,  PR_STEP_CONNECT,      PR_STEP_TLS,      PR_STEP_CERTIFICATE,
  PR_STEP_GREETING, PR_STEP_CAPABILITIES, PR_STEP_STARTTLS, PR_STEP_AUTHENTICATE,
  PR_STEP_MAILBOX,  PR_STEP_SIGN_OUT,
};

static const PrStep outgoing_steps[] = {
  PR_STEP_RESOLVE,  PR_STEP_CONNECT,      PR_STEP_TLS,      PR_STEP_CERTIFICATE,
  PR_STEP_GREETING, PR_STEP_CAPABILITIES, PR_STEP_STARTTLS, PR_STEP_AUTHENTICATE,
  PR_STEP_SUBMIT,   PR_STEP_SIGN_OUT,
};

/**
 * pr_grid_columns_get:
 * @n_columns: (out): how many
 *
 * Returns: (transfer none) (array length=n_columns): the columns, in their usual order
 */
const PrGridColumn *
pr_grid_columns_get (guint *n_columns)
{
  *n_columns = G_N_ELEMENTS (columns);
  return columns;
}

/**
 * pr_grid_column_get_steps:
 * @self: a column
 * @n_steps: (out): how many
 *
 * Returns: (transfer none) (array length=n_steps) (nullable): the steps of a test that it shows
 *   while a job runs
 */
const PrStep *
pr_grid_column_get_steps (const PrGridColumn *self, guint *n_steps)
{
  *n_steps = G_N_ELEMENTS (incoming_steps);
  if (self->field == PR_MAILBOX_INCOMING_STATUS)
    return incoming_steps;
  if (self->field == PR_MAILBOX_OUTGOING_STATUS)
    return outgoing_steps;
  *n_steps = 0;
  return NULL;
}

/**
 * pr_grid_content_clear:
 * @self: what a cell shows
 *
 * Frees what is in it.
 */
void
pr_grid_content_clear (PrGridContent *self)
{
  g_free (self->text);
  g_free (self->speech);
  *self = (PrGridContent){ 0 };
}

static void
set_word (PrGridContent *content, const char *text, const char *icon, const char *colour)
{
  content->text = g_strdup (text);
  content->icon = icon;
  content->colour = colour;
}

/* --- Status of a direction -------------------------------------------------------------------- */

/* The reason where there is room for it. */
static void
set_failure (PrGridContent *content, PrCode code)
{
  content->brief = pr_word_of (PR_TYPE_TEST_STATUS, PR_TEST_STATUS_FAILURE);
  set_word (content, pr_word_of_code (code), "postroom-failure-symbolic", "error_color");
  content->speech = g_strdup_printf ("%s: %s", content->brief, content->text);
}

static void
describe_progress (PrTestProgress progress, PrGridContent *content)
{
  content->progress = progress;
  switch ((PrProgressState) progress.state)
    {
      case PR_PROGRESS_NONE:
        break;
      case PR_PROGRESS_QUEUED:
        set_word (content, C_ ("test", "Queued"), "postroom-waiting-symbolic", NULL);
        content->faint = TRUE;
        break;
      case PR_PROGRESS_RUNNING:
        content->text = g_strdup_printf ("%s…", pr_report_text_get_step (progress.step));
        content->icon = "postroom-waiting-symbolic";
        content->colour = "accent_color";
        break;
      case PR_PROGRESS_SUCCESS:
        set_word (content, pr_word_of (PR_TYPE_TEST_STATUS, PR_TEST_STATUS_SUCCESS),
                  "postroom-success-symbolic", "success_color");
        break;
      case PR_PROGRESS_FAILURE:
        set_failure (content, (PrCode) progress.code);
        break;
      case PR_PROGRESS_CANCELLED:
        set_word (content, C_ ("test", "Cancelled"), "postroom-cancelled-symbolic", NULL);
        content->faint = TRUE;
        break;
      case PR_PROGRESS_SKIPPED:
        set_word (content, C_ ("outcome of a step", "Not run"), "postroom-not-run-symbolic", NULL);
        content->faint = TRUE;
        break;
    }
}

static void
describe_failure (PrMailbox *mailbox, PrDirection direction, PrGridContent *content)
{
  PrCode code = PR_CODE_INTERNAL_ERROR;

  if (pr_code_from_word (pr_mailbox_get_code (mailbox, direction), &code))
    set_failure (content, code);
  else
    set_word (content, pr_word_of (PR_TYPE_TEST_STATUS, PR_TEST_STATUS_FAILURE),
              "postroom-failure-symbolic", "error_color");
}

static void
describe_status (PrMailboxRow *row, PrDirection direction, PrGridContent *content)
{
  PrMailbox *mailbox = pr_mailbox_row_get_mailbox (row);
  PrTestProgress progress = pr_mailbox_row_get_progress (row, direction);
  gboolean enabled = pr_mailbox_is_enabled (mailbox, direction);

  if (progress.state != PR_PROGRESS_NONE)
    {
      describe_progress (progress, content);
      return;
    }
  switch (pr_mailbox_get_status (mailbox, direction))
    {
      case PR_TEST_STATUS_NOT_RUN:
        if (pr_mailbox_get_method (mailbox, direction) == PR_SYNC_METHOD_NONE)
          set_word (content, pr_word_of (PR_TYPE_SYNC_METHOD, PR_SYNC_METHOD_NONE), NULL, NULL);
        else
          set_word (content, pr_word_of (PR_TYPE_TEST_STATUS, PR_TEST_STATUS_NOT_RUN),
                    "postroom-not-run-symbolic", NULL);
        content->faint = TRUE;
        break;
      case PR_TEST_STATUS_SUCCESS:
        set_word (content,
                  enabled ? _ ("Enabled")
                          : pr_word_of (PR_TYPE_TEST_STATUS, PR_TEST_STATUS_SUCCESS),
                  "postroom-success-symbolic", "success_color");
        if (enabled)
          content->speech = g_strdup_printf (
              "%s, %s", pr_word_of (PR_TYPE_TEST_STATUS, PR_TEST_STATUS_SUCCESS), content->text);
        break;
      case PR_TEST_STATUS_FAILURE:
        describe_failure (mailbox, direction, content);
        break;
    }
}

/* --- Other columns ---------------------------------------------------------------------------- */

static void
describe_approval (PrMailbox *mailbox, PrGridContent *content)
{
  PrApproval approval = (PrApproval) pr_mailbox_get (mailbox, APPROVAL);
  const char *word = pr_word_of (PR_TYPE_APPROVAL, (int) approval);

  switch (approval)
    {
      case PR_APPROVAL_EMPTY:
        set_word (content, word, NULL, NULL);
        content->faint = TRUE;
        break;
      case PR_APPROVAL_APPROVED:
        set_word (content, word, "postroom-success-symbolic", "success_color");
        break;
      case PR_APPROVAL_PENDING:
        set_word (content, word, "postroom-waiting-symbolic", "warning_color");
        content->brief = C_ ("approval", "Pending");
        break;
      case PR_APPROVAL_REJECTED:
        set_word (content, word, "postroom-failure-symbolic", "error_color");
        break;
    }
}

static gint64
get_next_retry (PrMailbox *mailbox)
{
  gint64 incoming = pr_mailbox_get (mailbox, INCOMING_RETRY_AT);
  gint64 outgoing = pr_mailbox_get (mailbox, OUTGOING_RETRY_AT);

  if (incoming == 0 || outgoing == 0)
    return incoming + outgoing;
  return MIN (incoming, outgoing);
}

static void
describe_run (PrMailboxRow *row, PrGridContent *content)
{
  PrMailbox *mailbox = pr_mailbox_row_get_mailbox (row);
  gint64 retry_at = get_next_retry (mailbox);
  g_autofree char *time = pr_word_of_time (retry_at);

  for (PrDirection direction = 0; direction < PR_N_DIRECTIONS; direction++)
    {
      PrTestProgress progress = pr_mailbox_row_get_progress (row, direction);

      if (progress.state != PR_PROGRESS_RUNNING && progress.state != PR_PROGRESS_QUEUED)
        continue;
      describe_progress (progress, content);
      content->progress.state = PR_PROGRESS_NONE;
      if (progress.state == PR_PROGRESS_RUNNING)
        return;
    }
  if (content->text != NULL)
    return;
  if (retry_at != 0)
    {
      guint retry = MAX (pr_mailbox_get_retry (mailbox, PR_DIRECTION_INCOMING),
                         pr_mailbox_get_retry (mailbox, PR_DIRECTION_OUTGOING));

      /* Translators: the number of the try, and a time */
      content->text = g_strdup_printf (_ ("Retry %u: %s"), retry, time);
      content->icon = "postroom-waiting-symbolic";
      return;
    }
  content->text = pr_word_of_field (PR_RECORD (mailbox), PR_MAILBOX_RUN_STATE);
  content->faint = TRUE;
}

static void
describe_enabled (PrMailbox *mailbox, PrGridContent *content)
{
  gboolean incoming = pr_mailbox_is_enabled (mailbox, PR_DIRECTION_INCOMING);
  gboolean outgoing = pr_mailbox_is_enabled (mailbox, PR_DIRECTION_OUTGOING);

  if (incoming && outgoing)
    content->text = g_strdup (_ ("Incoming, outgoing"));
  else if (incoming || outgoing)
    content->text = g_strdup (
        pr_word_of (PR_TYPE_DIRECTION, incoming ? PR_DIRECTION_INCOMING : PR_DIRECTION_OUTGOING));
  else
    content->text = g_strdup (_ ("Nothing"));
  content->faint = !incoming && !outgoing;
}

/**
 * pr_grid_column_describe:
 * @self: a column
 * @row: a row
 * @content: (out): what the cell shows; to be cleared
 */
void
pr_grid_column_describe (const PrGridColumn *self, PrMailboxRow *row, PrGridContent *content)
{
  PrMailbox *mailbox = pr_mailbox_row_get_mailbox (row);

  *content = (PrGridContent){ 0 };
  if (mailbox == NULL)
    {
      /* It is being read. */
      content->text = g_strdup (self->field == PR_MAILBOX_NAME ? "…" : "");
      content->faint = TRUE;
      return;
    }
  switch ((int) self->field)
    {
      case PR_MAILBOX_APPROVAL:
        describe_approval (mailbox, content);
        break;
      case PR_MAILBOX_INCOMING_STATUS:
        describe_status (row, PR_DIRECTION_INCOMING, content);
        break;
      case PR_MAILBOX_OUTGOING_STATUS:
        describe_status (row, PR_DIRECTION_OUTGOING, content);
        break;
      case PR_MAILBOX_RUN_STATE:
        describe_run (row, content);
        break;
      case PR_MAILBOX_INCOMING_ENABLED:
        describe_enabled (mailbox, content);
        break;
      case PR_MAILBOX_PASSWORD_SET:
        content->text =
            g_strdup (pr_mailbox_get (mailbox, PASSWORD_SET) ? _ ("Set") : _ ("Not set"));
        content->faint = !pr_mailbox_get (mailbox, PASSWORD_SET);
        break;
      default:
        content->text = pr_word_of_field (PR_RECORD (mailbox), self->field);
        break;
    }
}
