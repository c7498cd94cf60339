/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Change Multiple Records: only the fields that somebody touches are changed, and what will change
 * is said before. Main thread. */

#include "pr-mailbox-dialogs.h"

#include "pr-choice-row.h"
#include "pr-words.h"

#include <glib/gi18n.h>

#define UNCHANGED -1

typedef struct
{
  PrMailboxField field;
  const char *title;
} PrChangeRow;

static const PrChangeRow rows[] = {
  { PR_MAILBOX_PROFILE_ID, N_ ("Server profile") },
  { PR_MAILBOX_INCOMING, N_ ("Incoming email") },
  { PR_MAILBOX_OUTGOING, N_ ("Outgoing email") },
  { PR_MAILBOX_KIND, N_ ("Kind") },
  { PR_MAILBOX_ALLOW_CREDENTIALS, N_ ("Allow to use credentials") },
  { PR_MAILBOX_DELETE_AFTER, N_ ("Delete emails after processing") },
  { PR_MAILBOX_ACTIVE, N_ ("Active") },
};

#define N_ROWS G_N_ELEMENTS (rows)

typedef struct
{
  PrCommandDialog *dialog; /* borrowed */
  PrPage *page;
  PrSelection *selection;
  guint n;
  PrChoiceRow *choices[N_ROWS]; /* borrowed */
  GtkEditable *owner;           /* borrowed */
} PrChangeDialog;

static void
change_dialog_free (gpointer data)
{
  PrChangeDialog *self = data;

  g_object_unref (self->page);
  pr_selection_free (self->selection);
  g_free (self);
}

/* --- Rows ------------------------------------------------------------------------------------- */

static void
add_enum (PrChoiceRow *row, GType type, const char *hidden)
{
  g_autoptr (GTypeClass) type_class = g_type_class_ref (type);
  GEnumClass *values = G_ENUM_CLASS (type_class);

  for (guint i = 0; i < values->n_values; i++)
    if (g_strcmp0 (values->values[i].value_nick, hidden) != 0)
      pr_choice_row_add (row, values->values[i].value, pr_word_of (type, values->values[i].value));
}

static void
add_profiles (PrChoiceRow *row, PrEnvironment *environment)
{
  GListModel *profiles = pr_environment_get_profiles (environment);

  for (guint i = 0; i < g_list_model_get_n_items (profiles); i++)
    {
      g_autoptr (PrServerProfile) profile = g_list_model_get_item (profiles, i);

      pr_choice_row_add (row, pr_record_get_id (PR_RECORD (profile)),
                         pr_server_profile_get_text (profile, NAME));
    }
}

static void
fill_row (PrChangeDialog *self, PrChoiceRow *row, PrMailboxField field)
{
  pr_choice_row_add (row, UNCHANGED, C_ ("field", "Leave as it is"));
  switch ((int) field)
    {
      case PR_MAILBOX_PROFILE_ID:
        add_profiles (row, pr_page_get_environment (self->page));
        break;
      case PR_MAILBOX_INCOMING:
        add_enum (row, PR_TYPE_SYNC_METHOD, NULL);
        break;
      case PR_MAILBOX_OUTGOING:
        add_enum (row, PR_TYPE_SYNC_METHOD, "forward");
        break;
      case PR_MAILBOX_KIND:
        add_enum (row, PR_TYPE_MAILBOX_KIND, NULL);
        break;
      default:
        pr_choice_row_add (row, TRUE, _ ("Yes"));
        pr_choice_row_add (row, FALSE, _ ("No"));
        break;
    }
  pr_choice_row_set_value (row, UNCHANGED);
}

/* Returns: how many; each is to be freed with its text by the caller's caller: none has any but
 * the owner's, which is borrowed. */
static guint
list_changes (PrChangeDialog *self, PrChange *changes)
{
  const char *owner = gtk_editable_get_text (self->owner);
  guint n = 0;

  for (guint i = 0; i < N_ROWS; i++)
    if (pr_choice_row_get_value (self->choices[i]) != UNCHANGED)
      changes[n++] =
          (PrChange){ rows[i].field, NULL, pr_choice_row_get_value (self->choices[i]), FALSE };
  if (*owner != '\0')
    changes[n++] = (PrChange){ PR_MAILBOX_OWNER, (char *) owner, 0, FALSE };
  return n;
}

static void
on_changed (PrChangeDialog *self)
{
  PrChange changes[N_ROWS + 1];
  guint n_changes = list_changes (self, changes);
  gboolean resets = FALSE;

  for (guint i = 0; i < n_changes; i++)
    if (changes[i].field == PR_MAILBOX_PROFILE_ID || changes[i].field == PR_MAILBOX_INCOMING
        || changes[i].field == PR_MAILBOX_OUTGOING || changes[i].field == PR_MAILBOX_KIND)
      resets = TRUE;
  pr_command_dialog_set_missing (self->dialog, n_changes > 0 ? NULL : _ ("Nothing is changed yet"));
  pr_command_dialog_say (self->dialog,
                         resets ? _ ("What is changed has to be tested anew: the status of these "
                                     "mailboxes goes back to “Not run”.")
                                : NULL);
}

/* --- Doing it --------------------------------------------------------------------------------- */

static void
on_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrCommandDialog) dialog = user_data;
  PrChangeDialog *self = g_object_get_data (G_OBJECT (dialog), "pr-dialog");
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  guint n = 0;

  pr_environment_change_mailboxes_finish (PR_ENVIRONMENT (source), result, &n, &error);
  if (!pr_command_dialog_end (dialog, error))
    return;
  text = g_strdup_printf (ngettext ("%u mailbox changed", "%u mailboxes changed", n), n);
  pr_page_toast (self->page, text);
  pr_page_data_changed (self->page);
  gtk_window_destroy (GTK_WINDOW (dialog));
}

static void
on_go (PrChangeDialog *self)
{
  PrEnvironment *environment = pr_page_get_environment (self->page);
  PrChange changes[N_ROWS + 1];
  guint n_changes = list_changes (self, changes);
  g_autofree char *text = g_strdup_printf (
      ngettext ("Changing %u mailbox…", "Changing %u mailboxes…", self->n), self->n);

  if (environment != NULL)
    pr_environment_change_mailboxes_async (environment, self->selection, changes, n_changes,
                                           pr_command_dialog_begin (self->dialog, text), on_done,
                                           g_object_ref (self->dialog));
}

/**
 * pr_change_dialog_open:
 * @page: the page that asks
 * @selection: which mailboxes
 * @n: how many
 *
 * Returns: (transfer none): the dialog, which is shown
 */
PrCommandDialog *
pr_change_dialog_open (PrPage *page, PrSelection *selection, guint n)
{
  g_autofree char *label =
      g_strdup_printf (ngettext ("_Change %u Mailbox", "_Change %u Mailboxes", n), n);
  PrCommandDialog *dialog =
      pr_command_dialog_new (GTK_WIDGET (page), _ ("Change Multiple Records"), label);
  AdwPreferencesGroup *group = pr_command_dialog_add_group (
      dialog, NULL, _ ("Only what you choose here is changed; everything else stays as it is."));
  PrChangeDialog *self = g_new0 (PrChangeDialog, 1);
  GtkWidget *owner = adw_entry_row_new ();

  self->dialog = dialog;
  self->page = g_object_ref (page);
  self->selection = pr_selection_copy (selection);
  self->n = n;
  g_object_set_data_full (G_OBJECT (dialog), "pr-dialog", self, change_dialog_free);
  for (guint i = 0; i < N_ROWS; i++)
    {
      self->choices[i] =
          g_object_new (PR_TYPE_CHOICE_ROW, "title", _ (rows[i].title), "use-subtitle", TRUE, NULL);
      fill_row (self, self->choices[i], rows[i].field);
      g_signal_connect_swapped (self->choices[i], "notify::value", G_CALLBACK (on_changed), self);
      adw_preferences_group_add (group, GTK_WIDGET (self->choices[i]));
    }
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (owner), _ ("Owner (empty: leave as it is)"));
  self->owner = GTK_EDITABLE (owner);
  g_signal_connect_swapped (owner, "changed", G_CALLBACK (on_changed), self);
  adw_preferences_group_add (group, owner);
  g_signal_connect_swapped (dialog, "go", G_CALLBACK (on_go), self);
  on_changed (self);
  gtk_window_present (GTK_WINDOW (dialog));
  return dialog;
}
