/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrSecret: text in pages for secrets alone (pr-secret-pages.h), wiped at the end. Any thread;
 * immutable, so references may cross threads. */

#include "pr-secret.h"

#include "pr-secret-pages.h"

#include <string.h>

struct _PrSecret
{
  gatomicrefcount refs;
  gsize length;
  char text[];
};

/**
 * pr_wipe:
 * @memory: (nullable): memory that held a secret
 * @length: bytes of it
 *
 * Overwrites @memory in a way that the compiler may not leave out.
 */
void
pr_wipe (void *memory, gsize length)
{
  if (memory != NULL)
    explicit_bzero (memory, length);
}

/**
 * pr_wipe_free:
 * @text: (transfer full) (nullable): a string that holds a secret
 *
 * Wipes @text and frees it.
 */
void
pr_wipe_free (char *text)
{
  if (text != NULL)
    pr_wipe (text, strlen (text));
  g_free (text);
}

/**
 * pr_secret_new:
 * @text: the secret; copied, the caller still has to wipe its own
 * @length: bytes of @text, or -1 if it ends with NUL
 *
 * Returns: (transfer full): a new secret
 */
PrSecret *
pr_secret_new (const char *text, gssize length)
{
  PrSecret *self;
  gsize n;

  g_return_val_if_fail (text != NULL, NULL);

  n = length < 0 ? strlen (text) : (gsize) length;
  self = pr_secret_pages_alloc (sizeof (PrSecret) + n + 1);
  g_atomic_ref_count_init (&self->refs);
  self->length = n;
  memcpy (self->text, text, n);
  self->text[n] = '\0';
  return self;
}

/**
 * pr_secret_ref:
 * @self: a secret
 *
 * Returns: (transfer full): @self
 */
PrSecret *
pr_secret_ref (PrSecret *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * pr_secret_unref:
 * @self: (transfer full): a secret; wiped when this was its last reference
 */
void
pr_secret_unref (PrSecret *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  pr_secret_pages_free (self, sizeof *self + self->length + 1);
}

/**
 * pr_secret_peek:
 * @self: a secret
 *
 * Returns: (transfer none): its text, which ends with NUL and lives as long as @self
 */
const char *
pr_secret_peek (const PrSecret *self)
{
  g_return_val_if_fail (self != NULL, "");

  return self->text;
}

/**
 * pr_secret_get_length:
 * @self: a secret
 *
 * Returns: bytes of its text, without the NUL at the end
 */
gsize
pr_secret_get_length (const PrSecret *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->length;
}

/**
 * pr_secret_equal:
 * @a: (nullable): a secret
 * @b: (nullable): another
 *
 * Compares in a time that depends on the length alone.
 *
 * Returns: whether both hold the same text, or are both %NULL
 */
gboolean
pr_secret_equal (const PrSecret *a, const PrSecret *b)
{
  guint8 difference = 0;

  if (a == NULL || b == NULL)
    return a == b;
  if (a->length != b->length)
    return FALSE;
  for (gsize i = 0; i < a->length; i++)
    difference |= (guint8) (a->text[i] ^ b->text[i]);
  return difference == 0;
}
