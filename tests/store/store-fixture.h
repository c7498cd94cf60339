/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-store.h"

#include "store-files.h"

G_BEGIN_DECLS

/**
 * PrStoreFixture:
 *
 * A store in a folder of its own, and its functions as calls that wait, for a bounded time. Main
 * thread.
 */
typedef struct
{
  char *folder;
  char *path;
  PrStore *store;
} PrStoreFixture;

void store_fixture_init_folder (PrStoreFixture *self);
void store_fixture_init (PrStoreFixture *self);
void store_fixture_open (PrStoreFixture *self);
void store_fixture_close (PrStoreFixture *self);
void store_fixture_clear (PrStoreFixture *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PrStoreFixture, store_fixture_clear)

PrStore *store_open (const char *path, PrStoreMode mode, GError **error);
void store_set_identity (PrStore *store, const char *id, const char *name);

void record_set (gpointer record, const char *name, const char *value);
char *record_get (gpointer record, const char *name);
char *record_dump (gpointer record);

PrEmailSettings *store_load_settings (PrStore *store);
gboolean store_save_settings (PrStore *store, PrEmailSettings *settings, GError **error);

GPtrArray *store_list_profiles (PrStore *store);
PrServerProfile *store_find_profile (PrStore *store, const char *name);
gboolean store_save_profile (PrStore *store, PrServerProfile *profile, GError **error);
PrServerProfile *store_add_profile (PrStore *store, const char *name);
gboolean store_delete_profile (PrStore *store, gint64 id, GError **error);
gboolean
store_set_profile_flag (PrStore *store, gint64 id, PrServerProfileField field, gboolean set);

GPtrArray *store_list (PrStore *store, PrSelection *selection, GError **error);
char *store_list_addresses (PrStore *store, PrSelection *selection);
PrMailbox *store_find_mailbox (PrStore *store, const char *address);
char *store_get_field (PrStore *store, const char *address, const char *field);
gboolean store_save_mailbox (PrStore *store, PrMailbox *mailbox, GError **error);
PrMailbox *store_add_mailbox (PrStore *store, const char *address, ...) G_GNUC_NULL_TERMINATED;
gboolean store_change (PrStore *store,
                       PrSelection *selection,
                       const PrChange *changes,
                       guint n_changes,
                       guint *n_changed,
                       GError **error);
gboolean store_delete (PrStore *store, PrSelection *selection, guint *n_deleted, GError **error);
gboolean
store_set_secret_flag (PrStore *store, gint64 mailbox_id, PrMailboxField field, gboolean set);

gboolean store_save_result (PrStore *store, PrStoredResult *result, GError **error);
char *store_load_report (PrStore *store, gint64 mailbox_id, PrDirection direction);
GPtrArray *store_list_alerts (PrStore *store, const PrAlertFilter *filter);
guint store_dismiss_alerts (PrStore *store, const PrAlertFilter *filter, gint64 id);

/* A wait for one answer: the callback, and the loop. */
typedef struct
{
  GAsyncResult *result;
} PrStoreWait;

void store_ready (GObject *source, GAsyncResult *result, gpointer user_data);
GAsyncResult *store_wait (PrStoreWait *self);
void store_wait_clear (PrStoreWait *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PrStoreWait, store_wait_clear)

#define ENVIRONMENT_ID "5d6f3a0e-7d34-4a52-9f0e-2b1a3c4d5e6f"

G_END_DECLS
