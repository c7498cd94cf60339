/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is refused without a packet: every code, and which comes first when several would fit. */

#include "pr-precheck.h"

typedef struct
{
  PrMailbox *mailbox;
  PrServerProfile *profile; /* (nullable) */
  PrEmailSettings *settings;
  PrDirection direction;
  gboolean read_only;
} PrCase;

static void
set (gpointer record, const char *name, const char *value)
{
  int field = pr_record_find_field (record, name);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (field, >=, 0);
  pr_record_parse (record, (guint) field, value, &error);
  g_assert_no_error (error);
}

/* A mailbox of which everything may be tested. */
static void
case_init (PrCase *self, PrDirection direction)
{
  PrRecord *mailbox;

  self->direction = direction;
  self->read_only = FALSE;
  self->settings = pr_email_settings_new ();
  self->profile = pr_server_profile_new ();
  set (self->profile, "name", "Example");
  set (self->profile, "incoming-location", "pop.example.org");
  set (self->profile, "outgoing-location", "smtp.example.org");
  self->mailbox = pr_mailbox_new ("support@example.org");
  mailbox = PR_RECORD (self->mailbox);
  pr_record_set_number (mailbox, PR_MAILBOX_APPROVAL, PR_APPROVAL_APPROVED);
  pr_record_set_number (mailbox, PR_MAILBOX_ALLOW_CREDENTIALS, TRUE);
  pr_record_set_number (mailbox, PR_MAILBOX_PASSWORD_SET, TRUE);
  pr_mailbox_fill_in (self->mailbox);
}

static void
case_clear (PrCase *self)
{
  g_clear_object (&self->mailbox);
  g_clear_object (&self->profile);
  g_clear_object (&self->settings);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PrCase, case_clear)

static const char *
get_code (PrCase *self)
{
  g_autoptr (GHashTable) known = pr_precheck_memory_new ();
  PrCode code = pr_precheck_mailbox (self->mailbox, self->profile, self->settings, self->direction,
                                     self->read_only, NULL);

  /* Twice with a memory: what it finds out, and what it remembers. */
  for (guint i = 0; i < 2; i++)
    g_assert_cmpint (pr_precheck_mailbox (self->mailbox, self->profile, self->settings,
                                          self->direction, self->read_only, known),
                     ==, code);
  return pr_code_to_word (code);
}

/* One fault: how it is made, how it is mended, and what is said while it is there. */
typedef struct
{
  const char *code;
  void (*make) (PrCase *self, gboolean wrong);
} PrFault;

static void
make_read_only (PrCase *self, gboolean wrong)
{
  self->read_only = wrong;
}

static void
make_inactive (PrCase *self, gboolean wrong)
{
  pr_record_set_number (PR_RECORD (self->mailbox), PR_MAILBOX_ACTIVE, !wrong);
}

static void
make_no_profile (PrCase *self, gboolean wrong)
{
  static PrServerProfile *taken;

  if (wrong)
    taken = g_steal_pointer (&self->profile);
  else
    self->profile = g_steal_pointer (&taken);
}

static void
make_profile_inactive (PrCase *self, gboolean wrong)
{
  pr_record_set_number (PR_RECORD (self->profile), PR_PROFILE_ACTIVE, !wrong);
}

static void
make_direction_none (PrCase *self, gboolean wrong)
{
  pr_record_set_number (PR_RECORD (self->mailbox),
                        self->direction == PR_DIRECTION_INCOMING ? PR_MAILBOX_INCOMING
                                                                 : PR_MAILBOX_OUTGOING,
                        wrong ? PR_SYNC_METHOD_NONE : PR_SYNC_METHOD_SERVER_SIDE);
}

static void
make_bad_address (PrCase *self, gboolean wrong)
{
  pr_record_set_text (PR_RECORD (self->mailbox), PR_MAILBOX_ADDRESS,
                      wrong ? "support@" : "support@example.org");
}

static void
make_pending (PrCase *self, gboolean wrong)
{
  pr_record_set_number (PR_RECORD (self->mailbox), PR_MAILBOX_APPROVAL,
                        wrong ? PR_APPROVAL_PENDING : PR_APPROVAL_APPROVED);
}

static void
make_profile_invalid (PrCase *self, gboolean wrong)
{
  pr_record_set_number (PR_RECORD (self->profile), PR_PROFILE_TIMEOUT, wrong ? 101 : 30);
}

static void
make_port_forbidden (PrCase *self, gboolean wrong)
{
  set (self->settings, "port-policy", wrong ? "list" : "any");
  set (self->settings, "ports", wrong ? "80, 443" : "");
}

static void
make_unencrypted (PrCase *self, gboolean wrong)
{
  set (self->profile,
       self->direction == PR_DIRECTION_INCOMING ? "incoming-security" : "outgoing-security",
       wrong ? "none" : "ssl");
}

static void
make_credentials_not_allowed (PrCase *self, gboolean wrong)
{
  pr_record_set_number (PR_RECORD (self->mailbox), PR_MAILBOX_ALLOW_CREDENTIALS, !wrong);
}

static void
make_no_password (PrCase *self, gboolean wrong)
{
  pr_record_set_number (PR_RECORD (self->mailbox), PR_MAILBOX_PASSWORD_SET, !wrong);
}

/* In the order in which they are looked for. */
static const PrFault faults[] = {
  { "database-read-only", make_read_only },
  { "mailbox-inactive", make_inactive },
  { "mailbox-no-profile", make_no_profile },
  { "profile-inactive", make_profile_inactive },
  { "mailbox-direction-none", make_direction_none },
  { "mailbox-address-invalid", make_bad_address },
  { "address-not-approved", make_pending },
  { "profile-invalid", make_profile_invalid },
  { "policy-port", make_port_forbidden },
  { "policy-encryption", make_unencrypted },
  { "credentials-not-allowed", make_credentials_not_allowed },
  { "credentials-missing", make_no_password },
};

static void
test_each (void)
{
  for (PrDirection direction = 0; direction < PR_N_DIRECTIONS; direction++)
    for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
      {
        g_auto (PrCase) one = { 0 };

        case_init (&one, direction);
        g_assert_cmpstr (get_code (&one), ==, "ok");
        faults[i].make (&one, TRUE);
        g_assert_cmpstr (get_code (&one), ==, faults[i].code);
        faults[i].make (&one, FALSE);
        g_assert_cmpstr (get_code (&one), ==, "ok");
      }
}

/* All faults at once, mended one by one from the first on. */
static void
test_order (void)
{
  for (PrDirection direction = 0; direction < PR_N_DIRECTIONS; direction++)
    {
      g_auto (PrCase) one = { 0 };

      case_init (&one, direction);
      for (guint i = G_N_ELEMENTS (faults); i-- > 0;)
        faults[i].make (&one, TRUE);
      for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
        {
          g_assert_cmpstr (get_code (&one), ==, faults[i].code);
          faults[i].make (&one, FALSE);
        }
      g_assert_cmpstr (get_code (&one), ==, "ok");
    }
}

static void
test_gates (void)
{
  static const struct
  {
    const char *kind, *users, *queues, *code;
    PrApproval approval;
  } rows[] = {
    { "user", "yes", "no", "address-not-approved", PR_APPROVAL_PENDING },
    { "user", "yes", "no", "address-not-approved", PR_APPROVAL_REJECTED },
    { "user", "yes", "no", "address-not-approved", PR_APPROVAL_EMPTY },
    { "user", "yes", "no", "ok", PR_APPROVAL_APPROVED },
    { "user", "no", "yes", "ok", PR_APPROVAL_PENDING },
    { "queue", "no", "yes", "address-not-approved", PR_APPROVAL_PENDING },
    { "queue", "no", "yes", "ok", PR_APPROVAL_APPROVED },
    { "queue", "yes", "no", "ok", PR_APPROVAL_REJECTED },
    { "forward", "no", "yes", "address-not-approved", PR_APPROVAL_PENDING },
    { "forward", "yes", "no", "ok", PR_APPROVAL_PENDING },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (PrCase) one = { 0 };

      case_init (&one, PR_DIRECTION_INCOMING);
      set (one.mailbox, "kind", rows[i].kind);
      set (one.settings, "approved-users-only", rows[i].users);
      set (one.settings, "approved-queues-only", rows[i].queues);
      pr_record_set_number (PR_RECORD (one.mailbox), PR_MAILBOX_APPROVAL, rows[i].approval);
      g_assert_cmpstr (get_code (&one), ==, rows[i].code);
    }
}

/* A policy that is on forbids; the same profile with the policy off is tested. */
static void
test_policies (void)
{
  static const struct
  {
    const char *policy, *ports, *port, *code;
  } rows[] = {
    { "any", "", "2110", "ok" },
    { "list", "995, 2110", "2110", "ok" },
    { "list", "995,465", "2110", "policy-port" },
    { "us-government", "", "80", "ok" },
    { "us-government", "", "443", "ok" },
    { "us-government", "", "465", "ok" },
    { "us-government", "", "995", "ok" },
    { "us-government", "", "110", "policy-port" },
    { "us-government", "", "587", "policy-port" },
    { "us-government", "", "25", "policy-port" },
    { "us-government", "995", "", "ok" }, /* the default port of POP3 with SSL/TLS */
  };
  g_auto (PrCase) one = { 0 };

  case_init (&one, PR_DIRECTION_INCOMING);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      set (one.settings, "port-policy", rows[i].policy);
      set (one.settings, "ports", rows[i].ports);
      set (one.profile, "incoming-port", rows[i].port);
      g_assert_cmpstr (get_code (&one), ==, rows[i].code);
    }
  set (one.settings, "port-policy", "any");
  set (one.profile, "incoming-security", "none");
  g_assert_cmpstr (get_code (&one), ==, "policy-encryption");
  set (one.settings, "allow-unencrypted", "yes");
  g_assert_cmpstr (get_code (&one), ==, "ok");
}

/* Whose credentials are looked at. */
static void
test_credentials (void)
{
  g_auto (PrCase) one = { 0 };
  PrRecord *profile, *mailbox;

  case_init (&one, PR_DIRECTION_OUTGOING);
  profile = PR_RECORD (one.profile);
  mailbox = PR_RECORD (one.mailbox);
  pr_record_set_text (mailbox, PR_MAILBOX_USERNAME, "");
  g_assert_cmpstr (get_code (&one), ==, "credentials-missing");

  /* The profile's: the mailbox needs none. */
  set (one.profile, "incoming-authentication", "profile");
  set (one.profile, "incoming-username", "robot");
  pr_record_set_number (mailbox, PR_MAILBOX_ALLOW_CREDENTIALS, FALSE);
  g_assert_cmpstr (get_code (&one), ==, "credentials-missing");
  pr_record_set_number (profile, PR_PROFILE_OUTGOING_PASSWORD_SET, TRUE);
  g_assert_cmpstr (get_code (&one), ==, "credentials-missing");
  pr_record_set_number (profile, PR_PROFILE_INCOMING_PASSWORD_SET, TRUE);
  g_assert_cmpstr (get_code (&one), ==, "ok");

  /* Settings of its own for outgoing. */
  set (one.profile, "same-settings", "no");
  g_assert_cmpstr (get_code (&one), ==, "credentials-not-allowed");
  set (one.profile, "outgoing-authentication", "profile");
  g_assert_cmpstr (get_code (&one), ==, "profile-invalid"); /* no user name */
  set (one.profile, "outgoing-username", "robot-out");
  g_assert_cmpstr (get_code (&one), ==, "ok");
  pr_record_set_number (profile, PR_PROFILE_OUTGOING_PASSWORD_SET, FALSE);
  g_assert_cmpstr (get_code (&one), ==, "credentials-missing");
}

/* Test Connection of a profile: the same refusals, without a mailbox. */
static void
test_profile (void)
{
  static const char *const expected[] = { "profile-inactive", "profile-invalid", "policy-port",
                                          "policy-encryption" };
  static void (*const makes[]) (PrCase * self, gboolean wrong) = {
    make_profile_inactive,
    make_profile_invalid,
    make_port_forbidden,
    make_unencrypted,
  };

  for (PrDirection direction = 0; direction < PR_N_DIRECTIONS; direction++)
    {
      g_auto (PrCase) one = { 0 };

      case_init (&one, direction);
      for (guint i = 0; i < G_N_ELEMENTS (makes); i++)
        makes[i](&one, TRUE);
      for (guint i = 0; i < G_N_ELEMENTS (makes); i++)
        {
          g_assert_cmpstr (
              pr_code_to_word (pr_precheck_profile (one.profile, one.settings, direction)), ==,
              expected[i]);
          makes[i](&one, FALSE);
        }
      g_assert_cmpint (pr_precheck_profile (one.profile, one.settings, direction), ==, PR_CODE_OK);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/precheck/each", test_each);
  g_test_add_func ("/precheck/order", test_order);
  g_test_add_func ("/precheck/gates", test_gates);
  g_test_add_func ("/precheck/policies", test_policies);
  g_test_add_func ("/precheck/credentials", test_credentials);
  g_test_add_func ("/precheck/profile", test_profile);
  return g_test_run ();
}
