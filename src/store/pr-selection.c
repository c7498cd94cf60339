/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrSelection: which mailboxes, as a condition in SQL: one row or 100,000, the same statement.
 * Made in the main thread, used in the store thread, immutable in between. */

#include "pr-selection-private.h"

#include "pr-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _PrSelection
{
  PrView view;
  char *ids;        /* JSON array of numbers */
  char *except;     /* the same */
  char *addresses;  /* JSON array of address keys */
  GPtrArray *names; /* the addresses as they were given */
  gint64 profile_id;
  char *search;
  char *code;
  gint64 due;
  int sort; /* a PrMailboxField; -1: in the order in which they were made */
  gboolean descending;
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
  PrSelection *self = g_new0 (PrSelection, 1);

  self->sort = -1;
  return self;
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

static char *
make_json (const gint64 *ids, guint n_ids)
{
  GString *json = g_string_new ("[");

  for (guint i = 0; i < n_ids; i++)
    g_string_append_printf (json, "%s%" G_GINT64_FORMAT, i > 0 ? "," : "", ids[i]);
  g_string_append_c (json, ']');
  return g_string_free (json, FALSE);
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

  self->ids = make_json (ids, n_ids);
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
  copy->except = g_strdup (self->except);
  copy->addresses = g_strdup (self->addresses);
  copy->code = g_strdup (self->code);
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
  g_free (self->except);
  g_free (self->addresses);
  g_free (self->code);
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
 * pr_selection_set_code:
 * @self: a selection
 * @code: (nullable): word of an error
 *
 * Narrows to the mailboxes whose last test of one of their directions ended with @code.
 */
void
pr_selection_set_code (PrSelection *self, const char *code)
{
  g_free (self->code);
  self->code = code != NULL && *code != '\0' ? g_strdup (code) : NULL;
}

/**
 * pr_selection_set_except:
 * @self: a selection
 * @ids: (array length=n_ids): ids
 * @n_ids: how many
 *
 * Leaves these mailboxes out: "all in the view but those three" without a list of the others.
 */
void
pr_selection_set_except (PrSelection *self, const gint64 *ids, guint n_ids)
{
  g_free (self->except);
  self->except = n_ids > 0 ? make_json (ids, n_ids) : NULL;
}

/**
 * pr_selection_set_sort:
 * @self: a selection
 * @field: what to list them by
 * @descending: the other way round
 *
 * Text goes by the rules of the user's language; enumerations by the order of their values.
 */
void
pr_selection_set_sort (PrSelection *self, PrMailboxField field, gboolean descending)
{
  self->sort = (int) field;
  self->descending = descending;
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
  if (self->except != NULL)
    g_string_append (sql, " AND m.id NOT IN (SELECT value FROM json_each (?))");
  if (self->addresses != NULL)
    g_string_append (sql, " AND m.address_key IN (SELECT value FROM json_each (?))");
  if (self->profile_id != 0)
    g_string_append (sql, " AND m.profile_id = ?");
  if (self->code != NULL)
    g_string_append (sql, " AND (m.incoming_code = ? OR m.outgoing_code = ?)");
  if (self->due != 0)
    g_string_append (sql, " AND ((m.incoming_retry_at <> 0 AND m.incoming_retry_at <= ?)"
                          " OR (m.outgoing_retry_at <> 0 AND m.outgoing_retry_at <= ?))");
  if (self->search != NULL)
    g_string_append (sql, " AND (pr_contains (m.name, ?) OR pr_contains (m.address, ?)"
                          " OR m.profile_id IN (SELECT id FROM profiles"
                          " WHERE pr_contains (name, ?)))");
  return g_string_free (sql, FALSE);
}

/* Words of enumerations are sorted by meaning, not by their letters. */
static void
append_enum_key (GString *sql, const PrField *field, const char *column)
{
  g_autoptr (GTypeClass) type_class = g_type_class_ref (field->enum_type ());
  GEnumClass *values = G_ENUM_CLASS (type_class);

  g_string_append_printf (sql, "CASE m.%s", column);
  for (guint i = 0; i < values->n_values; i++)
    {
      /* Our own words: letters and hyphens. */
      g_string_append (sql, " WHEN '");
      g_string_append (sql, values->values[i].value_nick);
      g_string_append_printf (sql, "' THEN %u", i);
    }
  g_string_append (sql, " END");
}

/* The order, on "mailboxes AS m" and "profiles AS p". Rows that are equal go by their ids, so
 * that two listings of the same rows are the same. */
char *
pr_selection_get_order (PrSelection *self)
{
  g_autoptr (PrMailbox) any = NULL;
  g_autofree char *column = NULL;
  const PrField *fields;
  GString *sql;
  guint n_fields;

  if (self->sort < 0)
    return g_strdup (" ORDER BY m.id");
  any = pr_mailbox_new ("");
  fields = pr_record_get_fields (PR_RECORD (any), &n_fields);
  column = pr_row_get_column_name (&fields[self->sort]);
  sql = g_string_new (" ORDER BY ");
  if (self->sort == PR_MAILBOX_PROFILE_NAME || self->sort == PR_MAILBOX_PROFILE_ID)
    g_string_append (sql, "pr_sort_key (p.name)");
  else if (self->sort == PR_MAILBOX_ADDRESS)
    g_string_append (sql, "m.address_key");
  else if (fields[self->sort].kind == PR_FIELD_TEXT)
    g_string_append_printf (sql, "pr_sort_key (m.%s)", column);
  else if (fields[self->sort].kind == PR_FIELD_ENUM)
    append_enum_key (sql, &fields[self->sort], column);
  else
    g_string_append_printf (sql, "m.%s", column);
  g_string_append_printf (sql, "%s, m.id", self->descending ? " DESC" : "");
  return g_string_free (sql, FALSE);
}

char *
pr_selection_get_limit (PrSelection *self)
{
  if (self->limit == 0)
    return g_strdup ("");
  return g_strdup_printf (" LIMIT %u OFFSET %u", self->limit, self->offset);
}

void
pr_selection_bind (PrSelection *self, PrStatement *statement)
{
  if (self->ids != NULL)
    pr_statement_bind_text (statement, self->ids);
  if (self->except != NULL)
    pr_statement_bind_text (statement, self->except);
  if (self->addresses != NULL)
    pr_statement_bind_text (statement, self->addresses);
  if (self->profile_id != 0)
    pr_statement_bind_number (statement, self->profile_id);
  if (self->code != NULL)
    {
      pr_statement_bind_text (statement, self->code);
      pr_statement_bind_text (statement, self->code);
    }
  if (self->due != 0)
    {
      pr_statement_bind_number (statement, self->due);
      pr_statement_bind_number (statement, self->due);
    }
  if (self->search != NULL)
    {
      g_autofree char *folded = pr_text_fold (self->search);

      for (guint i = 0; i < 3; i++)
        pr_statement_bind_text (statement, folded);
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
