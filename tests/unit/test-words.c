/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What people call things: every value that a grid or a form can show has a word of its own. */

#include "pr-selection.h"
#include "pr-words.h"

typedef GType (*GetType) (void);

static const GetType types[] = {
  pr_direction_get_type, pr_security_get_type,    pr_authentication_get_type,
  pr_outcome_get_type,   pr_server_type_get_type, pr_mailbox_kind_get_type,
  pr_approval_get_type,  pr_sync_method_get_type, pr_test_status_get_type,
  pr_severity_get_type,  pr_run_state_get_type,   pr_port_policy_get_type,
  pr_view_get_type,      pr_tls_version_get_type,
};

static void
test_enumerations (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autoptr (GTypeClass) type_class = g_type_class_ref (types[i]());
      GEnumClass *values = G_ENUM_CLASS (type_class);
      g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

      for (guint j = 0; j < values->n_values; j++)
        {
          const char *word = pr_word_of (types[i](), values->values[j].value);

          g_assert_cmpstr (word, !=, values->values[j].value_nick);
          g_assert_true (g_hash_table_add (seen, (char *) word));
        }
    }
}

static void
test_codes (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint code = 0; code < PR_N_CODES; code++)
    {
      const char *word = pr_word_of_code (code);

      g_assert_nonnull (word);
      /* Also those of a policy and of the server's TLS version are told apart. */
      if (!g_hash_table_add (seen, (char *) word))
        g_error ("two codes are called “%s”", word);
    }
}

static void
test_fields (void)
{
  g_autoptr (PrMailbox) mailbox = pr_mailbox_new ("support@example.org");
  g_autofree char *kind = pr_word_of_field (PR_RECORD (mailbox), PR_MAILBOX_KIND);
  g_autofree char *address = pr_word_of_field (PR_RECORD (mailbox), PR_MAILBOX_ADDRESS);
  g_autofree char *active = pr_word_of_field (PR_RECORD (mailbox), PR_MAILBOX_ACTIVE);
  g_autofree char *never = pr_word_of_field (PR_RECORD (mailbox), PR_MAILBOX_TESTED_AT);
  g_autofree char *today = pr_word_of_time (g_get_real_time ());

  g_assert_cmpstr (kind, ==, "User");
  g_assert_cmpstr (address, ==, "support@example.org");
  g_assert_cmpstr (active, ==, "Yes");
  g_assert_cmpstr (never, ==, "");
  g_assert_cmpstr (today, !=, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/words/enumerations", test_enumerations);
  g_test_add_func ("/words/codes", test_codes);
  g_test_add_func ("/words/fields", test_fields);
  return g_test_run ();
}
