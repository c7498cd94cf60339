/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-secret.h"

G_BEGIN_DECLS

#define PR_LOOPBACK_REQUEST_MAX 8192 /* bytes of request line and headers */

/**
 * PrLoopbackVerdict:
 * @PR_LOOPBACK_MORE: it has not ended yet
 * @PR_LOOPBACK_REFUSED: it is not for us, or malformed: 404, whatever it was
 * @PR_LOOPBACK_TAKEN: a GET of our path on our host
 *
 * What became of a request.
 */
typedef enum
{
  PR_LOOPBACK_MORE,
  PR_LOOPBACK_REFUSED,
  PR_LOOPBACK_TAKEN,
} PrLoopbackVerdict;

/**
 * PrLoopbackAnswer:
 * @code: (nullable): the authorization code
 * @error: (nullable): instead of a code (RFC 6749 section 4.1.2.1)
 * @state: (nullable): which sign-in it belongs to
 * @issuer: (nullable): who answers (RFC 9207)
 *
 * What the browser brought.
 */
typedef struct
{
  PrSecret *code;
  char *error;
  char *state;
  char *issuer;
} PrLoopbackAnswer;

PrLoopbackVerdict pr_loopback_request_read (const char *bytes,
                                            gsize n,
                                            const char *host,
                                            const char *path,
                                            PrLoopbackAnswer **answer);
void pr_loopback_answer_free (PrLoopbackAnswer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrLoopbackAnswer, pr_loopback_answer_free)

G_END_DECLS
