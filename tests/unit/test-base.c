/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The base room: words of enumerations, the table of diagnosis codes, secrets, text that is made
 * harmless, times and numbers. What may be typed is in test-validate.c. */

#include "pr-code.h"
#include "pr-error.h"
#include "pr-file-lock.h"
#include "pr-secret.h"
#include "pr-text.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* --- Words ------------------------------------------------------------------------------------ */

static void
test_enums (void)
{
  GType types[] = {
    PR_TYPE_DIRECTION,       PR_TYPE_PROTOCOL,    PR_TYPE_SECURITY,    PR_TYPE_AUTHENTICATION,
    PR_TYPE_MECHANISM,       PR_TYPE_TLS_VERSION, PR_TYPE_STEP,        PR_TYPE_OUTCOME,
    PR_TYPE_PERMANENCE,      PR_TYPE_SCOPE,       PR_TYPE_SUBMIT,      PR_TYPE_SERVER_TYPE,
    PR_TYPE_MAILBOX_KIND,    PR_TYPE_SYNC_METHOD, PR_TYPE_APPROVAL,    PR_TYPE_TEST_STATUS,
    PR_TYPE_RUN_STATE,       PR_TYPE_SEVERITY,    PR_TYPE_ALERT_STATE, PR_TYPE_PORT_POLICY,
    PR_TYPE_DIFFERENCE_KIND, PR_TYPE_WARNING,
  };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      GEnumClass *klass = g_type_class_ref (types[i]);
      g_autofree char *all = pr_enum_list_nicks (types[i]);

      for (guint k = 0; k < klass->n_values; k++)
        {
          const GEnumValue *value = &klass->values[k];
          int back = -1;

          g_assert_cmpstr (pr_enum_to_nick (types[i], value->value), ==, value->value_nick);
          g_assert_true (pr_enum_from_nick (types[i], value->value_nick, &back));
          g_assert_cmpint (back, ==, value->value);
          g_assert_nonnull (strstr (all, value->value_nick));
          for (const char *p = value->value_nick; *p != '\0'; p++)
            g_assert_true (g_ascii_islower (*p) || g_ascii_isdigit (*p) || *p == '-' || *p == '.');
        }
      g_type_class_unref (klass);
    }
}

static void
test_enum_unknown (void)
{
  int value = 17;

  g_assert_false (pr_enum_from_nick (PR_TYPE_PROTOCOL, "imap", &value));
  g_assert_false (pr_enum_from_nick (PR_TYPE_PROTOCOL, "POP3", &value));
  g_assert_false (pr_enum_from_nick (PR_TYPE_PROTOCOL, "", &value));
  g_assert_false (pr_enum_from_nick (PR_TYPE_PROTOCOL, NULL, &value));
  g_assert_cmpint (value, ==, 17);
  g_assert_cmpstr (pr_enum_to_nick (PR_TYPE_PROTOCOL, 99), ==, "?");
}

static void
test_mechanism_names (void)
{
  g_assert_cmpstr (pr_mechanism_to_name (PR_MECHANISM_SCRAM_SHA_256), ==, "SCRAM-SHA-256");
  g_assert_cmpstr (pr_mechanism_to_name (PR_MECHANISM_USER), ==, "USER/PASS");
  g_assert_null (pr_mechanism_to_name (PR_MECHANISM_AUTO));
  g_assert_null (pr_mechanism_to_name (PR_MECHANISM_OAUTH));
  g_assert_null (pr_mechanism_to_name (PR_MECHANISM_NONE));
}

static void
test_default_ports (void)
{
  g_assert_cmpuint (pr_default_port (PR_PROTOCOL_POP3, PR_SECURITY_SSL), ==, 995);
  g_assert_cmpuint (pr_default_port (PR_PROTOCOL_POP3, PR_SECURITY_STARTTLS), ==, 110);
  g_assert_cmpuint (pr_default_port (PR_PROTOCOL_POP3, PR_SECURITY_NONE), ==, 110);
  g_assert_cmpuint (pr_default_port (PR_PROTOCOL_SMTP, PR_SECURITY_SSL), ==, 465);
  g_assert_cmpuint (pr_default_port (PR_PROTOCOL_SMTP, PR_SECURITY_STARTTLS), ==, 587);
  g_assert_cmpuint (pr_default_port (PR_PROTOCOL_SMTP, PR_SECURITY_NONE), ==, 25);
}

/* --- Codes ------------------------------------------------------------------------------------ */

/* docs/codes.md, written down a second time on purpose: the words are stable. P permanent, T
 * transient, "-" neither. Where the document allows two, this is the one without further facts. */
static const struct
{
  const char *word;
  char permanence;
  const char *scope;
} codes[] = {
  { "ok", '-', "none" },
  { "cancelled", '-', "local" },
  { "database-read-only", 'P', "local" },
  { "mailbox-inactive", 'P', "mailbox" },
  { "mailbox-no-profile", 'P', "mailbox" },
  { "mailbox-direction-none", 'P', "mailbox" },
  { "mailbox-address-invalid", 'P', "mailbox" },
  { "address-not-approved", 'P', "mailbox" },
  { "profile-inactive", 'P', "profile" },
  { "profile-invalid", 'P', "profile" },
  { "policy-encryption", 'P', "profile" },
  { "policy-port", 'P', "profile" },
  { "policy-tls-version", 'P', "profile" },
  { "credentials-not-allowed", 'P', "mailbox" },
  { "credentials-missing", 'P', "mailbox" },
  { "keyring-locked", 'T', "local" },
  { "keyring-unavailable", 'P', "local" },
  { "dns-not-found", 'P', "profile" },
  { "dns-failure", 'T', "network" },
  { "network-unreachable", 'T', "network" },
  { "connection-refused", 'T', "profile" },
  { "connection-timeout", 'T', "network" },
  { "connection-lost", 'T', "network" },
  { "response-timeout", 'T', "network" },
  { "wrong-protocol", 'P', "profile" },
  { "tls-expected", 'P', "profile" },
  { "plain-expected", 'P', "profile" },
  { "starttls-unavailable", 'P', "profile" },
  { "starttls-injection", 'P', "profile" },
  { "tls-version", 'P', "profile" },
  { "tls-handshake", 'P', "profile" },
  { "certificate-untrusted", 'P', "profile" },
  { "certificate-self-signed", 'P', "profile" },
  { "certificate-wrong-host", 'P', "profile" },
  { "certificate-expired", 'P', "profile" },
  { "certificate-not-yet-valid", 'P', "profile" },
  { "certificate-revoked", 'P', "profile" },
  { "certificate-weak", 'P', "profile" },
  { "certificate-incomplete-chain", 'P', "profile" },
  { "certificate-pin-changed", 'P', "profile" },
  { "greeting-rejected", 'P', "profile" },
  { "protocol-error", 'P', "profile" },
  { "capability-missing", 'P', "profile" },
  { "mechanism-unavailable", 'P', "profile" },
  { "authentication-rejected", 'P', "mailbox" },
  { "authentication-app-password", 'P', "mailbox" },
  { "authentication-oauth-required", 'P', "profile" },
  { "authentication-web-login", 'P', "mailbox" },
  { "authentication-disabled", 'P', "profile" },
  { "authentication-temporary", 'T', "profile" },
  { "rate-limited", 'T', "mailbox" },
  { "account-locked", 'P', "mailbox" },
  { "pop-disabled", 'P', "mailbox" },
  { "mailbox-in-use", 'T', "mailbox" },
  { "mailbox-unavailable", 'T', "mailbox" },
  { "sender-rejected", 'P', "mailbox" },
  { "recipient-rejected", 'P', "mailbox" },
  { "relay-denied", 'P', "mailbox" },
  { "message-rejected", 'P', "message" },
  { "message-too-large", 'P', "message" },
  { "quota-exceeded", 'T', "mailbox" },
  { "delivery-not-seen", 'T', "mailbox" },
  { "server-error", 'P', "profile" },
  { "oauth-sign-in-needed", 'P', "mailbox" },
  { "oauth-token-revoked", 'P', "mailbox" },
  { "oauth-access-denied", 'P', "mailbox" },
  { "oauth-admin-blocked", 'P', "profile" },
  { "oauth-client-invalid", 'P', "profile" },
  { "oauth-scope-missing", 'P', "mailbox" },
  { "oauth-wrong-account", 'P', "mailbox" },
  { "oauth-server-error", 'T', "profile" },
  { "oauth-cancelled", 'P', "local" },
  { "oauth-timeout", 'P', "local" },
  { "internal-error", 'T', "local" },
};

static void
test_codes (void)
{
  static const PrPermanence permanences[] = {
    ['-'] = PR_PERMANENCE_NONE, ['P'] = PR_PERMANENCE_PERMANENT, ['T'] = PR_PERMANENCE_TRANSIENT
  };

  g_assert_cmpuint (G_N_ELEMENTS (codes), ==, PR_N_CODES);
  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      PrCode code = PR_N_CODES;
      int scope = -1;

      g_assert_true (pr_code_from_word (codes[i].word, &code));
      g_assert_cmpstr (pr_code_to_word (code), ==, codes[i].word);
      g_assert_true (pr_enum_from_nick (PR_TYPE_SCOPE, codes[i].scope, &scope));
      if (pr_code_get_permanence (code) != permanences[(guint8) codes[i].permanence]
          || (int) pr_code_get_scope (code) != scope)
        g_error ("%s has another permanence or scope", codes[i].word);
    }
}

static void
test_code_unknown (void)
{
  PrCode code = PR_CODE_DNS_FAILURE;

  g_assert_false (pr_code_from_word ("unknown-error", &code));
  g_assert_false (pr_code_from_word ("OK", &code));
  g_assert_false (pr_code_from_word ("", &code));
  g_assert_false (pr_code_from_word (NULL, &code));
  g_assert_cmpint (code, ==, PR_CODE_DNS_FAILURE);
}

static void
test_errors (void)
{
  g_autoptr (GError) with = pr_error_new (PR_ERROR_INVALID_VALUE, "incoming-port", "“%d”", 0);
  g_autoptr (GError) without = NULL;
  g_autoptr (GError) copy = g_error_copy (with);

  pr_set_error (&without, PR_ERROR_READ_ONLY, NULL, "read-only");
  pr_set_error (NULL, PR_ERROR_READ_ONLY, NULL, "nobody listens");
  g_assert_cmpstr (with->message, ==, "“0”");
  g_assert_cmpstr (pr_error_get_field (with), ==, "incoming-port");
  g_assert_cmpstr (pr_error_get_field (copy), ==, "incoming-port");
  g_assert_error (without, PR_ERROR, PR_ERROR_READ_ONLY);
  g_assert_null (pr_error_get_field (without));
}

/* --- Secrets ---------------------------------------------------------------------------------- */

static void
test_secret (void)
{
  g_autoptr (PrSecret) secret = pr_secret_new ("pass word", -1);
  g_autoptr (PrSecret) same = pr_secret_new ("pass word and more", 9);
  g_autoptr (PrSecret) other = pr_secret_new ("pass wore", -1);
  g_autoptr (PrSecret) shorter = pr_secret_new ("pass wor", -1);
  g_autoptr (PrSecret) with_nul = pr_secret_new ("a\0b", 3);
  g_autoptr (PrSecret) empty = pr_secret_new ("", -1);
  PrSecret *again = pr_secret_ref (secret);

  g_assert_cmpstr (pr_secret_peek (secret), ==, "pass word");
  g_assert_cmpuint (pr_secret_get_length (secret), ==, 9);
  g_assert_true (pr_secret_equal (secret, same));
  g_assert_false (pr_secret_equal (secret, other));
  g_assert_false (pr_secret_equal (secret, shorter));
  g_assert_false (pr_secret_equal (secret, NULL));
  g_assert_true (pr_secret_equal (NULL, NULL));
  g_assert_cmpmem (pr_secret_peek (with_nul), pr_secret_get_length (with_nul), "a\0b", 3);
  g_assert_cmpuint (pr_secret_get_length (empty), ==, 0);
  pr_secret_unref (again);
  g_assert_cmpstr (pr_secret_peek (secret), ==, "pass word");
}

/* Many at one time, in and out in different orders: each keeps its own text, and nothing of those
 * that went is left where they were. */
static void
test_secret_many (void)
{
  enum
  {
    N = 1000
  };
  PrSecret *secrets[N];
  const char *place;
  g_autoptr (PrSecret) next = NULL;

  for (guint round = 0; round < 3; round++)
    {
      for (guint i = 0; i < N; i++)
        {
          g_autofree char *text = g_strdup_printf ("%u-%0*u", round, (int) (i % 300) + 1, i);

          secrets[i] = pr_secret_new (text, -1);
        }
      for (guint i = 0; i < N; i++)
        {
          guint k = (i * 7 + round) % N;
          g_autofree char *text = g_strdup_printf ("%u-%0*u", round, (int) (k % 300) + 1, k);

          g_assert_cmpstr (pr_secret_peek (secrets[k]), ==, text);
          pr_secret_unref (secrets[k]);
        }
    }
  /* The place of the last one is the first to be given away again. */
  next = pr_secret_new ("first", -1);
  place = pr_secret_peek (next);
  g_clear_pointer (&next, pr_secret_unref);
  g_assert_null (memmem (place, 8, "first", 5));
  next = pr_secret_new ("second", -1);
  g_assert_true (pr_secret_peek (next) == place);
}

static void
test_secret_long (void)
{
  g_autofree char *text = g_strnfill (20000, 'x');
  g_autoptr (PrSecret) secret = pr_secret_new (text, -1);

  g_assert_cmpuint (pr_secret_get_length (secret), ==, 20000);
  g_assert_cmpstr (pr_secret_peek (secret), ==, text);
}

/* --- Text ------------------------------------------------------------------------------------- */

static void
test_display (void)
{
  static const struct
  {
    const char *raw;
    gssize length;
    const char *safe;
  } rows[] = {
    { "plain", -1, "plain" },
    { "", -1, "" },
    { "größer €", -1, "größer €" },
    { "a\r\nb\tc", -1, "a\\x0d\\x0ab\\x09c" },
    { "\x1b[31mred", -1, "\\x1b[31mred" },
    { "\x7f\xff\xfe", -1, "\\x7f\\xff\\xfe" },
    { "a\0b", 3, "a\\x00b" },
    { "a\u202eb\u2066c\u200bd\ufeff\u061c", -1,
      "a\\u{202e}b\\u{2066}c\\u{200b}d\\u{feff}\\u{061c}" },
    { "\xc2\x85\xc2\x9b", -1, "\\u{0085}\\u{009b}" },
    { "\u2028\u2029", -1, "\\u{2028}\\u{2029}" },
    { "a\U000e0041\U000e007fb", -1, "a\\u{e0041}\\u{e007f}b" }, /* tags: a text within the text */
    { "pass\u00adword\u180e\u3164", -1, "pass\\u{00ad}word\\u{180e}\\u{3164}" },
    { "\u0915\u093e \ud55c\uae00 \u05d0", -1,
      "\u0915\u093e \ud55c\uae00 \u05d0" },    /* just letters */
    { "\xe2\x82", -1, "\\xe2\\x82" },          /* cut in the middle of a character */
    { "\xed\xa0\x80", -1, "\\xed\\xa0\\x80" }, /* half a surrogate pair */
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *safe = pr_text_for_display (rows[i].raw, rows[i].length, 1000);

      g_assert_cmpstr (safe, ==, rows[i].safe);
      g_assert_true (g_utf8_validate (safe, -1, NULL));
    }
}

static void
test_display_cut (void)
{
  g_autofree char *cut = pr_text_for_display ("0123456789", -1, 4);
  g_autofree char *whole = pr_text_for_display ("0123", -1, 4);

  g_assert_cmpstr (cut, ==, "0123…");
  g_assert_cmpstr (whole, ==, "0123");
}

/* Bytes of a command line: as they are they would end in the middle of a letter. */
static void
test_bad_bytes (void)
{
  static const char *const rows[] = { "\xff", "a\xf0", "\xe2\x82", "" };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = g_strdup (rows[i]);
      g_autofree char *key = pr_text_casefold (text);
      g_autofree char *folded = pr_text_fold (text);
      g_autoptr (GError) error = pr_error_new (PR_ERROR_NOT_FOUND, "name", "“%s”", text);

      g_assert_true (g_utf8_validate (key, -1, NULL));
      g_assert_true (g_utf8_validate (folded, -1, NULL));
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      g_assert_true (g_str_has_prefix (error->message, "“"));
    }
}

static void
test_times (void)
{
  g_autofree char *text = pr_time_to_text (G_GINT64_CONSTANT (1769860800123000));
  g_autofree char *never = pr_time_to_text (0);
  gint64 us = 0;

  g_assert_cmpstr (text, ==, "2026-01-31T12:00:00.123Z");
  g_assert_null (never);
  g_assert_true (pr_time_from_text (text, &us));
  g_assert_cmpint (us, ==, G_GINT64_CONSTANT (1769860800123000));
  g_assert_true (pr_time_from_text ("2026-01-31T13:00:00+01:00", &us));
  g_assert_cmpint (us, ==, G_GINT64_CONSTANT (1769860800000000));
  g_assert_true (pr_time_from_text ("2026-01-31", &us));
  g_assert_true (pr_time_from_text ("2026-01-31T12:00", &us));
  g_assert_false (pr_time_from_text ("", &us));
  g_assert_false (pr_time_from_text ("yesterday", &us));
  g_assert_false (pr_time_from_text ("2026-02-30", &us));
}

static void
test_numbers (void)
{
  gint64 value = 0;

  g_assert_true (pr_text_to_int ("65535", 1, 65535, &value));
  g_assert_cmpint (value, ==, 65535);
  g_assert_true (pr_text_to_int ("-5", -10, 10, &value));
  g_assert_cmpint (value, ==, -5);
  g_assert_false (pr_text_to_int ("65536", 1, 65535, &value));
  g_assert_false (pr_text_to_int ("0", 1, 65535, &value));
  g_assert_false (pr_text_to_int ("", 0, 10, &value));
  g_assert_false (pr_text_to_int (" 5", 0, 10, &value));
  g_assert_false (pr_text_to_int ("5 ", 0, 10, &value));
  g_assert_false (pr_text_to_int ("5x", 0, 10, &value));
  g_assert_false (pr_text_to_int ("0x5", 0, 10, &value));
  g_assert_false (pr_text_to_int ("99999999999999999999", 0, G_MAXINT64, &value));
}

/* --- Locks ------------------------------------------------------------------------------------ */

static void
on_locked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static int
acquire (const char *path, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  pr_file_lock_acquire_async (path, NULL, on_locked, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return pr_file_lock_acquire_finish (result, error);
}

/* Whoever holds it, for whatever: it is said what is held, and that nothing was changed. */
static void
test_file_lock (void)
{
  g_autofree char *path = g_strdup_printf ("%s/postroom-lock-%d", g_get_tmp_dir (), getpid ());
  g_autoptr (GError) error = NULL;
  int lock;

  lock = acquire (path, &error);
  g_assert_no_error (error);
  pr_file_lock_set_patience (50);
  g_assert_cmpint (acquire (path, &error), ==, -1);
  g_assert_error (error, PR_ERROR, PR_ERROR_DATABASE);
  g_assert_nonnull (strstr (error->message, path));
  g_assert_nonnull (strstr (error->message, "Nothing was changed"));
  g_assert_null (strstr (error->message, "password"));
  g_clear_error (&error);
  pr_file_lock_release (lock);
  lock = acquire (path, &error);
  g_assert_no_error (error);
  pr_file_lock_release (lock);
  g_remove (path);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/enums", test_enums);
  g_test_add_func ("/base/enum-unknown", test_enum_unknown);
  g_test_add_func ("/base/mechanism-names", test_mechanism_names);
  g_test_add_func ("/base/default-ports", test_default_ports);
  g_test_add_func ("/base/codes", test_codes);
  g_test_add_func ("/base/code-unknown", test_code_unknown);
  g_test_add_func ("/base/errors", test_errors);
  g_test_add_func ("/base/secret", test_secret);
  g_test_add_func ("/base/secret-many", test_secret_many);
  g_test_add_func ("/base/secret-long", test_secret_long);
  g_test_add_func ("/base/display", test_display);
  g_test_add_func ("/base/display-cut", test_display_cut);
  g_test_add_func ("/base/bad-bytes", test_bad_bytes);
  g_test_add_func ("/base/times", test_times);
  g_test_add_func ("/base/numbers", test_numbers);
  g_test_add_func ("/base/file-lock", test_file_lock);
  return g_test_run ();
}
