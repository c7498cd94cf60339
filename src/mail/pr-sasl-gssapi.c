/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Kerberos by GNU SASL: with the ticket of whoever runs Postroom. Its library asks servers of its
 * own and cannot be interrupted, so each of its steps runs in a thread of its own, and is left
 * behind when the conversation is cancelled or late: whoever comes last cleans up. Worker threads.
 *
 * RFC 4752 (GSSAPI as SASL mechanism), RFC 4121 (Kerberos), rule A08: the name that is asked for
 * is the one that the admin typed; nothing is looked up backwards by us. */

#include "pr-sasl-private.h"

#include "pr-text.h"
#include "pr-validate.h"

#include "config.h"

#include <errno.h>
#include <gsasl.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#ifdef HAVE_GSSGLUE
#include <gssapi/gssapi.h>
#endif

/* Shared by the exchange and the thread of its step. */
typedef struct
{
  gatomicrefcount refs;
  Gsasl *library;
  Gsasl_session *session;
  int done_fd;

  /* Of the step: written by the thread before it says that it is done. */
  GByteArray *input; /* NULL: there is no challenge yet */
  char *output;
  size_t n;
  int result;
  char *reason;   /* (nullable): why there is no ticket */
  gboolean empty; /* nobody has a ticket at all */
} PrKerberos;

typedef struct
{
  PrSasl parent;
  PrKerberos *kerberos;
  PrWait *wait; /* borrowed, nullable */
} PrSaslGssapi;

static void
kerberos_unref (PrKerberos *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  if (self->session != NULL)
    gsasl_finish (self->session);
  if (self->library != NULL)
    gsasl_done (self->library);
  if (self->done_fd >= 0)
    close (self->done_fd);
  g_clear_pointer (&self->input, g_byte_array_unref);
  gsasl_free (self->output);
  g_free (self->reason);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrKerberos, kerberos_unref)

#ifdef HAVE_GSSGLUE
static char *
get_status_text (OM_uint32 status, int type)
{
  OM_uint32 minor, more = 0;
  gss_buffer_desc text = GSS_C_EMPTY_BUFFER;
  char *safe = NULL;

  if (gss_display_status (&minor, status, type, GSS_C_NO_OID, &more, &text) == GSS_S_COMPLETE)
    safe = pr_text_for_display (text.value, (gssize) text.length, 256);
  (void) gss_release_buffer (&minor, &text);
  return safe;
}

/* GNU SASL only says that there is no context; that there is no ticket is what people must know. */
static void
explain (PrKerberos *self)
{
  OM_uint32 minor, ignored;
  gss_cred_id_t credential = GSS_C_NO_CREDENTIAL;
  OM_uint32 major = gss_acquire_cred (&minor, GSS_C_NO_NAME, GSS_C_INDEFINITE, GSS_C_NO_OID_SET,
                                      GSS_C_INITIATE, &credential, NULL, NULL);

  self->empty = major != GSS_S_COMPLETE;
  if (self->empty)
    self->reason =
        get_status_text (minor != 0 ? minor : major, minor != 0 ? GSS_C_MECH_CODE : GSS_C_GSS_CODE);
  else
    (void) gss_release_cred (&ignored, &credential);
}
#else
static void
explain (PrKerberos *self)
{
  self->empty = TRUE;
}
#endif

static gpointer
step_thread (gpointer data)
{
  PrKerberos *self = data;
  guint64 one = 1;

  self->result = gsasl_step (self->session, self->input != NULL ? (char *) self->input->data : NULL,
                             self->input != NULL ? self->input->len : 0, &self->output, &self->n);
  if (self->result == GSASL_GSSAPI_INIT_SEC_CONTEXT_ERROR)
    explain (self);
  if (write (self->done_fd, &one, sizeof one) != sizeof one)
    g_warning ("Kerberos: %s", g_strerror (errno));
  kerberos_unref (self);
  return NULL;
}

static void
clear_step (PrKerberos *self)
{
  guint64 ignored;

  g_clear_pointer (&self->input, g_byte_array_unref);
  g_clear_pointer (&self->reason, g_free);
  gsasl_free (self->output);
  self->output = NULL;
  self->n = 0;
  if (read (self->done_fd, &ignored, sizeof ignored) < 0)
    g_debug ("nothing to take back"); /* the descriptor does not block */
}

/* Returns: whether the step is over; what came of it is in @self. */
static gboolean
run_step (PrKerberos *self, const char *challenge, gsize n, PrWait *wait, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  GThread *thread;

  clear_step (self);
  if (challenge != NULL)
    {
      self->input = g_byte_array_new ();
      g_byte_array_append (self->input, (const guint8 *) challenge, (guint) n + 1);
      g_byte_array_set_size (self->input, (guint) n);
    }
  g_atomic_ref_count_inc (&self->refs);
  thread = g_thread_try_new ("pr-kerberos", step_thread, self, &local_error);
  if (thread == NULL)
    {
      kerberos_unref (self);
      g_set_error (error, PR_DIAGNOSIS, PR_CODE_INTERNAL_ERROR, "no thread for Kerberos: %s",
                   local_error->message);
      return FALSE;
    }
  if (wait == NULL)
    {
      g_thread_join (thread);
      return TRUE;
    }
  g_thread_unref (thread);
  return pr_wait_fd (wait, self->done_fd, G_IO_IN, PR_CODE_AUTHENTICATION_TEMPORARY, error);
}

static void
set_step_error (const PrKerberos *self, GError **error)
{
  const char *service = gsasl_property_fast (self->session, GSASL_SERVICE);
  const char *host = gsasl_property_fast (self->session, GSASL_HOSTNAME);

  if (self->result != GSASL_GSSAPI_INIT_SEC_CONTEXT_ERROR)
    g_set_error (error, PR_DIAGNOSIS,
                 self->result == GSASL_AUTHENTICATION_ERROR
                         || self->result == GSASL_MECHANISM_PARSE_ERROR
                         || self->result == GSASL_GSSAPI_UNWRAP_ERROR
                     ? PR_CODE_PROTOCOL_ERROR
                     : PR_CODE_INTERNAL_ERROR,
                 "GSSAPI: %s", gsasl_strerror (self->result));
  else if (self->empty)
    g_set_error (error, PR_DIAGNOSIS, PR_CODE_CREDENTIALS_MISSING, "no Kerberos ticket%s%s",
                 self->reason != NULL ? ": " : "", self->reason != NULL ? self->reason : "");
  else
    g_set_error (error, PR_DIAGNOSIS, PR_CODE_MECHANISM_UNAVAILABLE,
                 "Kerberos gives no ticket for the service %s on %s", service, host);
}

static gboolean
gssapi_step (PrSasl *sasl, const char *challenge, gsize n, GByteArray *output, GError **error)
{
  PrSaslGssapi *self = (PrSaslGssapi *) sasl;
  PrKerberos *kerberos = self->kerberos;

  if (self->parent.finished)
    {
      g_set_error_literal (error, PR_DIAGNOSIS, PR_CODE_PROTOCOL_ERROR,
                           "a challenge after the end of the exchange");
      return FALSE;
    }
  if (!run_step (kerberos, challenge, n, self->wait, error))
    return FALSE;
  if (kerberos->result != GSASL_OK && kerberos->result != GSASL_NEEDS_MORE)
    {
      /* A server's own answer that cannot be right is not our lack of a ticket. */
      if (challenge != NULL && kerberos->result == GSASL_GSSAPI_INIT_SEC_CONTEXT_ERROR)
        g_set_error_literal (error, PR_DIAGNOSIS, PR_CODE_PROTOCOL_ERROR,
                             "the server's Kerberos answer is not valid");
      else
        set_step_error (kerberos, error);
      return FALSE;
    }
  self->parent.finished = kerberos->result == GSASL_OK;
  if (kerberos->n > 0)
    g_byte_array_append (output, (guint8 *) kerberos->output, (guint) kerberos->n);
  return TRUE;
}

static void
gssapi_free (PrSasl *sasl)
{
  PrSaslGssapi *self = (PrSaslGssapi *) sasl;

  g_clear_pointer (&self->kerberos, kerberos_unref);
  g_free (self);
}

static const PrSaslOps gssapi_ops = {
  .client_first = TRUE,
  .initial = TRUE,
  .step = gssapi_step,
  .free = gssapi_free,
};

/* The user name, if there is one, is whose mailbox is meant; else, and always with Windows
 * integrated authentication, it is that of the ticket. */
PrSasl *
pr_sasl_gssapi_new (const PrSaslChoice *choice,
                    const PrTestPlan *plan,
                    PrWait *wait,
                    GError **error)
{
  g_autoptr (PrKerberos) kerberos = g_new0 (PrKerberos, 1);
  g_autofree char *host = pr_host_to_ascii (plan->host);
  PrSaslGssapi *self;
  int result;

  g_atomic_ref_count_init (&kerberos->refs);
  kerberos->done_fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  result = kerberos->done_fd >= 0 ? gsasl_init (&kerberos->library) : GSASL_MALLOC_ERROR;
  if (result == GSASL_OK)
    result = gsasl_client_start (kerberos->library, "GSSAPI", &kerberos->session);
  if (result == GSASL_OK)
    result = gsasl_property_set (kerberos->session, GSASL_SERVICE,
                                 plan->protocol == PR_PROTOCOL_POP3 ? "pop" : "smtp");
  if (result == GSASL_OK)
    result = gsasl_property_set (kerberos->session, GSASL_HOSTNAME, host);
  if (result == GSASL_OK)
    result = gsasl_property_set (
        kerberos->session, GSASL_AUTHZID,
        plan->username != NULL && plan->authentication != PR_AUTHENTICATION_WINDOWS ? plan->username
                                                                                    : "");
  if (result != GSASL_OK)
    {
      g_set_error (error, PR_DIAGNOSIS, PR_CODE_MECHANISM_UNAVAILABLE, "GSSAPI is not built in: %s",
                   gsasl_strerror (result));
      return NULL;
    }
  self = g_new0 (PrSaslGssapi, 1);
  self->parent.ops = &gssapi_ops;
  self->parent.choice = *choice;
  self->kerberos = g_steal_pointer (&kerberos);
  self->wait = wait;
  return &self->parent;
}
