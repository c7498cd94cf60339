/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The table "alerts": one fault is one open row, however often it is met. */

#include "pr-store-alerts-private.h"

#include "pr-text.h"

#include <string.h>

void
pr_alert_work_free (gpointer data)
{
  PrAlertWork *work = data;

  g_free ((char *) work->filter.owner);
  g_free ((char *) work->filter.text);
  g_free (work);
}

PrAlertWork *
pr_alert_work_new (const PrAlertFilter *filter)
{
  PrAlertWork *work = g_new0 (PrAlertWork, 1);

  work->fields = pr_alert_get_field_table (&work->n_fields);
  work->filter = *filter;
  work->filter.owner = g_strdup (filter->owner);
  work->filter.text = g_strdup (filter->text);
  return work;
}

static const char *
find_field_text (const PrValues *values, PrAlertField field)
{
  return values->slots[field].text != NULL ? values->slots[field].text : "";
}

/* Counts the same open alert up, or makes it. Store thread, inside a transaction. */
gboolean
pr_alerts_raise (PrDatabase *database, PrValues *values, GError **error)
{
  const PrField *fields;
  guint n;

  if (!pr_database_run (
          database, error,
          "UPDATE alerts SET version = version + 1, count = count + 1, unread = 1, last_seen = ?,"
          " facts = ?, for_owner = ?, also_owner = ?, tells_mailboxes = ?, severity = ?, step = ?"
          " WHERE state = 'open' AND code = ? AND direction = ?"
          " AND ifnull (mailbox_id, 0) = ? AND ifnull (profile_id, 0) = ?",
          "isssissssii", values->slots[PR_ALERT_LAST_SEEN].number,
          find_field_text (values, PR_ALERT_FACTS), find_field_text (values, PR_ALERT_FOR_OWNER),
          find_field_text (values, PR_ALERT_ALSO_OWNER),
          values->slots[PR_ALERT_TELLS_MAILBOXES].number,
          pr_enum_to_nick (PR_TYPE_SEVERITY, (int) values->slots[PR_ALERT_SEVERITY].number),
          find_field_text (values, PR_ALERT_STEP), find_field_text (values, PR_ALERT_CODE),
          find_field_text (values, PR_ALERT_DIRECTION), values->slots[PR_ALERT_MAILBOX_ID].number,
          values->slots[PR_ALERT_PROFILE_ID].number))
    return FALSE;
  if (pr_database_get_n_changed (database) > 0)
    return TRUE;
  fields = pr_alert_get_field_table (&n);
  return pr_row_insert (database, "alerts", fields, values, NULL, error);
}

/* Warnings about the server, which no step disproves, but what the server offers now. */
static gboolean
close_warnings (PrDatabase *database, const PrStoredResult *result, GError **error)
{
  for (guint i = 0; i < result->disproved->len; i++)
    if (!pr_database_run (database, error,
                          "UPDATE alerts SET version = version + 1, state = 'closed', unread = 0,"
                          " closed_at = ? WHERE state = 'open' AND code = ? AND direction = ?"
                          " AND ifnull (mailbox_id, 0) = 0 AND ifnull (profile_id, 0) = ?",
                          "issi", result->finished_at, g_ptr_array_index (result->disproved, i),
                          pr_enum_to_nick (PR_TYPE_DIRECTION, (int) result->direction),
                          result->profile_id))
      return FALSE;
  return TRUE;
}

/* Both halves are found by an index that has no row of another mailbox: a profile of 100,000
 * mailboxes that work has as many alerts that say so. */
#define CLOSE(other)                                                                               \
  "UPDATE alerts SET version = version + 1, state = 'closed', unread = 0, closed_at = ?"           \
  " WHERE id IN (SELECT id FROM alerts WHERE state = 'open' AND mailbox_id = ?"                    \
  "              UNION ALL"                                                                        \
  "              SELECT id FROM alerts WHERE state = 'open' AND ifnull (mailbox_id, 0) = 0"        \
  "                AND ifnull (profile_id, 0) = ?)"                                                \
  " AND severity <> 'information' AND step <> '' AND code <> ?"                                    \
  " AND (direction = ?"                                                                            \
  "      OR (direction = ''"                                                                       \
  "          AND code <> (SELECT " other "_code FROM mailboxes WHERE id = ?)))"                    \
  " AND (? OR step IN (SELECT value FROM json_each (?))"                                           \
  "      OR (step = 'precheck' AND mailbox_id = ?))"

/* One look instead of an update that finds nothing: @n_open is 0 where all works. */
static gboolean
count_failures (PrDatabase *database, const PrStoredResult *result, gint64 *n_open, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (PrStatement) statement = pr_database_query (
      database, &local_error,
      "SELECT EXISTS (SELECT 1 FROM alerts WHERE state = 'open' AND mailbox_id = ?"
      "                 AND severity <> 'information')"
      " + EXISTS (SELECT 1 FROM alerts WHERE state = 'open' AND ifnull (mailbox_id, 0) = 0"
      "             AND ifnull (profile_id, 0) = ? AND severity <> 'information')",
      "ii", result->mailbox_id, result->profile_id);

  if (statement != NULL && pr_statement_next (statement, &local_error))
    {
      *n_open = pr_statement_get_number (statement, 0);
      return TRUE;
    }
  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/* A test disproves the open failures of its mailbox and of its profile at the steps that it got
 * past; before the first packet only one thing is told of a mailbox. What is about both directions
 * stays as long as the other one still meets it. */
gboolean
pr_alerts_close (PrDatabase *database, const PrStoredResult *result, GError **error)
{
  const char *direction = pr_enum_to_nick (PR_TYPE_DIRECTION, (int) result->direction);
  gint64 n_open;

  /* That all works is no longer true. */
  if (!result->all_passed
      && !pr_database_run (database, error,
                           "UPDATE alerts SET version = version + 1, state = 'closed', unread = 0,"
                           " closed_at = ? WHERE state = 'open' AND severity = 'information'"
                           " AND code = 'ok' AND mailbox_id = ?",
                           "ii", result->finished_at, result->mailbox_id))
    return FALSE;
  if (!close_warnings (database, result, error)
      || !count_failures (database, result, &n_open, error))
    return FALSE;
  if (n_open == 0)
    return TRUE;
  return pr_database_run (database, error,
                          result->direction == PR_DIRECTION_INCOMING ? CLOSE ("outgoing")
                                                                     : CLOSE ("incoming"),
                          "iiissiisi", result->finished_at, result->mailbox_id, result->profile_id,
                          result->code, direction, result->mailbox_id, (gint64) result->all_passed,
                          result->passed != NULL ? result->passed : "[]", result->mailbox_id);
}

/* The wall of a mailbox shows its own alerts, and those of its profile that hit it. */
#define MAILBOX_WALL                                                                               \
  " AND (a.mailbox_id = ?"                                                                         \
  " OR (a.mailbox_id IS NULL AND a.profile_id = (SELECT b.profile_id FROM mailboxes AS b"          \
  " WHERE b.id = ? AND a.code IN (b.incoming_code, b.outgoing_code))))"

/* The wall of an owner shows what is for that person, and what the owners of a profile's mailboxes
 * are told as well. */
#define OWNER_WALL                                                                                 \
  " AND (? IN (a.for_owner, a.also_owner)"                                                         \
  " OR (a.tells_mailboxes AND EXISTS (SELECT 1 FROM mailboxes AS b"                                \
  " WHERE b.profile_id = a.profile_id AND b.owner = ?)))"

char *
pr_alert_work_get_where (const PrAlertWork *work)
{
  GString *sql = g_string_new (work->filter.history ? "1" : "a.state = 'open'");

  if (work->id != 0)
    g_string_append (sql, " AND a.id = ?");
  if (work->filter.mailbox_id != 0)
    g_string_append (sql, MAILBOX_WALL);
  if (work->filter.profile_id != 0)
    g_string_append (sql, " AND a.profile_id = ?");
  if (work->filter.owner != NULL)
    g_string_append (sql, OWNER_WALL);
  if (work->filter.severity >= 0)
    g_string_append (sql, " AND a.severity = ?");
  if (work->filter.text != NULL)
    g_string_append (sql, " AND pr_contains (ifnull (m.name, '') || ' ' || ifnull (m.address, '')"
                          " || ' ' || ifnull (p.name, '') || ' ' || a.code, ?)");
  return g_string_free (sql, FALSE);
}

void
pr_alert_work_bind (const PrAlertWork *work, PrStatement *statement)
{
  if (work->id != 0)
    pr_statement_bind_number (statement, work->id);
  if (work->filter.mailbox_id != 0)
    {
      pr_statement_bind_number (statement, work->filter.mailbox_id);
      pr_statement_bind_number (statement, work->filter.mailbox_id);
    }
  if (work->filter.profile_id != 0)
    pr_statement_bind_number (statement, work->filter.profile_id);
  if (work->filter.owner != NULL)
    {
      pr_statement_bind_text (statement, work->filter.owner);
      pr_statement_bind_text (statement, work->filter.owner);
    }
  if (work->filter.severity >= 0)
    pr_statement_bind_text (statement, pr_enum_to_nick (PR_TYPE_SEVERITY, work->filter.severity));
  if (work->filter.text != NULL)
    {
      g_autofree char *folded = pr_text_fold (work->filter.text);

      pr_statement_bind_text (statement, folded);
    }
}

static gpointer
list_alerts (PrDatabase *database, gpointer data, GError **error)
{
  PrAlertWork *work = data;
  g_autofree char *columns = pr_row_get_columns (work->fields, work->n_fields, "a");
  g_autofree char *where = pr_alert_work_get_where (work);
  g_autofree char *limit =
      work->filter.limit > 0
          ? g_strdup_printf (" LIMIT %u OFFSET %u", work->filter.limit, work->filter.offset)
          : g_strdup ("");
  g_autofree char *sql = g_strconcat ("SELECT ", columns, ", m.address, p.name" PR_ALERTS_FROM,
                                      where, " ORDER BY a.last_seen DESC, a.id DESC", limit, NULL);
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) pr_values_free);
  g_autoptr (GError) local_error = NULL;
  g_autoptr (PrStatement) statement = pr_database_prepare (database, sql, error);

  if (statement == NULL)
    return NULL;
  pr_alert_work_bind (work, statement);
  while (pr_statement_next (statement, &local_error))
    {
      int column = 0;
      PrValues *values = pr_row_read (statement, work->fields, work->n_fields, &column);

      values->slots[PR_ALERT_MAILBOX_ADDRESS].text =
          g_strdup (pr_statement_get_text (statement, column));
      values->slots[PR_ALERT_PROFILE_NAME].text =
          g_strdup (pr_statement_get_text (statement, column + 1));
      g_ptr_array_add (list, values);
    }
  if (local_error == NULL)
    return g_steal_pointer (&list);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}

/**
 * pr_store_list_alerts_async:
 * @self: a store
 * @filter: which ones
 * @cancellable: (nullable): cancels
 * @callback: called with them, the newest first
 * @user_data: for @callback
 */
void
pr_store_list_alerts_async (PrStore *self,
                            const PrAlertFilter *filter,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  pr_store_run_async (self, FALSE, list_alerts, pr_alert_work_new (filter), pr_alert_work_free,
                      (GDestroyNotify) g_ptr_array_unref, cancellable, callback, user_data);
}

/**
 * pr_store_list_alerts_finish:
 * @self: a store
 * @result: what the callback got
 * @error: set on failure
 *
 * Returns: (transfer full) (nullable) (element-type PrAlert): the alerts
 */
GPtrArray *
pr_store_list_alerts_finish (PrStore *self, GAsyncResult *result, GError **error)
{
  g_autoptr (GPtrArray) list = pr_store_run_finish (self, result, error);
  GPtrArray *alerts;

  if (list == NULL)
    return NULL;
  alerts = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < list->len; i++)
    {
      PrAlert *alert = pr_alert_new ();

      pr_record_set_values (PR_RECORD (alert), g_ptr_array_index (list, i));
      g_ptr_array_add (alerts, alert);
    }
  return alerts;
}

static gpointer
dismiss_alerts (PrDatabase *database, gpointer data, GError **error)
{
  PrAlertWork *work = data;
  g_autofree char *where = pr_alert_work_get_where (work);
  g_autofree char *sql = g_strconcat ("UPDATE alerts SET version = version + 1, unread = 0,"
                                      " state = 'dismissed' WHERE state = 'open'"
                                      " AND id IN (SELECT a.id" PR_ALERTS_FROM,
                                      where, ")", NULL);
  PrStatement *statement = pr_database_prepare (database, sql, error);

  if (statement == NULL)
    return NULL;
  pr_alert_work_bind (work, statement);
  if (!pr_statement_finish (statement, error))
    return NULL;
  work->n_changed = pr_database_get_n_changed (database);
  return PR_STORE_DONE;
}

/**
 * pr_store_dismiss_alerts_async:
 * @self: a store
 * @filter: which ones
 * @id: only this one; 0: all that fit
 * @cancellable: (nullable): cancels
 * @callback: called when they are off the wall
 * @user_data: for @callback
 */
void
pr_store_dismiss_alerts_async (PrStore *self,
                               const PrAlertFilter *filter,
                               gint64 id,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  PrAlertWork *work = pr_alert_work_new (filter);

  work->id = id;
  pr_store_run_async (self, TRUE, dismiss_alerts, work, pr_alert_work_free, NULL, cancellable,
                      callback, user_data);
}

gboolean
pr_store_dismiss_alerts_finish (PrStore *self,
                                GAsyncResult *result,
                                guint *n_changed,
                                GError **error)
{
  PrAlertWork *work = pr_store_result_get_data (result);

  *n_changed = work->n_changed;
  return pr_store_run_finish (self, result, error) != NULL;
}
