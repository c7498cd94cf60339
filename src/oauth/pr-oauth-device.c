/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A sign-in on another device (RFC 8628): the person opens an address wherever a browser is, and
 * types a code; we ask again and again whether that has happened. Only where the provider lets
 * it be used for mail. Main thread. */

#include "pr-oauth-sign-in-private.h"

#include "pr-json.h"
#include "pr-oauth-clock.h"
#include "pr-oauth-encoding.h"
#include "pr-url.h"

#include <string.h>

#define GRANT_DEVICE "urn:ietf:params:oauth:grant-type:device_code"
#define INTERVAL_S 5 /* unless the server says otherwise; also what "slow_down" adds */
#define INTERVAL_MAX_S 300
#define EXPIRES_MAX_S 3600
#define USER_CODE_MAX 64

typedef struct
{
  PrOauthClient *client;
  char *account;
  char *alias;
  guint timeout_s;
  PrOauthShowFunc show;
  gpointer show_data;

  PrSecret *device_code;
  gint64 interval_s;
  gint64 until; /* of pr_oauth_clock_get_time() */
} PrDeviceWork;

static void poll_later (GTask *task);

static void
device_work_free (gpointer data)
{
  PrDeviceWork *work = data;

  pr_oauth_client_unref (work->client);
  g_free (work->account);
  g_free (work->alias);
  g_clear_pointer (&work->device_code, pr_secret_unref);
  g_free (work);
}

static void
on_grant_checked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  PrOauthToken *token = pr_oauth_check_grant_finish (result, &error);

  if (token != NULL)
    g_task_return_pointer (task, token, (GDestroyNotify) pr_oauth_token_unref);
  else
    g_task_return_error (task, error);
}

/* --- Has it happened? ------------------------------------------------------------------------- */

static gboolean
is_word (const PrOauthAnswer *answer, const char *expected)
{
  g_autofree char *word = pr_oauth_answer_read_word (answer);

  return g_strcmp0 (word, expected) == 0;
}

/* Returns: whether to ask again. Trouble on the way passes; the person may be typing. */
static gboolean
is_pending (PrDeviceWork *work, const PrOauthAnswer *answer, const GError *error)
{
  if (answer == NULL)
    {
      work->interval_s = MIN (work->interval_s + INTERVAL_S, INTERVAL_MAX_S);
      return error->domain == PR_OAUTH_ERROR && error->code == PR_CODE_OAUTH_SERVER_ERROR;
    }
  if (is_word (answer, "slow_down") || answer->status == 429 || answer->status >= 500)
    {
      work->interval_s = MIN (MAX (work->interval_s + INTERVAL_S, answer->wait_s), INTERVAL_MAX_S);
      return TRUE;
    }
  return is_word (answer, "authorization_pending");
}

static void
on_polled (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrDeviceWork *work = g_task_get_task_data (task);
  PrOauthSignInPlan plan = { work->client, work->account, work->alias, 0 };
  GError *error = NULL;
  g_autoptr (PrOauthAnswer) answer =
      pr_oauth_http_send_finish (PR_OAUTH_HTTP (source), result, &error);
  PrOauthGrant *grant;

  if (is_pending (work, answer, error))
    {
      g_clear_error (&error);
      poll_later (task);
      return;
    }
  grant = answer != NULL ? pr_oauth_grant_read (answer, PR_OAUTH_STAGE_DEVICE, &error) : NULL;
  if (grant == NULL)
    g_task_return_error (task, error);
  else
    pr_oauth_check_grant_async (&plan, grant, NULL, g_task_get_cancellable (task), on_grant_checked,
                                g_object_ref (task));
}

static gboolean
poll_now (gpointer user_data)
{
  GTask *task = user_data;
  PrDeviceWork *work = g_task_get_task_data (task);
  char *authorization;
  GString *form;

  authorization = pr_oauth_client_get_authorization (work->client);
  form = pr_oauth_client_new_form (work->client);
  pr_oauth_form_append (form, "grant_type", GRANT_DEVICE);
  pr_oauth_form_append (form, "device_code", pr_secret_peek (work->device_code));
  pr_oauth_http_send_async (work->client->http, work->client->provider->token_url, authorization,
                            form, g_task_get_cancellable (task), on_polled, g_object_ref (task));
  pr_wipe_free (authorization);
  return G_SOURCE_REMOVE;
}

typedef struct
{
  GTask *task;
  GSource *timer;
  GSource *cancel;
} PrPause;

static void
pause_end (PrPause *pause)
{
  g_source_destroy (pause->timer);
  g_source_unref (pause->timer);
  if (pause->cancel != NULL)
    {
      g_source_destroy (pause->cancel);
      g_source_unref (pause->cancel);
    }
  g_object_unref (pause->task);
  g_free (pause);
}

static gboolean
on_pause_over (gpointer user_data)
{
  PrPause *pause = user_data;

  poll_now (pause->task);
  pause_end (pause);
  return G_SOURCE_REMOVE;
}

static gboolean
on_pause_cancelled (GCancellable *cancellable, gpointer user_data)
{
  PrPause *pause = user_data;

  g_task_return_new_error (pause->task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
  pause_end (pause);
  return G_SOURCE_REMOVE;
}

static void
poll_later (GTask *task)
{
  PrDeviceWork *work = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  PrPause *pause;

  if (pr_oauth_clock_get_time () + work->interval_s * G_USEC_PER_SEC > work->until)
    {
      g_task_return_error (task, pr_oauth_error_new (PR_CODE_OAUTH_TIMEOUT, PR_OAUTH_REASON_NONE,
                                                     "the code was not typed in time"));
      return;
    }
  pause = g_new0 (PrPause, 1);
  pause->task = g_object_ref (task);
  pause->timer = g_timeout_source_new_seconds ((guint) work->interval_s);
  g_source_set_callback (pause->timer, on_pause_over, pause, NULL);
  if (cancellable != NULL)
    {
      pause->cancel = g_cancellable_source_new (cancellable);
      g_source_set_callback (pause->cancel, G_SOURCE_FUNC (on_pause_cancelled), pause, NULL);
      g_source_attach (pause->cancel, g_task_get_context (task));
    }
  g_source_attach (pause->timer, g_task_get_context (task));
}

/* --- The code --------------------------------------------------------------------------------- */

static gint64
get_seconds (const PrJson *json, const char *name, gint64 otherwise, gint64 max)
{
  gint64 seconds;

  if (!pr_json_find_integer (json, name, &seconds) || seconds < 1)
    return otherwise;
  return MIN (seconds, max);
}

static gboolean
read_code (PrDeviceWork *work, const PrOauthAnswer *answer, GError **error)
{
  g_autoptr (PrJson) json =
      answer->is_json
          ? pr_json_parse (pr_secret_peek (answer->body), pr_secret_get_length (answer->body), NULL)
          : NULL;
  const char *device_code, *user_code, *url;
  gint64 expires_s;

  device_code = json != NULL ? pr_json_find_text (json, "device_code") : NULL;
  user_code = json != NULL ? pr_json_find_text (json, "user_code") : NULL;
  url = json != NULL ? pr_json_find_text (json, "verification_uri") : NULL;
  if (!pr_text_is_visible (device_code) || !pr_text_is_visible (user_code)
      || strlen (user_code) > USER_CODE_MAX || !pr_url_is_safe (url))
    {
      pr_oauth_set_error (error, PR_CODE_OAUTH_SERVER_ERROR, PR_OAUTH_REASON_BAD_ANSWER,
                          "HTTP %u: no code for another device", answer->status);
      return FALSE;
    }
  work->device_code = pr_secret_new (device_code, -1);
  work->interval_s = get_seconds (json, "interval", INTERVAL_S, INTERVAL_MAX_S);
  expires_s = MIN (get_seconds (json, "expires_in", work->timeout_s, EXPIRES_MAX_S),
                   (gint64) work->timeout_s);
  work->until = pr_oauth_clock_get_time () + expires_s * G_USEC_PER_SEC;
  work->show (url, user_code, (guint) expires_s, work->show_data);
  return TRUE;
}

static void
on_code (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrDeviceWork *work = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (PrOauthAnswer) answer =
      pr_oauth_http_send_finish (PR_OAUTH_HTTP (source), result, &error);
  g_autofree char *word = NULL;

  if (answer != NULL)
    error = pr_oauth_answer_check_status (answer);
  if (error == NULL)
    word = pr_oauth_answer_read_word (answer);
  if (word != NULL)
    error = pr_oauth_error_from_word (word, PR_OAUTH_STAGE_DEVICE, "device");
  if (error == NULL && read_code (work, answer, &error))
    poll_later (task);
  else
    g_task_return_error (task, error);
}

/**
 * pr_oauth_device_sign_in_async:
 * @plan: who is to sign in, and where; copied
 * @show: called once, with what the person has to do
 * @show_data: for @show
 * @cancellable: (nullable): ends the wait for the person
 * @callback: called with the token, for pr_oauth_sign_in_finish()
 * @user_data: for @callback
 */
void
pr_oauth_device_sign_in_async (const PrOauthSignInPlan *plan,
                               PrOauthShowFunc show,
                               gpointer show_data,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  PrDeviceWork *work = g_new0 (PrDeviceWork, 1);
  PrOauthProvider *provider = plan->client->provider;
  GError *error = NULL;
  char *authorization;
  GString *form;

  g_task_set_name (task, "pr_oauth_device_sign_in");
  g_task_set_check_cancellable (task, FALSE);
  work->client = pr_oauth_client_ref (plan->client);
  work->account = g_strdup (plan->account);
  work->alias = g_strdup (plan->alias);
  work->timeout_s = plan->timeout_s;
  work->show = show;
  work->show_data = show_data;
  g_task_set_task_data (task, work, device_work_free);
  if (pr_oauth_client_check (plan->client, &error) && provider->device_url == NULL)
    error = pr_oauth_error_new (PR_CODE_OAUTH_CLIENT_INVALID, PR_OAUTH_REASON_DEVICE_NOT_OFFERED,
                                "%s", provider->name);
  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  authorization = pr_oauth_client_get_authorization (plan->client);
  form = pr_oauth_client_new_form (plan->client);
  pr_oauth_form_append (form, "scope", provider->scope);
  pr_oauth_http_send_async (plan->client->http, provider->device_url, authorization, form,
                            cancellable, on_code, g_steal_pointer (&task));
  pr_wipe_free (authorization);
}
