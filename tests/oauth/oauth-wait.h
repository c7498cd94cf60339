/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * TestWait:
 *
 * Waiting for one asynchronous call, with a bound.
 */
typedef struct
{
  GAsyncResult *result;
} TestWait;

void test_wait_ready (GObject *source, GAsyncResult *result, gpointer user_data);
GAsyncResult *test_wait_for (TestWait *self);
void test_wait_clear (TestWait *self);
void test_wait_until (gboolean (*is_done) (gpointer data), gpointer data);
void test_run_for (guint ms);
guint test_count_descriptors (void);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TestWait, test_wait_clear)

G_END_DECLS
