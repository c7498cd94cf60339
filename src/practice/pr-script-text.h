/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PrScriptError:
 * @PR_SCRIPT_ERROR_READ: a script cannot be read
 * @PR_SCRIPT_ERROR_SYNTAX: a script is wrong; the message names file and line
 * @PR_SCRIPT_ERROR_SYSTEM: this computer refuses (no socket, no thread, no memory)
 * @PR_SCRIPT_ERROR_GONE: the client is gone
 * @PR_SCRIPT_ERROR_STOPPED: the server was told to stop
 * @PR_SCRIPT_ERROR_TIMEOUT: the client did nothing for too long
 * @PR_SCRIPT_ERROR_DEVIATION: the client did not what the script says
 *
 * Why a scripted server could not be made, or how a client deviated from the script.
 */
typedef enum
{
  PR_SCRIPT_ERROR_READ,
  PR_SCRIPT_ERROR_SYNTAX,
  PR_SCRIPT_ERROR_SYSTEM,
  PR_SCRIPT_ERROR_GONE,
  PR_SCRIPT_ERROR_STOPPED,
  PR_SCRIPT_ERROR_TIMEOUT,
  PR_SCRIPT_ERROR_DEVIATION,
} PrScriptError;

#define PR_SCRIPT_ERROR (pr_script_error_quark ())
GQuark pr_script_error_quark (void);

/**
 * PrScriptWords:
 * @user: (nullable): what "{user}" stands for
 * @password: (nullable): what "{password}" stands for
 * @host: (nullable): what "{host}" stands for
 * @address: (nullable): what "{address}" stands for
 *
 * What the macros of a script stand for. Borrowed.
 */
typedef struct
{
  const char *user;
  const char *password;
  const char *host;
  const char *address;
} PrScriptWords;

GString *pr_script_text_expand (const char *text,
                                const PrScriptWords *words,
                                gboolean many_lines,
                                GError **error);

G_END_DECLS
