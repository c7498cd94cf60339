/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-database.h"
#include "pr-store.h"

G_BEGIN_DECLS

/**
 * PrStoreFunc:
 * @database: the environment's, inside a transaction
 * @data: what was given with the function
 * @error: to be set when %NULL is returned
 *
 * One piece of work in the store thread. When it returns %NULL everything is rolled back.
 *
 * Returns: (transfer full): the result, never %NULL on success
 */
typedef gpointer (*PrStoreFunc) (PrDatabase *database, gpointer data, GError **error);

/* For work without a result. */
#define PR_STORE_DONE GINT_TO_POINTER (1)

void pr_store_run_async (PrStore *self,
                         gboolean write,
                         PrStoreFunc func,
                         gpointer data,
                         GDestroyNotify data_free,
                         GDestroyNotify result_free,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data);
gpointer pr_store_run_finish (PrStore *self, GAsyncResult *result, GError **error);
gpointer pr_store_result_get_data (GAsyncResult *result);

/* The values of a record on their way to the store thread, and the table that explains them.
 * @stored: (nullable): what the row has become, where the database changes more than it was told */
typedef struct
{
  const PrField *fields;
  guint n_fields;
  PrValues *values;
  PrValues *stored;
} PrRecordWork;

PrRecordWork *pr_record_work_new (PrRecord *record);
void pr_record_work_free (gpointer data);
PrValues *pr_record_work_begin (PrRecordWork *work);
void pr_record_work_return (GAsyncResult *result, PrRecord *record);

/* pr-store-change-rules.c */
gboolean pr_changes_check (PrDatabase *database,
                           PrSelection *selection,
                           const PrField *fields,
                           const PrChange *changes,
                           guint n_changes,
                           GError **error);

/* pr-store-unsettled.c */
char *pr_store_ids_to_json (const gint64 *ids, guint n_ids);
gboolean pr_store_strike_out (PrDatabase *database, const char *ids, GError **error);

/* pr-store-unsettled-profiles.c */
gboolean pr_store_strike_out_profile (PrDatabase *database, gint64 id, GError **error);

/* pr-store-profiles.c */
gboolean pr_profiles_note_default (PrDatabase *database, gint64 id, gint64 own, GError **error);

/* pr-store-alerts.c */
gboolean pr_alerts_raise (PrDatabase *database, PrValues *values, GError **error);
gboolean pr_alerts_close (PrDatabase *database, const PrStoredResult *result, GError **error);

/* pr-store-facts.c */
gboolean pr_facts_save (PrDatabase *database, const PrFacts *facts, GError **error);

G_END_DECLS
