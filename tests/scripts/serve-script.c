/* SPDX-License-Identifier: GPL-3.0-or-later */

/* serve-script SCRIPT CA-FILE: plays one conversation to whatever client comes first, so that it
 * can be seen from outside, with "postroomctl check" or any other program. Writes the authority
 * to trust to CA-FILE, prints the port, waits for at most a minute, and says whether the client
 * did what the script expects. */

#include "pr-script-server.h"
#include "pr-test-authority.h"

#include <locale.h>
#include <stdio.h>

#define PATIENCE_S 60

static gboolean
serve (const char *path, const char *ca_path, GError **error)
{
  g_autoptr (PrScript) script = pr_script_new_from_file (path, error);
  g_autoptr (PrScriptServer) server = NULL;
  const char *ca_pem = pr_test_authority_get_ca_pem (pr_test_authority_get_default ());

  if (script == NULL || !g_file_set_contents (ca_path, ca_pem, -1, error))
    return FALSE;
  server = pr_script_server_new (script, error);
  if (server == NULL || !pr_script_server_start (server, error))
    return FALSE;
  g_print ("%u\n", pr_script_server_get_port (server));
  fflush (stdout);
  /* Nothing is ever held here: this returns when the script is over. */
  pr_script_server_wait_held (server, g_get_monotonic_time () + PATIENCE_S * G_USEC_PER_SEC);
  return pr_script_server_finish (server, error);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  setlocale (LC_ALL, "");
  if (argc != 3)
    {
      g_printerr ("Usage: serve-script SCRIPT CA-FILE\n");
      return 2;
    }
  if (serve (argv[1], argv[2], &error))
    return 0;
  g_printerr ("serve-script: %s\n", error->message);
  return 1;
}
