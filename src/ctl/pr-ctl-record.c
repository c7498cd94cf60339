/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Options made from the table of a record's fields: a new field is a new option without a line
 * here. "--name VALUE" for most, "--name" and "--no-name" for what is yes or no. */

#include "pr-ctl.h"

#include "pr-pin.h"

#include <glib/gi18n.h>
#include <string.h>

typedef struct
{
  char *option;
  char *negation; /* the option that says no */
  guint field;
  char *value;  /* (nullable): what was given */
  gboolean yes; /* or which of the two flags was */
  gboolean no;
  char *help;
} PrCtlOption;

struct _PrCtlFields
{
  const PrField *fields;
  guint n_fields;
  GPtrArray *options; /* of PrCtlOption */
  GArray *entries;    /* of GOptionEntry */
};

static void
option_free (gpointer data)
{
  PrCtlOption *option = data;

  g_free (option->option);
  g_free (option->negation);
  g_free (option->value);
  g_free (option->help);
  g_free (option);
}

static PrCtlOption *
add_option (PrCtlFields *self, const char *name, guint field)
{
  PrCtlOption *option = g_new0 (PrCtlOption, 1);

  option->option = g_strdup (name);
  option->negation = g_strconcat ("no-", name, NULL);
  option->field = field;
  option->help = self->fields[field].kind == PR_FIELD_ENUM
                     ? pr_enum_list_nicks (self->fields[field].enum_type ())
                     : g_strdup (_ (self->fields[field].label));
  g_ptr_array_add (self->options, option);
  return option;
}

PrCtlFields *
pr_ctl_fields_new (PrRecord *record)
{
  PrCtlFields *self = g_new0 (PrCtlFields, 1);

  self->fields = pr_record_get_fields (record, &self->n_fields);
  self->options = g_ptr_array_new_with_free_func (option_free);
  self->entries = g_array_new (TRUE, TRUE, sizeof (GOptionEntry));
  for (guint i = 0; i < self->n_fields; i++)
    if ((self->fields[i].flags & PR_FIELD_EDITABLE) != 0
        && self->fields[i].kind != PR_FIELD_REFERENCE)
      add_option (self, self->fields[i].name, i);
  return self;
}

void
pr_ctl_fields_free (PrCtlFields *self)
{
  g_ptr_array_unref (self->options);
  g_array_unref (self->entries);
  g_free (self);
}

/* A second, shorter name for an option. */
void
pr_ctl_fields_add_alias (PrCtlFields *self, const char *option, const char *field)
{
  for (guint i = 0; i < self->n_fields; i++)
    if (g_str_equal (self->fields[i].name, field))
      {
        add_option (self, option, i);
        return;
      }
  g_return_if_reached ();
}

/* Returns: (nullable): what was given for @option, as text. */
static const char *
get_given (const PrCtlOption *option)
{
  if (option->yes)
    return "yes";
  if (option->no)
    return "no";
  return option->value;
}

GOptionGroup *
pr_ctl_fields_get_group (PrCtlFields *self)
{
  GOptionGroup *group = g_option_group_new ("fields", _ ("Fields:"),
                                            _ ("Show the options for all fields"), self, NULL);

  for (guint i = 0; i < self->options->len; i++)
    {
      PrCtlOption *option = g_ptr_array_index (self->options, i);
      gboolean is_flag = self->fields[option->field].kind == PR_FIELD_BOOLEAN;
      GOptionEntry entry = { 0 };

      entry.long_name = option->option;
      entry.arg = is_flag ? G_OPTION_ARG_NONE : G_OPTION_ARG_STRING;
      entry.arg_data = is_flag ? (gpointer) &option->yes : (gpointer) &option->value;
      entry.description = option->help;
      entry.arg_description = is_flag ? NULL : _ ("VALUE");
      g_array_append_val (self->entries, entry);
      if (is_flag)
        {
          GOptionEntry negation = entry;

          negation.long_name = option->negation;
          negation.flags = G_OPTION_FLAG_HIDDEN;
          negation.arg_data = &option->no;
          g_array_append_val (self->entries, negation);
        }
    }
  g_option_group_add_entries (group, (GOptionEntry *) self->entries->data);
  return group;
}

/* Puts what was given into @record. */
gboolean
pr_ctl_fields_apply (PrCtlFields *self, PrRecord *record, GError **error)
{
  for (guint i = 0; i < self->options->len; i++)
    {
      PrCtlOption *option = g_ptr_array_index (self->options, i);
      const char *given = get_given (option);
      g_autofree char *pin = NULL;

      if (given == NULL)
        continue;
      /* As other programs print fingerprints, with colons. */
      if (g_str_has_suffix (self->fields[option->field].name, "-pin"))
        pin = pr_pin_parse (given);
      if (!pr_record_parse (record, option->field, pin != NULL ? pin : given, error))
        return FALSE;
    }
  return TRUE;
}

/* What was given as changes of many mailboxes. @sample: takes each value, which is checked so.
 * Returns: (transfer full) (nullable): of PrChange, whose texts are @sample's. */
GArray *
pr_ctl_fields_list_changes (PrCtlFields *self, PrMailbox *sample, GError **error)
{
  g_autoptr (GArray) changes = g_array_new (FALSE, FALSE, sizeof (PrChange));

  if (!pr_ctl_fields_apply (self, PR_RECORD (sample), error))
    return NULL;
  for (guint i = 0; i < self->options->len; i++)
    {
      PrCtlOption *option = g_ptr_array_index (self->options, i);
      PrChange change = { .field = (PrMailboxField) option->field };

      if (get_given (option) == NULL)
        continue;
      if (self->fields[option->field].kind == PR_FIELD_TEXT)
        change.text = (char *) pr_record_get_text (PR_RECORD (sample), option->field);
      else
        change.number = pr_record_get_number (PR_RECORD (sample), option->field);
      g_array_append_val (changes, change);
    }
  return g_steal_pointer (&changes);
}

guint
pr_ctl_fields_get_n_given (PrCtlFields *self)
{
  guint n = 0;

  for (guint i = 0; i < self->options->len; i++)
    if (get_given (g_ptr_array_index (self->options, i)) != NULL)
      n++;
  return n;
}

gboolean
pr_ctl_fields_is_given (PrCtlFields *self, const char *field)
{
  for (guint i = 0; i < self->options->len; i++)
    {
      PrCtlOption *option = g_ptr_array_index (self->options, i);

      if (get_given (option) != NULL && g_str_equal (self->fields[option->field].name, field))
        return TRUE;
    }
  return FALSE;
}
