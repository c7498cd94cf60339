/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-alert.h"
#include "pr-mailbox.h"

#include <string.h>

G_BEGIN_DECLS

/* Records as forms and command lines fill them: by names and words. */

static inline void
record_set (gpointer record, const char *name, const char *value)
{
  g_autoptr (GError) error = NULL;
  int field = pr_record_find_field (record, name);

  if (field < 0)
    g_error ("there is no field “%s”", name);
  pr_record_parse (record, (guint) field, value, &error);
  if (error != NULL)
    g_error ("%s=%s: %s", name, value, error->message);
}

static inline char *
record_get (gpointer record, const char *name)
{
  int field = pr_record_find_field (record, name);

  if (field < 0)
    g_error ("there is no field “%s”", name);
  return pr_record_format (record, (guint) field);
}

/* "name=value name=value ...", where "+" in a value stands for a blank. */
static inline void
record_set_all (gpointer record, const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, " ", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    if (*parts[i] != '\0')
      {
        char *equals = strchr (parts[i], '=');

        g_assert_nonnull (equals);
        *equals = '\0';
        record_set (record, parts[i], g_strdelimit (equals + 1, "+", ' '));
      }
}

/* The fields that are wrong, in order, with blanks between; the messages one a line. */
static inline char *
record_list_wrong (gpointer record, gpointer context, char **messages)
{
  g_autoptr (GPtrArray) errors = pr_record_check (record, context);
  GString *fields = g_string_new (NULL);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < errors->len; i++)
    {
      const GError *error = g_ptr_array_index (errors, i);

      g_assert_nonnull (pr_error_get_field (error));
      g_string_append_printf (fields, "%s%s", i > 0 ? " " : "", pr_error_get_field (error));
      g_string_append_printf (text, "%s\n", error->message);
    }
  if (messages != NULL)
    *messages = g_string_free (text, FALSE);
  else
    g_string_free (text, TRUE);
  return g_string_free (fields, FALSE);
}

G_END_DECLS
