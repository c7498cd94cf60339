/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How long the main loop of the window stands still while somebody works with it. Figures, not a
 * test: they depend on the machine. tools/bench runs it.
 *
 *   bench-window grid [N]    the list of N mailboxes (100,000)
 *   bench-window jobs        Test & Enable: 1,000 conversations at a time, 5,000 mailboxes
 */

#include "bench-window.h"

#include "bench-probe.h"
#include "pr-limits.h"
#include "ui-harness.h"

#include <stdlib.h>

int
main (int argc, char **argv)
{
  const char *what = argc > 1 ? argv[1] : "";
  guint n = argc > 2 ? (guint) strtoul (argv[2], NULL, 10) : 100000;

  pr_limits_prepare_process ();
  if (g_str_equal (what, "serve"))
    {
      bench_window_serve ();
      return 0;
    }
  ui_init (&argc, &argv);
  bench_probe_start ();
  if (g_str_equal (what, "grid"))
    bench_window_grid (n);
  else if (g_str_equal (what, "jobs"))
    {
      bench_window_not_approved ();
      bench_window_silent ();
      bench_window_practice ();
    }
  else
    {
      g_printerr ("Usage: bench-window grid [N] | jobs\n");
      return 2;
    }
  g_print ("%u turns of more than 50 ms\n", bench_probe_get_n_over ());
  ui_end ();
  return 0;
}
