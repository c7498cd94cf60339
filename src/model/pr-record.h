/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-error.h"
#include "pr-types.h"
#include "pr-validate.h"

G_BEGIN_DECLS

/**
 * PrFieldKind:
 * @PR_FIELD_TIME: microseconds since 1970; 0: never
 * @PR_FIELD_REFERENCE: id of another record; 0: none
 */
typedef enum
{
  PR_FIELD_TEXT,
  PR_FIELD_INTEGER,
  PR_FIELD_BOOLEAN,
  PR_FIELD_ENUM,
  PR_FIELD_TIME,
  PR_FIELD_REFERENCE,
} PrFieldKind;

/**
 * PrFieldFlags:
 * @PR_FIELD_EDITABLE: the admin may set it; the others are set by the program
 * @PR_FIELD_REQUIRED: must not be empty
 * @PR_FIELD_MULTILINE: may have line breaks
 * @PR_FIELD_DERIVED: no column of its own: looked up from another table when it is read
 */
typedef enum
{
  PR_FIELD_EDITABLE = 1 << 0,
  PR_FIELD_REQUIRED = 1 << 1,
  PR_FIELD_MULTILINE = 1 << 2,
  PR_FIELD_DERIVED = 1 << 3,
} PrFieldFlags;

/**
 * PrField:
 * @name: property name; with "_" for "-" the column and the JSON key
 * @label: what a form calls it, translatable
 * @min: numbers: the smallest; text: fewest characters
 * @max: numbers: the greatest; text: most characters
 * @initial: value of a new record (numbers, booleans, enumerations)
 * @enum_type: of the values of an enumeration
 * @check: (nullable): further judgement of text that is not empty
 *
 * One field of a record: the form, the command line, CSV and the database all go by this row.
 */
typedef struct
{
  const char *name;
  const char *label;
  PrFieldKind kind;
  PrFieldFlags flags;
  gint64 min;
  gint64 max;
  gint64 initial;
  GType (*enum_type) (void);
  PrCheck check;
} PrField;

/**
 * PrValues:
 *
 * The values of a record without the object: what crosses threads. One slot per field: text in
 * @text, everything else in @number.
 */
typedef struct
{
  gint64 id;
  gint64 version;
  guint n;
  struct
  {
    char *text;
    gint64 number;
  } slots[];
} PrValues;

PrValues *pr_values_new (guint n);
void pr_values_free (PrValues *self);

#define PR_TYPE_RECORD (pr_record_get_type ())
G_DECLARE_DERIVABLE_TYPE (PrRecord, pr_record, PR, RECORD, GObject)

/**
 * PrRecordClass:
 * @fields: the table of fields, set by pr_record_class_set_fields()
 * @check_rules: rules between fields: appends one #GError of %PR_ERROR_INVALID_VALUE or
 *   %PR_ERROR_POLICY for each that is broken; @context is what the subclass documents
 */
struct _PrRecordClass
{
  GObjectClass parent_class;

  const PrField *fields;
  guint n_fields;
  void (*check_rules) (PrRecord *self, gpointer context, GPtrArray *errors);
};

void pr_record_class_set_fields (PrRecordClass *klass, const PrField *fields, guint n_fields);

gint64 pr_record_get_id (PrRecord *self);
gint64 pr_record_get_version (PrRecord *self);
void pr_record_set_id (PrRecord *self, gint64 id);
void pr_record_set_version (PrRecord *self, gint64 version);

const PrField *pr_record_get_fields (PrRecord *self, guint *n_fields);
int pr_record_find_field (PrRecord *self, const char *name);

const char *pr_record_get_text (PrRecord *self, guint field);
gint64 pr_record_get_number (PrRecord *self, guint field);
void pr_record_set_text (PrRecord *self, guint field, const char *text);
void pr_record_set_number (PrRecord *self, guint field, gint64 number);

gboolean pr_record_parse (PrRecord *self, guint field, const char *text, GError **error);
char *pr_record_format (PrRecord *self, guint field);
gboolean pr_field_parse (const PrField *field,
                         const char *text,
                         char **text_value,
                         gint64 *number,
                         GError **error);
char *pr_field_format (const PrField *field, const char *text, gint64 number);
char *pr_field_describe (const PrField *field);

GPtrArray *pr_record_check (PrRecord *self, gpointer context);
gboolean pr_record_check_first (PrRecord *self, gpointer context, GError **error);

PrRecord *pr_record_duplicate (PrRecord *self);
PrValues *pr_record_dup_values (PrRecord *self);
void pr_record_set_values (PrRecord *self, const PrValues *values);

void pr_set_invalid (GError **error, const PrField *field, const char *value, const char *accepted);

G_END_DECLS
