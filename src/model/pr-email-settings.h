/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-record.h"

G_BEGIN_DECLS

/**
 * PrEmailSettings:
 *
 * What one environment has once: the defaults of new mailboxes, the two approval gates, alerts,
 * policies, and the limits of the engine. Fields: the enumeration below.
 */
#define PR_TYPE_EMAIL_SETTINGS (pr_email_settings_get_type ())
G_DECLARE_FINAL_TYPE (PrEmailSettings, pr_email_settings, PR, EMAIL_SETTINGS, PrRecord)

/**
 * PrEmailSettingsField:
 * @PR_SETTINGS_PROFILE_ID: the default profile for new mailboxes
 * @PR_SETTINGS_MAX_CONVERSATIONS: of all profiles together
 *
 * The rows of the table, in order.
 */
typedef enum
{
  PR_SETTINGS_PROFILE_ID,
  PR_SETTINGS_INCOMING,
  PR_SETTINGS_OUTGOING,
  PR_SETTINGS_ACT,
  PR_SETTINGS_APPROVED_USERS_ONLY,
  PR_SETTINGS_APPROVED_QUEUES_ONLY,
  PR_SETTINGS_ALERT_ERRORS,
  PR_SETTINGS_ALERT_WARNINGS,
  PR_SETTINGS_ALERT_INFORMATION,
  PR_SETTINGS_NOTIFY_OWNER,
  PR_SETTINGS_KEEP_ALERTS_DAYS,
  PR_SETTINGS_ALLOW_UNENCRYPTED,
  PR_SETTINGS_ALLOW_INSECURE_CREDENTIALS,
  PR_SETTINGS_MIN_TLS,
  PR_SETTINGS_PORT_POLICY,
  PR_SETTINGS_PORTS,
  PR_SETTINGS_RETRY_COUNT,
  PR_SETTINGS_RETRY_MINUTES,
  PR_SETTINGS_MAX_CONVERSATIONS,
  PR_SETTINGS_N_FIELDS,
} PrEmailSettingsField;

PrEmailSettings *pr_email_settings_new (void);

#define pr_email_settings_get(self, FIELD)                                                         \
  pr_record_get_number (PR_RECORD (self), PR_SETTINGS_##FIELD)

gboolean pr_email_settings_allows_port (PrEmailSettings *self, guint port);
char *pr_email_settings_describe_ports (PrEmailSettings *self);

G_END_DECLS
