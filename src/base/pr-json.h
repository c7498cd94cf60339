/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PR_JSON_DEPTH_MAX 16    /* what people answer needs 3 */
#define PR_JSON_VALUES_MAX 2048 /* a discovery document has 200 */

/**
 * PrJsonKind:
 *
 * What a value is.
 */
typedef enum
{
  PR_JSON_NULL,
  PR_JSON_BOOLEAN,
  PR_JSON_NUMBER,
  PR_JSON_STRING,
  PR_JSON_ARRAY,
  PR_JSON_OBJECT,
} PrJsonKind;

/**
 * PrJsonValue:
 *
 * A value within a #PrJson, which owns it.
 */
typedef struct _PrJsonValue PrJsonValue;

/**
 * PrJson:
 *
 * A JSON text (RFC 8259) that came from somebody whom we do not trust, as a tree. All of it is
 * wiped at the end, for there may be secrets in it.
 */
typedef struct _PrJson PrJson;

PrJson *pr_json_parse (const char *text, gsize length, char **reason);
void pr_json_free (PrJson *self);
const PrJsonValue *pr_json_get_root (const PrJson *self);

PrJsonKind pr_json_value_get_kind (const PrJsonValue *self);
const char *pr_json_value_get_name (const PrJsonValue *self);
const PrJsonValue *pr_json_value_get_first (const PrJsonValue *self);
const PrJsonValue *pr_json_value_get_next (const PrJsonValue *self);
const PrJsonValue *pr_json_value_find (const PrJsonValue *self, const char *name);
const char *pr_json_value_get_text (const PrJsonValue *self);
gboolean pr_json_value_get_integer (const PrJsonValue *self, gint64 *number);
gboolean pr_json_value_is_true (const PrJsonValue *self);

const char *pr_json_find_text (const PrJson *self, const char *name);
gboolean pr_json_find_integer (const PrJson *self, const char *name, gint64 *number);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrJson, pr_json_free)

G_END_DECLS
