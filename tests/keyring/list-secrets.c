/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Prints what Postroom has in the keyring, for tests: a line for each secret, with kind and id, a
 * tab between them, and for a profile's with its direction; never the secret. */

#include "pr-secret.h"

#include <libsecret/secret.h>
#include <string.h>

/* Kinds of which many share an item. */
static const char *const bundled[] = { "mailbox-password", "oauth-token", "oauth-account", NULL };

static gboolean
print_item (SecretRetrievable *item, GError **error)
{
  g_autoptr (GHashTable) attributes = secret_retrievable_get_attributes (item);
  const char *kind = g_hash_table_lookup (attributes, "kind");
  SecretValue *value;
  g_auto (GStrv) lines = NULL;

  if (!g_strv_contains (bundled, kind))
    {
      g_print ("%s\t%s\t%s\n", kind, (char *) g_hash_table_lookup (attributes, "id"),
               (char *) g_hash_table_lookup (attributes, "direction"));
      return TRUE;
    }
  value = secret_retrievable_retrieve_secret_sync (item, NULL, error);
  if (value == NULL)
    return FALSE;
  lines = g_strsplit (secret_value_get_text (value), "\n", -1);
  secret_value_unref (value);
  /* The first line names the format. */
  for (guint i = 1; lines[0] != NULL && lines[i] != NULL; i++)
    {
      if (*lines[i] != '\0')
        g_print ("%s\t%.*s\n", kind, (int) strcspn (lines[i], " "), lines[i]);
      pr_wipe (lines[i], strlen (lines[i]));
    }
  return TRUE;
}

int
main (void)
{
  static const SecretSchema schema = { .name = "io.github.postroom.Postroom",
                                       .flags = SECRET_SCHEMA_NONE };
  g_autoptr (GHashTable) all = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GError) error = NULL;
  g_autolist (GObject) items =
      secret_password_searchv_sync (&schema, all, SECRET_SEARCH_ALL, NULL, &error);

  for (GList *l = items; l != NULL && error == NULL; l = l->next)
    print_item (l->data, &error);
  if (error == NULL)
    return 0;
  g_printerr ("list-secrets: %s\n", error->message);
  return 1;
}
