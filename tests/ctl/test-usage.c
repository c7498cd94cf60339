/* SPDX-License-Identifier: GPL-3.0-or-later */

/* postroomctl: help of every sub-command, and every way to call it wrongly: exit status 2, and a
 * message that names the option or field, the value, and what is accepted. */

#include "ctl-fixture.h"

#include <string.h>

/* The words that begin the lines of a list of commands. */
static GPtrArray *
list_commands (PrCtlFixture *fixture, const char *arguments)
{
  g_auto (PrCtlRun) run = { 0 };
  g_auto (GStrv) lines = NULL;
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);

  ctl_run (fixture, arguments, NULL, &run);
  g_assert_cmpint (run.status, ==, 0);
  g_assert_cmpstr (run.err, ==, "");
  g_assert_true (g_str_has_prefix (run.out, "Usage: postroomctl "));
  lines = g_strsplit (run.out, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (g_str_has_prefix (lines[i], "  ") && g_ascii_isalpha (lines[i][2]))
      g_ptr_array_add (names, g_strndup (lines[i] + 2, strcspn (lines[i] + 2, " ")));
  g_assert_cmpuint (names->len, >, 0);
  return names;
}

/* Calls @func with each sub-command, such as "mailbox add". */
static void
for_each_command (PrCtlFixture *fixture, void (*func) (PrCtlFixture *fixture, const char *command))
{
  g_autoptr (GPtrArray) topics = list_commands (fixture, "--help");
  guint n = 0;

  for (guint t = 0; t < topics->len; t++)
    {
      const char *topic = g_ptr_array_index (topics, t);
      g_autofree char *help = g_strdup_printf ("%s --help", topic);
      g_auto (PrCtlRun) run = { 0 };
      g_autoptr (GPtrArray) commands = NULL;

      ctl_run (fixture, help, NULL, &run);
      g_assert_cmpint (run.status, ==, 0);
      /* Some do something by themselves. */
      if (strstr (run.out, "Usage:\n") != NULL)
        {
          func (fixture, topic);
          n++;
          continue;
        }
      commands = list_commands (fixture, help);
      for (guint c = 0; c < commands->len; c++, n++)
        {
          g_autofree char *command =
              g_strdup_printf ("%s %s", topic, (char *) g_ptr_array_index (commands, c));

          func (fixture, command);
        }
    }
  g_assert_cmpuint (n, >=, 25);
}

static void
check_help (PrCtlFixture *fixture, const char *command)
{
  static const char *const ways[] = { "--help", "-h", "--help-all" };

  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      g_autofree char *call = g_strdup_printf ("%s %s", command, ways[i]);
      g_autofree char *usage = g_strdup_printf ("postroomctl %s", command);
      g_auto (PrCtlRun) run = { 0 };

      ctl_run (fixture, call, NULL, &run);
      if (run.status != 0 || *run.err != '\0' || strstr (run.out, usage) == NULL
          || strstr (run.out, "--data-dir") == NULL || strstr (run.out, "--json") == NULL)
        g_error ("%s: %d\n%s\n%s", call, run.status, run.out, run.err);
    }
}

static void
test_help (void)
{
  g_auto (PrCtlFixture) fixture;

  ctl_fixture_init (&fixture);
  for_each_command (&fixture, check_help);
  /* Looking at help makes nothing. */
  g_assert_false (g_file_test (fixture.data_dir, G_FILE_TEST_EXISTS));
}

/* Each column begins at the same place, whatever letters are before it. */
static void
test_help_is_aligned (void)
{
  static const char *const topics[] = { "profile", "mailbox", "settings", "alert", "environment" };
  g_auto (PrCtlFixture) fixture;

  ctl_fixture_init (&fixture);
  for (guint t = 0; t < G_N_ELEMENTS (topics); t++)
    {
      g_autofree char *call = g_strdup_printf ("%s --help", topics[t]);
      g_auto (PrCtlRun) run = { 0 };
      g_auto (GStrv) lines = NULL;
      glong column = -1;

      ctl_run (&fixture, call, NULL, &run);
      lines = g_strsplit (run.out, "\n", -1);
      for (guint i = 0; lines[i] != NULL; i++)
        {
          const char *gap = g_str_has_prefix (lines[i], "  ") ? strstr (lines[i] + 2, "  ") : NULL;
          glong at;

          if (gap == NULL)
            continue;
          at = g_utf8_strlen (lines[i], gap + strspn (gap, " ") - lines[i]);
          g_assert_true (column == -1 || column == at);
          column = at;
        }
    }
}

static void
check_unknown_option (PrCtlFixture *fixture, const char *command)
{
  g_autofree char *call = g_strdup_printf ("%s --nonsense", command);

  ctl_expect (fixture, call, 2, "", "--nonsense");
}

static void
test_unknown_option (void)
{
  g_auto (PrCtlFixture) fixture;

  ctl_fixture_init (&fixture);
  for_each_command (&fixture, check_unknown_option);
}

static void
test_calls (void)
{
  static const struct
  {
    const char *arguments;
    int status;
    const char *out, *err;
  } rows[] = {
    { "", 2, "Usage: postroomctl", "" },
    { "help", 0, "Usage: postroomctl", "" },
    { "--version", 0, "Postroom ", "" },
    { "nonsense", 2, "", "“nonsense” is not a command" },
    { "mailbox", 2, "Usage: postroomctl mailbox", "" },
    { "mailbox help", 0, "Usage: postroomctl mailbox", "" },
    { "mailbox nonsense", 2, "", "“mailbox nonsense” is not a command" },
    { "profile nonsense", 2, "", "“profile nonsense” is not a command" },

    /* Too few and too many. */
    { "check", 2, "", "check needs a protocol" },
    { "check pop3", 2, "", "check needs a protocol" },
    { "check pop3 a b", 2, "", "check needs a protocol" },
    { "profile show", 2, "", "name of one server profile" },
    { "profile show a b", 2, "", "name of one server profile" },
    { "profile add extra --name x", 2, "", "“extra” is not accepted" },
    { "mailbox show", 2, "", "No mailbox was chosen" },
    { "mailbox add", 2, "", "one email address" },
    { "mailbox add a@example.org b@example.org", 2, "", "one email address" },
    { "mailbox set-password", 2, "", "No mailbox was chosen" },
    { "mailbox approve", 2, "", "No mailbox was chosen. Accepted: addresses, --all" },
    { "mailbox remove", 2, "", "No mailbox was chosen" },
    { "mailbox test", 2, "", "No mailbox was chosen" },
    { "mailbox approve a@example.org --all", 2, "", "not both" },
    { "settings set", 2, "", "at least one KEY=VALUE" },
  };
  g_auto (PrCtlFixture) fixture;

  ctl_fixture_init (&fixture);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    ctl_expect (&fixture, rows[i].arguments, rows[i].status, rows[i].out, rows[i].err);
}

/* The option, the value, what is accepted. */
static void
test_values_of_check (void)
{
  static const struct
  {
    const char *arguments;
    const char *words[3];
  } rows[] = {
    { "imap mail.example.org", { "PROTOCOL", "“imap”", "pop3, smtp" } },
    { "pop3 mail.example.org:0", { "port", "“0”", "from 1 to 65535" } },
    { "pop3 mail.example.org:65536", { "port", "“65536”", "from 1 to 65535" } },
    { "pop3 mail.example.org:pop3", { "port", "“pop3”", "from 1 to 65535" } },
    { "pop3 [::1]:x", { "port", "“x”", NULL } },
    { "pop3 'mail example.org'", { "HOST", "“mail example.org”", "without spaces" } },
    { "pop3 http://mail.example.org", { "HOST", "not a web address", NULL } },
    { "pop3 a@example.org", { "HOST", "not an email address", NULL } },
    { "pop3 ''", { "HOST", "Accepted", NULL } },
    { "pop3 mail.example.org --security tls", { "--security", "“tls”", "ssl, starttls, none" } },
    { "pop3 mail.example.org --auth magic", { "--auth", "“magic”", "auto, plain, login" } },
    { "pop3 mail.example.org --min-tls 1.1", { "--min-tls", "“1.1”", "1.2, 1.3" } },
    { "pop3 mail.example.org --timeout 101", { "--timeout", "“101”", "1 to 100 seconds" } },
    { "pop3 mail.example.org --timeout -1", { "--timeout", "“-1”", "1 to 100 seconds" } },
    { "pop3 mail.example.org --timeout x", { "x", "timeout", NULL } },
    { "pop3 mail.example.org --total-timeout 3601", { "--total-timeout", "“3601”", NULL } },
    { "smtp mail.example.org --address nonsense", { "--address", "“nonsense”", "email address" } },
    { "smtp mail.example.org --send", { "--send needs --address", NULL, NULL } },
    { "smtp mail.example.org --send --no-send --address a@b",
      { "exclude each other", NULL, NULL } },
    { "pop3 mail.example.org --ca-file /nonexistent", { "--ca-file", "/nonexistent", NULL } },
    { "pop3 mail.example.org --ca-file /dev/null", { "--ca-file", "/dev/null", NULL } },
    { "pop3 mail.example.org --username ''", { "--username", "at least one character", NULL } },
    { "pop3 mail.example.org --username u --password-file /nonexistent",
      { "/nonexistent", NULL, NULL } },
    { "pop3 mail.example.org --username u --password-stdin", { "is empty", "Accepted", NULL } },
    { "pop3 mail.example.org --username u --password-file /dev/null", { "is empty", NULL, NULL } },
  };
  g_auto (PrCtlFixture) fixture;

  ctl_fixture_init (&fixture);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *call = g_strdup_printf ("check %s", rows[i].arguments);

      for (guint w = 0; w < G_N_ELEMENTS (rows[i].words) && rows[i].words[w] != NULL; w++)
        ctl_expect (&fixture, call, 2, "", rows[i].words[w]);
    }
}

static void
test_values_of_records (void)
{
  static const struct
  {
    const char *arguments;
    const char *words[3];
  } rows[] = {
#define PROFILE "profile add --name x --incoming a --outgoing b "
    { "profile add --incoming a --outgoing b", { "Name must not be empty", "1 to 100", NULL } },
    { "profile add --name x --outgoing b", { "Incoming server location", "Accepted", NULL } },
    { PROFILE "--type imap", { "Email server type", "“imap”", "gmail, pop3-smtp" } },
    { PROFILE "--incoming-port 0", { "Incoming port", "“0”", "from 1 to 65535" } },
    { PROFILE "--timeout 101", { "Connection timeout", "“101”", "from 1 to 100" } },
    { PROFILE "--max-connections 301", { "Maximum concurrent", "“301”", "from 1 to 300" } },
    { PROFILE "--polling-interval -1", { "Minimum polling", "“-1”", "from 0 to 1440" } },
    { PROFILE "--authentication anonymous", { "anonymous", "Accepted", NULL } },
    { PROFILE "--authentication windows", { "SMTP only", NULL, NULL } },
    { PROFILE "--incoming-security none", { "“none”", "allow connections without", NULL } },
    { PROFILE "--owner-email x", { "Owner email", "“x”", "email address" } },
    { PROFILE "--process-from yesterday", { "Process email from", "“yesterday”", "a date" } },
    { PROFILE "--ca-file /nonexistent", { "--ca-file", "/nonexistent", NULL } },
    { PROFILE "--ca-file /dev/null --timeout 0", { "Connection timeout", NULL, NULL } },
    { "mailbox add nonsense", { "Email address", "“nonsense”", "Accepted" } },
    { "mailbox add a@b --kind robot", { "Kind", "“robot”", "user, queue, forward" } },
    { "mailbox add a@b --delete-after", { "Delete emails after", "“yes”", "Accepted: no" } },
    { "mailbox add a@b --act server-side", { "Appointments", "email only", NULL } },
    { "mailbox add a@b --outgoing forward", { "Outgoing email", "“forward”", NULL } },
    { "mailbox add a@b --profile nowhere", { "“nowhere”", "server profile", NULL } },
    { "mailbox list --view strange", { "--view", "“strange”", "pending, not-tested, failed" } },
    { "mailbox list --profile nowhere", { "“nowhere”", NULL, NULL } },
    { "mailbox list nobody@example.org", { "“nobody@example.org”", NULL, NULL } },
    { "mailbox approve nobody@example.org", { "“nobody@example.org”", NULL, NULL } },
    { "mailbox test --all --jobs 1001", { "--jobs", "“1001”", "1 to 1000" } },
    { "mailbox test --all --jobs -1", { "--jobs", "“-1”", NULL } },
    { "settings set nonsense", { "“nonsense”", "KEY=VALUE", NULL } },
    { "settings set color=red", { "“color”", "settings show", NULL } },
    { "settings set keep-alerts-days=0", { "Keep alerts for days", "“0”", "from 1 to 3650" } },
    { "settings set keep-alerts-days=", { "Keep alerts for days", "must not be empty", NULL } },
    { "settings set port-policy=list", { "Allowed ports", "must not be empty", NULL } },
    { "settings set profile=nowhere", { "“nowhere”", NULL, NULL } },
    { "settings set act=server-side", { "Appointments", "“server-side”", "Accepted: none" } },
    { "alert list --severity fatal", { "--severity", "“fatal”", "error, warning, information" } },
    { "alert list --mailbox nobody@example.org", { "“nobody@example.org”", NULL, NULL } },
    { "alert list --profile nowhere", { "“nowhere”", NULL, NULL } },
    { "alert dismiss --severity fatal", { "--severity", NULL, NULL } },
    { "profile show nowhere", { "“nowhere”", NULL, NULL } },
    { "profile test nowhere", { "“nowhere”", NULL, NULL } },
    { "profile test-mailboxes nowhere", { "“nowhere”", NULL, NULL } },
    { "mailbox list --environment Production", { "“Production”", "There is: “Default”", NULL } },
  };
  g_auto (PrCtlFixture) fixture;

  ctl_fixture_init (&fixture);
  ctl_ok (&fixture, "settings show");
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    for (guint w = 0; w < G_N_ELEMENTS (rows[i].words) && rows[i].words[w] != NULL; w++)
      ctl_expect (&fixture, rows[i].arguments, 2, "", rows[i].words[w]);
  /* After all this nothing is there. */
  ctl_expect (&fixture, "profile list --json", 0, "[]", "");
  ctl_expect (&fixture, "mailbox list --json", 0, "[]", "");
}

/* Arguments are bytes: what is no UTF-8 is refused in UTF-8, and nothing is read behind its end. */
static void
test_bad_bytes (void)
{
  static const char *const commands[][3] = {
    { "mailbox", "show", NULL },   { "mailbox", "add", NULL },     { "mailbox", "approve", NULL },
    { "profile", "show", NULL },   { "settings", "set", NULL },    { "check", "pop3", NULL },
    { "check", NULL, NULL },       { NULL, NULL, NULL },           { "mailbox", NULL, NULL },
    { "mailbox", "import", NULL }, { "environment", "add", NULL },
  };
  static const char *const bytes[] = { "\xff", "a\xf0", "a@\xc3", "a\xe2\x82@example.org" };
  g_auto (PrCtlFixture) fixture;

  ctl_fixture_init (&fixture);
  for (guint c = 0; c < G_N_ELEMENTS (commands); c++)
    for (guint i = 0; i < G_N_ELEMENTS (bytes); i++)
      {
        const char *argv[4] = { NULL };
        g_auto (PrCtlRun) run = { 0 };
        guint n = 0;

        while (commands[c][n] != NULL)
          {
            argv[n] = commands[c][n];
            n++;
          }
        argv[n] = bytes[i];
        ctl_run_argv (&fixture, (char **) argv, NULL, &run);
        if (run.status != 2 || *run.err == '\0' || !g_utf8_validate (run.err, -1, NULL))
          g_error ("%s %s: %d %s", commands[c][0] ? commands[c][0] : "-",
                   commands[c][1] ? commands[c][1] : "-", run.status, run.err);
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ctl/usage/help", test_help);
  g_test_add_func ("/ctl/usage/help-is-aligned", test_help_is_aligned);
  g_test_add_func ("/ctl/usage/unknown-option", test_unknown_option);
  g_test_add_func ("/ctl/usage/calls", test_calls);
  g_test_add_func ("/ctl/usage/values-of-check", test_values_of_check);
  g_test_add_func ("/ctl/usage/values-of-records", test_values_of_records);
  g_test_add_func ("/ctl/usage/bad-bytes", test_bad_bytes);
  return g_test_run ();
}
