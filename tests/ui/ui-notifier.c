/* SPDX-License-Identifier: GPL-3.0-or-later */

/* org.freedesktop.Notifications on the bus of the test. */

#include "ui-notifier.h"

static const char xml[] =
    "<node><interface name='org.freedesktop.Notifications'>"
    "<method name='Notify'>"
    "<arg type='s' direction='in'/><arg type='u' direction='in'/><arg type='s' direction='in'/>"
    "<arg type='s' direction='in'/><arg type='s' direction='in'/><arg type='as' direction='in'/>"
    "<arg type='a{sv}' direction='in'/><arg type='i' direction='in'/>"
    "<arg type='u' direction='out'/></method>"
    "<method name='CloseNotification'><arg type='u' direction='in'/></method>"
    "</interface></node>";

static guint owner;
static gboolean owned;
static guint n_notified;
static char *last_title;
static char *last_body;

static void
on_call (GDBusConnection *connection,
         const char *sender,
         const char *path,
         const char *interface,
         const char *method,
         GVariant *parameters,
         GDBusMethodInvocation *invocation,
         gpointer user_data)
{
  if (!g_str_equal (method, "Notify"))
    {
      g_dbus_method_invocation_return_value (invocation, NULL);
      return;
    }
  g_clear_pointer (&last_title, g_free);
  g_clear_pointer (&last_body, g_free);
  g_variant_get_child (parameters, 3, "s", &last_title);
  g_variant_get_child (parameters, 4, "s", &last_body);
  n_notified++;
  g_dbus_method_invocation_return_value (invocation, g_variant_new ("(u)", n_notified));
}

static void
on_bus (GDBusConnection *connection, const char *name, gpointer user_data)
{
  static const GDBusInterfaceVTable table = { on_call, NULL, NULL, { NULL } };
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (xml, NULL);

  g_dbus_connection_register_object (connection, "/org/freedesktop/Notifications",
                                     node->interfaces[0], &table, NULL, NULL, NULL);
}

static void
on_name (GDBusConnection *connection, const char *name, gpointer user_data)
{
  owned = TRUE;
}

/* Without a session bus nobody is notified, and nothing waits. */
void
ui_notifier_start (void)
{
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);

  if (bus == NULL)
    return;
  owner = g_bus_own_name (G_BUS_TYPE_SESSION, "org.freedesktop.Notifications",
                          G_BUS_NAME_OWNER_FLAGS_NONE, on_bus, on_name, NULL, NULL, NULL);
  for (guint i = 0; !owned && i < 1000; i++)
    g_main_context_iteration (NULL, TRUE);
}

void
ui_notifier_stop (void)
{
  g_clear_handle_id (&owner, g_bus_unown_name);
  g_clear_pointer (&last_title, g_free);
  g_clear_pointer (&last_body, g_free);
}

guint
ui_notifier_get_n (void)
{
  return n_notified;
}

const char *
ui_notifier_get_last_title (void)
{
  return last_title;
}

const char *
ui_notifier_get_last_body (void)
{
  return last_body;
}
