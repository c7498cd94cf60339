/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrBundle: a first line that names the format, then one line "ID BASE64" per secret. Text,
 * because not every keyring keeps bytes. Every copy that is made on the way is wiped. Any
 * thread. */

#include "pr-bundle.h"

#include <string.h>

#define MAGIC "postroom-bundle 1"

struct _PrBundle
{
  gatomicrefcount refs;
  GTree *secrets; /* gint64 * → PrSecret, so that the text is the same for the same content */
};

static int
compare_ids (gconstpointer a, gconstpointer b, gpointer user_data)
{
  gint64 left = *(const gint64 *) a, right = *(const gint64 *) b;

  return (left > right) - (left < right);
}

/**
 * pr_bundle_new:
 *
 * Returns: (transfer full): an empty bundle
 */
PrBundle *
pr_bundle_new (void)
{
  PrBundle *self = g_new0 (PrBundle, 1);

  g_atomic_ref_count_init (&self->refs);
  self->secrets = g_tree_new_full (compare_ids, NULL, g_free, (GDestroyNotify) pr_secret_unref);
  return self;
}

PrBundle *
pr_bundle_ref (PrBundle *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
pr_bundle_unref (PrBundle *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_tree_unref (self->secrets);
  g_free (self);
}

static gboolean
parse_line (PrBundle *self, const char *line, gsize length)
{
  const char *space = memchr (line, ' ', length);
  g_autofree char *id_text = NULL;
  g_autofree char *base64 = NULL;
  guint8 *bytes;
  gsize n;
  gint64 id;

  if (space == NULL)
    return FALSE;
  id_text = g_strndup (line, (gsize) (space - line));
  if (!g_ascii_string_to_signed (id_text, 10, 1, G_MAXINT64, &id, NULL))
    return FALSE;
  base64 = g_strndup (space + 1, length - (gsize) (space + 1 - line));
  bytes = g_base64_decode (base64, &n);
  g_tree_insert (self->secrets, g_memdup2 (&id, sizeof id),
                 pr_secret_new ((char *) bytes, (gssize) n));
  pr_wipe (bytes, n);
  g_free (bytes);
  pr_wipe (base64, strlen (base64));
  return TRUE;
}

/**
 * pr_bundle_parse:
 * @text: what pr_bundle_format() made
 *
 * Returns: (transfer full) (nullable): the bundle; %NULL if @text is none
 */
PrBundle *
pr_bundle_parse (PrSecret *text)
{
  g_autoptr (PrBundle) self = pr_bundle_new ();
  const char *p = pr_secret_peek (text);

  if (!g_str_has_prefix (p, MAGIC "\n"))
    return NULL;
  p += strlen (MAGIC "\n");
  while (*p != '\0')
    {
      gsize length = strcspn (p, "\n");

      if (!parse_line (self, p, length))
        return NULL;
      p += length;
      if (*p == '\n')
        p++;
    }
  return g_steal_pointer (&self);
}

/**
 * pr_bundle_get:
 * @self: a bundle
 * @id: of a record
 *
 * Returns: (transfer full) (nullable): its secret
 */
PrSecret *
pr_bundle_get (PrBundle *self, gint64 id)
{
  PrSecret *secret = g_tree_lookup (self->secrets, &id);

  return secret != NULL ? pr_secret_ref (secret) : NULL;
}

/**
 * pr_bundle_set:
 * @self: a bundle that nobody else has
 * @id: of a record
 * @secret: (nullable): its secret; %NULL removes it
 */
void
pr_bundle_set (PrBundle *self, gint64 id, PrSecret *secret)
{
  if (secret == NULL)
    g_tree_remove (self->secrets, &id);
  else
    g_tree_replace (self->secrets, g_memdup2 (&id, sizeof id), pr_secret_ref (secret));
}

guint
pr_bundle_get_size (PrBundle *self)
{
  return (guint) g_tree_nnodes (self->secrets);
}

static gboolean
add_length (gpointer key, gpointer value, gpointer data)
{
  gsize *total = data;

  *total += 24 + (pr_secret_get_length (value) + 2) / 3 * 4;
  return FALSE;
}

typedef struct
{
  char *text;
  gsize size;
  gsize end;
} PrFormat;

static gboolean
add_line (gpointer key, gpointer value, gpointer data)
{
  PrFormat *format = data;
  char *base64 =
      g_base64_encode ((const guint8 *) pr_secret_peek (value), pr_secret_get_length (value));

  format->end += (gsize) g_snprintf (format->text + format->end, format->size - format->end,
                                     "%" G_GINT64_FORMAT " %s\n", *(gint64 *) key, base64);
  pr_wipe_free (base64);
  return FALSE;
}

/**
 * pr_bundle_format:
 * @self: a bundle
 *
 * Returns: (transfer full): its text
 */
PrSecret *
pr_bundle_format (PrBundle *self)
{
  gsize size = sizeof MAGIC + 1;
  PrFormat format = { NULL };
  PrSecret *secret;

  g_tree_foreach (self->secrets, add_length, &size);
  format.text = g_malloc (size);
  format.size = size;
  format.end = g_strlcpy (format.text, MAGIC "\n", size);
  g_tree_foreach (self->secrets, add_line, &format);
  g_assert (format.end < size);
  secret = pr_secret_new (format.text, (gssize) format.end);
  pr_wipe (format.text, size);
  g_free (format.text);
  return secret;
}
