/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrResultChart: a bar a day, passed below failed; failed is hatched, so that colour alone does
 * not tell it. What it shows is also its accessible description, and each day's tooltip. Main
 * thread. */

#include "pr-result-chart.h"

#include "pr-colors.h"

#include <glib/gi18n.h>
#include <string.h>

#define HEIGHT 120
#define MIN_WIDTH 180
#define GAP 2.0f
#define HATCH 5.0f

typedef struct
{
  guint n_success;
  guint n_failure;
} PrDay;

struct _PrResultChart
{
  GtkWidget parent_instance;

  PrDay days[PR_RESULT_CHART_DAYS]; /* the last one is today */
  gint64 today;                     /* days since 1970, here */
  guint highest;
};

G_DEFINE_FINAL_TYPE (PrResultChart, pr_result_chart, GTK_TYPE_WIDGET)

/* --- Drawing ---------------------------------------------------------------------------------- */

static void
draw_hatched (GtkSnapshot *snapshot, const graphene_rect_t *rect, const GdkRGBA *color)
{
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, rect);
  float reach = rect->size.width + rect->size.height;

  gdk_cairo_set_source_rgba (cr, color);
  gdk_cairo_rectangle (cr,
                       &(GdkRectangle){ (int) rect->origin.x, (int) rect->origin.y,
                                        (int) rect->size.width + 1, (int) rect->size.height + 1 });
  cairo_clip (cr);
  cairo_set_line_width (cr, HATCH / 2);
  for (float x = -reach; x < reach; x += HATCH)
    {
      cairo_move_to (cr, rect->origin.x + x, rect->origin.y + rect->size.height);
      cairo_line_to (cr, rect->origin.x + x + rect->size.height, rect->origin.y);
    }
  cairo_stroke (cr);
  cairo_rectangle (cr, rect->origin.x + 0.5, rect->origin.y + 0.5, rect->size.width - 1,
                   rect->size.height - 1);
  cairo_set_line_width (cr, 1);
  cairo_stroke (cr);
  cairo_destroy (cr);
}

static guint
get_position (PrResultChart *self, guint day)
{
  gboolean rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;

  return rtl ? PR_RESULT_CHART_DAYS - 1 - day : day;
}

static void
pr_result_chart_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  PrResultChart *self = PR_RESULT_CHART (widget);
  float width = (float) gtk_widget_get_width (widget);
  float height = (float) gtk_widget_get_height (widget);
  float step = width / PR_RESULT_CHART_DAYS;
  GdkRGBA good, bad, line;

  pr_colors_get (widget, PR_COLOR_SUCCESS, &good);
  pr_colors_get (widget, PR_COLOR_ERROR, &bad);
  pr_colors_get (widget, PR_COLOR_LINE, &line);
  for (guint day = 0; day < PR_RESULT_CHART_DAYS && self->highest > 0; day++)
    {
      float x = step * (float) get_position (self, day) + GAP / 2;
      float passed = (height - 1) * (float) self->days[day].n_success / (float) self->highest;
      float failed = (height - 1) * (float) self->days[day].n_failure / (float) self->highest;

      if (passed > 0)
        gtk_snapshot_append_color (
            snapshot, &good,
            &GRAPHENE_RECT_INIT (x, height - 1 - passed, step - GAP, MAX (passed, 1)));
      if (failed > 0)
        draw_hatched (
            snapshot,
            &GRAPHENE_RECT_INIT (x, height - 1 - passed - failed, step - GAP, MAX (failed, 2)),
            &bad);
    }
  gtk_snapshot_append_color (snapshot, &line, &GRAPHENE_RECT_INIT (0, height - 1, width, 1));
}

static void
pr_result_chart_measure (GtkWidget *widget,
                         GtkOrientation orientation,
                         int for_size,
                         int *minimum,
                         int *natural,
                         int *minimum_baseline,
                         int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_VERTICAL ? HEIGHT : MIN_WIDTH;
  *natural = orientation == GTK_ORIENTATION_VERTICAL ? HEIGHT : 3 * MIN_WIDTH;
}

/* --- In words --------------------------------------------------------------------------------- */

static char *
describe_day (PrResultChart *self, guint day)
{
  gint64 ago = PR_RESULT_CHART_DAYS - 1 - day;
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) date = g_date_time_add_days (now, -(int) ago);
  g_autofree char *when = g_date_time_format (date, "%x");
  g_autofree char *passed = g_strdup_printf (
      ngettext ("%u passed", "%u passed", self->days[day].n_success), self->days[day].n_success);
  g_autofree char *failed = g_strdup_printf (
      ngettext ("%u failed", "%u failed", self->days[day].n_failure), self->days[day].n_failure);

  return g_strdup_printf (_ ("%s: %s, %s"), when, passed, failed);
}

static gboolean
on_query_tooltip (PrResultChart *self, int x, int y, gboolean keyboard, GtkTooltip *tooltip)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self));
  guint position;
  g_autofree char *text = NULL;

  if (keyboard || width <= 0 || x < 0 || x >= width)
    return FALSE;
  position = (guint) (x * PR_RESULT_CHART_DAYS / width);
  text = describe_day (self, get_position (self, position));
  gtk_tooltip_set_text (tooltip, text);
  return TRUE;
}

/* Days without tests are left out: a screen reader reads it whole. */
static void
update_description (PrResultChart *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint day = 0; day < PR_RESULT_CHART_DAYS; day++)
    if (self->days[day].n_success + self->days[day].n_failure > 0)
      {
        g_autofree char *words = describe_day (self, day);

        g_string_append_printf (text, "%s%s", text->len > 0 ? "; " : "", words);
      }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  text->str, -1);
}

/* --- The widget ------------------------------------------------------------------------------- */

static void
pr_result_chart_class_init (PrResultChartClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->snapshot = pr_result_chart_snapshot;
  widget_class->measure = pr_result_chart_measure;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_set_css_name (widget_class, "result-chart");
}

static void
pr_result_chart_init (PrResultChart *self)
{
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  g_signal_connect (self, "query-tooltip", G_CALLBACK (on_query_tooltip), NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Tests of the last 30 days"), -1);
}

/* Days since 1970 in this computer's time zone. */
static gint64
get_local_day (gint64 time)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (time / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = g_date_time_to_local (utc);

  return (time + g_date_time_get_utc_offset (local)) / G_TIME_SPAN_DAY;
}

/**
 * pr_result_chart_set_hours:
 * @self: a chart
 * @hours: (element-type PrOverviewHour): results by the hour
 * @now: microseconds since 1970: its day is the last one
 */
void
pr_result_chart_set_hours (PrResultChart *self, GArray *hours, gint64 now)
{
  g_return_if_fail (PR_IS_RESULT_CHART (self));

  memset (self->days, 0, sizeof self->days);
  self->today = get_local_day (now);
  self->highest = 0;
  for (guint i = 0; i < hours->len; i++)
    {
      const PrOverviewHour *hour = &g_array_index (hours, PrOverviewHour, i);
      gint64 ago = self->today - get_local_day (hour->hour * G_TIME_SPAN_HOUR);
      PrDay *day;

      if (ago < 0 || ago >= PR_RESULT_CHART_DAYS)
        continue;
      day = &self->days[PR_RESULT_CHART_DAYS - 1 - ago];
      day->n_success += hour->n_success;
      day->n_failure += hour->n_failure;
      self->highest = MAX (self->highest, day->n_success + day->n_failure);
    }
  update_description (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * pr_result_chart_is_empty:
 * @self: a chart
 *
 * Returns: whether nothing was tested in its days
 */
gboolean
pr_result_chart_is_empty (PrResultChart *self)
{
  g_return_val_if_fail (PR_IS_RESULT_CHART (self), TRUE);

  return self->highest == 0;
}

/**
 * pr_result_chart_get_n_failed:
 * @self: a chart
 * @day: 0 for the first day, %PR_RESULT_CHART_DAYS - 1 for today
 *
 * Returns: how many tests failed on that day
 */
guint
pr_result_chart_get_n_failed (PrResultChart *self, guint day)
{
  g_return_val_if_fail (PR_IS_RESULT_CHART (self), 0);
  g_return_val_if_fail (day < PR_RESULT_CHART_DAYS, 0);

  return self->days[day].n_failure;
}
