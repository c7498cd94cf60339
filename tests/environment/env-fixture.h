/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-environment.h"

G_BEGIN_DECLS

/**
 * PrEnvFixture:
 * @data_dir: a folder of its own, removed at the end
 * @keyring: one that ends with the test
 * @environment: (nullable): opened by env_fixture_init() or env_fixture_open()
 *
 * An environment to give commands in. Each function below gives one and waits for its end, in the
 * main loop, for a bounded time.
 */
typedef struct
{
  char *data_dir;
  PrKeyring *keyring;
  PrEnvironment *environment;
} PrEnvFixture;

void env_fixture_init_folder (PrEnvFixture *self);
void env_fixture_init (PrEnvFixture *self);
void env_fixture_clear (PrEnvFixture *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PrEnvFixture, env_fixture_clear)

PrEnvironment *env_open (PrEnvFixture *self, const char *name, GError **error);
void env_fixture_open (PrEnvFixture *self);
void env_fixture_close (PrEnvFixture *self);
void env_fixture_settle (PrEnvFixture *self);

/* Writes to a database behind everybody's back. */
void env_run_sql (const char *path, const char *sql);

/* Records are filled by names and words, as a form or the command line does. */
void env_set (gpointer record, const char *name, const char *value);
char *env_get (gpointer record, const char *name);

PrServerProfile *env_new_profile (const char *name);
gboolean env_save_profile (PrEnvFixture *self, PrServerProfile *profile, GError **error);
PrServerProfile *env_add_profile (PrEnvFixture *self, const char *name);
gboolean env_delete_profile (PrEnvFixture *self, PrServerProfile *profile, GError **error);
gboolean env_set_profile_password (PrEnvFixture *self,
                                   PrServerProfile *profile,
                                   PrDirection direction,
                                   const char *password,
                                   GError **error);

gboolean env_save_settings (PrEnvFixture *self, PrEmailSettings *settings, GError **error);
void env_set_setting (PrEnvFixture *self, const char *name, const char *value);

gboolean env_save_mailbox (PrEnvFixture *self, PrMailbox *mailbox, GError **error);
PrMailbox *env_add_mailbox (PrEnvFixture *self, const char *address, ...) G_GNUC_NULL_TERMINATED;
GPtrArray *env_list (PrEnvFixture *self, PrSelection *selection, GError **error);
PrMailbox *env_find_mailbox (PrEnvFixture *self, const char *address);
char *env_get_field (PrEnvFixture *self, const char *address, const char *field);
gboolean env_change (PrEnvFixture *self,
                     PrSelection *selection,
                     const PrChange *changes,
                     guint n_changes,
                     guint *n_changed,
                     GError **error);
gboolean env_command (PrEnvFixture *self,
                      PrSelection *selection,
                      PrMailboxCommand command,
                      guint *n_changed,
                      GError **error);
gboolean env_delete (PrEnvFixture *self, PrSelection *selection, guint *n_deleted, GError **error);
gboolean env_set_mailbox_password (PrEnvFixture *self,
                                   PrMailbox *mailbox,
                                   const char *password,
                                   GError **error);
PrSelection *env_select (const char *address);

GPtrArray *env_list_alerts (PrEnvFixture *self, const PrAlertFilter *filter);

/* A wait for one answer: the callback, and the loop. */
typedef struct
{
  GAsyncResult *result;
} PrEnvWait;

void env_ready (GObject *source, GAsyncResult *result, gpointer user_data);
GAsyncResult *env_wait (PrEnvWait *self);
void env_wait_clear (PrEnvWait *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PrEnvWait, env_wait_clear)

/* That a command failed as it must: with that code, naming the field. */
#define env_assert_refused(ERROR, CODE, FIELD)                                                     \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_assert_error ((ERROR), PR_ERROR, (CODE));                                                    \
    g_assert_cmpstr (pr_error_get_field (ERROR), ==, (FIELD));                                     \
  }                                                                                                \
  G_STMT_END

G_END_DECLS
