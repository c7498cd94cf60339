/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The button of an alert: it does what mends the cause, asks for what is missing, and tests again
 * what was hit. Main thread. */

#include "pr-alert-mender.h"

#include "pr-alert-fix.h"
#include "pr-alert-text.h"
#include "pr-bidi.h"
#include "pr-dialog.h"
#include "pr-file-picker.h"
#include "pr-links.h"
#include "pr-password-dialog.h"
#include "pr-pin.h"
#include "pr-sign-in-dialog.h"
#include "pr-window.h"
#include "pr-words.h"

#include <glib/gi18n.h>

#define MENDING_DATA "pr-mending"
#define AUTHORITY_MAX (64 * 1024) /* bytes: the limit of the field */

typedef struct
{
  GtkWidget *widget; /* (nullable): weak */
  PrEnvironment *environment;
  PrAlert *alert;
  PrFixTarget target;
  PrSecret *secret;
} PrMending;

static PrMending *
mending_new (GtkWidget *widget, PrEnvironment *environment, PrAlert *alert)
{
  PrMending *self = g_new0 (PrMending, 1);

  g_set_weak_pointer (&self->widget, widget);
  self->environment = g_object_ref (environment);
  self->alert = g_object_ref (alert);
  self->target = pr_alert_find_fix (environment, alert);
  return self;
}

static void
mending_free (gpointer data)
{
  PrMending *self = data;

  g_clear_weak_pointer (&self->widget);
  g_object_unref (self->environment);
  g_object_unref (self->alert);
  g_clear_pointer (&self->secret, pr_secret_unref);
  g_free (self);
}

static PrMending *
mending_copy (PrMending *self)
{
  return mending_new (self->widget, self->environment, self->alert);
}

static PrWindow *
get_window (PrMending *self)
{
  return self->widget != NULL ? pr_link_get_window (self->widget) : NULL;
}

static void
show_error (PrMending *self, const GError *error)
{
  if (get_window (self) != NULL)
    pr_window_show_error (get_window (self), _ ("That Could Not Be Mended"), error);
}

/* --- Testing again ---------------------------------------------------------------------------- */

static void
test_again (PrMending *self)
{
  g_autoptr (PrSelection) selection = pr_alert_get_affected (self->alert);
  const char *address = pr_alert_get_text (self->alert, MAILBOX_ADDRESS);
  const char *profile = pr_alert_get_text (self->alert, PROFILE_NAME);
  g_autofree char *subject = pr_bidi_isolate (*address != '\0' ? address : profile);
  g_autofree char *title = g_strdup_printf (_ ("Testing “%s”"), subject);

  if (get_window (self) == NULL)
    return;
  if (pr_window_start_job (get_window (self), title, selection, &pr_test_options_default) == NULL)
    pr_window_toast (get_window (self), _ ("Another test is running. Try again when it is over."));
}

static void
on_test_answer (const char *response, gpointer user_data)
{
  if (g_str_equal (response, "test"))
    test_again (user_data);
}

/* One mailbox is tested at once; before all of a profile are, somebody is asked. */
static void
end_mending (PrMending *self)
{
  if (get_window (self) == NULL)
    return;
  pr_window_data_changed (get_window (self));
  if (pr_alert_get (self->alert, MAILBOX_ID) != 0)
    test_again (self);
  else
    pr_dialog_ask (self->widget, _ ("Test the Mailboxes Again?"),
                   _ ("The server profile was corrected. Only a test of its mailboxes tells "
                      "whether everything works now."),
                   "test", _ ("_Test & Enable"), ADW_RESPONSE_SUGGESTED, on_test_answer,
                   mending_copy (self), mending_free);
}

/* --- Without a question ----------------------------------------------------------------------- */

static void
on_fixed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PrMending *self = user_data;
  g_autoptr (GError) error = NULL;

  if (pr_environment_fix_alert_finish (PR_ENVIRONMENT (source), result, &error))
    end_mending (self);
  else
    show_error (self, error);
  mending_free (self);
}

/* --- A password ------------------------------------------------------------------------------- */

static void
on_mailbox_password_set (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PrMending *self = user_data;
  g_autoptr (GError) error = NULL;

  if (pr_environment_set_mailbox_password_finish (PR_ENVIRONMENT (source), result, &error))
    end_mending (self);
  else
    show_error (self, error);
  mending_free (self);
}

static void
on_profile_password_set (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PrMending *self = user_data;
  g_autoptr (GError) error = NULL;

  if (pr_environment_set_profile_password_finish (PR_ENVIRONMENT (source), result, &error))
    end_mending (self);
  else
    show_error (self, error);
  mending_free (self);
}

static void
on_mailbox_found (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PrMending *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list =
      pr_environment_list_mailboxes_finish (PR_ENVIRONMENT (source), result, &error);

  if (list != NULL && list->len == 1)
    {
      pr_environment_set_mailbox_password_async (self->environment, g_ptr_array_index (list, 0),
                                                 self->secret, NULL, on_mailbox_password_set, self);
      return;
    }
  if (error == NULL)
    error = g_error_new_literal (PR_ERROR, PR_ERROR_NOT_FOUND,
                                 _ ("The mailbox does not exist any more."));
  show_error (self, error);
  mending_free (self);
}

static void
on_password (PrSecret *secret, gpointer user_data)
{
  PrMending *self = mending_copy (user_data);
  g_autoptr (PrServerProfile) profile = NULL;

  if (self->target.mailbox_id != 0)
    {
      g_autoptr (PrSelection) selection = pr_selection_new_ids (&self->target.mailbox_id, 1);

      self->secret = pr_secret_ref (secret);
      pr_environment_list_mailboxes_async (self->environment, selection, NULL, on_mailbox_found,
                                           self);
      return;
    }
  profile = pr_environment_find_profile_by_id (self->environment, self->target.profile_id);
  if (profile != NULL)
    pr_environment_set_profile_password_async (self->environment, profile, self->target.direction,
                                               secret, NULL, on_profile_password_set, self);
  else
    mending_free (self);
}

static void
ask_password (PrMending *self)
{
  g_autofree char *address = pr_bidi_isolate (pr_alert_get_text (self->alert, MAILBOX_ADDRESS));
  g_autofree char *body = NULL;

  if (self->target.mailbox_id != 0)
    body = g_strdup_printf (_ ("The password of %s"), address);
  else
    body = g_strdup_printf (_ ("The password of the server profile “%s”, for all its mailboxes"),
                            pr_alert_get_text (self->alert, PROFILE_NAME));
  pr_password_dialog_ask (self->widget, _ ("Set Password"), body, on_password, self, mending_free);
}

/* --- Another certificate than the pinned one -------------------------------------------------- */

static void
on_compared (const char *response, gpointer user_data)
{
  PrMending *self = user_data;

  if (g_str_equal (response, "open") && self->widget != NULL)
    pr_link_open_profile (self->widget, self->target.profile_id);
}

/* Old beside new. The new one is not offered for trust: RFC 8314 section 5.4. Takes @self. */
static void
compare_certificates (PrMending *self)
{
  g_autoptr (PrReport) report = pr_alert_text_get_report (self->alert);
  const PrCertificate *certificate = report != NULL ? report->certificate : NULL;
  g_autofree char *old =
      certificate != NULL && certificate->pin != NULL ? pr_pin_format (certificate->pin) : NULL;
  g_autofree char *now = certificate != NULL ? pr_pin_format (certificate->sha256) : NULL;
  g_autofree char *until = certificate != NULL ? pr_word_of_time (certificate->not_after) : NULL;
  g_autofree char *body = g_strdup_printf (
      _ ("Pinned: %s\n\nShown now: %s\nIssued by: %s\nValid until: %s\n\nThe server may have got a "
         "new certificate, or somebody may be listening in: from here the two look the same, so "
         "the "
         "new one cannot simply be trusted. Ask the server’s administrator for its fingerprint, by "
         "another way than email. If it is the one shown now, enter it in the server profile."),
      old != NULL ? old : "?", now != NULL ? now : "?",
      certificate != NULL ? certificate->issuer : "?", until != NULL ? until : "?");

  pr_dialog_ask (self->widget, _ ("Another Certificate Than the Pinned One"), body, "open",
                 _ ("_Open Server Profile"), ADW_RESPONSE_SUGGESTED, on_compared, self,
                 mending_free);
}

/* --- A sign-in -------------------------------------------------------------------------------- */

static void
sign_in (PrMending *self)
{
  g_autoptr (PrSelection) selection = pr_alert_get_affected (self->alert);

  /* Of a profile those that need it; of one mailbox whoever clicked knows that it does. */
  pr_sign_in_dialog_open (self->widget, self->environment, selection, self->target.mailbox_id == 0);
}

/* --- An authority ----------------------------------------------------------------------------- */

static void
on_authority_saved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PrMending *self = user_data;
  g_autoptr (GError) error = NULL;

  if (pr_environment_save_profile_finish (PR_ENVIRONMENT (source), result, &error))
    end_mending (self);
  else
    show_error (self, error);
  mending_free (self);
}

static void
on_authority_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PrMending *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *contents = NULL;
  g_autoptr (PrServerProfile) stored =
      pr_environment_find_profile_by_id (self->environment, self->target.profile_id);
  g_autoptr (PrRecord) profile = NULL;
  gsize length = 0;

  if (!g_file_load_contents_finish (G_FILE (source), result, &contents, &length, NULL, &error)
      || stored == NULL)
    {
      if (error != NULL)
        show_error (self, error);
      mending_free (self);
      return;
    }
  if (length > AUTHORITY_MAX || !g_utf8_validate (contents, (gssize) length, NULL))
    {
      pr_dialog_tell (self->widget, _ ("Not a Certificate"),
                      _ ("The file has no certificate in PEM form, which begins with "
                         "“-----BEGIN CERTIFICATE-----”."));
      mending_free (self);
      return;
    }
  profile = pr_record_duplicate (PR_RECORD (stored));
  pr_record_set_text (profile, PR_PROFILE_CA_CERTIFICATE, contents);
  pr_environment_save_profile_async (self->environment, PR_SERVER_PROFILE (profile), NULL,
                                     on_authority_saved, self);
}

static void
on_authority_chosen (GFile *file, gpointer user_data)
{
  PrMending *self = g_object_get_data (user_data, MENDING_DATA);

  g_file_load_contents_async (file, NULL, on_authority_loaded, mending_copy (self));
}

static void
on_authority_answer (const char *response, gpointer user_data)
{
  PrMending *self = user_data;
  g_autoptr (GtkFileFilter) filter = NULL;

  if (!g_str_equal (response, "choose") || self->widget == NULL)
    return;
  filter = gtk_file_filter_new ();
  gtk_file_filter_set_name (filter, _ ("Certificates"));
  gtk_file_filter_add_suffix (filter, "pem");
  gtk_file_filter_add_suffix (filter, "crt");
  gtk_file_filter_add_suffix (filter, "cer");
  g_object_set_data_full (G_OBJECT (self->widget), MENDING_DATA, mending_copy (self), mending_free);
  pr_file_picker_open (self->widget, _ ("Certificate of the Authority"), filter,
                       on_authority_chosen, self->widget);
}

static void
ask_authority (PrMending *self)
{
  g_autoptr (PrReport) report = pr_alert_text_get_report (self->alert);
  const PrCertificate *certificate = report != NULL ? report->certificate : NULL;
  g_autofree char *body = g_strdup_printf (
      _ ("The server’s certificate was issued by “%s”, which this computer does not know.\n\n"
         "Ask whoever runs the server for the certificate of that authority, by another way than "
         "email, and choose its file. It will be trusted for this server profile only.\n\n"
         "SHA-256 of the server’s certificate, to compare: %s"),
      certificate != NULL ? certificate->issuer : "?",
      certificate != NULL ? certificate->sha256 : "?");

  pr_dialog_ask (self->widget, _ ("Trust an Authority?"), body, "choose", _ ("C_hoose File…"),
                 ADW_RESPONSE_SUGGESTED, on_authority_answer, self, mending_free);
}

/**
 * pr_alert_mend:
 * @widget: where somebody clicked
 * @environment: where the alert was raised
 * @alert: an alert
 *
 * Does what its button says.
 */
void
pr_alert_mend (GtkWidget *widget, PrEnvironment *environment, PrAlert *alert)
{
  PrMending *self = mending_new (widget, environment, alert);

  switch (self->target.fix)
    {
      case PR_FIX_APPROVE:
      case PR_FIX_ACTIVATE:
      case PR_FIX_ALLOW_CREDENTIALS:
      case PR_FIX_PORT:
        pr_environment_fix_alert_async (environment, alert, NULL, on_fixed, self);
        return;
      case PR_FIX_PASSWORD:
        ask_password (self);
        return;
      case PR_FIX_AUTHORITY:
        ask_authority (self);
        return;
      case PR_FIX_SIGN_IN:
        sign_in (self);
        break;
      case PR_FIX_OPEN:
        if (g_str_equal (pr_alert_get_text (alert, CODE),
                         pr_code_to_word (PR_CODE_CERTIFICATE_PIN_CHANGED)))
          {
            compare_certificates (self);
            return;
          }
        if (self->target.mailbox_id != 0)
          pr_link_open_mailbox (widget, self->target.mailbox_id);
        else
          pr_link_open_profile (widget, self->target.profile_id);
        break;
      case PR_FIX_RETRY:
        test_again (self);
        break;
      case PR_FIX_NONE:
        break;
    }
  mending_free (self);
}
