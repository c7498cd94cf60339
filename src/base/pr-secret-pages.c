/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A slab is 64 KiB, aligned to its size, of slots of one size; its first slot holds what is known
 * of it. What is longer than a slot gets a mapping of its own. Any thread. */

#include "pr-secret-pages.h"

#include "pr-secret.h"

#include <sys/mman.h>
#include <unistd.h>

#define SLAB_SIZE ((gsize) 65536)
#define SLOT_SIZE ((gsize) 256)
#define N_SLOTS (SLAB_SIZE / SLOT_SIZE)

typedef struct _PrSlot PrSlot;
struct _PrSlot
{
  PrSlot *next; /* of those that nobody has */
};

typedef struct _PrSlab PrSlab;
struct _PrSlab
{
  PrSlab *previous; /* of those with free slots */
  PrSlab *next;
  PrSlot *free;
  guint n_used;
  guint n_touched; /* slots that were ever given away; behind them nothing was written yet */
};

G_STATIC_ASSERT (sizeof (PrSlab) <= SLOT_SIZE);

static GMutex mutex;
static PrSlab *slabs; /* under the mutex: those with free slots */

static gpointer
map (gsize size)
{
  gpointer memory = mmap (NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

  if (memory == MAP_FAILED)
    g_error ("no memory for a secret of %" G_GSIZE_FORMAT " bytes", size);
  return memory;
}

/* RLIMIT_MEMLOCK may forbid it; secrets are still wiped at the end. */
static void
protect (gpointer memory, gsize size)
{
  (void) mlock (memory, size);
  (void) madvise (memory, size, MADV_DONTDUMP);
}

static gsize
round_to_pages (gsize size)
{
  gsize page = (gsize) sysconf (_SC_PAGESIZE);

  return (size + page - 1) / page * page;
}

static PrSlab *
slab_new (void)
{
  char *raw = map (2 * SLAB_SIZE);
  char *begin = (char *) (((gsize) raw + SLAB_SIZE - 1) / SLAB_SIZE * SLAB_SIZE);
  PrSlab *slab = (PrSlab *) (gpointer) begin;

  if (begin > raw)
    munmap (raw, (gsize) (begin - raw));
  munmap (begin + SLAB_SIZE, SLAB_SIZE - (gsize) (begin - raw));
  protect (slab, SLAB_SIZE);
  slab->n_touched = 1;
  return slab;
}

static gboolean
is_full (const PrSlab *slab)
{
  return slab->free == NULL && slab->n_touched == N_SLOTS;
}

static void
list_add (PrSlab *slab)
{
  slab->previous = NULL;
  slab->next = slabs;
  if (slabs != NULL)
    slabs->previous = slab;
  slabs = slab;
}

static void
list_remove (PrSlab *slab)
{
  if (slab->previous != NULL)
    slab->previous->next = slab->next;
  else
    slabs = slab->next;
  if (slab->next != NULL)
    slab->next->previous = slab->previous;
}

static gpointer
take_slot (PrSlab *slab)
{
  PrSlot *slot = slab->free;

  if (slot != NULL)
    slab->free = slot->next;
  else
    slot = (PrSlot *) (gpointer) ((char *) slab + slab->n_touched++ * SLOT_SIZE);
  slab->n_used++;
  return slot;
}

/**
 * pr_secret_pages_alloc:
 * @size: bytes
 *
 * Returns: (transfer full): memory for a secret, for pr_secret_pages_free()
 */
gpointer
pr_secret_pages_alloc (gsize size)
{
  gpointer memory;

  if (size > SLOT_SIZE)
    {
      memory = map (round_to_pages (size));
      protect (memory, round_to_pages (size));
      return memory;
    }
  g_mutex_lock (&mutex);
  if (slabs == NULL)
    list_add (slab_new ());
  memory = take_slot (slabs);
  if (is_full (slabs))
    list_remove (slabs);
  g_mutex_unlock (&mutex);
  return memory;
}

/**
 * pr_secret_pages_free:
 * @memory: (transfer full): from pr_secret_pages_alloc()
 * @size: the same as there
 *
 * Wipes @memory and gives it back.
 */
void
pr_secret_pages_free (gpointer memory, gsize size)
{
  PrSlab *slab = (PrSlab *) ((gsize) memory / SLAB_SIZE * SLAB_SIZE);
  PrSlot *slot = memory;
  gboolean was_full;

  pr_wipe (memory, size);
  if (size > SLOT_SIZE)
    {
      munmap (memory, round_to_pages (size));
      return;
    }
  g_mutex_lock (&mutex);
  was_full = is_full (slab);
  slot->next = slab->free;
  slab->free = slot;
  slab->n_used--;
  if (was_full)
    list_add (slab);
  /* One empty slab is kept for the next secret. */
  if (slab->n_used == 0 && (slab->previous != NULL || slab->next != NULL))
    {
      list_remove (slab);
      munmap (slab, SLAB_SIZE);
    }
  g_mutex_unlock (&mutex);
}
