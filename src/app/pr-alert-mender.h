/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-environment.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

void pr_alert_mend (GtkWidget *widget, PrEnvironment *environment, PrAlert *alert);

G_END_DECLS
