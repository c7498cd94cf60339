/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrCountButton: icon, number and word; leads to a view of the mailboxes. Main thread. */

#include "pr-count-button.h"

struct _PrCountButton
{
  AdwBin parent_instance;

  /* Template children */
  GtkButton *button;
  GtkImage *icon;
  GtkLabel *number_label;
  GtkLabel *word_label;
};

enum
{
  PROP_0,
  PROP_ICON_NAME,
  PROP_COLOR_CLASS,
  PROP_VIEW,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PrCountButton, pr_count_button, ADW_TYPE_BIN)

static void
pr_count_button_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  PrCountButton *self = PR_COUNT_BUTTON (object);

  switch (id)
    {
      case PROP_ICON_NAME:
        gtk_image_set_from_icon_name (self->icon, g_value_get_string (value));
        break;
      case PROP_COLOR_CLASS:
        gtk_widget_add_css_class (GTK_WIDGET (self->icon), g_value_get_string (value));
        break;
      case PROP_VIEW:
        gtk_actionable_set_action_target (GTK_ACTIONABLE (self->button), "(sxs)",
                                          g_value_get_string (value), (gint64) 0, "");
        gtk_actionable_set_action_name (GTK_ACTIONABLE (self->button), "win.show-mailboxes");
        break;
      default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
pr_count_button_class_init (PrCountButtonClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS;

  object_class->set_property = pr_count_button_set_property;
  properties[PROP_ICON_NAME] = g_param_spec_string ("icon-name", NULL, NULL, NULL, flags);
  properties[PROP_COLOR_CLASS] = g_param_spec_string ("color-class", NULL, NULL, NULL, flags);
  /**
   * PrCountButton:view:
   *
   * Nick of the view that a click shows.
   */
  properties[PROP_VIEW] = g_param_spec_string ("view", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/postroom/Postroom/ui/pr-count-button.ui");
  gtk_widget_class_bind_template_child (widget_class, PrCountButton, button);
  gtk_widget_class_bind_template_child (widget_class, PrCountButton, icon);
  gtk_widget_class_bind_template_child (widget_class, PrCountButton, number_label);
  gtk_widget_class_bind_template_child (widget_class, PrCountButton, word_label);
}

static void
pr_count_button_init (PrCountButton *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * pr_count_button_set:
 * @self: a button
 * @count: how many
 * @label: how they are, such as “fail”
 */
void
pr_count_button_set (PrCountButton *self, guint count, const char *label)
{
  g_autofree char *number = g_strdup_printf ("%u", count);
  g_autofree char *name = g_strdup_printf ("%s %s", number, label);

  g_return_if_fail (PR_IS_COUNT_BUTTON (self));

  gtk_label_set_label (self->number_label, number);
  gtk_label_set_label (self->word_label, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  name, -1);
}
