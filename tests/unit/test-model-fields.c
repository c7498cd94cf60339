/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The tables of fields: what each field is called, accepts and begins with, and how a refusal
 * names the field, the value and what would be accepted. */

#include "model-checks.h"

/* One row of the product's description. Letters: e editable, r required, m several lines,
 * d derived. */
typedef struct
{
  const char *name;
  const char *label;
  PrFieldKind kind;
  const char *flags;
  gint64 min;
  gint64 max;
  const char *initial;
} PrRow;

#define T PR_FIELD_TEXT
#define I PR_FIELD_INTEGER
#define B PR_FIELD_BOOLEAN
#define E PR_FIELD_ENUM
#define W PR_FIELD_TIME
#define R PR_FIELD_REFERENCE

static const PrRow profile_rows[] = {
  { "name", "Name", T, "er", 1, 100, "" },
  { "description", "Description", T, "em", 0, 2000, "" },
  { "server-type", "Email server type", E, "e", 0, 0, "pop3-smtp" },
  { "is-default", "Set as default profile for new mailboxes", B, "ed", 0, 1, "no" },
  { "owner-name", "Owner name", T, "e", 0, 200, "" },
  { "owner-email", "Owner email", T, "e", 0, 254, "" },
  { "incoming-location", "Incoming server location", T, "er", 1, 2084, "" },
  { "outgoing-location", "Outgoing server location", T, "er", 1, 2084, "" },
  { "incoming-port", "Incoming port", I, "e", 1, 65535, "" },
  { "outgoing-port", "Outgoing port", I, "e", 1, 65535, "" },
  { "incoming-security", "Use SSL for incoming", E, "e", 0, 0, "ssl" },
  { "outgoing-security", "Use SSL for outgoing", E, "e", 0, 0, "ssl" },
  { "same-settings", "Use same settings for outgoing", B, "e", 0, 1, "yes" },
  { "incoming-authentication", "Authenticate using (incoming)", E, "e", 0, 0, "user-or-queue" },
  { "outgoing-authentication", "Authenticate using (outgoing)", E, "e", 0, 0, "user-or-queue" },
  { "incoming-username", "User name (incoming)", T, "e", 0, 250, "" },
  { "outgoing-username", "User name (outgoing)", T, "e", 0, 250, "" },
  { "incoming-password-set", "Password set (incoming)", B, "", 0, 1, "no" },
  { "outgoing-password-set", "Password set (outgoing)", B, "", 0, 1, "no" },
  { "oauth-client-id", "OAuth client id", T, "e", 0, 1024, "" },
  { "oauth-secret-set", "OAuth client secret set", B, "", 0, 1, "no" },
  { "incoming-mechanism", "Incoming authentication protocol", E, "e", 0, 0, "auto" },
  { "outgoing-mechanism", "Outgoing authentication protocol", E, "e", 0, 0, "auto" },
  { "process-from", "Process email from", W, "e", 0, 0, NULL },
  { "polling-interval", "Minimum polling interval", I, "er", 0, 1440, "5" },
  { "max-connections", "Maximum concurrent connections", I, "er", 1, 300, "10" },
  { "timeout", "Connection timeout", I, "er", 1, 100, "30" },
  { "ca-certificate", "Trusted certificate authority", T, "em", 0, 65536, "" },
  { "incoming-pin", "Pinned certificate (incoming)", T, "e", 0, 64, "" },
  { "outgoing-pin", "Pinned certificate (outgoing)", T, "e", 0, 64, "" },
  { "active", "Active", B, "e", 0, 1, "yes" },
};

static const PrRow settings_rows[] = {
  { "profile-id", "Server profile", R, "e", 0, 0, "" },
  { "incoming", "Incoming email", E, "e", 0, 0, "server-side" },
  { "outgoing", "Outgoing email", E, "e", 0, 0, "server-side" },
  { "act", "Appointments, contacts, and tasks", E, "e", 0, 0, "none" },
  { "approved-users-only", "Process emails only for approved users", B, "e", 0, 1, "yes" },
  { "approved-queues-only", "Process emails only for approved queues", B, "e", 0, 1, "yes" },
  { "alert-errors", "Alerts for errors", B, "e", 0, 1, "yes" },
  { "alert-warnings", "Alerts for warnings", B, "e", 0, 1, "yes" },
  { "alert-information", "Alerts for information", B, "e", 0, 1, "yes" },
  { "notify-owner", "Notify mailbox owner of profile-level problems", B, "e", 0, 1, "no" },
  { "keep-alerts-days", "Keep alerts for days", I, "er", 1, 3650, "30" },
  { "allow-unencrypted", "Allow connections without encryption", B, "e", 0, 1, "no" },
  { "allow-insecure-credentials", "Allow credentials entry via non-secure channels", B, "e", 0, 1,
    "no" },
  { "min-tls", "Minimum TLS version", E, "e", 0, 0, "1.2" },
  { "port-policy", "Outbound ports", E, "e", 0, 0, "any" },
  { "ports", "Allowed ports", T, "e", 0, 1000, "" },
  { "retry-count", "Tries after a temporary error", I, "er", 0, 100, "10" },
  { "retry-minutes", "Minutes between two tries", I, "er", 1, 1440, "5" },
  { "max-conversations", "Maximum tests at one time", I, "er", 1, 1000, "64" },
};

static const PrRow mailbox_rows[] = {
  { "name", "Name", T, "er", 1, 200, "" },
  { "kind", "Kind", E, "e", 0, 0, "user" },
  { "address", "Email address", T, "er", 3, 254, "" },
  { "owner", "Owner", T, "e", 0, 200, "" },
  { "profile-id", "Server profile", R, "e", 0, 0, "" },
  { "incoming", "Incoming email", E, "e", 0, 0, "server-side" },
  { "outgoing", "Outgoing email", E, "e", 0, 0, "server-side" },
  { "act", "Appointments, contacts, and tasks", E, "e", 0, 0, "none" },
  { "allow-credentials", "Allow to use credentials for email processing", B, "e", 0, 1, "no" },
  { "username", "User name", T, "e", 0, 250, "" },
  { "password-set", "Password set", B, "", 0, 1, "no" },
  { "token-set", "Signed in", B, "", 0, 1, "no" },
  { "delete-after", "Delete emails after processing", B, "e", 0, 1, "no" },
  { "approval", "Email address status", E, "", 0, 0, "pending" },
  { "incoming-status", "Incoming email status", E, "", 0, 0, "not-run" },
  { "outgoing-status", "Outgoing email status", E, "", 0, 0, "not-run" },
  { "act-status", "Appointments, contacts, and tasks status", E, "", 0, 0, "not-run" },
  { "run-state", "Test run status", E, "", 0, 0, "idle" },
  { "incoming-enabled", "Enabled for incoming", B, "", 0, 1, "no" },
  { "outgoing-enabled", "Enabled for outgoing", B, "", 0, 1, "no" },
  { "incoming-code", "Incoming error", T, "", 0, 100, "" },
  { "outgoing-code", "Outgoing error", T, "", 0, 100, "" },
  { "tested-at", "Last tested on", W, "", 0, 0, "" },
  { "active", "Active", B, "e", 0, 1, "yes" },
};

static const PrRow alert_rows[] = {
  { "severity", "Severity", E, "", 0, 0, "error" },
  { "code", "Code", T, "r", 1, 100, "" },
  { "direction", "Direction", T, "", 0, 20, "" },
  { "mailbox-id", "Mailbox", R, "", 0, 0, "" },
  { "profile-id", "Server profile", R, "", 0, 0, "" },
  { "for-owner", "Owner", T, "", 0, 254, "" },
  { "also-owner", "Second owner", T, "", 0, 254, "" },
  { "tells-mailboxes", "Tells the owners of mailboxes", B, "", 0, 1, "no" },
  { "state", "State", E, "", 0, 0, "open" },
  { "unread", "Unread", B, "", 0, 1, "yes" },
  { "count", "Count", I, "", 1, G_MAXINT32, "1" },
  { "first-seen", "First seen", W, "", 0, 0, "" },
  { "last-seen", "Last seen", W, "", 0, 0, "" },
};

static guint
parse_flags (const char *letters)
{
  guint flags = 0;

  flags |= strchr (letters, 'e') != NULL ? PR_FIELD_EDITABLE : 0;
  flags |= strchr (letters, 'r') != NULL ? PR_FIELD_REQUIRED : 0;
  flags |= strchr (letters, 'm') != NULL ? PR_FIELD_MULTILINE : 0;
  flags |= strchr (letters, 'd') != NULL ? PR_FIELD_DERIVED : 0;
  return flags;
}

static void
check_rows (gpointer record, const PrRow *rows, guint n_rows)
{
  guint n_fields;
  const PrField *fields = pr_record_get_fields (record, &n_fields);

  for (guint i = 0; i < n_rows; i++)
    {
      int index = pr_record_find_field (record, rows[i].name);
      const PrField *field;

      if (index < 0)
        g_error ("there is no field “%s”", rows[i].name);
      field = &fields[index];
      g_assert_cmpstr (field->label, ==, rows[i].label);
      g_assert_cmpint (field->kind, ==, rows[i].kind);
      g_assert_cmpuint (field->flags, ==, parse_flags (rows[i].flags));
      if (field->kind == T || field->kind == I)
        {
          g_assert_cmpint (field->min, ==, rows[i].min);
          g_assert_cmpint (field->max, ==, rows[i].max);
        }
      if (rows[i].initial != NULL)
        {
          g_autofree char *initial = pr_record_format (record, (guint) index);

          g_assert_cmpstr (initial, ==, rows[i].initial);
        }
    }
}

static GPtrArray *
make_records (void)
{
  GPtrArray *records = g_ptr_array_new_with_free_func (g_object_unref);

  g_ptr_array_add (records, pr_server_profile_new ());
  g_ptr_array_add (records, pr_email_settings_new ());
  g_ptr_array_add (records, g_object_new (PR_TYPE_MAILBOX, NULL));
  g_ptr_array_add (records, pr_alert_new ());
  return records;
}

static void
test_tables (void)
{
  g_autoptr (GPtrArray) records = make_records ();

  check_rows (g_ptr_array_index (records, 0), profile_rows, G_N_ELEMENTS (profile_rows));
  check_rows (g_ptr_array_index (records, 1), settings_rows, G_N_ELEMENTS (settings_rows));
  check_rows (g_ptr_array_index (records, 2), mailbox_rows, G_N_ELEMENTS (mailbox_rows));
  check_rows (g_ptr_array_index (records, 3), alert_rows, G_N_ELEMENTS (alert_rows));
}

/* Mail is processed from the moment on in which the profile is made. */
static void
test_process_from (void)
{
  gint64 before = g_get_real_time ();
  g_autoptr (PrServerProfile) profile = pr_server_profile_new ();

  g_assert_cmpint (pr_server_profile_get (profile, PROCESS_FROM), >=, before);
  g_assert_cmpint (pr_server_profile_get (profile, PROCESS_FROM), <=, g_get_real_time ());
}

/* --- Accepted and refused, field by field ----------------------------------------------------- */

static void
assert_accepted (PrRecord *record, guint field, const char *value)
{
  g_autoptr (GError) error = NULL;

  pr_record_parse (record, field, value, &error);
  if (error != NULL)
    g_error ("“%.60s”: %s", value, error->message);
}

/* The error is about that field, repeats the value and says @accepted; nothing has changed. */
static void
assert_refused (PrRecord *record, guint index, const char *value, const char *accepted)
{
  guint n;
  const PrField *field = &pr_record_get_fields (record, &n)[index];
  g_autofree char *before = pr_record_format (record, index);
  g_autofree char *after = NULL;
  g_autoptr (GError) error = NULL;

  if (pr_record_parse (record, index, value, &error))
    g_error ("%s: “%.60s” was accepted", field->name, value);
  g_assert_error (error, PR_ERROR, PR_ERROR_INVALID_VALUE);
  g_assert_cmpstr (pr_error_get_field (error), ==, field->name);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  g_assert_cmpuint (strlen (error->message), <, 600);
  if (!g_str_has_prefix (error->message, field->label)
      || strstr (error->message, "Accepted: ") == NULL || strstr (error->message, accepted) == NULL
      || (*value == '\0' && strstr (error->message, "must not be empty") == NULL)
      || (*value != '\0' && strlen (value) < 20 && g_utf8_validate (value, -1, NULL)
          && strpbrk (value, "\r\n\t\x1b") == NULL && strstr (error->message, value) == NULL))
    g_error ("%s, “%.60s”: %s", field->name, value, error->message);
  after = pr_record_format (record, index);
  g_assert_cmpstr (after, ==, before);
}

static void
check_integer (PrRecord *record, guint index, const PrField *field)
{
  static const char *const junk[] = { "x",
                                      "5x",
                                      " 5",
                                      "5 ",
                                      "0x10",
                                      "5.0",
                                      "1e2",
                                      "٣",
                                      "99999999999999999999",
                                      "-99999999999999999999",
                                      "-" };
  g_autofree char *range =
      g_strdup_printf ("a whole number from %d to %d", (int) field->min, (int) field->max);
  g_autofree char *min = g_strdup_printf ("%d", (int) field->min);
  g_autofree char *max = g_strdup_printf ("%d", (int) field->max);
  g_autofree char *below = g_strdup_printf ("%d", (int) field->min - 1);
  g_autofree char *above = g_strdup_printf ("%" G_GINT64_FORMAT, field->max + 1);

  assert_accepted (record, index, min);
  assert_accepted (record, index, max);
  assert_refused (record, index, below, range);
  assert_refused (record, index, above, range);
  for (guint i = 0; i < G_N_ELEMENTS (junk); i++)
    assert_refused (record, index, junk[i], range);
  if ((field->flags & PR_FIELD_REQUIRED) != 0)
    assert_refused (record, index, "", range);
  else
    assert_accepted (record, index, "");
}

static void
check_enum (PrRecord *record, guint index, const PrField *field)
{
  g_autofree char *nicks = pr_enum_list_nicks (field->enum_type ());
  g_auto (GStrv) each = g_strsplit (nicks, ", ", -1);

  for (guint i = 0; each[i] != NULL; i++)
    {
      g_autofree char *value = NULL;

      assert_accepted (record, index, each[i]);
      value = pr_record_format (record, index);
      g_assert_cmpstr (value, ==, each[i]);
    }
  assert_refused (record, index, "", nicks);
  assert_refused (record, index, "SSL ", nicks);
  assert_refused (record, index, "0", nicks);
}

static void
check_boolean (PrRecord *record, guint index)
{
  static const char *const yes[] = { "yes", "YES", "true", "on", "1" };
  static const char *const no[] = { "no", "No", "false", "off", "0" };

  for (guint i = 0; i < G_N_ELEMENTS (yes); i++)
    {
      assert_accepted (record, index, yes[i]);
      g_assert_cmpint (pr_record_get_number (record, index), ==, 1);
      assert_accepted (record, index, no[i]);
      g_assert_cmpint (pr_record_get_number (record, index), ==, 0);
    }
  assert_refused (record, index, "", "yes or no");
  assert_refused (record, index, "maybe", "yes or no");
  assert_refused (record, index, "2", "yes or no");
}

static void
check_time (PrRecord *record, guint index)
{
  assert_accepted (record, index, "2026-01-31");
  assert_accepted (record, index, "2026-01-31T12:00");
  assert_accepted (record, index, "2026-01-31T12:00:00Z");
  assert_accepted (record, index, "");
  g_assert_cmpint (pr_record_get_number (record, index), ==, 0);
  assert_refused (record, index, "yesterday", "a date such as 2026-01-31");
  assert_refused (record, index, "2026-02-30", "a date such as 2026-01-31");
  assert_refused (record, index, "31.1.2026", "a date such as 2026-01-31");
}

/* Fields without a judge of their own: length in characters, lines, bytes. */
static void
check_text (PrRecord *record, guint index, const PrField *field)
{
  g_autofree char *letters = g_strnfill ((gsize) field->max, 'x');
  g_autofree char *more = g_strnfill ((gsize) field->max + 1, 'x');
  g_autoptr (GString) wide = g_string_new (NULL);
  gboolean lines = (field->flags & PR_FIELD_MULTILINE) != 0;

  for (gint64 i = 0; i < field->max; i++)
    g_string_append (wide, "ü");
  assert_accepted (record, index, letters);
  assert_accepted (record, index, wide->str);
  assert_refused (record, index, more, "characters");
  g_string_append (wide, "ü");
  assert_refused (record, index, wide->str, "characters");
  assert_refused (record, index, "\xff\xfe", "UTF-8");
  if (lines)
    assert_accepted (record, index, "a\nb");
  else
    {
      assert_refused (record, index, "a\nb", "one line");
      assert_refused (record, index, "a\r\nQUIT", "one line");
      assert_refused (record, index, "a\x1b[2J", "one line");
    }
  if ((field->flags & PR_FIELD_REQUIRED) != 0)
    {
      assert_refused (record, index, "", "1 to");
      assert_refused (record, index, "   ", "not only blanks");
      assert_refused (record, index, " \xe2\x80\x83 ", "not only blanks");
    }
  else
    assert_accepted (record, index, "");
}

static void
check_field (PrRecord *record, guint index, const PrField *field)
{
  switch (field->kind)
    {
      case PR_FIELD_TEXT:
        if (field->check == NULL)
          check_text (record, index, field);
        break;
      case PR_FIELD_INTEGER:
        check_integer (record, index, field);
        break;
      case PR_FIELD_BOOLEAN:
        check_boolean (record, index);
        break;
      case PR_FIELD_ENUM:
        check_enum (record, index, field);
        break;
      case PR_FIELD_TIME:
        check_time (record, index);
        break;
      case PR_FIELD_REFERENCE:
        assert_accepted (record, index, "");
        assert_accepted (record, index, "17");
        assert_refused (record, index, "-1", "the number of one that exists");
        assert_refused (record, index, "Example", "the number of one that exists");
        break;
    }
}

static void
test_values (void)
{
  g_autoptr (GPtrArray) records = make_records ();

  for (guint r = 0; r < records->len; r++)
    {
      PrRecord *record = g_ptr_array_index (records, r);
      guint n;
      const PrField *fields = pr_record_get_fields (record, &n);

      for (guint i = 0; i < n; i++)
        check_field (record, i, &fields[i]);
    }
}

/* Fields with a judge of their own: some good and bad values, and what is said of these. */
static void
test_judged (void)
{
  static const struct
  {
    guint record; /* as in make_records() */
    const char *field, *good, *bad, *accepted;
  } rows[] = {
    { 0, "owner-email", "olivia@example.org", "olivia", "an email address" },
    { 0, "owner-email", "", "Olivia <o@example.org>", "without a name" },
    { 0, "incoming-location", "mail.example.org", "", "mail.example.org" },
    { 0, "incoming-location", "bücher.example", "pop3://mail.example.org", "not a web address" },
    { 0, "incoming-location", "192.0.2.1", "mail example.org", "without spaces" },
    { 0, "incoming-location", "2001:db8::1", "mail.example.org:995", "a field of its own" },
    { 0, "incoming-location", "[2001:db8::1]", "a\r\nQUIT", "control characters" },
    { 0, "outgoing-location", "localhost", "o@example.org", "not an email address" },
    { 0, "outgoing-location", "a", "..", "host name" },
    { 0, "incoming-username", " blanks stay ", "a\nb", "line" },
    { 0, "ca-certificate", "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n",
      "AA==", "in PEM form" },
    { 0, "ca-certificate", "",
      "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----\n",
      "a private key must never be given away" },
    { 0, "incoming-pin", "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "0123",
      "64 hexadecimal digits" },
    { 0, "outgoing-pin", "", "g123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
      "64 hexadecimal digits" },
    { 1, "ports", "465, 995", "465; 995", "separated by commas" },
    { 1, "ports", "1,65535", "0", "from 1 to 65535" },
    { 1, "ports", "", "65536", "from 1 to 65535" },
    { 2, "address", "a@b", "", "an email address" },
    { 2, "address", "Jörg@bücher.example", "a b@example.org", "an email address" },
    { 2, "address", "\"a b\"@example.org", "a@example.org\r\nRCPT TO:<x@y>", "control characters" },
    { 2, "address", "a@[192.0.2.1]", "a@example.org, b@example.org", "one email address" },
    { 2, "username", "DOMAIN\\user", "a\tb", "line" },
  };
  g_autoptr (GPtrArray) records = make_records ();

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      PrRecord *record = g_ptr_array_index (records, rows[i].record);
      guint field = (guint) pr_record_find_field (record, rows[i].field);

      assert_accepted (record, field, rows[i].good);
      assert_refused (record, field, rows[i].bad, rows[i].accepted);
    }
}

/* The limits of judged fields, too. */
static void
test_judged_limits (void)
{
  g_autoptr (PrServerProfile) profile = pr_server_profile_new ();
  g_autoptr (PrMailbox) mailbox = pr_mailbox_new ("a@b");
  g_autofree char *host = g_strnfill (2085, 'a');
  g_autofree char *username = g_strnfill (250, 'u');
  g_autofree char *longer = g_strnfill (251, 'u');
  g_autofree char *label = g_strnfill (61, 'd');
  g_autofree char *address =
      g_strdup_printf ("%.63s@%s.%s.%s.%s", username, label, label, label, "ab");
  g_autofree char *too_long = g_strconcat (address, "c", NULL);

  assert_refused (PR_RECORD (profile), PR_PROFILE_INCOMING_LOCATION, host, "characters");
  assert_accepted (PR_RECORD (profile), PR_PROFILE_INCOMING_USERNAME, username);
  assert_refused (PR_RECORD (profile), PR_PROFILE_INCOMING_USERNAME, longer, "at most 250");
  g_assert_cmpuint (strlen (address), ==, 252);
  assert_accepted (PR_RECORD (mailbox), PR_MAILBOX_ADDRESS, address);
  g_free (too_long);
  too_long = g_strconcat (address, "cde", NULL);
  assert_refused (PR_RECORD (mailbox), PR_MAILBOX_ADDRESS, too_long, "");
}

/* --- Records as objects ----------------------------------------------------------------------- */

static void
on_notify (GObject *object, GParamSpec *pspec, gpointer user_data)
{
  g_string_append_printf (user_data, "%s ", pspec->name);
}

/* Properties, with their changes and only these. */
static void
test_properties (void)
{
  g_autoptr (PrServerProfile) profile = pr_server_profile_new ();
  g_autoptr (PrServerProfile) other = pr_server_profile_new ();
  g_autoptr (GString) changes = g_string_new (NULL);
  g_autoptr (PrRecord) copy = NULL;
  g_autofree char *name = NULL;
  PrSecurity security;
  gint64 timeout;
  gboolean active;

  g_signal_connect (profile, "notify", G_CALLBACK (on_notify), changes);
  g_object_set (profile, "name", "Example", "timeout", (gint64) 7, "active", FALSE,
                "incoming-security", PR_SECURITY_STARTTLS, NULL);
  g_object_set (profile, "name", "Example", "timeout", (gint64) 7, NULL);
  record_set (profile, "name", "Example");
  /* GObject tells the last one first. */
  g_assert_cmpstr (changes->str, ==, "incoming-security active timeout name ");
  g_object_get (profile, "name", &name, "timeout", &timeout, "active", &active, "incoming-security",
                &security, NULL);
  g_assert_cmpstr (name, ==, "Example");
  g_assert_cmpint (timeout, ==, 7);
  g_assert_false (active);
  g_assert_cmpint (security, ==, PR_SECURITY_STARTTLS);

  pr_record_set_id (PR_RECORD (profile), 5);
  pr_record_set_version (PR_RECORD (profile), 9);
  copy = pr_record_duplicate (PR_RECORD (profile));
  g_assert_true (PR_IS_SERVER_PROFILE (copy));
  g_assert_cmpint (pr_record_get_id (copy), ==, 5);
  g_assert_cmpint (pr_record_get_version (copy), ==, 9);
  g_assert_cmpstr (pr_record_get_text (copy, PR_PROFILE_NAME), ==, "Example");
  /* A copy is a copy. */
  record_set (copy, "name", "Other");
  g_assert_cmpstr (pr_server_profile_get_text (profile, NAME), ==, "Example");
}

/* What is formatted is parsed again, for every field of everything. */
static void
test_round_trip (void)
{
  g_autoptr (GPtrArray) records = make_records ();

  for (guint r = 0; r < records->len; r++)
    {
      PrRecord *record = g_ptr_array_index (records, r);
      guint n;
      const PrField *fields = pr_record_get_fields (record, &n);

      for (guint i = 0; i < n; i++)
        {
          g_autofree char *text = pr_record_format (record, i);
          g_autofree char *again = NULL;

          if ((fields[i].flags & PR_FIELD_REQUIRED) != 0 && *text == '\0')
            continue;
          assert_accepted (record, i, text);
          again = pr_record_format (record, i);
          g_assert_cmpstr (again, ==, text);
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/fields/tables", test_tables);
  g_test_add_func ("/model/fields/process-from", test_process_from);
  g_test_add_func ("/model/fields/values", test_values);
  g_test_add_func ("/model/fields/judged", test_judged);
  g_test_add_func ("/model/fields/judged-limits", test_judged_limits);
  g_test_add_func ("/model/fields/properties", test_properties);
  g_test_add_func ("/model/fields/round-trip", test_round_trip);
  return g_test_run ();
}
