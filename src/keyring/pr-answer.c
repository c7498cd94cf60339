/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Tasks whose work cannot be cancelled, while whoever asked for it can stop to wait: the work goes
 * on to its end, and its late answer is dropped. A dialog that waits for the keyring's password is
 * such work: gnome-keyring (42, in Debian 12) dies when it is told to take it off the screen. Main
 * thread. */

#include "pr-answer.h"

typedef struct
{
  gboolean given;
  GSource *cancelled; /* (nullable) */
} PrAnswer;

static void
answer_free (gpointer data)
{
  PrAnswer *answer = data;

  g_assert (answer->cancelled == NULL);
  g_free (answer);
}

static PrAnswer *
get_answer (GTask *task)
{
  static GQuark quark;
  PrAnswer *answer;

  if (quark == 0)
    quark = g_quark_from_static_string ("pr-answer");
  answer = g_object_get_qdata (G_OBJECT (task), quark);
  if (answer != NULL)
    return answer;
  answer = g_new0 (PrAnswer, 1);
  g_object_set_qdata_full (G_OBJECT (task), quark, answer, answer_free);
  return answer;
}

static void
stop_watching (PrAnswer *answer)
{
  if (answer->cancelled != NULL)
    g_source_destroy (answer->cancelled);
  g_clear_pointer (&answer->cancelled, g_source_unref);
}

/* Returns: FALSE if the question is answered already. */
static gboolean
give (GTask *task)
{
  PrAnswer *answer = get_answer (task);

  if (answer->given)
    return FALSE;
  answer->given = TRUE;
  stop_watching (answer);
  return TRUE;
}

static gboolean
on_cancelled (GCancellable *cancellable, gpointer user_data)
{
  GTask *task = user_data;

  if (give (task))
    g_task_return_error_if_cancelled (task);
  return G_SOURCE_REMOVE;
}

/**
 * pr_answer_watch:
 * @task: a new task
 *
 * From now on @task is answered as soon as its cancellable is cancelled.
 */
void
pr_answer_watch (GTask *task)
{
  GCancellable *cancellable = g_task_get_cancellable (task);
  PrAnswer *answer = get_answer (task);

  if (cancellable == NULL || answer->given || answer->cancelled != NULL)
    return;
  answer->cancelled = g_cancellable_source_new (cancellable);
  g_task_attach_source (task, answer->cancelled, G_SOURCE_FUNC (on_cancelled));
}

/**
 * pr_answer_unwatch:
 * @task: a task
 *
 * It is too late to stop: from now on @task is answered when its work ends, whatever its
 * cancellable says.
 */
void
pr_answer_unwatch (GTask *task)
{
  PrAnswer *answer = get_answer (task);

  if (answer->given)
    return;
  stop_watching (answer);
  g_task_set_check_cancellable (task, FALSE);
}

/**
 * pr_answer_is_given:
 * @task: a task
 *
 * Returns: whether nobody waits for an answer any more
 */
gboolean
pr_answer_is_given (GTask *task)
{
  return get_answer (task)->given;
}

/**
 * pr_answer_error:
 * @task: a task
 * @error: (transfer full): what is wrong
 *
 * Answers @task, unless that was done already.
 */
void
pr_answer_error (GTask *task, GError *error)
{
  if (give (task))
    g_task_return_error (task, error);
  else
    g_error_free (error);
}

/**
 * pr_answer_pointer:
 * @task: a task
 * @value: (transfer full) (nullable): the answer
 * @free_value: frees it
 *
 * Answers @task, unless that was done already.
 */
void
pr_answer_pointer (GTask *task, gpointer value, GDestroyNotify free_value)
{
  if (give (task))
    g_task_return_pointer (task, value, free_value);
  else if (value != NULL)
    free_value (value);
}

/**
 * pr_answer_boolean:
 * @task: a task
 * @value: the answer
 *
 * Answers @task, unless that was done already.
 */
void
pr_answer_boolean (GTask *task, gboolean value)
{
  if (give (task))
    g_task_return_boolean (task, value);
}
