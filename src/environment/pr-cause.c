/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The failures of a job by cause: 5,000 mailboxes whose server cannot be found are one line with
 * one button, not 5,000. What a cause keeps of each mailbox is its id. Main thread. */

#include "pr-cause.h"

#include "pr-environment-private.h"

#include "pr-report-json.h"
#include "pr-verdict.h"

typedef struct
{
  PrCause cause;
  GHashTable *seen; /* ids of mailboxes */
} PrCauseEntry;

struct _PrCauses
{
  PrEnvironment *environment;
  GPtrArray *entries;
  GHashTable *by_key; /* borrowed entries */
};

static void
cause_entry_free (gpointer data)
{
  PrCauseEntry *entry = data;

  pr_report_unref (entry->cause.report);
  g_array_unref (entry->cause.mailbox_ids);
  g_ptr_array_unref (entry->cause.addresses);
  g_hash_table_unref (entry->seen);
  g_free (entry);
}

/**
 * pr_causes_new:
 * @environment: where the job runs
 *
 * Returns: (transfer full): none yet
 */
PrCauses *
pr_causes_new (PrEnvironment *environment)
{
  PrCauses *self = g_new0 (PrCauses, 1);

  self->environment = g_object_ref (environment);
  self->entries = g_ptr_array_new_with_free_func (cause_entry_free);
  self->by_key = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

void
pr_causes_free (PrCauses *self)
{
  g_hash_table_unref (self->by_key);
  g_ptr_array_unref (self->entries);
  g_object_unref (self->environment);
  g_free (self);
}

/* Two failures with the same key are mended in the same way. What a mailbox lacks before any
 * packet has nothing to do with its server; what a server answered has. */
static char *
make_key (const PrReport *report, PrAlertSubject subject)
{
  gboolean is_local = !subject.is_profile && report->outcome == PR_OUTCOME_FAILURE
                      && report->failed_step == PR_STEP_PRECHECK;
  const char *profile = is_local || report->profile == NULL ? "" : report->profile;

  return g_strdup_printf ("%d %d %s %s", (int) report->code,
                          subject.is_both ? -1 : (int) report->direction,
                          report->answer_id != NULL ? report->answer_id : "", profile);
}

static PrCauseEntry *
add_entry (PrCauses *self, char *key, const PrReport *report, PrAlertSubject subject)
{
  PrCauseEntry *entry = g_new0 (PrCauseEntry, 1);
  g_autoptr (PrServerProfile) profile =
      report->profile != NULL ? pr_environment_find_profile (self->environment, report->profile)
                              : NULL;

  entry->cause.report = pr_report_ref ((PrReport *) report);
  entry->cause.profile_id = profile != NULL ? pr_record_get_id (PR_RECORD (profile)) : 0;
  entry->cause.is_profile = subject.is_profile && profile != NULL;
  entry->cause.mailbox_ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  entry->cause.addresses = g_ptr_array_new_with_free_func (g_free);
  entry->seen = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  g_hash_table_insert (self->by_key, key, entry);
  g_ptr_array_add (self->entries, entry);
  return entry;
}

static void
add_mailbox (PrCauseEntry *entry, gint64 id, const PrReport *report)
{
  PrCause *cause = &entry->cause;
  gint64 *key;

  if (g_hash_table_contains (entry->seen, &id))
    return;
  g_array_append_val (cause->mailbox_ids, id);
  key = g_new (gint64, 1);
  *key = id;
  g_hash_table_add (entry->seen, key);
  if (cause->addresses->len < PR_CAUSE_NAMES)
    g_ptr_array_add (cause->addresses, g_strdup (report->mailbox != NULL ? report->mailbox : ""));
}

/**
 * pr_causes_add:
 * @self: the causes of a job
 * @mailbox_id: a mailbox
 * @report: how the test of one of its directions ended
 *
 * Returns: (transfer none) (nullable): the cause that it counts for; %NULL if there is nothing
 *   wrong with it
 */
PrCause *
pr_causes_add (PrCauses *self, gint64 mailbox_id, PrReport *report)
{
  g_autofree char *key = NULL;
  PrAlertSubject subject;
  PrCauseEntry *entry;

  if (report->outcome != PR_OUTCOME_FAILURE
      && (report->outcome != PR_OUTCOME_SKIPPED || report->code == PR_CODE_MAILBOX_DIRECTION_NONE))
    return NULL;
  subject = pr_verdict_get_subject (report);
  key = make_key (report, subject);
  entry = g_hash_table_lookup (self->by_key, key);
  if (entry == NULL)
    entry = add_entry (self, g_steal_pointer (&key), report, subject);
  /* A test that was run says more than one that was not. */
  if (entry->cause.report->outcome != PR_OUTCOME_FAILURE && report->outcome == PR_OUTCOME_FAILURE)
    {
      pr_report_unref (entry->cause.report);
      entry->cause.report = pr_report_ref (report);
    }
  if (report->outcome == PR_OUTCOME_FAILURE)
    entry->cause.n_failed++;
  else
    entry->cause.n_not_run++;
  add_mailbox (entry, mailbox_id, report);
  return &entry->cause;
}

guint
pr_causes_get_n (PrCauses *self)
{
  return self->entries->len;
}

/**
 * pr_causes_get:
 * @self: the causes of a job
 * @i: number of one, from 0
 *
 * Returns: (transfer none): it
 */
PrCause *
pr_causes_get (PrCauses *self, guint i)
{
  PrCauseEntry *entry = g_ptr_array_index (self->entries, i);

  return &entry->cause;
}

/**
 * pr_causes_get_affected:
 * @self: the causes of a job
 *
 * Returns: (transfer full): every mailbox that one of them hit
 */
PrSelection *
pr_causes_get_affected (PrCauses *self)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_int64_hash, g_int64_equal);
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = 0; i < self->entries->len; i++)
    {
      PrCause *cause = pr_causes_get (self, i);

      for (guint j = 0; j < cause->mailbox_ids->len; j++)
        {
          gint64 *id = &g_array_index (cause->mailbox_ids, gint64, j);

          if (g_hash_table_add (seen, id))
            g_array_append_val (ids, *id);
        }
    }
  return pr_selection_new_ids ((const gint64 *) (gpointer) ids->data, ids->len);
}

/* --- Mending ---------------------------------------------------------------------------------- */

/**
 * pr_cause_make_alert:
 * @self: a cause
 *
 * Returns: (transfer full): an alert as it was raised for the first mailbox, or for the profile;
 *   for its texts and its fix
 */
PrAlert *
pr_cause_make_alert (PrCause *self)
{
  g_autofree char *facts = pr_report_to_json_text (self->report, PR_REPORT_JSON_FACTS);
  gint64 mailbox_id = self->is_profile ? 0 : g_array_index (self->mailbox_ids, gint64, 0);

  return g_object_new (PR_TYPE_ALERT, "severity", PR_SEVERITY_ERROR, "code",
                       pr_code_to_word (self->report->code), "direction",
                       pr_enum_to_nick (PR_TYPE_DIRECTION, (int) self->report->direction),
                       "mailbox-id", mailbox_id, "profile-id", self->profile_id, "mailbox-address",
                       self->is_profile ? "" : self->report->mailbox, "profile-name",
                       self->report->profile, "facts", facts, NULL);
}

/**
 * pr_cause_is_fixed_together:
 * @self: a cause
 * @target: what pr_cause_find_fix() said
 *
 * Returns: whether pr_environment_fix_cause_async() mends it for all of its mailboxes
 */
gboolean
pr_cause_is_fixed_together (PrCause *self, const PrFixTarget *target)
{
  return !self->is_profile && target->mailbox_id != 0
         && (target->fix == PR_FIX_APPROVE || target->fix == PR_FIX_ACTIVATE
             || target->fix == PR_FIX_ALLOW_CREDENTIALS);
}

/**
 * pr_cause_find_fix:
 * @environment: where its job ran
 * @self: a cause
 *
 * Returns: what mends it; %PR_FIX_NONE if each of its mailboxes has to be mended by itself
 */
PrFixTarget
pr_cause_find_fix (PrEnvironment *environment, PrCause *self)
{
  g_autoptr (PrAlert) alert = pr_cause_make_alert (self);
  PrFixTarget target = pr_alert_find_fix (environment, alert);

  if (self->mailbox_ids->len > 1 && target.mailbox_id != 0 && target.fix != PR_FIX_RETRY
      && !pr_cause_is_fixed_together (self, &target))
    target.fix = PR_FIX_NONE;
  return target;
}

/**
 * pr_cause_get_affected:
 * @self: a cause
 *
 * Returns: (transfer full): the mailboxes that it hit
 */
PrSelection *
pr_cause_get_affected (PrCause *self)
{
  return pr_selection_new_ids ((const gint64 *) (gpointer) self->mailbox_ids->data,
                               self->mailbox_ids->len);
}

static void
on_changed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  guint n = 0;

  if (pr_environment_change_mailboxes_finish (PR_ENVIRONMENT (source), result, &n, &error))
    g_task_return_int (task, (gssize) n);
  else
    g_task_return_error (task, error);
}

/**
 * pr_environment_fix_cause_async:
 * @self: an environment
 * @cause: one for which pr_cause_is_fixed_together()
 * @cancellable: (nullable): cancels
 * @callback: called when it is mended for all of its mailboxes, in one transaction
 * @user_data: for @callback
 */
void
pr_environment_fix_cause_async (PrEnvironment *self,
                                PrCause *cause,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autoptr (GTask) task = pr_change_task_new (self, cancellable, callback, user_data);
  g_autoptr (PrSelection) selection = pr_cause_get_affected (cause);
  PrFixTarget target = pr_cause_find_fix (self, cause);
  PrChange allow = { PR_MAILBOX_ALLOW_CREDENTIALS, NULL, TRUE };

  g_return_if_fail (pr_cause_is_fixed_together (cause, &target));

  g_task_set_name (task, "pr_environment_fix_cause");
  if (target.fix == PR_FIX_ALLOW_CREDENTIALS)
    pr_environment_change_mailboxes_async (self, selection, &allow, 1, cancellable, on_changed,
                                           g_steal_pointer (&task));
  else
    pr_environment_command_mailboxes_async (
        self, selection,
        target.fix == PR_FIX_APPROVE ? PR_MAILBOX_COMMAND_APPROVE : PR_MAILBOX_COMMAND_ACTIVATE,
        cancellable, on_changed, g_steal_pointer (&task));
}

gboolean
pr_environment_fix_cause_finish (PrEnvironment *self,
                                 GAsyncResult *result,
                                 guint *n_changed,
                                 GError **error)
{
  gssize n;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  n = g_task_propagate_int (G_TASK (result), error);
  *n_changed = n > 0 ? (guint) n : 0;
  return n >= 0;
}
