/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Diagnoses that are found on this computer, each made by what makes it in life: a switch of the
 * mailbox, of the profile or of a policy, a keyring that is locked or not there, a file that
 * cannot be written, an admin who cancels, a message that goes astray. Code, permanence and scope
 * are right, and where nothing may be sent nothing is. docs/codes.md */

#include "env-server.h"

#include "pr-practice-server.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define NOBODY 65534

static void
expect (const PrReport *report, PrCode code)
{
  g_assert_cmpstr (pr_code_to_word (report->code), ==, pr_code_to_word (code));
  g_assert_cmpint (report->permanence, ==, pr_code_get_permanence (code));
  g_assert_cmpint (report->scope, ==, pr_code_get_scope (code));
}

/* The check itself failed: there was no look-up, no connection, no word. */
static void
expect_no_packet (const PrReport *report, PrCode code)
{
  const PrReportStep *step = pr_report_find_step (report, PR_STEP_PRECHECK);

  expect (report, code);
  g_assert_cmpint (report->outcome, ==, PR_OUTCOME_FAILURE);
  g_assert_cmpint (report->failed_step, ==, PR_STEP_PRECHECK);
  g_assert_nonnull (step);
  g_assert_cmpint (step->outcome, ==, PR_OUTCOME_FAILURE);
  g_assert_cmpuint (report->steps->len, ==, 1);
  g_assert_cmpuint (report->addresses->len, ==, 0);
  g_assert_cmpuint (report->transcript->len, ==, 0);
  g_assert_cmpuint (report->round_trips, ==, 0);
}

/* --- Switches --------------------------------------------------------------------------------- */

typedef struct
{
  const char *name;
  PrCode code;
  const char *mailbox[4];  /* field, value, ... */
  const char *profile[4];  /* field, value, ... */
  const char *settings[4]; /* field, value, ... */
} PrSwitch;

static const PrSwitch switches[] = {
  { .name = "mailbox-inactive", PR_CODE_MAILBOX_INACTIVE, .mailbox = { "active", "no" } },
  { .name = "mailbox-no-profile", PR_CODE_MAILBOX_NO_PROFILE, .mailbox = { "profile-id", "0" } },
  { .name = "mailbox-direction-none",
    PR_CODE_MAILBOX_DIRECTION_NONE,
    .mailbox = { "incoming", "none", "outgoing", "none" } },
  { .name = "address-not-approved",
    PR_CODE_ADDRESS_NOT_APPROVED,
    .settings = { "approved-users-only", "yes" } },
  { .name = "credentials-not-allowed",
    PR_CODE_CREDENTIALS_NOT_ALLOWED,
    .mailbox = { "allow-credentials", "no" } },
  { .name = "profile-inactive", PR_CODE_PROFILE_INACTIVE, .profile = { "active", "no" } },
  { .name = "policy-port",
    PR_CODE_POLICY_PORT,
    .settings = { "port-policy", "list", "ports", "443" } },
};

static void
set_all (gpointer record, const char *const *words)
{
  for (guint i = 0; i < 4 && words[i] != NULL; i += 2)
    env_set (record, words[i], words[i + 1]);
}

static void
flip (PrEnvServer *server, const PrSwitch *row)
{
  g_autoptr (PrMailbox) mailbox = env_find_mailbox (&server->env, ENV_ADDRESS);
  g_autoptr (PrRecord) settings =
      pr_record_duplicate (PR_RECORD (pr_environment_get_settings (server->env.environment)));
  g_autoptr (GError) error = NULL;

  if (row->mailbox[0] != NULL && g_str_equal (row->mailbox[0], "profile-id"))
    g_object_set (mailbox, "profile-id", (gint64) 0, NULL);
  else
    set_all (mailbox, row->mailbox);
  env_save_mailbox (&server->env, mailbox, &error);
  g_assert_no_error (error);
  set_all (server->profile, row->profile);
  env_save_profile (&server->env, server->profile, &error);
  g_assert_no_error (error);
  set_all (settings, row->settings);
  env_save_settings (&server->env, PR_EMAIL_SETTINGS (settings), &error);
  g_assert_no_error (error);
}

static void
test_switch (gconstpointer data)
{
  const PrSwitch *row = data;
  g_auto (PrEnvServer) server = { .port = 0 };
  g_autofree char *status = NULL;

  env_server_init (&server);
  flip (&server, row);
  for (PrDirection direction = 0; direction < PR_N_DIRECTIONS; direction++)
    {
      g_autoptr (PrReport) report = env_server_test (&server, direction);

      expect_no_packet (report, row->code);
    }
  status = env_get_field (&server.env, ENV_ADDRESS, "incoming-status");
  g_assert_cmpstr (status, ==, "failure");
}

static void
test_credentials_missing (void)
{
  g_auto (PrEnvServer) server = { .port = 0 };
  g_autoptr (PrMailbox) mailbox = NULL;
  g_autoptr (PrReport) report = NULL;
  g_autoptr (GError) error = NULL;

  env_server_init (&server);
  mailbox = env_find_mailbox (&server.env, ENV_ADDRESS);
  env_set_mailbox_password (&server.env, mailbox, NULL, &error);
  g_assert_no_error (error);
  report = env_server_test (&server, PR_DIRECTION_OUTGOING);
  expect_no_packet (report, PR_CODE_CREDENTIALS_MISSING);
}

/* The policy was on when the profile was made, and is taken back. */
static void
test_policy_encryption (void)
{
  g_auto (PrEnvServer) server = { .port = 0 };
  g_autoptr (PrReport) report = NULL;
  g_autoptr (GError) error = NULL;

  env_server_init (&server);
  env_set_setting (&server.env, "allow-unencrypted", "yes");
  env_set (server.profile, "incoming-security", "none");
  env_save_profile (&server.env, server.profile, &error);
  g_assert_no_error (error);
  env_set_setting (&server.env, "allow-unencrypted", "no");
  report = env_server_test (&server, PR_DIRECTION_INCOMING);
  expect_no_packet (report, PR_CODE_POLICY_ENCRYPTION);
}

/* --- The keyring ------------------------------------------------------------------------------ */

static void
test_keyring (gconstpointer data)
{
  PrError failure = GPOINTER_TO_INT (data);
  g_auto (PrEnvServer) server = { .port = 0 };
  g_autoptr (PrReport) report = NULL;

  env_server_init (&server);
  pr_memory_keyring_set_failure (server.env.keyring, (int) failure);
  report = env_server_test (&server, PR_DIRECTION_INCOMING);
  expect_no_packet (report, failure == PR_ERROR_KEYRING_LOCKED ? PR_CODE_KEYRING_LOCKED
                                                               : PR_CODE_KEYRING_UNAVAILABLE);
  /* A locked keyring is unlocked sooner or later; one that is not there has to be installed. */
  g_assert_true ((report->next_attempt_at != 0) == (failure == PR_ERROR_KEYRING_LOCKED));
}

/* --- The file --------------------------------------------------------------------------------- */

static void
protect (const char *path)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;

  if (!g_file_test (path, G_FILE_TEST_IS_DIR))
    {
      g_assert_cmpint (chmod (path, 0444), ==, 0);
      return;
    }
  dir = g_dir_open (path, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      protect (child);
    }
  g_assert_cmpint (chmod (path, 0555), ==, 0);
}

static void
unprotect (const char *path)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;

  if (!g_file_test (path, G_FILE_TEST_IS_DIR))
    return;
  chmod (path, 0700);
  dir = g_dir_open (path, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      unprotect (child);
    }
}

/* To root every file is writable: whoever runs the tests as root becomes somebody else. */
static void
become (uid_t effective, uid_t saved)
{
  g_assert_cmpint (setresuid (effective, effective, saved), ==, 0);
}

static void
test_read_only (void)
{
  g_auto (PrEnvServer) server = { .port = 0 };
  g_autoptr (PrReport) report = NULL;
  gboolean root = getuid () == 0;

  env_server_init (&server);
  env_fixture_close (&server.env);
  env_fixture_settle (&server.env);
  protect (server.env.data_dir);
  if (root)
    become (NOBODY, 0);
  env_fixture_open (&server.env);
  g_assert_true (pr_environment_is_read_only (server.env.environment));
  report = env_server_test (&server, PR_DIRECTION_INCOMING);
  expect_no_packet (report, PR_CODE_DATABASE_READ_ONLY);
  env_fixture_close (&server.env);
  if (root)
    become (0, 0);
  unprotect (server.env.data_dir);
}

/* --- Conversations ---------------------------------------------------------------------------- */

static gboolean
cancel (gpointer user_data)
{
  g_cancellable_cancel (user_data);
  return G_SOURCE_REMOVE;
}

static void
on_report (PrEnvironment *environment, gint64 mailbox_id, PrReport *report, gpointer user_data)
{
  PrReport **seen = user_data;

  g_clear_pointer (seen, pr_report_unref);
  *seen = pr_report_ref (report);
}

/* A server that is silent, and somebody who does not wait: nothing is concluded from it. */
static void
test_cancelled (void)
{
  const PrTestEvents events = { .report = on_report };
  PrTestOptions options = pr_test_options_default;
  struct sockaddr_in address = { .sin_family = AF_INET,
                                 .sin_addr.s_addr = g_htonl (INADDR_LOOPBACK) };
  socklen_t n = sizeof address;
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_auto (PrEnvServer) server = { .port = 0 };
  g_auto (PrEnvWait) wait = { NULL };
  g_autoptr (PrSelection) selection = env_select (ENV_ADDRESS);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (PrReport) report = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *port = NULL;
  g_autofree char *status = NULL;

  g_assert_cmpint (bind (fd, (struct sockaddr *) &address, n), ==, 0);
  g_assert_cmpint (listen (fd, 4), ==, 0);
  g_assert_cmpint (getsockname (fd, (struct sockaddr *) &address, &n), ==, 0);
  port = g_strdup_printf ("%u", g_ntohs (address.sin_port));
  env_server_init (&server);
  env_set (server.profile, "incoming-port", port);
  env_save_profile (&server.env, server.profile, &error);
  g_assert_no_error (error);
  options.outgoing = FALSE;
  g_timeout_add (200, cancel, cancellable);
  pr_environment_test_async (server.env.environment, selection, &options, &events, &report,
                             cancellable, env_ready, &wait);
  pr_environment_test_finish (server.env.environment, env_wait (&wait), NULL, &error);
  g_assert_no_error (error);
  expect (report, PR_CODE_CANCELLED);
  g_assert_cmpint (report->outcome, ==, PR_OUTCOME_CANCELLED);
  status = env_get_field (&server.env, ENV_ADDRESS, "incoming-status");
  g_assert_cmpstr (status, ==, "not-run");
  close (fd);
}

/* The message is accepted by one server, and looked for on another. */
static void
test_delivery_not_seen (void)
{
  const PrTestEvents events = { .report = on_report };
  PrTestOptions options = pr_test_options_default;
  g_autoptr (GError) error = NULL;
  g_autoptr (PrPracticeServer) sends = pr_practice_server_new (&error);
  g_autoptr (PrPracticeServer) keeps = pr_practice_server_new (&error);
  g_auto (PrEnvServer) server = { .port = 0 };
  g_auto (PrEnvWait) wait = { NULL };
  g_autoptr (PrSelection) selection = env_select (ENV_ADDRESS);
  g_autoptr (PrReport) report = NULL;
  g_autofree char *in = NULL, *out = NULL, *both = NULL;

  g_assert_no_error (error);
  env_server_init (&server);
  pr_practice_server_add_mailbox (sends, PR_SCRIPT_USER, PR_SCRIPT_PASSWORD, PR_PRACTICE_WORKS);
  pr_practice_server_add_mailbox (keeps, PR_SCRIPT_USER, PR_SCRIPT_PASSWORD, PR_PRACTICE_WORKS);
  in = g_strdup_printf ("%u", pr_practice_server_get_port (keeps, PR_PRACTICE_POP3S));
  out = g_strdup_printf ("%u", pr_practice_server_get_port (sends, PR_PRACTICE_SMTPS));
  both = g_strconcat (pr_practice_server_get_ca_pem (sends), "\n",
                      pr_practice_server_get_ca_pem (keeps), NULL);
  env_set (server.profile, "incoming-port", in);
  env_set (server.profile, "outgoing-port", out);
  env_set (server.profile, "ca-certificate", both);
  env_save_profile (&server.env, server.profile, &error);
  g_assert_no_error (error);
  options.incoming = FALSE;
  options.submit = PR_SUBMIT_MESSAGE;
  options.verify_s = 2;
  pr_environment_test_async (server.env.environment, selection, &options, &events, &report, NULL,
                             env_ready, &wait);
  pr_environment_test_finish (server.env.environment, env_wait (&wait), NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (pr_practice_server_get_n_messages (sends, PR_SCRIPT_USER), ==, 1);
  expect (report, PR_CODE_DELIVERY_NOT_SEEN);
  g_assert_cmpint (report->failed_step, ==, PR_STEP_DELIVERY);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (switches); i++)
    {
      g_autofree char *path = g_strconcat ("/codes/", switches[i].name, NULL);

      g_test_add_data_func (path, &switches[i], test_switch);
    }
  g_test_add_func ("/codes/credentials-missing", test_credentials_missing);
  g_test_add_func ("/codes/policy-encryption", test_policy_encryption);
  g_test_add_data_func ("/codes/keyring-locked", GINT_TO_POINTER (PR_ERROR_KEYRING_LOCKED),
                        test_keyring);
  g_test_add_data_func ("/codes/keyring-unavailable",
                        GINT_TO_POINTER (PR_ERROR_KEYRING_UNAVAILABLE), test_keyring);
  g_test_add_func ("/codes/database-read-only", test_read_only);
  g_test_add_func ("/codes/cancelled", test_cancelled);
  g_test_add_func ("/codes/delivery-not-seen", test_delivery_not_seen);
  return g_test_run ();
}
