/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * PrServiceRow:
 *
 * A row of a form with a choice among the sign-in services; its "text" is the id of one, "" for
 * the one that belongs to the servers.
 */
#define PR_TYPE_SERVICE_ROW (pr_service_row_get_type ())
G_DECLARE_FINAL_TYPE (PrServiceRow, pr_service_row, PR, SERVICE_ROW, AdwComboRow)

const char *pr_service_row_get_text (PrServiceRow *self);
void pr_service_row_set_text (PrServiceRow *self, const char *text);

G_END_DECLS
