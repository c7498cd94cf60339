/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrMailboxesPage: its commands, on one row or 100,000, and the one function that says which of
 * them can be used. Main thread. */

#include "pr-mailboxes-page-private.h"

#include "pr-dialog.h"
#include "pr-mailbox-dialogs.h"
#include "pr-password-dialog.h"
#include "pr-sign-in-dialog.h"
#include "pr-window.h"

#include <glib/gi18n.h>

static PrWindow *
get_window (PrMailboxesPage *self)
{
  return PR_WINDOW (gtk_widget_get_ancestor (GTK_WIDGET (self), PR_TYPE_WINDOW));
}

static guint
get_n_selected (PrMailboxesPage *self)
{
  return self->selection != NULL ? pr_grid_selection_get_n_selected (self->selection) : 0;
}

/* --- Commands that change many rows ----------------------------------------------------------- */

typedef struct
{
  PrMailboxesPage *page;
  PrMailboxCommand command;
  PrSelection *selection;
  guint n;
} PrCommandWork;

typedef struct
{
  const char *body; /* of the question; NULL: there is none */
  const char *label;
  const char *failed;
} PrCommandText;

static const PrCommandText command_texts[] = {
  [PR_MAILBOX_COMMAND_APPROVE] = {
      N_ ("Email is processed only for addresses that somebody has approved, unless the email "
          "settings say otherwise. Approve what really belongs to your organisation."),
      N_ ("Appro_ve"),
      N_ ("The Email Addresses Could Not Be Approved"),
  },
  [PR_MAILBOX_COMMAND_REJECT] = {
      N_ ("No email is processed for rejected addresses while the email settings ask for an "
          "approval. They can be approved later."),
      N_ ("_Reject"),
      N_ ("The Email Addresses Could Not Be Rejected"),
  },
  [PR_MAILBOX_COMMAND_ACTIVATE] = {
      NULL,
      NULL,
      N_ ("The Mailboxes Could Not Be Activated"),
  },
  [PR_MAILBOX_COMMAND_DEACTIVATE] = {
      N_ ("Inactive mailboxes are not tested, and no email is processed for them. They keep their "
          "settings and can be activated later."),
      N_ ("Deac_tivate"),
      N_ ("The Mailboxes Could Not Be Deactivated"),
  },
};

static char *
describe_question (PrMailboxCommand command, guint n)
{
  switch ((int) command)
    {
      case PR_MAILBOX_COMMAND_APPROVE:
        return g_strdup_printf (
            ngettext ("Approve %u Email Address?", "Approve %u Email Addresses?", n), n);
      case PR_MAILBOX_COMMAND_REJECT:
        return g_strdup_printf (
            ngettext ("Reject %u Email Address?", "Reject %u Email Addresses?", n), n);
      case PR_MAILBOX_COMMAND_DEACTIVATE:
        return g_strdup_printf (ngettext ("Deactivate %u Mailbox?", "Deactivate %u Mailboxes?", n),
                                n);
    }
  g_return_val_if_reached (NULL);
}

static char *
describe_done (PrMailboxCommand command, guint n)
{
  switch ((int) command)
    {
      case PR_MAILBOX_COMMAND_APPROVE:
        return g_strdup_printf (
            ngettext ("%u email address approved", "%u email addresses approved", n), n);
      case PR_MAILBOX_COMMAND_REJECT:
        return g_strdup_printf (
            ngettext ("%u email address rejected", "%u email addresses rejected", n), n);
      case PR_MAILBOX_COMMAND_ACTIVATE:
        return g_strdup_printf (ngettext ("%u mailbox activated", "%u mailboxes activated", n), n);
      case PR_MAILBOX_COMMAND_DEACTIVATE:
        return g_strdup_printf (ngettext ("%u mailbox deactivated", "%u mailboxes deactivated", n),
                                n);
    }
  g_return_val_if_reached (NULL);
}

static PrCommandWork *
command_work_new (PrMailboxesPage *self, PrMailboxCommand command)
{
  PrCommandWork *work = g_new0 (PrCommandWork, 1);

  work->page = g_object_ref (self);
  work->command = command;
  work->selection = pr_grid_selection_get_selection (self->selection);
  work->n = get_n_selected (self);
  return work;
}

static void
command_work_free (gpointer data)
{
  PrCommandWork *work = data;

  g_object_unref (work->page);
  pr_selection_free (work->selection);
  g_free (work);
}

static void
end_command (PrMailboxesPage *self)
{
  pr_busy_bar_end (self->busy_bar);
  pr_mailboxes_page_set_actions (self);
}

/* What was cancelled is no failure, but somebody wants to know what has become of the half. */
static void
show_failure (PrMailboxesPage *self, const char *heading, const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    pr_page_toast (PR_PAGE (self), _ ("Cancelled: nothing was changed"));
  else
    pr_page_show_error (PR_PAGE (self), heading, error);
}

static void
on_command_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PrCommandWork *work = user_data;
  PrMailboxesPage *self = work->page;
  const PrCommandText *text = &command_texts[work->command];
  g_autoptr (GError) error = NULL;
  guint n = 0;

  end_command (self);
  if (pr_environment_change_mailboxes_finish (PR_ENVIRONMENT (source), result, &n, &error))
    {
      g_autofree char *message = describe_done (work->command, n);

      pr_page_toast (PR_PAGE (self), message);
      pr_page_data_changed (PR_PAGE (self));
    }
  else
    show_failure (self, _ (text->failed), error);
  command_work_free (work);
}

/* Takes @work. */
static void
run_command (PrCommandWork *work)
{
  PrMailboxesPage *self = work->page;
  PrEnvironment *environment = pr_page_get_environment (PR_PAGE (self));
  g_autofree char *text = g_strdup_printf (
      ngettext ("Changing %u mailbox…", "Changing %u mailboxes…", work->n), work->n);

  if (environment == NULL || pr_busy_bar_is_busy (self->busy_bar))
    {
      command_work_free (work);
      return;
    }
  pr_environment_command_mailboxes_async (environment, work->selection, work->command,
                                          pr_busy_bar_begin (self->busy_bar, text), on_command_done,
                                          work);
  pr_mailboxes_page_set_actions (self);
}

static void
on_command_answer (const char *response, gpointer user_data)
{
  PrCommandWork **work = user_data;

  if (g_str_equal (response, "go-on"))
    run_command (g_steal_pointer (work));
}

static void
command_answer_free (gpointer data)
{
  PrCommandWork **work = data;

  g_clear_pointer (work, command_work_free);
  g_free (work);
}

static void
begin_command (PrMailboxesPage *self, PrMailboxCommand command)
{
  const PrCommandText *text = &command_texts[command];
  PrCommandWork *work = command_work_new (self, command);
  g_autofree char *heading = NULL;
  PrCommandWork **asked;

  if (text->body == NULL)
    {
      run_command (work);
      return;
    }
  heading = describe_question (command, work->n);
  asked = g_new0 (PrCommandWork *, 1);
  *asked = work;
  pr_dialog_ask (GTK_WIDGET (self), heading, _ (text->body), "go-on", _ (text->label),
                 command == PR_MAILBOX_COMMAND_REJECT ? ADW_RESPONSE_DESTRUCTIVE
                                                      : ADW_RESPONSE_SUGGESTED,
                 on_command_answer, asked, command_answer_free);
}

static void
on_approve (GtkWidget *widget, const char *name, GVariant *parameter)
{
  begin_command (PR_MAILBOXES_PAGE (widget), PR_MAILBOX_COMMAND_APPROVE);
}

static void
on_reject (GtkWidget *widget, const char *name, GVariant *parameter)
{
  begin_command (PR_MAILBOXES_PAGE (widget), PR_MAILBOX_COMMAND_REJECT);
}

static void
on_make_active (GtkWidget *widget, const char *name, GVariant *parameter)
{
  begin_command (PR_MAILBOXES_PAGE (widget), PR_MAILBOX_COMMAND_ACTIVATE);
}

static void
on_make_inactive (GtkWidget *widget, const char *name, GVariant *parameter)
{
  begin_command (PR_MAILBOXES_PAGE (widget), PR_MAILBOX_COMMAND_DEACTIVATE);
}

/* --- Delete ----------------------------------------------------------------------------------- */

static void
on_deleted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrMailboxesPage) self = user_data;
  g_autoptr (GError) error = NULL;
  guint n = 0;

  end_command (self);
  if (pr_environment_delete_mailboxes_finish (PR_ENVIRONMENT (source), result, &n, &error))
    {
      g_autofree char *message =
          g_strdup_printf (ngettext ("%u mailbox deleted", "%u mailboxes deleted", n), n);

      pr_page_toast (PR_PAGE (self), message);
      pr_page_data_changed (PR_PAGE (self));
    }
  else
    show_failure (self, _ ("The Mailboxes Could Not Be Deleted"), error);
}

static void
on_delete_answer (const char *response, gpointer user_data)
{
  PrCommandWork *work = user_data;
  PrMailboxesPage *self = work->page;
  PrEnvironment *environment = pr_page_get_environment (PR_PAGE (self));
  g_autofree char *text = g_strdup_printf (
      ngettext ("Deleting %u mailbox…", "Deleting %u mailboxes…", work->n), work->n);

  if (!g_str_equal (response, "delete") || environment == NULL
      || pr_busy_bar_is_busy (self->busy_bar))
    return;
  pr_environment_delete_mailboxes_async (environment, work->selection,
                                         pr_busy_bar_begin (self->busy_bar, text), on_deleted,
                                         g_object_ref (self));
  pr_mailboxes_page_set_actions (self);
}

static void
on_delete (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PrMailboxesPage *self = PR_MAILBOXES_PAGE (widget);
  PrCommandWork *work = command_work_new (self, 0);
  g_autofree char *heading =
      g_strdup_printf (ngettext ("Delete %u Mailbox?", "Delete %u Mailboxes?", work->n), work->n);

  pr_dialog_ask (widget, heading,
                 _ ("Their settings, alerts, test results and passwords are deleted for good. The "
                    "email on the servers stays as it is."),
                 "delete", _ ("_Delete"), ADW_RESPONSE_DESTRUCTIVE, on_delete_answer, work,
                 command_work_free);
}

/* --- New and edit ----------------------------------------------------------------------------- */

static void
on_new (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PrMailboxesPage *self = PR_MAILBOXES_PAGE (widget);

  pr_mailbox_form_open_new (pr_mailboxes_page_get_form (self),
                            pr_page_get_environment (PR_PAGE (self)));
  gtk_stack_set_visible_child_name (self->stack, "form");
}

static void
on_edit (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PrMailboxesPage *self = PR_MAILBOXES_PAGE (widget);
  gint64 id = pr_grid_selection_get_single (self->selection);
  g_autoptr (PrSelection) selection = pr_grid_selection_get_selection (self->selection);

  if (id != 0)
    pr_mailboxes_page_open (self, id);
  else if (pr_page_is_writable (PR_PAGE (self)))
    pr_change_dialog_open (PR_PAGE (self), selection, get_n_selected (self));
}

static void
on_apply_defaults (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PrMailboxesPage *self = PR_MAILBOXES_PAGE (widget);
  g_autoptr (PrSelection) selection = pr_grid_selection_get_selection (self->selection);

  pr_defaults_dialog_open (PR_PAGE (self), selection, get_n_selected (self));
}

static void
on_test_options (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PrMailboxesPage *self = PR_MAILBOXES_PAGE (widget);
  g_autoptr (PrSelection) selection = pr_grid_selection_get_selection (self->selection);

  pr_test_dialog_open (PR_PAGE (self), selection, get_n_selected (self));
}

/* --- Passwords -------------------------------------------------------------------------------- */

static void
on_passwords_set (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrMailboxesPage) self = user_data;
  g_autoptr (GError) error = NULL;
  guint n = 0;

  end_command (self);
  if (pr_environment_set_passwords_finish (PR_ENVIRONMENT (source), result, &n, &error))
    {
      g_autofree char *message = g_strdup_printf (
          ngettext ("Password of %u mailbox set", "Passwords of %u mailboxes set", n), n);

      pr_page_toast (PR_PAGE (self), message);
    }
  else
    pr_page_show_error (PR_PAGE (self), _ ("The Password Was Not Set"), error);
}

static void
on_password (PrSecret *secret, gpointer user_data)
{
  PrCommandWork *work = user_data;
  PrMailboxesPage *self = work->page;
  PrEnvironment *environment = pr_page_get_environment (PR_PAGE (self));

  if (environment == NULL || pr_busy_bar_is_busy (self->busy_bar))
    return;
  pr_environment_set_passwords_async (
      environment, work->selection, secret,
      pr_busy_bar_begin (self->busy_bar, _ ("Storing passwords in the keyring…")), on_passwords_set,
      g_object_ref (self));
  pr_mailboxes_page_set_actions (self);
}

static void
on_set_password (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PrMailboxesPage *self = PR_MAILBOXES_PAGE (widget);
  PrCommandWork *work = command_work_new (self, 0);
  g_autofree char *body = g_strdup_printf (
      ngettext ("The password of %u mailbox", "The same password for %u mailboxes", work->n),
      work->n);

  pr_password_dialog_ask (widget, _ ("Set Password"), body, on_password, work, command_work_free);
}

/* --- Sign-ins --------------------------------------------------------------------------------- */

/* One that was chosen is signed in to whether it needs it or not; of many those that need it. */
static void
on_sign_in (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PrMailboxesPage *self = PR_MAILBOXES_PAGE (widget);
  g_autoptr (PrSelection) selection = pr_grid_selection_get_selection (self->selection);

  pr_sign_in_dialog_open (widget, pr_page_get_environment (PR_PAGE (self)), selection,
                          get_n_selected (self) > 1);
}

/* --- Test ------------------------------------------------------------------------------------- */

static void
on_test (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PrMailboxesPage *self = PR_MAILBOXES_PAGE (widget);
  g_autoptr (PrSelection) selection = pr_grid_selection_get_selection (self->selection);
  guint n = get_n_selected (self);
  g_autofree char *title =
      g_strdup_printf (ngettext ("Testing %u mailbox", "Testing %u mailboxes", n), n);

  pr_window_start_job (get_window (self), title, selection, &pr_test_options_default);
}

/* --- Files ------------------------------------------------------------------------------------ */

static void
on_import (GtkWidget *widget, const char *name, GVariant *parameter)
{
  pr_mailboxes_page_import (PR_MAILBOXES_PAGE (widget));
}

static void
on_export (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PrMailboxesPage *self = PR_MAILBOXES_PAGE (widget);

  pr_mailboxes_page_export (self, pr_selection_copy (pr_mailbox_list_get_selection (self->list)));
}

static void
on_export_selected (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PrMailboxesPage *self = PR_MAILBOXES_PAGE (widget);

  pr_mailboxes_page_export (self, pr_grid_selection_get_selection (self->selection));
}

static void
on_template (GtkWidget *widget, const char *name, GVariant *parameter)
{
  pr_mailboxes_page_save_template (PR_MAILBOXES_PAGE (widget));
}

/* --- The page --------------------------------------------------------------------------------- */

static void
on_select_all (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_selection_model_select_all (GTK_SELECTION_MODEL (PR_MAILBOXES_PAGE (widget)->selection));
}

static void
on_select_none (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_selection_model_unselect_all (GTK_SELECTION_MODEL (PR_MAILBOXES_PAGE (widget)->selection));
}

static void
on_search (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PrMailboxesPage *self = PR_MAILBOXES_PAGE (widget);

  gtk_search_bar_set_search_mode (self->search_bar, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

static void
on_refresh (GtkWidget *widget, const char *name, GVariant *parameter)
{
  pr_mailbox_list_refresh (PR_MAILBOXES_PAGE (widget)->list);
}

static void
on_show_all (GtkWidget *widget, const char *name, GVariant *parameter)
{
  pr_mailboxes_page_show (PR_MAILBOXES_PAGE (widget), PR_VIEW_ALL, 0, NULL);
}

static void
on_clear_filter (GtkWidget *widget, const char *name, GVariant *parameter)
{
  pr_mailboxes_page_clear_filter (PR_MAILBOXES_PAGE (widget));
}

typedef struct
{
  const char *name;
  GtkWidgetActionActivateFunc activate;
  gboolean writes;
  gboolean needs_selection;
  gboolean starts_job;
} PrPageAction;

static const PrPageAction actions[] = {
  { "mailboxes.new", on_new, TRUE, FALSE, FALSE },
  { "mailboxes.edit", on_edit, FALSE, TRUE, FALSE },
  { "mailboxes.apply-defaults", on_apply_defaults, TRUE, TRUE, FALSE },
  { "mailboxes.set-password", on_set_password, TRUE, TRUE, FALSE },
  { "mailboxes.sign-in", on_sign_in, TRUE, TRUE, FALSE },
  { "mailboxes.test-options", on_test_options, TRUE, TRUE, TRUE },
  { "mailboxes.approve", on_approve, TRUE, TRUE, FALSE },
  { "mailboxes.reject", on_reject, TRUE, TRUE, FALSE },
  { "mailboxes.activate", on_make_active, TRUE, TRUE, FALSE },
  { "mailboxes.deactivate", on_make_inactive, TRUE, TRUE, FALSE },
  { "mailboxes.delete", on_delete, TRUE, TRUE, FALSE },
  { "mailboxes.test", on_test, TRUE, TRUE, TRUE },
  { "mailboxes.import", on_import, TRUE, FALSE, FALSE },
  { "mailboxes.export", on_export, FALSE, FALSE, FALSE },
  { "mailboxes.export-selected", on_export_selected, FALSE, TRUE, FALSE },
  { "mailboxes.template", on_template, FALSE, FALSE, FALSE },
  { "mailboxes.select-all", on_select_all, FALSE, FALSE, FALSE },
  { "mailboxes.select-none", on_select_none, FALSE, TRUE, FALSE },
  { "mailboxes.search", on_search, FALSE, FALSE, FALSE },
  { "mailboxes.refresh", on_refresh, FALSE, FALSE, FALSE },
  { "mailboxes.show-all", on_show_all, FALSE, FALSE, FALSE },
  { "mailboxes.clear-filter", on_clear_filter, FALSE, FALSE, FALSE },
};

void
pr_mailboxes_page_class_install_actions (GtkWidgetClass *widget_class)
{
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i].name, NULL, actions[i].activate);
}

static gboolean
is_testing (PrMailboxesPage *self)
{
  GtkWidget *window = gtk_widget_get_ancestor (GTK_WIDGET (self), PR_TYPE_WINDOW);
  PrWindowJob *job = window != NULL ? pr_window_get_job (PR_WINDOW (window)) : NULL;

  return job != NULL && pr_window_job_is_running (job);
}

/* Sets the sensitivity of every action. */
void
pr_mailboxes_page_set_actions (PrMailboxesPage *self)
{
  gboolean opened = self->list != NULL;
  gboolean writable = pr_page_is_writable (PR_PAGE (self));
  gboolean busy = pr_busy_bar_is_busy (self->busy_bar);
  gboolean selected = get_n_selected (self) > 0;
  gboolean testing = is_testing (self);

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_action_set_enabled (
        GTK_WIDGET (self), actions[i].name,
        opened && (writable || !actions[i].writes) && (selected || !actions[i].needs_selection)
            && (!busy || !actions[i].writes) && (!testing || !actions[i].starts_job));
}
