/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The probe is the poll function of the main context. Main thread. */

#include "bench-probe.h"

#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define LIMIT_US 50000

typedef struct
{
  gint64 wall;
  gint64 ours; /* without waiting for a processor */
  gint64 cpu;
} Moment;

static GArray *turns; /* of Moment: how long each was */
static Moment left_poll;
static gboolean in_turn;
static int schedstat = -1;
static guint n_over;

/* How long this thread has stood in the line for a processor. */
static gint64
get_time_in_line (void)
{
  char text[128];
  char *end;
  ssize_t n = schedstat >= 0 ? pread (schedstat, text, sizeof text - 1, 0) : -1;

  if (n <= 0)
    return 0;
  text[n] = '\0';
  g_ascii_strtoull (text, &end, 10);
  return (gint64) (g_ascii_strtoull (end, NULL, 10) / 1000);
}

static Moment
get_moment (void)
{
  struct timespec time;
  Moment moment;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);
  moment.cpu = (gint64) time.tv_sec * G_USEC_PER_SEC + time.tv_nsec / 1000;
  moment.wall = g_get_monotonic_time ();
  moment.ours = moment.wall - get_time_in_line ();
  return moment;
}

static int
probing_poll (GPollFD *fds, guint n_fds, int timeout)
{
  int result;

  if (in_turn)
    {
      Moment now = get_moment ();
      Moment turn = { now.wall - left_poll.wall, now.ours - left_poll.ours,
                      now.cpu - left_poll.cpu };

      g_array_append_val (turns, turn);
    }
  result = g_poll (fds, n_fds, timeout);
  left_poll = get_moment ();
  in_turn = TRUE;
  return result;
}

void
bench_probe_start (void)
{
  turns = g_array_new (FALSE, FALSE, sizeof (Moment));
  schedstat = open ("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);
  if (schedstat < 0)
    g_print ("there is no /proc/thread-self/schedstat: what others use is counted, too\n");
  g_print ("%-34s %22s %22s %22s %15s\n", "longest turn of the main loop, in ms", "without others",
           "computing", "by the wall", "turns, in all");
  g_main_context_set_poll_func (NULL, probing_poll);
}

void
bench_probe_begin (void)
{
  g_array_set_size (turns, 0);
  in_turn = FALSE;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  gint64 first = *(const gint64 *) a, second = *(const gint64 *) b;

  return first < second ? -1 : first > second;
}

/* "12.3, 99 %: 4.5" */
static char *
describe (gsize offset)
{
  g_autofree gint64 *values = g_new (gint64, turns->len);

  for (guint i = 0; i < turns->len; i++)
    values[i] = G_STRUCT_MEMBER (gint64, &g_array_index (turns, Moment, i), offset);
  qsort (values, turns->len, sizeof *values, compare);
  return g_strdup_printf ("%.1f, 99 %%: %.1f", (double) values[turns->len - 1] / 1000.0,
                          (double) values[(turns->len - 1) * 99 / 100] / 1000.0);
}

void
bench_probe_end (const char *what)
{
  g_autofree char *ours = NULL;
  g_autofree char *cpu = NULL;
  g_autofree char *wall = NULL;
  gint64 total = 0;

  if (turns->len == 0)
    return;
  ours = describe (G_STRUCT_OFFSET (Moment, ours));
  cpu = describe (G_STRUCT_OFFSET (Moment, cpu));
  wall = describe (G_STRUCT_OFFSET (Moment, wall));
  for (guint i = 0; i < turns->len; i++)
    {
      total += g_array_index (turns, Moment, i).cpu;
      n_over += g_array_index (turns, Moment, i).ours > LIMIT_US;
    }
  g_print ("%-36s %22s %22s %22s %6u, %6.0f\n", what, ours, cpu, wall, turns->len,
           (double) total / 1000.0);
}

/* How many turns were longer than they may be since the probe was started. */
guint
bench_probe_get_n_over (void)
{
  return n_over;
}
