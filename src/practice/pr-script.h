/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-code.h"

#include "pr-script-line.h"

G_BEGIN_DECLS

/* The password of a script that names none: distinctive in its raw form and in every encoding,
 * so that a test can look for it everywhere. */
#define PR_SCRIPT_USER "user@practice.example"
#define PR_SCRIPT_PASSWORD "c4nary/Wq7+Zz&9%k"

/**
 * PrScriptProbe:
 * @PR_SCRIPT_PROBE_SILENT: it is accepted, and nothing is said
 * @PR_SCRIPT_PROBE_TLS: it speaks TLS at once
 * @PR_SCRIPT_PROBE_PLAIN: it is greeted in clear
 * @PR_SCRIPT_PROBE_REFUSE: nothing listens any more
 *
 * How any connection after the first is served, while the script goes on on the first.
 */
typedef enum
{
  PR_SCRIPT_PROBE_SILENT,
  PR_SCRIPT_PROBE_TLS,
  PR_SCRIPT_PROBE_PLAIN,
  PR_SCRIPT_PROBE_REFUSE,
} PrScriptProbe;

/**
 * PrScript:
 * @name: the file, for messages
 * @user: (nullable): the client has no user name
 * @password: (nullable): the client has no password
 * @trust_ca: whether the client trusts the test authority
 * @polling_s: how often the client is going to ask; 0: nobody knows
 * @pin: (nullable): the kind of certificate that the client has pinned
 * @connections: how many connections there must be; 0: any number
 * @expect_code: how the conversation must end
 * @expect_step: where, unless that is %PR_CODE_OK
 * @checks: (element-type utf8 utf8): what else must be in the client's report
 * @lines: (element-type PrScriptLine): the conversation
 *
 * A conversation on paper: how the client is set up, what both sides say, and how it must end.
 * tests/data/scripts/README.md describes the file. Immutable once made: any thread.
 */
typedef struct
{
  char *name;
  char *cites;

  PrProtocol protocol;
  PrSecurity security;
  PrMechanism auth;
  PrAuthentication authentication;
  PrSubmit submit;
  PrTlsVersion min_tls;
  PrScriptProbe probe;
  char *host;
  char *user;
  char *password;
  char *address;
  gboolean allow_unencrypted;
  gboolean trust_ca;
  gint64 timeout_s;
  gint64 total_timeout_s;
  gint64 connections;
  gint64 polling_s;
  char *pin;

  PrCode expect_code;
  PrStep expect_step;
  GHashTable *checks;
  GPtrArray *lines;
} PrScript;

PrScript *pr_script_new_from_text (const char *text, const char *name, GError **error);
PrScript *pr_script_new_from_file (const char *path, GError **error);
void pr_script_free (PrScript *self);
const char *pr_script_get_check (const PrScript *self, const char *key);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrScript, pr_script_free)

G_END_DECLS
