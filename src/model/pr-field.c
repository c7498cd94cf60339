/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One field's values as text: what is accepted, and how a refusal is worded, in one place for
 * forms, command line and CSV. Any thread. */

#include "pr-record.h"

#include "pr-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define SHOWN_VALUE_MAX 80 /* bytes of a refused value that an error repeats */

/**
 * pr_set_invalid:
 * @error: (nullable) (out): where to put it
 * @field: the field
 * @value: what was given
 * @accepted: what would be accepted
 *
 * Sets an error that names all three.
 */
void
pr_set_invalid (GError **error, const PrField *field, const char *value, const char *accepted)
{
  g_autofree char *shown = pr_text_for_display (value, -1, SHOWN_VALUE_MAX);

  if (*value == '\0')
    pr_set_error (error, PR_ERROR_INVALID_VALUE, field->name,
                  _ ("%s must not be empty. Accepted: %s."), _ (field->label), accepted);
  else
    pr_set_error (error, PR_ERROR_INVALID_VALUE, field->name,
                  _ ("%s: “%s” is not accepted. Accepted: %s."), _ (field->label), shown, accepted);
}

static char *
describe_text (const PrField *field)
{
  if (field->min > 0)
    return g_strdup_printf (_ ("%d to %d characters"), (int) field->min, (int) field->max);
  return g_strdup_printf (_ ("at most %d characters"), (int) field->max);
}

/**
 * pr_field_describe:
 * @field: a field
 *
 * Returns: (transfer full): what it accepts, in words that can follow "Accepted: "
 */
char *
pr_field_describe (const PrField *field)
{
  switch (field->kind)
    {
      case PR_FIELD_TEXT:
        return describe_text (field);
      case PR_FIELD_BOOLEAN:
        return g_strdup (_ ("yes or no"));
      case PR_FIELD_ENUM:
        return pr_enum_list_nicks (field->enum_type ());
      case PR_FIELD_TIME:
        return g_strdup (_ ("a date such as 2026-01-31 or 2026-01-31T12:00"));
      case PR_FIELD_INTEGER:
        return g_strdup_printf (_ ("a whole number from %d to %d"), (int) field->min,
                                (int) field->max);
      case PR_FIELD_REFERENCE:
        return g_strdup (_ ("the number of one that exists, or nothing"));
    }
  g_return_val_if_reached (NULL);
}

static gboolean
is_blank (const char *text)
{
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    if (!g_unichar_isspace (g_utf8_get_char (p)))
      return FALSE;
  return TRUE;
}

/* Returns: (nullable): what is accepted instead of @text; NULL if it is fine. */
static char *
judge_text (const PrField *field, const char *text)
{
  glong length;

  if (*text == '\0')
    {
      if ((field->flags & PR_FIELD_REQUIRED) == 0)
        return NULL;
      /* The check knows better words for what should be there than a number of characters. */
      return field->check != NULL ? field->check ("") : describe_text (field);
    }
  if (!g_utf8_validate (text, -1, NULL))
    return g_strdup (_ ("text in UTF-8"));
  if ((field->flags & PR_FIELD_REQUIRED) != 0 && field->check == NULL && is_blank (text))
    return g_strdup (_ ("text that is not only blanks"));
  length = g_utf8_strlen (text, -1);
  if (length < field->min || length > field->max)
    return describe_text (field);
  if ((field->flags & PR_FIELD_MULTILINE) == 0)
    {
      char *accepted = pr_check_line (text);

      if (accepted != NULL)
        return accepted;
    }
  return field->check != NULL ? field->check (text) : NULL;
}

static gboolean
parse_boolean (const char *text, gint64 *number)
{
  static const char *const yes[] = { "yes", "true", "on", "1", NULL };
  static const char *const no[] = { "no", "false", "off", "0", NULL };
  g_autofree char *lower = g_ascii_strdown (text, -1);

  *number = g_strv_contains (yes, lower);
  return *number != 0 || g_strv_contains (no, lower);
}

static gboolean
parse_number (const PrField *field, const char *text, gint64 *number)
{
  int value;

  switch (field->kind)
    {
      case PR_FIELD_BOOLEAN:
        return parse_boolean (text, number);
      case PR_FIELD_ENUM:
        if (!pr_enum_from_nick (field->enum_type (), text, &value))
          return FALSE;
        *number = value;
        return TRUE;
      case PR_FIELD_TIME:
        *number = 0;
        return *text == '\0' || pr_time_from_text (text, number);
      case PR_FIELD_REFERENCE:
        *number = 0;
        return *text == '\0' || pr_text_to_int (text, 0, G_MAXINT64, number);
      case PR_FIELD_INTEGER:
        if (*text == '\0' && (field->flags & PR_FIELD_REQUIRED) == 0)
          {
            *number = field->initial;
            return TRUE;
          }
        return pr_text_to_int (text, field->min, field->max, number);
      case PR_FIELD_TEXT:
        break;
    }
  g_return_val_if_reached (FALSE);
}

/**
 * pr_field_parse:
 * @field: a field
 * @text: what was typed
 * @text_value: (out) (transfer full): the value of a text field
 * @number: (out): the value of any other field
 * @error: set to %PR_ERROR_INVALID_VALUE, with the field, the value and what is accepted
 *
 * Returns: whether @text is accepted
 */
gboolean
pr_field_parse (const PrField *field,
                const char *text,
                char **text_value,
                gint64 *number,
                GError **error)
{
  g_autofree char *accepted = NULL;

  if (field->kind == PR_FIELD_TEXT)
    {
      accepted = judge_text (field, text);
      if (accepted == NULL)
        {
          *text_value = g_strdup (text);
          return TRUE;
        }
    }
  else if (parse_number (field, text, number))
    return TRUE;
  else
    accepted = pr_field_describe (field);
  pr_set_invalid (error, field, text, accepted);
  return FALSE;
}

/**
 * pr_field_format:
 * @field: a field
 * @text: (nullable): the value of a text field
 * @number: the value of any other field
 *
 * Returns: (transfer full): the value as pr_field_parse() reads it
 */
char *
pr_field_format (const PrField *field, const char *text, gint64 number)
{
  char *time;

  switch (field->kind)
    {
      case PR_FIELD_TEXT:
        return g_strdup (text != NULL ? text : "");
      case PR_FIELD_BOOLEAN:
        return g_strdup (number != 0 ? "yes" : "no");
      case PR_FIELD_ENUM:
        return g_strdup (pr_enum_to_nick (field->enum_type (), (int) number));
      case PR_FIELD_TIME:
        time = pr_time_to_text (number);
        return time != NULL ? time : g_strdup ("");
      case PR_FIELD_REFERENCE:
        return number != 0 ? g_strdup_printf ("%" G_GINT64_FORMAT, number) : g_strdup ("");
      case PR_FIELD_INTEGER:
        /* Out of range from the start: a field that is still empty, such as a port. */
        if (number == field->initial && number < field->min)
          return g_strdup ("");
        return g_strdup_printf ("%" G_GINT64_FORMAT, number);
    }
  g_return_val_if_reached (NULL);
}
