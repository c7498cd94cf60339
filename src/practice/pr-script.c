/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrScript: a script file taken apart: headers up to a line "---", then one instruction a line.
 * Every complaint names the file and the line, and what would be accepted. Any thread. */

#include "pr-script.h"

#include "pr-text.h"

#include <string.h>

#define MAX_FILE (1024 * 1024)
#define DEFAULT_TIMEOUT_S 5
#define DEFAULT_TOTAL_TIMEOUT_S 15

typedef struct
{
  const char *key;
  GType (*get_type) (void);
  gsize offset;
} PrEnumHeader;

static const PrEnumHeader enum_headers[] = {
  { "protocol", pr_protocol_get_type, G_STRUCT_OFFSET (PrScript, protocol) },
  { "security", pr_security_get_type, G_STRUCT_OFFSET (PrScript, security) },
  { "auth", pr_mechanism_get_type, G_STRUCT_OFFSET (PrScript, auth) },
  { "authentication", pr_authentication_get_type, G_STRUCT_OFFSET (PrScript, authentication) },
  { "submit", pr_submit_get_type, G_STRUCT_OFFSET (PrScript, submit) },
  { "min-tls", pr_tls_version_get_type, G_STRUCT_OFFSET (PrScript, min_tls) },
};

/* Texts, in which escapes hold; an empty one means that there is none. */
typedef struct
{
  const char *key;
  gsize offset;
} PrTextHeader;

static const PrTextHeader text_headers[] = {
  { "host", G_STRUCT_OFFSET (PrScript, host) },
  { "user", G_STRUCT_OFFSET (PrScript, user) },
  { "password", G_STRUCT_OFFSET (PrScript, password) },
  { "address", G_STRUCT_OFFSET (PrScript, address) },
  { "cites", G_STRUCT_OFFSET (PrScript, cites) },
  { "pin", G_STRUCT_OFFSET (PrScript, pin) },
};

typedef struct
{
  const char *key;
  gint64 min;
  gint64 max;
  gsize offset;
} PrNumberHeader;

static const PrNumberHeader number_headers[] = {
  { "timeout", 1, 100, G_STRUCT_OFFSET (PrScript, timeout_s) },
  { "total-timeout", 1, 3600, G_STRUCT_OFFSET (PrScript, total_timeout_s) },
  { "polling", 1, 86400, G_STRUCT_OFFSET (PrScript, polling_s) },
  { "connections", 1, 100, G_STRUCT_OFFSET (PrScript, connections) },
};

/* A word out of a list of two or more; the value is its place in the list. */
typedef struct
{
  const char *key;
  const char *words[5];
  gsize offset;
} PrChoiceHeader;

static const PrChoiceHeader choice_headers[] = {
  { "allow-unencrypted", { "no", "yes" }, G_STRUCT_OFFSET (PrScript, allow_unencrypted) },
  { "trust", { "none", "ca" }, G_STRUCT_OFFSET (PrScript, trust_ca) },
  { "probe", { "silent", "tls", "plain", "refuse" }, G_STRUCT_OFFSET (PrScript, probe) },
};

/* What is only compared with the report, by whoever runs the script. */
static const char *const check_keys[] = {
  "permanence",     "scope",          "reply",      "detail",     "mechanism",
  "round-trips",    "problems",       "messages",   "wait",       "tls-version",
  "found-protocol", "suggested-port", "transcript", "mechanisms", "suggested-security",
  "capabilities",   "names",          "answer",     "remedy",     "notices",
  "step",           "revocation",     NULL
};

typedef struct
{
  PrScript *script;
  GHashTable *seen;
  guint number;
} PrParser;

static gboolean
fail (GError **error, const char *key, const char *value, const char *accepted)
{
  g_set_error (error, PR_SCRIPT_ERROR, PR_SCRIPT_ERROR_SYNTAX, "%s: “%s”. Accepted: %s", key, value,
               accepted);
  return FALSE;
}

static gboolean
set_enum (PrScript *self, const PrEnumHeader *row, const char *value, GError **error)
{
  g_autofree char *accepted = NULL;
  int *field = G_STRUCT_MEMBER_P (self, row->offset);

  if (pr_enum_from_nick (row->get_type (), value, field))
    return TRUE;
  accepted = pr_enum_list_nicks (row->get_type ());
  return fail (error, row->key, value, accepted);
}

static gboolean
set_text (PrScript *self, const PrTextHeader *row, const char *value, GError **error)
{
  char **field = G_STRUCT_MEMBER_P (self, row->offset);
  GString *text = pr_script_text_expand (value, NULL, FALSE, error);

  if (text == NULL)
    return FALSE;
  g_free (*field);
  *field = g_string_free (text, text->len == 0);
  return TRUE;
}

static gboolean
set_number (PrScript *self, const PrNumberHeader *row, const char *value, GError **error)
{
  g_autofree char *accepted = NULL;
  gint64 *field = G_STRUCT_MEMBER_P (self, row->offset);

  if (pr_text_to_int (value, row->min, row->max, field))
    return TRUE;
  accepted = g_strdup_printf ("%d to %d", (int) row->min, (int) row->max);
  return fail (error, row->key, value, accepted);
}

static gboolean
set_choice (PrScript *self, const PrChoiceHeader *row, const char *value, GError **error)
{
  g_autofree char *accepted = NULL;
  int *field = G_STRUCT_MEMBER_P (self, row->offset);

  for (int i = 0; row->words[i] != NULL; i++)
    if (g_str_equal (row->words[i], value))
      {
        *field = i;
        return TRUE;
      }
  accepted = g_strjoinv (", ", (char **) row->words);
  return fail (error, row->key, value, accepted);
}

/* "ok", or "CODE at STEP". */
static gboolean
set_expect (PrScript *self, const char *value, GError **error)
{
  g_auto (GStrv) words = g_strsplit (value, " at ", 2);
  int step;

  if (words[0] == NULL || !pr_code_from_word (words[0], &self->expect_code))
    return fail (error, "expect", value, "“ok”, or “CODE at STEP” with a code of docs/codes.md");
  if (self->expect_code == PR_CODE_OK)
    return words[1] == NULL || fail (error, "expect", value, "“ok” alone");
  if (words[1] == NULL || !pr_enum_from_nick (PR_TYPE_STEP, words[1], &step))
    {
      g_autofree char *steps = pr_enum_list_nicks (PR_TYPE_STEP);

      return fail (error, "expect", value, steps);
    }
  self->expect_step = (PrStep) step;
  return TRUE;
}

static gboolean
set_check (PrScript *self, const char *key, const char *value, GError **error)
{
  GString *text = pr_script_text_expand (value, NULL, FALSE, error);

  if (text == NULL)
    return FALSE;
  g_hash_table_insert (self->checks, g_strdup (key), g_string_free (text, FALSE));
  return TRUE;
}

static gboolean
set_header (PrScript *self, const char *key, const char *value, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (enum_headers); i++)
    if (g_str_equal (enum_headers[i].key, key))
      return set_enum (self, &enum_headers[i], value, error);
  for (guint i = 0; i < G_N_ELEMENTS (text_headers); i++)
    if (g_str_equal (text_headers[i].key, key))
      return set_text (self, &text_headers[i], value, error);
  for (guint i = 0; i < G_N_ELEMENTS (number_headers); i++)
    if (g_str_equal (number_headers[i].key, key))
      return set_number (self, &number_headers[i], value, error);
  for (guint i = 0; i < G_N_ELEMENTS (choice_headers); i++)
    if (g_str_equal (choice_headers[i].key, key))
      return set_choice (self, &choice_headers[i], value, error);
  if (g_str_equal (key, "expect"))
    return set_expect (self, value, error);
  if (g_strv_contains (check_keys, key))
    return set_check (self, key, value, error);
  g_set_error (error, PR_SCRIPT_ERROR, PR_SCRIPT_ERROR_SYNTAX, "unknown header “%s”", key);
  return FALSE;
}

static gboolean
parse_header (PrParser *parser, const char *line, GError **error)
{
  const char *colon = strchr (line, ':');
  g_autofree char *key = NULL;
  const char *value;

  if (colon == NULL || colon == line)
    {
      g_set_error (error, PR_SCRIPT_ERROR, PR_SCRIPT_ERROR_SYNTAX, "not “key: value”: “%s”", line);
      return FALSE;
    }
  key = g_strndup (line, colon - line);
  value = colon[1] == ' ' ? colon + 2 : colon + 1;
  if (!g_hash_table_add (parser->seen, g_strdup (key)))
    {
      g_set_error (error, PR_SCRIPT_ERROR, PR_SCRIPT_ERROR_SYNTAX, "“%s” stands here twice", key);
      return FALSE;
    }
  return set_header (parser->script, key, value, error);
}

/* At the "---". */
static gboolean
check_headers (PrParser *parser, GError **error)
{
  static const char *const needed[] = { "protocol", "security", "expect", "cites" };

  for (guint i = 0; i < G_N_ELEMENTS (needed); i++)
    if (!g_hash_table_contains (parser->seen, needed[i]))
      {
        g_set_error (error, PR_SCRIPT_ERROR, PR_SCRIPT_ERROR_SYNTAX, "the header “%s” is missing",
                     needed[i]);
        return FALSE;
      }
  return TRUE;
}

static gboolean
parse_line (PrParser *parser, const char *line, gboolean *in_body, GError **error)
{
  PrScript *self = parser->script;
  PrScriptWords words = { self->user, self->password, self->host, self->address };
  PrScriptLine *instruction;

  if (*line == '\0' || *line == '#')
    return TRUE;
  if (*in_body)
    {
      instruction = pr_script_line_new (line, parser->number, &words, error);
      if (instruction == NULL)
        return FALSE;
      g_ptr_array_add (self->lines, instruction);
      return TRUE;
    }
  if (!g_str_equal (line, "---"))
    return parse_header (parser, line, error);
  *in_body = TRUE;
  return check_headers (parser, error);
}

static PrScript *
script_new (const char *name)
{
  PrScript *self = g_new0 (PrScript, 1);

  self->name = g_strdup (name);
  self->host = g_strdup ("localhost");
  self->user = g_strdup (PR_SCRIPT_USER);
  self->password = g_strdup (PR_SCRIPT_PASSWORD);
  self->address = g_strdup (PR_SCRIPT_USER);
  self->trust_ca = TRUE;
  self->timeout_s = DEFAULT_TIMEOUT_S;
  self->total_timeout_s = DEFAULT_TOTAL_TIMEOUT_S;
  self->checks = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->lines = g_ptr_array_new_with_free_func ((GDestroyNotify) pr_script_line_free);
  return self;
}

/**
 * pr_script_new_from_text:
 * @text: what is in a script file
 * @name: its name, for messages
 * @error: set to %PR_SCRIPT_ERROR_SYNTAX: "FILE:LINE: what"
 *
 * Returns: (transfer full) (nullable): the script
 */
PrScript *
pr_script_new_from_text (const char *text, const char *name, GError **error)
{
  g_autoptr (PrScript) self = script_new (name);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  PrParser parser = { self, seen, 1 };
  g_auto (GStrv) lines = NULL;
  gboolean in_body = FALSE;
  gboolean ok = TRUE;

  if (!g_utf8_validate (text, -1, NULL))
    {
      g_set_error (error, PR_SCRIPT_ERROR, PR_SCRIPT_ERROR_SYNTAX, "%s: no UTF-8", name);
      return NULL;
    }
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; ok && lines[i] != NULL; i++)
    {
      parser.number = i + 1;
      ok = parse_line (&parser, lines[i], &in_body, error);
    }
  if (ok && !in_body)
    {
      g_set_error_literal (error, PR_SCRIPT_ERROR, PR_SCRIPT_ERROR_SYNTAX,
                           "no line “---” behind the headers");
      ok = FALSE;
    }
  if (!ok)
    {
      g_prefix_error (error, "%s:%u: ", name, parser.number);
      return NULL;
    }
  return g_steal_pointer (&self);
}

/**
 * pr_script_new_from_file:
 * @path: of a script file
 * @error: set to %PR_SCRIPT_ERROR_READ or %PR_SCRIPT_ERROR_SYNTAX
 *
 * Returns: (transfer full) (nullable): the script
 */
PrScript *
pr_script_new_from_file (const char *path, GError **error)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) local_error = NULL;
  gsize n;

  if (!g_file_get_contents (path, &text, &n, &local_error))
    {
      g_set_error (error, PR_SCRIPT_ERROR, PR_SCRIPT_ERROR_READ, "%s: %s", path,
                   local_error->message);
      return NULL;
    }
  if (n > MAX_FILE || strlen (text) != n)
    {
      g_set_error (error, PR_SCRIPT_ERROR, PR_SCRIPT_ERROR_READ,
                   "%s: no text file of at most %d bytes", path, MAX_FILE);
      return NULL;
    }
  return pr_script_new_from_text (text, path, error);
}

/**
 * pr_script_free:
 * @self: (transfer full): a script
 */
void
pr_script_free (PrScript *self)
{
  g_free (self->name);
  g_free (self->cites);
  g_free (self->pin);
  g_free (self->host);
  g_free (self->user);
  g_free (self->password);
  g_free (self->address);
  g_hash_table_unref (self->checks);
  g_ptr_array_unref (self->lines);
  g_free (self);
}

/**
 * pr_script_get_check:
 * @self: a script
 * @key: one of the headers that are only compared, such as "mechanism"
 *
 * Returns: (transfer none) (nullable): what it says
 */
const char *
pr_script_get_check (const PrScript *self, const char *key)
{
  return g_hash_table_lookup (self->checks, key);
}
