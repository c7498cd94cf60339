/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What can be said without a packet, in the order of docs/codes.md: each
 * reason has a code of its own. That the secret is in the keyring is checked when the test's turn
 * comes. Main thread. */

#include "pr-precheck.h"

static gboolean
needs_mailbox_credentials (PrServerProfile *profile, PrDirection direction)
{
  return pr_server_profile_get_authentication (profile, direction)
         == PR_AUTHENTICATION_USER_OR_QUEUE;
}

static PrCode
check_credentials (PrMailbox *mailbox, PrServerProfile *profile, PrDirection direction)
{
  if (needs_mailbox_credentials (profile, direction))
    {
      if (!pr_mailbox_get (mailbox, ALLOW_CREDENTIALS))
        return PR_CODE_CREDENTIALS_NOT_ALLOWED;
      if (*pr_mailbox_get_text (mailbox, USERNAME) == '\0'
          || !pr_mailbox_get (mailbox, PASSWORD_SET))
        return PR_CODE_CREDENTIALS_MISSING;
    }
  if (pr_server_profile_get_authentication (profile, direction) == PR_AUTHENTICATION_OAUTH
      && !pr_server_profile_uses_service_account (profile) && !pr_mailbox_get (mailbox, TOKEN_SET))
    return PR_CODE_OAUTH_SIGN_IN_NEEDED;
  return PR_CODE_OK;
}

/**
 * pr_precheck_profile:
 * @profile: a profile
 * @settings: the environment's policies
 * @direction: which of its servers
 *
 * Returns: %PR_CODE_OK, or why @profile cannot be tested
 */
PrCode
pr_precheck_profile (PrServerProfile *profile, PrEmailSettings *settings, PrDirection direction)
{
  g_autoptr (GPtrArray) errors = NULL;
  PrAuthentication authentication = pr_server_profile_get_authentication (profile, direction);

  if (!pr_server_profile_get (profile, ACTIVE))
    return PR_CODE_PROFILE_INACTIVE;
  errors = pr_record_check (PR_RECORD (profile), NULL);
  if (errors->len > 0)
    return PR_CODE_PROFILE_INVALID;
  if (!pr_email_settings_allows_port (settings, pr_server_profile_get_port (profile, direction)))
    return PR_CODE_POLICY_PORT;
  if (pr_server_profile_get_security (profile, direction) == PR_SECURITY_NONE
      && !pr_email_settings_get (settings, ALLOW_UNENCRYPTED))
    return PR_CODE_POLICY_ENCRYPTION;
  if (authentication == PR_AUTHENTICATION_PROFILE
      && (*pr_server_profile_get_username (profile, direction) == '\0'
          || !pr_server_profile_is_password_set (profile, direction)))
    return PR_CODE_CREDENTIALS_MISSING;
  return PR_CODE_OK;
}

/* By direction; 0: not looked at yet. */
typedef struct
{
  guint code_plus_1[PR_N_DIRECTIONS];
} PrKnownProfile;

/**
 * pr_precheck_memory_new:
 *
 * Returns: (transfer full): what pr_precheck_mailbox() may remember of profiles that do not change
 */
GHashTable *
pr_precheck_memory_new (void)
{
  return g_hash_table_new_full (NULL, NULL, g_object_unref, g_free);
}

/* Thousands of mailboxes have the same profile. */
static PrCode
check_profile_once (PrServerProfile *profile,
                    PrEmailSettings *settings,
                    PrDirection direction,
                    GHashTable *known)
{
  PrKnownProfile *entry = g_hash_table_lookup (known, profile);

  if (entry == NULL)
    {
      entry = g_new0 (PrKnownProfile, 1);
      g_hash_table_insert (known, g_object_ref (profile), entry);
    }
  if (entry->code_plus_1[direction] == 0)
    entry->code_plus_1[direction] = 1 + (guint) pr_precheck_profile (profile, settings, direction);
  return (PrCode) (entry->code_plus_1[direction] - 1);
}

/**
 * pr_precheck_mailbox:
 * @mailbox: a mailbox
 * @profile: (nullable): its profile
 * @settings: the environment's gates and policies
 * @direction: which direction is to be tested
 * @read_only: whether the result could not be written
 * @known: (nullable): what earlier calls found out about profiles, from pr_precheck_memory_new();
 * to be thrown away when a profile or @settings change
 *
 * Returns: %PR_CODE_OK, or why @mailbox cannot be tested
 */
PrCode
pr_precheck_mailbox (PrMailbox *mailbox,
                     PrServerProfile *profile,
                     PrEmailSettings *settings,
                     PrDirection direction,
                     gboolean read_only,
                     GHashTable *known)
{
  PrCode code;

  if (read_only)
    return PR_CODE_DATABASE_READ_ONLY;
  if (!pr_mailbox_get (mailbox, ACTIVE))
    return PR_CODE_MAILBOX_INACTIVE;
  if (profile == NULL)
    return PR_CODE_MAILBOX_NO_PROFILE;
  if (!pr_server_profile_get (profile, ACTIVE))
    return PR_CODE_PROFILE_INACTIVE;
  if (pr_mailbox_get_method (mailbox, direction) == PR_SYNC_METHOD_NONE
      || pr_mailbox_is_forwarded (mailbox, direction))
    return PR_CODE_MAILBOX_DIRECTION_NONE;
  if (!pr_address_split (pr_mailbox_get_text (mailbox, ADDRESS), NULL, NULL))
    return PR_CODE_MAILBOX_ADDRESS_INVALID;
  if (pr_mailbox_needs_approval (mailbox, settings))
    return PR_CODE_ADDRESS_NOT_APPROVED;
  code = known != NULL ? check_profile_once (profile, settings, direction, known)
                       : pr_precheck_profile (profile, settings, direction);
  if (code != PR_CODE_OK)
    return code;
  return check_credentials (mailbox, profile, direction);
}
