/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

void pr_answer_watch (GTask *task);
void pr_answer_unwatch (GTask *task);
gboolean pr_answer_is_given (GTask *task);
void pr_answer_error (GTask *task, GError *error);
void pr_answer_pointer (GTask *task, gpointer value, GDestroyNotify free_value);
void pr_answer_boolean (GTask *task, gboolean value);

G_END_DECLS
