/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-store-private.h"

G_BEGIN_DECLS

typedef struct
{
  const PrField *fields;
  guint n_fields;
  PrAlertFilter filter; /* its strings are owned here */
  gint64 id;
  guint n_changed;
  PrAlertCounts counts;
} PrAlertWork;

/* What the condition of pr_alert_work_get_where() is about. */
#define PR_ALERTS_FROM                                                                             \
  " FROM alerts AS a LEFT JOIN mailboxes AS m ON m.id = a.mailbox_id"                              \
  " LEFT JOIN profiles AS p ON p.id = a.profile_id WHERE "

PrAlertWork *pr_alert_work_new (const PrAlertFilter *filter);
void pr_alert_work_free (gpointer data);
char *pr_alert_work_get_where (const PrAlertWork *work);
void pr_alert_work_bind (const PrAlertWork *work, PrStatement *statement);

G_END_DECLS
