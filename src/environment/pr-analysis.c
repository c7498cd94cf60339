/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrAnalysis: the form of the Connectivity Analyzer as a table of fields with their rules. Main
 * thread. */

#include "pr-analysis.h"

#include "pr-environment-private.h"

#include <glib/gi18n-lib.h>

struct _PrAnalysis
{
  PrRecord parent_instance;
};

G_DEFINE_FINAL_TYPE (PrAnalysis, pr_analysis, PR_TYPE_RECORD)

#define EDIT PR_FIELD_EDITABLE
#define CA_MAX (64 * 1024)

static const PrField fields[PR_ANALYSIS_N_FIELDS] = {
  [PR_ANALYSIS_PROTOCOL] = { "protocol", N_ ("Protocol"), PR_FIELD_ENUM, EDIT, 0, 0,
                             PR_PROTOCOL_POP3, pr_protocol_get_type, NULL },
  [PR_ANALYSIS_HOST] = { "host", N_ ("Server"), PR_FIELD_TEXT, EDIT | PR_FIELD_REQUIRED, 1,
                         PR_HOST_MAX_LENGTH, 0, NULL, pr_check_host },
  [PR_ANALYSIS_SECURITY] = { "security", N_ ("Use SSL"), PR_FIELD_ENUM, EDIT, 0, 0, PR_SECURITY_SSL,
                             pr_security_get_type, NULL },
  [PR_ANALYSIS_PORT] = { "port", N_ ("Port"), PR_FIELD_INTEGER, EDIT, 1, 65535, 0, NULL, NULL },
  [PR_ANALYSIS_MECHANISM] = { "mechanism", N_ ("Authentication protocol"), PR_FIELD_ENUM, EDIT, 0,
                              0, PR_MECHANISM_AUTO, pr_mechanism_get_type, NULL },
  [PR_ANALYSIS_USERNAME] = { "username", N_ ("User name"), PR_FIELD_TEXT, EDIT, 0, 250, 0, NULL,
                             pr_check_credential },
  [PR_ANALYSIS_ADDRESS] = { "address", N_ ("Email address"), PR_FIELD_TEXT, EDIT, 0,
                            PR_ADDRESS_MAX_LENGTH, 0, NULL, pr_check_address },
  [PR_ANALYSIS_SUBMIT] = { "submit", N_ ("Outgoing test"), PR_FIELD_ENUM, EDIT, 0, 0,
                           PR_SUBMIT_ENVELOPE, pr_submit_get_type, NULL },
  [PR_ANALYSIS_MIN_TLS] = { "min-tls", N_ ("Minimum TLS version"), PR_FIELD_ENUM, EDIT, 0, 0,
                            PR_TLS_VERSION_1_2, pr_tls_version_get_type, NULL },
  [PR_ANALYSIS_TIMEOUT] = { "timeout", N_ ("Timeout in seconds"), PR_FIELD_INTEGER,
                            EDIT | PR_FIELD_REQUIRED, 1, PR_TIMEOUT_MAX_S, PR_TIMEOUT_DEFAULT_S,
                            NULL, NULL },
  [PR_ANALYSIS_CA_CERTIFICATE] = { "ca-certificate", N_ ("Trusted certificate authority"),
                                   PR_FIELD_TEXT, EDIT | PR_FIELD_MULTILINE, 0, CA_MAX, 0, NULL,
                                   NULL },
};

static void
add (GPtrArray *errors, PrError code, const char *field, const char *message)
{
  g_ptr_array_add (errors, pr_error_new (code, field, "%s", message));
}

static void
check_port (PrAnalysis *self, PrEmailSettings *settings, GPtrArray *errors)
{
  g_autofree char *allowed = NULL;

  if (pr_email_settings_allows_port (settings, pr_analysis_get_port (self)))
    return;
  allowed = pr_email_settings_describe_ports (settings);
  g_ptr_array_add (
      errors,
      pr_error_new (PR_ERROR_POLICY, "port",
                    _ ("Port: “%u” is refused by the policy “outbound ports”. Accepted: %s."),
                    pr_analysis_get_port (self), allowed));
}

static void
check_mechanism (PrAnalysis *self, GPtrArray *errors)
{
  PrMechanism mechanism = (PrMechanism) pr_analysis_get (self, MECHANISM);

  if (pr_analysis_get (self, PROTOCOL) == PR_PROTOCOL_SMTP
      && (mechanism == PR_MECHANISM_USER || mechanism == PR_MECHANISM_APOP))
    add (
        errors, PR_ERROR_INVALID_VALUE, "mechanism",
        _ ("Authentication protocol: USER/PASS and APOP exist in POP3 only. Accepted: auto detect, "
           "or a protocol of SMTP."));
}

static void
pr_analysis_check_rules (PrRecord *record, gpointer context, GPtrArray *errors)
{
  PrAnalysis *self = PR_ANALYSIS (record);

  check_mechanism (self, errors);
  if (pr_analysis_get (self, PROTOCOL) == PR_PROTOCOL_SMTP
      && pr_analysis_get (self, SUBMIT) == PR_SUBMIT_MESSAGE
      && *pr_analysis_get_text (self, ADDRESS) == '\0')
    add (errors, PR_ERROR_INVALID_VALUE, "address",
         _ ("Email address must not be empty: the message goes from there to itself. Accepted: an "
            "email address."));
  pr_environment_check_ca (pr_analysis_get_text (self, CA_CERTIFICATE), errors);
  if (context != NULL)
    check_port (self, context, errors);
}

static void
pr_analysis_class_init (PrAnalysisClass *klass)
{
  PR_RECORD_CLASS (klass)->check_rules = pr_analysis_check_rules;
  pr_record_class_set_fields (PR_RECORD_CLASS (klass), fields, PR_ANALYSIS_N_FIELDS);
}

static void
pr_analysis_init (PrAnalysis *self)
{
}

PrAnalysis *
pr_analysis_new (void)
{
  return g_object_new (PR_TYPE_ANALYSIS, NULL);
}

/**
 * pr_analysis_get_port:
 * @self: an analysis
 *
 * Returns: the port that is set, else the one that belongs to its protocol and security
 */
guint16
pr_analysis_get_port (PrAnalysis *self)
{
  gint64 port = pr_analysis_get (self, PORT);

  if (port > 0 && port <= G_MAXUINT16)
    return (guint16) port;
  return pr_default_port ((PrProtocol) pr_analysis_get (self, PROTOCOL),
                          (PrSecurity) pr_analysis_get (self, SECURITY));
}

/**
 * pr_analysis_needs_secret:
 * @self: an analysis
 *
 * Returns: whether it logs in with a password or a token
 */
gboolean
pr_analysis_needs_secret (PrAnalysis *self)
{
  PrMechanism mechanism = (PrMechanism) pr_analysis_get (self, MECHANISM);

  return *pr_analysis_get_text (self, USERNAME) != '\0' && mechanism != PR_MECHANISM_GSSAPI
         && mechanism != PR_MECHANISM_NONE;
}

/**
 * pr_analysis_make_plan:
 * @self: an analysis without errors
 * @settings: the policies that hold
 * @secret: (nullable): password or token
 *
 * Returns: (transfer full): what a conversation needs to know
 */
PrTestPlan *
pr_analysis_make_plan (PrAnalysis *self, PrEmailSettings *settings, PrSecret *secret)
{
  PrProtocol protocol = (PrProtocol) pr_analysis_get (self, PROTOCOL);
  PrTestPlan *plan =
      pr_test_plan_new (protocol, pr_analysis_get_text (self, HOST), pr_analysis_get_port (self));
  const char *username = pr_analysis_get_text (self, USERNAME);
  const char *address = pr_analysis_get_text (self, ADDRESS);
  const char *pem = pr_analysis_get_text (self, CA_CERTIFICATE);

  plan->security = (PrSecurity) pr_analysis_get (self, SECURITY);
  plan->min_tls = (PrTlsVersion) MAX (pr_analysis_get (self, MIN_TLS),
                                      pr_email_settings_get (settings, MIN_TLS));
  plan->allow_unencrypted = pr_email_settings_get (settings, ALLOW_UNENCRYPTED) != 0;
  plan->mechanism = (PrMechanism) pr_analysis_get (self, MECHANISM);
  plan->timeout_s = (guint) pr_analysis_get (self, TIMEOUT);
  plan->submit = PR_SUBMIT_NONE;
  if (*pem != '\0')
    plan->ca_pem = g_strdup (pem);
  if (*username != '\0')
    plan->username = g_strdup (username);
  if (*username != '\0' && secret != NULL)
    plan->secret = pr_secret_ref (secret);
  if (*address != '\0')
    plan->address = g_strdup (address);
  if (protocol == PR_PROTOCOL_SMTP && *address != '\0')
    plan->submit = (PrSubmit) pr_analysis_get (self, SUBMIT);
  return plan;
}
