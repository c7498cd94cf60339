/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a process of ours does to itself at its start. */

#include "pr-limits.h"

#include <errno.h>
#include <sys/resource.h>

/**
 * pr_limits_prepare_process:
 *
 * Raises the soft limit of open files to the hard one, because each conversation needs two, and
 * switches core dumps off (threat X16 in docs/security.md). PR_SET_DUMPABLE would do more, but in
 * a Flatpak the portals could then no longer tell who calls them.
 */
void
pr_limits_prepare_process (void)
{
  struct rlimit files, core = { 0, 0 };

  if (getrlimit (RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < files.rlim_max)
    {
      files.rlim_cur = files.rlim_max;
      if (setrlimit (RLIMIT_NOFILE, &files) != 0)
        g_info ("the limit of open files stays: %s", g_strerror (errno));
    }
  if (setrlimit (RLIMIT_CORE, &core) != 0)
    g_info ("core dumps cannot be switched off: %s", g_strerror (errno));
}
