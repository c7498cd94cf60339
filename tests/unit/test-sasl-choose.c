/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which mechanism is taken, and that no server talks us into a weaker one. Rules A01, A02, A06,
 * A08-A10, P13. */

#include "pr-sasl.h"

#include <string.h>

typedef struct
{
  PrAuthentication authentication;
  PrMechanism wanted;
  const char *offered; /* NULL: no list at all */
  const char *others;  /* of "user", "apop", "tls", "password" */
  const char *chosen;  /* with the GS2 flag of SCRAM behind it; NULL: refused */
} PrChoiceRow;

#define MINE PR_AUTHENTICATION_USER_OR_QUEUE
#define OAUTH PR_AUTHENTICATION_OAUTH
#define WINDOWS PR_AUTHENTICATION_WINDOWS
#define ALL                                                                                        \
  "PLAIN LOGIN CRAM-MD5 DIGEST-MD5 NTLM GSSAPI XOAUTH2 OAUTHBEARER SCRAM-SHA-1 SCRAM-SHA-256 "     \
  "SCRAM-SHA-1-PLUS SCRAM-SHA-256-PLUS EXTERNAL ANONYMOUS"

static const PrChoiceRow rows[] = {
  /* The strongest, in the order of rule A02. */
  { MINE, PR_MECHANISM_AUTO, ALL, "user apop tls password", "SCRAM-SHA-256-PLUS p" },
  { MINE, PR_MECHANISM_AUTO, ALL, "user apop password", "SCRAM-SHA-256 n" },
  { MINE, PR_MECHANISM_AUTO, "SCRAM-SHA-256 SCRAM-SHA-1-PLUS", "tls password",
    "SCRAM-SHA-1-PLUS p" },
  { MINE, PR_MECHANISM_AUTO, "PLAIN SCRAM-SHA-1 SCRAM-SHA-256", "user tls password",
    "SCRAM-SHA-256 y" },
  { MINE, PR_MECHANISM_AUTO, "PLAIN SCRAM-SHA-1 SCRAM-SHA-256", "user password",
    "SCRAM-SHA-256 n" },
  { MINE, PR_MECHANISM_AUTO, "PLAIN LOGIN SCRAM-SHA-1", "user tls password", "SCRAM-SHA-1 y" },
  { MINE, PR_MECHANISM_AUTO, "LOGIN PLAIN", "user tls password", "PLAIN" },
  { MINE, PR_MECHANISM_AUTO, "login", "user tls password", "LOGIN" },
  { MINE, PR_MECHANISM_AUTO, "scram-sha-256-plus", "tls password", "SCRAM-SHA-256-PLUS p" },
  { MINE, PR_MECHANISM_AUTO, "", "user tls password", "USER/PASS" },
  { MINE, PR_MECHANISM_AUTO, NULL, "user tls password", "USER/PASS" },
  { MINE, PR_MECHANISM_AUTO, NULL, "tls password", NULL },
  { MINE, PR_MECHANISM_AUTO, "", "tls password", NULL },
  /* What can be broken offline, or is no password, is not taken by itself. */
  { MINE, PR_MECHANISM_AUTO, "CRAM-MD5 DIGEST-MD5 NTLM GSSAPI EXTERNAL XOAUTH2 OAUTHBEARER",
    "apop tls password", NULL },
  { MINE, PR_MECHANISM_AUTO, "CRAM-MD5 DIGEST-MD5 NTLM GSSAPI", "user apop tls password",
    "USER/PASS" },
  /* Whole names only; a binding needs a channel. */
  { MINE, PR_MECHANISM_AUTO, "PLAINER XPLAIN SCRAM-SHA-256-PLUSX", "tls password", NULL },
  { MINE, PR_MECHANISM_AUTO, "SCRAM-SHA-256-PLUS", "password", NULL },
  /* One that was chosen is taken, or nothing is. */
  { MINE, PR_MECHANISM_LOGIN, "PLAIN LOGIN SCRAM-SHA-256", "user tls password", "LOGIN" },
  { MINE, PR_MECHANISM_LOGIN, "PLAIN SCRAM-SHA-256", "user tls password", NULL },
  { MINE, PR_MECHANISM_CRAM_MD5, "PLAIN cram-md5", "user tls password", "CRAM-MD5" },
  { MINE, PR_MECHANISM_CRAM_MD5, "PLAIN", "user tls password", NULL },
  { MINE, PR_MECHANISM_DIGEST_MD5, ALL, "user tls password", "DIGEST-MD5" },
  { MINE, PR_MECHANISM_SCRAM_SHA_1, ALL, "tls password", "SCRAM-SHA-1-PLUS p" },
  { MINE, PR_MECHANISM_SCRAM_SHA_1, ALL, "password", "SCRAM-SHA-1 n" },
  { MINE, PR_MECHANISM_SCRAM_SHA_256, "SCRAM-SHA-256", "tls password", "SCRAM-SHA-256 y" },
  /* It offers a binding elsewhere: "y" would be a lie that it punishes. */
  { MINE, PR_MECHANISM_SCRAM_SHA_256, "SCRAM-SHA-256 SCRAM-SHA-1-PLUS", "tls password",
    "SCRAM-SHA-256 n" },
  { MINE, PR_MECHANISM_SCRAM_SHA_256, "PLAIN", "user tls password", NULL },
  { MINE, PR_MECHANISM_USER, "PLAIN", "user tls password", "USER/PASS" },
  { MINE, PR_MECHANISM_USER, "PLAIN", "tls password", NULL },
  { MINE, PR_MECHANISM_APOP, ALL, "user apop tls password", "APOP" },
  { MINE, PR_MECHANISM_APOP, ALL, "user tls password", NULL },
  { MINE, PR_MECHANISM_NTLM, ALL, "tls password", "NTLM" },
  { MINE, PR_MECHANISM_GSSAPI, ALL, "tls", "GSSAPI" },
  /* Tokens. */
  { OAUTH, PR_MECHANISM_AUTO, ALL, "user tls password", "OAUTHBEARER" },
  { OAUTH, PR_MECHANISM_AUTO, "PLAIN LOGIN XOAUTH2", "user tls password", "XOAUTH2" },
  { OAUTH, PR_MECHANISM_AUTO, "PLAIN LOGIN", "user tls password", NULL },
  { OAUTH, PR_MECHANISM_OAUTH, ALL, "tls password", "OAUTHBEARER" },
  { MINE, PR_MECHANISM_OAUTH, "PLAIN", "user tls password", NULL },
  { MINE, PR_MECHANISM_XOAUTH2, ALL, "tls password", "XOAUTH2" },
  { MINE, PR_MECHANISM_OAUTHBEARER, "XOAUTH2", "tls password", NULL },
  /* The ticket, else NTLM, for which a password is needed. */
  { WINDOWS, PR_MECHANISM_AUTO, ALL, "tls", "GSSAPI" },
  { WINDOWS, PR_MECHANISM_AUTO, "PLAIN NTLM", "tls password", "NTLM" },
  { WINDOWS, PR_MECHANISM_AUTO, "PLAIN NTLM", "tls", NULL },
  { WINDOWS, PR_MECHANISM_AUTO, "PLAIN LOGIN SCRAM-SHA-256", "user tls password", NULL },
};

static gboolean
has_word (const char *words, const char *word)
{
  g_auto (GStrv) list = g_strsplit (words, " ", -1);

  return g_strv_contains ((const char *const *) list, word);
}

static char *
choose (const PrTestPlan *plan, PrSaslOffer *offer, GError **error)
{
  static const char flags[] = "nyp";
  PrSaslChoice choice;

  if (!pr_sasl_choose (plan, offer, &choice, error))
    return NULL;
  if (choice.mechanism != PR_MECHANISM_SCRAM_SHA_1
      && choice.mechanism != PR_MECHANISM_SCRAM_SHA_256)
    return g_strdup (pr_sasl_choice_get_name (&choice));
  return g_strdup_printf ("%s %c", pr_sasl_choice_get_name (&choice), flags[choice.binding]);
}

static void
test_choice (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const PrChoiceRow *row = &rows[i];
      g_autoptr (PrTestPlan) plan = pr_test_plan_new (PR_PROTOCOL_POP3, "mail.example", 995);
      g_auto (GStrv) offered = row->offered != NULL ? g_strsplit (row->offered, " ", -1) : NULL;
      PrSaslOffer offer = { offered, has_word (row->others, "user"), has_word (row->others, "apop"),
                            has_word (row->others, "tls"), FALSE };
      g_autoptr (GError) error = NULL;
      g_autofree char *chosen = NULL;

      plan->username = g_strdup ("user");
      plan->secret = has_word (row->others, "password") ? pr_secret_new ("p", -1) : NULL;
      plan->authentication = row->authentication;
      plan->mechanism = row->wanted;
      chosen = choose (plan, &offer, &error);
      if (g_strcmp0 (chosen, row->chosen) != 0)
        g_error ("row %u (%s): %s instead of %s", i, row->offered, chosen, row->chosen);
      if (row->chosen != NULL)
        continue;
      g_assert_error (error, PR_DIAGNOSIS, PR_CODE_MECHANISM_UNAVAILABLE);
      if (row->offered != NULL)
        g_assert_nonnull (strstr (error->message, row->offered));
    }
}

/* Kerberos was tried and gave no ticket. */
static void
test_no_ticket (void)
{
  g_autoptr (PrTestPlan) plan = pr_test_plan_new (PR_PROTOCOL_SMTP, "mail.example", 465);
  g_auto (GStrv) offered = g_strsplit ("GSSAPI NTLM PLAIN", " ", -1);
  PrSaslOffer offer = { .mechanisms = offered, .can_bind = TRUE };
  g_autofree char *first = NULL, *second = NULL, *third = NULL;

  plan->authentication = PR_AUTHENTICATION_WINDOWS;
  plan->username = g_strdup ("user");
  plan->secret = pr_secret_new ("p", -1);
  first = choose (plan, &offer, NULL);
  g_assert_cmpstr (first, ==, "GSSAPI");
  offer.no_ticket = TRUE;
  second = choose (plan, &offer, NULL);
  g_assert_cmpstr (second, ==, "NTLM");
  g_clear_pointer (&plan->secret, pr_secret_unref);
  third = choose (plan, &offer, NULL);
  g_assert_null (third);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sasl/choose/rows", test_choice);
  g_test_add_func ("/sasl/choose/no-ticket", test_no_ticket);
  return g_test_run ();
}
