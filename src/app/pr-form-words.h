/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-record.h"

G_BEGIN_DECLS

char *pr_form_words (const PrField *field, const char *message);

G_END_DECLS
