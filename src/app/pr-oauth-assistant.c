/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrOauthAssistant: the steps, which are the guide's (environment/pr-oauth-guide.c), and the way
 * through them. What is brought back is in pr-oauth-assistant-input.c. Main thread. */

#include "pr-oauth-assistant-private.h"

#include "pr-accessible.h"
#include "pr-browser.h"
#include "pr-live-text.h"

#include <glib/gi18n.h>

enum
{
  SIGNAL_DONE,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PrOauthAssistant, pr_oauth_assistant, ADW_TYPE_WINDOW)

static const PrOauthGuideStep *
get_step (PrOauthAssistant *self)
{
  return self->page >= 0 ? g_ptr_array_index (self->steps, (guint) self->page) : NULL;
}

/* What has to be brought back at this step. */
PrOauthGuideInput
pr_oauth_assistant_get_input (PrOauthAssistant *self)
{
  return get_step (self) != NULL ? get_step (self)->input : PR_OAUTH_GUIDE_INPUT_NONE;
}

/* --- What to copy, and where ------------------------------------------------------------------ */

static void
on_copy (GtkButton *button)
{
  const char *value = g_object_get_data (G_OBJECT (button), "pr-value");

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (button)), value);
  gtk_button_set_icon_name (button, "object-select-symbolic");
  gtk_widget_set_tooltip_text (GTK_WIDGET (button), _ ("Copied"));
}

static void
add_row (PrOauthAssistant *self, GtkWidget *row)
{
  adw_preferences_group_add (self->values_group, row);
  g_ptr_array_add (self->value_rows, row);
}

static void
add_value (PrOauthAssistant *self, const char *label, const char *value)
{
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", label,
                                 "subtitle", value, "subtitle-lines", 0, NULL);
  GtkWidget *button = gtk_button_new_from_icon_name ("edit-copy-symbolic");
  g_autofree char *name = g_strdup_printf (_ ("Copy: %s"), label);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, _ ("Copy"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  pr_accessible_hide_classes (button);
  g_object_set_data_full (G_OBJECT (button), "pr-value", g_strdup (value), g_free);
  g_signal_connect (button, "clicked", G_CALLBACK (on_copy), NULL);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  add_row (self, row);
}

static void
add_link (PrOauthAssistant *self, const char *label, const char *link)
{
  g_autofree char *title = g_strdup_printf (_ ("Open “%s”"), label);
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", title,
                                 "subtitle", link, "subtitle-lines", 0, "activatable", TRUE, NULL);
  GtkWidget *image = gtk_image_new_from_icon_name ("go-next-symbolic");

  adw_action_row_add_suffix (ADW_ACTION_ROW (row), image);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "assistant.open");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "s", link);
  add_row (self, row);
}

static void
show_values (PrOauthAssistant *self)
{
  const PrOauthGuideStep *step = get_step (self);

  for (guint i = 0; i < self->value_rows->len; i++)
    adw_preferences_group_remove (self->values_group, g_ptr_array_index (self->value_rows, i));
  g_ptr_array_set_size (self->value_rows, 0);
  if (step != NULL && step->link != NULL)
    add_link (self, step->link_label, step->link);
  /* The console of a domain calls this number a client id. */
  if (step != NULL && step->values->len > 0 && self->account != NULL
      && pr_service_account_get_unique_id (self->account) != NULL)
    add_value (self, _ ("Client ID"), pr_service_account_get_unique_id (self->account));
  for (guint i = 0; step != NULL && i < step->values->len; i++)
    {
      const PrOauthGuideValue *value = g_ptr_array_index (step->values, i);

      add_value (self, value->label, value->value);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->values_group), self->value_rows->len > 0);
}

/* --- The way ---------------------------------------------------------------------------------- */

static gboolean
is_last (PrOauthAssistant *self)
{
  return self->page == (int) self->steps->len - 1;
}

/* Where one can go from here, and why not. */
static void
show_ways (PrOauthAssistant *self)
{
  gboolean first = self->page <= (self->chooses ? -1 : 0);

  pr_accessible_set_obstacle (self, "assistant.back", self->back_button,
                              first ? _ ("This is the first page") : NULL);
  pr_accessible_set_obstacle (self, "assistant.next", self->next_button,
                              is_last (self) ? pr_oauth_assistant_get_missing (self) : NULL);
}

/* Shows the page. */
void
pr_oauth_assistant_update (PrOauthAssistant *self)
{
  const PrOauthGuideStep *step = get_step (self);
  g_autofree char *place = NULL;

  if (step != NULL)
    place = g_strdup_printf (_ ("Step %d of %u"), self->page + 1, self->steps->len);
  adw_window_title_set_subtitle (self->title, place != NULL ? place : self->provider->name);
  gtk_progress_bar_set_fraction (self->progress, (double) (self->page + 1) / self->steps->len);
  gtk_label_set_label (self->heading, step != NULL ? step->title : _ ("Who signs in?"));
  gtk_label_set_label (self->text, step != NULL
                                       ? step->text
                                       : _ ("Postroom comes without a registration of its own: the "
                                            "provider holds its owner responsible. You make one, "
                                            "which takes a quarter of an hour."));
  gtk_widget_set_visible (GTK_WIDGET (self->kind_group), step == NULL);
  show_values (self);
  pr_oauth_assistant_show_input (self);
  gtk_button_set_label (self->next_button,
                        is_last (self) ? _ ("_Fill In the Profile") : _ ("_Next"));
  show_ways (self);
}

static void
make_steps (PrOauthAssistant *self)
{
  self->kind = self->chooses && gtk_check_button_get_active (self->service_check)
                   ? PR_OAUTH_GUIDE_SERVICE_ACCOUNT
                   : PR_OAUTH_GUIDE_CLIENT;
  g_clear_pointer (&self->steps, g_ptr_array_unref);
  self->steps = pr_oauth_guide_make (self->provider, self->kind);
}

static void
go_to (PrOauthAssistant *self, int page)
{
  self->page = page;
  pr_oauth_assistant_update (self);
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scrolled), 0);
}

static void
on_back (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PrOauthAssistant *self = PR_OAUTH_ASSISTANT (widget);

  go_to (self, self->page - 1);
}

static void
on_next (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PrOauthAssistant *self = PR_OAUTH_ASSISTANT (widget);

  if (self->page < 0)
    make_steps (self);
  if (!is_last (self))
    {
      go_to (self, self->page + 1);
      return;
    }
  g_signal_emit (self, signals[SIGNAL_DONE], 0);
  gtk_window_close (GTK_WINDOW (self));
}

static void
on_open (GtkWidget *widget, const char *name, GVariant *parameter)
{
  pr_browser_open (widget, g_variant_get_string (parameter, NULL), NULL, NULL, NULL);
}

/* --- The object ------------------------------------------------------------------------------- */

static void
pr_oauth_assistant_finalize (GObject *object)
{
  PrOauthAssistant *self = PR_OAUTH_ASSISTANT (object);

  g_clear_pointer (&self->provider, pr_oauth_provider_unref);
  g_clear_pointer (&self->steps, g_ptr_array_unref);
  g_clear_pointer (&self->account, pr_service_account_unref);
  g_clear_pointer (&self->client_secret, pr_secret_unref);
  g_clear_pointer (&self->key, pr_secret_unref);
  g_ptr_array_unref (self->value_rows);
  g_free (self->client_id);
  G_OBJECT_CLASS (pr_oauth_assistant_parent_class)->finalize (object);
}

static void
pr_oauth_assistant_class_init (PrOauthAssistantClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = pr_oauth_assistant_finalize;
  signals[SIGNAL_DONE] = g_signal_new ("done", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                       NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/postroom/Postroom/ui/pr-oauth-assistant.ui");
  gtk_widget_class_bind_template_child (widget_class, PrOauthAssistant, title);
  gtk_widget_class_bind_template_child (widget_class, PrOauthAssistant, progress);
  gtk_widget_class_bind_template_child (widget_class, PrOauthAssistant, scrolled);
  gtk_widget_class_bind_template_child (widget_class, PrOauthAssistant, heading);
  gtk_widget_class_bind_template_child (widget_class, PrOauthAssistant, text);
  gtk_widget_class_bind_template_child (widget_class, PrOauthAssistant, kind_group);
  gtk_widget_class_bind_template_child (widget_class, PrOauthAssistant, client_check);
  gtk_widget_class_bind_template_child (widget_class, PrOauthAssistant, service_check);
  gtk_widget_class_bind_template_child (widget_class, PrOauthAssistant, values_group);
  gtk_widget_class_bind_template_child (widget_class, PrOauthAssistant, back_button);
  gtk_widget_class_bind_template_child (widget_class, PrOauthAssistant, next_button);
  pr_oauth_assistant_class_install_input (widget_class);
  gtk_widget_class_install_action (widget_class, "assistant.back", NULL, on_back);
  gtk_widget_class_install_action (widget_class, "assistant.next", NULL, on_next);
  gtk_widget_class_install_action (widget_class, "assistant.open", "s", on_open);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
pr_oauth_assistant_init (PrOauthAssistant *self)
{
  self->value_rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  pr_accessible_hide_classes (GTK_WIDGET (self));
  pr_live_text_follow (self->heading);
  pr_live_text_follow (self->text);
  pr_live_text_follow (self->note_label);
  pr_oauth_assistant_init_input (self);
}

/**
 * pr_oauth_assistant_open:
 * @parent: any widget in the window that asks
 * @provider: whose console it leads through
 *
 * Returns: (transfer none): the assistant, which is shown
 */
PrOauthAssistant *
pr_oauth_assistant_open (GtkWidget *parent, PrOauthProvider *provider)
{
  PrOauthAssistant *self =
      g_object_new (PR_TYPE_OAUTH_ASSISTANT, "transient-for", gtk_widget_get_root (parent), NULL);

  self->provider = pr_oauth_provider_ref (provider);
  self->chooses = pr_oauth_guide_has (provider, PR_OAUTH_GUIDE_SERVICE_ACCOUNT);
  make_steps (self);
  go_to (self, self->chooses ? -1 : 0);
  gtk_window_present (GTK_WINDOW (self));
  return self;
}

/**
 * pr_oauth_assistant_get_client_id:
 * @self: an assistant
 *
 * Returns: (transfer none) (nullable): the client id that was brought back
 */
const char *
pr_oauth_assistant_get_client_id (PrOauthAssistant *self)
{
  g_return_val_if_fail (PR_IS_OAUTH_ASSISTANT (self), NULL);

  return self->kind == PR_OAUTH_GUIDE_CLIENT ? self->client_id : NULL;
}

/**
 * pr_oauth_assistant_get_client_secret:
 * @self: an assistant
 *
 * Returns: (transfer none) (nullable): what belongs to the client id
 */
PrSecret *
pr_oauth_assistant_get_client_secret (PrOauthAssistant *self)
{
  g_return_val_if_fail (PR_IS_OAUTH_ASSISTANT (self), NULL);

  return self->client_secret;
}

/**
 * pr_oauth_assistant_get_key:
 * @self: an assistant
 *
 * Returns: (transfer none) (nullable): the key file of a service account that was brought back
 */
PrSecret *
pr_oauth_assistant_get_key (PrOauthAssistant *self)
{
  g_return_val_if_fail (PR_IS_OAUTH_ASSISTANT (self), NULL);

  return self->kind == PR_OAUTH_GUIDE_SERVICE_ACCOUNT ? self->key : NULL;
}
