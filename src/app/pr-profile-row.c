/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrProfileRow: one server profile in the list. Its menu offers what the page can do with it.
 * Main thread. */

#include "pr-profile-row.h"

#include "pr-accessible.h"
#include "pr-menu-button.h"
#include "pr-words.h"

#include <glib/gi18n.h>

struct _PrProfileRow
{
  AdwActionRow parent_instance;

  /* Template children */
  GtkImage *health_icon;
  GtkLabel *default_label;
  GtkLabel *inactive_label;
  GtkMenuButton *menu_button;

  /* Owned */
  PrServerProfile *profile;
};

G_DEFINE_FINAL_TYPE (PrProfileRow, pr_profile_row, ADW_TYPE_ACTION_ROW)

static char *
describe_servers (PrServerProfile *profile)
{
  const char *incoming = pr_server_profile_get_location (profile, PR_DIRECTION_INCOMING);
  const char *outgoing = pr_server_profile_get_location (profile, PR_DIRECTION_OUTGOING);
  g_autofree char *in = pr_host_to_display (incoming);
  g_autofree char *out = pr_host_to_display (outgoing);

  if (g_ascii_strcasecmp (incoming, outgoing) == 0)
    return g_steal_pointer (&in);
  return g_strdup_printf (_ ("%s, %s"), in, out);
}

/* What is the matter with its mailboxes, in a few words. */
static char *
describe_counts (const PrOverviewCounts *counts)
{
  GString *text = g_string_new (NULL);

  if (counts == NULL || counts->n_mailboxes == 0)
    {
      g_string_append (text, _ ("No mailboxes"));
      return g_string_free (text, FALSE);
    }
  g_string_append_printf (text, ngettext ("%u mailbox", "%u mailboxes", counts->n_mailboxes),
                          counts->n_mailboxes);
  if (counts->n_failing > 0)
    g_string_append_printf (text, ngettext (" · %u fails", " · %u fail", counts->n_failing),
                            counts->n_failing);
  if (counts->n_working > 0)
    g_string_append_printf (text, ngettext (" · %u works", " · %u work", counts->n_working),
                            counts->n_working);
  if (counts->n_not_tested > 0)
    g_string_append_printf (text,
                            ngettext (" · %u not tested", " · %u not tested", counts->n_not_tested),
                            counts->n_not_tested);
  return g_string_free (text, FALSE);
}

static void
add_item (GMenu *menu, const char *label, const char *action, gint64 id)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target (item, action, "x", id);
  g_menu_append_item (menu, item);
}

static GMenuModel *
make_menu (PrServerProfile *profile, gboolean writable)
{
  g_autoptr (GMenu) menu = g_menu_new ();
  g_autoptr (GMenu) test = g_menu_new ();
  g_autoptr (GMenu) change = g_menu_new ();
  g_autoptr (GMenu) end = g_menu_new ();
  gint64 id = pr_record_get_id (PR_RECORD (profile));

  add_item (test, _ ("_Test Connection"), "profile.test", id);
  add_item (test, _ ("Test & _Enable Mailboxes"), "profile.test-mailboxes", id);
  add_item (test, _ ("Show _Mailboxes"), "profile.show-mailboxes", id);
  add_item (test, _ ("Show A_lerts"), "win.show-profile-alerts", id);
  add_item (change, writable ? _ ("_Edit") : _ ("_Show"), "profile.edit", id);
  add_item (change, _ ("_Duplicate"), "profile.duplicate", id);
  if (!pr_server_profile_get (profile, IS_DEFAULT))
    add_item (change, _ ("Set as De_fault"), "profile.set-default", id);
  if (pr_server_profile_get (profile, ACTIVE))
    add_item (change, _ ("Dea_ctivate"), "profile.deactivate", id);
  else
    add_item (change, _ ("A_ctivate"), "profile.activate", id);
  add_item (end, _ ("De_lete…"), "profile.delete", id);
  g_menu_append_section (menu, NULL, G_MENU_MODEL (test));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (change));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (end));
  return G_MENU_MODEL (g_steal_pointer (&menu));
}

static gboolean
on_delete_key (GtkWidget *widget, GVariant *arguments, gpointer user_data)
{
  gint64 id = pr_record_get_id (PR_RECORD (PR_PROFILE_ROW (widget)->profile));

  return gtk_widget_activate_action (widget, "profile.delete", "x", id);
}

static void
pr_profile_row_finalize (GObject *object)
{
  g_clear_object (&PR_PROFILE_ROW (object)->profile);
  G_OBJECT_CLASS (pr_profile_row_parent_class)->finalize (object);
}

static void
pr_profile_row_class_init (PrProfileRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = pr_profile_row_finalize;
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Delete, 0, on_delete_key, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_KP_Delete, 0, on_delete_key, NULL);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/postroom/Postroom/ui/pr-profile-row.ui");
  gtk_widget_class_bind_template_child (widget_class, PrProfileRow, health_icon);
  gtk_widget_class_bind_template_child (widget_class, PrProfileRow, default_label);
  gtk_widget_class_bind_template_child (widget_class, PrProfileRow, inactive_label);
  gtk_widget_class_bind_template_child (widget_class, PrProfileRow, menu_button);
}

static void
pr_profile_row_init (PrProfileRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  pr_accessible_hide_classes (GTK_WIDGET (self));
}

/**
 * pr_profile_row_new:
 * @profile: a stored profile
 * @writable: whether it can be changed
 *
 * Returns: (transfer none): a floating row
 */
PrProfileRow *
pr_profile_row_new (PrServerProfile *profile, gboolean writable)
{
  PrProfileRow *self = g_object_new (PR_TYPE_PROFILE_ROW, NULL);
  g_autoptr (GMenuModel) menu = make_menu (profile, writable);
  gboolean active = pr_server_profile_get (profile, ACTIVE) != 0;

  self->profile = g_object_ref (profile);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self),
                                 pr_server_profile_get_text (profile, NAME));
  gtk_widget_set_visible (GTK_WIDGET (self->default_label),
                          pr_server_profile_get (profile, IS_DEFAULT) != 0);
  gtk_widget_set_visible (GTK_WIDGET (self->inactive_label), !active);
  pr_menu_button_attach (self->menu_button, menu);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  pr_server_profile_get_text (profile, NAME), -1);
  pr_profile_row_set_counts (self, NULL);
  return self;
}

/**
 * pr_profile_row_get_profile:
 * @self: a row
 *
 * Returns: (transfer none): what it shows
 */
PrServerProfile *
pr_profile_row_get_profile (PrProfileRow *self)
{
  g_return_val_if_fail (PR_IS_PROFILE_ROW (self), NULL);

  return self->profile;
}

static void
set_health (PrProfileRow *self, const char *icon, const char *css_class, const char *label)
{
  static const char *const classes[] = { "status-success", "status-failure", "status-waiting" };

  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    gtk_widget_remove_css_class (GTK_WIDGET (self->health_icon), classes[i]);
  gtk_widget_add_css_class (GTK_WIDGET (self->health_icon), css_class);
  gtk_image_set_from_icon_name (self->health_icon, icon);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->health_icon), label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->health_icon), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label, -1);
}

/**
 * pr_profile_row_set_counts:
 * @self: a row
 * @counts: (nullable): of its mailboxes; %NULL: it has none
 */
void
pr_profile_row_set_counts (PrProfileRow *self, const PrOverviewCounts *counts)
{
  g_autofree char *servers = NULL;
  g_autofree char *mailboxes = NULL;
  g_autofree char *subtitle = NULL;

  g_return_if_fail (PR_IS_PROFILE_ROW (self));

  servers = describe_servers (self->profile);
  mailboxes = describe_counts (counts);
  subtitle = g_strdup_printf (
      "%s · %s\n%s",
      pr_word_of (PR_TYPE_SERVER_TYPE, (int) pr_server_profile_get (self->profile, SERVER_TYPE)),
      servers, mailboxes);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), subtitle);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  subtitle, -1);
  if (counts != NULL && counts->n_failing > 0)
    set_health (self, "postroom-failure-symbolic", "status-failure", _ ("Mailboxes fail"));
  else if (counts != NULL && counts->n_working > 0 && counts->n_not_tested == 0)
    set_health (self, "postroom-success-symbolic", "status-success", _ ("All mailboxes work"));
  else
    set_health (self, "postroom-not-run-symbolic", "status-waiting", _ ("Not tested"));
}
