/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrRecordPack: records behind one another in one piece of memory. Of each there are id and
 * version; a byte with the index of a field, and its value, for every field that is not as it is at
 * the start; and a byte that is no field. Once all are added, any thread may read. */

#include "pr-record-pack.h"

#include <string.h>

#define END G_MAXUINT8

struct _PrRecordPack
{
  gatomicrefcount refs;
  const PrField *fields;
  guint n_fields;
  GByteArray *bytes;
  guint length;
};

/**
 * pr_record_pack_new:
 * @fields: the table of the records' class
 * @n_fields: rows of it
 *
 * Returns: (transfer full): a pack with nothing in it
 */
PrRecordPack *
pr_record_pack_new (const PrField *fields, guint n_fields)
{
  PrRecordPack *self = g_new0 (PrRecordPack, 1);

  g_assert (n_fields < END);
  g_atomic_ref_count_init (&self->refs);
  self->fields = fields;
  self->n_fields = n_fields;
  self->bytes = g_byte_array_new ();
  return self;
}

PrRecordPack *
pr_record_pack_ref (PrRecordPack *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
pr_record_pack_unref (PrRecordPack *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_byte_array_unref (self->bytes);
  g_free (self);
}

static void
append (PrRecordPack *self, guint field, gconstpointer value, gsize size)
{
  const guint8 index = (guint8) field;

  g_byte_array_append (self->bytes, &index, 1);
  g_byte_array_append (self->bytes, value, (guint) size);
}

/**
 * pr_record_pack_add:
 * @self: a pack that nobody else has yet
 * @values: a record's values
 *
 * Adds a copy of them.
 */
void
pr_record_pack_add (PrRecordPack *self, const PrValues *values)
{
  const gint64 keys[] = { values->id, values->version };
  const guint8 end = END;

  g_byte_array_append (self->bytes, (const guint8 *) keys, sizeof keys);
  for (guint i = 0; i < self->n_fields; i++)
    {
      const char *text = values->slots[i].text;
      gint64 number = values->slots[i].number;

      if (self->fields[i].kind != PR_FIELD_TEXT && number != self->fields[i].initial)
        append (self, i, &number, sizeof number);
      else if (self->fields[i].kind == PR_FIELD_TEXT && text != NULL && *text != '\0')
        append (self, i, text, strlen (text) + 1);
    }
  g_byte_array_append (self->bytes, &end, 1);
  self->length++;
}

guint
pr_record_pack_get_length (const PrRecordPack *self)
{
  return self->length;
}

/**
 * pr_record_pack_read:
 * @self: a pack
 * @position: (inout): 0 for the first record; then where the next one is, for good
 *
 * Returns: (transfer full) (nullable): a record's values; %NULL behind the last one
 */
PrValues *
pr_record_pack_read (const PrRecordPack *self, gsize *position)
{
  const guint8 *p;
  gint64 keys[2];
  PrValues *values;

  if (*position == self->bytes->len)
    return NULL;
  p = self->bytes->data + *position;
  values = pr_values_new (self->n_fields);
  for (guint i = 0; i < self->n_fields; i++)
    values->slots[i].number = self->fields[i].initial;
  memcpy (keys, p, sizeof keys);
  p += sizeof keys;
  values->id = keys[0];
  values->version = keys[1];
  while (*p != END)
    {
      guint field = *p++;

      if (self->fields[field].kind == PR_FIELD_TEXT)
        {
          values->slots[field].text = g_strdup ((const char *) p);
          p += strlen ((const char *) p) + 1;
        }
      else
        {
          memcpy (&values->slots[field].number, p, sizeof (gint64));
          p += sizeof (gint64);
        }
    }
  *position = (gsize) (p + 1 - self->bytes->data);
  return values;
}
