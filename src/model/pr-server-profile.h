/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-email-settings.h"

G_BEGIN_DECLS

/**
 * PrServerProfile:
 *
 * Connection settings for one email system, shared by many mailboxes. Secrets are not in it:
 * only whether they are set.
 */
#define PR_TYPE_SERVER_PROFILE (pr_server_profile_get_type ())
G_DECLARE_FINAL_TYPE (PrServerProfile, pr_server_profile, PR, SERVER_PROFILE, PrRecord)

/**
 * PrServerProfileField:
 * @PR_PROFILE_IS_DEFAULT: whether new mailboxes get this profile; kept in the settings, so at
 *   most one profile can be
 * @PR_PROFILE_OAUTH_CLIENT_ID: of the admin's own registration; the address of a service account
 *   where that signs in for every mailbox
 * @PR_PROFILE_OAUTH_SECRET_SET: whether the keyring has the client secret, or the key of the
 *   service account
 * @PR_PROFILE_OAUTH_PROVIDER: id of a sign-in service in data/providers.json, or "other"; empty:
 *   the one that belongs to the servers
 *
 * The rows of the table, in order.
 */
typedef enum
{
  PR_PROFILE_NAME,
  PR_PROFILE_DESCRIPTION,
  PR_PROFILE_SERVER_TYPE,
  PR_PROFILE_OWNER_NAME,
  PR_PROFILE_OWNER_EMAIL,
  PR_PROFILE_INCOMING_LOCATION,
  PR_PROFILE_OUTGOING_LOCATION,
  PR_PROFILE_INCOMING_PORT,
  PR_PROFILE_OUTGOING_PORT,
  PR_PROFILE_INCOMING_SECURITY,
  PR_PROFILE_OUTGOING_SECURITY,
  PR_PROFILE_SAME_SETTINGS,
  PR_PROFILE_INCOMING_AUTHENTICATION,
  PR_PROFILE_OUTGOING_AUTHENTICATION,
  PR_PROFILE_INCOMING_USERNAME,
  PR_PROFILE_OUTGOING_USERNAME,
  PR_PROFILE_INCOMING_PASSWORD_SET,
  PR_PROFILE_OUTGOING_PASSWORD_SET,
  PR_PROFILE_OAUTH_CLIENT_ID,
  PR_PROFILE_OAUTH_SECRET_SET,
  PR_PROFILE_OAUTH_PROVIDER,
  PR_PROFILE_OAUTH_TENANT,
  PR_PROFILE_OAUTH_ISSUER,
  PR_PROFILE_OAUTH_AUTHORIZATION_URL,
  PR_PROFILE_OAUTH_TOKEN_URL,
  PR_PROFILE_OAUTH_SCOPE,
  PR_PROFILE_INCOMING_MECHANISM,
  PR_PROFILE_OUTGOING_MECHANISM,
  PR_PROFILE_PROCESS_FROM,
  PR_PROFILE_POLLING_INTERVAL,
  PR_PROFILE_MAX_CONNECTIONS,
  PR_PROFILE_TIMEOUT,
  PR_PROFILE_CA_CERTIFICATE,
  PR_PROFILE_INCOMING_PIN,
  PR_PROFILE_OUTGOING_PIN,
  PR_PROFILE_INCOMING_PIN_REASON,
  PR_PROFILE_OUTGOING_PIN_REASON,
  PR_PROFILE_INCOMING_PINNED_AT,
  PR_PROFILE_OUTGOING_PINNED_AT,
  PR_PROFILE_ACTIVE,
  PR_PROFILE_IS_DEFAULT,
  PR_PROFILE_N_FIELDS,
} PrServerProfileField;

PrServerProfile *pr_server_profile_new (void);

#define pr_server_profile_get(self, FIELD)                                                         \
  pr_record_get_number (PR_RECORD (self), PR_PROFILE_##FIELD)
#define pr_server_profile_get_text(self, FIELD)                                                    \
  pr_record_get_text (PR_RECORD (self), PR_PROFILE_##FIELD)

const char *pr_server_profile_get_location (PrServerProfile *self, PrDirection direction);
guint16 pr_server_profile_get_port (PrServerProfile *self, PrDirection direction);
PrSecurity pr_server_profile_get_security (PrServerProfile *self, PrDirection direction);
PrAuthentication
pr_server_profile_get_authentication (PrServerProfile *self, PrDirection direction);
PrMechanism pr_server_profile_get_mechanism (PrServerProfile *self, PrDirection direction);
const char *pr_server_profile_get_username (PrServerProfile *self, PrDirection direction);
PrDirection
pr_server_profile_get_credentials_direction (PrServerProfile *self, PrDirection direction);
gboolean pr_server_profile_uses (PrServerProfile *self, PrAuthentication authentication);
gboolean pr_server_profile_uses_service_account (PrServerProfile *self);
gboolean pr_server_profile_is_password_set (PrServerProfile *self, PrDirection direction);

void pr_server_profile_fill_in (PrServerProfile *self);

/**
 * PrFieldWarning:
 * @field: name of the field that it is about
 * @text: what a person should know, translated
 */
typedef struct
{
  const char *field;
  char *text;
} PrFieldWarning;

GPtrArray *pr_server_profile_list_warnings (PrServerProfile *self);
gboolean pr_server_profile_may_enter_credentials (PrServerProfile *self,
                                                  PrDirection direction,
                                                  PrEmailSettings *settings,
                                                  GError **error);

G_END_DECLS
