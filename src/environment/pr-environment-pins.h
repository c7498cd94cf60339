/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-environment.h"

G_BEGIN_DECLS

void pr_environment_find_seen_async (PrEnvironment *self,
                                     PrServerProfile *profile,
                                     PrDirection direction,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
PrFacts *
pr_environment_find_seen_finish (PrEnvironment *self, GAsyncResult *result, GError **error);

void pr_environment_look_at_certificate_async (PrEnvironment *self,
                                               PrServerProfile *profile,
                                               PrDirection direction,
                                               GCancellable *cancellable,
                                               GAsyncReadyCallback callback,
                                               gpointer user_data);
PrReport *pr_environment_look_at_certificate_finish (PrEnvironment *self,
                                                     GAsyncResult *result,
                                                     GError **error);

G_END_DECLS
