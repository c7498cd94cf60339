/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrPreferences: bound to GSettings. Main thread. */

#include "pr-preferences.h"

#include "pr-accessible.h"
#include "pr-switch-row.h"

#include <glib/gi18n.h>

struct _PrPreferences
{
  AdwPreferencesWindow parent_instance;

  /* Template children */
  AdwComboRow *background_row;
  PrSwitchRow *notify_row;
};

G_DEFINE_FINAL_TYPE (PrPreferences, pr_preferences, ADW_TYPE_PREFERENCES_WINDOW)

static const char *const wishes[] = { "ask", "keep", "cancel" };

static gboolean
wish_to_index (GValue *value, GVariant *variant, gpointer user_data)
{
  for (guint i = 0; i < G_N_ELEMENTS (wishes); i++)
    if (g_str_equal (wishes[i], g_variant_get_string (variant, NULL)))
      g_value_set_uint (value, i);
  return TRUE;
}

static GVariant *
index_to_wish (const GValue *value, const GVariantType *type, gpointer user_data)
{
  guint i = g_value_get_uint (value);

  return i < G_N_ELEMENTS (wishes) ? g_variant_new_string (wishes[i]) : NULL;
}

static void
pr_preferences_class_init (PrPreferencesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (PR_TYPE_SWITCH_ROW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/postroom/Postroom/ui/pr-preferences.ui");
  gtk_widget_class_bind_template_child (widget_class, PrPreferences, background_row);
  gtk_widget_class_bind_template_child (widget_class, PrPreferences, notify_row);
}

static void
pr_preferences_init (PrPreferences *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  pr_accessible_describe_choice (self->background_row);
  pr_accessible_hide_classes (GTK_WIDGET (self));
}

/**
 * pr_preferences_show:
 * @window: the window
 */
void
pr_preferences_show (PrWindow *window)
{
  PrApplication *application = PR_APPLICATION (gtk_window_get_application (GTK_WINDOW (window)));
  GSettings *settings = pr_application_get_settings (application);
  PrPreferences *self;

  g_return_if_fail (settings != NULL);

  self = g_object_new (PR_TYPE_PREFERENCES, "transient-for", window, NULL);
  g_settings_bind_with_mapping (settings, "run-in-background", self->background_row, "selected",
                                G_SETTINGS_BIND_DEFAULT, wish_to_index, index_to_wish, NULL, NULL);
  g_settings_bind (settings, "notify-jobs", self->notify_row, "active", G_SETTINGS_BIND_DEFAULT);
  gtk_window_present (GTK_WINDOW (self));
}
