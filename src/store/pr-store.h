/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-alert.h"
#include "pr-facts.h"
#include "pr-mailbox.h"
#include "pr-record-pack.h"
#include "pr-selection.h"
#include "pr-store-changed.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * PrStore:
 *
 * The database of one environment, with the thread that alone touches it. All functions are
 * called in the main thread and answer there.
 */
#define PR_TYPE_STORE (pr_store_get_type ())
G_DECLARE_FINAL_TYPE (PrStore, pr_store, PR, STORE, GObject)

/**
 * PrStoreMode:
 * @PR_STORE_READ_ONLY: never write, even if that were possible
 * @PR_STORE_CREATE: make the file if there is none
 */
typedef enum
{
  PR_STORE_READ_WRITE,
  PR_STORE_READ_ONLY,
  PR_STORE_CREATE,
} PrStoreMode;

void pr_store_open_async (const char *path,
                          PrStoreMode mode,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);
PrStore *pr_store_open_finish (GAsyncResult *result, GError **error);
void pr_store_close (PrStore *self);
gboolean pr_store_is_read_only (PrStore *self);
const char *pr_store_get_path (PrStore *self);

/* The environment itself. */
void pr_store_set_identity_async (PrStore *self,
                                  const char *id,
                                  const char *name,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
gboolean pr_store_set_identity_finish (PrStore *self, GAsyncResult *result, GError **error);
void pr_store_get_identity_async (PrStore *self,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
gboolean pr_store_get_identity_finish (PrStore *self,
                                       GAsyncResult *result,
                                       char **id,
                                       char **name,
                                       GError **error);

/* Settings. */
void pr_store_load_settings_async (PrStore *self,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
PrEmailSettings *
pr_store_load_settings_finish (PrStore *self, GAsyncResult *result, GError **error);
void pr_store_save_settings_async (PrStore *self,
                                   PrEmailSettings *settings,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
gboolean pr_store_save_settings_finish (PrStore *self,
                                        GAsyncResult *result,
                                        PrEmailSettings *settings,
                                        GError **error);

/* Profiles. */
void pr_store_list_profiles_async (PrStore *self,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
GPtrArray *pr_store_list_profiles_finish (PrStore *self, GAsyncResult *result, GError **error);
void pr_store_save_profile_async (PrStore *self,
                                  PrServerProfile *profile,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
gboolean pr_store_save_profile_finish (PrStore *self,
                                       GAsyncResult *result,
                                       PrServerProfile *profile,
                                       GError **error);
void pr_store_delete_profile_async (PrStore *self,
                                    gint64 id,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
gboolean pr_store_delete_profile_finish (PrStore *self, GAsyncResult *result, GError **error);
void pr_store_set_profile_flag_async (PrStore *self,
                                      gint64 id,
                                      PrServerProfileField field,
                                      gboolean value,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
gboolean pr_store_set_profile_flag_finish (PrStore *self, GAsyncResult *result, GError **error);

/* Mailboxes. */
void pr_store_list_mailboxes_async (PrStore *self,
                                    PrSelection *selection,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
GPtrArray *pr_store_list_mailboxes_finish (PrStore *self, GAsyncResult *result, GError **error);

/**
 * PrStoreVisitor:
 * @values: of one mailbox, in the order of its fields
 * @data: what was given with the function
 *
 * Store thread.
 */
typedef void (*PrStoreVisitor) (const PrValues *values, gpointer data);

void pr_store_visit_mailboxes_async (PrStore *self,
                                     PrSelection *selection,
                                     PrStoreVisitor first,
                                     PrStoreVisitor visitor,
                                     gpointer data,
                                     GDestroyNotify data_free,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
gpointer pr_store_visit_mailboxes_finish (PrStore *self, GAsyncResult *result, GError **error);
void pr_store_list_mailbox_ids_async (PrStore *self,
                                      PrSelection *selection,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
GArray *pr_store_list_mailbox_ids_finish (PrStore *self, GAsyncResult *result, GError **error);
void pr_store_save_mailbox_async (PrStore *self,
                                  PrMailbox *mailbox,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
gboolean pr_store_save_mailbox_finish (PrStore *self,
                                       GAsyncResult *result,
                                       PrMailbox *mailbox,
                                       GError **error);

/**
 * PrChange:
 * @field: a #PrMailboxField that bulk commands may set
 * @text: value of a text field
 * @number: value of any other field
 * @where_it_fits: mailboxes whose kind does not allow the value get the one that it allows;
 *   otherwise one of them makes the whole change fail
 */
typedef struct
{
  PrMailboxField field;
  char *text;
  gint64 number;
  gboolean where_it_fits;
} PrChange;

void pr_store_change_mailboxes_async (PrStore *self,
                                      PrSelection *selection,
                                      const PrChange *changes,
                                      guint n_changes,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
gboolean pr_store_change_mailboxes_finish (PrStore *self,
                                           GAsyncResult *result,
                                           guint *n_changed,
                                           GError **error);
void pr_store_delete_mailboxes_async (PrStore *self,
                                      PrSelection *selection,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
GArray *pr_store_delete_mailboxes_finish (PrStore *self, GAsyncResult *result, GError **error);
void pr_store_set_secret_flag_async (PrStore *self,
                                     gint64 mailbox_id,
                                     PrMailboxField field,
                                     gboolean value,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
gboolean pr_store_set_secret_flag_finish (PrStore *self, GAsyncResult *result, GError **error);

/* Many new mailboxes. */
void pr_store_add_mailboxes_async (PrStore *self,
                                   PrRecordPack *mailboxes,
                                   gint64 first_id,
                                   const gint64 *with_secret,
                                   guint n_with_secret,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
gboolean pr_store_add_mailboxes_finish (PrStore *self, GAsyncResult *result, GError **error);
void pr_store_list_address_keys_async (PrStore *self,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
GHashTable *pr_store_list_address_keys_finish (PrStore *self, GAsyncResult *result, GError **error);
void pr_store_mark_passwords_async (PrStore *self,
                                    const gint64 *ids,
                                    guint n_ids,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
gboolean pr_store_mark_passwords_finish (PrStore *self, GAsyncResult *result, GError **error);

/* Secrets that are being changed. */

/**
 * PrUnsettled:
 * @exists: whether there is such a one
 * @is_profile: whether it is a server profile
 *
 * A mailbox or a server profile of which the keyring may say something else than the database.
 */
typedef struct
{
  gint64 id;
  gboolean exists;
  gboolean is_profile;
} PrUnsettled;

/**
 * PrProfileSecrets:
 * @oauth: the client secret, or the key of the service account
 *
 * Which secrets of a server profile there are in the keyring.
 */
typedef struct
{
  gboolean incoming;
  gboolean outgoing;
  gboolean oauth;
} PrProfileSecrets;

void pr_store_note_unsettled_async (PrStore *self,
                                    const gint64 *ids,
                                    guint n_ids,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
gboolean pr_store_note_unsettled_finish (PrStore *self, GAsyncResult *result, GError **error);
void pr_store_reserve_mailboxes_async (PrStore *self,
                                       guint n,
                                       const gint64 *with_secret,
                                       guint n_with_secret,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
gint64 pr_store_reserve_mailboxes_finish (PrStore *self, GAsyncResult *result, GError **error);
void pr_store_note_unsettled_profile_async (PrStore *self,
                                            gint64 id,
                                            GCancellable *cancellable,
                                            GAsyncReadyCallback callback,
                                            gpointer user_data);
void pr_store_settle_profile_async (PrStore *self,
                                    gint64 id,
                                    const PrProfileSecrets *found,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
void pr_store_list_unsettled_async (PrStore *self,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
GArray *pr_store_list_unsettled_finish (PrStore *self, GAsyncResult *result, GError **error);
void pr_store_settle_async (PrStore *self,
                            const gint64 *ids,
                            guint n_ids,
                            const gint64 *with,
                            guint n_with,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
gboolean pr_store_settle_finish (PrStore *self, GAsyncResult *result, GError **error);

/* Results of tests. */

/**
 * PrStoredResult:
 * @mailbox_id: whose
 * @profile_id: its server profile when the test began; 0: none
 * @serial: of the mailbox when the test began: a result that is out of date is dropped
 * @status: #PrTestStatus
 * @code: word of the error, "" after a success
 * @report: JSON, kept as the last report
 * @alerts: (element-type PrValues): values of #PrAlert; the same open alert is counted up
 * @all_passed: the test succeeded: open errors of this direction are disproved
 * @passed: (nullable): else a JSON array of the steps that succeeded: open errors at these steps
 *   are disproved
 * @disproved: (element-type utf8): words of open warnings of this direction that no longer hold
 * @facts: (nullable): what was found out about the server, to compare the next test with
 * @host: the server, and @port
 * @not_after: until when its certificate is valid, microseconds since 1970; 0: it showed none
 *
 * What one test of one direction leaves behind.
 */
typedef struct
{
  gint64 mailbox_id;
  gint64 profile_id;
  gint64 serial;
  PrDirection direction;
  PrTestStatus status;
  gboolean enabled;
  char *code;
  guint retry;
  gint64 retry_at;
  gint64 finished_at;
  char *report;
  GPtrArray *alerts;
  gboolean all_passed;
  char *passed;
  GPtrArray *disproved;
  PrFacts *facts;
  char *host;
  guint16 port;
  gint64 not_after;
} PrStoredResult;

PrStoredResult *pr_stored_result_new (void);
void pr_stored_result_free (PrStoredResult *self);
void pr_store_save_result_async (PrStore *self,
                                 PrStoredResult *result,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
gboolean pr_store_save_result_finish (PrStore *self, GAsyncResult *result, GError **error);
void pr_store_save_results_async (PrStore *self,
                                  GPtrArray *results,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
void pr_store_load_report_async (PrStore *self,
                                 gint64 mailbox_id,
                                 PrDirection direction,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
char *pr_store_load_report_finish (PrStore *self, GAsyncResult *result, GError **error);

/* Facts about servers. */

/**
 * PrFactsKey:
 *
 * Which direction of which mailbox.
 */
typedef struct
{
  gint64 mailbox_id;
  PrDirection direction;
} PrFactsKey;

void pr_store_load_facts_async (PrStore *self,
                                GArray *keys,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
GPtrArray *pr_store_load_facts_finish (PrStore *self, GAsyncResult *result, GError **error);
void pr_store_find_facts_async (PrStore *self,
                                gint64 profile_id,
                                PrDirection direction,
                                const char *server,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
PrFacts *pr_store_find_facts_finish (PrStore *self, GAsyncResult *result, GError **error);

/* What time brings. */
void pr_store_get_next_due_async (PrStore *self,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
gboolean
pr_store_get_next_due_finish (PrStore *self, GAsyncResult *result, gint64 *due, GError **error);
void pr_store_prune_alerts_async (PrStore *self,
                                  gint64 before,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
gboolean pr_store_prune_alerts_finish (PrStore *self, GAsyncResult *result, GError **error);

/* Alerts. */

/**
 * PrAlertFilter:
 * @mailbox_id: 0: any
 * @profile_id: 0: any
 * @owner: (nullable): any
 * @severity: -1: any
 * @text: (nullable): part of the address, the profile's name or the code
 * @history: also closed and dismissed ones
 * @limit: most alerts to list; 0: all
 * @offset: alerts to pass over, with @limit
 */
typedef struct
{
  gint64 mailbox_id;
  gint64 profile_id;
  const char *owner;
  int severity;
  const char *text;
  gboolean history;
  guint limit;
  guint offset;
} PrAlertFilter;

/**
 * PrAlertCounts:
 * @n: how many alerts
 * @n_unread: how many of them nobody has seen
 * @n_severity: how many of them are of each #PrSeverity
 */
typedef struct
{
  guint n;
  guint n_unread;
  guint n_severity[3];
} PrAlertCounts;

void pr_store_count_alerts_async (PrStore *self,
                                  const PrAlertFilter *filter,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
gboolean pr_store_count_alerts_finish (PrStore *self,
                                       GAsyncResult *result,
                                       PrAlertCounts *counts,
                                       GError **error);
void pr_store_read_alerts_async (PrStore *self,
                                 const PrAlertFilter *filter,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
gboolean pr_store_read_alerts_finish (PrStore *self, GAsyncResult *result, GError **error);

void pr_store_list_alerts_async (PrStore *self,
                                 const PrAlertFilter *filter,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
GPtrArray *pr_store_list_alerts_finish (PrStore *self, GAsyncResult *result, GError **error);
void pr_store_dismiss_alerts_async (PrStore *self,
                                    const PrAlertFilter *filter,
                                    gint64 id,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
gboolean pr_store_dismiss_alerts_finish (PrStore *self,
                                         GAsyncResult *result,
                                         guint *n_changed,
                                         GError **error);

G_END_DECLS
