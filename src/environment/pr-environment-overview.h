/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-environment.h"
#include "pr-overview.h"

G_BEGIN_DECLS

#define PR_OVERVIEW_CERTIFICATE_DAYS 30

void pr_environment_load_overview_async (PrEnvironment *self,
                                         GCancellable *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data);
PrOverview *
pr_environment_load_overview_finish (PrEnvironment *self, GAsyncResult *result, GError **error);

G_END_DECLS
