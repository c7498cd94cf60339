/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Rules between the fields of a mailbox, for a change of many rows at once: a row that would break
 * one is looked for before anything is written, so that the error can name it. Store thread. */

#include "pr-selection-private.h"
#include "pr-store-private.h"

#include <glib/gi18n-lib.h>

/* What @field will be: a column, or the word that is being set. Only words of enumerations and
 * 0 or 1, never text of anybody's. */
static char *
get_future (const PrField *fields, const PrChange *changes, guint n_changes, PrMailboxField field)
{
  g_autofree char *column = NULL;

  for (guint i = n_changes; i-- > 0;)
    if (changes[i].field == field && !changes[i].where_it_fits)
      {
        if (fields[field].kind == PR_FIELD_BOOLEAN)
          return g_strdup (changes[i].number != 0 ? "1" : "0");
        return g_strconcat (
            "'", pr_enum_to_nick (fields[field].enum_type (), (int) changes[i].number), "'", NULL);
      }
  column = pr_row_get_column_name (&fields[field]);
  return g_strconcat ("m.", column, NULL);
}

static gboolean
is_changed (const PrChange *changes, guint n_changes, PrMailboxField field)
{
  for (guint i = 0; i < n_changes; i++)
    if (changes[i].field == field && !changes[i].where_it_fits)
      return TRUE;
  return FALSE;
}

/* Returns: (nullable): address of the first selected row that meets @condition; NULL: there is
 * none, or @error is set. */
static char *
find_row (PrDatabase *database,
          PrSelection *selection,
          const char *condition,
          guint *n_found,
          GError **error)
{
  g_autofree char *where = pr_selection_get_where (selection);
  g_autofree char *sql =
      g_strdup_printf ("SELECT min (m.address), count (*) FROM mailboxes AS m WHERE (%s) AND (%s)",
                       where, condition);
  g_autoptr (PrStatement) statement = pr_database_prepare (database, sql, error);

  if (statement == NULL)
    return NULL;
  pr_selection_bind (selection, statement);
  if (!pr_statement_next (statement, error))
    return NULL;
  *n_found = (guint) pr_statement_get_number (statement, 1);
  return *n_found > 0 ? g_strdup (pr_statement_get_text (statement, 0)) : NULL;
}

static void
set_broken (GError **error, const char *field, const char *rule, const char *address, guint n)
{
  g_autofree char *who = NULL;

  if (n == 1)
    who = g_strdup_printf (_ ("“%s”"), address);
  else
    who = g_strdup_printf (
        g_dngettext (GETTEXT_PACKAGE, "“%s” and %u other", "“%s” and %u others", n - 1), address,
        n - 1);
  pr_set_error (error, PR_ERROR_INVALID_VALUE, field,
                _ ("%s It would be wrong for %s. Nothing was "
                   "changed."),
                rule, who);
}

static gboolean
check_forward (PrDatabase *database,
               PrSelection *selection,
               const PrField *fields,
               const PrChange *changes,
               guint n,
               GError **error)
{
  gboolean sends = is_changed (changes, n, PR_MAILBOX_OUTGOING);
  g_autofree char *kind = get_future (fields, changes, n, PR_MAILBOX_KIND);
  g_autofree char *outgoing = get_future (fields, changes, n, PR_MAILBOX_OUTGOING);
  g_autofree char *condition = g_strdup_printf ("%s = 'forward' AND %s <> 'none'", kind, outgoing);
  g_autofree char *address = NULL;
  GError *local_error = NULL;
  guint n_found = 0;

  if (!sends && !is_changed (changes, n, PR_MAILBOX_KIND))
    return TRUE;
  address = find_row (database, selection, condition, &n_found, &local_error);
  if (address != NULL)
    set_broken (&local_error, sends ? "outgoing" : "kind",
                sends ? _ ("Outgoing email: “server-side” is not accepted, a forward mailbox only "
                           "receives. Accepted: none.")
                      : _ ("Kind: “forward” is not accepted while outgoing email is not “none”. "
                           "Accepted: user, queue, or outgoing email “none” as well."),
                address, n_found);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, local_error);
  return FALSE;
}

static gboolean
check_delete_after (PrDatabase *database,
                    PrSelection *selection,
                    const PrField *fields,
                    const PrChange *changes,
                    guint n,
                    GError **error)
{
  gboolean deletes = is_changed (changes, n, PR_MAILBOX_DELETE_AFTER);
  g_autofree char *kind = get_future (fields, changes, n, PR_MAILBOX_KIND);
  g_autofree char *delete_after = get_future (fields, changes, n, PR_MAILBOX_DELETE_AFTER);
  g_autofree char *condition = g_strdup_printf ("%s = 'user' AND %s = 1", kind, delete_after);
  g_autofree char *address = NULL;
  GError *local_error = NULL;
  guint n_found = 0;

  if (!deletes && !is_changed (changes, n, PR_MAILBOX_KIND))
    return TRUE;
  address = find_row (database, selection, condition, &n_found, &local_error);
  if (address != NULL)
    set_broken (&local_error, deletes ? "delete-after" : "kind",
                deletes ? _ ("Delete emails after processing: “yes” is not accepted, only queues "
                             "and forward mailboxes may. Accepted: no.")
                        : _ ("Kind: “user” is not accepted while emails are deleted after "
                             "processing. Accepted: queue, forward, or “no” there as well."),
                address, n_found);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, local_error);
  return FALSE;
}

static gboolean
check_profile (PrDatabase *database, const PrChange *change, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (PrStatement) statement = pr_database_query (
      database, &local_error, "SELECT 1 FROM profiles WHERE id = ?", "i", change->number);

  if (statement != NULL && pr_statement_next (statement, &local_error))
    return TRUE;
  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else
    pr_set_error (error, PR_ERROR_NOT_FOUND, "profile-id",
                  _ ("Server profile: there is none with the number %d. Nothing was changed."),
                  (int) change->number);
  return FALSE;
}

/* Whether all selected rows may have what @changes say. Inside a transaction. */
gboolean
pr_changes_check (PrDatabase *database,
                  PrSelection *selection,
                  const PrField *fields,
                  const PrChange *changes,
                  guint n_changes,
                  GError **error)
{
  for (guint i = 0; i < n_changes; i++)
    if (changes[i].field == PR_MAILBOX_PROFILE_ID && changes[i].number != 0
        && !check_profile (database, &changes[i], error))
      return FALSE;
  return check_forward (database, selection, fields, changes, n_changes, error)
         && check_delete_after (database, selection, fields, changes, n_changes, error);
}
