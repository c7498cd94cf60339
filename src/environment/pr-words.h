/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-code.h"
#include "pr-record.h"

G_BEGIN_DECLS

const char *pr_word_of (GType type, int value);
const char *pr_word_of_code (PrCode code);
const char *pr_mark_of (PrOutcome outcome);
char *pr_word_of_time (gint64 time);
char *pr_word_of_field (PrRecord *record, guint field);

G_END_DECLS
