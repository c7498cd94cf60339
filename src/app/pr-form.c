/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrForm: rows and a record, bound. What a text means and whether it is accepted is the record's
 * business (pr_field_parse()), so the form says the same as the command line. An error is shown
 * at once where somebody has typed, and everywhere when saving was tried. Main thread. */

#include "pr-form.h"

#include "pr-accessible.h"
#include "pr-choice-row.h"
#include "pr-css.h"
#include "pr-form-words.h"
#include "pr-switch-row.h"
#include "pr-text-row.h"
#include "pr-time-row.h"

#include <glib/gi18n.h>
#include <string.h>

typedef struct
{
  PrForm *form; /* borrowed */
  guint index;
  const PrField *field;
  GtkWidget *row;       /* weak */
  GtkWidget *note_row;  /* borrowed; made when it is needed */
  GtkImage *note_icon;  /* borrowed */
  GtkLabel *note_label; /* borrowed */
  char *note;
  PrNote note_kind;
  char *error;       /* by the record's rules */
  char *input_error; /* what was typed has no value */
  gboolean touched;
} PrFormField;

struct _PrForm
{
  GObject parent_instance;

  /* Owned */
  GBindingGroup *bindings;
  PrRecord *record;
  GPtrArray *fields; /* of PrFormField */

  gboolean loading;
  gboolean dirty;
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PrForm, pr_form, G_TYPE_OBJECT)

static void
form_field_free (gpointer data)
{
  PrFormField *field = data;

  if (field->row != NULL)
    g_signal_handlers_disconnect_by_data (field->row, field);
  g_clear_weak_pointer (&field->row);
  g_free (field->note);
  g_free (field->error);
  g_free (field->input_error);
  g_free (field);
}

/* --- Notes ------------------------------------------------------------------------------------ */

/* A row of its own below the field's row. */
static void
make_note (PrFormField *field)
{
  GtkWidget *list = gtk_widget_get_ancestor (field->row, GTK_TYPE_LIST_BOX);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  g_return_if_fail (list != NULL);

  field->note_row = gtk_list_box_row_new ();
  field->note_icon = GTK_IMAGE (gtk_image_new ());
  field->note_label = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (field->note_label, 0.0f);
  gtk_label_set_wrap (field->note_label, TRUE);
  gtk_label_set_wrap_mode (field->note_label, PANGO_WRAP_WORD_CHAR);
  gtk_widget_set_hexpand (GTK_WIDGET (field->note_label), TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (field->note_label), "caption");
  gtk_widget_set_valign (GTK_WIDGET (field->note_icon), GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (field->note_icon));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (field->note_label));
  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_end (box, 12);
  gtk_widget_set_margin_bottom (box, 9);
  gtk_widget_set_margin_top (box, 3);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (field->note_row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (field->note_row), FALSE);
  gtk_list_box_row_set_selectable (GTK_LIST_BOX_ROW (field->note_row), FALSE);
  gtk_widget_set_focusable (field->note_row, FALSE);
  gtk_widget_add_css_class (field->note_row, "field-note");
  gtk_list_box_insert (GTK_LIST_BOX (list), field->note_row,
                       gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (field->row)) + 1);
  g_object_bind_property (field->row, "visible", field->note_row, "visible", G_BINDING_DEFAULT);
}

static void
show_note (PrFormField *field)
{
  const char *error = field->input_error != NULL ? field->input_error : field->error;
  const char *text = error != NULL ? error : field->note;
  gboolean warning = error == NULL && field->note_kind == PR_NOTE_WARNING;

  pr_css_set_wrong (field->row, error != NULL);
  pr_css_set_class (field->row, "has-note", text != NULL);
  pr_accessible_set_note (field->row, text);
  if (text == NULL && field->note_row == NULL)
    return;
  if (field->note_row == NULL)
    make_note (field);
  gtk_widget_set_visible (field->note_row, text != NULL && gtk_widget_get_visible (field->row));
  gtk_label_set_label (field->note_label, text != NULL ? text : "");
  gtk_accessible_update_property (GTK_ACCESSIBLE (field->note_row), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  text != NULL ? text : "", -1);
  gtk_image_set_from_icon_name (field->note_icon, error != NULL ? "postroom-failure-symbolic"
                                                  : warning     ? "postroom-warning-symbolic"
                                                                : "postroom-information-symbolic");
  pr_css_set_class (field->note_row, "status-failure", error != NULL);
  pr_css_set_class (field->note_row, "status-warning", warning);
}

static PrFormField *
find_field (PrForm *self, const char *name)
{
  for (guint i = 0; i < self->fields->len; i++)
    {
      PrFormField *field = g_ptr_array_index (self->fields, i);

      if (g_strcmp0 (field->field->name, name) == 0)
        return field;
    }
  return NULL;
}

/* --- Binding ---------------------------------------------------------------------------------- */

static void
set_input_error (PrFormField *field, const char *message)
{
  g_free (field->input_error);
  field->input_error = g_strdup (message);
}

static gboolean
to_text (GBinding *binding, const GValue *from, GValue *to, gpointer user_data)
{
  PrFormField *field = user_data;
  PrRecord *record = field->form->record;

  set_input_error (field, NULL);
  if (field->field->kind == PR_FIELD_TIME)
    g_value_take_string (to, pr_time_row_format (g_value_get_int64 (from)));
  else
    g_value_take_string (to, pr_record_format (record, field->index));
  return TRUE;
}

/* Text that has no value leaves the record as it was. Text of a text field always is one: what
 * the record thinks of it comes from its check. */
static gboolean
from_text (GBinding *binding, const GValue *from, GValue *to, gpointer user_data)
{
  PrFormField *field = user_data;
  g_autofree char *text = field->field->kind == PR_FIELD_TIME
                              ? pr_time_row_to_iso (g_value_get_string (from))
                              : g_strdup (g_value_get_string (from));
  g_autofree char *text_value = NULL;
  g_autoptr (GError) error = NULL;
  gint64 number = 0;

  if (field->field->kind == PR_FIELD_TEXT)
    {
      g_value_set_string (to, text);
      return TRUE;
    }
  if (!pr_field_parse (field->field, text, &text_value, &number, &error))
    {
      set_input_error (field, error->message);
      return FALSE;
    }
  set_input_error (field, NULL);
  g_value_set_int64 (to, number);
  return TRUE;
}

static gboolean
to_number (GBinding *binding, const GValue *from, GValue *to, gpointer user_data)
{
  g_value_set_int64 (to, G_VALUE_HOLDS_ENUM (from) ? g_value_get_enum (from)
                                                   : g_value_get_int64 (from));
  return TRUE;
}

static gboolean
from_number (GBinding *binding, const GValue *from, GValue *to, gpointer user_data)
{
  if (G_VALUE_HOLDS_ENUM (to))
    g_value_set_enum (to, (int) g_value_get_int64 (from));
  else
    g_value_set_int64 (to, g_value_get_int64 (from));
  return TRUE;
}

static void
on_edited (PrFormField *field)
{
  PrForm *self = field->form;

  if (self->loading || self->record == NULL)
    return;
  field->touched = TRUE;
  self->dirty = TRUE;
  show_note (field);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static const char *
get_row_property (GtkWidget *row)
{
  if (PR_IS_SWITCH_ROW (row))
    return "active";
  if (PR_IS_CHOICE_ROW (row))
    return "value";
  return "text";
}

/* Fields whose values read from left to right in every language. */
static const char *const from_left[] = {
  "address",
  "username",
  "incoming-username",
  "outgoing-username",
  "owner-email",
  "incoming-location",
  "host",
  "outgoing-location",
  "process-from",
  "ports",
  NULL,
};

static void
bind_row (PrForm *self, PrFormField *field)
{
  const char *property = get_row_property (field->row);
  GBindingFlags flags = G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE;
  g_autofree char *signal = g_strdup_printf ("notify::%s", property);

  if (PR_IS_SWITCH_ROW (field->row))
    g_binding_group_bind (self->bindings, field->field->name, field->row, property, flags);
  else if (PR_IS_CHOICE_ROW (field->row))
    g_binding_group_bind_full (self->bindings, field->field->name, field->row, property, flags,
                               to_number, from_number, NULL, NULL);
  else
    g_binding_group_bind_full (self->bindings, field->field->name, field->row, property, flags,
                               to_text, from_text, field, NULL);
  if (PR_IS_CHOICE_ROW (field->row) && field->field->kind == PR_FIELD_ENUM)
    pr_choice_row_set_enum (PR_CHOICE_ROW (field->row), field->field->enum_type ());
  if (*adw_preferences_row_get_title (ADW_PREFERENCES_ROW (field->row)) == '\0')
    adw_preferences_row_set_title (ADW_PREFERENCES_ROW (field->row), _ (field->field->label));
  gtk_accessible_update_property (GTK_ACCESSIBLE (field->row), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ (field->field->label), -1);
  if (GTK_IS_EDITABLE (field->row) && g_strv_contains (from_left, field->field->name))
    pr_accessible_read_from_left (GTK_EDITABLE (field->row));
  /* Bindings are made when there is a record: after them. */
  g_signal_connect_data (field->row, signal, G_CALLBACK (on_edited), field, NULL,
                         G_CONNECT_SWAPPED | G_CONNECT_AFTER);
}

static void
add_rows (PrForm *self, GtkWidget *widget, const PrField *fields, guint n_fields)
{
  GtkWidget *child;

  for (guint i = 0; ADW_IS_PREFERENCES_ROW (widget) && i < n_fields; i++)
    if (g_strcmp0 (fields[i].name, gtk_widget_get_name (widget)) == 0)
      {
        PrFormField *field = g_new0 (PrFormField, 1);

        field->form = self;
        field->index = i;
        field->field = &fields[i];
        g_set_weak_pointer (&field->row, widget);
        g_ptr_array_add (self->fields, field);
        return;
      }
  for (child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    add_rows (self, child, fields, n_fields);
}

/* --- The object ------------------------------------------------------------------------------- */

static void
pr_form_finalize (GObject *object)
{
  PrForm *self = PR_FORM (object);

  g_clear_object (&self->bindings);
  g_clear_object (&self->record);
  g_clear_pointer (&self->fields, g_ptr_array_unref);
  G_OBJECT_CLASS (pr_form_parent_class)->finalize (object);
}

static void
pr_form_class_init (PrFormClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pr_form_finalize;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
pr_form_init (PrForm *self)
{
  self->bindings = g_binding_group_new ();
  self->fields = g_ptr_array_new_with_free_func (form_field_free);
}

/**
 * pr_form_new:
 * @root: the rows are somewhere below it; it must own the form, and clear it in dispose
 * @record_type: class of the records that will be shown
 *
 * Returns: (transfer full): a form without a record
 */
PrForm *
pr_form_new (GtkWidget *root, GType record_type)
{
  PrForm *self = g_object_new (PR_TYPE_FORM, NULL);
  g_autoptr (PrRecord) sample = g_object_new (record_type, NULL);
  guint n_fields;
  const PrField *fields = pr_record_get_fields (sample, &n_fields);

  add_rows (self, root, fields, n_fields);
  for (guint i = 0; i < self->fields->len; i++)
    bind_row (self, g_ptr_array_index (self->fields, i));
  return self;
}

/**
 * pr_form_set_record:
 * @self: a form
 * @record: (nullable): what is edited, in place: give it a duplicate
 */
void
pr_form_set_record (PrForm *self, PrRecord *record)
{
  g_return_if_fail (PR_IS_FORM (self));

  self->loading = TRUE;
  g_set_object (&self->record, record);
  for (guint i = 0; i < self->fields->len; i++)
    {
      PrFormField *field = g_ptr_array_index (self->fields, i);

      field->touched = FALSE;
      g_clear_pointer (&field->error, g_free);
      g_clear_pointer (&field->input_error, g_free);
    }
  g_binding_group_set_source (self->bindings, record);
  self->dirty = FALSE;
  self->loading = FALSE;
  pr_form_clear_notes (self);
}

PrRecord *
pr_form_get_record (PrForm *self)
{
  g_return_val_if_fail (PR_IS_FORM (self), NULL);

  return self->record;
}

/**
 * pr_form_is_dirty:
 * @self: a form
 *
 * Returns: whether somebody has edited it since it got its record
 */
gboolean
pr_form_is_dirty (PrForm *self)
{
  g_return_val_if_fail (PR_IS_FORM (self), FALSE);

  return self->dirty;
}

/* Something that belongs to the record was edited elsewhere than in a row. */
void
pr_form_set_dirty (PrForm *self)
{
  g_return_if_fail (PR_IS_FORM (self));

  self->dirty = TRUE;
}

/**
 * pr_form_get_row:
 * @self: a form
 * @field: name of a field
 *
 * Returns: (transfer none) (nullable): its row
 */
GtkWidget *
pr_form_get_row (PrForm *self, const char *field)
{
  PrFormField *found;

  g_return_val_if_fail (PR_IS_FORM (self), NULL);

  found = find_field (self, field);
  return found != NULL ? found->row : NULL;
}

/**
 * pr_form_set_note:
 * @self: a form
 * @field: name of a field that has a row
 * @kind: what kind of note
 * @text: (nullable): what is said below the field while nothing is wrong with it
 */
void
pr_form_set_note (PrForm *self, const char *field, PrNote kind, const char *text)
{
  PrFormField *found;

  g_return_if_fail (PR_IS_FORM (self));

  found = find_field (self, field);
  g_return_if_fail (found != NULL);
  g_free (found->note);
  found->note = g_strdup (text);
  found->note_kind = kind;
  show_note (found);
}

void
pr_form_clear_notes (PrForm *self)
{
  g_return_if_fail (PR_IS_FORM (self));

  for (guint i = 0; i < self->fields->len; i++)
    {
      PrFormField *field = g_ptr_array_index (self->fields, i);

      g_clear_pointer (&field->note, g_free);
      show_note (field);
    }
}

/**
 * pr_form_set_errors:
 * @self: a form
 * @errors: (element-type GError): what pr_record_check() found
 * @all: also at fields that nobody has touched yet
 *
 * Shows each error at its field.
 *
 * Returns: (transfer full) (element-type GError): those whose field has no row here
 */
GPtrArray *
pr_form_set_errors (PrForm *self, GPtrArray *errors, gboolean all)
{
  GPtrArray *others = g_ptr_array_new_with_free_func ((GDestroyNotify) g_error_free);

  g_return_val_if_fail (PR_IS_FORM (self), others);

  for (guint i = 0; i < self->fields->len; i++)
    g_clear_pointer (&((PrFormField *) g_ptr_array_index (self->fields, i))->error, g_free);
  for (guint i = 0; i < errors->len; i++)
    {
      GError *error = g_ptr_array_index (errors, i);
      PrFormField *field = find_field (self, pr_error_get_field (error));

      if (field == NULL)
        g_ptr_array_add (others, g_error_copy (error));
      else if (field->error == NULL && (all || field->touched))
        field->error = pr_form_words (field->field, error->message);
      if (field != NULL && all)
        field->touched = TRUE;
    }
  for (guint i = 0; i < self->fields->len; i++)
    show_note (g_ptr_array_index (self->fields, i));
  return others;
}

/**
 * pr_form_has_input_errors:
 * @self: a form
 *
 * Returns: whether a row has a text that its field cannot hold: the record does not have it
 */
gboolean
pr_form_has_input_errors (PrForm *self)
{
  g_return_val_if_fail (PR_IS_FORM (self), FALSE);

  for (guint i = 0; i < self->fields->len; i++)
    if (((PrFormField *) g_ptr_array_index (self->fields, i))->input_error != NULL)
      return TRUE;
  return FALSE;
}

/**
 * pr_form_get_error:
 * @self: a form
 * @field: name of a field
 *
 * Returns: (transfer none) (nullable): the error that is shown at it
 */
const char *
pr_form_get_error (PrForm *self, const char *field)
{
  PrFormField *found;

  g_return_val_if_fail (PR_IS_FORM (self), NULL);

  found = find_field (self, field);
  if (found == NULL)
    return NULL;
  return found->input_error != NULL ? found->input_error : found->error;
}

/* Brings the first field with an error into sight. */
void
pr_form_focus_first_error (PrForm *self)
{
  g_return_if_fail (PR_IS_FORM (self));

  for (guint i = 0; i < self->fields->len; i++)
    {
      PrFormField *field = g_ptr_array_index (self->fields, i);

      if ((field->error == NULL && field->input_error == NULL)
          || !gtk_widget_get_mapped (field->row))
        continue;
      gtk_widget_child_focus (field->row, GTK_DIR_TAB_FORWARD);
      return;
    }
}

/**
 * pr_form_get_obstacle:
 * @writable: the environment can be changed
 * @saving: what is in the form is being saved
 * @changed: there is something to save
 *
 * Returns: (nullable): why a form cannot be saved now; %NULL: it can
 */
const char *
pr_form_get_obstacle (gboolean writable, gboolean saving, gboolean changed)
{
  if (!writable)
    return _ ("Read only: this environment cannot be changed");
  if (saving)
    return _ ("It is being saved");
  return changed ? NULL : _ ("Nothing was changed");
}
