/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How many alerts there are and which of them somebody has seen, and a wall that is read in
 * pages. */

#include "store-fixture.h"

#include <sqlite3.h>

static void
add_alerts (PrStoreFixture *fixture)
{
  sqlite3 *handle = NULL;
  char *message = NULL;

  g_assert_cmpint (sqlite3_open (fixture->path, &handle), ==, SQLITE_OK);
  sqlite3_exec (handle,
                "WITH RECURSIVE i (v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM i WHERE v < 100)"
                "INSERT INTO alerts (severity, code, direction, step, mailbox_id, profile_id,"
                " for_owner, facts, state, unread, first_seen, last_seen)"
                " SELECT CASE v % 4 WHEN 0 THEN 'warning' WHEN 1 THEN 'information'"
                " ELSE 'error' END, 'code-' || v, '', '', 1, 1, 'Ada', '{}',"
                " CASE WHEN v > 90 THEN 'dismissed' ELSE 'open' END, v % 3 = 0, v, v FROM i",
                NULL, NULL, &message);
  g_assert_cmpstr (message, ==, NULL);
  g_assert_cmpint (sqlite3_close (handle), ==, SQLITE_OK);
}

static PrAlertCounts
count (PrStore *store, const PrAlertFilter *filter)
{
  g_auto (PrStoreWait) wait = { 0 };
  PrAlertCounts counts = { 0 };
  GError *error = NULL;

  pr_store_count_alerts_async (store, filter, NULL, store_ready, &wait);
  pr_store_count_alerts_finish (store, store_wait (&wait), &counts, &error);
  g_assert_no_error (error);
  return counts;
}

static void
read_alerts (PrStore *store, const PrAlertFilter *filter)
{
  g_auto (PrStoreWait) wait = { 0 };
  GError *error = NULL;

  pr_store_read_alerts_async (store, filter, NULL, store_ready, &wait);
  g_assert_true (pr_store_read_alerts_finish (store, store_wait (&wait), &error));
  g_assert_no_error (error);
}

static void
test_counts (void)
{
  g_auto (PrStoreFixture) fixture;
  const PrAlertFilter open_ones = { .severity = -1 };
  const PrAlertFilter all = { .severity = -1, .history = TRUE };
  const PrAlertFilter errors = { .severity = PR_SEVERITY_ERROR };
  PrAlertCounts counts;

  store_fixture_init (&fixture);
  g_assert_cmpuint (count (fixture.store, &open_ones).n, ==, 0);
  store_add_profile (fixture.store, "first");
  store_add_mailbox (fixture.store, "a@example.org", NULL);
  add_alerts (&fixture);
  counts = count (fixture.store, &open_ones);
  g_assert_cmpuint (counts.n, ==, 90);
  g_assert_cmpuint (counts.n_unread, ==, 30);
  g_assert_cmpuint (counts.n_severity[PR_SEVERITY_WARNING], ==, 22);
  g_assert_cmpuint (counts.n_severity[PR_SEVERITY_INFORMATION], ==, 23);
  g_assert_cmpuint (counts.n_severity[PR_SEVERITY_ERROR], ==, 45);
  g_assert_cmpuint (count (fixture.store, &all).n, ==, 100);
  g_assert_cmpuint (count (fixture.store, &errors).n, ==, 45);
  read_alerts (fixture.store, &errors);
  counts = count (fixture.store, &open_ones);
  g_assert_cmpuint (counts.n, ==, 90);
  g_assert_cmpuint (counts.n_unread, >, 0);
  g_assert_cmpuint (count (fixture.store, &errors).n_unread, ==, 0);
  read_alerts (fixture.store, &open_ones);
  g_assert_cmpuint (count (fixture.store, &open_ones).n_unread, ==, 0);
}

static void
test_pages (void)
{
  g_auto (PrStoreFixture) fixture;
  PrAlertFilter filter = { .severity = -1, .limit = 40 };
  guint n = 0;

  store_fixture_init (&fixture);
  store_add_profile (fixture.store, "first");
  store_add_mailbox (fixture.store, "a@example.org", NULL);
  add_alerts (&fixture);
  for (filter.offset = 0; filter.offset < 120; filter.offset += filter.limit)
    {
      g_autoptr (GPtrArray) page = store_list_alerts (fixture.store, &filter);

      for (guint i = 0; i < page->len; i++)
        g_assert_cmpint (pr_alert_get (PR_ALERT (g_ptr_array_index (page, i)), LAST_SEEN), ==,
                         90 - (gint64) n++);
    }
  g_assert_cmpuint (n, ==, 90);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/alerts/counts", test_counts);
  g_test_add_func ("/alerts/pages", test_pages);
  return g_test_run ();
}
