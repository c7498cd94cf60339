/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-conversation.h"

#include <gio/gio.h>

G_BEGIN_DECLS

void pr_check_run_async (GPtrArray *plans,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data);
GPtrArray *pr_check_run_finish (GAsyncResult *result, GError **error);

G_END_DECLS
