/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The clock by which tokens expire. Not the clock on the wall, which people and servers set, but
 * one that only goes forward, also while the computer sleeps; it begins anew with each start of
 * the computer, so a stored time is worth something together with the name of the start only.
 * Any thread. */

#include "pr-oauth-clock.h"

#include <string.h>
#include <time.h>

#define BOOT_ID "/proc/sys/kernel/random/boot_id"

/**
 * pr_oauth_clock_get_time:
 *
 * Returns: microseconds since the computer was started
 */
gint64
pr_oauth_clock_get_time (void)
{
  struct timespec now;

  if (clock_gettime (CLOCK_BOOTTIME, &now) != 0)
    return g_get_monotonic_time ();
  return (gint64) now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

/**
 * pr_oauth_clock_get_boot:
 *
 * Returns: (transfer none): the name of this start of the computer; where there is none, one of
 *   this process, so that nothing of another one is relied on
 */
const char *
pr_oauth_clock_get_boot (void)
{
  static const char *boot = NULL;

  if (g_once_init_enter (&boot))
    {
      char *id = NULL;

      if (g_file_get_contents (BOOT_ID, &id, NULL, NULL))
        g_strstrip (id);
      if (id == NULL || *id == '\0')
        {
          g_free (id);
          id = g_uuid_string_random ();
        }
      g_once_init_leave (&boot, id);
    }
  return boot;
}
