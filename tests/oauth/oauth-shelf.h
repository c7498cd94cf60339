/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-oauth-storage.h"
#include "pr-oauth-token.h"

G_BEGIN_DECLS

/**
 * TestShelf:
 *
 * A storage for tokens in memory, which answers later, remembers in which order it was asked, and
 * fails when it is told to.
 */
#define TEST_TYPE_SHELF (test_shelf_get_type ())
G_DECLARE_FINAL_TYPE (TestShelf, test_shelf, TEST, SHELF, GObject)

TestShelf *test_shelf_new (void);
void test_shelf_put (TestShelf *self, const char *key, PrOauthToken *token);
PrOauthToken *test_shelf_get (TestShelf *self, const char *key);
void test_shelf_fail_stores (TestShelf *self, guint n);
const char *test_shelf_get_log (TestShelf *self);
void test_shelf_clear_log (TestShelf *self);
gboolean test_shelf_is_locked (TestShelf *self);

G_END_DECLS
