/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * PrCaRow:
 *
 * A row for certificates of authorities that are trusted besides those of this computer, chosen
 * from a file.
 */
#define PR_TYPE_CA_ROW (pr_ca_row_get_type ())
G_DECLARE_FINAL_TYPE (PrCaRow, pr_ca_row, PR, CA_ROW, AdwActionRow)

const char *pr_ca_row_get_text (PrCaRow *self);
void pr_ca_row_set_text (PrCaRow *self, const char *text);
void pr_ca_row_load (PrCaRow *self, GFile *file);

G_END_DECLS
