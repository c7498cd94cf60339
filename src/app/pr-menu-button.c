/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrMenuButton: the same menu on every page, so it is written once, in data/ui/menus.ui. F10
 * opens the one that can be seen. Main thread. */

#include "pr-menu-button.h"

#include "pr-accessible.h"

#include <glib/gi18n.h>

struct _PrMenuButton
{
  AdwBin parent_instance;
};

G_DEFINE_FINAL_TYPE (PrMenuButton, pr_menu_button, ADW_TYPE_BIN)

static void
on_create_popup (GtkMenuButton *button, gpointer user_data)
{
  if (gtk_menu_button_get_menu_model (button) != NULL)
    return;
  gtk_menu_button_set_menu_model (button, user_data);
  pr_accessible_hide_classes (GTK_WIDGET (gtk_menu_button_get_popover (button)));
}

/**
 * pr_menu_button_attach:
 * @button: a button without a menu
 * @model: its menu
 *
 * Gives @button a menu whose widgets are made when it is first opened: GTK would make some forty
 * with the button, and most menus are never opened.
 */
void
pr_menu_button_attach (GtkMenuButton *button, GMenuModel *model)
{
  gtk_menu_button_set_create_popup_func (button, on_create_popup, g_object_ref (model),
                                         g_object_unref);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_HAS_POPUP, TRUE,
                                  -1);
}

static void
pr_menu_button_class_init (PrMenuButtonClass *klass)
{
}

static void
pr_menu_button_init (PrMenuButton *self)
{
  GtkApplication *application = GTK_APPLICATION (g_application_get_default ());
  GtkWidget *button = gtk_menu_button_new ();

  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), "open-menu-symbolic");
  gtk_menu_button_set_primary (GTK_MENU_BUTTON (button), TRUE);
  if (application != NULL)
    pr_menu_button_attach (GTK_MENU_BUTTON (button), G_MENU_MODEL (gtk_application_get_menu_by_id (
                                                         application, "primary-menu")));
  gtk_widget_set_tooltip_text (button, _ ("Main Menu"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Main Menu"), -1);
  adw_bin_set_child (ADW_BIN (self), button);
}
