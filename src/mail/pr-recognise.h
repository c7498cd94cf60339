/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-types.h"

G_BEGIN_DECLS

const char *pr_recognise_protocol (const char *bytes, gsize length);
gboolean pr_recognise_is (const char *found, PrProtocol expected);
gboolean pr_recognise_tls (const char *bytes, gsize length);

G_END_DECLS
