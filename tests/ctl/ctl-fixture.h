/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * PrCtlRun:
 * @status: exit status; -1: it was ended by a signal
 *
 * What one call of the real postroomctl came to.
 */
typedef struct
{
  int status;
  char *out;
  char *err;
} PrCtlRun;

void ctl_run_clear (PrCtlRun *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PrCtlRun, ctl_run_clear)

/**
 * PrCtlFixture:
 *
 * @as_nobody: run it as somebody who owns nothing; only root can
 *
 * A data folder of its own, and postroomctl on it: without a bus, so without a keyring.
 */
typedef struct
{
  char *folder;
  char *data_dir;
  gboolean as_nobody;
} PrCtlFixture;

void ctl_fixture_init (PrCtlFixture *self);
void ctl_fixture_clear (PrCtlFixture *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PrCtlFixture, ctl_fixture_clear)

void ctl_run_argv (PrCtlFixture *self, char **arguments, const char *input, PrCtlRun *run);
void ctl_run (PrCtlFixture *self, const char *arguments, const char *input, PrCtlRun *run);
void ctl_expect (PrCtlFixture *self,
                 const char *arguments,
                 int status,
                 const char *in_out,
                 const char *in_err);
void ctl_ok (PrCtlFixture *self, const char *arguments);
JsonNode *ctl_json (PrCtlFixture *self, const char *arguments, int status);
char *ctl_get_database (PrCtlFixture *self);

G_END_DECLS
