/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-conversation.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * PrCheckProgress:
 * @index: of the plan
 * @step: the step that its test has come to
 *
 * Called in the main thread.
 */
typedef void (*PrCheckProgress) (guint index, PrStep step, gpointer user_data);

void pr_check_run_async (GPtrArray *plans,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data);
void pr_check_run_watched_async (GPtrArray *plans,
                                 PrCheckProgress progress,
                                 gpointer progress_data,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
GPtrArray *pr_check_run_finish (GAsyncResult *result, GError **error);

G_END_DECLS
