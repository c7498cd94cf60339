/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Pinned certificates (RFC 8314 section 5.4): what a server shows now, whether it has worked
 * before, for then its certificate is not to be pinned because it fails. Main thread. */

#include "pr-environment-pins.h"

#include "pr-environment-private.h"

/* --- What it showed when it worked ------------------------------------------------------------ */

/* As the facts about a server name it: engine/pr-differences.c. */
static char *
get_server (PrServerProfile *profile, PrDirection direction)
{
  g_autofree char *host = g_ascii_strdown (pr_server_profile_get_location (profile, direction), -1);

  return g_strdup_printf ("%s:%u %s", host, pr_server_profile_get_port (profile, direction),
                          pr_enum_to_nick (PR_TYPE_SECURITY, (int) pr_server_profile_get_security (
                                                                 profile, direction)));
}

static void
on_found (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  PrFacts *facts = pr_store_find_facts_finish (PR_STORE (source), result, &error);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, facts, (GDestroyNotify) pr_facts_free);
}

/**
 * pr_environment_find_seen_async:
 * @self: an environment
 * @profile: a profile as it stands in a form, stored or not
 * @direction: which of its servers
 * @cancellable: (nullable): cancels
 * @callback: called with what is known
 * @user_data: for @callback
 */
void
pr_environment_find_seen_async (PrEnvironment *self,
                                PrServerProfile *profile,
                                PrDirection direction,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  g_autofree char *server = get_server (profile, direction);

  g_task_set_name (task, "pr_environment_find_seen");
  pr_store_find_facts_async (self->store, pr_record_get_id (PR_RECORD (profile)), direction, server,
                             cancellable, on_found, task);
}

/**
 * pr_environment_find_seen_finish:
 * @self: an environment
 * @result: what the callback got
 * @error: set on failure
 *
 * Returns: (transfer full) (nullable): what the last test of a mailbox of the profile that
 *   succeeded found at this server; %NULL without @error: none has succeeded yet, so it is still
 *   being set up
 */
PrFacts *
pr_environment_find_seen_finish (PrEnvironment *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- What it shows now ------------------------------------------------------------------------ */

static void
on_tested (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (GPtrArray) reports =
      pr_environment_test_profile_finish (PR_ENVIRONMENT (source), result, &error);

  if (reports == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, pr_report_ref (g_ptr_array_index (reports, 0)),
                           (GDestroyNotify) pr_report_unref);
}

/**
 * pr_environment_look_at_certificate_async:
 * @self: an environment
 * @profile: a profile as it stands in a form, stored or not
 * @direction: which of its servers
 * @cancellable: (nullable): cancels
 * @callback: called with what was found
 * @user_data: for @callback
 *
 * Nobody is logged in for it.
 */
void
pr_environment_look_at_certificate_async (PrEnvironment *self,
                                          PrServerProfile *profile,
                                          PrDirection direction,
                                          GCancellable *cancellable,
                                          GAsyncReadyCallback callback,
                                          gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr (PrRecord) asked = pr_record_duplicate (PR_RECORD (profile));
  PrTestOptions options = pr_test_options_default;

  g_task_set_name (task, "pr_environment_look_at_certificate");
  g_object_set (asked, "incoming-authentication", PR_AUTHENTICATION_USER_OR_QUEUE,
                "outgoing-authentication", PR_AUTHENTICATION_USER_OR_QUEUE, "incoming-username", "",
                "outgoing-username", "", "active", TRUE, NULL);
  options.incoming = direction == PR_DIRECTION_INCOMING;
  options.outgoing = direction == PR_DIRECTION_OUTGOING;
  options.submit = PR_SUBMIT_NONE;
  pr_environment_test_form_async (self, PR_SERVER_PROFILE (asked), NULL, &options, NULL, NULL,
                                  cancellable, on_tested, task);
}

/**
 * pr_environment_look_at_certificate_finish:
 * @self: an environment
 * @result: what the callback got
 * @error: set if nothing could be tried
 *
 * Returns: (transfer full) (nullable): what was found; it has a certificate if the server showed
 *   one
 */
PrReport *
pr_environment_look_at_certificate_finish (PrEnvironment *self,
                                           GAsyncResult *result,
                                           GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
