/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Profiles and mailboxes for tests of the window, and a server that never answers. */

#include "ui-scene.h"

#include "ui-harness.h"

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

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  ui_assert_wait (has_result, result);
  return *result;
}

PrServerProfile *
ui_add_profile (PrEnvironment *environment,
                const char *name,
                guint incoming_port,
                guint outgoing_port,
                const char *ca_pem)
{
  PrServerProfile *profile = pr_server_profile_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_object_set (profile, "name", name, "incoming-location", "localhost", "outgoing-location",
                "localhost", "incoming-port", (gint64) incoming_port, "outgoing-port",
                (gint64) outgoing_port, "ca-certificate", ca_pem != NULL ? ca_pem : "", NULL);
  pr_environment_save_profile_async (environment, profile, NULL, on_ready, &result);
  pr_environment_save_profile_finish (environment, wait_for (&result), &error);
  g_assert_no_error (error);
  return profile;
}

static void
set_password (PrEnvironment *environment, PrMailbox *mailbox, const char *password)
{
  g_autoptr (PrSecret) secret = pr_secret_new (password, -1);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  pr_environment_set_mailbox_password_async (environment, mailbox, secret, NULL, on_ready, &result);
  pr_environment_set_mailbox_password_finish (environment, wait_for (&result), &error);
  g_assert_no_error (error);
}

static void
approve (PrEnvironment *environment, PrMailbox *mailbox)
{
  gint64 id = pr_record_get_id (PR_RECORD (mailbox));
  g_autoptr (PrSelection) selection = pr_selection_new_ids (&id, 1);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  guint n;

  pr_environment_command_mailboxes_async (environment, selection, PR_MAILBOX_COMMAND_APPROVE, NULL,
                                          on_ready, &result);
  pr_environment_change_mailboxes_finish (environment, wait_for (&result), &n, &error);
  g_assert_no_error (error);
}

/* An approved mailbox that may log in with @password. */
PrMailbox *
ui_add_mailbox (PrEnvironment *environment,
                PrServerProfile *profile,
                const char *address,
                const char *password)
{
  PrMailbox *mailbox = pr_environment_new_mailbox (environment, address);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_object_set (mailbox, "name", address, "profile-id", pr_record_get_id (PR_RECORD (profile)),
                "allow-credentials", TRUE, NULL);
  pr_environment_save_mailbox_async (environment, mailbox, NULL, on_ready, &result);
  pr_environment_save_mailbox_finish (environment, wait_for (&result), &error);
  g_assert_no_error (error);
  set_password (environment, mailbox, password);
  approve (environment, mailbox);
  return mailbox;
}

/* --- A server that never answers -------------------------------------------------------------- */

struct _UiSilentServer
{
  GSocketService *service;
  GPtrArray *connections;
  guint port;
};

static gboolean
on_incoming (GSocketService *service,
             GSocketConnection *connection,
             GObject *source,
             gpointer user_data)
{
  UiSilentServer *self = user_data;

  g_ptr_array_add (self->connections, g_object_ref (connection));
  return TRUE;
}

UiSilentServer *
ui_silent_server_new (void)
{
  UiSilentServer *self = g_new0 (UiSilentServer, 1);
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (GError) error = NULL;

  self->connections = g_ptr_array_new_with_free_func (g_object_unref);
  self->service = g_socket_service_new ();
  g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), address, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_TCP, NULL, &bound, &error);
  g_assert_no_error (error);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
  g_signal_connect (self->service, "incoming", G_CALLBACK (on_incoming), self);
  g_socket_service_start (self->service);
  return self;
}

guint
ui_silent_server_get_port (UiSilentServer *self)
{
  return self->port;
}

void
ui_silent_server_free (UiSilentServer *self)
{
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  g_ptr_array_unref (self->connections);
  g_object_unref (self->service);
  g_free (self);
}
