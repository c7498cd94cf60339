/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The rules of mailboxes and email settings, what an empty field becomes, the gates, and the
 * policy for ports. */

#include "model-checks.h"

#include "pr-record-pack.h"

static void
test_mailbox_rules (void)
{
  static const struct
  {
    const char *fields, *wrong;
    const char *words[3];
  } rows[] = {
    { "", "", { NULL } },
    { "kind=queue delete-after=yes", "", { NULL } },
    { "kind=forward outgoing=none delete-after=yes", "", { NULL } },
    { "incoming=forward", "", { NULL } },
    { "incoming=none outgoing=none", "", { NULL } },
    { "outgoing=forward", "outgoing", { "“forward”", "Accepted: none, server-side" } },
    { "kind=forward",
      "outgoing",
      { "“server-side”", "a forward mailbox only receives", "Accepted: none" } },
    { "kind=forward outgoing=forward", "outgoing", { NULL } },
    { "act=server-side",
      "act",
      { "“server-side”", "POP3/SMTP and Gmail profiles carry email only", "Accepted: none" } },
    { "act=forward", "act", { "“forward”" } },
    { "delete-after=yes",
      "delete-after",
      { "“yes”", "only queues and forward mailboxes may", "Accepted: no" } },
    { "kind=forward act=server-side", "outgoing act", { NULL } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (PrMailbox) mailbox = pr_mailbox_new ("support@example.org");
      g_autofree char *wrong = NULL, *messages = NULL;

      record_set_all (mailbox, rows[i].fields);
      pr_mailbox_fill_in (mailbox);
      wrong = record_list_wrong (mailbox, NULL, &messages);
      g_assert_cmpstr (wrong, ==, rows[i].wrong);
      for (guint w = 0; w < G_N_ELEMENTS (rows[i].words) && rows[i].words[w] != NULL; w++)
        if (strstr (messages, rows[i].words[w]) == NULL)
          g_error ("%s: not “%s”:\n%s", rows[i].fields, rows[i].words[w], messages);
    }
}

static void
test_fill_in (void)
{
  static const struct
  {
    const char *address, *fields, *name, *owner, *username;
  } rows[] = {
    { "support@example.org", "", "support", "support", "support@example.org" },
    { "support@example.org", "owner=Olivia", "Olivia", "Olivia", "support@example.org" },
    { "support@example.org", "name=Help", "Help", "Help", "support@example.org" },
    { "support@example.org", "name=Help owner=Olivia username=robot", "Help", "Olivia", "robot" },
    { "\"a@b\"@example.org", "", "\"a@b\"", "\"a@b\"", "\"a@b\"@example.org" },
    { "", "", "", "", "" },
    { "nonsense", "", "nonsense", "nonsense", "nonsense" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (PrMailbox) mailbox = pr_mailbox_new (rows[i].address);

      record_set_all (mailbox, rows[i].fields);
      pr_mailbox_fill_in (mailbox);
      g_assert_cmpstr (pr_mailbox_get_text (mailbox, NAME), ==, rows[i].name);
      g_assert_cmpstr (pr_mailbox_get_text (mailbox, OWNER), ==, rows[i].owner);
      g_assert_cmpstr (pr_mailbox_get_text (mailbox, USERNAME), ==, rows[i].username);
    }
}

/* The longest address is longer than the longest user name: it is still an address. */
static void
test_longest_address (void)
{
  g_autofree char *label = g_strnfill (61, 'd');
  g_autofree char *local = g_strnfill (64, 'l');
  g_autofree char *address = g_strdup_printf ("%s@%s.%s.%s.abc", local, label, label, label);
  g_autoptr (PrMailbox) mailbox = pr_mailbox_new (address);
  g_autofree char *wrong = NULL;

  g_assert_cmpuint (strlen (address), ==, 254);
  pr_mailbox_fill_in (mailbox);
  wrong = record_list_wrong (mailbox, NULL, NULL);
  g_assert_cmpstr (wrong, ==, "");
  g_assert_cmpstr (pr_mailbox_get_text (mailbox, USERNAME), ==, "");
}

static void
test_apply_settings (void)
{
  static const char *const kinds[] = { "user", "queue", "forward" };
  g_autoptr (PrEmailSettings) settings = pr_email_settings_new ();

  record_set_all (settings, "profile-id=7 incoming=forward outgoing=server-side");
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr (PrMailbox) mailbox = pr_mailbox_new ("a@example.org");

      record_set_all (mailbox, "incoming=none outgoing=none profile-id=3");
      record_set (mailbox, "kind", kinds[i]);
      pr_mailbox_apply_settings (mailbox, settings);
      g_assert_cmpint (pr_mailbox_get (mailbox, PROFILE_ID), ==, 7);
      g_assert_cmpint (pr_mailbox_get (mailbox, INCOMING), ==, PR_SYNC_METHOD_FORWARD);
      g_assert_cmpint (pr_mailbox_get (mailbox, OUTGOING), ==,
                       i == 2 ? PR_SYNC_METHOD_NONE : PR_SYNC_METHOD_SERVER_SIDE);
      g_assert_cmpint (pr_mailbox_get (mailbox, ACT), ==, PR_SYNC_METHOD_NONE);
    }
}

static void
test_gates (void)
{
  static const char *const kinds[] = { "user", "queue", "forward" };
  g_autoptr (PrEmailSettings) settings = pr_email_settings_new ();

  for (guint gates = 0; gates < 4; gates++)
    for (guint kind = 0; kind < G_N_ELEMENTS (kinds); kind++)
      for (PrApproval approval = PR_APPROVAL_EMPTY; approval <= PR_APPROVAL_REJECTED; approval++)
        {
          g_autoptr (PrMailbox) mailbox = pr_mailbox_new ("a@example.org");
          gboolean gate = kind == 0 ? (gates & 1) != 0 : (gates & 2) != 0;

          record_set (settings, "approved-users-only", gates & 1 ? "yes" : "no");
          record_set (settings, "approved-queues-only", gates & 2 ? "yes" : "no");
          record_set (mailbox, "kind", kinds[kind]);
          pr_record_set_number (PR_RECORD (mailbox), PR_MAILBOX_APPROVAL, approval);
          g_assert_cmpint (pr_mailbox_needs_approval (mailbox, settings), ==,
                           gate && approval != PR_APPROVAL_APPROVED);
        }
}

/* Each direction has its own. */
static void
test_results (void)
{
  g_autoptr (PrMailbox) mailbox = pr_mailbox_new ("a@example.org");

  pr_mailbox_set_result (mailbox, PR_DIRECTION_INCOMING, PR_TEST_STATUS_SUCCESS, TRUE, "");
  pr_mailbox_set_result (mailbox, PR_DIRECTION_OUTGOING, PR_TEST_STATUS_FAILURE, FALSE,
                         "relay-denied");
  pr_mailbox_set_retry (mailbox, PR_DIRECTION_OUTGOING, 3, 99);
  g_assert_cmpint (pr_mailbox_get_status (mailbox, PR_DIRECTION_INCOMING), ==,
                   PR_TEST_STATUS_SUCCESS);
  g_assert_cmpint (pr_mailbox_get_status (mailbox, PR_DIRECTION_OUTGOING), ==,
                   PR_TEST_STATUS_FAILURE);
  g_assert_true (pr_mailbox_is_enabled (mailbox, PR_DIRECTION_INCOMING));
  g_assert_false (pr_mailbox_is_enabled (mailbox, PR_DIRECTION_OUTGOING));
  g_assert_cmpstr (pr_mailbox_get_code (mailbox, PR_DIRECTION_INCOMING), ==, "");
  g_assert_cmpstr (pr_mailbox_get_code (mailbox, PR_DIRECTION_OUTGOING), ==, "relay-denied");
  g_assert_cmpuint (pr_mailbox_get_retry (mailbox, PR_DIRECTION_INCOMING), ==, 0);
  g_assert_cmpuint (pr_mailbox_get_retry (mailbox, PR_DIRECTION_OUTGOING), ==, 3);
  g_assert_cmpint (pr_mailbox_get_retry_at (mailbox, PR_DIRECTION_OUTGOING), ==, 99);
}

/* --- Email settings --------------------------------------------------------------------------- */

static void
test_settings_rules (void)
{
  static const struct
  {
    const char *fields, *wrong;
    const char *words[2];
  } rows[] = {
    { "", "", { NULL } },
    { "incoming=forward outgoing=none", "", { NULL } },
    { "outgoing=forward", "outgoing", { "“forward”", "Accepted: none, server-side" } },
    { "act=server-side",
      "act",
      { "“server-side”", "POP3/SMTP and Gmail profiles carry email only" } },
    { "act=forward", "act", { "“forward”", "Accepted: none" } },
    { "port-policy=list",
      "ports",
      { "Allowed ports must not be empty", "Accepted: port numbers" } },
    { "port-policy=list ports=465", "", { NULL } },
    { "port-policy=us-government", "", { NULL } },
    { "outgoing=forward act=forward port-policy=list", "outgoing act ports", { NULL } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (PrEmailSettings) settings = pr_email_settings_new ();
      g_autofree char *wrong = NULL, *messages = NULL;

      record_set_all (settings, rows[i].fields);
      wrong = record_list_wrong (settings, NULL, &messages);
      g_assert_cmpstr (wrong, ==, rows[i].wrong);
      for (guint w = 0; w < G_N_ELEMENTS (rows[i].words) && rows[i].words[w] != NULL; w++)
        if (strstr (messages, rows[i].words[w]) == NULL)
          g_error ("%s: not “%s”:\n%s", rows[i].fields, rows[i].words[w], messages);
    }
}

static void
test_port_policy (void)
{
  static const struct
  {
    const char *fields, *described;
    guint allowed[4], forbidden[4];
  } rows[] = {
    { "port-policy=any ports=1", "any", { 1, 25, 995, 65535 }, { 0 } },
    { "port-policy=list ports=465,+995", "465, 995", { 465, 995 }, { 46, 4650, 99, 25 } },
    { "port-policy=us-government ports=25",
      "80, 443, 465, 995",
      { 80, 443, 465, 995 },
      { 25, 110, 587, 8080 } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (PrEmailSettings) settings = pr_email_settings_new ();
      g_autofree char *described = NULL;

      record_set_all (settings, rows[i].fields);
      described = pr_email_settings_describe_ports (settings);
      g_assert_cmpstr (described, ==, rows[i].described);
      for (guint p = 0; p < 4; p++)
        {
          if (rows[i].allowed[p] != 0)
            g_assert_true (pr_email_settings_allows_port (settings, rows[i].allowed[p]));
          if (rows[i].forbidden[p] != 0)
            g_assert_false (pr_email_settings_allows_port (settings, rows[i].forbidden[p]));
        }
    }
}

/* What is read from a pack is what was added, field by field. */
static void
test_pack (void)
{
  static const char *const rows[] = {
    "",
    "name=Jörg owner=Olivia kind=queue delete-after=yes",
    "incoming=none outgoing=none allow-credentials=yes active=no",
    "",
    "approval=approved incoming-retry-at=2026-11-24T00:04:27Z username=x",
  };
  g_autoptr (GPtrArray) mailboxes = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (PrRecordPack) pack = NULL;
  g_autoptr (PrRecordPack) same = NULL;
  g_autoptr (PrRecordPack) empty = NULL;
  guint n_fields;
  gsize position = 0;
  const PrField *fields;

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *address = g_strdup_printf ("user%u@example.org", i);
      PrMailbox *mailbox = pr_mailbox_new (i == 3 ? "" : address);

      record_set_all (mailbox, rows[i]);
      pr_record_set_number (PR_RECORD (mailbox), PR_MAILBOX_PROFILE_ID,
                            i * G_GINT64_CONSTANT (5000000000));
      g_ptr_array_add (mailboxes, mailbox);
    }
  fields = pr_record_get_fields (g_ptr_array_index (mailboxes, 0), &n_fields);
  empty = pr_record_pack_new (fields, n_fields);
  g_assert_null (pr_record_pack_read (empty, &position));
  pack = pr_record_pack_new (fields, n_fields);
  for (guint i = 0; i < mailboxes->len; i++)
    {
      PrValues *values = pr_record_dup_values (g_ptr_array_index (mailboxes, i));

      values->id = i * 7;
      values->version = i;
      pr_record_pack_add (pack, values);
      pr_values_free (values);
    }
  same = pr_record_pack_ref (pack);
  g_assert_cmpuint (pr_record_pack_get_length (same), ==, mailboxes->len);
  for (guint i = 0; i < mailboxes->len; i++)
    {
      g_autoptr (PrMailbox) copy = pr_mailbox_new ("overwritten@example.org");
      PrValues *values = pr_record_pack_read (same, &position);

      g_assert_nonnull (values);
      pr_record_set_values (PR_RECORD (copy), values);
      pr_values_free (values);
      g_assert_cmpint (pr_record_get_id (PR_RECORD (copy)), ==, i * 7);
      g_assert_cmpint (pr_record_get_version (PR_RECORD (copy)), ==, i);
      for (guint f = 0; f < n_fields; f++)
        {
          g_autofree char *expected = pr_record_format (g_ptr_array_index (mailboxes, i), f);
          g_autofree char *got = pr_record_format (PR_RECORD (copy), f);

          g_assert_cmpstr (got, ==, expected);
        }
    }
  g_assert_null (pr_record_pack_read (same, &position));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/mailbox/rules", test_mailbox_rules);
  g_test_add_func ("/model/mailbox/fill-in", test_fill_in);
  g_test_add_func ("/model/mailbox/longest-address", test_longest_address);
  g_test_add_func ("/model/mailbox/apply-settings", test_apply_settings);
  g_test_add_func ("/model/mailbox/gates", test_gates);
  g_test_add_func ("/model/mailbox/results", test_results);
  g_test_add_func ("/model/settings/rules", test_settings_rules);
  g_test_add_func ("/model/settings/port-policy", test_port_policy);
  g_test_add_func ("/model/pack", test_pack);
  return g_test_run ();
}
