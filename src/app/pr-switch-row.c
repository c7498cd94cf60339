/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrSwitchRow: a yes or no in a form. Main thread. */

#include "pr-switch-row.h"

struct _PrSwitchRow
{
  AdwActionRow parent_instance;

  /* Borrowed child */
  GtkSwitch *toggle;
};

enum
{
  PROP_0,
  PROP_ACTIVE,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PrSwitchRow, pr_switch_row, ADW_TYPE_ACTION_ROW)

static void
on_toggled (PrSwitchRow *self)
{
  g_assert (PR_IS_SWITCH_ROW (self));

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ACTIVE]);
}

/* The switch is what is focused, so it must have the row's name. */
static void
update_name (PrSwitchRow *self)
{
  const char *subtitle = adw_action_row_get_subtitle (ADW_ACTION_ROW (self));

  gtk_accessible_update_property (GTK_ACCESSIBLE (self->toggle), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  adw_preferences_row_get_title (ADW_PREFERENCES_ROW (self)),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  subtitle != NULL ? subtitle : "", -1);
}

static void
pr_switch_row_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
      case PROP_ACTIVE:
        g_value_set_boolean (value, pr_switch_row_get_active (PR_SWITCH_ROW (object)));
        break;
      default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
pr_switch_row_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
      case PROP_ACTIVE:
        pr_switch_row_set_active (PR_SWITCH_ROW (object), g_value_get_boolean (value));
        break;
      default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
pr_switch_row_class_init (PrSwitchRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = pr_switch_row_get_property;
  object_class->set_property = pr_switch_row_set_property;

  properties[PROP_ACTIVE] =
      g_param_spec_boolean ("active", NULL, NULL, FALSE,
                            G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
pr_switch_row_init (PrSwitchRow *self)
{
  self->toggle = GTK_SWITCH (gtk_switch_new ());
  gtk_widget_set_valign (GTK_WIDGET (self->toggle), GTK_ALIGN_CENTER);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), GTK_WIDGET (self->toggle));
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (self), GTK_WIDGET (self->toggle));
  adw_action_row_set_title_lines (ADW_ACTION_ROW (self), 0);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (self), 0);
  g_signal_connect_swapped (self->toggle, "notify::active", G_CALLBACK (on_toggled), self);
  g_signal_connect (self, "notify::title", G_CALLBACK (update_name), NULL);
  g_signal_connect (self, "notify::subtitle", G_CALLBACK (update_name), NULL);
}

gboolean
pr_switch_row_get_active (PrSwitchRow *self)
{
  g_return_val_if_fail (PR_IS_SWITCH_ROW (self), FALSE);

  return gtk_switch_get_active (self->toggle);
}

void
pr_switch_row_set_active (PrSwitchRow *self, gboolean active)
{
  g_return_if_fail (PR_IS_SWITCH_ROW (self));

  gtk_switch_set_active (self->toggle, active);
}
