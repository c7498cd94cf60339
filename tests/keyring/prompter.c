/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrPrompter: on the private bus, under the name by which gnome-keyring calls the desktop. A dialog
 * is begun, performed and stopped; the answer is sent to an object of the caller. A connection and
 * a thread of its own, so that a test may wait in its own way. */

#include "prompter.h"

#define NAME "org.gnome.keyring.SystemPrompter"
#define PATH "/org/gnome/keyring/Prompter"
#define CALLBACK "org.gnome.keyring.internal.Prompter.Callback"

struct _PrPrompter
{
  PrPrompterAnswer answer; /* of its thread */
  PrPrompterAnswer next;
  GMainContext *context;
  GMainLoop *loop;
  GThread *thread;
  GDBusConnection *bus;
  char *who; /* (nullable): who asked last */
  char *path;
  guint object_id;
  guint name_id;
  int named;   /* atomic */
  int n_asked; /* atomic */
};

/* A dialog and the keyring agree on a key for the password: our half, which is as good as any other
 * since no password is ever sent. */
static const char exchange[] =
    "[sx-aes-1]\npublic="
    "CzBVep/"
    "E6Q4zWH2ix+wRNluApcrvFDleg6jN8hc8YYar0PUaP2SJrtP4HUJnjLHW+yBFao+"
    "02f4jSG2St9wBJktwlbrfBClOc5i94gcsUXabwOUKL1R5nsPoDTJXfKHG6xA1Wn+kye4TOF2Cp8zxFjtgharP9Bk+"
    "Y4it0vccQWaLsNX6H0RpjrPY/SJHbJG22wAlSm+Uud4DKE1yl7zhBitQdZq/"
    "5AkuU3idwucMMVZ7oMXqDzRZfqPI7RI3XIGm"
    "\n";

static const char description[] =
    "<node><interface name='org.gnome.keyring.internal.Prompter'>"
    "<method name='BeginPrompting'><arg type='o' name='callback'/></method>"
    "<method name='PerformPrompt'><arg type='o' name='callback'/><arg type='s' name='type'/>"
    "<arg type='a{sv}' name='properties'/><arg type='s' name='exchange'/></method>"
    "<method name='StopPrompting'><arg type='o' name='callback'/></method>"
    "</interface></node>";

static void
tell (PrPrompter *self, const char *who, const char *path, const char *method, GVariant *arguments)
{
  g_dbus_connection_call (self->bus, who, path, CALLBACK, method, arguments, NULL,
                          G_DBUS_CALL_FLAGS_NO_AUTO_START, 5000, NULL, NULL, NULL);
}

static GVariant *
ask (PrPrompter *self,
     const char *interface,
     const char *method,
     GVariant *arguments,
     const char *type)
{
  g_autoptr (GError) error = NULL;
  GVariant *answer = g_dbus_connection_call_sync (
      self->bus, "org.freedesktop.secrets", "/org/freedesktop/secrets", interface, method,
      arguments, G_VARIANT_TYPE (type), G_DBUS_CALL_FLAGS_NONE, 5000, NULL, &error);

  g_assert_no_error (error);
  return answer;
}

/* With the password that private-session gives to its keyrings. The dialog's own way would encrypt
 * it for the daemon; this one is for the desktop's log-in. */
static void
unlock (PrPrompter *self)
{
  g_autoptr (GVariant) opened =
      ask (self, "org.freedesktop.Secret.Service", "OpenSession",
           g_variant_new ("(sv)", "plain", g_variant_new_string ("")), "(vo)");
  const char *session = NULL;
  g_autoptr (GVariant) unlocked = NULL;

  g_variant_get (opened, "(v&o)", NULL, &session);
  unlocked = ask (
      self, "org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface", "UnlockWithMasterPassword",
      g_variant_new ("(o(o@ay@ays))", "/org/freedesktop/secrets/collection/login", session,
                     g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, "", 0, 1),
                     g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, "test", 4, 1), "text/plain"),
      "()");
}

/* What became of the keyring counts, not that this closes the dialog without a password. */
static gboolean
answer (gpointer data)
{
  PrPrompter *self = data;

  if (self->answer == PR_PROMPTER_UNLOCKS)
    unlock (self);
  if (self->answer != PR_PROMPTER_WAITS && self->who != NULL)
    tell (self, self->who, self->path, "PromptReady",
          g_variant_new ("(sa{sv}s)", "no", NULL, exchange));
  return G_SOURCE_REMOVE;
}

static void
on_call (GDBusConnection *bus,
         const char *sender,
         const char *object,
         const char *interface,
         const char *method,
         GVariant *parameters,
         GDBusMethodInvocation *invocation,
         gpointer user_data)
{
  PrPrompter *self = user_data;
  g_autoptr (GVariant) first = g_variant_get_child_value (parameters, 0);
  const char *path = g_variant_get_string (first, NULL);

  g_dbus_method_invocation_return_value (invocation, NULL);
  if (g_str_equal (method, "BeginPrompting"))
    tell (self, sender, path, "PromptReady", g_variant_new ("(sa{sv}s)", "", NULL, exchange));
  else if (g_str_equal (method, "PerformPrompt"))
    {
      g_atomic_int_inc (&self->n_asked);
      g_free (self->who);
      g_free (self->path);
      self->who = g_strdup (sender);
      self->path = g_strdup (path);
      answer (self);
    }
  else
    {
      tell (self, sender, path, "PromptDone", NULL);
    }
}

static void
on_named (GDBusConnection *bus, const char *name, gpointer user_data)
{
  g_atomic_int_set (&((PrPrompter *) user_data)->named, 1);
}

static gpointer
run (gpointer data)
{
  static const GDBusInterfaceVTable table = { on_call, NULL, NULL, { NULL } };
  PrPrompter *self = data;
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (description, NULL);
  g_autofree char *address = g_dbus_address_get_for_bus_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_main_context_push_thread_default (self->context);
  self->bus =
      g_dbus_connection_new_for_address_sync (address,
                                              G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
                                                  | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                              NULL, NULL, &error);
  g_assert_no_error (error);
  self->object_id = g_dbus_connection_register_object (self->bus, PATH, node->interfaces[0], &table,
                                                       self, NULL, &error);
  g_assert_no_error (error);
  self->name_id = g_bus_own_name_on_connection (self->bus, NAME, G_BUS_NAME_OWNER_FLAGS_NONE,
                                                on_named, NULL, self, NULL);
  g_main_loop_run (self->loop);
  g_bus_unown_name (self->name_id);
  g_dbus_connection_unregister_object (self->bus, self->object_id);
  g_dbus_connection_close_sync (self->bus, NULL, NULL);
  g_clear_object (&self->bus);
  while (g_main_context_iteration (self->context, FALSE))
    ;
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

/* Returns when the keyring can find it. */
PrPrompter *
pr_prompter_new (PrPrompterAnswer answer)
{
  PrPrompter *self = g_new0 (PrPrompter, 1);
  gint64 deadline = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;

  self->answer = answer;
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  self->thread = g_thread_new ("prompter", run, self);
  while (g_atomic_int_get (&self->named) == 0)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_usleep (2000);
    }
  return self;
}

void
pr_prompter_free (PrPrompter *self)
{
  g_main_loop_quit (self->loop);
  g_thread_join (self->thread);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_free (self->who);
  g_free (self->path);
  g_free (self);
}

static gboolean
change_answer (gpointer data)
{
  PrPrompter *self = data;

  self->answer = self->next;
  return answer (self);
}

/* Answers the dialog that is open, and those that follow. */
void
pr_prompter_answer (PrPrompter *self, PrPrompterAnswer next)
{
  self->next = next;
  g_main_context_invoke (self->context, change_answer, self);
}

guint
pr_prompter_get_n_asked (PrPrompter *self)
{
  return (guint) g_atomic_int_get (&self->n_asked);
}
