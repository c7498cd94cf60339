/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A resolver in this process: tests of the window ask nobody outside. */

#include "ui-resolver.h"

#define UI_TYPE_FAKE_RESOLVER (ui_fake_resolver_get_type ())
G_DECLARE_FINAL_TYPE (UiFakeResolver, ui_fake_resolver, UI, FAKE_RESOLVER, GResolver)

typedef struct
{
  char *host;
  guint16 port;
} UiService;

struct _UiFakeResolver
{
  GResolver parent_instance;
  GHashTable *services; /* "_pop3s._tcp.example.test" → UiService */
};

G_DEFINE_FINAL_TYPE (UiFakeResolver, ui_fake_resolver, G_TYPE_RESOLVER)

struct _UiResolver
{
  UiFakeResolver *fake;
  GResolver *before;
};

static void
service_free (gpointer data)
{
  UiService *service = data;

  g_free (service->host);
  g_free (service);
}

static void
lookup_service_async (GResolver *resolver,
                      const char *name,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (resolver, cancellable, callback, user_data);
  UiService *service = g_hash_table_lookup (UI_FAKE_RESOLVER (resolver)->services, name);

  if (service == NULL)
    g_task_return_new_error (task, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "no %s", name);
  else
    g_task_return_pointer (
        task, g_list_append (NULL, g_srv_target_new (service->host, service->port, 0, 0)), NULL);
}

static void
lookup_by_name_async (GResolver *resolver,
                      const char *name,
                      GResolverNameLookupFlags flags,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (resolver, cancellable, callback, user_data);

  g_task_return_new_error (task, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "no %s", name);
}

static GList *
lookup_finish (GResolver *resolver, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
ui_fake_resolver_finalize (GObject *object)
{
  g_hash_table_unref (UI_FAKE_RESOLVER (object)->services);
  G_OBJECT_CLASS (ui_fake_resolver_parent_class)->finalize (object);
}

static void
ui_fake_resolver_class_init (UiFakeResolverClass *klass)
{
  GResolverClass *resolver_class = G_RESOLVER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = ui_fake_resolver_finalize;
  resolver_class->lookup_service_async = lookup_service_async;
  resolver_class->lookup_service_finish = lookup_finish;
  resolver_class->lookup_by_name_with_flags_async = lookup_by_name_async;
  resolver_class->lookup_by_name_with_flags_finish = lookup_finish;
}

static void
ui_fake_resolver_init (UiFakeResolver *self)
{
  self->services = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, service_free);
}

UiResolver *
ui_resolver_start (void)
{
  UiResolver *self = g_new0 (UiResolver, 1);

  self->fake = g_object_new (UI_TYPE_FAKE_RESOLVER, NULL);
  self->before = g_resolver_get_default ();
  g_resolver_set_default (G_RESOLVER (self->fake));
  return self;
}

/* @service: such as "_pop3s._tcp.example.test" */
void
ui_resolver_publish (UiResolver *self, const char *service, const char *host, guint16 port)
{
  UiService *known = g_new0 (UiService, 1);

  *known = (UiService){ g_strdup (host), port };
  g_hash_table_insert (self->fake->services, g_strdup (service), known);
}

void
ui_resolver_stop (UiResolver *self)
{
  g_resolver_set_default (self->before);
  g_object_unref (self->before);
  g_object_unref (self->fake);
  g_free (self);
}
