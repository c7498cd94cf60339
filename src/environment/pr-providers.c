/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Well-known providers, from data/providers.json: a provider is an entry there, never code. Main
 * thread. */

#include "pr-providers.h"

#include "pr-environment-resources.h"

#include <string.h>

#define RESOURCE "/io/github/postroom/providers.json"

/**
 * pr_providers_get_root:
 *
 * Returns: (transfer none): all of data/providers.json
 */
JsonObject *
pr_providers_get_root (void)
{
  static JsonNode *root = NULL;

  if (root == NULL)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) bytes = g_resource_lookup_data (pr_environment_get_resource (), RESOURCE,
                                                         G_RESOURCE_LOOKUP_FLAGS_NONE, &error);

      /* Built in: if it cannot be read, the build is wrong. */
      g_assert_no_error (error);
      root = json_from_string (g_bytes_get_data (bytes, NULL), &error);
      g_assert_no_error (error);
    }
  return json_node_get_object (root);
}

static JsonArray *
get_providers (void)
{
  return json_object_get_array_member (pr_providers_get_root (), "providers");
}

static void
apply_server (PrServerProfile *profile,
              JsonObject *server,
              PrServerProfileField location,
              PrServerProfileField port,
              PrServerProfileField security)
{
  int value = PR_SECURITY_SSL;

  pr_enum_from_nick (PR_TYPE_SECURITY, json_object_get_string_member (server, "security"), &value);
  pr_record_set_text (PR_RECORD (profile), location,
                      json_object_get_string_member (server, "host"));
  pr_record_set_number (PR_RECORD (profile), port, json_object_get_int_member (server, "port"));
  pr_record_set_number (PR_RECORD (profile), security, value);
}

static void
apply_provider (PrServerProfile *profile, JsonObject *provider)
{
  int type = PR_SERVER_TYPE_POP3_SMTP;

  pr_enum_from_nick (PR_TYPE_SERVER_TYPE, json_object_get_string_member (provider, "server_type"),
                     &type);
  pr_record_set_number (PR_RECORD (profile), PR_PROFILE_SERVER_TYPE, type);
  apply_server (profile, json_object_get_object_member (provider, "incoming"),
                PR_PROFILE_INCOMING_LOCATION, PR_PROFILE_INCOMING_PORT,
                PR_PROFILE_INCOMING_SECURITY);
  apply_server (profile, json_object_get_object_member (provider, "outgoing"),
                PR_PROFILE_OUTGOING_LOCATION, PR_PROFILE_OUTGOING_PORT,
                PR_PROFILE_OUTGOING_SECURITY);
}

/**
 * pr_providers_apply_type:
 * @profile: a profile
 * @type: its server type
 *
 * Fills in the servers, ports and encryption that belong to @type.
 *
 * Returns: whether there is a preset for it
 */
gboolean
pr_providers_apply_type (PrServerProfile *profile, PrServerType type)
{
  JsonArray *providers = get_providers ();

  if (type == PR_SERVER_TYPE_POP3_SMTP)
    return FALSE;
  for (guint i = 0; i < json_array_get_length (providers); i++)
    {
      JsonObject *provider = json_array_get_object_element (providers, i);

      if (g_str_equal (json_object_get_string_member (provider, "server_type"),
                       pr_enum_to_nick (PR_TYPE_SERVER_TYPE, (int) type)))
        {
          apply_provider (profile, provider);
          return TRUE;
        }
    }
  return FALSE;
}

static gboolean
serves_domain (JsonObject *provider, const char *domain)
{
  JsonArray *domains = json_object_get_array_member (provider, "domains");

  for (guint i = 0; i < json_array_get_length (domains); i++)
    if (g_ascii_strcasecmp (json_array_get_string_element (domains, i), domain) == 0)
      return TRUE;
  return FALSE;
}

/**
 * pr_providers_apply_address:
 * @profile: a profile
 * @address: an email address of the provider's
 *
 * Fills in the servers, ports and encryption of a well-known provider.
 *
 * Returns: whether the address's domain is one of theirs
 */
gboolean
pr_providers_apply_address (PrServerProfile *profile, const char *address)
{
  JsonArray *providers = get_providers ();
  const char *at = strrchr (address, '@');

  for (guint i = 0; at != NULL && i < json_array_get_length (providers); i++)
    {
      JsonObject *provider = json_array_get_object_element (providers, i);

      if (serves_domain (provider, at + 1))
        {
          apply_provider (profile, provider);
          return TRUE;
        }
    }
  return FALSE;
}

static gboolean
has_host (JsonObject *provider, const char *side, const char *host)
{
  JsonObject *server = json_object_get_object_member (provider, side);

  return g_ascii_strcasecmp (json_object_get_string_member (server, "host"), host) == 0;
}

static gboolean
has_word (JsonObject *provider, const char *list, const char *word)
{
  JsonArray *array = json_object_get_array_member (provider, list);

  for (guint i = 0; i < json_array_get_length (array); i++)
    if (g_str_equal (json_array_get_string_element (array, i), word))
      return TRUE;
  return FALSE;
}

/* What is worth saying when a log-in was refused. */
static char **
list_notes (JsonObject *provider, PrDirection direction)
{
  JsonArray *notes = json_object_get_array_member (provider, "notes");
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  if (!has_word (provider, "authentication", "password"))
    g_strv_builder_add (builder, has_word (provider, "authentication", "app-password")
                                     ? "app-password-only"
                                     : "oauth-only");
  if (g_strcmp0 (json_object_get_string_member_with_default (provider, "username", NULL),
                 "local-part")
      == 0)
    g_strv_builder_add (builder, "local-part");
  for (guint i = 0; i < json_array_get_length (notes); i++)
    {
      const char *note = json_array_get_string_element (notes, i);

      if (direction == PR_DIRECTION_INCOMING || !g_str_equal (note, "pop-must-be-enabled"))
        g_strv_builder_add (builder, note);
    }
  return g_strv_builder_end (builder);
}

/**
 * pr_providers_list_notes:
 * @host: a server
 * @direction: what it is there for
 * @name: (out) (transfer full) (optional): the provider's name
 *
 * Returns: (transfer full) (nullable): ids of what should be known of the provider that @host
 *   belongs to; %NULL if it is none of the well-known ones
 */
char **
pr_providers_list_notes (const char *host, PrDirection direction, char **name)
{
  JsonArray *providers = get_providers ();
  const char *side = pr_enum_to_nick (PR_TYPE_DIRECTION, (int) direction);

  for (guint i = 0; i < json_array_get_length (providers); i++)
    {
      JsonObject *provider = json_array_get_object_element (providers, i);

      if (!has_host (provider, side, host))
        continue;
      if (name != NULL)
        *name = g_strdup (json_object_get_string_member (provider, "name"));
      return list_notes (provider, direction);
    }
  return NULL;
}

static gboolean
has_server (JsonObject *provider, PrServerProfile *profile, PrDirection direction)
{
  JsonObject *server = json_object_get_object_member (
      provider, pr_enum_to_nick (PR_TYPE_DIRECTION, (int) direction));

  return g_ascii_strcasecmp (json_object_get_string_member (server, "host"),
                             pr_server_profile_get_location (profile, direction))
         == 0;
}

/**
 * pr_providers_find_oauth:
 * @profile: a profile
 *
 * Returns: (transfer none) (nullable): the id of the sign-in service that belongs to its servers
 */
const char *
pr_providers_find_oauth (PrServerProfile *profile)
{
  JsonArray *providers = get_providers ();

  for (guint i = 0; i < json_array_get_length (providers); i++)
    {
      JsonObject *provider = json_array_get_object_element (providers, i);

      if (has_server (provider, profile, PR_DIRECTION_INCOMING)
          || has_server (provider, profile, PR_DIRECTION_OUTGOING))
        return json_object_get_string_member_with_default (provider, "oauth", NULL);
    }
  return NULL;
}
