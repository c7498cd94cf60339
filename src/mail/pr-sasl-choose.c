/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which mechanism? Automatic choice takes the strongest that the server offers and the
 * credentials fit; a mechanism that somebody chose is taken or nothing is: no server talks us into
 * a weaker one. Any thread.
 *
 * Rules A01 and A02; RFC 5802 section 6 (when to bind, and what to say when not). */

#include "pr-sasl.h"

#include "pr-text.h"

#include <string.h>

/* CRAM-MD5, DIGEST-MD5, APOP and NTLM can be broken offline by whoever hears them, and GSSAPI needs
 * no password: only somebody who knows the server can want them (rule A02). */
static const PrSaslChoice for_password[] = {
  { PR_MECHANISM_SCRAM_SHA_256, PR_SASL_BINDING_USED },
  { PR_MECHANISM_SCRAM_SHA_1, PR_SASL_BINDING_USED },
  { PR_MECHANISM_SCRAM_SHA_256, PR_SASL_BINDING_NONE },
  { PR_MECHANISM_SCRAM_SHA_1, PR_SASL_BINDING_NONE },
  { PR_MECHANISM_PLAIN, PR_SASL_BINDING_NONE },
  { PR_MECHANISM_LOGIN, PR_SASL_BINDING_NONE },
  { PR_MECHANISM_USER, PR_SASL_BINDING_NONE },
};
static const PrSaslChoice for_token[] = {
  { PR_MECHANISM_OAUTHBEARER, PR_SASL_BINDING_NONE },
  { PR_MECHANISM_XOAUTH2, PR_SASL_BINDING_NONE },
};
static const PrSaslChoice for_ticket[] = {
  { PR_MECHANISM_GSSAPI, PR_SASL_BINDING_NONE },
  { PR_MECHANISM_NTLM, PR_SASL_BINDING_NONE },
};

static gboolean
is_scram (PrMechanism mechanism)
{
  return mechanism == PR_MECHANISM_SCRAM_SHA_1 || mechanism == PR_MECHANISM_SCRAM_SHA_256;
}

/**
 * pr_sasl_choice_get_name:
 * @choice: a choice
 *
 * Returns: (transfer none): its name on the wire
 */
const char *
pr_sasl_choice_get_name (const PrSaslChoice *choice)
{
  if (choice->binding == PR_SASL_BINDING_USED)
    return choice->mechanism == PR_MECHANISM_SCRAM_SHA_1 ? "SCRAM-SHA-1-PLUS"
                                                         : "SCRAM-SHA-256-PLUS";
  return pr_mechanism_to_name (choice->mechanism);
}

static gboolean
is_offered (const PrSaslOffer *offer, const char *name)
{
  for (guint i = 0; offer->mechanisms != NULL && offer->mechanisms[i] != NULL; i++)
    if (g_ascii_strcasecmp (offer->mechanisms[i], name) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
offers_binding (const PrSaslOffer *offer)
{
  for (guint i = 0; offer->mechanisms != NULL && offer->mechanisms[i] != NULL; i++)
    {
      gsize n = strlen (offer->mechanisms[i]);

      if (n > 5 && g_ascii_strcasecmp (offer->mechanisms[i] + n - 5, "-PLUS") == 0)
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_possible (const PrTestPlan *plan, const PrSaslOffer *offer, const PrSaslChoice *candidate)
{
  switch (candidate->mechanism)
    {
      case PR_MECHANISM_USER:
        return offer->user;
      case PR_MECHANISM_APOP:
        return offer->apop;
      case PR_MECHANISM_GSSAPI:
        return !offer->no_ticket && is_offered (offer, "GSSAPI");
      case PR_MECHANISM_NTLM:
        /* Without a password there is only the ticket. */
        return plan->secret != NULL && is_offered (offer, "NTLM");
      default:
        return (candidate->binding != PR_SASL_BINDING_USED || offer->can_bind)
               && is_offered (offer, pr_sasl_choice_get_name (candidate));
    }
}

/* What may be taken, best first. @chosen holds what somebody chose. */
static guint
list_candidates (const PrTestPlan *plan, PrSaslChoice chosen[2], const PrSaslChoice **list)
{
  PrMechanism mechanism = plan->mechanism;

  if (mechanism == PR_MECHANISM_OAUTH
      || (mechanism == PR_MECHANISM_AUTO && plan->authentication == PR_AUTHENTICATION_OAUTH))
    {
      *list = for_token;
      return G_N_ELEMENTS (for_token);
    }
  if (mechanism == PR_MECHANISM_AUTO && plan->authentication == PR_AUTHENTICATION_WINDOWS)
    {
      *list = for_ticket;
      return G_N_ELEMENTS (for_ticket);
    }
  if (mechanism == PR_MECHANISM_AUTO)
    {
      *list = for_password;
      return G_N_ELEMENTS (for_password);
    }
  chosen[0] = (PrSaslChoice){ mechanism, PR_SASL_BINDING_USED };
  chosen[1] = (PrSaslChoice){ mechanism, PR_SASL_BINDING_NONE };
  *list = is_scram (mechanism) ? chosen : chosen + 1;
  return is_scram (mechanism) ? 2 : 1;
}

static void
set_unavailable (const PrTestPlan *plan,
                 const PrSaslOffer *offer,
                 const PrSaslChoice *list,
                 guint n,
                 GError **error)
{
  g_autofree char *raw = NULL, *offered = NULL;
  g_autoptr (GString) allowed = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    if (list[i].mechanism != PR_MECHANISM_USER || plan->protocol == PR_PROTOCOL_POP3)
      g_string_append_printf (allowed, "%s%s", i > 0 ? " " : "",
                              pr_sasl_choice_get_name (&list[i]));
  raw = offer->mechanisms != NULL ? g_strjoinv (" ", offer->mechanisms) : g_strdup ("");
  offered = pr_text_for_display (raw, -1, 1024);
  g_set_error (error, PR_DIAGNOSIS, PR_CODE_MECHANISM_UNAVAILABLE, "allowed: %s; offered: %s%s%s",
               allowed->str, offer->user ? "USER/PASS " : "", offer->apop ? "APOP " : "", offered);
}

/**
 * pr_sasl_choose:
 * @plan: what the profile wants
 * @offer: what there is
 * @choice: (out): what is to be used
 * @error: set to mechanism-unavailable, with both lists
 *
 * Returns: whether there is anything to use
 */
gboolean
pr_sasl_choose (const PrTestPlan *plan,
                const PrSaslOffer *offer,
                PrSaslChoice *choice,
                GError **error)
{
  PrSaslChoice chosen[2];
  const PrSaslChoice *list;
  guint n = list_candidates (plan, chosen, &list);

  for (guint i = 0; i < n; i++)
    if (is_possible (plan, offer, &list[i]))
      {
        *choice = list[i];
        if (is_scram (choice->mechanism) && choice->binding == PR_SASL_BINDING_NONE
            && offer->can_bind && !offers_binding (offer))
          choice->binding = PR_SASL_BINDING_NOT_OFFERED;
        return TRUE;
      }
  set_unavailable (plan, offer, list, n, error);
  return FALSE;
}
