/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-window-job.h"

G_BEGIN_DECLS

char *pr_job_text_get_headline (PrWindowJob *job);
char *pr_job_text_get_state (PrWindowJob *job);

G_END_DECLS
