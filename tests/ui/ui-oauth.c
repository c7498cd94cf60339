/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Signing in with the window, with a sign-in service and a browser that the test is itself. */

#include "ui-oauth.h"

#include "pr-browser.h"
#include "ui-harness.h"

#include <libsoup/soup.h>

static gboolean
has_result (gpointer data)
{
  return *(gpointer *) data != NULL;
}

static void
on_ready (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
on_page (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GBytes) page = soup_session_send_and_read_finish (SOUP_SESSION (source), result, NULL);

  g_assert_nonnull (page);
}

/* The person has answered the provider's page with @answer. */
void
ui_oauth_come_back (UiOauth *self, const char *answer)
{
  g_autoptr (GUri) uri = g_uri_parse (self->url, G_URI_FLAGS_ENCODED, NULL);
  g_autoptr (GHashTable) query = soup_form_decode (g_uri_get_query (uri));
  g_autofree char *back =
      g_strdup_printf ("%s?%s&state=%s", (char *) g_hash_table_lookup (query, "redirect_uri"),
                       answer, (char *) g_hash_table_lookup (query, "state"));
  g_autoptr (SoupMessage) message = soup_message_new ("GET", back);

  soup_session_send_and_read_async (self->session, message, G_PRIORITY_DEFAULT, NULL, on_page,
                                    NULL);
}

static void
open_url (const char *url, gpointer user_data)
{
  UiOauth *self = user_data;

  g_free (self->url);
  self->url = g_strdup (url);
  self->n_opened++;
  if (self->answer != NULL)
    ui_oauth_come_back (self, self->answer);
}

UiOauth *
ui_oauth_new (void)
{
  UiOauth *self = g_new0 (UiOauth, 1);

  self->endpoint = test_endpoint_new ();
  self->session = soup_session_new ();
  self->answer = "code=c0de";
  pr_browser_set_opener (open_url, self);
  return self;
}

void
ui_oauth_free (UiOauth *self)
{
  pr_browser_set_opener (NULL, NULL);
  g_object_unref (self->session);
  test_endpoint_free (self->endpoint);
  g_free (self->url);
  g_free (self);
}

/* What the service says about itself when it is asked next (RFC 8414). */
void
ui_oauth_add_document (UiOauth *self, gboolean with_device)
{
  g_autofree char *base = test_endpoint_get_url (self->endpoint, "");
  g_autofree char *device =
      g_strdup_printf ("\"device_authorization_endpoint\":\"%s/device\",", base);
  g_autofree char *text = g_strdup_printf (
      "{\"issuer\":\"%s\",\"authorization_endpoint\":\"%s/auth\",\"token_endpoint\":\"%s/token\","
      "\"revocation_endpoint\":\"%s/revoke\",\"userinfo_endpoint\":\"%s/me\",%s"
      "\"token_endpoint_auth_methods_supported\":[\"client_secret_post\"]}",
      base, base, base, base, base, with_device ? device : "");

  test_endpoint_add_json (self->endpoint, 200, text);
}

/* The next sign-in succeeds, as @account. */
void
ui_oauth_add_token (UiOauth *self, const char *account)
{
  g_autofree char *me = g_strdup_printf ("{\"sub\":\"1\",\"email\":\"%s\"}", account);

  test_endpoint_add_json (self->endpoint, 200,
                          "{\"access_token\":\"acc3ss\",\"token_type\":\"Bearer\","
                          "\"expires_in\":3600,\"refresh_token\":\"r3fresh\","
                          "\"scope\":\"openid email mail\"}");
  test_endpoint_add_json (self->endpoint, 200, me);
}

PrServerProfile *
ui_oauth_add_profile (UiOauth *self, PrEnvironment *environment, const char *name)
{
  PrServerProfile *profile = pr_server_profile_new ();
  g_autofree char *issuer = test_endpoint_get_url (self->endpoint, "");
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_object_set (profile, "name", name, "incoming-location", "localhost", "outgoing-location",
                "localhost", "incoming-port", (gint64) 1, "outgoing-port", (gint64) 1,
                "incoming-authentication", PR_AUTHENTICATION_OAUTH, "oauth-client-id", "me",
                "oauth-issuer", issuer, "oauth-scope", "openid email mail", NULL);
  pr_environment_save_profile_async (environment, profile, NULL, on_ready, &result);
  ui_assert_wait (has_result, &result);
  pr_environment_save_profile_finish (environment, result, &error);
  g_assert_no_error (error);
  return profile;
}

PrMailbox *
ui_oauth_add_mailbox (PrEnvironment *environment, PrServerProfile *profile, const char *address)
{
  PrMailbox *mailbox = pr_environment_new_mailbox (environment, address);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_object_set (mailbox, "name", address, "profile-id", pr_record_get_id (PR_RECORD (profile)),
                "approval", PR_APPROVAL_APPROVED, NULL);
  pr_environment_save_mailbox_async (environment, mailbox, NULL, on_ready, &result);
  ui_assert_wait (has_result, &result);
  pr_environment_save_mailbox_finish (environment, result, &error);
  g_assert_no_error (error);
  return mailbox;
}
