/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reports that may be shown to strangers: the same person always has the same number, but no
 * name. Servers keep theirs: without them nobody could help. Main thread. */

#include "pr-report-export.h"

#include "pr-report-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* What looks like an address, wherever it stands. */
#define ADDRESS "[^\\s<>\"'(),;:@]+@[^\\s<>\"'(),;:@]*[^\\s<>\"'(),;:@.]"

typedef struct
{
  GHashTable *numbers; /* folded name → number */
  GRegex *address;
} PrMask;

static char *
get_alias (PrMask *self, const char *name)
{
  g_autofree char *key = g_utf8_casefold (name, -1);
  guint number = GPOINTER_TO_UINT (g_hash_table_lookup (self->numbers, key));

  if (number == 0)
    {
      number = g_hash_table_size (self->numbers) + 1;
      g_hash_table_insert (self->numbers, g_steal_pointer (&key), GUINT_TO_POINTER (number));
    }
  return g_strdup_printf (_ ("account-%u"), number);
}

static gboolean
replace_address (const GMatchInfo *match, GString *result, gpointer user_data)
{
  g_autofree char *found = g_match_info_fetch (match, 0);
  g_autofree char *alias = get_alias (user_data, found);

  g_string_append (result, alias);
  return FALSE;
}

/* Every occurrence of @name, in whatever case. */
static void
replace_name (char **text, const char *name, const char *alias)
{
  g_autofree char *pattern = g_regex_escape_string (name, -1);
  g_autoptr (GRegex) regex = g_regex_new (pattern, G_REGEX_CASELESS, G_REGEX_MATCH_DEFAULT, NULL);
  char *replaced =
      regex != NULL ? g_regex_replace_literal (regex, *text, -1, 0, alias, 0, NULL) : NULL;

  if (replaced == NULL)
    return;
  g_free (*text);
  *text = replaced;
}

static void
mask (PrMask *self, const PrReport *original, char **text)
{
  char *replaced;

  if (*text == NULL)
    return;
  replaced = g_regex_replace_eval (self->address, *text, -1, 0, 0, replace_address, self, NULL);
  if (replaced != NULL)
    {
      g_free (*text);
      *text = replaced;
    }
  /* A user name that is no address. */
  if (original->username != NULL && strlen (original->username) >= 3
      && strchr (original->username, '@') == NULL)
    {
      g_autofree char *alias = get_alias (self, original->username);

      replace_name (text, original->username, alias);
    }
}

static PrReport *
make_one (PrMask *self, const PrReport *original)
{
  g_autofree char *json = pr_report_to_json_text (original, PR_REPORT_JSON_TRANSCRIPT);
  PrReport *report = pr_report_from_json_text (json);

  g_return_val_if_fail (report != NULL, NULL);

  if (report->username != NULL)
    {
      g_free (report->username);
      report->username = get_alias (self, original->username);
    }
  mask (self, original, &report->mailbox);
  mask (self, original, &report->detail);
  mask (self, original, &report->server_reply);
  for (guint i = 0; i < report->steps->len; i++)
    mask (self, original, &((PrReportStep *) g_ptr_array_index (report->steps, i))->detail);
  for (guint i = 0; i < report->transcript->len; i++)
    mask (self, original, &((PrTranscriptLine *) g_ptr_array_index (report->transcript, i))->text);
  return report;
}

/**
 * pr_report_make_anonymous:
 * @reports: (element-type PrReport): reports
 *
 * Returns: (transfer full) (element-type PrReport): the same without email addresses and user
 *   names; the same account has the same alias in all of them
 */
GPtrArray *
pr_report_make_anonymous (GPtrArray *reports)
{
  GPtrArray *result = g_ptr_array_new_full (reports->len, (GDestroyNotify) pr_report_unref);
  PrMask self = { g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
                  g_regex_new (ADDRESS, G_REGEX_CASELESS | G_REGEX_OPTIMIZE, 0, NULL) };

  for (guint i = 0; i < reports->len; i++)
    g_ptr_array_add (result, make_one (&self, g_ptr_array_index (reports, i)));
  g_hash_table_unref (self.numbers);
  g_regex_unref (self.address);
  return result;
}
