/* SPDX-License-Identifier: GPL-3.0-or-later */

/* From an email address to its servers: well-known providers, then what the domain itself says, by
 * HTTPS and by DNS. Everybody is asked at once, for a bounded time; only the domain is told, never
 * the address, and nothing connects to what was found (RFC 6186, RFC 8314 section 5.1). Main
 * thread. */

#include "pr-discovery.h"

#include "pr-error.h"
#include "pr-oauth-http.h"
#include "pr-providers.h"
#include "pr-report-text.h"
#include "pr-url.h"
#include "pr-validate.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define TIMEOUT_S 12
#define REDIRECTS_MAX 3

static const char *const own_urls[] = {
  "https://autoconfig.%s/mail/config-v1.1.xml",
  "https://%s/.well-known/autoconfig/mail/config-v1.1.xml",
  NULL,
};

/* In the order of preference: encrypted at once before STARTTLS. */
static const struct
{
  const char *service;
  PrDirection direction;
  PrSecurity security;
} services[] = {
  { "pop3s", PR_DIRECTION_INCOMING, PR_SECURITY_SSL },
  { "pop3", PR_DIRECTION_INCOMING, PR_SECURITY_STARTTLS },
  { "submissions", PR_DIRECTION_OUTGOING, PR_SECURITY_SSL },
  { "submission", PR_DIRECTION_OUTGOING, PR_SECURITY_STARTTLS },
};

#define N_SERVICES G_N_ELEMENTS (services)
#define MAX_URLS 4

typedef struct
{
  GTask *task; /* borrowed: a question holds it */
  guint index;
  guint n_redirects;
} PrQuestion;

typedef struct
{
  char *domain; /* in ASCII */
  PrOauthHttp *http;
  PrAutoconfig *configs[MAX_URLS];
  PrFoundServer found[N_SERVICES];
  guint n_open;
  GCancellable *inner; /* ended by the caller's, and by the clock */
  GCancellable *outer; /* (nullable) */
  gulong outer_id;
  guint timer;
} PrSearch;

static void
search_free (gpointer data)
{
  PrSearch *search = data;

  g_clear_handle_id (&search->timer, g_source_remove);
  g_cancellable_disconnect (search->outer, search->outer_id);
  g_clear_object (&search->outer);
  g_clear_object (&search->inner);
  g_clear_object (&search->http);
  for (guint i = 0; i < MAX_URLS; i++)
    g_clear_pointer (&search->configs[i], pr_autoconfig_free);
  for (guint i = 0; i < N_SERVICES; i++)
    pr_found_server_clear (&search->found[i]);
  g_free (search->domain);
  g_free (search);
}

/**
 * pr_discovery_free:
 * @self: (transfer full): what was found
 */
void
pr_discovery_free (PrDiscovery *self)
{
  pr_found_server_clear (&self->servers[0]);
  pr_found_server_clear (&self->servers[1]);
  g_free (self->domain);
  g_free (self);
}

/* --- The end ---------------------------------------------------------------------------------- */

static gboolean
is_within (const char *host, const char *domain)
{
  g_autofree char *suffix = g_strconcat (".", domain, NULL);

  return g_ascii_strcasecmp (host, domain) == 0
         || (strlen (host) > strlen (suffix)
             && g_ascii_strcasecmp (host + strlen (host) - strlen (suffix), suffix) == 0);
}

static void
take (PrDiscovery *self, guint direction, const PrFoundServer *server, PrDiscoverySource source)
{
  if (self->servers[direction].host != NULL || server->host == NULL)
    return;
  self->servers[direction] =
      (PrFoundServer){ g_strdup (server->host), server->port, server->security };
  self->sources[direction] = source;
  if (!is_within (server->host, self->domain))
    self->is_foreign = TRUE;
}

static PrDiscovery *
gather (PrSearch *search)
{
  PrDiscovery *self = g_new0 (PrDiscovery, 1);

  self->domain = g_strdup (search->domain);
  for (guint i = 0; i < MAX_URLS; i++)
    if (search->configs[i] != NULL)
      {
        PrAutoconfig *config = search->configs[i];

        if (self->servers[0].host == NULL && config->servers[0].host != NULL)
          self->is_local_part = config->is_local_part;
        take (self, 0, &config->servers[0], PR_DISCOVERY_AUTOCONFIG);
        take (self, 1, &config->servers[1], PR_DISCOVERY_AUTOCONFIG);
        self->has_other = self->has_other || config->has_other;
      }
  for (guint i = 0; i < N_SERVICES; i++)
    take (self, services[i].direction, &search->found[i], PR_DISCOVERY_DNS);
  return self;
}

static void
end_question (GTask *task)
{
  PrSearch *search = g_task_get_task_data (task);
  g_autoptr (PrDiscovery) found = NULL;

  if (--search->n_open > 0)
    return;
  if (g_task_return_error_if_cancelled (task))
    return;
  found = gather (search);
  if (found->servers[0].host != NULL || found->servers[1].host != NULL)
    g_task_return_pointer (task, g_steal_pointer (&found), (GDestroyNotify) pr_discovery_free);
  else
    g_task_return_new_error (task, PR_ERROR, PR_ERROR_NOT_FOUND,
                             found->has_other
                                 ? _ ("“%s” says where its mail is, but not of a POP3 server.")
                                 : _ ("“%s” does not say where its mail is."),
                             search->domain);
}

/* --- By HTTPS --------------------------------------------------------------------------------- */

static void ask_url (GTask *task, guint index, guint n_redirects, const char *url);

/* From one https to another only. Returns: whether it goes on there. */
static gboolean
follow (PrQuestion *question, const PrOauthAnswer *answer)
{
  if (answer->status < 301 || answer->status > 308 || answer->location == NULL
      || question->n_redirects >= REDIRECTS_MAX || !pr_url_is_safe (answer->location))
    return FALSE;
  ask_url (question->task, question->index, question->n_redirects + 1, answer->location);
  return TRUE;
}

static void
on_answer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree PrQuestion *question = user_data;
  g_autoptr (GTask) task = question->task;
  PrSearch *search = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (PrOauthAnswer) answer =
      pr_oauth_http_send_finish (PR_OAUTH_HTTP (source), result, &error);

  if (answer == NULL)
    g_debug ("autoconfig: %s", error->message);
  else if (answer->status == 200)
    search->configs[question->index] = pr_autoconfig_parse (
        pr_secret_peek (answer->body), pr_secret_get_length (answer->body), search->domain);
  else
    follow (question, answer);
  end_question (task);
}

static void
ask_url (GTask *task, guint index, guint n_redirects, const char *url)
{
  PrSearch *search = g_task_get_task_data (task);
  PrQuestion *question = g_new0 (PrQuestion, 1);

  *question = (PrQuestion){ g_object_ref (task), index, n_redirects };
  search->n_open++;
  pr_oauth_http_send_async (search->http, url, NULL, NULL, search->inner, on_answer, question);
}

static void
ask_urls (GTask *task, const char *const *urls)
{
  PrSearch *search = g_task_get_task_data (task);

  for (guint i = 0; i < MAX_URLS && urls[i] != NULL; i++)
    {
      g_auto (GStrv) parts = g_strsplit (urls[i], "%s", 2);
      g_autofree char *url = g_strjoinv (search->domain, parts);

      ask_url (task, i, 0, url);
    }
}

/* --- By DNS ----------------------------------------------------------------------------------- */

static void
on_service (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree PrQuestion *question = user_data;
  g_autoptr (GTask) task = question->task;
  PrSearch *search = g_task_get_task_data (task);
  PrFoundServer *found = &search->found[question->index];
  g_autoptr (GError) error = NULL;
  GList *targets = g_resolver_lookup_service_finish (G_RESOLVER (source), result, &error);

  /* They come in the order in which they are to be tried; one that is only a dot means that there
   * is no such service, and is no target. */
  if (targets != NULL)
    {
      GSrvTarget *target = targets->data;
      g_autofree char *host = g_strdup (g_srv_target_get_hostname (target));
      g_autofree char *refused = NULL;

      if (g_str_has_suffix (host, "."))
        host[strlen (host) - 1] = '\0';
      refused = pr_check_host (host);
      if (*host != '\0' && refused == NULL && g_srv_target_get_port (target) != 0)
        *found = (PrFoundServer){ g_steal_pointer (&host), g_srv_target_get_port (target),
                                  services[question->index].security };
    }
  g_resolver_free_targets (targets);
  end_question (task);
}

static void
ask_services (GTask *task)
{
  PrSearch *search = g_task_get_task_data (task);
  g_autoptr (GResolver) resolver = g_resolver_get_default ();

  for (guint i = 0; i < N_SERVICES; i++)
    {
      PrQuestion *question = g_new0 (PrQuestion, 1);

      *question = (PrQuestion){ g_object_ref (task), i, 0 };
      search->n_open++;
      g_resolver_lookup_service_async (resolver, services[i].service, "tcp", search->domain,
                                       search->inner, on_service, question);
    }
}

/* --- The search ------------------------------------------------------------------------------- */

static void
on_outer_cancelled (GCancellable *outer, gpointer user_data)
{
  g_cancellable_cancel (user_data);
}

/* What has answered until now counts. */
static gboolean
on_too_late (gpointer user_data)
{
  PrSearch *search = user_data;

  search->timer = 0;
  g_cancellable_cancel (search->inner);
  return G_SOURCE_REMOVE;
}

static char *
get_domain (const char *address)
{
  g_autofree char *domain = NULL;

  if (!pr_address_split (address, NULL, &domain) || *domain == '[')
    return NULL;
  return pr_host_to_ascii (domain);
}

static PrSearch *
search_new (char *domain, const PrDiscoverySettings *settings, GCancellable *cancellable)
{
  PrSearch *search = g_new0 (PrSearch, 1);
  guint timeout = settings != NULL ? settings->timeout_s : TIMEOUT_S;

  search->domain = domain;
  search->http = pr_oauth_http_new (settings != NULL ? settings->ca_pem : NULL);
  pr_oauth_http_set_accept (search->http, "application/xml, text/xml, */*;q=0.1");
  pr_oauth_http_set_timeout (search->http, timeout);
  search->inner = g_cancellable_new ();
  search->timer = g_timeout_add_seconds (timeout, on_too_late, search);
  if (cancellable != NULL)
    {
      search->outer = g_object_ref (cancellable);
      search->outer_id = g_cancellable_connect (cancellable, G_CALLBACK (on_outer_cancelled),
                                                g_object_ref (search->inner), g_object_unref);
    }
  return search;
}

/**
 * pr_discovery_new_known:
 * @address: an email address
 *
 * Returns: (transfer full) (nullable): its servers, if it belongs to a well-known provider; nobody
 *   is asked
 */
PrDiscovery *
pr_discovery_new_known (const char *address)
{
  g_autoptr (PrServerProfile) profile = pr_server_profile_new ();
  PrDiscovery *self;

  if (!pr_providers_apply_address (profile, address))
    return NULL;
  self = g_new0 (PrDiscovery, 1);
  self->domain = get_domain (address);
  for (guint i = 0; i < 2; i++)
    self->servers[i] = (PrFoundServer){
      g_strdup (pr_server_profile_get_location (profile, (PrDirection) i)),
      (guint16) pr_server_profile_get_port (profile, (PrDirection) i),
      pr_server_profile_get_security (profile, (PrDirection) i),
    };
  return self;
}

/**
 * pr_discovery_find_async:
 * @address: an email address
 * @settings: (nullable): how to look, for tests
 * @cancellable: (nullable): cancels
 * @callback: called with what was found
 * @user_data: for @callback
 *
 * Looks for the servers of an address. The domain is asked only if it is not that of a well-known
 * provider.
 */
void
pr_discovery_find_async (const char *address,
                         const PrDiscoverySettings *settings,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  PrDiscovery *known = pr_discovery_new_known (address);
  char *domain = known == NULL ? get_domain (address) : NULL;
  PrSearch *search;

  g_task_set_name (task, "pr_discovery_find");
  if (known != NULL)
    {
      g_task_return_pointer (task, known, (GDestroyNotify) pr_discovery_free);
      return;
    }
  if (domain == NULL)
    {
      g_task_return_new_error (task, PR_ERROR, PR_ERROR_NOT_FOUND,
                               _ ("“%s” has no domain that could be asked."), address);
      return;
    }
  search = search_new (domain, settings, cancellable);
  g_task_set_task_data (task, search, search_free);
  search->n_open = 1; /* not before all were asked */
  ask_urls (task, settings != NULL && settings->urls != NULL ? settings->urls : own_urls);
  ask_services (task);
  end_question (task);
}

PrDiscovery *
pr_discovery_find_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- What was found --------------------------------------------------------------------------- */

/**
 * pr_discovery_apply:
 * @self: what was found
 * @profile: a profile
 *
 * Fills in the servers, ports and encryption that were found.
 */
void
pr_discovery_apply (const PrDiscovery *self, PrServerProfile *profile)
{
  static const PrServerProfileField fields[2][3] = {
    { PR_PROFILE_INCOMING_LOCATION, PR_PROFILE_INCOMING_PORT, PR_PROFILE_INCOMING_SECURITY },
    { PR_PROFILE_OUTGOING_LOCATION, PR_PROFILE_OUTGOING_PORT, PR_PROFILE_OUTGOING_SECURITY },
  };

  for (guint i = 0; i < 2; i++)
    if (self->servers[i].host != NULL)
      {
        pr_record_set_text (PR_RECORD (profile), fields[i][0], self->servers[i].host);
        pr_record_set_number (PR_RECORD (profile), fields[i][1], self->servers[i].port);
        pr_record_set_number (PR_RECORD (profile), fields[i][2],
                              (gint64) self->servers[i].security);
      }
}

static void
add_server (GString *text, const char *label, const PrFoundServer *server)
{
  g_autofree char *host = server->host != NULL ? pr_host_to_display (server->host) : NULL;

  if (text->len > 0)
    g_string_append_c (text, '\n');
  if (host == NULL)
    g_string_append_printf (text, _ ("%s: not found"), label);
  else
    /* Translators: direction, host, port, encryption */
    g_string_append_printf (text, _ ("%s: %s, port %u, %s"), label, host, server->port,
                            pr_report_text_get_security (server->security));
}

/**
 * pr_discovery_describe:
 * @self: what was found
 *
 * Returns: (transfer full): the servers, who said so, and what to look at before they are trusted
 */
char *
pr_discovery_describe (const PrDiscovery *self)
{
  GString *text = g_string_new (NULL);

  add_server (text, _ ("Incoming"), &self->servers[PR_DIRECTION_INCOMING]);
  add_server (text, _ ("Outgoing"), &self->servers[PR_DIRECTION_OUTGOING]);
  if (self->servers[PR_DIRECTION_INCOMING].host == NULL && self->has_other)
    g_string_append_printf (text, "\n%s", _ ("The domain names no POP3 server."));
  if (self->is_local_part)
    g_string_append_printf (text, "\n%s",
                            _ ("The user name is the part of the address before the @."));
  if (self->is_foreign)
    g_string_append_printf (
        text,
        _ ("\nNot everything is below %s: make sure that these servers are the right ones "
           "before a password is typed."),
        self->domain);
  return g_string_free (text, FALSE);
}
