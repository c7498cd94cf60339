/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Where mutation begins: at what the servers of tests/data/scripts say, which is one example at
 * least of everything that a server has been thought to do. */

#include "fuzz.h"

#include "pr-script.h"

#include <string.h>

static void
bytes_free (gpointer data)
{
  g_bytes_unref (data);
}

GPtrArray *
fuzz_seeds_new (void)
{
  return g_ptr_array_new_with_free_func (bytes_free);
}

void
fuzz_seeds_add (GPtrArray *seeds, const char *text, gssize n)
{
  g_ptr_array_add (seeds, g_bytes_new (text, n < 0 ? strlen (text) : (gsize) n));
}

/* What the server says, with a FUZZ_TURN wherever the client does. */
static GString *
get_server_side (const PrScript *script, const char *prefix)
{
  GString *said = g_string_new (prefix);

  for (guint i = 0; i < script->lines->len; i++)
    {
      const PrScriptLine *line = g_ptr_array_index (script->lines, i);

      if (line->verb == PR_SCRIPT_SAY || line->verb == PR_SCRIPT_DRIP)
        g_string_append_len (said, line->bytes->str, (gssize) line->bytes->len);
      else if (line->verb == PR_SCRIPT_HEAR || line->verb == PR_SCRIPT_HEAR_LIKE
               || line->verb == PR_SCRIPT_HEAR_MESSAGE)
        g_string_append_c (said, FUZZ_TURN);
    }
  return said;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Every script below @folder, in the order of their names; @prefix stands in front of each. */
void
fuzz_seeds_add_scripts (GPtrArray *seeds, const char *folder, const char *prefix)
{
  g_autofree char *path = g_build_filename (TESTS_SOURCE_DIR, "data", "scripts", folder, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  if (dir == NULL)
    g_error ("no scripts in %s", path);
  while ((name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_build_filename (folder, name, NULL));
  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len; i++)
    {
      const char *below = g_ptr_array_index (names, i);
      g_autofree char *file = g_build_filename (TESTS_SOURCE_DIR, "data", "scripts", below, NULL);
      g_autoptr (PrScript) script = NULL;
      g_autoptr (GString) said = NULL;

      if (g_file_test (file, G_FILE_TEST_IS_DIR))
        {
          fuzz_seeds_add_scripts (seeds, below, prefix);
          continue;
        }
      script = pr_script_new_from_file (file, NULL);
      if (script == NULL)
        continue;
      said = get_server_side (script, prefix);
      if (said->len > 0)
        fuzz_seeds_add (seeds, said->str, (gssize) said->len);
    }
}
