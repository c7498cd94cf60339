/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrBusyBar: most commands are over before anybody could read what they do, so the line comes only
 * after a second. Main thread. */

#include "pr-busy-bar.h"

#include "pr-progress.h"

#include <glib/gi18n.h>

#define DELAY_MS 1000

struct _PrBusyBar
{
  AdwBin parent_instance;

  /* Borrowed children */
  GtkRevealer *revealer;
  GtkSpinner *spinner;
  GtkLabel *label;
  GtkProgressBar *progress_bar;

  /* Owned */
  PrProgress *progress; /* of the command that runs */

  guint show_source;
};

G_DEFINE_FINAL_TYPE (PrBusyBar, pr_busy_bar, ADW_TYPE_BIN)

static void
on_cancel (PrBusyBar *self)
{
  g_assert (PR_IS_BUSY_BAR (self));

  if (self->progress != NULL)
    g_cancellable_cancel (G_CANCELLABLE (self->progress));
}

static void
on_progress (PrBusyBar *self)
{
  g_autofree char *text = NULL;
  guint done, total;

  if (!pr_progress_get (self->progress, &done, &total))
    return;
  text = g_strdup_printf (C_ ("progress", "%u of %u"), done, total);
  gtk_progress_bar_set_text (self->progress_bar, text);
  gtk_progress_bar_set_fraction (self->progress_bar, (double) done / total);
  gtk_widget_show (GTK_WIDGET (self->progress_bar));
}

/* News that is still on its way is of nobody's interest any more. */
static void
drop_progress (PrBusyBar *self)
{
  if (self->progress != NULL)
    g_signal_handlers_disconnect_by_data (self->progress, self);
  g_clear_object (&self->progress);
}

static gboolean
on_show (gpointer user_data)
{
  PrBusyBar *self = user_data;

  self->show_source = 0;
  gtk_spinner_start (self->spinner);
  gtk_revealer_set_reveal_child (self->revealer, TRUE);
  return G_SOURCE_REMOVE;
}

static void
pr_busy_bar_dispose (GObject *object)
{
  PrBusyBar *self = PR_BUSY_BAR (object);

  g_clear_handle_id (&self->show_source, g_source_remove);
  drop_progress (self);
  G_OBJECT_CLASS (pr_busy_bar_parent_class)->dispose (object);
}

static void
pr_busy_bar_class_init (PrBusyBarClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pr_busy_bar_dispose;
}

static void
pr_busy_bar_init (PrBusyBar *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *cancel = gtk_button_new_with_mnemonic (_ ("_Cancel"));

  self->revealer = GTK_REVEALER (gtk_revealer_new ());
  self->spinner = GTK_SPINNER (gtk_spinner_new ());
  self->label = GTK_LABEL (gtk_label_new (NULL));
  self->progress_bar = GTK_PROGRESS_BAR (gtk_progress_bar_new ());
  gtk_label_set_xalign (self->label, 0);
  gtk_label_set_ellipsize (self->label, PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (GTK_WIDGET (self->label), TRUE);
  gtk_widget_set_valign (GTK_WIDGET (self->progress_bar), GTK_ALIGN_CENTER);
  gtk_progress_bar_set_show_text (self->progress_bar, TRUE);
  gtk_widget_hide (GTK_WIDGET (self->progress_bar));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->progress_bar),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Progress"), -1);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->spinner));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->label));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->progress_bar));
  gtk_box_append (GTK_BOX (box), cancel);
  gtk_widget_add_css_class (box, "command-bar");
  g_signal_connect_swapped (cancel, "clicked", G_CALLBACK (on_cancel), self);
  gtk_revealer_set_child (self->revealer, box);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->revealer));
}

/**
 * pr_busy_bar_begin:
 * @self: a busy bar
 * @text: what the command does, such as “Deleting 1,200 mailboxes…”
 *
 * Returns: (transfer none): a #PrProgress, cancelled when somebody says so; the bar's until
 *   pr_busy_bar_end()
 */
GCancellable *
pr_busy_bar_begin (PrBusyBar *self, const char *text)
{
  g_return_val_if_fail (PR_IS_BUSY_BAR (self), NULL);
  g_return_val_if_fail (self->progress == NULL, NULL);

  self->progress = pr_progress_new ();
  g_signal_connect_swapped (self->progress, "changed", G_CALLBACK (on_progress), self);
  gtk_label_set_label (self->label, text);
  gtk_widget_hide (GTK_WIDGET (self->progress_bar));
  self->show_source = g_timeout_add (DELAY_MS, on_show, self);
  return G_CANCELLABLE (self->progress);
}

/**
 * pr_busy_bar_end:
 * @self: a busy bar
 *
 * The command is over, however it ended.
 */
void
pr_busy_bar_end (PrBusyBar *self)
{
  g_return_if_fail (PR_IS_BUSY_BAR (self));

  g_clear_handle_id (&self->show_source, g_source_remove);
  drop_progress (self);
  gtk_spinner_stop (self->spinner);
  gtk_revealer_set_reveal_child (self->revealer, FALSE);
}

gboolean
pr_busy_bar_is_busy (PrBusyBar *self)
{
  g_return_val_if_fail (PR_IS_BUSY_BAR (self), FALSE);

  return self->progress != NULL;
}
