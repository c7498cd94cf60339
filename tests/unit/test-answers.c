/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What servers answer: every sample of every group of data/answers.ini means what its group says,
 * at each of its steps, and is found by its own group, not hidden by one before it. All 145 rows
 * of the list are there. R1 to R145. */

#include "pr-diagnose.h"

#include <string.h>
#include <time.h>

#define N_ROWS 145
#define STRANGER "mail.example.org"

typedef struct
{
  GKeyFile *file;
  const char *group;

  PrProtocol protocol;
  char **steps;
  char *kind;
  char *host;
  char *banner;
  PrSecurity security;
  gboolean oauth;

  PrCode code;
  PrCode otherwise;
  PrPermanence permanence;
  PrScope scope;
  guint wait_s;
} PrRow;

static GKeyFile *table;

static char *
get (const PrRow *row, const char *key)
{
  return g_key_file_get_string (row->file, row->group, key, NULL);
}

static int
get_enum (const PrRow *row, const char *key, GType type, int otherwise)
{
  g_autofree char *text = get (row, key);
  int value = otherwise;

  if (text != NULL && !pr_enum_from_nick (type, text, &value))
    g_error ("[%s] %s=%s", row->group, key, text);
  return value;
}

static PrCode
get_code (const PrRow *row, const char *key, PrCode otherwise)
{
  g_autofree char *text = get (row, key);
  PrCode code = otherwise;

  if (text != NULL && !pr_code_from_word (text, &code))
    g_error ("[%s] %s=%s", row->group, key, text);
  return code;
}

/* How a server of the provider that the row is about shows itself. */
static void
find_provider (PrRow *row)
{
  g_auto (GStrv) names = g_key_file_get_string_list (row->file, row->group, "within", NULL, NULL);
  g_autofree char *provider = names != NULL ? g_strconcat ("@", names[0], NULL) : NULL;
  g_auto (GStrv) hosts = NULL;
  g_auto (GStrv) banners = NULL;

  row->host = g_strdup (STRANGER);
  if (provider == NULL)
    return;
  hosts = g_key_file_get_string_list (row->file, provider, "hosts", NULL, NULL);
  banners = g_key_file_get_string_list (row->file, provider, "banners", NULL, NULL);
  g_assert_true (hosts != NULL || banners != NULL);
  if (hosts != NULL)
    {
      g_free (row->host);
      row->host = g_strconcat ("pop.", hosts[0], NULL);
    }
  if (banners != NULL)
    row->banner = g_ascii_strup (banners[0], -1);
}

static void
row_init (PrRow *row, const char *group)
{
  g_autofree char *mechanism = NULL;
  g_auto (GStrv) security = NULL;
  int value = PR_SECURITY_SSL;

  *row = (PrRow){ .file = table, .group = group };
  row->kind = get (row, "kind");
  row->protocol = get_enum (row, "protocol", PR_TYPE_PROTOCOL, PR_PROTOCOL_POP3);
  row->steps = g_key_file_get_string_list (table, group, "steps", NULL, NULL);
  security = g_key_file_get_string_list (table, group, "security", NULL, NULL);
  if (security != NULL)
    g_assert_true (pr_enum_from_nick (PR_TYPE_SECURITY, security[0], &value));
  row->security = (PrSecurity) value;
  mechanism = get (row, "mechanism");
  row->oauth = g_strcmp0 (mechanism, "oauth") == 0;
  row->code = get_code (row, "code", PR_N_CODES);
  g_assert_cmpint (row->code, <, PR_N_CODES);
  row->otherwise = get_code (row, "otherwise", PR_CODE_RECIPIENT_REJECTED);
  row->permanence =
      get_enum (row, "permanence", PR_TYPE_PERMANENCE, (int) pr_code_get_permanence (row->code));
  row->scope = get_enum (row, "scope", PR_TYPE_SCOPE, (int) pr_code_get_scope (row->code));
  row->wait_s = (guint) g_key_file_get_integer (table, group, "wait", NULL);
  find_provider (row);
}

static void
row_clear (PrRow *row)
{
  g_strfreev (row->steps);
  g_free (row->kind);
  g_free (row->host);
  g_free (row->banner);
}

static gboolean
is_kind (const PrRow *row, const char *kind)
{
  return g_strcmp0 (row->kind, kind) == 0;
}

static GPtrArray *
list_samples (const PrRow *row)
{
  g_auto (GStrv) keys = g_key_file_get_keys (table, row->group, NULL, NULL);
  GPtrArray *samples = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; keys[i] != NULL; i++)
    if (g_str_has_prefix (keys[i], "sample"))
      g_ptr_array_add (samples, get (row, keys[i]));
  return samples;
}

static PrReply *
parse (const PrRow *row, const char *sample)
{
  g_auto (GStrv) lines = g_strsplit (sample, "\n", -1);
  PrReply *reply;
  gboolean last = FALSE;

  if (row->protocol == PR_PROTOCOL_POP3)
    {
      reply = pr_reply_new_pop3 (sample, FALSE);
      if (reply == NULL || reply->status != PR_REPLY_ERROR)
        g_error ("[%s] no answer: %s", row->group, sample);
      return reply;
    }
  reply = pr_reply_new_smtp ();
  for (guint i = 0; lines[i] != NULL; i++)
    if (last || !pr_reply_add_smtp_line (reply, lines[i], &last))
      g_error ("[%s] no answer: %s", row->group, sample);
  if (!last)
    g_error ("[%s] the answer does not end: %s", row->group, sample);
  pr_reply_finish_smtp (reply);
  return reply;
}

static void
diagnose (const PrRow *row,
          PrStep step,
          const char *host,
          const char *banner,
          const char *sample,
          PrDiagnosis *diagnosis)
{
  g_autoptr (PrReply) reply = parse (row, sample);
  PrAnswerQuery query = {
    .protocol = row->protocol,
    .step = step,
    .security = row->security,
    .oauth = row->oauth,
    .host = host,
    .banner = banner,
  };

  if (step == PR_STEP_SUBMIT)
    pr_diagnose_submission (reply, row->otherwise, diagnosis);
  else
    pr_diagnose_reply (row->protocol, step, reply, FALSE, diagnosis);
  pr_diagnose_words (reply, &query, diagnosis);
}

static void
check_sample (const PrRow *row, PrStep step, const char *sample)
{
  g_autofree char *remedy = get (row, "remedy");
  PrDiagnosis diagnosis;

  diagnose (row, step, row->host, NULL, sample, &diagnosis);
  if (row->banner != NULL && g_str_equal (row->host, STRANGER))
    diagnose (row, step, row->host, row->banner, sample, &diagnosis);
  if (g_strcmp0 (diagnosis.answer, is_kind (row, "structure") ? NULL : row->group) != 0)
    g_error ("[%s] “%s” is found by %s", row->group, sample,
             diagnosis.answer != NULL ? diagnosis.answer : "no group");
  if (diagnosis.code != row->code || diagnosis.permanence != row->permanence
      || diagnosis.scope != row->scope)
    g_error ("[%s] “%s” means %s, %s, %s", row->group, sample, pr_code_to_word (diagnosis.code),
             pr_enum_to_nick (PR_TYPE_PERMANENCE, (int) diagnosis.permanence),
             pr_enum_to_nick (PR_TYPE_SCOPE, (int) diagnosis.scope));
  if (diagnosis.wait_s != row->wait_s)
    g_error ("[%s] “%s” waits %u s", row->group, sample, diagnosis.wait_s);
  g_assert_cmpstr (diagnosis.remedy, ==, is_kind (row, "structure") ? NULL : remedy);
}

/* Words that hold within one provider mean nothing elsewhere; and a greeting tells a provider as
 * well as a host name does. */
static void
check_provider (const PrRow *row, PrStep step, const char *sample)
{
  PrDiagnosis diagnosis;

  if (is_kind (row, "structure") || !g_key_file_has_key (table, row->group, "within", NULL))
    return;
  diagnose (row, step, STRANGER, "ready", sample, &diagnosis);
  if (g_strcmp0 (diagnosis.answer, row->group) == 0)
    g_error ("[%s] “%s” is taken from a stranger", row->group, sample);
  if (row->banner == NULL)
    return;
  diagnose (row, step, STRANGER, row->banner, sample, &diagnosis);
  g_assert_cmpstr (diagnosis.answer, ==, row->group);
}

static void
check_step (const PrRow *row, PrStep step)
{
  g_autoptr (GPtrArray) samples = list_samples (row);

  if (samples->len == 0)
    g_error ("[%s] has no sample", row->group);
  for (guint i = 0; i < samples->len; i++)
    {
      check_sample (row, step, g_ptr_array_index (samples, i));
      check_provider (row, step, g_ptr_array_index (samples, i));
    }
}

static void
check_steps (const PrRow *row)
{
  static const PrStep all[] = { PR_STEP_GREETING, PR_STEP_CAPABILITIES, PR_STEP_STARTTLS,
                                PR_STEP_AUTHENTICATE, PR_STEP_SUBMIT };

  if (row->steps == NULL)
    g_error ("[%s] has no steps", row->group);
  if (g_str_equal (row->steps[0], "any"))
    {
      for (guint i = 0; i < G_N_ELEMENTS (all); i++)
        check_step (row, all[i]);
      return;
    }
  for (guint i = 0; row->steps[i] != NULL; i++)
    {
      int step;

      g_assert_true (pr_enum_from_nick (PR_TYPE_STEP, row->steps[i], &step));
      check_step (row, (PrStep) step);
    }
}

static void
check_oauth (const PrRow *row)
{
  g_autoptr (GPtrArray) samples = list_samples (row);

  g_assert_cmpuint (samples->len, >, 0);
  for (guint i = 0; i < samples->len; i++)
    {
      g_auto (GStrv) parts = g_strsplit (g_ptr_array_index (samples, i), ": ", 2);
      const PrAnswer *answer =
          pr_answers_find_oauth (pr_answers_get_default (), parts[0], parts[1]);

      if (answer == NULL || !g_str_equal (answer->id, row->group) || answer->code != row->code)
        g_error ("[%s] is found by %s", row->group, answer != NULL ? answer->id : "no group");
    }
}

/* What no server says is proven elsewhere: there has to be such a place. */
static void
check_event (const PrRow *row)
{
  g_autofree char *proof = get (row, "proof");
  g_auto (GStrv) parts = g_strsplit (proof != NULL ? proof : "", " ", 2);
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;

  if (proof == NULL || !g_str_has_prefix (parts[0], "tests/"))
    g_error ("[%s] has no proof", row->group);
  path = g_test_build_filename (G_TEST_DIST, parts[0] + strlen ("tests/"), NULL);
  if (!g_file_get_contents (path, &text, NULL, NULL))
    g_error ("[%s] there is no %s", row->group, parts[0]);
  if (parts[1] != NULL && strstr (text, parts[1]) == NULL)
    g_error ("[%s] there is no %s in %s", row->group, parts[1], parts[0]);
  if (parts[1] == NULL && strstr (text, pr_code_to_word (row->code)) == NULL
      && !g_str_has_suffix (path, ".c"))
    g_error ("[%s] %s does not expect it", row->group, parts[0]);
}

static void
test_row (gconstpointer data)
{
  PrRow row;

  row_init (&row, data);
  if (is_kind (&row, "event"))
    check_event (&row);
  else if (is_kind (&row, "oauth"))
    check_oauth (&row);
  else
    check_steps (&row);
  row_clear (&row);
}

static void
check_origin (const char *group)
{
  g_autofree char *seen = g_key_file_get_string (table, group, "seen", NULL);
  g_autofree char *source = g_key_file_get_string (table, group, "source", NULL);
  g_autofree char *words = g_key_file_get_string (table, group, "words", NULL);
  g_autofree char *lower = words != NULL ? g_ascii_strdown (words, -1) : NULL;

  if (source == NULL || *source == '\0')
    g_error ("[%s] has no source", group);
  if (seen == NULL
      || (!g_str_equal (seen, "undated")
          && !g_regex_match_simple ("^20[0-9][0-9]-(0[1-9]|1[0-2])$", seen, 0, 0)))
    g_error ("[%s] seen=%s", group, seen != NULL ? seen : "");
  if (g_strcmp0 (words, lower) != 0)
    g_error ("[%s] its words are not in lower case", group);
}

static void
test_table (void)
{
  g_auto (GStrv) groups = g_key_file_get_groups (table, NULL);
  gboolean seen[N_ROWS + 1] = { FALSE };

  for (guint i = 0; groups[i] != NULL; i++)
    {
      gsize n = 0;
      g_autofree int *rows = g_key_file_get_integer_list (table, groups[i], "rows", &n, NULL);

      if (groups[i][0] == '@')
        continue;
      check_origin (groups[i]);
      for (gsize k = 0; k < n; k++)
        {
          g_assert_cmpint (rows[k], >=, 1);
          g_assert_cmpint (rows[k], <=, N_ROWS);
          seen[rows[k]] = TRUE;
        }
    }
  for (guint i = 1; i <= N_ROWS; i++)
    if (!seen[i])
      g_error ("row %u is missing", i);
}

static const PrAnswer *
ask (PrStep step, guint code, const char *host, const char *text)
{
  PrAnswerQuery query = {
    .protocol = code != 0 ? PR_PROTOCOL_SMTP : PR_PROTOCOL_POP3,
    .step = step,
    .reply_code = code,
    .host = host,
    .text = text,
  };

  return pr_answers_find (pr_answers_get_default (), &query);
}

static void
test_matching (void)
{
  const char *text = "Username  and\tPASSWORD\r\nnot accepted";
  const char *host = "pop.gmail.com";

  g_assert_nonnull (ask (PR_STEP_AUTHENTICATE, 0, host, text));
  g_assert_nonnull (ask (PR_STEP_AUTHENTICATE, 0, "GMAIL.COM", text));
  g_assert_null (ask (PR_STEP_AUTHENTICATE, 0, "pop.notgmail.com", text));
  g_assert_null (ask (PR_STEP_AUTHENTICATE, 0, "gmail.com.example.org", text));
  g_assert_null (ask (PR_STEP_MAILBOX, 0, host, text));
  g_assert_null (ask (PR_STEP_AUTHENTICATE, 0, host, "Username not accepted"));
  g_assert_null (ask (PR_STEP_AUTHENTICATE, 0, host, ""));
  g_assert_null (ask (PR_STEP_AUTHENTICATE, 0, NULL, "nobody ever said that"));
  /* "*" is text between, in that order. */
  g_assert_nonnull (
      ask (PR_STEP_AUTHENTICATE, 534, host, "Please log in through your WEB BROWSER, now"));
  g_assert_null (ask (PR_STEP_AUTHENTICATE, 534, host, "your web browser: please log in"));
}

/* A number is not the beginning of a longer one, and "error" alone decides. */
static void
test_oauth (void)
{
  const PrAnswers *answers = pr_answers_get_default ();

  g_assert_cmpint (pr_answers_find_oauth (answers, "invalid_grant", "AADSTS500530: no")->code, ==,
                   PR_CODE_OAUTH_TOKEN_REVOKED);
  g_assert_cmpint (pr_answers_find_oauth (answers, "invalid_grant", "AADSTS50053: no")->code, ==,
                   PR_CODE_ACCOUNT_LOCKED);
  g_assert_cmpint (pr_answers_find_oauth (answers, "access_denied", "invalid_grant")->code, ==,
                   PR_CODE_OAUTH_ACCESS_DENIED);
  g_assert_null (pr_answers_find_oauth (answers, "never_heard_of", "AADSTS50053"));
  g_assert_null (pr_answers_find_oauth (answers, "", NULL));
}

/* Microseconds that this program has computed: what others do on the computer does not count. */
static gint64
get_processor_time (void)
{
  struct timespec time;

  g_assert_cmpint (clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &time), ==, 0);
  return (gint64) time.tv_sec * G_USEC_PER_SEC + time.tv_nsec / 1000;
}

/* The words of a hostile server cost no more than those of an honest one. */
static void
test_hostile (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  gint64 begin;

  while (text->len < 1024 * 1024)
    g_string_append (text, "please log in please log i");
  begin = get_processor_time ();
  for (guint i = 0; i < 100; i++)
    {
      g_assert_null (ask (PR_STEP_AUTHENTICATE, 534, "smtp.gmail.com", text->str));
      g_assert_cmpuint (pr_announced_wait_parse (text->str), ==, 0);
    }
  g_assert_cmpint (get_processor_time () - begin, <, 2 * G_USEC_PER_SEC);
  /* What stands behind the limit is not looked at. */
  g_string_append (text, " your web browser");
  g_assert_null (ask (PR_STEP_AUTHENTICATE, 534, "smtp.gmail.com", text->str));
}

/* However it is said: what was refused as wrong is not tried again by itself. */
static void
test_refused_password (void)
{
  static const char *const lines[] = {
    "535 5.7.8 Too many login attempts, please try again later",
    "535 too many AUTH commands, wait 5 minutes",
    "550 Too many connections, too many errors",
  };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autoptr (PrReply) reply = pr_reply_new_smtp ();
      PrAnswerQuery query = { .protocol = PR_PROTOCOL_SMTP,
                              .step = PR_STEP_AUTHENTICATE,
                              .host = "smtp.gmail.com" };
      PrDiagnosis diagnosis;
      gboolean last;

      g_assert_true (pr_reply_add_smtp_line (reply, lines[i], &last));
      pr_reply_finish_smtp (reply);
      pr_diagnose_reply (PR_PROTOCOL_SMTP, PR_STEP_AUTHENTICATE, reply, FALSE, &diagnosis);
      pr_diagnose_words (reply, &query, &diagnosis);
      g_assert_cmpint (diagnosis.permanence, ==, PR_PERMANENCE_PERMANENT);
      g_assert_cmpuint (diagnosis.wait_s, ==, 0);
    }
}

typedef struct
{
  const char *text;
  guint seconds;
} PrWaitRow;

static const PrWaitRow wait_rows[] = {
  { "Logins must be at least 5 minute(s) apart", 300 },
  { "Greylisted, please try again in 300 seconds", 300 },
  { "Greylisting in action, please come back in 00:04:59", 299 },
  { "Please wait 10 minutes before you try again.", 600 },
  { "Too many logins; retry after 2 hours", 7200 },
  { "slow down. Retry-After: 120", 120 },
  { "retry in 300s", 300 },
  { "Try again in 1h.", 3600 },
  { "try again in an hour", 3600 },
  { "Try again after 1 day", 86400 },
  { "try again in 5 minutes or 1 hour", 3600 },
  { "try again in 99999 days", 7 * 24 * 3600 },
  { "try again in 9999999999999999999999 minutes", 0 },
  { "try again later", 0 },
  { "try again later [mail:2026-07-01 10:00:00]", 0 },
  { "4.7.0 Temporary failure, try again (10).", 0 },
  { "20 messages in 5 minutes are too many", 0 },
  { "The mailbox is 5 days old", 0 },
  { "retry", 0 },
  { "5", 0 },
  { "", 0 },
};

static void
test_wait (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (wait_rows); i++)
    if (pr_announced_wait_parse (wait_rows[i].text) != wait_rows[i].seconds)
      g_error ("“%s”: %u s", wait_rows[i].text, pr_announced_wait_parse (wait_rows[i].text));
}

static void
test_mistakes (void)
{
  static const char *const tables[] = {
    "nothing",
    "[a]\nprotocol=pop3\nsteps=any\nwords=x\n",
    "[a]\nprotocol=pop3\nsteps=any\nwords=x\ncode=never-heard-of\n",
    "[a]\nprotocol=imap\nsteps=any\nwords=x\ncode=ok\n",
    "[a]\nprotocol=pop3\nsteps=sleep\nwords=x\ncode=ok\n",
    "[a]\nprotocol=pop3\nsteps=any\ncode=ok\n",
    "[a]\nprotocol=pop3\nsteps=any\nwords=x**y\ncode=ok\n",
    "[a]\nprotocol=pop3\nsteps=any\nwords=\ncode=ok\n",
    "[a]\nprotocol=pop3\nsteps=any\nwords=x\nwithin=nobody\ncode=ok\n",
    "[a]\nprotocol=pop3\nsteps=any\nwords=x\nwiht=typo\ncode=ok\n",
    "[a]\nprotocol=smtp\nsteps=any\nwords=x\nreply=600\ncode=ok\n",
    "[a]\nprotocol=smtp\nsteps=any\nwords=x\nenhanced=5.7\ncode=ok\n",
    "[a]\nprotocol=smtp\nsteps=any\nwords=x\nenhanced=5.7.y\ncode=ok\n",
    "[a]\nprotocol=smtp\nsteps=any\nwords=x\nmechanism=magic\ncode=ok\n",
    "[a]\nprotocol=smtp\nsteps=any\nwords=x\npermanence=often\ncode=ok\n",
    "[a]\nkind=guess\nwords=x\ncode=ok\n",
    "[a]\nkind=oauth\nwords=x\ncode=ok\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PrAnswers) answers =
          pr_answers_new_from_data (tables[i], strlen (tables[i]), &error);

      if (answers != NULL)
        g_error ("“%s” is a table", tables[i]);
      g_assert_nonnull (error);
    }
}

static void
load_table (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "..", "data", "answers.ini", NULL);
  g_autoptr (GError) error = NULL;

  table = g_key_file_new ();
  if (!g_key_file_load_from_file (table, path, G_KEY_FILE_NONE, &error))
    g_error ("%s: %s", path, error->message);
}

int
main (int argc, char **argv)
{
  g_auto (GStrv) groups = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  load_table ();
  groups = g_key_file_get_groups (table, NULL);
  for (guint i = 0; groups[i] != NULL; i++)
    {
      g_autofree char *path = g_strconcat ("/answers/row/", groups[i], NULL);

      if (groups[i][0] != '@')
        g_test_add_data_func (path, groups[i], test_row);
    }
  g_test_add_func ("/answers/table", test_table);
  g_test_add_func ("/answers/matching", test_matching);
  g_test_add_func ("/answers/oauth", test_oauth);
  g_test_add_func ("/answers/hostile", test_hostile);
  g_test_add_func ("/answers/refused-password", test_refused_password);
  g_test_add_func ("/answers/wait", test_wait);
  g_test_add_func ("/answers/mistakes", test_mistakes);
  status = g_test_run ();
  g_key_file_unref (table);
  return status;
}
