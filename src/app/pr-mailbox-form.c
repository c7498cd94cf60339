/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrMailboxForm: one mailbox, from the first letter to enabled. Its rules are in
 * pr-mailbox-form-rules.c, what its tests found in pr-mailbox-form-status.c, its commands in
 * pr-mailbox-form-actions.c. Main thread. */

#include "pr-mailbox-form-actions.h"
#include "pr-mailbox-form-private.h"

#include "pr-accessible.h"
#include "pr-shortcuts.h"
#include "pr-sidebar-button.h"
#include "pr-switch-row.h"
#include "pr-window.h"

#include <glib/gi18n.h>

#define RELOAD_MS 300 /* after something was written: a job writes often */

enum
{
  SIGNAL_CLOSED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static const PrShortcut shortcuts[] = {
  { "<Control>s", "form.save" },
  { "F5", "form.test" },
  { "Escape", "form.back" },
};

G_DEFINE_FINAL_TYPE (PrMailboxForm, pr_mailbox_form, ADW_TYPE_BIN)

/* --- What it shows ---------------------------------------------------------------------------- */

static void
set_title (PrMailboxForm *self, const char *title, const char *subtitle)
{
  g_autofree char *both = g_strdup_printf ("%s %s", title, subtitle);

  adw_window_title_set_title (self->title, title);
  adw_window_title_set_subtitle (self->title, subtitle);
  pr_accessible_name_stack_child (GTK_WIDGET (self), g_strchomp (both));
}

static void
show_title (PrMailboxForm *self)
{
  const char *name, *address;

  if (self->id == 0)
    {
      set_title (self, _ ("New Mailbox"), "");
      return;
    }
  name = pr_mailbox_get_text (self->stored, NAME);
  address = pr_mailbox_get_text (self->stored, ADDRESS);
  set_title (self, name, g_str_equal (name, address) ? "" : address);
}

static void
show_all (PrMailboxForm *self)
{
  show_title (self);
  pr_mailbox_form_show_status (self);
  pr_mailbox_form_update_rules (self);
}

static void
edit (PrMailboxForm *self, PrMailbox *mailbox)
{
  g_set_object (&self->mailbox, mailbox);
  pr_form_set_record (self->form, PR_RECORD (mailbox));
}

/* Whether nobody has changed what this form may be changing, too. */
static gboolean
is_same_to_edit (PrMailbox *before, PrMailbox *now)
{
  guint n_fields;
  const PrField *fields = pr_record_get_fields (PR_RECORD (now), &n_fields);

  for (guint i = 0; i < n_fields; i++)
    {
      g_autofree char *old_text = NULL;
      g_autofree char *new_text = NULL;

      if ((fields[i].flags & PR_FIELD_EDITABLE) == 0)
        continue;
      old_text = pr_record_format (PR_RECORD (before), i);
      new_text = pr_record_format (PR_RECORD (now), i);
      if (g_strcmp0 (old_text, new_text) != 0)
        return FALSE;
    }
  return TRUE;
}

/* What somebody has edited stays; what tests have found is taken over. */
static void
take_status (PrMailboxForm *self)
{
  guint n_fields;
  const PrField *fields = pr_record_get_fields (PR_RECORD (self->mailbox), &n_fields);

  for (guint i = 0; i < n_fields; i++)
    {
      if ((fields[i].flags & PR_FIELD_EDITABLE) != 0)
        continue;
      if (fields[i].kind == PR_FIELD_TEXT)
        pr_record_set_text (PR_RECORD (self->mailbox), i,
                            pr_record_get_text (PR_RECORD (self->stored), i));
      else
        pr_record_set_number (PR_RECORD (self->mailbox), i,
                              pr_record_get_number (PR_RECORD (self->stored), i));
    }
}

static void
take_mailbox (PrMailboxForm *self, PrMailbox *mailbox)
{
  gboolean first = self->stored == NULL;
  gboolean same = !first && is_same_to_edit (self->stored, mailbox);

  g_set_object (&self->stored, mailbox);
  if (pr_mailbox_form_is_dirty (self))
    {
      take_status (self);
      /* Else saving will say that somebody was faster. */
      if (same)
        pr_record_set_version (PR_RECORD (self->mailbox),
                               pr_record_get_version (PR_RECORD (mailbox)));
    }
  else
    {
      g_autoptr (PrRecord) copy = pr_record_duplicate (PR_RECORD (mailbox));

      pr_record_set_id (copy, pr_record_get_id (PR_RECORD (mailbox)));
      pr_record_set_version (copy, pr_record_get_version (PR_RECORD (mailbox)));
      edit (self, PR_MAILBOX (copy));
    }
  show_all (self);
  if (!first)
    return;
  gtk_widget_show (GTK_WIDGET (self->page));
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    gtk_widget_grab_focus (GTK_WIDGET (self->approval_row));
}

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrMailboxForm) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list =
      pr_environment_list_mailboxes_finish (PR_ENVIRONMENT (source), result, &error);
  PrPage *page = PR_PAGE (gtk_widget_get_ancestor (GTK_WIDGET (self), PR_TYPE_PAGE));

  if (self->environment != (PrEnvironment *) source
      || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (list != NULL && list->len == 1 && pr_record_get_id (g_ptr_array_index (list, 0)) == self->id)
    {
      take_mailbox (self, g_ptr_array_index (list, 0));
      return;
    }
  if (list != NULL && list->len == 1)
    return;
  if (page != NULL && error != NULL)
    pr_page_show_error (page, _ ("The Mailbox Could Not Be Read"), error);
  else if (page != NULL)
    pr_page_toast (page, _ ("The mailbox does not exist any more"));
  pr_mailbox_form_close (self);
}

/* Reads the mailbox, its reports and its alerts again. */
void
pr_mailbox_form_reload (PrMailboxForm *self)
{
  g_autoptr (PrSelection) selection = NULL;

  if (self->id == 0 || self->environment == NULL)
    return;
  selection = pr_selection_new_ids (&self->id, 1);
  pr_environment_list_mailboxes_async (self->environment, selection, self->cancellable, on_loaded,
                                       g_object_ref (self));
}

static gboolean
on_reload (gpointer user_data)
{
  PrMailboxForm *self = user_data;

  self->reload_source = 0;
  pr_mailbox_form_reload (self);
  return G_SOURCE_REMOVE;
}

static void
on_stored (PrMailboxForm *self, guint changed)
{
  g_assert (PR_IS_MAILBOX_FORM (self));

  if ((changed
       & (PR_STORE_CHANGED_MAILBOXES | PR_STORE_CHANGED_MEMBERS | PR_STORE_CHANGED_PROFILES))
          != 0
      && self->reload_source == 0)
    self->reload_source = g_timeout_add (RELOAD_MS, on_reload, self);
}

static void
on_changed (PrMailboxForm *self)
{
  g_assert (PR_IS_MAILBOX_FORM (self));

  if (self->mailbox != NULL)
    pr_mailbox_form_update_rules (self);
}

static void
on_alerts_counted (PrMailboxForm *self)
{
  g_assert (PR_IS_MAILBOX_FORM (self));

  gtk_widget_set_visible (GTK_WIDGET (self->alerts_group),
                          pr_alert_list_get_counts (self->alerts)->n > 0);
}

/* --- Opening and closing ---------------------------------------------------------------------- */

static void
begin (PrMailboxForm *self, PrEnvironment *environment, gint64 id)
{
  PrAlertFilter filter = { .severity = -1, .mailbox_id = id };

  pr_mailbox_form_close (self);
  self->environment = g_object_ref (environment);
  self->cancellable = g_cancellable_new ();
  self->id = id;
  g_signal_connect_swapped (environment, "stored", G_CALLBACK (on_stored), self);
  pr_choice_row_set_profiles (self->profile_row, pr_environment_get_profiles (environment));
  gtk_widget_hide (GTK_WIDGET (self->alerts_group));
  pr_alert_list_show (self->alerts, id != 0 ? environment : NULL, &filter);
  pr_mailbox_form_load_reports (self);
}

/**
 * pr_mailbox_form_open:
 * @self: a form
 * @environment: where the mailbox is
 * @id: a stored mailbox
 *
 * Opens it for editing.
 */
void
pr_mailbox_form_open (PrMailboxForm *self, PrEnvironment *environment, gint64 id)
{
  g_return_if_fail (PR_IS_MAILBOX_FORM (self));
  g_return_if_fail (id != 0);

  begin (self, environment, id);
  /* Nothing of the one before while this one is being read. */
  gtk_widget_hide (GTK_WIDGET (self->page));
  set_title (self, _ ("Mailbox"), "");
  pr_mailbox_form_reload (self);
}

/**
 * pr_mailbox_form_open_new:
 * @self: a form
 * @environment: where the mailbox will be
 *
 * Opens a new mailbox with the default email settings.
 */
void
pr_mailbox_form_open_new (PrMailboxForm *self, PrEnvironment *environment)
{
  g_autoptr (PrMailbox) mailbox = NULL;

  g_return_if_fail (PR_IS_MAILBOX_FORM (self));

  begin (self, environment, 0);
  mailbox = pr_environment_new_mailbox (environment, "");
  edit (self, mailbox);
  gtk_widget_show (GTK_WIDGET (self->page));
  show_all (self);
  gtk_widget_grab_focus (pr_form_get_row (self->form, "name"));
}

static void
forget (PrMailboxForm *self)
{
  PrAlertFilter none = { .severity = -1 };

  g_clear_handle_id (&self->reload_source, g_source_remove);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  pr_mailbox_form_watch_job (self, NULL);
  if (self->environment != NULL)
    g_signal_handlers_disconnect_by_data (self->environment, self);
  if (self->form != NULL)
    pr_form_set_record (self->form, NULL);
  if (self->alerts != NULL)
    pr_alert_list_show (self->alerts, NULL, &none);
  g_clear_object (&self->mailbox);
  g_clear_object (&self->stored);
  g_clear_object (&self->saved);
  g_clear_object (&self->environment);
  g_clear_pointer (&self->secret, pr_secret_unref);
  g_clear_pointer (&self->sign_in_details, g_free);
  self->id = 0;
  self->tried = self->saving = self->test_after = FALSE;
}

/**
 * pr_mailbox_form_close:
 * @self: a form
 *
 * Forgets what it shows, saved or not.
 */
void
pr_mailbox_form_close (PrMailboxForm *self)
{
  gboolean open;

  g_return_if_fail (PR_IS_MAILBOX_FORM (self));

  open = self->environment != NULL;
  forget (self);
  pr_mailbox_form_update_actions (self);
  if (open)
    g_signal_emit (self, signals[SIGNAL_CLOSED], 0);
}

PrMailbox *
pr_mailbox_form_get_mailbox (PrMailboxForm *self)
{
  g_return_val_if_fail (PR_IS_MAILBOX_FORM (self), NULL);

  return self->mailbox;
}

gboolean
pr_mailbox_form_is_dirty (PrMailboxForm *self)
{
  g_return_val_if_fail (PR_IS_MAILBOX_FORM (self), FALSE);

  return self->mailbox != NULL && (pr_form_is_dirty (self->form) || self->secret != NULL);
}

/* --- The object ------------------------------------------------------------------------------- */

static void
pr_mailbox_form_map (GtkWidget *widget)
{
  PrMailboxForm *self = PR_MAILBOX_FORM (widget);

  GTK_WIDGET_CLASS (pr_mailbox_form_parent_class)->map (widget);
  self->shortcuts = pr_shortcuts_new (shortcuts, G_N_ELEMENTS (shortcuts));
  gtk_widget_add_controller (widget, self->shortcuts);
}

static void
pr_mailbox_form_unmap (GtkWidget *widget)
{
  PrMailboxForm *self = PR_MAILBOX_FORM (widget);

  gtk_widget_remove_controller (widget, g_steal_pointer (&self->shortcuts));
  GTK_WIDGET_CLASS (pr_mailbox_form_parent_class)->unmap (widget);
}

static void
pr_mailbox_form_dispose (GObject *object)
{
  PrMailboxForm *self = PR_MAILBOX_FORM (object);

  if (self->form != NULL)
    forget (self);
  g_clear_object (&self->form);
  G_OBJECT_CLASS (pr_mailbox_form_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, PrMailboxForm, title);
  gtk_widget_class_bind_template_child (widget_class, PrMailboxForm, page);
  gtk_widget_class_bind_template_child (widget_class, PrMailboxForm, save_button);
  gtk_widget_class_bind_template_child (widget_class, PrMailboxForm, approval_revealer);
  gtk_widget_class_bind_template_child (widget_class, PrMailboxForm, approval_label);
  gtk_widget_class_bind_template_child (widget_class, PrMailboxForm, status_group);
  gtk_widget_class_bind_template_child (widget_class, PrMailboxForm, approval_row);
  gtk_widget_class_bind_template_child (widget_class, PrMailboxForm, incoming_row);
  gtk_widget_class_bind_template_child (widget_class, PrMailboxForm, outgoing_row);
  gtk_widget_class_bind_template_child (widget_class, PrMailboxForm, act_row);
  gtk_widget_class_bind_template_child (widget_class, PrMailboxForm, run_row);
  gtk_widget_class_bind_template_child (widget_class, PrMailboxForm, tested_row);
  gtk_widget_class_bind_template_child (widget_class, PrMailboxForm, approval_icon);
  gtk_widget_class_bind_template_child (widget_class, PrMailboxForm, incoming_icon);
  gtk_widget_class_bind_template_child (widget_class, PrMailboxForm, outgoing_icon);
  gtk_widget_class_bind_template_child (widget_class, PrMailboxForm, act_icon);
  gtk_widget_class_bind_template_child (widget_class, PrMailboxForm, run_icon);
  gtk_widget_class_bind_template_child (widget_class, PrMailboxForm, profile_row);
  gtk_widget_class_bind_template_child (widget_class, PrMailboxForm, password_row);
  gtk_widget_class_bind_template_child (widget_class, PrMailboxForm, incoming_group);
  gtk_widget_class_bind_template_child (widget_class, PrMailboxForm, outgoing_group);
  gtk_widget_class_bind_template_child (widget_class, PrMailboxForm, alerts_group);
  gtk_widget_class_bind_template_child (widget_class, PrMailboxForm, incoming_tree);
  gtk_widget_class_bind_template_child (widget_class, PrMailboxForm, outgoing_tree);
  gtk_widget_class_bind_template_child (widget_class, PrMailboxForm, alerts);
}

static void
pr_mailbox_form_class_init (PrMailboxFormClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pr_mailbox_form_dispose;
  widget_class->map = pr_mailbox_form_map;
  widget_class->unmap = pr_mailbox_form_unmap;

  signals[SIGNAL_CLOSED] = g_signal_new ("closed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (PR_TYPE_ALERT_LIST);
  g_type_ensure (PR_TYPE_CHOICE_ROW);
  g_type_ensure (PR_TYPE_SIDEBAR_BUTTON);
  g_type_ensure (PR_TYPE_STEP_TREE);
  g_type_ensure (PR_TYPE_SWITCH_ROW);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/postroom/Postroom/ui/pr-mailbox-form.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, on_alerts_counted);
  pr_mailbox_form_class_install_actions (widget_class);
  pr_mailbox_form_class_install_sign_in (widget_class);
}

static void
pr_mailbox_form_init (PrMailboxForm *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->form = pr_form_new (GTK_WIDGET (self->page), PR_TYPE_MAILBOX);
  g_signal_connect_object (self->form, "changed", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);
  pr_mailbox_form_update_actions (self);
}
