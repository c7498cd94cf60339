/* SPDX-License-Identifier: GPL-3.0-or-later */

/* "postroomctl check": one diagnosis of any server; nothing is stored. */

#include "pr-ctl.h"

#include "pr-check.h"
#include "pr-report-json.h"
#include "pr-text.h"
#include "pr-tls.h"

#include <glib/gi18n.h>
#include <string.h>

typedef struct
{
  char *security;
  char *auth;
  char *username;
  char *password_file;
  gboolean password_stdin;
  char *address;
  gboolean send;
  gboolean no_send;
  char *ca_file;
  char *min_tls;
  int timeout;
  int total_timeout;
  gboolean allow_unencrypted;
  PrCtlOutput output;
} PrCheckOptions;

static void
check_options_clear (PrCheckOptions *options)
{
  g_free (options->security);
  g_free (options->auth);
  g_free (options->username);
  g_free (options->password_file);
  g_free (options->address);
  g_free (options->ca_file);
  g_free (options->min_tls);
  pr_ctl_output_clear (&options->output);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PrCheckOptions, check_options_clear)

static gboolean
set_refused (GError **error, const char *option, const char *value, const char *accepted)
{
  g_autofree char *shown = pr_text_for_display (value, -1, 80);

  pr_set_error (error, PR_ERROR_INVALID_VALUE, option,
                _ ("%s: “%s” is not accepted. Accepted: %s."), option, shown, accepted);
  return FALSE;
}

static gboolean
parse_nick (GType type, const char *option, const char *value, int *result, GError **error)
{
  g_autofree char *accepted = NULL;

  if (value == NULL || pr_enum_from_nick (type, value, result))
    return TRUE;
  accepted = pr_enum_list_nicks (type);
  return set_refused (error, option, value, accepted);
}

/* "HOST", "HOST:PORT", "[IPv6]:PORT" or a bare IPv6 address. Port 0: none was given. */
static gboolean
parse_server (const char *text, char **host, guint16 *port, GError **error)
{
  const char *colon = strrchr (text, ':');
  const char *bracket = strrchr (text, ']');
  /* With a slash it is a URL, which is refused as a host, whole. */
  gboolean has_port = colon != NULL && strchr (text, '/') == NULL
                      && (bracket == NULL ? strchr (text, ':') == colon : colon == bracket + 1);
  g_autofree char *accepted = NULL;
  guint64 number = 0;

  if (has_port && !g_ascii_string_to_unsigned (colon + 1, 10, 1, 65535, &number, NULL))
    return set_refused (error, "port", colon + 1, _ ("a whole number from 1 to 65535"));
  *host = has_port ? g_strndup (text, (gsize) (colon - text)) : g_strdup (text);
  *port = (guint16) number;
  accepted = pr_check_host (*host);
  if (accepted == NULL)
    return TRUE;
  return set_refused (error, "HOST", *host, accepted);
}

/* What the well-known ports are for; anything else is tried with TLS at once. */
static PrSecurity
guess_security (guint16 port)
{
  return port == 110 || port == 587 || port == 25 ? PR_SECURITY_STARTTLS : PR_SECURITY_SSL;
}

static gboolean
set_limits (PrTestPlan *plan, const PrCheckOptions *options, GError **error)
{
  g_autofree char *value = NULL;

  if (options->timeout != PR_CTL_UNSET
      && (options->timeout < 1 || options->timeout > PR_TIMEOUT_MAX_S))
    {
      value = g_strdup_printf ("%d", options->timeout);
      return set_refused (error, "--timeout", value, _ ("1 to 100 seconds"));
    }
  if (options->total_timeout != PR_CTL_UNSET
      && (options->total_timeout < 1 || options->total_timeout > PR_TOTAL_TIMEOUT_MAX_S))
    {
      value = g_strdup_printf ("%d", options->total_timeout);
      return set_refused (error, "--total-timeout", value, _ ("1 to 3600 seconds"));
    }
  if (options->timeout > 0)
    plan->timeout_s = (guint) options->timeout;
  if (options->total_timeout > 0)
    plan->total_timeout_s = (guint) options->total_timeout;
  return TRUE;
}

static gboolean
set_ca (PrTestPlan *plan, const PrCheckOptions *options, GError **error)
{
  g_autofree char *reason = NULL;

  if (options->ca_file == NULL)
    return TRUE;
  if (!g_file_get_contents (options->ca_file, &plan->ca_pem, NULL, error))
    {
      g_prefix_error (error, "--ca-file: ");
      return FALSE;
    }
  if (pr_tls_check_ca (plan->ca_pem, &reason))
    return TRUE;
  return set_refused (error, "--ca-file", options->ca_file, reason);
}

static gboolean
set_account (PrTestPlan *plan, const PrCheckOptions *options, GError **error)
{
  g_autofree char *accepted = NULL;
  g_autofree char *prompt = NULL;

  if (options->address != NULL)
    {
      accepted = pr_check_address (options->address);
      if (accepted != NULL)
        return set_refused (error, "--address", options->address, accepted);
      plan->address = g_strdup (options->address);
    }
  if (options->username == NULL)
    return TRUE;
  accepted = pr_check_credential (options->username);
  if (accepted != NULL || *options->username == '\0')
    return set_refused (error, "--username", options->username,
                        accepted != NULL ? accepted : _ ("at least one character"));
  plan->username = g_strdup (options->username);
  if (plan->mechanism == PR_MECHANISM_NONE || plan->mechanism == PR_MECHANISM_GSSAPI)
    return TRUE;
  /* Refused before a password is even asked for. */
  if (plan->security == PR_SECURITY_NONE && !plan->allow_unencrypted)
    return TRUE;
  prompt = g_strdup_printf (_ ("Password of %s:"), options->username);
  plan->secret =
      pr_ctl_read_secret (options->password_file, options->password_stdin, prompt, error);
  if (plan->secret == NULL)
    return FALSE;
  accepted = pr_check_credential (pr_secret_peek (plan->secret));
  /* The value itself must not be repeated. */
  if (accepted != NULL)
    pr_set_error (error, PR_ERROR_INVALID_VALUE, "password",
                  _ ("Password: what was given is not accepted. Accepted: %s."), accepted);
  return accepted == NULL;
}

static PrTestPlan *
make_plan (PrProtocol protocol, const char *server, const PrCheckOptions *options, GError **error)
{
  g_autoptr (PrTestPlan) plan = NULL;
  g_autofree char *host = NULL;
  guint16 port;
  int security, mechanism = PR_MECHANISM_AUTO, min_tls = PR_TLS_VERSION_1_2;

  if (!parse_server (server, &host, &port, error))
    return NULL;
  security = (int) guess_security (port);
  if (!parse_nick (PR_TYPE_SECURITY, "--security", options->security, &security, error)
      || !parse_nick (PR_TYPE_MECHANISM, "--auth", options->auth, &mechanism, error)
      || !parse_nick (PR_TYPE_TLS_VERSION, "--min-tls", options->min_tls, &min_tls, error))
    return NULL;
  if (options->send && options->no_send)
    {
      pr_set_error (error, PR_ERROR_INVALID_VALUE, "--send",
                    _ ("--send and --no-send exclude each other."));
      return NULL;
    }
  if (options->send && options->address == NULL)
    {
      pr_set_error (error, PR_ERROR_INVALID_VALUE, "--address",
                    _ ("--send needs --address: the message goes from there to itself."));
      return NULL;
    }
  plan = pr_test_plan_new (protocol, host,
                           port != 0 ? port : pr_default_port (protocol, (PrSecurity) security));
  plan->security = (PrSecurity) security;
  plan->mechanism = (PrMechanism) mechanism;
  plan->min_tls = (PrTlsVersion) min_tls;
  plan->allow_unencrypted = options->allow_unencrypted;
  plan->submit = options->send ? PR_SUBMIT_MESSAGE : PR_SUBMIT_ENVELOPE;
  if (!set_limits (plan, options, error) || !set_ca (plan, options, error)
      || !set_account (plan, options, error))
    return NULL;
  return g_steal_pointer (&plan);
}

static PrReport *
run_plan (PrCtl *ctl, PrTestPlan *plan, GError **error)
{
  g_autoptr (GPtrArray) plans =
      g_ptr_array_new_with_free_func ((GDestroyNotify) pr_test_plan_unref);
  g_autoptr (GPtrArray) reports = NULL;
  g_auto (PrCtlWait) wait = { NULL };

  g_ptr_array_add (plans, pr_test_plan_ref (plan));
  pr_check_run_async (plans, ctl->cancellable, pr_ctl_ready, &wait);
  reports = pr_check_run_finish (pr_ctl_wait (&wait), error);
  return reports != NULL ? pr_report_ref (g_ptr_array_index (reports, 0)) : NULL;
}

/* Returns: the exit status. */
static int
print_report (PrCtl *ctl, const PrCtlOutput *output, PrReport *report)
{
  g_autoptr (GPtrArray) reports = g_ptr_array_new ();
  GError *error = NULL;

  g_ptr_array_add (reports, report);
  if (output->nagios)
    {
      pr_ctl_print_nagios (reports, report->elapsed_us);
      return pr_ctl_get_nagios_status (reports);
    }
  if (output->kind == PR_EXPORT_JSON && output->file == NULL)
    pr_ctl_print_json_object (output, report);
  else if (!pr_ctl_output_collects (output))
    pr_ctl_print_report (report, output->transcript);
  else if (!pr_ctl_print_reports (output, ctl, reports, &error))
    return pr_ctl_fail (error);
  return report->outcome == PR_OUTCOME_SUCCESS ? PR_CTL_OK : PR_CTL_FAILED;
}

int
pr_ctl_check (PrCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  g_auto (PrCheckOptions) options = { .timeout = PR_CTL_UNSET, .total_timeout = PR_CTL_UNSET };
  const GOptionEntry entries[] = {
    { "security", 0, 0, G_OPTION_ARG_STRING, &options.security, N_ ("ssl, starttls or none"),
      N_ ("SECURITY") },
    { "auth", 0, 0, G_OPTION_ARG_STRING, &options.auth, N_ ("How to log in (auto)"),
      N_ ("MECHANISM") },
    { "username", 0, 0, G_OPTION_ARG_STRING, &options.username,
      N_ ("Log in as; without it the check ends after the capabilities"), N_ ("NAME") },
    { "password-file", 0, 0, G_OPTION_ARG_FILENAME, &options.password_file,
      N_ ("Read the password or token from a file"), N_ ("FILE") },
    { "password-stdin", 0, 0, G_OPTION_ARG_NONE, &options.password_stdin,
      N_ ("Read the password or token from standard input"), NULL },
    { "address", 0, 0, G_OPTION_ARG_STRING, &options.address,
      N_ ("SMTP: sender and recipient of the test"), N_ ("ADDRESS") },
    { "send", 0, 0, G_OPTION_ARG_NONE, &options.send,
      N_ ("SMTP: send a message from the address to itself"), NULL },
    { "no-send", 0, 0, G_OPTION_ARG_NONE, &options.no_send,
      N_ ("SMTP: only try sender and recipient (the default)"), NULL },
    { "ca-file", 0, 0, G_OPTION_ARG_FILENAME, &options.ca_file,
      N_ ("Trust the authorities in a PEM file, too"), N_ ("PEM") },
    { "min-tls", 0, 0, G_OPTION_ARG_STRING, &options.min_tls, N_ ("1.2 (the default) or 1.3"),
      N_ ("VERSION") },
    { "timeout", 0, 0, G_OPTION_ARG_INT, &options.timeout, N_ ("Seconds for one answer (30)"),
      N_ ("SECONDS") },
    { "total-timeout", 0, 0, G_OPTION_ARG_INT, &options.total_timeout,
      N_ ("Seconds for everything (120)"), N_ ("SECONDS") },
    { "allow-unencrypted", 0, 0, G_OPTION_ARG_NONE, &options.allow_unencrypted,
      N_ ("Send the password even without encryption"), NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (PrTestPlan) plan = NULL;
  g_autoptr (PrReport) report = NULL;
  GError *error = NULL;
  int protocol;

  g_option_context_add_group (context, pr_ctl_output_get_group (&options.output));
  if (!pr_ctl_parse (ctl, context, entries, &argc, &argv, &error)
      || !pr_ctl_output_check (&options.output, ctl, &error))
    return options.output.nagios ? pr_ctl_fail_nagios (error) : pr_ctl_fail (error);
  if (argc != 3)
    return pr_ctl_usage (_ ("check needs a protocol (pop3 or smtp) and a server: check pop3 "
                            "HOST[:PORT]."));
  if (!parse_nick (PR_TYPE_PROTOCOL, "PROTOCOL", argv[1], &protocol, &error))
    return options.output.nagios ? pr_ctl_fail_nagios (error) : pr_ctl_fail (error);
  plan = make_plan ((PrProtocol) protocol, argv[2], &options, &error);
  if (plan == NULL)
    return options.output.nagios ? pr_ctl_fail_nagios (error) : pr_ctl_fail (error);
  if (plan->security == PR_SECURITY_NONE && plan->allow_unencrypted && plan->username != NULL)
    g_printerr (_ ("Warning: without encryption everybody on the way can read the password and "
                   "the messages.\n"));
  report = run_plan (ctl, plan, &error);
  if (report == NULL)
    return options.output.nagios ? pr_ctl_fail_nagios (error) : pr_ctl_fail (error);
  return print_report (ctl, &options.output, report);
}
