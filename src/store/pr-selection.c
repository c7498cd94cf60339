/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrSelection: which mailboxes, as a condition in SQL: one row or 100,000, the same statement.
 * Made in the main thread, used in the store thread, immutable in between. */

#include "pr-selection-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _PrSelection
{
  PrView view;
  char *ids;        /* JSON array of numbers */
  char *addresses;  /* JSON array of address keys */
  GPtrArray *names; /* the addresses as they were given */
  gint64 profile_id;
  char *search;
  gint64 due;
  guint offset;
  guint limit;
};

G_DEFINE_ENUM_TYPE (PrView,
                    pr_view,
                    G_DEFINE_ENUM_VALUE (PR_VIEW_ALL, "all"),
                    G_DEFINE_ENUM_VALUE (PR_VIEW_ACTIVE, "active"),
                    G_DEFINE_ENUM_VALUE (PR_VIEW_INACTIVE, "inactive"),
                    G_DEFINE_ENUM_VALUE (PR_VIEW_PENDING, "pending"),
                    G_DEFINE_ENUM_VALUE (PR_VIEW_NOT_TESTED, "not-tested"),
                    G_DEFINE_ENUM_VALUE (PR_VIEW_FAILED, "failed"),
                    G_DEFINE_ENUM_VALUE (PR_VIEW_ENABLED, "enabled"),
                    G_DEFINE_ENUM_VALUE (PR_VIEW_FORWARD, "forward"))

static const char *const view_conditions[] = {
  [PR_VIEW_ALL] = "1",
  [PR_VIEW_ACTIVE] = "m.active = 1",
  [PR_VIEW_INACTIVE] = "m.active = 0",
  [PR_VIEW_PENDING] = "m.active = 1 AND m.approval = 'pending'",
  [PR_VIEW_NOT_TESTED] =
      "m.active = 1 AND ((m.incoming <> 'none' AND m.incoming_status = 'not-run')"
      " OR (m.outgoing <> 'none' AND m.outgoing_status = 'not-run'))",
  [PR_VIEW_FAILED] =
      "m.active = 1 AND (m.incoming_status = 'failure' OR m.outgoing_status = 'failure')",
  [PR_VIEW_ENABLED] = "m.active = 1 AND (m.incoming_enabled = 1 OR m.outgoing_enabled = 1)",
  [PR_VIEW_FORWARD] = "m.kind = 'forward'",
};

/**
 * pr_selection_new_all:
 *
 * Returns: (transfer full): every mailbox
 */
PrSelection *
pr_selection_new_all (void)
{
  return g_new0 (PrSelection, 1);
}

/**
 * pr_selection_new_view:
 * @view: a view
 *
 * Returns: (transfer full): every mailbox in @view
 */
PrSelection *
pr_selection_new_view (PrView view)
{
  PrSelection *self = pr_selection_new_all ();

  self->view = view;
  return self;
}

/**
 * pr_selection_new_ids:
 * @ids: (array length=n_ids): ids
 * @n_ids: how many
 *
 * Returns: (transfer full): the mailboxes with these ids; ids that are gone are passed over
 */
PrSelection *
pr_selection_new_ids (const gint64 *ids, guint n_ids)
{
  PrSelection *self = pr_selection_new_all ();
  GString *json = g_string_new ("[");

  for (guint i = 0; i < n_ids; i++)
    g_string_append_printf (json, "%s%" G_GINT64_FORMAT, i > 0 ? "," : "", ids[i]);
  g_string_append_c (json, ']');
  self->ids = g_string_free (json, FALSE);
  return self;
}

static void
append_json_string (GString *json, const char *text)
{
  g_string_append_c (json, '"');
  for (const char *p = text; *p != '\0'; p++)
    if (*p == '"' || *p == '\\')
      g_string_append_printf (json, "\\%c", *p);
    else if ((guint8) *p < 0x20)
      g_string_append_printf (json, "\\u%04x", *p);
    else
      g_string_append_c (json, *p);
  g_string_append_c (json, '"');
}

/**
 * pr_selection_new_addresses:
 * @addresses: (array zero-terminated=1): email addresses
 *
 * Returns: (transfer full): the mailboxes with these addresses; one that does not exist makes
 *   every command fail with %PR_ERROR_NOT_FOUND
 */
PrSelection *
pr_selection_new_addresses (const char *const *addresses)
{
  PrSelection *self = pr_selection_new_all ();
  GString *json = g_string_new ("[");

  self->names = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; addresses[i] != NULL; i++)
    {
      g_autofree char *key = pr_address_to_key (addresses[i]);

      g_ptr_array_add (self->names, g_strdup (addresses[i]));
      if (i > 0)
        g_string_append_c (json, ',');
      append_json_string (json, key);
    }
  g_string_append_c (json, ']');
  self->addresses = g_string_free (json, FALSE);
  return self;
}

/**
 * pr_selection_copy:
 * @self: a selection
 *
 * Returns: (transfer full): the same selection
 */
PrSelection *
pr_selection_copy (PrSelection *self)
{
  PrSelection *copy = g_new0 (PrSelection, 1);

  *copy = *self;
  copy->ids = g_strdup (self->ids);
  copy->addresses = g_strdup (self->addresses);
  copy->search = g_strdup (self->search);
  copy->names = NULL;
  if (self->names != NULL)
    {
      copy->names = g_ptr_array_new_with_free_func (g_free);
      for (guint i = 0; i < self->names->len; i++)
        g_ptr_array_add (copy->names, g_strdup (g_ptr_array_index (self->names, i)));
    }
  return copy;
}

/**
 * pr_selection_free:
 * @self: (transfer full): a selection
 */
void
pr_selection_free (PrSelection *self)
{
  g_free (self->ids);
  g_free (self->addresses);
  g_free (self->search);
  g_clear_pointer (&self->names, g_ptr_array_unref);
  g_free (self);
}

void
pr_selection_set_profile (PrSelection *self, gint64 profile_id)
{
  self->profile_id = profile_id;
}

void
pr_selection_set_view (PrSelection *self, PrView view)
{
  self->view = view;
}

/**
 * pr_selection_set_search:
 * @self: a selection
 * @text: (nullable): part of a name, an address or a profile's name
 */
void
pr_selection_set_search (PrSelection *self, const char *text)
{
  g_free (self->search);
  self->search = text != NULL && *text != '\0' ? g_strdup (text) : NULL;
}

/**
 * pr_selection_set_due:
 * @self: a selection
 * @now: microseconds since 1970
 *
 * Narrows to the mailboxes whose next try is due at @now.
 */
void
pr_selection_set_due (PrSelection *self, gint64 now)
{
  self->due = now;
}

/**
 * pr_selection_set_page:
 * @self: a selection
 * @offset: rows to pass over
 * @limit: most rows to list; 0: all
 */
void
pr_selection_set_page (PrSelection *self, guint offset, guint limit)
{
  self->offset = offset;
  self->limit = limit;
}

/* The condition, on "mailboxes AS m" and "profiles AS p"; its values in the order of
 * pr_selection_bind(). */
char *
pr_selection_get_where (PrSelection *self)
{
  GString *sql = g_string_new (view_conditions[self->view]);

  if (self->ids != NULL)
    g_string_append (sql, " AND m.id IN (SELECT value FROM json_each (?))");
  if (self->addresses != NULL)
    g_string_append (sql, " AND m.address_key IN (SELECT value FROM json_each (?))");
  if (self->profile_id != 0)
    g_string_append (sql, " AND m.profile_id = ?");
  if (self->due != 0)
    g_string_append (sql, " AND ((m.incoming_retry_at <> 0 AND m.incoming_retry_at <= ?)"
                          " OR (m.outgoing_retry_at <> 0 AND m.outgoing_retry_at <= ?))");
  if (self->search != NULL)
    g_string_append (sql, " AND (m.name LIKE ? ESCAPE '\\' OR m.address LIKE ? ESCAPE '\\'"
                          " OR m.profile_id IN"
                          " (SELECT id FROM profiles WHERE name LIKE ? ESCAPE '\\'))");
  return g_string_free (sql, FALSE);
}

char *
pr_selection_get_limit (PrSelection *self)
{
  if (self->limit == 0)
    return g_strdup ("");
  return g_strdup_printf (" LIMIT %u OFFSET %u", self->limit, self->offset);
}

static char *
make_pattern (const char *text)
{
  GString *pattern = g_string_new ("%");

  for (const char *p = text; *p != '\0'; p++)
    {
      if (*p == '%' || *p == '_' || *p == '\\')
        g_string_append_c (pattern, '\\');
      g_string_append_c (pattern, *p);
    }
  g_string_append_c (pattern, '%');
  return g_string_free (pattern, FALSE);
}

void
pr_selection_bind (PrSelection *self, PrStatement *statement)
{
  if (self->ids != NULL)
    pr_statement_bind_text (statement, self->ids);
  if (self->addresses != NULL)
    pr_statement_bind_text (statement, self->addresses);
  if (self->profile_id != 0)
    pr_statement_bind_number (statement, self->profile_id);
  if (self->due != 0)
    {
      pr_statement_bind_number (statement, self->due);
      pr_statement_bind_number (statement, self->due);
    }
  if (self->search != NULL)
    {
      g_autofree char *pattern = make_pattern (self->search);

      for (guint i = 0; i < 3; i++)
        pr_statement_bind_text (statement, pattern);
    }
}

/* An address that was named must exist: a typing error is not "nothing to do". */
gboolean
pr_selection_check_names (PrSelection *self, PrDatabase *database, GError **error)
{
  for (guint i = 0; self->names != NULL && i < self->names->len; i++)
    {
      const char *name = g_ptr_array_index (self->names, i);
      g_autofree char *key = pr_address_to_key (name);
      g_autoptr (GError) local_error = NULL;
      g_autoptr (PrStatement) statement = pr_database_query (
          database, &local_error, "SELECT 1 FROM mailboxes WHERE address_key = ?", "s", key);

      if (statement != NULL && pr_statement_next (statement, &local_error))
        continue;
      if (local_error != NULL)
        g_propagate_error (error, g_steal_pointer (&local_error));
      else
        pr_set_error (error, PR_ERROR_NOT_FOUND, "address",
                      _ ("There is no mailbox “%s” in this environment."), name);
      return FALSE;
    }
  return TRUE;
}
