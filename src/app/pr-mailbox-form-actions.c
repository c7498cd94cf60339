/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrMailboxForm: saving, and the commands on this one mailbox. Main thread. */

#include "pr-mailbox-form-actions.h"

#include "pr-accessible.h"
#include "pr-bidi.h"
#include "pr-dialog.h"
#include "pr-mailbox-form-private.h"
#include "pr-password-dialog.h"
#include "pr-window.h"

#include <glib/gi18n.h>

static PrPage *
get_page (PrMailboxForm *self)
{
  return PR_PAGE (gtk_widget_get_ancestor (GTK_WIDGET (self), PR_TYPE_PAGE));
}

static PrWindow *
get_window (PrMailboxForm *self)
{
  GtkWidget *window = gtk_widget_get_ancestor (GTK_WIDGET (self), PR_TYPE_WINDOW);

  return window != NULL ? PR_WINDOW (window) : NULL;
}

static gboolean
is_testing (PrMailboxForm *self)
{
  PrWindowJob *job = get_window (self) != NULL ? pr_window_get_job (get_window (self)) : NULL;

  return job != NULL && pr_window_job_is_running (job);
}

/* --- Test ------------------------------------------------------------------------------------- */

static void
start_test (PrMailboxForm *self)
{
  g_autoptr (PrSelection) selection = pr_selection_new_ids (&self->id, 1);
  g_autofree char *address = pr_bidi_isolate (pr_mailbox_get_text (self->mailbox, ADDRESS));
  g_autofree char *title = g_strdup_printf (_ ("Testing “%s”"), address);
  PrWindowJob *job;

  if (get_window (self) == NULL)
    return;
  job = pr_window_start_job (get_window (self), title, selection, &pr_test_options_default);
  if (job != NULL)
    pr_mailbox_form_watch_job (self, job);
  pr_mailbox_form_update_actions (self);
}

/* --- Saving ----------------------------------------------------------------------------------- */

static void
end_saving (PrMailboxForm *self)
{
  gboolean test_after = self->test_after;
  g_autofree char *address = pr_bidi_isolate (pr_mailbox_get_text (self->mailbox, ADDRESS));
  g_autofree char *text = g_strdup_printf (_ ("“%s” was saved"), address);

  self->saving = self->test_after = FALSE;
  self->id = pr_record_get_id (PR_RECORD (self->mailbox));
  pr_page_data_changed (get_page (self));
  if (test_after)
    {
      /* From here on it is as stored. */
      pr_form_set_record (self->form, PR_RECORD (self->mailbox));
      pr_mailbox_form_reload (self);
      start_test (self);
      return;
    }
  pr_page_toast (get_page (self), text);
  pr_mailbox_form_close (self);
}

static void
on_secret_stored (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrMailboxForm) self = user_data;
  g_autoptr (GError) error = NULL;

  if (self->mailbox == NULL)
    return;
  if (pr_environment_set_mailbox_password_finish (PR_ENVIRONMENT (source), result, &error))
    {
      end_saving (self);
      return;
    }
  self->saving = FALSE;
  pr_page_show_error (get_page (self), _ ("The Mailbox Was Saved Without Its Password"), error);
  pr_mailbox_form_update_actions (self);
}

static void
on_saved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrMailboxForm) self = user_data;
  g_autoptr (GPtrArray) errors = g_ptr_array_new_with_free_func ((GDestroyNotify) g_error_free);
  g_autoptr (GPtrArray) others = NULL;
  g_autoptr (PrSecret) secret = NULL;
  GError *error = NULL;
  gboolean saved = pr_environment_save_mailbox_finish (PR_ENVIRONMENT (source), result, &error);

  if (self->mailbox == NULL)
    {
      g_clear_error (&error);
      return;
    }
  if (saved)
    g_set_object (&self->mailbox, self->saved);
  secret = saved ? g_steal_pointer (&self->secret) : NULL;
  if (secret != NULL)
    pr_environment_set_mailbox_password_async (self->environment, self->mailbox, secret, NULL,
                                               on_secret_stored, g_object_ref (self));
  else if (saved)
    end_saving (self);
  if (saved)
    return;
  self->saving = self->test_after = FALSE;
  g_ptr_array_add (errors, error);
  others = pr_form_set_errors (self->form, errors, TRUE);
  if (others->len > 0)
    pr_page_show_error (get_page (self), _ ("The Mailbox Was Not Saved"), error);
  pr_mailbox_form_update_actions (self);
  pr_form_focus_first_error (self->form);
}

static gboolean
has_errors (PrMailboxForm *self)
{
  g_autoptr (PrRecord) filled = pr_record_duplicate (PR_RECORD (self->mailbox));
  g_autoptr (GPtrArray) errors = NULL;

  pr_mailbox_fill_in (PR_MAILBOX (filled));
  errors = pr_record_check (filled, NULL);
  return errors->len > 0 || pr_form_has_input_errors (self->form);
}

static void
save (PrMailboxForm *self, gboolean test_after)
{
  self->tried = TRUE;
  pr_mailbox_form_update_rules (self);
  if (has_errors (self))
    {
      pr_page_toast (get_page (self), _ ("Not saved: some fields need another value"));
      pr_form_focus_first_error (self->form);
      return;
    }
  self->saving = TRUE;
  self->test_after = test_after;
  pr_mailbox_form_update_actions (self);
  /* A copy: what is filled in on the way must not stay when it is refused. */
  g_clear_object (&self->saved);
  self->saved = PR_MAILBOX (pr_record_duplicate (PR_RECORD (self->mailbox)));
  pr_record_set_id (PR_RECORD (self->saved), self->id);
  pr_record_set_version (PR_RECORD (self->saved),
                         pr_record_get_version (PR_RECORD (self->mailbox)));
  pr_environment_save_mailbox_async (self->environment, self->saved, self->cancellable, on_saved,
                                     g_object_ref (self));
}

static void
on_save (GtkWidget *widget, const char *name, GVariant *parameter)
{
  save (PR_MAILBOX_FORM (widget), FALSE);
}

/* What is tested is what is stored. */
static void
on_test (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PrMailboxForm *self = PR_MAILBOX_FORM (widget);

  if (pr_mailbox_form_is_dirty (self))
    save (self, TRUE);
  else
    start_test (self);
}

/* --- Leaving ---------------------------------------------------------------------------------- */

static void
on_discard_answer (const char *response, gpointer user_data)
{
  if (g_str_equal (response, "discard"))
    pr_mailbox_form_close (user_data);
}

static void
on_back (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PrMailboxForm *self = PR_MAILBOX_FORM (widget);

  if (self->environment == NULL)
    return;
  if (pr_mailbox_form_is_dirty (self))
    pr_dialog_ask (widget, _ ("Discard Changes?"),
                   _ ("What was changed in this mailbox was not saved."), "discard", _ ("_Discard"),
                   ADW_RESPONSE_DESTRUCTIVE, on_discard_answer, g_object_ref (self),
                   g_object_unref);
  else
    pr_mailbox_form_close (self);
}

/* --- Commands --------------------------------------------------------------------------------- */

static void
on_command_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrMailboxForm) self = user_data;
  g_autoptr (GError) error = NULL;
  guint n;

  if (!pr_environment_change_mailboxes_finish (PR_ENVIRONMENT (source), result, &n, &error)
      && get_page (self) != NULL)
    pr_page_show_error (get_page (self), _ ("The Mailbox Was Not Changed"), error);
  pr_mailbox_form_reload (self);
}

static void
run_command (PrMailboxForm *self, PrMailboxCommand command)
{
  g_autoptr (PrSelection) selection = pr_selection_new_ids (&self->id, 1);

  pr_environment_command_mailboxes_async (self->environment, selection, command, self->cancellable,
                                          on_command_done, g_object_ref (self));
}

static void
on_approve (GtkWidget *widget, const char *name, GVariant *parameter)
{
  run_command (PR_MAILBOX_FORM (widget), PR_MAILBOX_COMMAND_APPROVE);
}

static void
on_reject (GtkWidget *widget, const char *name, GVariant *parameter)
{
  run_command (PR_MAILBOX_FORM (widget), PR_MAILBOX_COMMAND_REJECT);
}

static void
on_apply_defaults (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PrMailboxForm *self = PR_MAILBOX_FORM (widget);

  /* Into the form only: Save stores them, Back forgets them. */
  pr_mailbox_apply_settings (self->mailbox, pr_environment_get_settings (self->environment));
  pr_form_set_dirty (self->form);
  pr_mailbox_form_update_rules (self);
}

static void
on_deleted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrMailboxForm) self = user_data;
  g_autoptr (GError) error = NULL;
  guint n;

  if (get_page (self) == NULL)
    return;
  if (pr_environment_delete_mailboxes_finish (PR_ENVIRONMENT (source), result, &n, &error))
    {
      pr_page_toast (get_page (self), _ ("The mailbox was deleted"));
      pr_page_data_changed (get_page (self));
      pr_mailbox_form_close (self);
    }
  else
    pr_page_show_error (get_page (self), _ ("The Mailbox Could Not Be Deleted"), error);
}

static void
on_delete_answer (const char *response, gpointer user_data)
{
  PrMailboxForm *self = user_data;
  g_autoptr (PrSelection) selection = NULL;

  if (!g_str_equal (response, "delete") || self->id == 0)
    return;
  selection = pr_selection_new_ids (&self->id, 1);
  pr_environment_delete_mailboxes_async (self->environment, selection, NULL, on_deleted,
                                         g_object_ref (self));
}

static void
on_delete (GtkWidget *widget, const char *name, GVariant *parameter)
{
  pr_dialog_ask (widget, _ ("Delete This Mailbox?"),
                 _ ("Its settings, alerts, test results and password are deleted for good. The "
                    "email on the servers stays as it is."),
                 "delete", _ ("_Delete"), ADW_RESPONSE_DESTRUCTIVE, on_delete_answer,
                 g_object_ref (widget), g_object_unref);
}

/* --- Password --------------------------------------------------------------------------------- */

static void
on_password_changed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrMailboxForm) self = user_data;
  g_autoptr (GError) error = NULL;

  if (get_page (self) == NULL)
    return;
  if (pr_environment_set_mailbox_password_finish (PR_ENVIRONMENT (source), result, &error))
    pr_page_toast (get_page (self), _ ("The password was changed in the keyring"));
  else
    pr_page_show_error (get_page (self), _ ("The Password Was Not Changed"), error);
  pr_mailbox_form_reload (self);
}

static void
on_password (PrSecret *secret, gpointer user_data)
{
  PrMailboxForm *self = user_data;

  if (self->mailbox == NULL)
    return;
  if (self->id != 0)
    {
      pr_environment_set_mailbox_password_async (self->environment, self->stored, secret, NULL,
                                                 on_password_changed, g_object_ref (self));
      return;
    }
  g_clear_pointer (&self->secret, pr_secret_unref);
  self->secret = pr_secret_ref (secret);
  pr_mailbox_form_update_rules (self);
}

static void
on_set_password (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PrMailboxForm *self = PR_MAILBOX_FORM (widget);
  const char *username = pr_mailbox_get_text (self->mailbox, USERNAME);
  const char *address = pr_mailbox_get_text (self->mailbox, ADDRESS);
  g_autofree char *shown = NULL;
  g_autofree char *body = NULL;

  if (*username == '\0')
    username = address;
  shown = pr_bidi_isolate (username);
  body = *username != '\0' ? g_strdup_printf (_ ("The password of “%s”"), shown)
                           : g_strdup (_ ("The password of this mailbox"));
  pr_password_dialog_ask (widget, _ ("Set Password"), body, on_password, g_object_ref (self),
                          g_object_unref);
}

static void
on_remove_password (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PrMailboxForm *self = PR_MAILBOX_FORM (widget);

  pr_environment_set_mailbox_password_async (self->environment, self->stored, NULL, NULL,
                                             on_password_changed, g_object_ref (self));
}

/* --- All -------------------------------------------------------------------------------------- */

/* Sets the sensitivity of every action. */
void
pr_mailbox_form_update_actions (PrMailboxForm *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean open = self->mailbox != NULL;
  gboolean writable = open && !pr_environment_is_read_only (self->environment);
  gboolean can_edit = writable && !self->saving;
  gboolean stored = can_edit && self->id != 0;
  PrApproval approval =
      open ? (PrApproval) pr_mailbox_get (self->mailbox, APPROVAL) : PR_APPROVAL_EMPTY;

  gtk_widget_set_sensitive (GTK_WIDGET (self->page), can_edit);
  pr_accessible_set_obstacle (
      self, "form.save", self->save_button,
      pr_form_get_obstacle (writable, self->saving, open && pr_mailbox_form_is_dirty (self)));
  gtk_widget_action_set_enabled (widget, "form.test", can_edit && !is_testing (self));
  gtk_widget_action_set_enabled (widget, "form.approve",
                                 stored && approval != PR_APPROVAL_APPROVED);
  gtk_widget_action_set_enabled (widget, "form.reject", stored && approval != PR_APPROVAL_REJECTED);
  gtk_widget_action_set_enabled (widget, "form.apply-defaults", can_edit);
  gtk_widget_action_set_enabled (widget, "form.set-password", can_edit);
  gtk_widget_action_set_enabled (widget, "form.remove-password",
                                 stored && pr_mailbox_get (self->mailbox, PASSWORD_SET) != 0);
  gtk_widget_action_set_enabled (widget, "form.delete", stored);
}

void
pr_mailbox_form_class_install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "form.back", NULL, on_back);
  gtk_widget_class_install_action (widget_class, "form.save", NULL, on_save);
  gtk_widget_class_install_action (widget_class, "form.test", NULL, on_test);
  gtk_widget_class_install_action (widget_class, "form.approve", NULL, on_approve);
  gtk_widget_class_install_action (widget_class, "form.reject", NULL, on_reject);
  gtk_widget_class_install_action (widget_class, "form.apply-defaults", NULL, on_apply_defaults);
  gtk_widget_class_install_action (widget_class, "form.set-password", NULL, on_set_password);
  gtk_widget_class_install_action (widget_class, "form.remove-password", NULL, on_remove_password);
  gtk_widget_class_install_action (widget_class, "form.delete", NULL, on_delete);
}
