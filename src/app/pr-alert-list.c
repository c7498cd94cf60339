/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrAlertList: reads a page of alerts, makes a few rows in each turn of the main loop, and reads
 * again, not too often, when alerts were written. Rows stay while their alerts do, so details that
 * somebody reads do not close under their eyes. Main thread. */

#include "pr-alert-list.h"

#include "pr-alert-mender.h"
#include "pr-alert-row.h"
#include "pr-links.h"
#include "pr-window.h"

#include <glib/gi18n.h>

#define PAGE 25
#define ROWS_PER_TURN 5
#define REFRESH_MS 300       /* after a change */
#define REFRESH_BUSY_MS 2000 /* while a job writes one after the other */

struct _PrAlertList
{
  AdwBin parent_instance;

  /* Borrowed children */
  GtkListBox *box;
  GtkButton *more_button;

  /* Owned */
  PrEnvironment *environment;
  PrAlertFilter filter; /* its strings are owned */
  GPtrArray *alerts;    /* of PrAlert: what was read */
  GHashTable *rows;     /* id → PrAlertRow, borrowed */
  GCancellable *cancellable;
  GError *error;

  PrAlertCounts counts;
  guint n_wanted;
  guint n_made; /* rows of @alerts that are there */
  guint make_source;
  guint refresh_source;
  gint64 read_at; /* monotonic */
  gboolean loaded;
};

G_DEFINE_FINAL_TYPE (PrAlertList, pr_alert_list, ADW_TYPE_BIN)

enum
{
  SIGNAL_COUNTED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static gint64
get_id (PrAlert *alert)
{
  return pr_record_get_id (PR_RECORD (alert));
}

static void
clear_filter (PrAlertFilter *filter)
{
  g_free ((char *) filter->owner);
  g_free ((char *) filter->text);
  *filter = (PrAlertFilter){ .severity = -1 };
}

/* --- Commands --------------------------------------------------------------------------------- */

static void
on_fix (PrAlertList *self, PrAlertRow *row)
{
  g_assert (PR_IS_ALERT_LIST (self));

  pr_alert_mend (GTK_WIDGET (self), self->environment, pr_alert_row_get_alert (row));
}

static void
on_dismissed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrAlertList) self = user_data;
  g_autoptr (GError) error = NULL;
  guint n;

  if (!pr_environment_dismiss_alerts_finish (PR_ENVIRONMENT (source), result, &n, &error)
      && gtk_widget_get_ancestor (GTK_WIDGET (self), PR_TYPE_WINDOW) != NULL)
    pr_window_show_error (PR_WINDOW (gtk_widget_get_ancestor (GTK_WIDGET (self), PR_TYPE_WINDOW)),
                          _ ("The Alert Could Not Be Dismissed"), error);
  pr_alert_list_refresh (self);
}

static void
on_dismiss (PrAlertList *self, PrAlertRow *row)
{
  static const PrAlertFilter any = { .severity = -1 };

  g_assert (PR_IS_ALERT_LIST (self));

  pr_environment_dismiss_alerts_async (self->environment, &any,
                                       get_id (pr_alert_row_get_alert (row)), NULL, on_dismissed,
                                       g_object_ref (self));
}

static void
on_link (PrAlertList *self, const char *uri)
{
  g_assert (PR_IS_ALERT_LIST (self));

  pr_link_open (GTK_WIDGET (self), uri);
}

/* --- Rows ------------------------------------------------------------------------------------- */

static PrAlertRow *
make_row (PrAlertList *self, PrAlert *alert)
{
  PrAlertRow *row = pr_alert_row_new (self->environment, alert);

  g_signal_connect_object (row, "fix", G_CALLBACK (on_fix), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "dismiss", G_CALLBACK (on_dismiss), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "link", G_CALLBACK (on_link), self, G_CONNECT_SWAPPED);
  return row;
}

static void
remove_row (PrAlertList *self, PrAlertRow *row)
{
  gint64 id = get_id (pr_alert_row_get_alert (row));

  gtk_list_box_remove (self->box, GTK_WIDGET (row));
  g_hash_table_remove (self->rows, &id);
}

/* Puts the row of the alert at @position there, a new one or the one that it has. */
static void
place_row (PrAlertList *self, guint position)
{
  PrAlert *alert = g_ptr_array_index (self->alerts, position);
  gint64 id = get_id (alert);
  GtkListBoxRow *there = gtk_list_box_get_row_at_index (self->box, (int) position);
  PrAlertRow *row = g_hash_table_lookup (self->rows, &id);

  if (row == NULL)
    {
      row = make_row (self, alert);
      g_hash_table_insert (self->rows, g_memdup2 (&id, sizeof id), row);
      gtk_list_box_insert (self->box, GTK_WIDGET (row), (int) position);
      return;
    }
  pr_alert_row_set_alert (row, alert);
  if (there == GTK_LIST_BOX_ROW (row))
    return;
  g_object_ref (row);
  gtk_list_box_remove (self->box, GTK_WIDGET (row));
  gtk_list_box_insert (self->box, GTK_WIDGET (row), (int) position);
  g_object_unref (row);
}

static void
end_making (PrAlertList *self)
{
  GtkListBoxRow *row;

  /* What is left over has no alert any more. */
  while ((row = gtk_list_box_get_row_at_index (self->box, (int) self->alerts->len)) != NULL)
    remove_row (self, PR_ALERT_ROW (row));
  gtk_widget_set_visible (GTK_WIDGET (self->more_button), self->alerts->len < self->counts.n);
}

static gboolean
on_make (gpointer user_data)
{
  PrAlertList *self = user_data;

  for (guint i = 0; i < ROWS_PER_TURN && self->n_made < self->alerts->len; i++)
    place_row (self, self->n_made++);
  if (self->n_made < self->alerts->len)
    return G_SOURCE_CONTINUE;
  self->make_source = 0;
  end_making (self);
  return G_SOURCE_REMOVE;
}

static void
make_rows (PrAlertList *self)
{
  self->n_made = 0;
  if (self->make_source == 0 && on_make (self) == G_SOURCE_CONTINUE)
    self->make_source = g_idle_add (on_make, self);
}

/* --- Reading ---------------------------------------------------------------------------------- */

static void
end_reading (PrAlertList *self, GError *error)
{
  g_clear_error (&self->error);
  self->error = error;
  self->loaded = TRUE;
  self->read_at = g_get_monotonic_time ();
  g_signal_emit (self, signals[SIGNAL_COUNTED], 0);
}

static void
on_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrAlertList) self = user_data;
  GError *error = NULL;
  g_autoptr (GPtrArray) alerts =
      pr_environment_list_alerts_finish (PR_ENVIRONMENT (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_error_free (error);
      return;
    }
  g_clear_object (&self->cancellable);
  if (alerts != NULL)
    {
      g_clear_pointer (&self->alerts, g_ptr_array_unref);
      self->alerts = g_steal_pointer (&alerts);
      make_rows (self);
    }
  end_reading (self, error);
}

static void
on_counted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrAlertList) self = user_data;
  PrAlertCounts counts = { 0 };
  PrAlertFilter page = self->filter;
  GError *error = NULL;

  if (!pr_environment_count_alerts_finish (PR_ENVIRONMENT (source), result, &counts, &error))
    {
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        {
          g_error_free (error);
          return;
        }
      g_clear_object (&self->cancellable);
      end_reading (self, error);
      return;
    }
  self->counts = counts;
  page.limit = self->n_wanted;
  pr_environment_list_alerts_async (PR_ENVIRONMENT (source), &page, self->cancellable, on_listed,
                                    g_object_ref (self));
}

/**
 * pr_alert_list_refresh:
 * @self: a list
 *
 * Reads the alerts again.
 */
void
pr_alert_list_refresh (PrAlertList *self)
{
  g_return_if_fail (PR_IS_ALERT_LIST (self));

  g_clear_handle_id (&self->refresh_source, g_source_remove);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->environment == NULL)
    return;
  self->cancellable = g_cancellable_new ();
  pr_environment_count_alerts_async (self->environment, &self->filter, self->cancellable,
                                     on_counted, g_object_ref (self));
}

static gboolean
on_refresh (gpointer user_data)
{
  PrAlertList *self = user_data;

  self->refresh_source = 0;
  pr_alert_list_refresh (self);
  return G_SOURCE_REMOVE;
}

static void
on_stored (PrAlertList *self, guint changed)
{
  gboolean busy = g_get_monotonic_time () - self->read_at < REFRESH_BUSY_MS * 1000;

  g_assert (PR_IS_ALERT_LIST (self));

  if ((changed & (PR_STORE_CHANGED_ALERTS | PR_STORE_CHANGED_MEMBERS | PR_STORE_CHANGED_PROFILES))
          == 0
      || self->refresh_source != 0)
    return;
  self->refresh_source = g_timeout_add (busy ? REFRESH_BUSY_MS : REFRESH_MS, on_refresh, self);
}

static void
on_more (PrAlertList *self)
{
  g_assert (PR_IS_ALERT_LIST (self));

  self->n_wanted += PAGE;
  pr_alert_list_refresh (self);
}

/* --- The object ------------------------------------------------------------------------------- */

static void
forget (PrAlertList *self)
{
  g_clear_handle_id (&self->make_source, g_source_remove);
  g_clear_handle_id (&self->refresh_source, g_source_remove);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->environment != NULL)
    g_signal_handlers_disconnect_by_data (self->environment, self);
  g_clear_object (&self->environment);
  g_clear_pointer (&self->alerts, g_ptr_array_unref);
  g_clear_error (&self->error);
  self->loaded = FALSE;
  self->counts = (PrAlertCounts){ 0 };
}

static void
pr_alert_list_dispose (GObject *object)
{
  PrAlertList *self = PR_ALERT_LIST (object);

  forget (self);
  clear_filter (&self->filter);
  g_clear_pointer (&self->rows, g_hash_table_unref);
  G_OBJECT_CLASS (pr_alert_list_parent_class)->dispose (object);
}

static void
pr_alert_list_class_init (PrAlertListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pr_alert_list_dispose;

  signals[SIGNAL_COUNTED] = g_signal_new ("counted", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
pr_alert_list_init (PrAlertList *self)
{
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  self->filter.severity = -1;
  self->rows = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->box = GTK_LIST_BOX (gtk_list_box_new ());
  self->more_button = GTK_BUTTON (gtk_button_new_with_mnemonic (_ ("Show _More")));
  gtk_list_box_set_selection_mode (self->box, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->box), "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->box), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Alerts"), -1);
  gtk_widget_set_halign (GTK_WIDGET (self->more_button), GTK_ALIGN_CENTER);
  gtk_widget_hide (GTK_WIDGET (self->more_button));
  g_signal_connect_swapped (self->more_button, "clicked", G_CALLBACK (on_more), self);
  gtk_box_append (GTK_BOX (column), GTK_WIDGET (self->box));
  gtk_box_append (GTK_BOX (column), GTK_WIDGET (self->more_button));
  adw_bin_set_child (ADW_BIN (self), column);
}

/**
 * pr_alert_list_show:
 * @self: a list
 * @environment: (nullable): where the alerts are
 * @filter: which ones
 */
void
pr_alert_list_show (PrAlertList *self, PrEnvironment *environment, const PrAlertFilter *filter)
{
  GtkListBoxRow *row;
  char *owner = g_strdup (filter->owner);
  char *text = g_strdup (filter->text);

  g_return_if_fail (PR_IS_ALERT_LIST (self));

  g_object_ref (self);
  if (environment != NULL)
    g_object_ref (environment);
  forget (self);
  while ((row = gtk_list_box_get_row_at_index (self->box, 0)) != NULL)
    remove_row (self, PR_ALERT_ROW (row));
  gtk_widget_hide (GTK_WIDGET (self->more_button));
  clear_filter (&self->filter);
  self->filter = *filter;
  self->filter.owner = owner;
  self->filter.text = text;
  self->n_wanted = PAGE;
  self->environment = environment;
  if (environment != NULL)
    g_signal_connect_swapped (environment, "stored", G_CALLBACK (on_stored), self);
  pr_alert_list_refresh (self);
  g_object_unref (self);
}

const PrAlertFilter *
pr_alert_list_get_filter (PrAlertList *self)
{
  g_return_val_if_fail (PR_IS_ALERT_LIST (self), NULL);

  return &self->filter;
}

/**
 * pr_alert_list_get_counts:
 * @self: a list
 *
 * Returns: (transfer none): how many alerts there are, also those that are not shown yet
 */
const PrAlertCounts *
pr_alert_list_get_counts (PrAlertList *self)
{
  g_return_val_if_fail (PR_IS_ALERT_LIST (self), NULL);

  return &self->counts;
}

gboolean
pr_alert_list_is_loaded (PrAlertList *self)
{
  g_return_val_if_fail (PR_IS_ALERT_LIST (self), FALSE);

  return self->loaded;
}

const GError *
pr_alert_list_get_error (PrAlertList *self)
{
  g_return_val_if_fail (PR_IS_ALERT_LIST (self), NULL);

  return self->error;
}

GtkListBox *
pr_alert_list_get_box (PrAlertList *self)
{
  g_return_val_if_fail (PR_IS_ALERT_LIST (self), NULL);

  return self->box;
}
