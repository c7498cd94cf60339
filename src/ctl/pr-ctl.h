/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-environment.h"
#include "pr-progress.h"
#include "pr-report-export.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What an option for a number has when it was not given. */
#define PR_CTL_UNSET G_MININT

/* Exit statuses: a contract (docs/command-line.md). */
enum
{
  PR_CTL_OK = 0,
  PR_CTL_FAILED = 1,
  PR_CTL_USAGE = 2,
  PR_CTL_UNABLE = 3,
};

/**
 * PrCtl:
 *
 * One call of postroomctl: the options that every sub-command has, and what it works on.
 */
typedef struct
{
  char *data_dir;
  char *environment_name;
  gboolean json;

  PrEnvironment *environment; /* owned, nullable: opened by pr_ctl_open() */
  PrKeyring *keyring;         /* owned */
  PrProgress *progress;       /* owned */
  GCancellable *cancellable;  /* the same: Ctrl+C */
  guint sigint_id;
  guint sigterm_id;

  gulong progress_id; /* while a command on many mailboxes runs, and there is a terminal */
  gint64 bar_begin;   /* monotonic */
  guint bar_done;
  gboolean bar_shown;
} PrCtl;

/**
 * PrCtlCommand:
 * @arguments: what follows in the usage line
 * @summary: one line for the list of commands
 *
 * A sub-command, such as "mailbox add".
 */
typedef struct
{
  const char *name;
  const char *arguments;
  const char *summary;
  int (*run) (PrCtl *ctl, GOptionContext *context, int argc, char **argv);
} PrCtlCommand;

void pr_ctl_init (PrCtl *self);
void pr_ctl_clear (PrCtl *self);
gboolean pr_ctl_parse (PrCtl *self,
                       GOptionContext *context,
                       const GOptionEntry *entries,
                       int *argc,
                       char ***argv,
                       GError **error);
gboolean pr_ctl_open (PrCtl *self, GError **error);
void pr_ctl_note_left_secrets (PrCtl *self);
int pr_ctl_fail (GError *error);
int pr_ctl_usage (const char *format, ...) G_GNUC_PRINTF (1, 2);

/* Waiting for one asynchronous call. */
typedef struct
{
  GAsyncResult *result;
} PrCtlWait;

void pr_ctl_ready (GObject *source, GAsyncResult *result, gpointer user_data);
GAsyncResult *pr_ctl_wait (PrCtlWait *self);
void pr_ctl_wait_clear (PrCtlWait *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PrCtlWait, pr_ctl_wait_clear)

/* pr-ctl-progress.c */
void pr_ctl_show_bar (guint done, guint total, gint64 *begin);
void pr_ctl_hide_bar (void);
GCancellable *pr_ctl_begin_many (PrCtl *self);
void pr_ctl_end_many (PrCtl *self);
int pr_ctl_fail_many (GError *error);

/* pr-ctl-secret.c */
PrSecret *
pr_ctl_read_secret (const char *file, gboolean from_stdin, const char *prompt, GError **error);

/* pr-ctl-selection.c */
typedef struct
{
  gboolean all;
  char *profile;
  char *view;
} PrCtlSelection;

void pr_ctl_selection_clear (PrCtlSelection *self);
GOptionGroup *pr_ctl_selection_get_group (PrCtlSelection *self);
PrSelection *pr_ctl_selection_make (PrCtlSelection *self,
                                    PrCtl *ctl,
                                    char **addresses,
                                    gboolean all_if_none,
                                    GError **error);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PrCtlSelection, pr_ctl_selection_clear)

/* pr-ctl-record.c: options made from a record's fields. */
typedef struct _PrCtlFields PrCtlFields;

PrCtlFields *pr_ctl_fields_new (PrRecord *record);
void pr_ctl_fields_free (PrCtlFields *self);
void pr_ctl_fields_add_alias (PrCtlFields *self, const char *option, const char *field);
GOptionGroup *pr_ctl_fields_get_group (PrCtlFields *self);
gboolean pr_ctl_fields_apply (PrCtlFields *self, PrRecord *record, GError **error);
GArray *pr_ctl_fields_list_changes (PrCtlFields *self, PrMailbox *sample, GError **error);
guint pr_ctl_fields_get_n_given (PrCtlFields *self);
gboolean pr_ctl_fields_is_given (PrCtlFields *self, const char *field);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrCtlFields, pr_ctl_fields_free)

/* pr-ctl-list.c */
typedef struct
{
  const char *const *columns; /* (nullable) */
  guint n_columns;
  glong *widths; /* of them */
  gboolean json;
  guint n;       /* were added */
  GString *text; /* not printed yet */
} PrCtlList;

void pr_ctl_list_init (PrCtlList *self, PrCtl *ctl, const char *const *columns);
void pr_ctl_list_clear (PrCtlList *self);
gboolean pr_ctl_list_is_measured (PrCtlList *self);
void pr_ctl_list_measure (PrCtlList *self, PrRecord *record);
void pr_ctl_list_add (PrCtlList *self, PrRecord *record);
void pr_ctl_list_add_json (PrCtlList *self, JsonNode *node);
void pr_ctl_list_end (PrCtlList *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PrCtlList, pr_ctl_list_clear)

/* pr-ctl-output.c */
void pr_ctl_print_json (JsonNode *node);
void pr_ctl_print_done (PrCtl *ctl, const char *what, guint n, const char *format, ...)
    G_GNUC_PRINTF (4, 5);
void pr_ctl_print_records (PrCtl *ctl, GPtrArray *records, const char *const *columns);
void pr_ctl_print_record (PrCtl *ctl, PrRecord *record);
JsonNode *pr_ctl_record_to_json (PrRecord *record);
void pr_ctl_print_report (const PrReport *report, gboolean transcript);
void pr_ctl_print_report_line (const PrReport *report);
void pr_ctl_gather_begin (void);
void pr_ctl_gather_end (void);
void pr_ctl_flush (void);

/* pr-ctl-report.c: in which form reports are printed. */
typedef struct
{
  char *format;
  char *file;
  PrExportFormat kind;
  gboolean anonymous;
  gboolean transcript;
  gboolean nagios;
} PrCtlOutput;

void pr_ctl_output_clear (PrCtlOutput *self);
GOptionGroup *pr_ctl_output_get_group (PrCtlOutput *self);
gboolean pr_ctl_output_check (PrCtlOutput *self, PrCtl *ctl, GError **error);
gboolean pr_ctl_output_collects (const PrCtlOutput *self);
gboolean pr_ctl_output_lists (const PrCtlOutput *self);
gboolean
pr_ctl_print_reports (const PrCtlOutput *self, PrCtl *ctl, GPtrArray *reports, GError **error);
void pr_ctl_list_report (PrCtlList *list, const PrCtlOutput *self, PrReport *report);
void pr_ctl_print_json_object (const PrCtlOutput *self, PrReport *report);
void pr_ctl_print_json_line (const PrCtlOutput *self, PrReport *report);
void pr_ctl_print_nagios (GPtrArray *reports, gint64 elapsed_us);
int pr_ctl_get_nagios_status (GPtrArray *reports);
int pr_ctl_fail_nagios (GError *error);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PrCtlOutput, pr_ctl_output_clear)

/* pr-ctl-test-options.c */
typedef struct
{
  gboolean incoming;
  gboolean outgoing;
  gboolean no_send;
  char *verify;
  gboolean json_lines;
  gboolean keep_going;
  int jobs;
  PrCtlOutput output;
} PrCtlTestOptions;

void pr_ctl_test_options_clear (PrCtlTestOptions *self);
gboolean pr_ctl_test_options_parse (PrCtlTestOptions *self,
                                    PrCtl *ctl,
                                    GOptionContext *context,
                                    int *argc,
                                    char ***argv,
                                    PrTestOptions *options,
                                    GError **error);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PrCtlTestOptions, pr_ctl_test_options_clear)

/* pr-ctl-mailbox.c */
gboolean pr_ctl_set_profile (PrCtl *ctl, PrMailbox *mailbox, const char *name, GError **error);
gboolean pr_ctl_save_mailbox (PrCtl *ctl, PrMailbox *mailbox, GError **error);
PrMailbox *pr_ctl_find_mailbox (PrCtl *ctl, const char *address, GError **error);
void pr_ctl_print_n_changed (PrCtl *ctl, guint n);

/* The commands. */
int pr_ctl_mailbox_test (PrCtl *ctl, GOptionContext *context, int argc, char **argv);
int pr_ctl_profile_test_mailboxes (PrCtl *ctl, GOptionContext *context, int argc, char **argv);
int pr_ctl_run_due (PrCtl *ctl, GOptionContext *context, int argc, char **argv);
int pr_ctl_watch (PrCtl *ctl, GOptionContext *context, int argc, char **argv);
int pr_ctl_demo (PrCtl *ctl, GOptionContext *context, int argc, char **argv);
int pr_ctl_mailbox_edit (PrCtl *ctl, GOptionContext *context, int argc, char **argv);
int pr_ctl_mailbox_import (PrCtl *ctl, GOptionContext *context, int argc, char **argv);
int pr_ctl_mailbox_export (PrCtl *ctl, GOptionContext *context, int argc, char **argv);
int pr_ctl_mailbox_sign_in (PrCtl *ctl, GOptionContext *context, int argc, char **argv);
int pr_ctl_mailbox_sign_out (PrCtl *ctl, GOptionContext *context, int argc, char **argv);
int pr_ctl_profile_set_oauth_client (PrCtl *ctl, GOptionContext *context, int argc, char **argv);
int pr_ctl_profile_oauth_guide (PrCtl *ctl, GOptionContext *context, int argc, char **argv);
int pr_ctl_check (PrCtl *ctl, GOptionContext *context, int argc, char **argv);
extern const PrCtlCommand pr_ctl_profile_commands[];
extern const PrCtlCommand pr_ctl_mailbox_commands[];
extern const PrCtlCommand pr_ctl_settings_commands[];
extern const PrCtlCommand pr_ctl_alert_commands[];
extern const PrCtlCommand pr_ctl_environment_commands[];

G_END_DECLS
