/* SPDX-License-Identifier: GPL-3.0-or-later */

/* "postroomctl settings ...", "postroomctl alert ..." and "postroomctl environment ...". */

#include "pr-ctl.h"

#include "pr-environment-list.h"
#include "pr-alert-text.h"
#include "pr-report-json.h"
#include "pr-report-text.h"
#include "pr-text.h"

#include <glib/gi18n.h>
#include <string.h>

static int
show_settings (PrCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  GError *error = NULL;

  if (!pr_ctl_parse (ctl, context, NULL, &argc, &argv, &error) || !pr_ctl_open (ctl, &error))
    return pr_ctl_fail (error);
  pr_ctl_print_record (ctl, PR_RECORD (pr_environment_get_settings (ctl->environment)));
  return PR_CTL_OK;
}

static gboolean
set_profile (PrCtl *ctl, PrRecord *settings, const char *name, GError **error)
{
  g_autoptr (PrServerProfile) profile = NULL;

  if (*name != '\0' && (profile = pr_environment_find_profile (ctl->environment, name)) == NULL)
    {
      pr_set_error (error, PR_ERROR_NOT_FOUND, "profile",
                    _ ("There is no server profile “%s” in this environment."), name);
      return FALSE;
    }
  pr_record_set_number (settings, PR_SETTINGS_PROFILE_ID,
                        profile != NULL ? pr_record_get_id (PR_RECORD (profile)) : 0);
  return TRUE;
}

static gboolean
set_one (PrCtl *ctl, PrRecord *settings, const char *assignment, GError **error)
{
  const char *equals = strchr (assignment, '=');
  g_autofree char *key = NULL;
  int field;

  if (equals == NULL)
    {
      pr_set_error (error, PR_ERROR_INVALID_VALUE, NULL,
                    _ ("“%s” is not accepted. Accepted: KEY=VALUE."), assignment);
      return FALSE;
    }
  key = g_strdelimit (g_strndup (assignment, (gsize) (equals - assignment)), "_", '-');
  if (g_str_equal (key, "profile"))
    return set_profile (ctl, settings, equals + 1, error);
  field = pr_record_find_field (settings, key);
  if (field >= 0)
    return pr_record_parse (settings, (guint) field, equals + 1, error);
  pr_set_error (error, PR_ERROR_INVALID_VALUE, key,
                _ ("There is no setting “%s”. “postroomctl settings show” lists them."), key);
  return FALSE;
}

static int
set_settings (PrCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  g_autoptr (PrRecord) settings = NULL;
  g_auto (PrCtlWait) wait = { NULL };
  GError *error = NULL;

  if (!pr_ctl_parse (ctl, context, NULL, &argc, &argv, &error))
    return pr_ctl_fail (error);
  if (argc < 2)
    return pr_ctl_usage (_ ("settings set needs at least one KEY=VALUE."));
  if (!pr_ctl_open (ctl, &error))
    return pr_ctl_fail (error);
  settings = pr_record_duplicate (PR_RECORD (pr_environment_get_settings (ctl->environment)));
  for (int i = 1; i < argc; i++)
    if (!set_one (ctl, settings, argv[i], &error))
      return pr_ctl_fail (error);
  pr_environment_save_settings_async (ctl->environment, PR_EMAIL_SETTINGS (settings),
                                      ctl->cancellable, pr_ctl_ready, &wait);
  if (!pr_environment_save_settings_finish (ctl->environment, pr_ctl_wait (&wait), &error))
    return pr_ctl_fail (error);
  if (ctl->json)
    pr_ctl_print_record (ctl, settings);
  else
    g_print (_ ("The settings were changed.\n"));
  return PR_CTL_OK;
}

const PrCtlCommand pr_ctl_settings_commands[] = {
  { "show", "", N_ ("Show all email settings"), show_settings },
  { "set", "KEY=VALUE…", N_ ("Change email settings"), set_settings },
  { NULL, NULL, NULL, NULL },
};

/* --- Alerts ----------------------------------------------------------------------------------- */

typedef struct
{
  char *mailbox;
  char *profile;
  char *owner;
  char *severity;
  gboolean history;
} PrAlertArguments;

static void
alert_arguments_clear (PrAlertArguments *arguments)
{
  g_free (arguments->mailbox);
  g_free (arguments->profile);
  g_free (arguments->owner);
  g_free (arguments->severity);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PrAlertArguments, alert_arguments_clear)

static gboolean
find_mailbox (PrCtl *ctl, const char *address, gint64 *id, GError **error)
{
  const char *addresses[] = { address, NULL };
  g_autoptr (PrSelection) selection = pr_selection_new_addresses (addresses);
  g_autoptr (GPtrArray) found = NULL;
  g_auto (PrCtlWait) wait = { NULL };

  pr_environment_list_mailboxes_async (ctl->environment, selection, NULL, pr_ctl_ready, &wait);
  found = pr_environment_list_mailboxes_finish (ctl->environment, pr_ctl_wait (&wait), error);
  if (found == NULL)
    return FALSE;
  *id = pr_record_get_id (g_ptr_array_index (found, 0));
  return TRUE;
}

static gboolean
make_filter (PrCtl *ctl, PrAlertArguments *arguments, PrAlertFilter *filter, GError **error)
{
  g_autoptr (PrServerProfile) profile = NULL;
  g_autofree char *accepted = NULL;

  *filter = (PrAlertFilter){ .severity = -1, .history = arguments->history };
  filter->owner = arguments->owner;
  if (arguments->severity != NULL
      && !pr_enum_from_nick (PR_TYPE_SEVERITY, arguments->severity, &filter->severity))
    {
      accepted = pr_enum_list_nicks (PR_TYPE_SEVERITY);
      pr_set_error (error, PR_ERROR_INVALID_VALUE, "severity",
                    _ ("--severity: “%s” is not accepted. Accepted: %s."), arguments->severity,
                    accepted);
      return FALSE;
    }
  if (arguments->mailbox != NULL
      && !find_mailbox (ctl, arguments->mailbox, &filter->mailbox_id, error))
    return FALSE;
  if (arguments->profile == NULL)
    return TRUE;
  profile = pr_environment_find_profile (ctl->environment, arguments->profile);
  if (profile != NULL)
    {
      filter->profile_id = pr_record_get_id (PR_RECORD (profile));
      return TRUE;
    }
  pr_set_error (error, PR_ERROR_NOT_FOUND, "profile",
                _ ("There is no server profile “%s” in this environment."), arguments->profile);
  return FALSE;
}

#define ALERT_ENTRIES(arguments)                                                                   \
  { "mailbox",     0, 0, G_OPTION_ARG_STRING, &(arguments).mailbox, N_ ("Those of one mailbox"),   \
    N_ ("ADDRESS") },                                                                              \
      { "profile",                                                                                 \
        0,                                                                                         \
        0,                                                                                         \
        G_OPTION_ARG_STRING,                                                                       \
        &(arguments).profile,                                                                      \
        N_ ("Those of one server profile"),                                                        \
        N_ ("NAME") },                                                                             \
      { "owner",     0, 0, G_OPTION_ARG_STRING, &(arguments).owner, N_ ("Those for one owner"),    \
        N_ ("OWNER") },                                                                            \
      { "severity",                                                                                \
        0,                                                                                         \
        0,                                                                                         \
        G_OPTION_ARG_STRING,                                                                       \
        &(arguments).severity,                                                                     \
        N_ ("error, warning or information"),                                                      \
        N_ ("SEVERITY") },                                                                         \
      { "history",                                                                                 \
        0,                                                                                         \
        0,                                                                                         \
        G_OPTION_ARG_NONE,                                                                         \
        &(arguments).history,                                                                      \
        N_ ("Closed and dismissed ones, too"),                                                     \
        NULL },                                                                                    \
  {                                                                                                \
    NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL                                                \
  }

static void
add_sentences (JsonNode *node, PrAlert *alert)
{
  g_autoptr (PrReport) report = pr_alert_text_get_report (alert);
  JsonObject *object = json_node_get_object (node);
  g_autofree char *told = pr_alert_text_get_told (alert);
  g_autofree char *summary = NULL;
  g_autofree char *remedy = NULL;

  if (report == NULL)
    return;
  summary = pr_alert_text_get_summary (alert);
  remedy = pr_alert_text_get_remedy (alert);
  json_object_remove_member (object, "facts");
  json_object_set_string_member (object, "summary", summary);
  if (remedy != NULL)
    json_object_set_string_member (object, "remedy", remedy);
  else
    json_object_set_null_member (object, "remedy");
  json_object_set_string_member (object, "told", told);
  json_object_set_member (object, "report", pr_report_to_json (report, PR_REPORT_JSON_FACTS));
}

static void
print_alerts_json (PrCtl *ctl, GPtrArray *alerts)
{
  g_auto (PrCtlList) list = { 0 };

  pr_ctl_list_init (&list, ctl, NULL);
  for (guint i = 0; i < alerts->len; i++)
    {
      g_autoptr (JsonNode) node = pr_ctl_record_to_json (g_ptr_array_index (alerts, i));

      add_sentences (node, g_ptr_array_index (alerts, i));
      pr_ctl_list_add_json (&list, node);
    }
  pr_ctl_list_end (&list);
}

static void
print_alert (PrAlert *alert)
{
  g_autoptr (PrReport) report = pr_alert_text_get_report (alert);
  g_autofree char *seen = pr_time_to_text (pr_alert_get (alert, LAST_SEEN));
  g_autofree char *told = pr_alert_text_get_told (alert);
  g_autofree char *summary = NULL;
  g_autofree char *remedy = NULL;

  if (report == NULL)
    return;
  summary = pr_alert_text_get_summary (alert);
  remedy = pr_alert_text_get_remedy (alert);
  g_print ("%s  %s  %s", seen,
           pr_enum_to_nick (PR_TYPE_SEVERITY, (int) pr_alert_get (alert, SEVERITY)), summary);
  if (pr_alert_get (alert, COUNT) > 1)
    g_print (_ (" (%d times)"), (int) pr_alert_get (alert, COUNT));
  g_print ("\n");
  if (report->server_reply != NULL && report->code != PR_CODE_OK)
    g_print (_ ("    The server said: %s\n"), report->server_reply);
  if (remedy != NULL)
    g_print (_ ("    What to do: %s\n"), remedy);
  g_print ("    %s\n", told);
}

static int
list_alerts (PrCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  g_auto (PrAlertArguments) arguments = { 0 };
  const GOptionEntry entries[] = { ALERT_ENTRIES (arguments) };
  g_autoptr (GPtrArray) alerts = NULL;
  g_auto (PrCtlWait) wait = { NULL };
  PrAlertFilter filter;
  GError *error = NULL;

  if (!pr_ctl_parse (ctl, context, entries, &argc, &argv, &error) || !pr_ctl_open (ctl, &error)
      || !make_filter (ctl, &arguments, &filter, &error))
    return pr_ctl_fail (error);
  pr_environment_list_alerts_async (ctl->environment, &filter, ctl->cancellable, pr_ctl_ready,
                                    &wait);
  alerts = pr_environment_list_alerts_finish (ctl->environment, pr_ctl_wait (&wait), &error);
  if (alerts == NULL)
    return pr_ctl_fail (error);
  if (ctl->json)
    print_alerts_json (ctl, alerts);
  else if (alerts->len == 0)
    g_print (_ ("There are no alerts.\n"));
  else
    for (guint i = 0; i < alerts->len; i++)
      print_alert (g_ptr_array_index (alerts, i));
  return PR_CTL_OK;
}

static int
dismiss_alerts (PrCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  g_auto (PrAlertArguments) arguments = { 0 };
  const GOptionEntry entries[] = { ALERT_ENTRIES (arguments) };
  g_auto (PrCtlWait) wait = { NULL };
  PrAlertFilter filter;
  GError *error = NULL;
  guint n;

  if (!pr_ctl_parse (ctl, context, entries, &argc, &argv, &error) || !pr_ctl_open (ctl, &error)
      || !make_filter (ctl, &arguments, &filter, &error))
    return pr_ctl_fail (error);
  pr_environment_dismiss_alerts_async (ctl->environment, &filter, 0, ctl->cancellable, pr_ctl_ready,
                                       &wait);
  if (!pr_environment_dismiss_alerts_finish (ctl->environment, pr_ctl_wait (&wait), &n, &error))
    return pr_ctl_fail (error);
  if (ctl->json)
    g_print ("{ \"dismissed\": %u }\n", n);
  else
    g_print (g_dngettext (GETTEXT_PACKAGE, "%u alert was dismissed.\n",
                          "%u alerts were dismissed.\n", n),
             n);
  return PR_CTL_OK;
}

const PrCtlCommand pr_ctl_alert_commands[] = {
  { "list", "", N_ ("List the alerts, the newest first"), list_alerts },
  { "dismiss", "", N_ ("Take alerts off the wall"), dismiss_alerts },
  { NULL, NULL, NULL, NULL },
};
