/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrServiceRow: the services are those of data/providers.json, and "other". An id that is none of
 * them, from another version, stays until somebody chooses. Main thread. */

#include "pr-service-row.h"

#include "pr-accessible.h"
#include "pr-oauth-services.h"

#include <glib/gi18n.h>

struct _PrServiceRow
{
  AdwComboRow parent_instance;

  /* Owned */
  GPtrArray *ids; /* of char, beside the labels */
  char *text;

  gboolean filling;
};

enum
{
  PROP_0,
  PROP_TEXT,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PrServiceRow, pr_service_row, ADW_TYPE_COMBO_ROW)

static void
add (PrServiceRow *self, GtkStringList *labels, const char *id, const char *label)
{
  g_ptr_array_add (self->ids, g_strdup (id));
  gtk_string_list_append (labels, label);
}

static void
fill (PrServiceRow *self)
{
  g_autoptr (GtkStringList) labels = gtk_string_list_new (NULL);
  const char *const *ids = pr_oauth_services_list ();

  add (self, labels, "", _ ("The one that belongs to the servers"));
  for (guint i = 0; ids[i] != NULL; i++)
    {
      g_autoptr (PrOauthProvider) provider = pr_oauth_services_get (ids[i], NULL);

      add (self, labels, ids[i], provider != NULL ? provider->name : _ ("Another, entered below"));
    }
  adw_combo_row_set_model (ADW_COMBO_ROW (self), G_LIST_MODEL (labels));
}

static void
show_text (PrServiceRow *self)
{
  guint selected = GTK_INVALID_LIST_POSITION;
  gboolean filling = self->filling;

  for (guint i = 0; i < self->ids->len; i++)
    if (g_str_equal (g_ptr_array_index (self->ids, i), self->text))
      selected = i;
  self->filling = TRUE;
  adw_combo_row_set_selected (ADW_COMBO_ROW (self), selected);
  self->filling = filling;
}

static void
on_selected (PrServiceRow *self)
{
  guint selected = adw_combo_row_get_selected (ADW_COMBO_ROW (self));

  g_assert (PR_IS_SERVICE_ROW (self));

  if (!self->filling && selected < self->ids->len)
    pr_service_row_set_text (self, g_ptr_array_index (self->ids, selected));
}

static void
pr_service_row_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
      case PROP_TEXT:
        g_value_set_string (value, PR_SERVICE_ROW (object)->text);
        break;
      default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
pr_service_row_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
      case PROP_TEXT:
        pr_service_row_set_text (PR_SERVICE_ROW (object), g_value_get_string (value));
        break;
      default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
pr_service_row_finalize (GObject *object)
{
  PrServiceRow *self = PR_SERVICE_ROW (object);

  g_ptr_array_unref (self->ids);
  g_free (self->text);
  G_OBJECT_CLASS (pr_service_row_parent_class)->finalize (object);
}

static void
pr_service_row_class_init (PrServiceRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = pr_service_row_finalize;
  object_class->get_property = pr_service_row_get_property;
  object_class->set_property = pr_service_row_set_property;
  properties[PROP_TEXT] = g_param_spec_string (
      "text", NULL, NULL, "", G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
pr_service_row_init (PrServiceRow *self)
{
  self->ids = g_ptr_array_new_with_free_func (g_free);
  self->text = g_strdup ("");
  fill (self);
  g_signal_connect (self, "notify::selected", G_CALLBACK (on_selected), NULL);
  pr_accessible_describe_choice (ADW_COMBO_ROW (self));
}

/**
 * pr_service_row_get_text:
 * @self: a row
 *
 * Returns: (transfer none): the id of the chosen service, "" for the one of the servers
 */
const char *
pr_service_row_get_text (PrServiceRow *self)
{
  g_return_val_if_fail (PR_IS_SERVICE_ROW (self), NULL);

  return self->text;
}

void
pr_service_row_set_text (PrServiceRow *self, const char *text)
{
  g_return_if_fail (PR_IS_SERVICE_ROW (self));

  if (text == NULL)
    text = "";
  if (!g_str_equal (self->text, text))
    {
      g_free (self->text);
      self->text = g_strdup (text);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TEXT]);
    }
  show_text (self);
}
