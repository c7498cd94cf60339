/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Who is told of what: an alert stands on the walls of those whom it names, and on no other. */

#include "env-fixture.h"

#include "pr-alert-text.h"

#include <string.h>

typedef struct
{
  PrEnvFixture env;
  PrServerProfile *profile;
} Fixture;

/* Two mailboxes, of Paula and Quentin, of a profile of Olivia. */
static void
fixture_init (Fixture *self, const char *owner_name, const char *owner_email)
{
  g_autoptr (GError) error = NULL;

  env_fixture_init (&self->env);
  self->profile = env_new_profile ("Example mail");
  env_set (self->profile, "owner-name", owner_name);
  env_set (self->profile, "owner-email", owner_email);
  env_set (self->profile, "is-default", "yes");
  env_save_profile (&self->env, self->profile, &error);
  g_assert_no_error (error);
  g_object_unref (env_add_mailbox (&self->env, "paula@example.org", "owner", "Paula", NULL));
  g_object_unref (env_add_mailbox (&self->env, "quentin@example.org", "owner", "Quentin", NULL));
}

static void
fixture_clear (Fixture *self)
{
  g_object_unref (self->profile);
  env_fixture_clear (&self->env);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_clear)

/* Tests the mailbox of Paula; without approval, or without an active profile, nothing is sent. */
static void
run (Fixture *self)
{
  g_auto (PrEnvWait) wait = { NULL };
  g_autoptr (PrSelection) selection = env_select ("paula@example.org");
  g_autoptr (GError) error = NULL;
  PrTestSummary summary;

  pr_environment_test_async (self->env.environment, selection, &pr_test_options_default, NULL, NULL,
                             NULL, env_ready, &wait);
  pr_environment_test_finish (self->env.environment, env_wait (&wait), &summary, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (summary.n_failure, >, 0);
}

static void
deactivate_profile (Fixture *self)
{
  g_autoptr (GError) error = NULL;

  env_set (self->profile, "active", "no");
  env_save_profile (&self->env, self->profile, &error);
  g_assert_no_error (error);
}

/* What stands on the wall of @owner: "code" of each. */
static void
assert_wall (Fixture *self, const char *owner, const char *expected)
{
  PrAlertFilter filter = { .severity = -1, .owner = owner };
  g_autoptr (GPtrArray) alerts = env_list_alerts (&self->env, &filter);
  g_autoptr (GString) found = g_string_new (NULL);

  for (guint i = 0; i < alerts->len; i++)
    g_string_append_printf (found, "%s%s", i > 0 ? " " : "",
                            pr_alert_get_text (g_ptr_array_index (alerts, i), CODE));
  if (!g_str_equal (found->str, expected))
    g_error ("on the wall of %s: %s, not %s", owner, found->str, expected);
}

static void
assert_told (Fixture *self, const char *expected)
{
  g_autoptr (GPtrArray) alerts = env_list_alerts (&self->env, NULL);
  g_autofree char *told = NULL;

  g_assert_cmpuint (alerts->len, ==, 1);
  told = pr_alert_text_get_told (g_ptr_array_index (alerts, 0));
  g_assert_cmpstr (told, ==, expected);
}

/* A failure of a mailbox is for its owner and for that of the profile. */
static void
test_mailbox (void)
{
  g_auto (Fixture) self;
  g_autoptr (GPtrArray) alerts = NULL;
  g_autofree char *remedy = NULL;

  fixture_init (&self, "Olivia", "");
  run (&self);
  assert_told (&self, "Told: Paula (owner of the mailbox) and Olivia (owner of the server "
                      "profile).");
  assert_wall (&self, "Paula", "address-not-approved");
  assert_wall (&self, "Olivia", "address-not-approved");
  assert_wall (&self, "Quentin", "");
  assert_wall (&self, "", "");

  /* And what happens next. */
  alerts = env_list_alerts (&self.env, NULL);
  remedy = pr_alert_text_get_remedy (g_ptr_array_index (alerts, 0));
  g_assert_true (g_str_has_suffix (remedy, "Until a test succeeds, incoming and outgoing email "
                                           "stay disabled."));
}

/* One of the profile is for its owner alone, until the settings say otherwise. */
static void
test_profile (void)
{
  g_auto (Fixture) self;

  fixture_init (&self, "Olivia", "");
  deactivate_profile (&self);
  run (&self);
  assert_told (&self, "Told: Olivia (owner of the server profile).");
  assert_wall (&self, "Olivia", "profile-inactive");
  assert_wall (&self, "Paula", "");

  env_set_setting (&self.env, "notify-owner", "yes");
  run (&self);
  assert_told (&self, "Told: Olivia (owner of the server profile) and the owners of its "
                      "mailboxes.");
  assert_wall (&self, "Olivia", "profile-inactive");
  assert_wall (&self, "Paula", "profile-inactive");
  assert_wall (&self, "Quentin", "profile-inactive");
  assert_wall (&self, "Nobody", "");
}

static void
test_same_person (void)
{
  g_auto (Fixture) self;

  fixture_init (&self, "Paula", "");
  run (&self);
  assert_told (&self, "Told: Paula (owner of the mailbox and of the server profile).");
  assert_wall (&self, "Paula", "address-not-approved");
}

/* An owner without a name is named by address; without an owner that is said. */
static void
test_without_name (void)
{
  g_auto (Fixture) with_address;
  g_auto (Fixture) nobody;

  fixture_init (&with_address, "", "olivia@example.org");
  deactivate_profile (&with_address);
  run (&with_address);
  assert_told (&with_address, "Told: olivia@example.org (owner of the server profile).");
  assert_wall (&with_address, "olivia@example.org", "profile-inactive");

  fixture_init (&nobody, "", "");
  deactivate_profile (&nobody);
  run (&nobody);
  assert_told (&nobody, "Told: nobody, because the server profile has no owner.");
  env_set_setting (&nobody.env, "notify-owner", "yes");
  run (&nobody);
  assert_told (&nobody, "Told: the owners of its mailboxes. The server profile has no owner.");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/told/mailbox", test_mailbox);
  g_test_add_func ("/told/profile", test_profile);
  g_test_add_func ("/told/same-person", test_same_person);
  g_test_add_func ("/told/without-name", test_without_name);
  return g_test_run ();
}
