/* SPDX-License-Identifier: GPL-3.0-or-later */

/* change-passwords LOCK FIRST STEP COUNT: one of several processes that change passwords of the
 * same bundle at the same time, one after the other: "password of ID" for the ids FIRST, FIRST +
 * STEP and so on. */

#include "waiting.h"

static gint64
get_number (const char *text)
{
  gint64 number = 0;

  g_assert_true (g_ascii_string_to_signed (text, 10, 1, 10000, &number, NULL));
  return number;
}

int
main (int argc, char **argv)
{
  g_autoptr (PrKeyring) keyring = pr_secret_keyring_new ();
  g_autoptr (PrSecrets) secrets = NULL;

  g_assert_cmpint (argc, ==, 5);
  secrets = pr_secrets_new (keyring, "several", "Several", argv[1]);
  for (gint64 i = 0; i < get_number (argv[4]); i++)
    {
      g_autoptr (GError) error = NULL;
      gint64 id = get_number (argv[2]) + i * get_number (argv[3]);
      g_autofree char *text = g_strdup_printf ("password of %d", (int) id);

      pr_wait_change (secrets, PR_SECRET_MAILBOX_PASSWORD, id, text, &error);
      g_assert_no_error (error);
    }
  return 0;
}
