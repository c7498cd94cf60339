/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrEmailSettings: the table of an environment's settings and their rules. Main thread. */

#include "pr-email-settings.h"

#include <glib/gi18n-lib.h>

#define US_GOVERNMENT_PORTS "80, 443, 465, 995"
#define PORTS_MAX 1000

struct _PrEmailSettings
{
  PrRecord parent_instance;
};

G_DEFINE_FINAL_TYPE (PrEmailSettings, pr_email_settings, PR_TYPE_RECORD)

#define EDIT PR_FIELD_EDITABLE
#define BOOLEAN(NAME, LABEL, INITIAL)                                                              \
  {                                                                                                \
    NAME, LABEL, PR_FIELD_BOOLEAN, EDIT, 0, 1, INITIAL, NULL, NULL                                 \
  }
#define ENUM(NAME, LABEL, INITIAL, TYPE)                                                           \
  {                                                                                                \
    NAME, LABEL, PR_FIELD_ENUM, EDIT, 0, 0, INITIAL, TYPE, NULL                                    \
  }
#define INTEGER(NAME, LABEL, MIN, MAX, INITIAL)                                                    \
  {                                                                                                \
    NAME, LABEL, PR_FIELD_INTEGER, EDIT | PR_FIELD_REQUIRED, MIN, MAX, INITIAL, NULL, NULL         \
  }

static const PrField fields[PR_SETTINGS_N_FIELDS] = {
  [PR_SETTINGS_PROFILE_ID] = { "profile-id", N_ ("Server profile"), PR_FIELD_REFERENCE, EDIT, 0, 0,
                               0, NULL, NULL },
  [PR_SETTINGS_INCOMING] =
      ENUM ("incoming", N_ ("Incoming email"), PR_SYNC_METHOD_SERVER_SIDE, pr_sync_method_get_type),
  [PR_SETTINGS_OUTGOING] =
      ENUM ("outgoing", N_ ("Outgoing email"), PR_SYNC_METHOD_SERVER_SIDE, pr_sync_method_get_type),
  [PR_SETTINGS_ACT] = ENUM ("act",
                            N_ ("Appointments, contacts, and tasks"),
                            PR_SYNC_METHOD_NONE,
                            pr_sync_method_get_type),
  [PR_SETTINGS_APPROVED_USERS_ONLY] =
      BOOLEAN ("approved-users-only", N_ ("Process emails only for approved users"), TRUE),
  [PR_SETTINGS_APPROVED_QUEUES_ONLY] =
      BOOLEAN ("approved-queues-only", N_ ("Process emails only for approved queues"), TRUE),
  [PR_SETTINGS_ALERT_ERRORS] = BOOLEAN ("alert-errors", N_ ("Alerts for errors"), TRUE),
  [PR_SETTINGS_ALERT_WARNINGS] = BOOLEAN ("alert-warnings", N_ ("Alerts for warnings"), TRUE),
  [PR_SETTINGS_ALERT_INFORMATION] =
      BOOLEAN ("alert-information", N_ ("Alerts for information"), TRUE),
  [PR_SETTINGS_NOTIFY_OWNER] =
      BOOLEAN ("notify-owner", N_ ("Notify mailbox owner of profile-level problems"), FALSE),
  [PR_SETTINGS_KEEP_ALERTS_DAYS] =
      INTEGER ("keep-alerts-days", N_ ("Keep alerts for days"), 1, 3650, 30),
  [PR_SETTINGS_ALLOW_UNENCRYPTED] =
      BOOLEAN ("allow-unencrypted", N_ ("Allow connections without encryption"), FALSE),
  [PR_SETTINGS_ALLOW_INSECURE_CREDENTIALS] =
      BOOLEAN ("allow-insecure-credentials",
               N_ ("Allow credentials entry via non-secure channels"),
               FALSE),
  [PR_SETTINGS_MIN_TLS] =
      ENUM ("min-tls", N_ ("Minimum TLS version"), PR_TLS_VERSION_1_2, pr_tls_version_get_type),
  [PR_SETTINGS_PORT_POLICY] =
      ENUM ("port-policy", N_ ("Outbound ports"), PR_PORT_POLICY_ANY, pr_port_policy_get_type),
  [PR_SETTINGS_PORTS] = { "ports", N_ ("Allowed ports"), PR_FIELD_TEXT, EDIT, 0, PORTS_MAX, 0, NULL,
                          pr_check_port_list },
  [PR_SETTINGS_RETRY_COUNT] =
      INTEGER ("retry-count", N_ ("Tries after a temporary error"), 0, 100, 10),
  [PR_SETTINGS_RETRY_MINUTES] =
      INTEGER ("retry-minutes", N_ ("Minutes between two tries"), 1, 1440, 5),
  [PR_SETTINGS_MAX_CONVERSATIONS] =
      INTEGER ("max-conversations", N_ ("Maximum tests at one time"), 1, 1000, 64),
};

static void
pr_email_settings_check_rules (PrRecord *record, gpointer context, GPtrArray *errors)
{
  PrEmailSettings *self = PR_EMAIL_SETTINGS (record);

  if (pr_email_settings_get (self, OUTGOING) == PR_SYNC_METHOD_FORWARD)
    g_ptr_array_add (errors,
                     pr_error_new (PR_ERROR_INVALID_VALUE, "outgoing",
                                   _ ("Outgoing email: “forward” is not accepted. Accepted: none, "
                                      "server-side.")));
  if (pr_email_settings_get (self, ACT) != PR_SYNC_METHOD_NONE)
    g_ptr_array_add (
        errors,
        pr_error_new (
            PR_ERROR_INVALID_VALUE, "act",
            _ ("Appointments, contacts, and tasks: “%s” is not accepted, POP3/SMTP "
               "and Gmail profiles carry email only. Accepted: none."),
            pr_enum_to_nick (PR_TYPE_SYNC_METHOD, (int) pr_email_settings_get (self, ACT))));
  if (pr_email_settings_get (self, PORT_POLICY) == PR_PORT_POLICY_LIST
      && *pr_record_get_text (record, PR_SETTINGS_PORTS) == '\0')
    g_ptr_array_add (errors, pr_error_new (PR_ERROR_INVALID_VALUE, "ports",
                                           _ ("Allowed ports must not be empty while only ports "
                                              "of a list are allowed. Accepted: port numbers "
                                              "separated by commas, such as 465, 995.")));
}

static void
pr_email_settings_class_init (PrEmailSettingsClass *klass)
{
  PR_RECORD_CLASS (klass)->check_rules = pr_email_settings_check_rules;
  pr_record_class_set_fields (PR_RECORD_CLASS (klass), fields, PR_SETTINGS_N_FIELDS);
}

static void
pr_email_settings_init (PrEmailSettings *self)
{
}

/**
 * pr_email_settings_new:
 *
 * Returns: (transfer full): the settings of a new environment
 */
PrEmailSettings *
pr_email_settings_new (void)
{
  return g_object_new (PR_TYPE_EMAIL_SETTINGS, NULL);
}

/**
 * pr_email_settings_allows_port:
 * @self: settings
 * @port: a port
 *
 * Returns: whether the policy "outbound ports" lets connections go to @port
 */
gboolean
pr_email_settings_allows_port (PrEmailSettings *self, guint port)
{
  switch ((PrPortPolicy) pr_email_settings_get (self, PORT_POLICY))
    {
      case PR_PORT_POLICY_ANY:
        return TRUE;
      case PR_PORT_POLICY_LIST:
        return pr_port_list_contains (pr_record_get_text (PR_RECORD (self), PR_SETTINGS_PORTS),
                                      port);
      case PR_PORT_POLICY_US_GOVERNMENT:
        return pr_port_list_contains (US_GOVERNMENT_PORTS, port);
    }
  g_return_val_if_reached (FALSE);
}

/**
 * pr_email_settings_describe_ports:
 * @self: settings
 *
 * Returns: (transfer full): the ports that are allowed, such as "80, 443, 465, 995"
 */
char *
pr_email_settings_describe_ports (PrEmailSettings *self)
{
  switch ((PrPortPolicy) pr_email_settings_get (self, PORT_POLICY))
    {
      case PR_PORT_POLICY_ANY:
        return g_strdup (_ ("any"));
      case PR_PORT_POLICY_LIST:
        return g_strdup (pr_record_get_text (PR_RECORD (self), PR_SETTINGS_PORTS));
      case PR_PORT_POLICY_US_GOVERNMENT:
        return g_strdup (US_GOVERNMENT_PORTS);
    }
  g_return_val_if_reached (NULL);
}
