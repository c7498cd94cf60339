/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrPinDialog: old beside new, and the rule of RFC 8314 section 5.4: a certificate is never pinned
 * in answer to a failure of a server that worked. Whoever listens in could be the reason, and
 * would be trusted from then on. Main thread. */

#include "pr-pin-dialog.h"

#include "pr-accessible.h"
#include "pr-css.h"
#include "pr-environment-pins.h"
#include "pr-live-text.h"
#include "pr-pin.h"
#include "pr-words.h"

#include <glib/gi18n.h>

struct _PrPinDialog
{
  AdwWindow parent_instance;

  /* Template children */
  AdwWindowTitle *title;
  AdwActionRow *state_row;
  GtkSpinner *spinner;
  AdwActionRow *subject_row;
  AdwActionRow *issuer_row;
  AdwActionRow *until_row;
  AdwActionRow *shown_row;
  GtkButton *use_button;
  AdwPreferencesGroup *pinned_group;
  AdwActionRow *pinned_row;
  GtkButton *pin_button;
  AdwEntryRow *pin_row;
  AdwEntryRow *reason_row;
  GtkLabel *note_label;

  /* Owned */
  PrEnvironment *environment; /* NULL: the dialog was closed */
  PrServerProfile *profile;
  GCancellable *cancellable;
  PrReport *report; /* (nullable): what the server shows */
  GError *failure;  /* (nullable): why nobody could look */
  PrFacts *seen;    /* (nullable): it has worked before */
  char *pin;        /* (nullable): what was entered, if it is one */
  char *reason;

  PrDirection direction;
  gboolean looked;
  gboolean searched;
};

enum
{
  SIGNAL_PINNED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PrPinDialog, pr_pin_dialog, ADW_TYPE_WINDOW)

static const PrCertificate *
get_certificate (PrPinDialog *self)
{
  return self->report != NULL ? self->report->certificate : NULL;
}

static const char *
get_old_pin (PrPinDialog *self)
{
  return self->direction == PR_DIRECTION_INCOMING
             ? pr_server_profile_get_text (self->profile, INCOMING_PIN)
             : pr_server_profile_get_text (self->profile, OUTGOING_PIN);
}

/* Whether it is verified without any pin. */
static gboolean
is_verified (const PrCertificate *certificate)
{
  for (guint i = 0; i < certificate->n_problems; i++)
    if (certificate->problems[i] != PR_CODE_CERTIFICATE_PIN_CHANGED)
      return FALSE;
  return TRUE;
}

static char *
describe_problems (const PrCertificate *certificate)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < certificate->n_problems; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? " · " : "",
                            pr_word_of_code (certificate->problems[i]));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* --- What it shows ---------------------------------------------------------------------------- */

static void
show_row (AdwActionRow *row, gboolean visible, const char *text)
{
  gtk_widget_set_visible (GTK_WIDGET (row), visible);
  adw_action_row_set_subtitle (row, text != NULL ? text : "");
}

static void
show_state (PrPinDialog *self, const char *title, const char *text)
{
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->state_row), title);
  adw_action_row_set_subtitle (self->state_row, text != NULL ? text : "");
}

static void
show_now (PrPinDialog *self)
{
  const PrCertificate *certificate = get_certificate (self);
  gboolean shown = certificate != NULL;
  gboolean looking = !self->looked || !self->searched;
  const char *old = get_old_pin (self);
  g_autofree char *until = shown ? pr_word_of_time (certificate->not_after) : NULL;
  g_autofree char *fingerprint = shown ? pr_pin_format (certificate->sha256) : NULL;
  g_autofree char *problems = shown ? describe_problems (certificate) : NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->spinner), looking);
  gtk_spinner_set_spinning (self->spinner, looking);
  show_row (self->subject_row, shown, shown ? certificate->subject : NULL);
  show_row (self->issuer_row, shown, shown ? certificate->issuer : NULL);
  show_row (self->until_row, shown, until);
  show_row (self->shown_row, shown, fingerprint);
  if (looking)
    show_state (self, _ ("Looking at the certificate…"), NULL);
  else if (!shown)
    show_state (self, _ ("The server showed no certificate"),
                self->failure != NULL          ? self->failure->message
                : self->report->detail != NULL ? self->report->detail
                                               : pr_word_of_code (self->report->code));
  else if (*old != '\0' && g_str_equal (old, certificate->sha256))
    show_state (self, _ ("It is the pinned one"), problems);
  else if (*old != '\0')
    show_state (self, _ ("It is another one than the pinned one"), problems);
  else if (is_verified (certificate))
    show_state (self, _ ("It is verified: there is nothing to pin"), NULL);
  else
    show_state (self, _ ("It is not verified"), problems);
}

/* Why the fingerprint that is shown can be taken over, or cannot. */
static char *
describe_offer (PrPinDialog *self, gboolean *offered)
{
  const PrCertificate *certificate = get_certificate (self);
  g_autofree char *when = NULL;

  *offered = FALSE;
  if (!self->looked || !self->searched || certificate == NULL || is_verified (certificate)
      || g_str_equal (get_old_pin (self), certificate->sha256))
    return g_strdup ("");
  if (self->seen != NULL)
    {
      when = pr_word_of_time (self->seen->seen_at);
      return g_strdup_printf (
          _ ("This server worked on %s. If it shows another certificate since then, somebody may "
             "be "
             "listening in, so what it shows now is not offered for pinning. Ask the server’s "
             "administrator for the fingerprint, by another way than email, and enter it."),
          when);
    }
  if (*get_old_pin (self) != '\0')
    return g_strdup (_ ("A certificate was pinned already, and the server shows another one: "
                        "somebody may be listening in. Ask the server’s administrator for the "
                        "fingerprint, by another way than email, and enter it."));
  *offered = TRUE;
  return g_strdup (_ ("This profile is being set up: what the server shows can be taken over. "
                      "Compare the fingerprint with the server’s administrator first: whoever "
                      "listens in now would be trusted from then on."));
}

static void
show_entries (PrPinDialog *self, const char *note)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->pin_row));
  gboolean wrong = *text != '\0' && self->pin == NULL;
  const char *missing = NULL;

  if (self->pin == NULL)
    missing = _ ("Possible when the fingerprint of a certificate is entered");
  else if (*self->reason == '\0')
    missing = _ ("Possible when the reason is entered, and who has compared it");

  pr_css_set_wrong (self->pin_row, wrong);
  gtk_label_set_label (self->note_label,
                       wrong ? _ ("Fingerprint: this is none. Accepted: the SHA-256 of a "
                                  "certificate, 64 hexadecimal digits, with or without colons.")
                             : note);
  pr_accessible_set_obstacle (self, "pin.set", self->pin_button, missing);
}

static void
update (PrPinDialog *self)
{
  const char *old = get_old_pin (self);
  g_autofree char *pinned = *old != '\0' ? pr_pin_format (old) : NULL;
  gboolean offered;
  g_autofree char *note = describe_offer (self, &offered);

  show_now (self);
  gtk_widget_set_visible (GTK_WIDGET (self->pinned_group), pinned != NULL);
  adw_action_row_set_subtitle (self->pinned_row, pinned != NULL ? pinned : "");
  gtk_widget_set_visible (GTK_WIDGET (self->use_button), offered);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "pin.use", offered);
  show_entries (self, note);
}

static void
on_changed (PrPinDialog *self)
{
  g_assert (PR_IS_PIN_DIALOG (self));

  if (self->profile == NULL)
    return;
  g_free (self->pin);
  g_free (self->reason);
  self->pin = pr_pin_parse (gtk_editable_get_text (GTK_EDITABLE (self->pin_row)));
  self->reason = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->reason_row))));
  update (self);
}

/* --- Looking ---------------------------------------------------------------------------------- */

static void
on_looked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrPinDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  PrReport *report =
      pr_environment_look_at_certificate_finish (PR_ENVIRONMENT (source), result, &error);

  if (self->environment == NULL)
    {
      g_clear_pointer (&report, pr_report_unref);
      return;
    }
  self->looked = TRUE;
  self->report = report;
  self->failure = g_steal_pointer (&error);
  update (self);
}

static void
on_searched (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrPinDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  PrFacts *seen = pr_environment_find_seen_finish (PR_ENVIRONMENT (source), result, &error);

  if (self->environment == NULL)
    {
      g_clear_pointer (&seen, pr_facts_free);
      return;
    }
  /* As long as that is not known, nothing is offered. */
  self->searched = error == NULL;
  self->seen = seen;
  if (error != NULL)
    self->failure = g_steal_pointer (&error);
  update (self);
}

static void
on_use (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PrPinDialog *self = PR_PIN_DIALOG (widget);
  g_autofree char *text = pr_pin_format (get_certificate (self)->sha256);

  gtk_editable_set_text (GTK_EDITABLE (self->pin_row), text);
  gtk_widget_grab_focus (GTK_WIDGET (self->reason_row));
}

static void
on_set (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_signal_emit (widget, signals[SIGNAL_PINNED], 0);
  gtk_window_close (GTK_WINDOW (widget));
}

/* --- The object ------------------------------------------------------------------------------- */

static void
pr_pin_dialog_dispose (GObject *object)
{
  PrPinDialog *self = PR_PIN_DIALOG (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->environment);
  g_clear_object (&self->profile);
  G_OBJECT_CLASS (pr_pin_dialog_parent_class)->dispose (object);
}

static void
pr_pin_dialog_finalize (GObject *object)
{
  PrPinDialog *self = PR_PIN_DIALOG (object);

  g_clear_pointer (&self->report, pr_report_unref);
  g_clear_pointer (&self->seen, pr_facts_free);
  g_clear_error (&self->failure);
  g_free (self->pin);
  g_free (self->reason);
  G_OBJECT_CLASS (pr_pin_dialog_parent_class)->finalize (object);
}

static void
pr_pin_dialog_class_init (PrPinDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pr_pin_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = pr_pin_dialog_finalize;
  signals[SIGNAL_PINNED] = g_signal_new ("pinned", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/postroom/Postroom/ui/pr-pin-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, PrPinDialog, title);
  gtk_widget_class_bind_template_child (widget_class, PrPinDialog, state_row);
  gtk_widget_class_bind_template_child (widget_class, PrPinDialog, spinner);
  gtk_widget_class_bind_template_child (widget_class, PrPinDialog, subject_row);
  gtk_widget_class_bind_template_child (widget_class, PrPinDialog, issuer_row);
  gtk_widget_class_bind_template_child (widget_class, PrPinDialog, until_row);
  gtk_widget_class_bind_template_child (widget_class, PrPinDialog, shown_row);
  gtk_widget_class_bind_template_child (widget_class, PrPinDialog, use_button);
  gtk_widget_class_bind_template_child (widget_class, PrPinDialog, pinned_group);
  gtk_widget_class_bind_template_child (widget_class, PrPinDialog, pinned_row);
  gtk_widget_class_bind_template_child (widget_class, PrPinDialog, pin_button);
  gtk_widget_class_bind_template_child (widget_class, PrPinDialog, pin_row);
  gtk_widget_class_bind_template_child (widget_class, PrPinDialog, reason_row);
  gtk_widget_class_bind_template_child (widget_class, PrPinDialog, note_label);
  gtk_widget_class_bind_template_callback (widget_class, on_changed);
  gtk_widget_class_install_action (widget_class, "pin.use", NULL, on_use);
  gtk_widget_class_install_action (widget_class, "pin.set", NULL, on_set);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
pr_pin_dialog_init (PrPinDialog *self)
{
  self->reason = g_strdup ("");
  gtk_widget_init_template (GTK_WIDGET (self));
  pr_accessible_hide_classes (GTK_WIDGET (self));
  pr_live_text_follow (self->note_label);
}

/**
 * pr_pin_dialog_open:
 * @parent: any widget in the window that asks
 * @environment: an environment
 * @profile: a profile as it stands in a form; it is not changed
 * @direction: which of its servers
 *
 * Returns: (transfer none): the dialog, which is shown and looks at the server
 */
PrPinDialog *
pr_pin_dialog_open (GtkWidget *parent,
                    PrEnvironment *environment,
                    PrServerProfile *profile,
                    PrDirection direction)
{
  PrPinDialog *self =
      g_object_new (PR_TYPE_PIN_DIALOG, "transient-for", gtk_widget_get_root (parent), NULL);

  self->environment = g_object_ref (environment);
  self->profile = PR_SERVER_PROFILE (pr_record_duplicate (PR_RECORD (profile)));
  self->direction = direction;
  self->cancellable = g_cancellable_new ();
  adw_window_title_set_subtitle (self->title, pr_server_profile_get_location (profile, direction));
  pr_environment_look_at_certificate_async (environment, profile, direction, self->cancellable,
                                            on_looked, g_object_ref (self));
  pr_environment_find_seen_async (environment, profile, direction, self->cancellable, on_searched,
                                  g_object_ref (self));
  update (self);
  gtk_window_present (GTK_WINDOW (self));
  return self;
}

PrDirection
pr_pin_dialog_get_direction (PrPinDialog *self)
{
  g_return_val_if_fail (PR_IS_PIN_DIALOG (self), PR_DIRECTION_INCOMING);

  return self->direction;
}

/**
 * pr_pin_dialog_get_pin:
 * @self: a dialog
 *
 * Returns: (transfer none) (nullable): the fingerprint, 64 lower-case hexadecimal digits
 */
const char *
pr_pin_dialog_get_pin (PrPinDialog *self)
{
  g_return_val_if_fail (PR_IS_PIN_DIALOG (self), NULL);

  return self->pin;
}

/**
 * pr_pin_dialog_get_reason:
 * @self: a dialog
 *
 * Returns: (transfer none): why it is pinned
 */
const char *
pr_pin_dialog_get_reason (PrPinDialog *self)
{
  g_return_val_if_fail (PR_IS_PIN_DIALOG (self), NULL);

  return self->reason;
}
