/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrSignInDialog: whose turn it is, the wait for the person at the browser, and what came of it.
 * There is no link that could be sent to the owner of a mailbox, because the browser comes back to
 * this computer (RFC 8252 section 7.3): the dialog says so, and offers the sign-in by a code where
 * the service has it (RFC 8628). Main thread. */

#include "pr-sign-in-dialog.h"

#include "pr-accessible.h"
#include "pr-browser.h"
#include "pr-environment-sign-in-info.h"
#include "pr-environment-sign-in.h"
#include "pr-links.h"
#include "pr-live-text.h"
#include "pr-report-oauth.h"
#include "pr-window.h"

#include <glib/gi18n.h>

struct _PrSignInDialog
{
  AdwWindow parent_instance;

  /* Template children */
  AdwWindowTitle *title;
  GtkProgressBar *progress;
  GtkSpinner *spinner;
  GtkImage *icon;
  GtkLabel *heading;
  GtkLabel *body;
  AdwPreferencesGroup *code_group;
  GtkLabel *code_label;
  AdwActionRow *address_row;
  AdwPreferencesGroup *ways_group;
  AdwActionRow *device_row;
  AdwPreferencesGroup *failures_group;
  GtkButton *stop_button;
  GtkButton *skip_button;
  GtkButton *again_button;
  GtkButton *test_button;

  /* Borrowed */
  GPtrArray *failure_rows;

  /* Owned */
  PrEnvironment *environment; /* NULL: the dialog was closed */
  GPtrArray *mailboxes;       /* (nullable): of PrMailbox, until they are listed */
  GPtrArray *left;            /* of PrMailbox: not signed in */
  GPtrArray *signed_in;       /* of PrMailbox */
  GHashTable *broken;         /* ids of profiles whose registration does not work */
  GCancellable *cancellable;
  char *url; /* (nullable): what the browser has to open */
  char *code;

  guint next;
  guint n_failed;
  PrSignInFlow flow;
  gboolean skipping;  /* the one that goes on was ended to go on with the next one */
  gboolean switching; /* … to do the same on another device */
};

enum
{
  SIGNAL_SIGNED_IN,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PrSignInDialog, pr_sign_in_dialog, ADW_TYPE_WINDOW)

static void begin_next (PrSignInDialog *self);
static void begin_one (PrSignInDialog *self);

static PrMailbox *
get_mailbox (PrSignInDialog *self)
{
  return g_ptr_array_index (self->mailboxes, self->next);
}

static gboolean
is_going_on (PrSignInDialog *self)
{
  return self->mailboxes != NULL && self->next < self->mailboxes->len;
}

/* --- What it shows ---------------------------------------------------------------------------- */

static void
set_icon (PrSignInDialog *self, const char *name, const char *css_class)
{
  static const char *const classes[] = { "status-success", "status-failure", "status-warning" };

  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    gtk_widget_remove_css_class (GTK_WIDGET (self->icon), classes[i]);
  gtk_widget_set_visible (GTK_WIDGET (self->icon), name != NULL);
  if (name == NULL)
    return;
  gtk_image_set_from_icon_name (self->icon, name);
  gtk_widget_add_css_class (GTK_WIDGET (self->icon), css_class);
}

/* Shows what belongs to a sign-in that goes on, or to the end of all. */
static void
update (PrSignInDialog *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean going_on = is_going_on (self);
  gboolean listing = self->mailboxes == NULL;
  guint n = listing ? 0 : self->mailboxes->len;
  g_autofree char *place =
      going_on && n > 1 ? g_strdup_printf (_ ("%u of %u"), self->next + 1, n) : g_strdup ("");

  adw_window_title_set_subtitle (self->title, place);
  gtk_widget_set_visible (GTK_WIDGET (self->progress), n > 1);
  gtk_progress_bar_set_fraction (self->progress, n > 0 ? (double) self->next / n : 0);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), going_on || listing);
  gtk_spinner_set_spinning (self->spinner, going_on || listing);
  gtk_widget_set_visible (GTK_WIDGET (self->code_group), going_on && self->code != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->ways_group),
                          going_on && self->code == NULL && self->url != NULL);
  gtk_button_set_label (self->stop_button,
                        going_on || listing ? (n > 1 ? _ ("_Stop") : _ ("_Cancel")) : _ ("_Close"));
  gtk_widget_set_visible (GTK_WIDGET (self->skip_button), going_on && n > 1);
  gtk_widget_set_visible (GTK_WIDGET (self->again_button),
                          !going_on && !listing && self->left->len > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->test_button),
                          !going_on && !listing && self->signed_in->len > 0);
  gtk_widget_action_set_enabled (widget, "sign-in.open", going_on && self->url != NULL);
  gtk_widget_action_set_enabled (widget, "sign-in.copy-address", going_on && self->url != NULL);
  gtk_widget_action_set_enabled (widget, "sign-in.copy-code", going_on && self->code != NULL);
  gtk_widget_action_set_enabled (
      widget, "sign-in.use-device",
      going_on && self->code == NULL
          && pr_environment_offers_device (self->environment, get_mailbox (self)));
  gtk_widget_action_set_enabled (widget, "sign-in.skip", going_on && n > 1);
  gtk_widget_action_set_enabled (widget, "sign-in.again", !going_on && !listing);
  gtk_widget_action_set_enabled (widget, "sign-in.test", !going_on && !listing);
}

static void
show_device_row (PrSignInDialog *self)
{
  g_autofree char *service = pr_environment_name_service (self->environment, get_mailbox (self));
  g_autofree char *text = NULL;

  if (pr_environment_offers_device (self->environment, get_mailbox (self)))
    text = g_strdup (_ ("Its owner opens a short address anywhere and types a code. The address "
                        "above works on this computer only and cannot be sent to anybody."));
  else
    text = g_strdup_printf (_ ("Not possible: the address above works on this computer only, "
                               "because the browser comes back to it, and %s offers no sign-in by "
                               "a code for mail. Its owner has to come to this computer."),
                            service != NULL ? service : _ ("the provider"));
  adw_action_row_set_subtitle (self->device_row, text);
}

static void
show_waiting (PrSignInDialog *self, const char *body)
{
  g_autofree char *heading =
      g_strdup_printf (_ ("Sign in as %s"), pr_mailbox_get_text (get_mailbox (self), ADDRESS));

  set_icon (self, NULL, NULL);
  gtk_widget_show (GTK_WIDGET (self->body));
  gtk_label_set_label (self->heading, heading);
  gtk_label_set_label (self->body, body);
  show_device_row (self);
  update (self);
}

/* --- What it tells while one goes on ---------------------------------------------------------- */

static void
on_no_browser (const GError *error, gpointer user_data)
{
  PrSignInDialog *self = user_data;
  g_autofree char *body = NULL;

  if (self->environment == NULL || !is_going_on (self))
    return;
  body =
      g_strdup_printf (_ ("No web browser could be opened: %s. Copy the address and open it in a "
                          "web browser on this computer."),
                       error->message);
  show_waiting (self, body);
}

static void
open_browser (PrSignInDialog *self)
{
  show_waiting (self, _ ("Go on in the web browser, and choose this account there. Postroom waits "
                         "here for ten minutes."));
  pr_browser_open (GTK_WIDGET (self), self->url, on_no_browser, g_object_ref (self),
                   g_object_unref);
}

static void
on_open_url (PrEnvironment *environment, PrMailbox *mailbox, const char *url, gpointer user_data)
{
  PrSignInDialog *self = user_data;

  if (self->environment == NULL || self->skipping || self->switching)
    return;
  g_free (self->url);
  self->url = g_strdup (url);
  open_browser (self);
}

static void
on_show_code (PrEnvironment *environment,
              PrMailbox *mailbox,
              const char *url,
              const char *code,
              guint expires_s,
              gpointer user_data)
{
  PrSignInDialog *self = user_data;
  guint minutes = (expires_s + 59) / 60;
  g_autofree char *body = NULL;

  if (self->environment == NULL || self->skipping)
    return;
  g_free (self->url);
  g_free (self->code);
  self->url = g_strdup (url);
  self->code = g_strdup (code);
  gtk_label_set_label (self->code_label, code);
  adw_action_row_set_subtitle (self->address_row, url);
  body = g_strdup_printf (
      ngettext ("Open this address in any web browser, on any device, and type the code within %u "
                "minute. Only somebody who shall sign in to this mailbox may get the code.",
                "Open this address in any web browser, on any device, and type the code within %u "
                "minutes. Only somebody who shall sign in to this mailbox may get the code.",
                minutes),
      minutes);
  show_waiting (self, body);
}

/* --- The end of one --------------------------------------------------------------------------- */

static void
on_open_profile (GtkWidget *widget, const char *name, GVariant *parameter)
{
  pr_link_open_profile (widget, g_variant_get_int64 (parameter));
  gtk_window_close (GTK_WINDOW (widget));
}

static void
add_failure (PrSignInDialog *self, PrMailbox *mailbox, const GError *error)
{
  gint64 profile_id = pr_mailbox_get (mailbox, PROFILE_ID);
  g_autoptr (PrServerProfile) profile =
      pr_environment_find_profile_by_id (self->environment, profile_id);
  g_autofree char *remedy = NULL;
  g_autofree char *summary = pr_report_oauth_describe (error, mailbox, profile, &remedy);
  g_autofree char *text =
      remedy != NULL ? g_strdup_printf ("%s\n%s", summary, remedy) : g_strdup (summary);
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title",
                                 pr_mailbox_get_text (mailbox, ADDRESS), "subtitle", text,
                                 "title-lines", 0, "subtitle-lines", 0, NULL);

  if (pr_sign_in_error_is_of_profile (error))
    {
      GtkWidget *button = gtk_button_new_with_label (_ ("Open Profile"));

      gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
      gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "sign-in.open-profile");
      gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "x", profile_id);
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
    }
  adw_preferences_group_add (self->failures_group, row);
  g_ptr_array_add (self->failure_rows, row);
  gtk_widget_show (GTK_WIDGET (self->failures_group));
}

static void
clear_failures (PrSignInDialog *self)
{
  for (guint i = 0; i < self->failure_rows->len; i++)
    adw_preferences_group_remove (self->failures_group, g_ptr_array_index (self->failure_rows, i));
  g_ptr_array_set_size (self->failure_rows, 0);
  gtk_widget_hide (GTK_WIDGET (self->failures_group));
}

static char *
describe_end (PrSignInDialog *self)
{
  guint n = self->signed_in->len, n_skipped = self->left->len - self->n_failed;
  g_autoptr (GString) text = g_string_new (NULL);

  if (self->mailboxes->len == 1)
    return g_strdup (n > 0 ? _ ("A test tells whether its mail can be read and sent.") : "");
  g_string_append_printf (
      text, ngettext ("%u mailbox is signed in.", "%u mailboxes are signed in.", n), n);
  if (self->n_failed > 0)
    g_string_append_printf (
        text, ngettext (" %u sign-in failed.", " %u sign-ins failed.", self->n_failed),
        self->n_failed);
  if (n_skipped > 0)
    g_string_append_printf (text, ngettext (" %u was left out.", " %u were left out.", n_skipped),
                            n_skipped);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
show_end (PrSignInDialog *self)
{
  g_autofree char *body = NULL;

  if (self->mailboxes->len == 0)
    {
      set_icon (self, "postroom-success-symbolic", "status-success");
      gtk_label_set_label (self->heading, _ ("Nobody Has to Sign In"));
      gtk_label_set_label (self->body,
                           _ ("Each of these mailboxes is signed in already, or its server profile "
                              "does not use OAuth."));
      update (self);
      return;
    }
  body = describe_end (self);
  if (self->left->len == 0)
    set_icon (self, "postroom-success-symbolic", "status-success");
  else if (self->n_failed > 0)
    set_icon (self, "postroom-failure-symbolic", "status-failure");
  else
    set_icon (self, "postroom-warning-symbolic", "status-warning");
  gtk_label_set_label (self->heading, self->left->len == 0  ? _ ("Signed In")
                                      : self->n_failed == 0 ? _ ("Not All Are Signed In")
                                                            : _ ("The Sign-in Failed"));
  gtk_label_set_label (self->body, body);
  gtk_widget_set_visible (GTK_WIDGET (self->body), *body != '\0');
  update (self);
}

static void
leave_one (PrSignInDialog *self, PrMailbox *mailbox, const GError *error)
{
  gint64 profile_id = pr_mailbox_get (mailbox, PROFILE_ID);

  g_ptr_array_add (self->left, g_object_ref (mailbox));
  if (error == NULL)
    return;
  self->n_failed++;
  add_failure (self, mailbox, error);
  if (pr_sign_in_error_is_of_profile (error))
    g_hash_table_add (self->broken, g_memdup2 (&profile_id, sizeof profile_id));
}

static void
on_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrSignInDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean signed_in = pr_environment_sign_in_finish (PR_ENVIRONMENT (source), result, &error);

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->url, g_free);
  g_clear_pointer (&self->code, g_free);
  if (self->environment == NULL)
    return;
  if (!signed_in && self->switching)
    {
      begin_one (self);
      return;
    }
  if (signed_in)
    {
      g_ptr_array_add (self->signed_in, g_object_ref (get_mailbox (self)));
      g_signal_emit (self, signals[SIGNAL_SIGNED_IN], 0);
    }
  else
    leave_one (self, get_mailbox (self), self->skipping ? NULL : error);
  self->next++;
  self->flow = PR_SIGN_IN_BROWSER;
  begin_next (self);
}

static void
begin_one (PrSignInDialog *self)
{
  static const PrSignInEvents events = { NULL, on_open_url, on_show_code, NULL };

  self->skipping = self->switching = FALSE;
  self->cancellable = g_cancellable_new ();
  show_waiting (self, _ ("Asking the provider…"));
  pr_environment_sign_in_async (self->environment, get_mailbox (self), self->flow, &events, self,
                                self->cancellable, on_done, g_object_ref (self));
}

static void
begin_next (PrSignInDialog *self)
{
  while (is_going_on (self))
    {
      gint64 profile_id = pr_mailbox_get (get_mailbox (self), PROFILE_ID);

      if (!g_hash_table_contains (self->broken, &profile_id))
        {
          begin_one (self);
          return;
        }
      leave_one (self, get_mailbox (self), NULL);
      self->next++;
    }
  show_end (self);
}

static void
on_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrSignInDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list =
      pr_environment_list_sign_ins_finish (PR_ENVIRONMENT (source), result, &error);

  g_clear_object (&self->cancellable);
  if (self->environment == NULL)
    return;
  if (list != NULL)
    {
      self->mailboxes = g_steal_pointer (&list);
      begin_next (self);
      return;
    }
  self->mailboxes = g_ptr_array_new_with_free_func (g_object_unref);
  update (self);
  set_icon (self, "postroom-failure-symbolic", "status-failure");
  gtk_label_set_label (self->heading, _ ("The Mailboxes Could Not Be Read"));
  gtk_label_set_label (self->body, error->message);
}

/* --- Actions ---------------------------------------------------------------------------------- */

static void
on_open (GtkWidget *widget, const char *name, GVariant *parameter)
{
  open_browser (PR_SIGN_IN_DIALOG (widget));
}

static void
on_copy_address (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PrSignInDialog *self = PR_SIGN_IN_DIALOG (widget);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), self->url);
  if (self->code == NULL)
    gtk_label_set_label (self->body, _ ("The address was copied. It works on this computer only, "
                                        "and for this sign-in only."));
}

static void
on_copy_code (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), PR_SIGN_IN_DIALOG (widget)->code);
}

static void
on_use_device (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PrSignInDialog *self = PR_SIGN_IN_DIALOG (widget);

  self->flow = PR_SIGN_IN_DEVICE;
  self->switching = TRUE;
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
}

static void
on_skip (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PrSignInDialog *self = PR_SIGN_IN_DIALOG (widget);

  self->skipping = TRUE;
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
}

/* All that are not signed in, from the start. */
static void
on_again (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PrSignInDialog *self = PR_SIGN_IN_DIALOG (widget);

  g_ptr_array_unref (self->mailboxes);
  self->mailboxes = g_steal_pointer (&self->left);
  self->left = g_ptr_array_new_with_free_func (g_object_unref);
  g_hash_table_remove_all (self->broken);
  clear_failures (self);
  self->next = self->n_failed = 0;
  begin_next (self);
}

static void
on_test (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PrSignInDialog *self = PR_SIGN_IN_DIALOG (widget);
  GtkWindow *window = gtk_window_get_transient_for (GTK_WINDOW (self));
  guint n = self->signed_in->len;
  g_autofree gint64 *ids = g_new (gint64, n);
  g_autoptr (PrSelection) selection = NULL;
  g_autofree char *title =
      g_strdup_printf (ngettext ("Testing %u mailbox", "Testing %u mailboxes", n), n);

  for (guint i = 0; i < n; i++)
    ids[i] = pr_record_get_id (g_ptr_array_index (self->signed_in, i));
  selection = pr_selection_new_ids (ids, n);
  if (window != NULL && PR_IS_WINDOW (window)
      && pr_window_start_job (PR_WINDOW (window), title, selection, &pr_test_options_default)
             == NULL)
    pr_window_toast (PR_WINDOW (window), _ ("Another test is running. Try again when it is over."));
  gtk_window_close (GTK_WINDOW (self));
}

/* --- The object ------------------------------------------------------------------------------- */

static void
pr_sign_in_dialog_dispose (GObject *object)
{
  PrSignInDialog *self = PR_SIGN_IN_DIALOG (object);

  g_clear_object (&self->environment);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  G_OBJECT_CLASS (pr_sign_in_dialog_parent_class)->dispose (object);
}

static void
pr_sign_in_dialog_finalize (GObject *object)
{
  PrSignInDialog *self = PR_SIGN_IN_DIALOG (object);

  g_clear_pointer (&self->mailboxes, g_ptr_array_unref);
  g_ptr_array_unref (self->left);
  g_ptr_array_unref (self->signed_in);
  g_ptr_array_unref (self->failure_rows);
  g_hash_table_unref (self->broken);
  g_clear_object (&self->cancellable);
  g_free (self->url);
  g_free (self->code);
  G_OBJECT_CLASS (pr_sign_in_dialog_parent_class)->finalize (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, PrSignInDialog, title);
  gtk_widget_class_bind_template_child (widget_class, PrSignInDialog, progress);
  gtk_widget_class_bind_template_child (widget_class, PrSignInDialog, spinner);
  gtk_widget_class_bind_template_child (widget_class, PrSignInDialog, icon);
  gtk_widget_class_bind_template_child (widget_class, PrSignInDialog, heading);
  gtk_widget_class_bind_template_child (widget_class, PrSignInDialog, body);
  gtk_widget_class_bind_template_child (widget_class, PrSignInDialog, code_group);
  gtk_widget_class_bind_template_child (widget_class, PrSignInDialog, code_label);
  gtk_widget_class_bind_template_child (widget_class, PrSignInDialog, address_row);
  gtk_widget_class_bind_template_child (widget_class, PrSignInDialog, ways_group);
  gtk_widget_class_bind_template_child (widget_class, PrSignInDialog, device_row);
  gtk_widget_class_bind_template_child (widget_class, PrSignInDialog, failures_group);
  gtk_widget_class_bind_template_child (widget_class, PrSignInDialog, stop_button);
  gtk_widget_class_bind_template_child (widget_class, PrSignInDialog, skip_button);
  gtk_widget_class_bind_template_child (widget_class, PrSignInDialog, again_button);
  gtk_widget_class_bind_template_child (widget_class, PrSignInDialog, test_button);
}

static void
pr_sign_in_dialog_class_init (PrSignInDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pr_sign_in_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = pr_sign_in_dialog_finalize;
  signals[SIGNAL_SIGNED_IN] = g_signal_new ("signed-in", G_TYPE_FROM_CLASS (klass),
                                            G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/postroom/Postroom/ui/pr-sign-in-dialog.ui");
  bind_children (widget_class);
  gtk_widget_class_install_action (widget_class, "sign-in.open", NULL, on_open);
  gtk_widget_class_install_action (widget_class, "sign-in.copy-address", NULL, on_copy_address);
  gtk_widget_class_install_action (widget_class, "sign-in.copy-code", NULL, on_copy_code);
  gtk_widget_class_install_action (widget_class, "sign-in.use-device", NULL, on_use_device);
  gtk_widget_class_install_action (widget_class, "sign-in.skip", NULL, on_skip);
  gtk_widget_class_install_action (widget_class, "sign-in.again", NULL, on_again);
  gtk_widget_class_install_action (widget_class, "sign-in.test", NULL, on_test);
  gtk_widget_class_install_action (widget_class, "sign-in.open-profile", "x", on_open_profile);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
pr_sign_in_dialog_init (PrSignInDialog *self)
{
  self->left = g_ptr_array_new_with_free_func (g_object_unref);
  self->signed_in = g_ptr_array_new_with_free_func (g_object_unref);
  self->failure_rows = g_ptr_array_new ();
  self->broken = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
  pr_accessible_hide_classes (GTK_WIDGET (self));
  pr_live_text_follow (self->heading);
  pr_live_text_follow (self->body);
}

/**
 * pr_sign_in_dialog_open:
 * @parent: any widget in the window that asks
 * @environment: an environment
 * @selection: which mailboxes
 * @only_needed: leave those out whose sign-in is still good, as far as is known
 *
 * Returns: (transfer none): the dialog, which is shown and begins at once
 */
PrSignInDialog *
pr_sign_in_dialog_open (GtkWidget *parent,
                        PrEnvironment *environment,
                        PrSelection *selection,
                        gboolean only_needed)
{
  PrSignInDialog *self =
      g_object_new (PR_TYPE_SIGN_IN_DIALOG, "transient-for", gtk_widget_get_root (parent), NULL);

  self->environment = g_object_ref (environment);
  self->cancellable = g_cancellable_new ();
  gtk_label_set_label (self->heading, _ ("Looking for Who Has to Sign In…"));
  update (self);
  pr_environment_list_sign_ins_async (environment, selection, only_needed, self->cancellable,
                                      on_listed, g_object_ref (self));
  gtk_window_present (GTK_WINDOW (self));
  return self;
}
