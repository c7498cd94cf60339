/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-report.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * PrStepTree:
 *
 * One report for people: what happened and what to do, the server's own words, each step, and
 * behind disclosures the certificate, the connection and the transcript. Used by the form of a
 * mailbox, by alerts, by jobs and by the analyzer; while a test runs it shows its steps as they
 * come.
 */
#define PR_TYPE_STEP_TREE (pr_step_tree_get_type ())
G_DECLARE_FINAL_TYPE (PrStepTree, pr_step_tree, PR, STEP_TREE, AdwBin)

GtkWidget *pr_step_tree_new (void);
void pr_step_tree_set_report (PrStepTree *self, PrReport *report);
PrReport *pr_step_tree_get_report (PrStepTree *self);
void pr_step_tree_begin (PrStepTree *self, const char *title);
void pr_step_tree_set_step (PrStepTree *self, PrStep step);

G_END_DECLS
