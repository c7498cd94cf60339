/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The file in which a domain says where its mail is (config-v1.1.xml, an Internet draft). It comes
 * from the network: it is bounded, may not define anything of its own, and servers that want no
 * encryption, or have impossible names or ports, are not seen. Any thread. */

#include "pr-autoconfig.h"

#include "pr-validate.h"

#include <string.h>

#define LENGTH_MAX (64 * 1024)
#define VALUE_MAX 1024

/* A server as it is being read. */
typedef struct
{
  gboolean is_wanted; /* one of the two protocols */
  PrDirection direction;
  char *host;
  char *username;
  guint64 port;
  int security; /* -1: none that would do */
} PrReading;

typedef struct
{
  PrAutoconfig *config;
  const char *domain;
  gboolean in_provider;
  PrReading server;
  gboolean in_server;
  GString *value;
} PrAutoconfigParser;

void
pr_found_server_clear (PrFoundServer *self)
{
  g_clear_pointer (&self->host, g_free);
}

void
pr_autoconfig_free (PrAutoconfig *self)
{
  pr_found_server_clear (&self->servers[0]);
  pr_found_server_clear (&self->servers[1]);
  g_free (self);
}

static void
reading_clear (PrReading *server)
{
  g_clear_pointer (&server->host, g_free);
  g_clear_pointer (&server->username, g_free);
  *server = (PrReading){ FALSE, PR_DIRECTION_INCOMING, NULL, NULL, 0, -1 };
}

static void
begin_server (PrAutoconfigParser *self,
              const char *element,
              const char **names,
              const char **values)
{
  gboolean incoming = g_str_equal (element, "incomingServer");
  const char *type = "";

  for (guint i = 0; names[i] != NULL; i++)
    if (g_str_equal (names[i], "type"))
      type = values[i];
  reading_clear (&self->server);
  self->in_server = TRUE;
  self->server.direction = incoming ? PR_DIRECTION_INCOMING : PR_DIRECTION_OUTGOING;
  self->server.is_wanted = g_ascii_strcasecmp (type, incoming ? "pop3" : "smtp") == 0;
  if (incoming && !self->server.is_wanted)
    self->config->has_other = TRUE;
}

static void
on_start (GMarkupParseContext *context,
          const char *element,
          const char **names,
          const char **values,
          gpointer user_data,
          GError **error)
{
  PrAutoconfigParser *self = user_data;

  g_string_truncate (self->value, 0);
  if (g_str_equal (element, "emailProvider"))
    self->in_provider = TRUE;
  else if (self->in_provider && !self->in_server
           && (g_str_equal (element, "incomingServer") || g_str_equal (element, "outgoingServer")))
    begin_server (self, element, names, values);
}

/* The first that encrypts at once, else the first (RFC 8314 section 5.1). */
static void
take_server (PrAutoconfigParser *self)
{
  PrReading *server = &self->server;
  PrFoundServer *found = &self->config->servers[server->direction];
  g_autofree char *refused = server->host != NULL ? pr_check_host (server->host) : g_strdup ("");

  if (!server->is_wanted || server->security < 0 || refused != NULL || server->port == 0
      || server->port > G_MAXUINT16)
    return;
  if (found->host != NULL
      && (found->security == PR_SECURITY_SSL || server->security != PR_SECURITY_SSL))
    return;
  g_free (found->host);
  found->host = g_steal_pointer (&server->host);
  found->port = (guint16) server->port;
  found->security = (PrSecurity) server->security;
  if (server->direction == PR_DIRECTION_INCOMING)
    self->config->is_local_part = g_strcmp0 (server->username, "%EMAILLOCALPART%") == 0;
}

static void
set_security (PrReading *server, const char *value)
{
  if (g_ascii_strcasecmp (value, "SSL") == 0)
    server->security = PR_SECURITY_SSL;
  else if (g_ascii_strcasecmp (value, "STARTTLS") == 0)
    server->security = PR_SECURITY_STARTTLS;
  else
    server->security = -1;
}

static void
set_host (PrAutoconfigParser *self, const char *value)
{
  g_autoptr (GString) host = g_string_new (value);

  g_string_replace (host, "%EMAILDOMAIN%", self->domain, 0);
  g_free (self->server.host);
  self->server.host = g_strdup (host->str);
}

static void
on_end (GMarkupParseContext *context, const char *element, gpointer user_data, GError **error)
{
  PrAutoconfigParser *self = user_data;
  char *value = g_strstrip (self->value->str);

  if (g_str_equal (element, "emailProvider"))
    self->in_provider = FALSE;
  if (!self->in_server)
    return;
  if (g_str_equal (element, "incomingServer") || g_str_equal (element, "outgoingServer"))
    {
      take_server (self);
      self->in_server = FALSE;
    }
  else if (g_str_equal (element, "hostname"))
    set_host (self, value);
  else if (g_str_equal (element, "port"))
    {
      if (!g_ascii_string_to_unsigned (value, 10, 1, G_MAXUINT16, &self->server.port, NULL))
        self->server.port = 0;
    }
  else if (g_str_equal (element, "socketType"))
    set_security (&self->server, value);
  else if (g_str_equal (element, "username"))
    {
      g_free (self->server.username);
      self->server.username = g_strdup (value);
    }
  g_string_truncate (self->value, 0);
}

static void
on_text (GMarkupParseContext *context,
         const char *text,
         gsize length,
         gpointer user_data,
         GError **error)
{
  PrAutoconfigParser *self = user_data;

  if (self->value->len + length <= VALUE_MAX)
    g_string_append_len (self->value, text, (gssize) length);
}

/* Definitions are how a small file becomes an endless one. */
static void
on_passthrough (GMarkupParseContext *context,
                const char *text,
                gsize length,
                gpointer user_data,
                GError **error)
{
  if (length >= 3 && g_str_has_prefix (text, "<!") && text[2] != '-')
    g_set_error_literal (error, G_MARKUP_ERROR, G_MARKUP_ERROR_INVALID_CONTENT,
                         "definitions are not allowed");
}

/**
 * pr_autoconfig_parse:
 * @text: what came from the network
 * @length: its length
 * @domain: whose file it is
 *
 * Returns: (transfer full) (nullable): what it says; %NULL if it cannot be read
 */
PrAutoconfig *
pr_autoconfig_parse (const char *text, gsize length, const char *domain)
{
  static const GMarkupParser parser = { on_start, on_end, on_text, on_passthrough, NULL };
  g_autoptr (PrAutoconfig) config = g_new0 (PrAutoconfig, 1);
  g_autoptr (GString) value = g_string_new (NULL);
  PrAutoconfigParser self = { config, domain, FALSE, { 0 }, FALSE, value };
  g_autoptr (GMarkupParseContext) context = NULL;
  gboolean read;

  if (length > LENGTH_MAX)
    return NULL;
  context = g_markup_parse_context_new (&parser, G_MARKUP_TREAT_CDATA_AS_TEXT, &self, NULL);
  read = g_markup_parse_context_parse (context, text, (gssize) length, NULL)
         && g_markup_parse_context_end_parse (context, NULL);
  reading_clear (&self.server);
  return read ? g_steal_pointer (&config) : NULL;
}
