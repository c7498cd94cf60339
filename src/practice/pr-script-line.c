/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One instruction of a script, checked as far as it can be without running it: what is wrong in
 * a script is told when it is read, not in the middle of a conversation. Any thread. */

#include "pr-script-line.h"

#include "pr-text.h"

#include "pr-test-authority.h"
#include "pr-test-certificate.h"

#include <string.h>

#define MAX_SLEEP_MS 60000
#define MAX_FLOOD 1000000
#define MAX_FLOOD_BYTES (16 * 1024 * 1024)

typedef enum
{
  ARGUMENT_NONE,
  ARGUMENT_LINES,        /* text of several lines, the last one ended too */
  ARGUMENT_OPEN_LINES,   /* the same, the last one not ended */
  ARGUMENT_LINE,         /* text of one line, ended */
  ARGUMENT_PATTERN,      /* text of one line, not ended */
  ARGUMENT_AMOUNT,       /* a number */
  ARGUMENT_AMOUNT_LINES, /* a number, then text of several lines, the last one ended too */
  ARGUMENT_AMOUNT_OPEN,  /* a number, then text of several lines, the last one not ended */
  ARGUMENT_WORDS,        /* a word, then options */
} PrArgument;

typedef struct
{
  const char *keyword;
  PrScriptVerb verb;
  PrArgument argument;
  guint max_amount;
} PrGrammar;

static const PrGrammar grammar[] = {
  { "S:", PR_SCRIPT_SAY, ARGUMENT_LINES, 0 },
  { "S-", PR_SCRIPT_SAY, ARGUMENT_OPEN_LINES, 0 },
  { "C:", PR_SCRIPT_HEAR, ARGUMENT_LINE, 0 },
  { "C~", PR_SCRIPT_HEAR_LIKE, ARGUMENT_PATTERN, 0 },
  { "M", PR_SCRIPT_HEAR_MESSAGE, ARGUMENT_NONE, 0 },
  { "hello", PR_SCRIPT_HEAR_HELLO, ARGUMENT_NONE, 0 },
  { "tls", PR_SCRIPT_TLS, ARGUMENT_WORDS, 0 },
  { "sasl", PR_SCRIPT_SASL, ARGUMENT_WORDS, 0 },
  { "sleep", PR_SCRIPT_SLEEP, ARGUMENT_AMOUNT, MAX_SLEEP_MS },
  { "quiet", PR_SCRIPT_QUIET, ARGUMENT_AMOUNT, MAX_SLEEP_MS },
  { "drip", PR_SCRIPT_DRIP, ARGUMENT_AMOUNT_LINES, MAX_SLEEP_MS },
  { "flood", PR_SCRIPT_FLOOD, ARGUMENT_AMOUNT_LINES, MAX_FLOOD },
  { "pour", PR_SCRIPT_FLOOD, ARGUMENT_AMOUNT_OPEN, MAX_FLOOD },
  { "hang", PR_SCRIPT_HANG, ARGUMENT_NONE, 0 },
  { "close", PR_SCRIPT_CLOSE, ARGUMENT_NONE, 0 },
  { "cut", PR_SCRIPT_CUT, ARGUMENT_NONE, 0 },
  { "abort", PR_SCRIPT_ABORT, ARGUMENT_NONE, 0 },
};

/* "name" stands alone, "name=" wants a value. */
static const char *const tls_options[] = { "min=", "max=", "tickets=", "fails", "asks", NULL };
static const char *const sasl_options[] = {
  "initial",       "no-initial", "iterations=",    "wrong-signature", "wrong-nonce", "wrong-base64",
  "error=",        "no-proof",   "wrong-password", "cancelled",       "flag=",       "clock",
  "other-channel", NULL
};
static const char *const sasl_mechanisms[] = {
  "PLAIN",       "LOGIN",         "CRAM-MD5",         "DIGEST-MD5",
  "SCRAM-SHA-1", "SCRAM-SHA-256", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256-PLUS",
  "NTLM",        "XOAUTH2",       "OAUTHBEARER",      NULL
};

static gboolean
fail (GError **error, const char *what, const char *value)
{
  g_set_error (error, PR_SCRIPT_ERROR, PR_SCRIPT_ERROR_SYNTAX, "%s: “%s”", what, value);
  return FALSE;
}

static gboolean
is_option (const char *word, const char *const *options)
{
  for (; *options != NULL; options++)
    {
      gboolean wants_value = g_str_has_suffix (*options, "=");

      if (wants_value ? g_str_has_prefix (word, *options) : g_str_equal (word, *options))
        return TRUE;
    }
  return FALSE;
}

static gboolean
check_words (PrScriptLine *self, GError **error)
{
  gboolean tls = self->verb == PR_SCRIPT_TLS;
  const char *const *kinds = tls ? pr_test_certificate_list_kinds () : sasl_mechanisms;
  const char *iterations;
  g_autofree char *priority = NULL;

  if (self->words[0] == NULL)
    return fail (error, tls ? "a kind of certificate is missing" : "a mechanism is missing",
                 self->source);
  if (!g_strv_contains (kinds, self->words[0]))
    return fail (error, tls ? "unknown kind of certificate" : "unknown mechanism", self->words[0]);
  for (guint i = 1; self->words[i] != NULL; i++)
    if (!is_option (self->words[i], tls ? tls_options : sasl_options))
      return fail (error, "unknown option", self->words[i]);
  if (tls)
    {
      priority = pr_test_authority_get_priority (pr_script_line_get_option (self, "min"),
                                                 pr_script_line_get_option (self, "max"), error);
      return priority != NULL;
    }
  iterations = pr_script_line_get_option (self, "iterations");
  if (iterations != NULL && !g_ascii_string_to_unsigned (iterations, 10, 1, G_MAXINT, NULL, NULL))
    return fail (error, "not a number", iterations);
  return TRUE;
}

static gboolean
take_words (PrScriptLine *self, const char *argument, GError **error)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) parts = g_strsplit (argument, " ", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    if (*parts[i] != '\0')
      g_strv_builder_add (builder, parts[i]);
  self->words = g_strv_builder_end (builder);
  return check_words (self, error);
}

/* A number at the beginning of @argument, which moves behind it and one space. */
static gboolean
take_amount (PrScriptLine *self, const PrGrammar *row, const char **argument, GError **error)
{
  gsize n = strcspn (*argument, " ");
  g_autofree char *digits = g_strndup (*argument, n);
  gint64 amount;

  if (!pr_text_to_int (digits, 0, row->max_amount, &amount))
    {
      g_set_error (error, PR_SCRIPT_ERROR, PR_SCRIPT_ERROR_SYNTAX,
                   "“%s” wants a number from 0 to %u, not “%s”", row->keyword, row->max_amount,
                   digits);
      return FALSE;
    }
  self->amount = (guint) amount;
  *argument += n;
  if (**argument == ' ')
    (*argument)++;
  return TRUE;
}

static gboolean
take_argument (PrScriptLine *self,
               const PrGrammar *row,
               const char *argument,
               const PrScriptWords *words,
               GError **error)
{
  PrArgument kind = row->argument;
  gboolean has_amount =
      kind == ARGUMENT_AMOUNT || kind == ARGUMENT_AMOUNT_LINES || kind == ARGUMENT_AMOUNT_OPEN;
  gboolean ended = kind == ARGUMENT_LINES || kind == ARGUMENT_LINE || kind == ARGUMENT_AMOUNT_LINES;
  gboolean many = kind != ARGUMENT_LINE && kind != ARGUMENT_PATTERN;

  if (kind == ARGUMENT_WORDS)
    return take_words (self, argument, error);
  if (has_amount && !take_amount (self, row, &argument, error))
    return FALSE;
  if (kind == ARGUMENT_NONE || kind == ARGUMENT_AMOUNT)
    return *argument == '\0' || fail (error, "nothing is expected behind it", argument);

  self->bytes = pr_script_text_expand (argument, words, many, error);
  if (self->bytes == NULL)
    return FALSE;
  if (ended)
    g_string_append (self->bytes, "\r\n");
  if (self->verb != PR_SCRIPT_FLOOD || self->bytes->len * self->amount <= MAX_FLOOD_BYTES)
    return TRUE;
  g_set_error (error, PR_SCRIPT_ERROR, PR_SCRIPT_ERROR_SYNTAX, "more than %d bytes",
               MAX_FLOOD_BYTES);
  return FALSE;
}

/* The row whose keyword @source begins with; @argument is what follows. */
static const PrGrammar *
find_row (const char *source, const char **argument)
{
  gsize n = strcspn (source, " ");

  for (guint i = 0; i < G_N_ELEMENTS (grammar); i++)
    if (strlen (grammar[i].keyword) == n && strncmp (source, grammar[i].keyword, n) == 0)
      {
        *argument = source[n] == ' ' ? source + n + 1 : source + n;
        return &grammar[i];
      }
  return NULL;
}

/**
 * pr_script_line_new:
 * @source: a line of a script
 * @number: its number in the file
 * @words: what the macros stand for
 * @error: set to %PR_SCRIPT_ERROR_SYNTAX
 *
 * Returns: (transfer full) (nullable): the instruction
 */
PrScriptLine *
pr_script_line_new (const char *source, guint number, const PrScriptWords *words, GError **error)
{
  g_autoptr (PrScriptLine) self = g_new0 (PrScriptLine, 1);
  const char *argument = NULL;
  const PrGrammar *row = find_row (source, &argument);

  self->number = number;
  self->source = g_strdup (source);
  if (row == NULL)
    {
      fail (error, "unknown instruction", source);
      return NULL;
    }
  self->verb = row->verb;
  if (!take_argument (self, row, argument, words, error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * pr_script_line_free:
 * @self: (transfer full): an instruction
 */
void
pr_script_line_free (PrScriptLine *self)
{
  g_free (self->source);
  if (self->bytes != NULL)
    g_string_free (self->bytes, TRUE);
  g_strfreev (self->words);
  g_free (self);
}

/**
 * pr_script_line_get_option:
 * @self: an instruction
 * @name: an option, without "="
 *
 * Returns: (transfer none) (nullable): its value, "" if it has none; %NULL if it is not given
 */
const char *
pr_script_line_get_option (const PrScriptLine *self, const char *name)
{
  gsize n = strlen (name);

  for (guint i = 1; self->words != NULL && self->words[0] != NULL && self->words[i] != NULL; i++)
    if (strncmp (self->words[i], name, n) == 0
        && (self->words[i][n] == '\0' || self->words[i][n] == '='))
      return self->words[i][n] == '=' ? self->words[i] + n + 1 : "";
  return NULL;
}

/**
 * pr_script_line_needs_client:
 * @self: an instruction
 *
 * Returns: whether the client has to say something for it
 */
gboolean
pr_script_line_needs_client (const PrScriptLine *self)
{
  switch (self->verb)
    {
      case PR_SCRIPT_HEAR:
      case PR_SCRIPT_HEAR_LIKE:
      case PR_SCRIPT_HEAR_MESSAGE:
      case PR_SCRIPT_HEAR_HELLO:
      case PR_SCRIPT_TLS:
      case PR_SCRIPT_SASL:
        return TRUE;
      case PR_SCRIPT_SAY:
      case PR_SCRIPT_SLEEP:
      case PR_SCRIPT_QUIET:
      case PR_SCRIPT_DRIP:
      case PR_SCRIPT_FLOOD:
      case PR_SCRIPT_HANG:
      case PR_SCRIPT_CLOSE:
      case PR_SCRIPT_CUT:
      case PR_SCRIPT_ABORT:
        return FALSE;
    }
  g_return_val_if_reached (FALSE);
}
