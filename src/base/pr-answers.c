/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrAnswers: what servers answer, from data/answers.ini, which explains its own form. Read once,
 * then immutable and shared by all workers: any thread.
 *
 * The words of a server are hostile input: at most TEXT_MAX bytes of them are looked at, and a
 * pattern is a row of plain parts, each searched for once from where the last one ended, so that
 * the time is bounded by the length of the text. */

#include "pr-answers.h"

#include "pr-base-resources.h"

#include <string.h>

#define RESOURCE "/io/github/postroom/answers.ini"
#define TEXT_MAX 4096
#define MAX_NUMBERS 8
#define WAIT_MAX_S (7 * 24 * 3600)

typedef struct
{
  char *name;
  char **hosts;
  char **banners;
} PrProvider;

typedef enum
{
  PR_ANSWER_SAID,
  PR_ANSWER_OAUTH,
} PrAnswerKind;

typedef enum
{
  PR_LOG_IN_ANY,
  PR_LOG_IN_PASSWORD,
  PR_LOG_IN_OAUTH,
} PrLogIn;

/* One group. What is empty fits always. */
typedef struct
{
  PrAnswer answer;
  char *id;
  char *remedy;
  PrAnswerKind kind;
  PrProtocol protocol;
  guint steps;    /* bits of PrStep */
  guint security; /* bits of PrSecurity */
  PrLogIn log_in;
  guint replies[MAX_NUMBERS];
  guint n_replies;
  guint enhanced[MAX_NUMBERS][3];
  guint n_enhanced;
  char **responses;
  char **errors;    /* of a sign-in service */
  GPtrArray *words; /* of char **: the parts of each pattern */
  GPtrArray *providers;
} PrRule;

struct _PrAnswers
{
  GHashTable *providers; /* name → PrProvider */
  GPtrArray *rules;      /* of PrRule */
};

static void
provider_free (gpointer data)
{
  PrProvider *provider = data;

  g_free (provider->name);
  g_strfreev (provider->hosts);
  g_strfreev (provider->banners);
  g_free (provider);
}

static void
rule_free (gpointer data)
{
  PrRule *rule = data;

  g_free (rule->id);
  g_free (rule->remedy);
  g_strfreev (rule->responses);
  g_strfreev (rule->errors);
  g_ptr_array_unref (rule->words);
  g_ptr_array_unref (rule->providers);
  g_free (rule);
}

/**
 * pr_answers_free:
 * @self: (transfer full): a table
 */
void
pr_answers_free (PrAnswers *self)
{
  g_hash_table_unref (self->providers);
  g_ptr_array_unref (self->rules);
  g_free (self);
}

/* --- Reading the table ------------------------------------------------------------------------ */

typedef struct
{
  PrAnswers *answers;
  GKeyFile *file;
  const char *group;
  GError **error;
} PrReading;

static gboolean
fail (PrReading *reading, const char *key, const char *value)
{
  g_set_error (reading->error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE,
               "[%s] %s: “%s” cannot be used", reading->group, key, value);
  return FALSE;
}

static char **
get_list (PrReading *reading, const char *key)
{
  char **list = g_key_file_get_string_list (reading->file, reading->group, key, NULL, NULL);

  return list != NULL ? list : g_new0 (char *, 1);
}

static gboolean
read_enum (PrReading *reading, const char *key, GType type, int *value)
{
  g_autofree char *text = g_key_file_get_string (reading->file, reading->group, key, NULL);

  return text == NULL || pr_enum_from_nick (type, text, value) || fail (reading, key, text);
}

static gboolean
read_bits (PrReading *reading, const char *key, GType type, guint *bits)
{
  g_auto (GStrv) words = get_list (reading, key);

  *bits = words[0] == NULL || g_str_equal (words[0], "any") ? G_MAXUINT : 0;
  for (guint i = 0; *bits != G_MAXUINT && words[i] != NULL; i++)
    {
      int value;

      if (!pr_enum_from_nick (type, words[i], &value))
        return fail (reading, key, words[i]);
      *bits |= 1u << value;
    }
  return TRUE;
}

static gboolean
read_replies (PrReading *reading, PrRule *rule)
{
  g_auto (GStrv) words = get_list (reading, "reply");

  for (guint i = 0; words[i] != NULL; i++)
    {
      guint64 number;

      if (rule->n_replies == MAX_NUMBERS
          || !g_ascii_string_to_unsigned (words[i], 10, 200, 599, &number, NULL))
        return fail (reading, "reply", words[i]);
      rule->replies[rule->n_replies++] = (guint) number;
    }
  return TRUE;
}

static gboolean
read_enhanced (PrReading *reading, PrRule *rule)
{
  g_auto (GStrv) words = get_list (reading, "enhanced");

  for (guint i = 0; words[i] != NULL; i++)
    {
      g_auto (GStrv) parts = g_strsplit (words[i], ".", 4);

      if (rule->n_enhanced == MAX_NUMBERS || g_strv_length (parts) != 3)
        return fail (reading, "enhanced", words[i]);
      for (guint k = 0; k < 3; k++)
        {
          guint64 number;

          if (!g_ascii_string_to_unsigned (parts[k], 10, 0, 999, &number, NULL))
            return fail (reading, "enhanced", words[i]);
          rule->enhanced[rule->n_enhanced][k] = (guint) number;
        }
      rule->n_enhanced++;
    }
  return TRUE;
}

static gboolean
read_words (PrReading *reading, PrRule *rule)
{
  g_auto (GStrv) patterns = get_list (reading, "words");

  for (guint i = 0; patterns[i] != NULL; i++)
    {
      char **parts = g_strsplit (patterns[i], "*", -1);

      g_ptr_array_add (rule->words, parts);
      for (guint k = 0; parts[k] != NULL; k++)
        if (*g_strstrip (parts[k]) == '\0')
          return fail (reading, "words", patterns[i]);
    }
  return TRUE;
}

static gboolean
read_providers (PrReading *reading, PrRule *rule)
{
  g_auto (GStrv) names = get_list (reading, "within");

  for (guint i = 0; names[i] != NULL; i++)
    {
      PrProvider *provider = g_hash_table_lookup (reading->answers->providers, names[i]);

      if (provider == NULL)
        return fail (reading, "within", names[i]);
      g_ptr_array_add (rule->providers, provider);
    }
  return TRUE;
}

static gboolean
read_meaning (PrReading *reading, PrRule *rule)
{
  g_autofree char *code = g_key_file_get_string (reading->file, reading->group, "code", NULL);
  int permanence, scope;

  if (!pr_code_from_word (code, &rule->answer.code))
    return fail (reading, "code", code != NULL ? code : "");
  permanence = (int) pr_code_get_permanence (rule->answer.code);
  scope = (int) pr_code_get_scope (rule->answer.code);
  if (!read_enum (reading, "permanence", PR_TYPE_PERMANENCE, &permanence)
      || !read_enum (reading, "scope", PR_TYPE_SCOPE, &scope))
    return FALSE;
  rule->answer.permanence = (PrPermanence) permanence;
  rule->answer.scope = (PrScope) scope;
  rule->answer.wait_s = (guint) CLAMP (
      g_key_file_get_integer (reading->file, reading->group, "wait", NULL), 0, WAIT_MAX_S);
  rule->remedy = g_key_file_get_string (reading->file, reading->group, "remedy", NULL);
  rule->answer.remedy = rule->remedy;
  return TRUE;
}

static gboolean
read_log_in (PrReading *reading, PrRule *rule)
{
  g_autofree char *text = g_key_file_get_string (reading->file, reading->group, "mechanism", NULL);

  if (text == NULL)
    rule->log_in = PR_LOG_IN_ANY;
  else if (g_str_equal (text, "password"))
    rule->log_in = PR_LOG_IN_PASSWORD;
  else if (g_str_equal (text, "oauth"))
    rule->log_in = PR_LOG_IN_OAUTH;
  else
    return fail (reading, "mechanism", text);
  return TRUE;
}

/* An answer that every server could give, at any step, would hide all others. */
static gboolean
check_rule (PrReading *reading, const PrRule *rule)
{
  if (rule->kind == PR_ANSWER_OAUTH)
    return rule->errors[0] != NULL || fail (reading, "error", "");
  return rule->words->len > 0 || rule->n_enhanced > 0 || rule->responses[0] != NULL
         || (rule->log_in == PR_LOG_IN_OAUTH && rule->n_replies > 0) || fail (reading, "words", "");
}

static gboolean
check_keys (PrReading *reading)
{
  static const char *const known[] = {
    "code",  "enhanced", "error",  "event", "kind",     "mechanism", "otherwise", "permanence",
    "proof", "protocol", "remedy", "reply", "response", "rows",      "scope",     "security",
    "seen",  "source",   "steps",  "wait",  "within",   "words",     NULL,
  };
  g_auto (GStrv) keys = g_key_file_get_keys (reading->file, reading->group, NULL, NULL);

  for (guint i = 0; keys != NULL && keys[i] != NULL; i++)
    if (!g_strv_contains (known, keys[i]) && !g_str_has_prefix (keys[i], "sample"))
      return fail (reading, "key", keys[i]);
  return TRUE;
}

static gboolean
read_rule (PrReading *reading)
{
  g_autofree char *kind = g_key_file_get_string (reading->file, reading->group, "kind", NULL);
  int protocol = PR_PROTOCOL_POP3;
  PrRule *rule;

  if (!check_keys (reading))
    return FALSE;
  if (kind != NULL && (g_str_equal (kind, "structure") || g_str_equal (kind, "event")))
    return TRUE; /* judged by code */
  if (kind != NULL && !g_str_equal (kind, "oauth"))
    return fail (reading, "kind", kind);

  rule = g_new0 (PrRule, 1);
  rule->kind = kind != NULL ? PR_ANSWER_OAUTH : PR_ANSWER_SAID;
  rule->id = g_strdup (reading->group);
  rule->answer.id = rule->id;
  rule->words = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  rule->providers = g_ptr_array_new ();
  rule->responses = get_list (reading, "response");
  rule->errors = get_list (reading, "error");
  g_ptr_array_add (reading->answers->rules, rule);
  if (!read_enum (reading, "protocol", PR_TYPE_PROTOCOL, &protocol)
      || !read_bits (reading, "steps", PR_TYPE_STEP, &rule->steps)
      || !read_bits (reading, "security", PR_TYPE_SECURITY, &rule->security)
      || !read_log_in (reading, rule) || !read_replies (reading, rule)
      || !read_enhanced (reading, rule) || !read_words (reading, rule)
      || !read_providers (reading, rule) || !read_meaning (reading, rule))
    return FALSE;
  rule->protocol = (PrProtocol) protocol;
  return check_rule (reading, rule);
}

static void
read_provider (PrReading *reading)
{
  PrProvider *provider = g_new0 (PrProvider, 1);

  provider->name = g_strdup (reading->group + 1);
  provider->hosts = get_list (reading, "hosts");
  provider->banners = get_list (reading, "banners");
  g_hash_table_insert (reading->answers->providers, provider->name, provider);
}

/**
 * pr_answers_new_from_data:
 * @data: a table as data/answers.ini explains it
 * @length: bytes of it
 * @error: set to what cannot be used
 *
 * Returns: (transfer full) (nullable): the table
 */
PrAnswers *
pr_answers_new_from_data (const char *data, gsize length, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (PrAnswers) self = g_new0 (PrAnswers, 1);
  g_auto (GStrv) groups = NULL;
  PrReading reading = { self, file, NULL, error };

  self->providers = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, provider_free);
  self->rules = g_ptr_array_new_with_free_func (rule_free);
  if (!g_key_file_load_from_data (file, data, length, G_KEY_FILE_NONE, error))
    return NULL;
  groups = g_key_file_get_groups (file, NULL);
  for (guint i = 0; groups[i] != NULL; i++)
    {
      reading.group = groups[i];
      if (groups[i][0] == '@')
        read_provider (&reading);
      else if (!read_rule (&reading))
        return NULL;
    }
  return g_steal_pointer (&self);
}

/**
 * pr_answers_get_default:
 *
 * Returns: (transfer none): the table that is built in
 */
PrAnswers *
pr_answers_get_default (void)
{
  static PrAnswers *answers = NULL;

  if (g_once_init_enter (&answers))
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) bytes = g_resource_lookup_data (pr_base_get_resource (), RESOURCE,
                                                         G_RESOURCE_LOOKUP_FLAGS_NONE, &error);
      PrAnswers *built_in;

      /* Built in: if it cannot be read, the build is wrong. */
      g_assert_no_error (error);
      built_in = pr_answers_new_from_data (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                                           &error);
      g_assert_no_error (error);
      g_once_init_leave (&answers, built_in);
    }
  return answers;
}

/* --- Looking up ------------------------------------------------------------------------------- */

/* In lower case, and with one space for whatever is between words. */
static char *
fold (const char *text)
{
  gsize n = strnlen (text, TEXT_MAX);
  char *folded = g_malloc (n + 1);
  gsize end = 0;

  for (gsize i = 0; i < n; i++)
    {
      char c = g_ascii_tolower (text[i]);

      if ((guchar) c > 0x20 && c != 0x7f)
        folded[end++] = c;
      else if (end > 0 && folded[end - 1] != ' ')
        folded[end++] = ' ';
    }
  folded[end] = '\0';
  return folded;
}

/* A part that ends with a digit is not the beginning of a longer number. */
static const char *
find_part (const char *text, const char *part)
{
  gsize n = strlen (part);
  const char *found = text;

  while ((found = strstr (found, part)) != NULL)
    {
      if (!g_ascii_isdigit (part[n - 1]) || !g_ascii_isdigit (found[n]))
        return found + n;
      found += n;
    }
  return NULL;
}

static gboolean
has_words (const PrRule *rule, const char *text)
{
  for (guint i = 0; i < rule->words->len; i++)
    {
      char **parts = g_ptr_array_index (rule->words, i);
      const char *rest = text;

      for (guint k = 0; rest != NULL && parts[k] != NULL; k++)
        rest = find_part (rest, parts[k]);
      if (rest != NULL)
        return TRUE;
    }
  return rule->words->len == 0;
}

static gboolean
has_reply (const PrRule *rule, guint code)
{
  for (guint i = 0; i < rule->n_replies; i++)
    if (rule->replies[i] == code)
      return TRUE;
  return rule->n_replies == 0;
}

static gboolean
has_enhanced (const PrRule *rule, const guint *enhanced)
{
  for (guint i = 0; i < rule->n_enhanced; i++)
    if (memcmp (rule->enhanced[i], enhanced, sizeof rule->enhanced[i]) == 0)
      return TRUE;
  return rule->n_enhanced == 0;
}

static gboolean
has_response (const PrRule *rule, const char *response_code)
{
  return rule->responses[0] == NULL
         || (response_code != NULL
             && g_strv_contains ((const char *const *) rule->responses, response_code));
}

static gboolean
ends_with_host (const char *host, const char *end)
{
  gsize n = strlen (host), k = strlen (end);

  return n >= k && g_ascii_strcasecmp (host + n - k, end) == 0
         && (n == k || host[n - k - 1] == '.');
}

static gboolean
is_provider (const PrProvider *provider, const char *host, const char *banner)
{
  for (guint i = 0; host != NULL && provider->hosts[i] != NULL; i++)
    if (ends_with_host (host, provider->hosts[i]))
      return TRUE;
  for (guint i = 0; banner != NULL && provider->banners[i] != NULL; i++)
    if (strstr (banner, provider->banners[i]) != NULL)
      return TRUE;
  return FALSE;
}

static gboolean
is_within (const PrRule *rule, const char *host, const char *banner)
{
  for (guint i = 0; i < rule->providers->len; i++)
    if (is_provider (g_ptr_array_index (rule->providers, i), host, banner))
      return TRUE;
  return rule->providers->len == 0;
}

static gboolean
fits (const PrRule *rule, const PrAnswerQuery *query, const char *text, const char *banner)
{
  return rule->kind == PR_ANSWER_SAID && rule->protocol == query->protocol
         && (rule->steps & (1u << query->step)) != 0
         && (rule->security & (1u << query->security)) != 0
         && (rule->log_in == PR_LOG_IN_ANY || (rule->log_in == PR_LOG_IN_OAUTH) == query->oauth)
         && has_reply (rule, query->reply_code) && has_enhanced (rule, query->enhanced)
         && has_response (rule, query->response_code) && has_words (rule, text)
         && is_within (rule, query->host, banner);
}

/**
 * pr_answers_find:
 * @self: a table
 * @query: an answer of a server that is not what was hoped for
 *
 * Returns: (transfer none) (nullable): what it means, if it is known
 */
const PrAnswer *
pr_answers_find (const PrAnswers *self, const PrAnswerQuery *query)
{
  g_autofree char *text = fold (query->text != NULL ? query->text : "");
  g_autofree char *banner = fold (query->banner != NULL ? query->banner : "");

  for (guint i = 0; i < self->rules->len; i++)
    {
      const PrRule *rule = g_ptr_array_index (self->rules, i);

      if (fits (rule, query, text, banner))
        return &rule->answer;
    }
  return NULL;
}

/**
 * pr_answers_find_oauth:
 * @self: a table
 * @error: the value of "error" (RFC 6749 section 5.2), which decides
 * @description: (nullable): the value of "error_description", in which only known numbers count
 *
 * Returns: (transfer none) (nullable): what it means, if it is known
 */
const PrAnswer *
pr_answers_find_oauth (const PrAnswers *self, const char *error, const char *description)
{
  g_autofree char *text = fold (description != NULL ? description : "");

  for (guint i = 0; i < self->rules->len; i++)
    {
      const PrRule *rule = g_ptr_array_index (self->rules, i);

      if (rule->kind == PR_ANSWER_OAUTH
          && g_strv_contains ((const char *const *) rule->errors, error) && has_words (rule, text))
        return &rule->answer;
    }
  return NULL;
}
