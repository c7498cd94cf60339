/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-keyring.h"
#include "pr-mailbox-list.h"
#include "pr-planner.h"
#include "pr-report.h"
#include "pr-store.h"

G_BEGIN_DECLS

/**
 * PrEnvironment:
 *
 * One opened environment, and every command that an admin can give in it. The window and the
 * command line do nothing but call these. Main thread.
 */
#define PR_TYPE_ENVIRONMENT (pr_environment_get_type ())
G_DECLARE_FINAL_TYPE (PrEnvironment, pr_environment, PR, ENVIRONMENT, GObject)

#define PR_ENVIRONMENT_DEFAULT_NAME "Default"

char *pr_environment_get_default_data_dir (void);

void pr_environment_open_async (const char *data_dir,
                                const char *name,
                                PrKeyring *keyring,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
PrEnvironment *pr_environment_open_finish (GAsyncResult *result, GError **error);

const char *pr_environment_get_name (PrEnvironment *self);
const char *pr_environment_get_id (PrEnvironment *self);
const char *pr_environment_get_folder (PrEnvironment *self);
gboolean pr_environment_is_read_only (PrEnvironment *self);
char *pr_environment_take_left_secrets (PrEnvironment *self);
guint pr_environment_get_n_left_secrets (PrEnvironment *self);
void pr_environment_clear_left_secrets_async (PrEnvironment *self,
                                              GCancellable *cancellable,
                                              GAsyncReadyCallback callback,
                                              gpointer user_data);
gboolean pr_environment_clear_left_secrets_finish (PrEnvironment *self,
                                                   GAsyncResult *result,
                                                   GError **error);
gboolean pr_environment_is_testing (PrEnvironment *self);
void pr_environment_close (PrEnvironment *self);
PrEmailSettings *pr_environment_get_settings (PrEnvironment *self);
GListModel *pr_environment_get_profiles (PrEnvironment *self);
PrServerProfile *pr_environment_find_profile (PrEnvironment *self, const char *name);
PrServerProfile *pr_environment_find_profile_by_id (PrEnvironment *self, gint64 id);

void pr_environment_reload_async (PrEnvironment *self,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
gboolean pr_environment_reload_finish (PrEnvironment *self, GAsyncResult *result, GError **error);

/* Settings. */
void pr_environment_save_settings_async (PrEnvironment *self,
                                         PrEmailSettings *settings,
                                         GCancellable *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data);
gboolean
pr_environment_save_settings_finish (PrEnvironment *self, GAsyncResult *result, GError **error);

/* Profiles. */
GPtrArray *pr_environment_check_profile (PrEnvironment *self, PrServerProfile *profile);
void pr_environment_save_profile_async (PrEnvironment *self,
                                        PrServerProfile *profile,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data);
gboolean
pr_environment_save_profile_finish (PrEnvironment *self, GAsyncResult *result, GError **error);
PrServerProfile *pr_environment_duplicate_profile (PrEnvironment *self, PrServerProfile *profile);
void pr_environment_delete_profile_async (PrEnvironment *self,
                                          PrServerProfile *profile,
                                          GCancellable *cancellable,
                                          GAsyncReadyCallback callback,
                                          gpointer user_data);
gboolean
pr_environment_delete_profile_finish (PrEnvironment *self, GAsyncResult *result, GError **error);
void pr_environment_set_profile_password_async (PrEnvironment *self,
                                                PrServerProfile *profile,
                                                PrDirection direction,
                                                PrSecret *secret,
                                                GCancellable *cancellable,
                                                GAsyncReadyCallback callback,
                                                gpointer user_data);
gboolean pr_environment_set_profile_password_finish (PrEnvironment *self,
                                                     GAsyncResult *result,
                                                     GError **error);

/* Mailboxes. */
void pr_environment_list_mailboxes_async (PrEnvironment *self,
                                          PrSelection *selection,
                                          GCancellable *cancellable,
                                          GAsyncReadyCallback callback,
                                          gpointer user_data);
GPtrArray *
pr_environment_list_mailboxes_finish (PrEnvironment *self, GAsyncResult *result, GError **error);
void pr_environment_visit_mailboxes_async (PrEnvironment *self,
                                           PrSelection *selection,
                                           PrStoreVisitor first,
                                           PrStoreVisitor visitor,
                                           gpointer data,
                                           GCancellable *cancellable,
                                           GAsyncReadyCallback callback,
                                           gpointer user_data);
gboolean
pr_environment_visit_mailboxes_finish (PrEnvironment *self, GAsyncResult *result, GError **error);
PrMailboxList *pr_environment_new_mailbox_list (PrEnvironment *self);
void pr_environment_set_following (PrEnvironment *self, gboolean following);
PrMailbox *pr_environment_new_mailbox (PrEnvironment *self, const char *address);
void pr_environment_save_mailbox_async (PrEnvironment *self,
                                        PrMailbox *mailbox,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data);
gboolean
pr_environment_save_mailbox_finish (PrEnvironment *self, GAsyncResult *result, GError **error);

/**
 * PrMailboxCommand:
 *
 * What can be done to many mailboxes at once without further questions.
 */
typedef enum
{
  PR_MAILBOX_COMMAND_APPROVE,
  PR_MAILBOX_COMMAND_REJECT,
  PR_MAILBOX_COMMAND_ACTIVATE,
  PR_MAILBOX_COMMAND_DEACTIVATE,
  PR_MAILBOX_COMMAND_APPLY_DEFAULTS,
} PrMailboxCommand;

void pr_environment_command_mailboxes_async (PrEnvironment *self,
                                             PrSelection *selection,
                                             PrMailboxCommand command,
                                             GCancellable *cancellable,
                                             GAsyncReadyCallback callback,
                                             gpointer user_data);
void pr_environment_change_mailboxes_async (PrEnvironment *self,
                                            PrSelection *selection,
                                            const PrChange *changes,
                                            guint n_changes,
                                            GCancellable *cancellable,
                                            GAsyncReadyCallback callback,
                                            gpointer user_data);
gboolean pr_environment_change_mailboxes_finish (PrEnvironment *self,
                                                 GAsyncResult *result,
                                                 guint *n_changed,
                                                 GError **error);
void pr_environment_delete_mailboxes_async (PrEnvironment *self,
                                            PrSelection *selection,
                                            GCancellable *cancellable,
                                            GAsyncReadyCallback callback,
                                            gpointer user_data);
gboolean pr_environment_delete_mailboxes_finish (PrEnvironment *self,
                                                 GAsyncResult *result,
                                                 guint *n_deleted,
                                                 GError **error);
void pr_environment_set_mailbox_password_async (PrEnvironment *self,
                                                PrMailbox *mailbox,
                                                PrSecret *secret,
                                                GCancellable *cancellable,
                                                GAsyncReadyCallback callback,
                                                gpointer user_data);
gboolean pr_environment_set_mailbox_password_finish (PrEnvironment *self,
                                                     GAsyncResult *result,
                                                     GError **error);

void pr_environment_set_passwords_async (PrEnvironment *self,
                                         PrSelection *selection,
                                         PrSecret *secret,
                                         GCancellable *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data);
gboolean pr_environment_set_passwords_finish (PrEnvironment *self,
                                              GAsyncResult *result,
                                              guint *n_set,
                                              GError **error);
void pr_environment_load_report_async (PrEnvironment *self,
                                       gint64 mailbox_id,
                                       PrDirection direction,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
PrReport *
pr_environment_load_report_finish (PrEnvironment *self, GAsyncResult *result, GError **error);

/* Alerts. */
void pr_environment_list_alerts_async (PrEnvironment *self,
                                       const PrAlertFilter *filter,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
GPtrArray *
pr_environment_list_alerts_finish (PrEnvironment *self, GAsyncResult *result, GError **error);
void pr_environment_dismiss_alerts_async (PrEnvironment *self,
                                          const PrAlertFilter *filter,
                                          gint64 id,
                                          GCancellable *cancellable,
                                          GAsyncReadyCallback callback,
                                          gpointer user_data);
gboolean pr_environment_dismiss_alerts_finish (PrEnvironment *self,
                                               GAsyncResult *result,
                                               guint *n_dismissed,
                                               GError **error);

void pr_environment_count_alerts_async (PrEnvironment *self,
                                        const PrAlertFilter *filter,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data);
gboolean pr_environment_count_alerts_finish (PrEnvironment *self,
                                             GAsyncResult *result,
                                             PrAlertCounts *counts,
                                             GError **error);
void pr_environment_read_alerts_async (PrEnvironment *self,
                                       const PrAlertFilter *filter,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
gboolean
pr_environment_read_alerts_finish (PrEnvironment *self, GAsyncResult *result, GError **error);

/* Test & Enable. */

/**
 * PrTestHold:
 *
 * A question to the admin: a server refused several log-ins in a row, and more could lock
 * accounts. Until it is answered nothing more is tested on that server.
 */
typedef struct _PrTestHold PrTestHold;

PrTestHold *pr_test_hold_ref (PrTestHold *self);
void pr_test_hold_unref (PrTestHold *self);
void pr_test_hold_answer (PrTestHold *self, gboolean go_on);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrTestHold, pr_test_hold_unref)

/**
 * PrTestEvents:
 * @started: (nullable): the job knows how many tests it has: as many as were queued
 * @progress: (nullable): a mailbox came to a step
 * @report: (nullable): a direction of a mailbox is over and its result is stored
 * @held: (nullable): @host refused several log-ins in a row, the last one as in @cause, and
 *   @n_waiting tests wait for it: answer @hold, now or later. Without this function they are not
 *   run
 * @queued: (nullable): a direction of a mailbox waits for its turn; each that was queued is
 *   reported in the end
 *
 * What a job tells while it runs, a part of it in each turn of the main loop.
 */
typedef struct
{
  void (*started) (PrEnvironment *self, guint n_tests, gpointer user_data);
  void (*progress) (PrEnvironment *self,
                    gint64 mailbox_id,
                    PrDirection direction,
                    PrStep step,
                    gpointer user_data);
  void (*report) (PrEnvironment *self, gint64 mailbox_id, PrReport *report, gpointer user_data);
  void (*held) (PrEnvironment *self,
                const char *host,
                guint n_waiting,
                PrReport *cause,
                PrTestHold *hold,
                gpointer user_data);
  void (*queued) (PrEnvironment *self,
                  gint64 mailbox_id,
                  PrDirection direction,
                  gpointer user_data);
} PrTestEvents;

/**
 * PrTestSummary:
 * @n_skipped: directions that are set to "None"
 * @n_not_run: given up before their turn, because of what others met
 *
 * How many tests of a job ended how.
 */
typedef struct
{
  guint n_success;
  guint n_failure;
  guint n_cancelled;
  guint n_skipped;
  guint n_not_run;
} PrTestSummary;

void pr_environment_test_async (PrEnvironment *self,
                                PrSelection *selection,
                                const PrTestOptions *options,
                                const PrTestEvents *events,
                                gpointer events_data,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
gboolean pr_environment_test_finish (PrEnvironment *self,
                                     GAsyncResult *result,
                                     PrTestSummary *summary,
                                     GError **error);
void pr_environment_test_profile_async (PrEnvironment *self,
                                        PrServerProfile *profile,
                                        const PrTestOptions *options,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data);

/**
 * PrProfileProgress:
 * @direction: of which server
 * @step: the step that its test has come to
 */
typedef void (*PrProfileProgress) (PrDirection direction, PrStep step, gpointer user_data);

void pr_environment_test_form_async (PrEnvironment *self,
                                     PrServerProfile *profile,
                                     PrSecret *const *secrets,
                                     const PrTestOptions *options,
                                     PrProfileProgress progress,
                                     gpointer progress_data,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
GPtrArray *
pr_environment_test_profile_finish (PrEnvironment *self, GAsyncResult *result, GError **error);

G_END_DECLS
