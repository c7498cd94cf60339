/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrRecord: what an admin edits, as a table of fields. A subclass is its table and its rules
 * between fields; properties, parsing, limits and error messages come from here, so the window,
 * the command line and CSV accept and refuse the same. Main thread. */

#include "pr-record.h"

#include <string.h>

typedef struct
{
  PrValues *values;
} PrRecordPrivate;

enum
{
  PROP_0,
  PROP_ID,
  PROP_VERSION,
  PROP_FIRST_FIELD,
};

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (PrRecord, pr_record, G_TYPE_OBJECT)

static PrValues *
get_values (PrRecord *self)
{
  return ((PrRecordPrivate *) pr_record_get_instance_private (self))->values;
}

static const PrField *
get_field (PrRecord *self, guint field)
{
  PrRecordClass *klass = PR_RECORD_GET_CLASS (self);

  g_assert (field < klass->n_fields);
  return &klass->fields[field];
}

static void
notify_field (PrRecord *self, guint field)
{
  g_object_notify (G_OBJECT (self), get_field (self, field)->name);
}

/**
 * pr_values_new:
 * @n: how many fields
 *
 * Returns: (transfer full): values that are all empty
 */
PrValues *
pr_values_new (guint n)
{
  PrValues *self = g_malloc0 (sizeof (PrValues) + n * sizeof self->slots[0]);

  self->n = n;
  return self;
}

/**
 * pr_values_free:
 * @self: (transfer full): values
 */
void
pr_values_free (PrValues *self)
{
  for (guint i = 0; i < self->n; i++)
    g_free (self->slots[i].text);
  g_free (self);
}

static void
pr_record_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PrRecord *self = PR_RECORD (object);
  PrValues *values = get_values (self);
  guint field = id - PROP_FIRST_FIELD;

  if (id == PROP_ID || id == PROP_VERSION)
    {
      g_value_set_int64 (value, id == PROP_ID ? values->id : values->version);
      return;
    }
  switch (get_field (self, field)->kind)
    {
      case PR_FIELD_TEXT:
        g_value_set_string (value, pr_record_get_text (self, field));
        break;
      case PR_FIELD_BOOLEAN:
        g_value_set_boolean (value, values->slots[field].number != 0);
        break;
      case PR_FIELD_ENUM:
        g_value_set_enum (value, (int) values->slots[field].number);
        break;
      case PR_FIELD_INTEGER:
      case PR_FIELD_TIME:
      case PR_FIELD_REFERENCE:
        g_value_set_int64 (value, values->slots[field].number);
        break;
    }
}

static void
pr_record_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  PrRecord *self = PR_RECORD (object);
  guint field = id - PROP_FIRST_FIELD;

  if (id == PROP_ID)
    pr_record_set_id (self, g_value_get_int64 (value));
  else if (id == PROP_VERSION)
    pr_record_set_version (self, g_value_get_int64 (value));
  else
    switch (get_field (self, field)->kind)
      {
        case PR_FIELD_TEXT:
          pr_record_set_text (self, field, g_value_get_string (value));
          break;
        case PR_FIELD_BOOLEAN:
          pr_record_set_number (self, field, g_value_get_boolean (value));
          break;
        case PR_FIELD_ENUM:
          pr_record_set_number (self, field, g_value_get_enum (value));
          break;
        case PR_FIELD_INTEGER:
        case PR_FIELD_TIME:
        case PR_FIELD_REFERENCE:
          pr_record_set_number (self, field, g_value_get_int64 (value));
          break;
      }
}

/* Not in init(): there the instance does not know yet which class it will be of. */
static void
pr_record_constructed (GObject *object)
{
  PrRecordPrivate *priv = pr_record_get_instance_private (PR_RECORD (object));
  PrRecordClass *klass = PR_RECORD_GET_CLASS (object);

  priv->values = pr_values_new (klass->n_fields);
  for (guint i = 0; i < klass->n_fields; i++)
    priv->values->slots[i].number = klass->fields[i].initial;
  G_OBJECT_CLASS (pr_record_parent_class)->constructed (object);
}

static void
pr_record_finalize (GObject *object)
{
  pr_values_free (get_values (PR_RECORD (object)));
  G_OBJECT_CLASS (pr_record_parent_class)->finalize (object);
}

static void
pr_record_class_init (PrRecordClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->constructed = pr_record_constructed;
  object_class->finalize = pr_record_finalize;
  object_class->get_property = pr_record_get_property;
  object_class->set_property = pr_record_set_property;

  /**
   * PrRecord:id:
   *
   * Key in the database; 0 while it is not stored.
   */
  g_object_class_install_property (object_class, PROP_ID,
                                   g_param_spec_int64 ("id", NULL, NULL, 0, G_MAXINT64, 0, flags));
  /**
   * PrRecord:version:
   *
   * Grows with each change that is stored; tells whether somebody else was faster.
   */
  g_object_class_install_property (
      object_class, PROP_VERSION,
      g_param_spec_int64 ("version", NULL, NULL, 0, G_MAXINT64, 0, flags));
}

static void
pr_record_init (PrRecord *self)
{
}

static GParamSpec *
new_param_spec (const PrField *field)
{
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  switch (field->kind)
    {
      case PR_FIELD_TEXT:
        return g_param_spec_string (field->name, NULL, NULL, "", flags);
      case PR_FIELD_BOOLEAN:
        return g_param_spec_boolean (field->name, NULL, NULL, field->initial != 0, flags);
      case PR_FIELD_ENUM:
        return g_param_spec_enum (field->name, NULL, NULL, field->enum_type (),
                                  (int) field->initial, flags);
      case PR_FIELD_INTEGER:
      case PR_FIELD_TIME:
      case PR_FIELD_REFERENCE:
        return g_param_spec_int64 (field->name, NULL, NULL, G_MININT64, G_MAXINT64, field->initial,
                                   flags);
    }
  g_return_val_if_reached (NULL);
}

/**
 * pr_record_class_set_fields:
 * @klass: the class of a subclass, in its class_init
 * @fields: (transfer none): its table, which lives for ever
 * @n_fields: rows of it
 *
 * Installs one property per field, in the order of the table.
 */
void
pr_record_class_set_fields (PrRecordClass *klass, const PrField *fields, guint n_fields)
{
  klass->fields = fields;
  klass->n_fields = n_fields;
  /* GObject does not let a subclass inherit these two. */
  G_OBJECT_CLASS (klass)->get_property = pr_record_get_property;
  G_OBJECT_CLASS (klass)->set_property = pr_record_set_property;
  for (guint i = 0; i < n_fields; i++)
    g_object_class_install_property (G_OBJECT_CLASS (klass), PROP_FIRST_FIELD + i,
                                     new_param_spec (&fields[i]));
}

gint64
pr_record_get_id (PrRecord *self)
{
  g_return_val_if_fail (PR_IS_RECORD (self), 0);

  return get_values (self)->id;
}

gint64
pr_record_get_version (PrRecord *self)
{
  g_return_val_if_fail (PR_IS_RECORD (self), 0);

  return get_values (self)->version;
}

void
pr_record_set_id (PrRecord *self, gint64 id)
{
  g_return_if_fail (PR_IS_RECORD (self));

  if (get_values (self)->id == id)
    return;
  get_values (self)->id = id;
  g_object_notify (G_OBJECT (self), "id");
}

void
pr_record_set_version (PrRecord *self, gint64 version)
{
  g_return_if_fail (PR_IS_RECORD (self));

  if (get_values (self)->version == version)
    return;
  get_values (self)->version = version;
  g_object_notify (G_OBJECT (self), "version");
}

/**
 * pr_record_get_fields:
 * @self: a record
 * @n_fields: (out): how many
 *
 * Returns: (transfer none) (array length=n_fields): the table of its class
 */
const PrField *
pr_record_get_fields (PrRecord *self, guint *n_fields)
{
  PrRecordClass *klass = PR_RECORD_GET_CLASS (self);

  *n_fields = klass->n_fields;
  return klass->fields;
}

/**
 * pr_record_find_field:
 * @self: a record
 * @name: a property name
 *
 * Returns: the index of that field, -1 if there is none
 */
int
pr_record_find_field (PrRecord *self, const char *name)
{
  PrRecordClass *klass = PR_RECORD_GET_CLASS (self);

  for (guint i = 0; i < klass->n_fields; i++)
    if (g_str_equal (klass->fields[i].name, name))
      return (int) i;
  return -1;
}

/**
 * pr_record_get_text:
 * @self: a record
 * @field: index of a text field
 *
 * Returns: (transfer none): its value, "" if it is empty
 */
const char *
pr_record_get_text (PrRecord *self, guint field)
{
  g_return_val_if_fail (PR_IS_RECORD (self), "");
  g_assert (get_field (self, field)->kind == PR_FIELD_TEXT);

  return get_values (self)->slots[field].text != NULL ? get_values (self)->slots[field].text : "";
}

/**
 * pr_record_get_number:
 * @self: a record
 * @field: index of a field that is no text
 *
 * Returns: the number, truth value, enumeration value, time or id
 */
gint64
pr_record_get_number (PrRecord *self, guint field)
{
  g_return_val_if_fail (PR_IS_RECORD (self), 0);
  g_assert (get_field (self, field)->kind != PR_FIELD_TEXT);

  return get_values (self)->slots[field].number;
}

/**
 * pr_record_set_text:
 * @self: a record
 * @field: index of a text field
 * @text: (nullable): anything; pr_record_check() judges it
 */
void
pr_record_set_text (PrRecord *self, guint field, const char *text)
{
  g_return_if_fail (PR_IS_RECORD (self));
  g_assert (get_field (self, field)->kind == PR_FIELD_TEXT);

  if (g_strcmp0 (pr_record_get_text (self, field), text != NULL ? text : "") == 0)
    return;
  g_free (get_values (self)->slots[field].text);
  get_values (self)->slots[field].text = g_strdup (text);
  notify_field (self, field);
}

/**
 * pr_record_set_number:
 * @self: a record
 * @field: index of a field that is no text
 * @number: anything; pr_record_check() judges it
 */
void
pr_record_set_number (PrRecord *self, guint field, gint64 number)
{
  g_return_if_fail (PR_IS_RECORD (self));
  g_assert (get_field (self, field)->kind != PR_FIELD_TEXT);

  if (get_values (self)->slots[field].number == number)
    return;
  get_values (self)->slots[field].number = number;
  notify_field (self, field);
}

/**
 * pr_record_parse:
 * @self: a record
 * @field: index of a field
 * @text: what was typed; "" empties the field
 * @error: set to %PR_ERROR_INVALID_VALUE, with the field, the value and what is accepted
 *
 * Returns: whether @text was accepted; otherwise nothing has changed
 */
gboolean
pr_record_parse (PrRecord *self, guint field, const char *text, GError **error)
{
  const PrField *row = get_field (self, field);
  g_autofree char *text_value = NULL;
  gint64 number = 0;

  g_return_val_if_fail (PR_IS_RECORD (self), FALSE);

  if (!pr_field_parse (row, text, &text_value, &number, error))
    return FALSE;
  if (row->kind == PR_FIELD_TEXT)
    pr_record_set_text (self, field, text_value);
  else
    pr_record_set_number (self, field, number);
  return TRUE;
}

/**
 * pr_record_format:
 * @self: a record
 * @field: index of a field
 *
 * Returns: (transfer full): its value as pr_record_parse() reads it
 */
char *
pr_record_format (PrRecord *self, guint field)
{
  PrValues *values = get_values (self);

  g_return_val_if_fail (PR_IS_RECORD (self), NULL);

  return pr_field_format (get_field (self, field), values->slots[field].text,
                          values->slots[field].number);
}

static gboolean
check_field (PrRecord *self, guint field, GError **error)
{
  const PrField *row = get_field (self, field);
  g_autofree char *text = NULL, *text_value = NULL;
  gint64 number;

  if ((row->flags & PR_FIELD_DERIVED) != 0)
    return TRUE;
  text = pr_record_format (self, field);
  return pr_field_parse (row, text, &text_value, &number, error);
}

/**
 * pr_record_check:
 * @self: a record
 * @context: (nullable): for the rules of the subclass
 *
 * Judges every field by its row, then the rules between fields.
 *
 * Returns: (transfer full) (element-type GError): all that is wrong, in the order of the fields
 */
GPtrArray *
pr_record_check (PrRecord *self, gpointer context)
{
  PrRecordClass *klass = PR_RECORD_GET_CLASS (self);
  GPtrArray *errors = g_ptr_array_new_with_free_func ((GDestroyNotify) g_error_free);

  g_return_val_if_fail (PR_IS_RECORD (self), errors);

  for (guint i = 0; i < klass->n_fields; i++)
    {
      GError *error = NULL;

      if (!check_field (self, i, &error))
        g_ptr_array_add (errors, error);
    }
  if (klass->check_rules != NULL)
    klass->check_rules (self, context, errors);
  return errors;
}

/**
 * pr_record_check_first:
 * @self: a record
 * @context: (nullable): for the rules of the subclass
 * @error: set to the first thing that is wrong
 *
 * Returns: whether nothing is
 */
gboolean
pr_record_check_first (PrRecord *self, gpointer context, GError **error)
{
  g_autoptr (GPtrArray) errors = pr_record_check (self, context);

  if (errors->len == 0)
    return TRUE;
  g_propagate_error (error, g_error_copy (g_ptr_array_index (errors, 0)));
  return FALSE;
}

/**
 * pr_record_dup_values:
 * @self: a record
 *
 * Returns: (transfer full): its values, for another thread
 */
PrValues *
pr_record_dup_values (PrRecord *self)
{
  PrValues *values = get_values (self);
  PrValues *copy = pr_values_new (values->n);

  copy->id = values->id;
  copy->version = values->version;
  for (guint i = 0; i < values->n; i++)
    {
      copy->slots[i].text = g_strdup (values->slots[i].text);
      copy->slots[i].number = values->slots[i].number;
    }
  return copy;
}

/**
 * pr_record_set_values:
 * @self: a record
 * @values: values of the same class
 *
 * Takes them all; only what differs is notified.
 */
void
pr_record_set_values (PrRecord *self, const PrValues *values)
{
  PrRecordClass *klass = PR_RECORD_GET_CLASS (self);

  g_return_if_fail (PR_IS_RECORD (self));
  g_return_if_fail (values->n == klass->n_fields);

  g_object_freeze_notify (G_OBJECT (self));
  pr_record_set_id (self, values->id);
  pr_record_set_version (self, values->version);
  for (guint i = 0; i < values->n; i++)
    if (klass->fields[i].kind == PR_FIELD_TEXT)
      pr_record_set_text (self, i, values->slots[i].text);
    else
      pr_record_set_number (self, i, values->slots[i].number);
  g_object_thaw_notify (G_OBJECT (self));
}

/**
 * pr_record_duplicate:
 * @self: a record
 *
 * Returns: (transfer full): another one of the same class with the same values
 */
PrRecord *
pr_record_duplicate (PrRecord *self)
{
  PrRecord *copy = g_object_new (G_OBJECT_TYPE (self), NULL);

  pr_record_set_values (copy, get_values (self));
  return copy;
}
