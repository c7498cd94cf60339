/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The probe is the poll function of the main context. Beside it a thread with the highest priority
 * on each processor looks whether it is woken in time: nothing that runs here can delay it, so if
 * it comes late the computer itself stood still, as a virtual one does when its host has something
 * else to do. Main thread, but for what is marked otherwise. */

#include "bench-probe.h"

#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define LIMIT_US 50000
#define WATCH_US 2000 /* how often a watch looks, and what is late */

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

typedef struct
{
  gint64 from;
  gint64 to;
} Span;

static GArray *over; /* of Span: turns that were too long, and when */
static gint64 begun;
static GMutex mutex;
static GArray *stops; /* of Span, under the mutex: when the computer stood still */
static int is_blind;  /* atomic: a watch may not have that priority */

/* A thread of its own. */
static gpointer
watch (gpointer data)
{
  cpu_set_t set;

  CPU_ZERO (&set);
  CPU_SET (GPOINTER_TO_UINT (data), &set);
  if (sched_setaffinity (0, sizeof set, &set) != 0
      || sched_setscheduler (0, SCHED_FIFO, &(struct sched_param){ 1 }) != 0)
    {
      g_atomic_int_set (&is_blind, TRUE);
      return NULL;
    }
  for (;;)
    {
      Span late = { g_get_monotonic_time () + WATCH_US, 0 };

      g_usleep (WATCH_US);
      late.to = g_get_monotonic_time ();
      if (late.to - late.from < WATCH_US)
        continue;
      g_mutex_lock (&mutex);
      g_array_append_val (stops, late);
      g_mutex_unlock (&mutex);
    }
  return NULL;
}

/* The longest time in @turn for which a processor stood still, in ms. */
static double
get_longest_stop (const Span *turn)
{
  gint64 longest = 0;

  g_mutex_lock (&mutex);
  for (guint i = 0; i < stops->len; i++)
    {
      const Span *stop = &g_array_index (stops, Span, i);

      longest = MAX (longest, MIN (stop->to, turn->to) - MAX (stop->from, turn->from));
    }
  g_mutex_unlock (&mutex);
  return (double) longest / 1000.0;
}

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
      if (turn.ours > LIMIT_US)
        g_array_append_val (over, ((Span){ left_poll.wall, now.wall }));
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
  over = g_array_new (FALSE, FALSE, sizeof (Span));
  stops = g_array_new (FALSE, FALSE, sizeof (Span));
  for (guint i = 0; i < g_get_num_processors (); i++)
    g_thread_unref (g_thread_new ("watch", watch, GUINT_TO_POINTER (i)));
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
  g_array_set_size (over, 0);
  begun = g_get_monotonic_time ();
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

static void
print_stops (void)
{
  if (g_atomic_int_get (&is_blind))
    {
      g_print ("    whether the computer itself stood still cannot be told without a privilege\n");
      return;
    }
  g_print ("    the computer itself stood still for up to %.1f ms\n",
           get_longest_stop (&(Span){ begun, g_get_monotonic_time () }));
  for (guint i = 0; i < over->len; i++)
    {
      const Span *turn = &g_array_index (over, Span, i);

      g_print ("    a turn of %.1f ms by the wall: it stood still for %.1f ms of them\n",
               (double) (turn->to - turn->from) / 1000.0, get_longest_stop (turn));
    }
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
    total += g_array_index (turns, Moment, i).cpu;
  n_over += over->len;
  g_print ("%-36s %22s %22s %22s %6u, %6.0f\n", what, ours, cpu, wall, turns->len,
           (double) total / 1000.0);
  print_stops ();
}

/* How many turns were longer than they may be since the probe was started. */
guint
bench_probe_get_n_over (void)
{
  return n_over;
}
