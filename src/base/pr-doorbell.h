/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

GSource *pr_doorbell_new (guint delay_ms);
void pr_doorbell_ring (GSource *bell);
void pr_doorbell_ring_soon (GSource *bell);

G_END_DECLS
