/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The rules between the fields of a server profile: what can never be saved, what a policy
 * forbids, what is filled in, and what is allowed with a word about it. */

#include "model-checks.h"
#include "pr-pin.h"

#define GOOD "name=Example incoming-location=pop.example.org outgoing-location=smtp.example.org "

typedef struct
{
  const char *fields;   /* of the profile, behind GOOD */
  const char *policies; /* of the environment; NULL: none are looked at */
  const char *wrong;    /* the fields that are refused */
  const char *words[4]; /* what is said */
} PrRow;

static const PrRow rows[] = {
  { "", "", "", { NULL } },

  /* Anonymous is shown, and never valid. */
  { "incoming-authentication=anonymous",
    NULL,
    "incoming-authentication",
    { "“without credentials (anonymous)”", "whose mailbox is meant", "Accepted: user-or-queue" } },
  { "same-settings=no outgoing-authentication=anonymous",
    NULL,
    "outgoing-authentication",
    { NULL } },
  { "same-settings=no incoming-authentication=anonymous outgoing-authentication=anonymous",
    NULL,
    "incoming-authentication outgoing-authentication",
    { NULL } },
  /* Not looked at while the other side's settings hold. */
  { "same-settings=yes outgoing-authentication=anonymous", NULL, "", { NULL } },

  /* Windows is for SMTP. */
  { "incoming-authentication=windows",
    NULL,
    "incoming-authentication",
    { "“Windows integrated authentication”", "SMTP only", "Accepted for incoming: " } },
  { "same-settings=no outgoing-authentication=windows", NULL, "", { NULL } },
  { "same-settings=no outgoing-authentication=windows outgoing-mechanism=ntlm",
    NULL,
    "",
    { NULL } },
  { "same-settings=no outgoing-authentication=windows outgoing-mechanism=gssapi",
    NULL,
    "",
    { NULL } },
  { "same-settings=no outgoing-authentication=windows outgoing-mechanism=plain",
    NULL,
    "outgoing-mechanism",
    { "“plain”", "Accepted: auto, gssapi, ntlm" } },

  /* User names belong to one kind of authentication. */
  { "incoming-authentication=profile",
    NULL,
    "incoming-username",
    { "User name must not be empty", "Accepted: the name to log in with" } },
  { "incoming-authentication=profile incoming-username=robot", NULL, "", { NULL } },
  { "incoming-username=robot",
    NULL,
    "incoming-username",
    { "“robot”", "credentials specified in email server profile", "Accepted here: nothing" } },
  { "outgoing-username=robot", NULL, "", { NULL } }, /* not used: same settings */
  { "same-settings=no outgoing-username=robot", NULL, "outgoing-username", { NULL } },
  { "same-settings=no outgoing-authentication=profile", NULL, "outgoing-username", { NULL } },

  /* OAuth. */
  { "incoming-authentication=oauth", NULL, "oauth-client-id", { "must not be empty" } },
  { "incoming-authentication=oauth oauth-client-id=x", NULL, "", { NULL } },
  { "incoming-authentication=oauth oauth-client-id=x incoming-mechanism=xoauth2",
    NULL,
    "",
    { NULL } },
  { "incoming-authentication=oauth oauth-client-id=x incoming-mechanism=plain",
    NULL,
    "incoming-mechanism",
    { "“plain”", "Accepted: auto, oauth, xoauth2, oauthbearer" } },
  { "incoming-mechanism=oauth", NULL, "incoming-mechanism", { "“oauth”", "Accepted: auto" } },
  { "outgoing-mechanism=oauthbearer", NULL, "outgoing-mechanism", { NULL } },

  /* Protocols that exist on one side only. */
  { "incoming-mechanism=apop", NULL, "", { NULL } },
  { "incoming-mechanism=user", NULL, "", { NULL } },
  { "outgoing-mechanism=apop", NULL, "outgoing-mechanism", { "“apop”", "POP3 only" } },
  { "outgoing-mechanism=user", NULL, "outgoing-mechanism", { "“user”", "POP3 only" } },
  { "incoming-mechanism=none", NULL, "incoming-mechanism", { "“none”" } },
  { "incoming-mechanism=cram-md5 outgoing-mechanism=scram-sha-256", NULL, "", { NULL } },

  /* Policies: encryption. */
  { "incoming-security=none",
    "",
    "incoming-security",
    { "“none”", "“allow connections without encryption”", "Accepted: ssl, starttls" } },
  { "outgoing-security=none", "", "outgoing-security", { NULL } },
  { "incoming-security=none outgoing-security=none",
    "",
    "incoming-security outgoing-security",
    { NULL } },
  { "incoming-security=none", NULL, "", { NULL } },
  { "incoming-security=none", "allow-unencrypted=yes", "", { NULL } },
  { "incoming-security=starttls outgoing-security=starttls", "", "", { NULL } },

  /* Policies: credentials where everybody can read them. */
  { "incoming-security=none incoming-authentication=profile incoming-username=robot",
    "allow-unencrypted=yes",
    "incoming-username",
    { "“allow credentials entry via non-secure channels”" } },
  { "outgoing-security=none incoming-authentication=profile incoming-username=robot",
    "allow-unencrypted=yes",
    "outgoing-username",
    { NULL } },
  { "incoming-security=none incoming-authentication=profile incoming-username=robot",
    "allow-unencrypted=yes allow-insecure-credentials=yes",
    "",
    { NULL } },

  /* Policies: ports. */
  { "incoming-port=2110",
    "port-policy=list ports=995,465",
    "incoming-port",
    { "Incoming port", "“2110”", "“outbound ports”", "Accepted: 995,465" } },
  { "", "port-policy=list ports=995,465", "", { NULL } },
  { "incoming-port=2110", "port-policy=any ports=995", "", { NULL } },
  { "", "port-policy=us-government", "", { NULL } },
  { "incoming-port=443 outgoing-port=80", "port-policy=us-government", "", { NULL } },
  { "outgoing-security=starttls",
    "port-policy=us-government",
    "outgoing-port",
    { "“587”", "Accepted: 80, 443, 465, 995" } },
  { "incoming-security=starttls outgoing-port=25",
    "port-policy=us-government",
    "incoming-port outgoing-port",
    { "“110”", "“25”" } },

  /* Everything at once is told at once. */
  { "incoming-authentication=anonymous incoming-mechanism=oauth outgoing-mechanism=apop"
    " incoming-port=1",
    "port-policy=us-government",
    "incoming-authentication incoming-mechanism incoming-port outgoing-mechanism",
    { NULL } },
};

static void
test_rules (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (PrServerProfile) profile = pr_server_profile_new ();
      g_autoptr (PrEmailSettings) settings = pr_email_settings_new ();
      g_autofree char *wrong = NULL, *messages = NULL;

      record_set_all (profile, GOOD);
      record_set_all (profile, rows[i].fields);
      record_set_all (settings, rows[i].policies != NULL ? rows[i].policies : "");
      wrong = record_list_wrong (profile, rows[i].policies != NULL ? settings : NULL, &messages);
      if (!g_str_equal (wrong, rows[i].wrong))
        g_error ("%s: refused “%s”, not “%s”:\n%s", rows[i].fields, wrong, rows[i].wrong, messages);
      for (guint w = 0; w < G_N_ELEMENTS (rows[i].words) && rows[i].words[w] != NULL; w++)
        if (strstr (messages, rows[i].words[w]) == NULL)
          g_error ("%s: not “%s”:\n%s", rows[i].fields, rows[i].words[w], messages);
    }
}

/* A policy is another kind of refusal than a wrong value. */
static void
test_policy_errors (void)
{
  g_autoptr (PrServerProfile) profile = pr_server_profile_new ();
  g_autoptr (PrEmailSettings) settings = pr_email_settings_new ();
  g_autoptr (GError) error = NULL;

  record_set_all (profile, GOOD "incoming-security=none");
  g_assert_false (pr_record_check_first (PR_RECORD (profile), settings, &error));
  g_assert_error (error, PR_ERROR, PR_ERROR_POLICY);
  g_clear_error (&error);
  record_set_all (profile, "incoming-security=ssl incoming-authentication=anonymous");
  g_assert_false (pr_record_check_first (PR_RECORD (profile), settings, &error));
  g_assert_error (error, PR_ERROR, PR_ERROR_INVALID_VALUE);
}

/* An empty form, field by field. */
static void
test_empty (void)
{
  g_autoptr (PrServerProfile) profile = pr_server_profile_new ();
  g_autofree char *messages = NULL;
  g_autofree char *wrong = record_list_wrong (profile, NULL, &messages);

  g_assert_cmpstr (wrong, ==, "name incoming-location outgoing-location");
  g_assert_nonnull (strstr (messages, "Name must not be empty. Accepted: 1 to 100 characters."));
  g_assert_nonnull (strstr (messages, "Incoming server location must not be empty. Accepted: a host"
                                      " name such as mail.example.org"));
}

/* --- Ports ------------------------------------------------------------------------------------ */

static void
test_ports (void)
{
  static const struct
  {
    const char *fields, *incoming, *outgoing;
  } ports[] = {
    { "incoming-security=ssl outgoing-security=ssl", "995", "465" },
    { "incoming-security=starttls outgoing-security=starttls", "110", "587" },
    { "incoming-security=none outgoing-security=none", "110", "25" },
    { "incoming-security=ssl outgoing-security=starttls", "995", "587" }, /* Gmail */
    { "incoming-port=1995 outgoing-port=2525", "1995", "2525" },
    { "incoming-port=1995", "1995", "465" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (ports); i++)
    {
      g_autoptr (PrServerProfile) profile = pr_server_profile_new ();
      g_autofree char *incoming = NULL, *outgoing = NULL;

      record_set_all (profile, ports[i].fields);
      pr_server_profile_fill_in (profile);
      incoming = record_get (profile, "incoming-port");
      outgoing = record_get (profile, "outgoing-port");
      g_assert_cmpstr (incoming, ==, ports[i].incoming);
      g_assert_cmpstr (outgoing, ==, ports[i].outgoing);
    }
}

/* --- One side's settings for both ------------------------------------------------------------- */

static void
test_same_settings (void)
{
  g_autoptr (PrServerProfile) profile = pr_server_profile_new ();

  record_set_all (profile,
                  "incoming-authentication=profile incoming-username=in outgoing-username=out"
                  " outgoing-authentication=user-or-queue incoming-mechanism=apop"
                  " outgoing-mechanism=login incoming-security=ssl outgoing-security=starttls");
  pr_record_set_number (PR_RECORD (profile), PR_PROFILE_INCOMING_PASSWORD_SET, TRUE);
  for (guint same = 0; same < 2; same++)
    {
      record_set (profile, "same-settings", same ? "yes" : "no");
      g_assert_cmpint (pr_server_profile_get_authentication (profile, PR_DIRECTION_OUTGOING), ==,
                       same ? PR_AUTHENTICATION_PROFILE : PR_AUTHENTICATION_USER_OR_QUEUE);
      g_assert_cmpstr (pr_server_profile_get_username (profile, PR_DIRECTION_OUTGOING), ==,
                       same ? "in" : "out");
      g_assert_cmpint (pr_server_profile_is_password_set (profile, PR_DIRECTION_OUTGOING), ==,
                       same);
      g_assert_cmpint (pr_server_profile_get_credentials_direction (profile, PR_DIRECTION_OUTGOING),
                       ==, same ? PR_DIRECTION_INCOMING : PR_DIRECTION_OUTGOING);
      /* Servers, encryption and protocols stay each side's own. */
      g_assert_cmpint (pr_server_profile_get_mechanism (profile, PR_DIRECTION_OUTGOING), ==,
                       PR_MECHANISM_LOGIN);
      g_assert_cmpint (pr_server_profile_get_security (profile, PR_DIRECTION_OUTGOING), ==,
                       PR_SECURITY_STARTTLS);
      g_assert_cmpstr (pr_server_profile_get_username (profile, PR_DIRECTION_INCOMING), ==, "in");
    }
}

/* --- Warnings --------------------------------------------------------------------------------- */

static char *
list_warnings (PrServerProfile *profile)
{
  g_autoptr (GPtrArray) warnings = pr_server_profile_list_warnings (profile);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < warnings->len; i++)
    {
      PrFieldWarning *warning = g_ptr_array_index (warnings, i);

      g_assert_cmpuint (strlen (warning->text), >, 20);
      g_string_append_printf (text, "%s%s", i > 0 ? " " : "", warning->field);
    }
  return g_string_free (text, FALSE);
}

static void
test_warnings (void)
{
  static const struct
  {
    const char *fields, *expected;
  } warned[] = {
    { "", "" },
    { "server-type=gmail", "incoming-authentication" },
    { "server-type=gmail same-settings=no", "incoming-authentication outgoing-authentication" },
    { "server-type=gmail incoming-authentication=oauth oauth-client-id=x", "" },
    { "server-type=gmail incoming-authentication=oauth oauth-client-id=x same-settings=no",
      "outgoing-authentication" },
    { "process-from=2020-01-01", "process-from" },
    { "process-from=2099-01-01", "" },
    { "process-from=", "" },
    { "incoming-security=none", "incoming-security" },
    { "outgoing-security=none incoming-security=none", "incoming-security outgoing-security" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (warned); i++)
    {
      g_autoptr (PrServerProfile) profile = pr_server_profile_new ();
      g_autofree char *warnings = NULL, *wrong = NULL;

      record_set_all (profile, GOOD);
      record_set_all (profile, warned[i].fields);
      warnings = list_warnings (profile);
      g_assert_cmpstr (warnings, ==, warned[i].expected);
      /* A warning does not keep anybody from saving. */
      wrong = record_list_wrong (profile, NULL, NULL);
      g_assert_cmpstr (wrong, ==, "");
    }
}

static void
test_warning_texts (void)
{
  g_autoptr (PrServerProfile) profile = pr_server_profile_new ();
  g_autoptr (GPtrArray) warnings = NULL;

  record_set_all (profile, "server-type=gmail process-from=2020-01-01");
  warnings = pr_server_profile_list_warnings (profile);
  g_assert_cmpuint (warnings->len, ==, 2);
  g_assert_nonnull (
      strstr (((PrFieldWarning *) g_ptr_array_index (warnings, 0))->text, "30 May 2022"));
  g_assert_nonnull (strstr (((PrFieldWarning *) g_ptr_array_index (warnings, 1))->text,
                            "earlier email will be pulled"));
}

/* --- Entering credentials --------------------------------------------------------------------- */

static void
test_may_enter (void)
{
  for (PrDirection direction = 0; direction < PR_N_DIRECTIONS; direction++)
    for (PrSecurity security = PR_SECURITY_SSL; security <= PR_SECURITY_NONE; security++)
      for (guint policy = 0; policy < 2; policy++)
        {
          g_autoptr (PrServerProfile) profile = pr_server_profile_new ();
          g_autoptr (PrEmailSettings) settings = pr_email_settings_new ();
          g_autoptr (GError) error = NULL;
          gboolean may;

          record_set (profile, "name", "Example");
          pr_record_set_number (PR_RECORD (profile),
                                direction == PR_DIRECTION_INCOMING ? PR_PROFILE_INCOMING_SECURITY
                                                                   : PR_PROFILE_OUTGOING_SECURITY,
                                security);
          record_set (settings, "allow-insecure-credentials", policy ? "yes" : "no");
          may = pr_server_profile_may_enter_credentials (profile, direction, settings, &error);
          g_assert_cmpint (may, ==, security != PR_SECURITY_NONE || policy);
          if (may)
            continue;
          g_assert_error (error, PR_ERROR, PR_ERROR_POLICY);
          g_assert_nonnull (strstr (error->message, "“Example”"));
          g_assert_nonnull (
              strstr (error->message, "“allow credentials entry via non-secure channels”"));
        }
}

static void
test_pins (void)
{
  static const char *const plain =
      "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
  static const char *const bad[] = { "", "00:11", "zz", "0x00112233", "openssl=" };
  g_autofree char *shown = pr_pin_format (plain);
  g_autofree char *read = pr_pin_parse (shown);
  g_autofree char *openssl_line = g_strconcat ("sha256 Fingerprint=", shown, "\n", NULL);
  g_autofree char *openssl = pr_pin_parse (openssl_line);
  g_autofree char *long_line = g_strconcat (shown, ":00", NULL);
  g_autoptr (PrServerProfile) profile = pr_server_profile_new ();
  g_autoptr (GPtrArray) warnings = NULL;
  gboolean wanted = FALSE;

  g_assert_true (g_str_has_prefix (shown, "00:11:22:"));
  g_assert_cmpstr (read, ==, plain);
  g_assert_cmpstr (openssl, ==, plain);
  g_assert_null (pr_pin_parse (long_line));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_null (pr_pin_parse (bad[i]));

  /* Nobody pins without a reason, and not without a word about it. */
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GPtrArray) errors = NULL;
      gboolean found = FALSE;

      g_object_set (profile, "incoming-pin", plain, "incoming-pin-reason", i == 0 ? "" : "why",
                    NULL);
      errors = pr_record_check (PR_RECORD (profile), NULL);
      for (guint j = 0; j < errors->len; j++)
        found |=
            g_strcmp0 (pr_error_get_field (g_ptr_array_index (errors, j)), "incoming-pin-reason")
            == 0;
      g_assert_cmpint (found, ==, i == 0);
    }
  warnings = pr_server_profile_list_warnings (profile);
  for (guint i = 0; i < warnings->len; i++)
    wanted |=
        g_str_equal (((PrFieldWarning *) g_ptr_array_index (warnings, i))->field, "incoming-pin");
  g_assert_true (wanted);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/profile/rules", test_rules);
  g_test_add_func ("/model/profile/policy-errors", test_policy_errors);
  g_test_add_func ("/model/profile/empty", test_empty);
  g_test_add_func ("/model/profile/ports", test_ports);
  g_test_add_func ("/model/profile/same-settings", test_same_settings);
  g_test_add_func ("/model/profile/warnings", test_warnings);
  g_test_add_func ("/model/profile/warning-texts", test_warning_texts);
  g_test_add_func ("/model/profile/may-enter", test_may_enter);
  g_test_add_func ("/model/profile/pins", test_pins);
  return g_test_run ();
}
