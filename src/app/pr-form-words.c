/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The model says what a field accepts in the words of the command line, “ssl, starttls”. In a form
 * people choose between “SSL/TLS” and “STARTTLS”: there those words stand. Main thread. */

#include "pr-form-words.h"

#include "pr-words.h"

#include <string.h>

static const char *
find_label (const PrField *field, GEnumClass *values, const char *word)
{
  const GEnumValue *value = g_enum_get_value_by_nick (values, word);

  return value != NULL ? pr_word_of (field->enum_type (), value->value) : NULL;
}

/* What was given is quoted. */
static char *
replace_quoted (const PrField *field, GEnumClass *values, const char *text)
{
  g_autoptr (GString) changed = g_string_new (text);

  for (guint i = 0; i < values->n_values; i++)
    {
      g_autofree char *from = g_strdup_printf ("“%s”", values->values[i].value_nick);
      g_autofree char *to =
          g_strdup_printf ("“%s”", find_label (field, values, values->values[i].value_nick));

      g_string_replace (changed, from, to, 0);
    }
  return g_strdup (changed->str);
}

/* What would be accepted is a list, the last thing in the message. */
static char *
replace_list (const PrField *field, GEnumClass *values, const char *list)
{
  gboolean ends = g_str_has_suffix (list, ".");
  g_autofree char *bare = g_strndup (list, strlen (list) - (ends ? 1 : 0));
  g_auto (GStrv) words = g_strsplit (bare, ", ", -1);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; words[i] != NULL; i++)
    {
      const char *label = find_label (field, values, words[i]);

      g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", label != NULL ? label : words[i]);
    }
  if (ends)
    g_string_append_c (text, '.');
  return g_strdup (text->str);
}

/**
 * pr_form_words:
 * @field: a field
 * @message: what is wrong with its value
 *
 * Returns: (transfer full): the same, with the labels of its choices instead of their words
 */
char *
pr_form_words (const PrField *field, const char *message)
{
  g_autoptr (GTypeClass) values = NULL;
  g_autofree char *quoted = NULL;
  g_autofree char *list = NULL;
  char *colon;

  g_return_val_if_fail (field != NULL && message != NULL, NULL);

  if (field->kind != PR_FIELD_ENUM)
    return g_strdup (message);
  values = g_type_class_ref (field->enum_type ());
  quoted = replace_quoted (field, G_ENUM_CLASS (values), message);
  colon = g_strrstr (quoted, ": ");
  if (colon == NULL)
    return g_steal_pointer (&quoted);
  list = replace_list (field, G_ENUM_CLASS (values), colon + 2);
  colon[2] = '\0';
  return g_strconcat (quoted, list, NULL);
}
