/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a process of ours does to itself at its start. */

#include "pr-limits.h"

#include <errno.h>
#include <malloc.h>
#include <sys/resource.h>

/* A conversation has its connection and what cancels it, and while it connects a second attempt and
 * a look-up; the program has its database, its bus, its locks and files of libraries. */
#define FILES_OF_CONVERSATION 4
#define FILES_OF_PROGRAM 40

/* Pools of memory that threads share, at most; the C library makes eight for each processor. In the
 * main thread's own one, which is one of them, it has to wait for whoever allocates. */
#define MEMORY_POOLS 64

/**
 * pr_limits_prepare_process:
 *
 * Raises the soft limit of open files to the hard one, because each conversation needs two, has
 * memory allocated so that few threads wait for the main thread and it for few of them, and
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
#ifdef __GLIBC__
  mallopt (M_ARENA_MAX, MEMORY_POOLS);
#endif
}

/**
 * pr_limits_give_back_memory:
 *
 * Gives the system back what was freed. The C library keeps it, in pieces, for what may come: worth
 * a few milliseconds after something that took much more than what follows.
 */
void
pr_limits_give_back_memory (void)
{
#ifdef __GLIBC__
  malloc_trim (0);
#endif
}

/**
 * pr_limits_get_max_conversations:
 *
 * Returns: how many conversations can be had at one time before this process runs out of open
 *   files; at least 1
 */
guint
pr_limits_get_max_conversations (void)
{
  struct rlimit files;

  if (getrlimit (RLIMIT_NOFILE, &files) != 0 || files.rlim_cur == RLIM_INFINITY)
    return G_MAXUINT;
  if (files.rlim_cur < FILES_OF_PROGRAM + FILES_OF_CONVERSATION)
    return 1;
  return (guint) MIN ((files.rlim_cur - FILES_OF_PROGRAM) / FILES_OF_CONVERSATION, G_MAXUINT);
}
