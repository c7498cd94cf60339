/* SPDX-License-Identifier: GPL-3.0-or-later */

/* serve-practice FOLDER ADDRESS=PASSWORD...: a practice server for a test that is a program of its
 * own. Writes the authority to trust to FOLDER/authority.pem, prints the ports for POP3 and SMTP
 * with TLS, and serves until its standard input ends. */

#include "pr-practice-server.h"

#include <stdio.h>
#include <string.h>

static gboolean
add_mailbox (PrPracticeServer *server, const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, "=", 2);

  if (g_strv_length (parts) != 2)
    return FALSE;
  pr_practice_server_add_mailbox (server, parts[0], parts[1], PR_PRACTICE_WORKS);
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PrPracticeServer) server = pr_practice_server_new (&error);
  g_autofree char *path = argc > 1 ? g_build_filename (argv[1], "authority.pem", NULL) : NULL;

  if (server != NULL && path != NULL)
    g_file_set_contents (path, pr_practice_server_get_ca_pem (server), -1, &error);
  for (int i = 2; i < argc && error == NULL; i++)
    if (!add_mailbox (server, argv[i]))
      g_set_error (&error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "“%s” is no mailbox", argv[i]);
  if (error != NULL || path == NULL)
    {
      g_printerr ("serve-practice: %s\n", error != NULL ? error->message : "a folder is missing");
      return 1;
    }
  g_print ("%u %u\n", pr_practice_server_get_port (server, PR_PRACTICE_POP3S),
           pr_practice_server_get_port (server, PR_PRACTICE_SMTPS));
  fflush (stdout);
  while (getchar () != EOF)
    continue;
  return 0;
}
