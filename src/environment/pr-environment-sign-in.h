/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-environment.h"
#include "pr-oauth-error.h"

G_BEGIN_DECLS

/**
 * PrSignInFlow:
 * @PR_SIGN_IN_BROWSER: in the web browser of this computer
 * @PR_SIGN_IN_DEVICE: in any browser, with a code to type; not every provider has it
 *
 * How a person signs in.
 */
typedef enum
{
  PR_SIGN_IN_BROWSER,
  PR_SIGN_IN_DEVICE,
} PrSignInFlow;

/**
 * PrSignInEvents:
 * @begin: (nullable): it is @mailbox's turn, number @i of @n
 * @open_url: the person's browser has to open @url, or the person has to be told to
 * @show_code: (nullable): the person has to open @url anywhere and to type @code within
 *   @expires_s seconds; needed for %PR_SIGN_IN_DEVICE
 * @finished: (nullable): @mailbox is signed in, or @error says why not
 *
 * What a sign-in tells while it goes on. The one that is asked to open @url waits for the person
 * for ten minutes.
 */
typedef struct
{
  void (*begin) (PrEnvironment *self, PrMailbox *mailbox, guint i, guint n, gpointer user_data);
  void (*open_url) (PrEnvironment *self, PrMailbox *mailbox, const char *url, gpointer user_data);
  void (*show_code) (PrEnvironment *self,
                     PrMailbox *mailbox,
                     const char *url,
                     const char *code,
                     guint expires_s,
                     gpointer user_data);
  void (*finished) (PrEnvironment *self,
                    PrMailbox *mailbox,
                    const GError *error,
                    gpointer user_data);
} PrSignInEvents;

/**
 * PrSignInSummary:
 *
 * How many sign-ins of a queue ended how.
 */
typedef struct
{
  guint n_success;
  guint n_failure;
  guint n_skipped;
} PrSignInSummary;

gboolean pr_environment_can_sign_in (PrEnvironment *self, PrMailbox *mailbox, GError **error);
gboolean pr_environment_needs_sign_in (PrEnvironment *self, PrMailbox *mailbox);

void pr_environment_sign_in_async (PrEnvironment *self,
                                   PrMailbox *mailbox,
                                   PrSignInFlow flow,
                                   const PrSignInEvents *events,
                                   gpointer events_data,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
gboolean pr_environment_sign_in_finish (PrEnvironment *self, GAsyncResult *result, GError **error);

void pr_environment_sign_in_many_async (PrEnvironment *self,
                                        PrSelection *selection,
                                        gboolean only_needed,
                                        PrSignInFlow flow,
                                        const PrSignInEvents *events,
                                        gpointer events_data,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data);
gboolean pr_environment_sign_in_many_finish (PrEnvironment *self,
                                             GAsyncResult *result,
                                             PrSignInSummary *summary,
                                             GError **error);

void pr_environment_sign_out_async (PrEnvironment *self,
                                    PrSelection *selection,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
gboolean pr_environment_sign_out_finish (PrEnvironment *self,
                                         GAsyncResult *result,
                                         guint *n_signed_out,
                                         GError **error);

void pr_environment_set_oauth_client_async (PrEnvironment *self,
                                            PrServerProfile *profile,
                                            const char *client_id,
                                            PrSecret *secret,
                                            GCancellable *cancellable,
                                            GAsyncReadyCallback callback,
                                            gpointer user_data);
void pr_environment_set_oauth_client_file_async (PrEnvironment *self,
                                                 PrServerProfile *profile,
                                                 PrSecret *file,
                                                 GCancellable *cancellable,
                                                 GAsyncReadyCallback callback,
                                                 gpointer user_data);
void pr_environment_set_service_account_async (PrEnvironment *self,
                                               PrServerProfile *profile,
                                               PrSecret *key_file,
                                               GCancellable *cancellable,
                                               GAsyncReadyCallback callback,
                                               gpointer user_data);
gboolean
pr_environment_set_oauth_client_finish (PrEnvironment *self, GAsyncResult *result, GError **error);

gboolean pr_environment_is_refreshing (PrEnvironment *self);

G_END_DECLS
