/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrCaRow: a PEM file in a form. What is in it is judged by the record that it belongs to. Main
 * thread. */

#include "pr-ca-row.h"

#include "pr-dialog.h"
#include "pr-file-picker.h"

#include <glib/gi18n.h>
#include <string.h>

#define FILE_MAX (64 * 1024) /* the limit of the field */

struct _PrCaRow
{
  AdwActionRow parent_instance;

  /* Template children */
  GtkButton *remove_button;

  /* Owned */
  char *text;
};

enum
{
  PROP_0,
  PROP_TEXT,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PrCaRow, pr_ca_row, ADW_TYPE_ACTION_ROW)

static void
update (PrCaRow *self)
{
  g_autofree char *subtitle = NULL;
  guint n = 0;

  for (const char *p = self->text; (p = strstr (p, "-----BEGIN CERTIFICATE-----")) != NULL; p++)
    n++;
  if (*self->text == '\0')
    subtitle = g_strdup (_ ("None besides those of this computer"));
  else
    subtitle = g_strdup_printf (ngettext ("%u certificate, besides those of this computer",
                                          "%u certificates, besides those of this computer", n),
                                n);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), subtitle);
  gtk_widget_set_visible (GTK_WIDGET (self->remove_button), *self->text != '\0');
}

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrCaRow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *contents = NULL;
  gsize length;

  if (!g_file_load_contents_finish (G_FILE (source), result, &contents, &length, NULL, &error))
    pr_dialog_tell (GTK_WIDGET (self), _ ("The File Cannot Be Read"), error->message);
  else if (length > FILE_MAX || !g_utf8_validate (contents, (gssize) length, NULL))
    pr_dialog_tell (GTK_WIDGET (self), _ ("Not a Certificate"),
                    _ ("The file has no certificate in PEM form, which begins with "
                       "“-----BEGIN CERTIFICATE-----”."));
  else
    pr_ca_row_set_text (self, contents);
}

static void
on_chosen (GFile *file, gpointer user_data)
{
  pr_ca_row_load (user_data, file);
}

static void
on_choose (PrCaRow *self)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  g_assert (PR_IS_CA_ROW (self));

  gtk_file_filter_set_name (filter, _ ("Certificates"));
  gtk_file_filter_add_mime_type (filter, "application/x-pem-file");
  gtk_file_filter_add_mime_type (filter, "application/x-x509-ca-cert");
  gtk_file_filter_add_mime_type (filter, "application/pkix-cert");
  gtk_file_filter_add_suffix (filter, "pem");
  gtk_file_filter_add_suffix (filter, "crt");
  pr_file_picker_open (GTK_WIDGET (self), _ ("Trusted Certificate Authority"), filter, on_chosen,
                       self);
}

static void
on_remove (PrCaRow *self)
{
  g_assert (PR_IS_CA_ROW (self));

  pr_ca_row_set_text (self, "");
}

static void
pr_ca_row_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
      case PROP_TEXT:
        g_value_set_string (value, PR_CA_ROW (object)->text);
        break;
      default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
pr_ca_row_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
      case PROP_TEXT:
        pr_ca_row_set_text (PR_CA_ROW (object), g_value_get_string (value));
        break;
      default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
pr_ca_row_finalize (GObject *object)
{
  g_free (PR_CA_ROW (object)->text);
  G_OBJECT_CLASS (pr_ca_row_parent_class)->finalize (object);
}

static void
pr_ca_row_class_init (PrCaRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->finalize = pr_ca_row_finalize;
  object_class->get_property = pr_ca_row_get_property;
  object_class->set_property = pr_ca_row_set_property;

  properties[PROP_TEXT] = g_param_spec_string (
      "text", NULL, NULL, "", G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/postroom/Postroom/ui/pr-ca-row.ui");
  gtk_widget_class_bind_template_child (widget_class, PrCaRow, remove_button);
  gtk_widget_class_bind_template_callback (widget_class, on_choose);
  gtk_widget_class_bind_template_callback (widget_class, on_remove);
}

static void
pr_ca_row_init (PrCaRow *self)
{
  self->text = g_strdup ("");
  gtk_widget_init_template (GTK_WIDGET (self));
  update (self);
}

/**
 * pr_ca_row_get_text:
 * @self: a row
 *
 * Returns: (transfer none): certificates in PEM form, "" for none
 */
const char *
pr_ca_row_get_text (PrCaRow *self)
{
  g_return_val_if_fail (PR_IS_CA_ROW (self), NULL);

  return self->text;
}

void
pr_ca_row_set_text (PrCaRow *self, const char *text)
{
  g_return_if_fail (PR_IS_CA_ROW (self));

  if (g_strcmp0 (self->text, text) == 0)
    return;
  g_free (self->text);
  self->text = g_strdup (text != NULL ? text : "");
  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TEXT]);
}

/**
 * pr_ca_row_load:
 * @self: a row
 * @file: what to read
 *
 * Takes what is in @file once it is read; says so when that is not possible.
 */
void
pr_ca_row_load (PrCaRow *self, GFile *file)
{
  g_return_if_fail (PR_IS_CA_ROW (self));

  g_file_load_contents_async (file, NULL, on_loaded, g_object_ref (self));
}
