/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The mechanisms that GNU SASL speaks for us. A library handle per exchange, because those may not
 * be shared. Worker threads.
 *
 * draft-murchison-sasl-login (LOGIN), RFC 2195 (CRAM-MD5), RFC 2831 (DIGEST-MD5), rules
 * A03-A05. */

#include "pr-sasl-private.h"

#include "pr-validate.h"

#include <gsasl.h>
#include <string.h>

typedef struct
{
  PrSasl parent;
  Gsasl *library;
  Gsasl_session *session;
} PrSaslLibrary;

static gboolean
set_property (PrSaslLibrary *self, Gsasl_property property, const char *value, GError **error)
{
  int result = gsasl_property_set (self->session, property, value);

  if (result == GSASL_OK)
    return TRUE;
  g_set_error (error, PR_DIAGNOSIS, PR_CODE_INTERNAL_ERROR, "GNU SASL: %s",
               gsasl_strerror (result));
  return FALSE;
}

static gboolean
set_prepared (PrSaslLibrary *self,
              Gsasl_property property,
              const char *value,
              const char *what,
              GError **error)
{
  char *prepared = pr_sasl_prepare (value, what, error);
  gboolean ok = prepared != NULL && set_property (self, property, prepared, error);

  g_clear_pointer (&prepared, pr_wipe_free);
  return ok;
}

static PrCode
result_to_code (int result)
{
  switch (result)
    {
      case GSASL_MECHANISM_PARSE_ERROR:
      case GSASL_MECHANISM_CALLED_TOO_MANY_TIMES:
      case GSASL_AUTHENTICATION_ERROR: /* the server's proof is wrong */
      case GSASL_BASE64_ERROR:
        return PR_CODE_PROTOCOL_ERROR;
      case GSASL_SASLPREP_ERROR:
      case GSASL_NO_AUTHID:
      case GSASL_NO_PASSWORD:
        return PR_CODE_CREDENTIALS_MISSING;
      default:
        return PR_CODE_INTERNAL_ERROR;
    }
}

static gboolean
library_step (PrSasl *sasl, const char *challenge, gsize n, GByteArray *output, GError **error)
{
  PrSaslLibrary *self = (PrSaslLibrary *) sasl;
  char *bytes = NULL;
  size_t length = 0;
  int result;

  if (self->parent.finished)
    {
      g_set_error_literal (error, PR_DIAGNOSIS, PR_CODE_PROTOCOL_ERROR,
                           "a challenge after the end of the exchange");
      return FALSE;
    }
  result = gsasl_step (self->session, challenge, n, &bytes, &length);
  if (result != GSASL_OK && result != GSASL_NEEDS_MORE)
    {
      g_set_error (error, PR_DIAGNOSIS, (int) result_to_code (result), "%s: %s",
                   pr_sasl_get_name (sasl), gsasl_strerror (result));
      return FALSE;
    }
  self->parent.finished = result == GSASL_OK;
  if (bytes != NULL)
    {
      g_byte_array_append (output, (guint8 *) bytes, (guint) length);
      pr_wipe (bytes, length);
      gsasl_free (bytes);
    }
  return TRUE;
}

/* GNU SASL keeps copies of what it was given and of keys made from it. */
static void
wipe_properties (Gsasl_session *session)
{
  static const Gsasl_property properties[] = { GSASL_PASSWORD, GSASL_DIGEST_MD5_HASHED_PASSWORD };

  for (guint i = 0; i < G_N_ELEMENTS (properties); i++)
    {
      const char *value = gsasl_property_fast (session, properties[i]);

      if (value != NULL)
        pr_wipe ((char *) value, strlen (value));
    }
}

static void
library_free (PrSasl *sasl)
{
  PrSaslLibrary *self = (PrSaslLibrary *) sasl;

  if (self->session != NULL)
    {
      wipe_properties (self->session);
      gsasl_finish (self->session);
    }
  if (self->library != NULL)
    gsasl_done (self->library);
  g_free (self);
}

static const PrSaslOps library_ops = { FALSE, FALSE, library_step, NULL, library_free };

PrSasl *
pr_sasl_library_new (const PrSaslChoice *choice, const PrTestPlan *plan, GError **error)
{
  PrSaslLibrary *self = g_new0 (PrSaslLibrary, 1);
  g_autoptr (PrSasl) sasl = &self->parent;
  const char *name = pr_sasl_choice_get_name (choice);
  g_autofree char *host = pr_host_to_ascii (plan->host);
  int result;

  self->parent.ops = &library_ops;
  self->parent.choice = *choice;
  result = gsasl_init (&self->library);
  if (result == GSASL_OK)
    result = gsasl_client_start (self->library, name, &self->session);
  if (result != GSASL_OK)
    {
      g_set_error (error, PR_DIAGNOSIS, PR_CODE_MECHANISM_UNAVAILABLE, "%s is not built in: %s",
                   name, gsasl_strerror (result));
      return NULL;
    }
  if (!set_prepared (self, GSASL_AUTHID, plan->username, "user name", error)
      || !set_prepared (self, GSASL_PASSWORD, pr_secret_peek (plan->secret), "password", error)
      || !set_property (self, GSASL_SERVICE, plan->protocol == PR_PROTOCOL_POP3 ? "pop" : "smtp",
                        error)
      || !set_property (self, GSASL_HOSTNAME, host, error))
    return NULL;
  return g_steal_pointer (&sasl);
}
