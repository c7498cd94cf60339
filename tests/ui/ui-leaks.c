/* SPDX-License-Identifier: GPL-3.0-or-later */

/* GLib leaves its table of quarks behind when it outgrows it (more than 2048 names, which a window
 * reaches), so that other threads may go on reading it. A suppression cannot tell that from a leak
 * of ours: both stacks end in g_malloc(). So what GLib holds when the program begins is written
 * down, and is therefore still known at its end. */

#include "ui-leaks.h"

#include <link.h>
#include <string.h>

/* Where the leak checker looks for pointers. */
static char *kept;
static gsize kept_size;

/* Nothing of ours has run yet: what GLib's variables point to now is no leak of ours. */
static int
keep_variables (struct dl_phdr_info *info, size_t size, void *data)
{
  if (strstr (info->dlpi_name, "/libglib-2.0.so") == NULL)
    return 0;
  for (guint i = 0; i < info->dlpi_phnum; i++)
    {
      const ElfW (Phdr) *header = &info->dlpi_phdr[i];

      if (header->p_type != PT_LOAD || (header->p_flags & PF_W) == 0)
        continue;
      kept = g_realloc (kept, kept_size + header->p_memsz + 16);
      memcpy (kept + kept_size, (const char *) info->dlpi_addr + header->p_vaddr, header->p_memsz);
      /* Pointers are looked for at addresses that suit them. */
      kept_size += (header->p_memsz + 15) / 16 * 16;
    }
  return 1;
}

/**
 * ui_keep_what_glib_has:
 *
 * To be called before anything else.
 */
void
ui_keep_what_glib_has (void)
{
  dl_iterate_phdr (keep_variables, NULL);
  g_assert_cmpuint (kept_size, >, 0);
}
