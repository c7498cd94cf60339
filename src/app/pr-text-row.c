/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrTextRow: text of several lines in a form. Tab leaves it, as it leaves any other field. Main
 * thread. */

#include "pr-text-row.h"

struct _PrTextRow
{
  AdwPreferencesRow parent_instance;

  /* Template children */
  GtkTextView *view;
};

enum
{
  PROP_0,
  PROP_TEXT,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PrTextRow, pr_text_row, ADW_TYPE_PREFERENCES_ROW)

static void
on_changed (PrTextRow *self)
{
  g_assert (PR_IS_TEXT_ROW (self));

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TEXT]);
}

static void
pr_text_row_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
      case PROP_TEXT:
        g_value_take_string (value, pr_text_row_dup_text (PR_TEXT_ROW (object)));
        break;
      default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
pr_text_row_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
      case PROP_TEXT:
        pr_text_row_set_text (PR_TEXT_ROW (object), g_value_get_string (value));
        break;
      default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
pr_text_row_class_init (PrTextRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = pr_text_row_get_property;
  object_class->set_property = pr_text_row_set_property;

  properties[PROP_TEXT] = g_param_spec_string (
      "text", NULL, NULL, "", G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/postroom/Postroom/ui/pr-text-row.ui");
  gtk_widget_class_bind_template_child (widget_class, PrTextRow, view);
}

static void
pr_text_row_init (PrTextRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (gtk_text_view_get_buffer (self->view), "changed",
                           G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);
}

char *
pr_text_row_dup_text (PrTextRow *self)
{
  GtkTextBuffer *buffer;
  GtkTextIter start, end;

  g_return_val_if_fail (PR_IS_TEXT_ROW (self), NULL);

  buffer = gtk_text_view_get_buffer (self->view);
  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
}

void
pr_text_row_set_text (PrTextRow *self, const char *text)
{
  g_autofree char *before = NULL;

  g_return_if_fail (PR_IS_TEXT_ROW (self));

  before = pr_text_row_dup_text (self);
  if (g_strcmp0 (before, text) != 0)
    gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->view), text != NULL ? text : "", -1);
}
