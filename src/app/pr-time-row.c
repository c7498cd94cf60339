/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrTimeRow: date and time of day of this computer's zone. Main thread. */

#include "pr-time-row.h"

#include "pr-text.h"

#include <glib/gi18n.h>

struct _PrTimeRow
{
  AdwEntryRow parent_instance;

  /* Borrowed children */
  GtkMenuButton *button;
  GtkPopover *popover;
  GtkCalendar *calendar;

  gboolean showing;
};

G_DEFINE_FINAL_TYPE (PrTimeRow, pr_time_row, ADW_TYPE_ENTRY_ROW)

/**
 * pr_time_row_format:
 * @time: microseconds since 1970; 0: none
 *
 * Returns: (transfer full): such as "2026-01-31 12:00", here; "" for none
 */
char *
pr_time_row_format (gint64 time)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (time / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;

  if (time == 0 || local == NULL)
    return g_strdup ("");
  return g_date_time_format (local, "%Y-%m-%d %H:%M");
}

/**
 * pr_time_row_to_iso:
 * @text: what was typed, such as "2026-01-31 12:00"
 *
 * Returns: (transfer full): the same as pr_time_from_text() reads it
 */
char *
pr_time_row_to_iso (const char *text)
{
  char *iso = g_strstrip (g_strdup (text));

  return g_strdelimit (iso, " ", 'T');
}

static void
on_day_selected (PrTimeRow *self)
{
  g_autoptr (GDateTime) day = gtk_calendar_get_date (self->calendar);
  g_autofree char *iso = pr_time_row_to_iso (gtk_editable_get_text (GTK_EDITABLE (self)));
  g_autoptr (GDateTime) before = NULL;
  g_autofree char *text = NULL;
  gint64 time = 0;

  g_assert (PR_IS_TIME_ROW (self));

  if (self->showing)
    return;
  /* The time of day stays. */
  if (pr_time_from_text (iso, &time) && time != 0)
    before = g_date_time_new_from_unix_local (time / G_USEC_PER_SEC);
  text = g_strdup_printf ("%04d-%02d-%02d %02d:%02d", g_date_time_get_year (day),
                          g_date_time_get_month (day), g_date_time_get_day_of_month (day),
                          before != NULL ? g_date_time_get_hour (before) : 0,
                          before != NULL ? g_date_time_get_minute (before) : 0);
  gtk_editable_set_text (GTK_EDITABLE (self), text);
}

static void
on_popover_shown (PrTimeRow *self)
{
  g_autofree char *iso = pr_time_row_to_iso (gtk_editable_get_text (GTK_EDITABLE (self)));
  g_autoptr (GDateTime) date = NULL;
  gint64 time = 0;

  g_assert (PR_IS_TIME_ROW (self));

  if (pr_time_from_text (iso, &time) && time != 0)
    date = g_date_time_new_from_unix_local (time / G_USEC_PER_SEC);
  if (date == NULL)
    date = g_date_time_new_now_local ();
  self->showing = TRUE;
  gtk_calendar_select_day (self->calendar, date);
  self->showing = FALSE;
}

static void
on_now (PrTimeRow *self)
{
  g_autofree char *text = pr_time_row_format (g_get_real_time ());

  g_assert (PR_IS_TIME_ROW (self));

  gtk_editable_set_text (GTK_EDITABLE (self), text);
  gtk_popover_popdown (self->popover);
}

static void
pr_time_row_class_init (PrTimeRowClass *klass)
{
}

static void
pr_time_row_init (PrTimeRow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *now = gtk_button_new_with_mnemonic (_ ("_Now"));

  self->button = GTK_MENU_BUTTON (gtk_menu_button_new ());
  self->popover = GTK_POPOVER (gtk_popover_new ());
  self->calendar = GTK_CALENDAR (gtk_calendar_new ());
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->calendar));
  gtk_box_append (GTK_BOX (box), now);
  gtk_popover_set_child (self->popover, box);
  gtk_menu_button_set_popover (self->button, GTK_WIDGET (self->popover));
  gtk_menu_button_set_icon_name (self->button, "x-office-calendar-symbolic");
  gtk_widget_set_valign (GTK_WIDGET (self->button), GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (GTK_WIDGET (self->button), "flat");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->button), _ ("Pick a Date"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Pick a Date"), -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->calendar), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Calendar"), -1);
  adw_entry_row_add_suffix (ADW_ENTRY_ROW (self), GTK_WIDGET (self->button));
  g_signal_connect_swapped (self->calendar, "day-selected", G_CALLBACK (on_day_selected), self);
  g_signal_connect_swapped (self->popover, "show", G_CALLBACK (on_popover_shown), self);
  g_signal_connect_swapped (now, "clicked", G_CALLBACK (on_now), self);
}
