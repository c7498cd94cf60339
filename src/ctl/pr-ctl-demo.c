/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The practice demo: Test & Enable from end to end against Postroom's own practice server,
 * explained as to a newcomer. Nothing of the user's is touched, nothing is left behind. */

#include "pr-ctl.h"

#include "pr-practice.h"
#include "pr-report-text.h"

#include <glib/gi18n.h>

typedef struct
{
  GHashTable *reports; /* "address/direction" → PrReport */
} PrDemo;

static char *
get_key (const char *address, PrDirection direction)
{
  return g_strdup_printf ("%s/%d", address, (int) direction);
}

static void
on_report (PrEnvironment *environment, gint64 mailbox_id, PrReport *report, gpointer user_data)
{
  PrDemo *demo = user_data;

  g_hash_table_replace (demo->reports, get_key (report->mailbox, report->direction),
                        pr_report_ref (report));
}

/* The admin of the demo knows that some passwords are wrong. */
static void
on_held (PrEnvironment *environment,
         const char *host,
         guint n_waiting,
         PrReport *cause,
         PrTestHold *hold,
         gpointer user_data)
{
  pr_test_hold_answer (hold, TRUE);
}

static gboolean
print_result (PrDemo *demo, const PrPracticeExample *example, PrDirection direction, PrCode code)
{
  g_autofree char *key = get_key (example->address, direction);
  PrReport *report = g_hash_table_lookup (demo->reports, key);
  gboolean good = report != NULL && report->outcome == PR_OUTCOME_SUCCESS;
  g_autofree char *summary = NULL;
  g_autofree char *remedy = NULL;

  if (report == NULL)
    {
      g_print (_ ("     – not tested\n"));
      return FALSE;
    }
  summary = pr_report_text_get_summary (report);
  remedy = pr_report_text_get_remedy (report);
  g_print ("     %s %s\n", good ? "✔" : "✖", summary);
  if (!good && report->server_reply != NULL)
    g_print (_ ("       The server said: %s\n"), report->server_reply);
  if (!good && remedy != NULL)
    g_print (_ ("       What to do: %s\n"), remedy);
  if (report->code == code)
    return TRUE;
  g_print (_ ("       This is not what was to be expected (%s): please report it.\n"),
           pr_code_to_word (code));
  return FALSE;
}

/* What both directions met alike is told once. */
static gboolean
print_example (PrDemo *demo, guint number, const PrPracticeExample *example)
{
  gboolean ok;

  g_print ("\n%2u. %s: %s\n", number, example->address, _ (example->story));
  ok = print_result (demo, example, PR_DIRECTION_INCOMING, example->incoming);
  if (example->incoming == example->outgoing && example->incoming != PR_CODE_OK && ok)
    {
      g_autofree char *key = get_key (example->address, PR_DIRECTION_OUTGOING);
      PrReport *report = g_hash_table_lookup (demo->reports, key);

      if (report != NULL && report->code == example->outgoing)
        {
          g_print (_ ("       Outgoing email stops for the same reason.\n"));
          return TRUE;
        }
    }
  return print_result (demo, example, PR_DIRECTION_OUTGOING, example->outgoing) && ok;
}

static gboolean
print_examples (PrDemo *demo)
{
  guint n;
  const PrPracticeExample *examples = pr_practice_list_examples (&n);
  gboolean ok = TRUE;

  for (guint i = 0; i < n; i++)
    ok = print_example (demo, i + 1, &examples[i]) && ok;
  return ok;
}

static int
test (PrCtl *ctl, PrPractice *practice, PrDemo *demo)
{
  const PrTestEvents events = { .report = on_report, .held = on_held };
  PrTestOptions options = pr_test_options_default;
  g_autoptr (PrSelection) selection = pr_selection_new_all ();
  PrEnvironment *environment = pr_practice_get_environment (practice);
  g_auto (PrCtlWait) wait = { NULL };
  gint64 begin = g_get_monotonic_time ();
  PrTestSummary summary;
  GError *error = NULL;
  gboolean ok;

  options.verify_s = 5;
  pr_environment_test_async (environment, selection, &options, &events, demo, ctl->cancellable,
                             pr_ctl_ready, &wait);
  if (!pr_environment_test_finish (environment, pr_ctl_wait (&wait), &summary, &error))
    return pr_ctl_fail (error);
  if (summary.n_cancelled > 0)
    return PR_CTL_FAILED;
  ok = print_examples (demo);
  g_print (_ ("\n%u tests in %.1f seconds: %u succeeded, %u failed on purpose.\n"),
           summary.n_success + summary.n_failure,
           (double) (g_get_monotonic_time () - begin) / G_USEC_PER_SEC, summary.n_success,
           summary.n_failure);
  g_print (_ ("The practice server, its environment and its passwords are gone again.\n\n"
              "Next: “postroomctl profile add --help” for servers of your own, or\n"
              "“postroomctl check pop3 HOST” to look at one without storing anything.\n"));
  return ok ? PR_CTL_OK : PR_CTL_FAILED;
}

int
pr_ctl_demo (PrCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  const GOptionEntry entries[] = { { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL } };
  g_autoptr (PrPractice) practice = NULL;
  g_auto (PrCtlWait) wait = { NULL };
  PrDemo demo = { NULL };
  GError *error = NULL;
  guint n;
  int status;

  if (!pr_ctl_parse (ctl, context, entries, &argc, &argv, &error))
    return pr_ctl_fail (error);
  pr_practice_list_examples (&n);
  g_print (_ ("Postroom’s practice demo\n\n"
              "A small mail server starts on this computer, with %u mailboxes; some of them are\n"
              "broken on purpose, as real ones are. Postroom opens each of them (incoming), sends\n"
              "a message from it to itself (outgoing), looks whether that arrives, and enables\n"
              "what works. Nothing of yours is touched, and nothing leaves this computer.\n"),
           n);
  pr_practice_open_async (ctl->cancellable, pr_ctl_ready, &wait);
  practice = pr_practice_open_finish (pr_ctl_wait (&wait), &error);
  if (practice == NULL)
    return pr_ctl_fail (error);
  demo.reports =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) pr_report_unref);
  status = test (ctl, practice, &demo);
  g_hash_table_unref (demo.reports);
  return status;
}
