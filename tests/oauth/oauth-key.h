/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-secret.h"

G_BEGIN_DECLS

char *test_key_get_pem (void);
PrSecret *test_key_make_file (const char *type, const char *email, const char *pem);

G_END_DECLS
