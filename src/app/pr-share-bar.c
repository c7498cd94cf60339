/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrShareBar: shares of a whole. The numbers stand beside it, so to a screen reader it is
 * decoration. Main thread. */

#include "pr-share-bar.h"

#include "pr-colors.h"

#define HEIGHT 12
#define RADIUS 6.0f
#define N_SHARES 3

struct _PrShareBar
{
  GtkWidget parent_instance;

  guint shares[N_SHARES];
};

G_DEFINE_FINAL_TYPE (PrShareBar, pr_share_bar, GTK_TYPE_WIDGET)

static void
pr_share_bar_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  static const PrColor colors[N_SHARES] = { PR_COLOR_SUCCESS, PR_COLOR_ERROR, PR_COLOR_WAITING };
  PrShareBar *self = PR_SHARE_BAR (widget);
  gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  float width = (float) gtk_widget_get_width (widget);
  float height = (float) gtk_widget_get_height (widget);
  float total = (float) self->shares[0] + (float) self->shares[1] + (float) self->shares[2];
  GskRoundedRect clip;
  float x = 0;

  gsk_rounded_rect_init_from_rect (&clip, &GRAPHENE_RECT_INIT (0, 0, width, height), RADIUS);
  gtk_snapshot_push_rounded_clip (snapshot, &clip);
  for (guint i = 0; i < N_SHARES; i++)
    {
      float share = total > 0 ? width * (float) self->shares[i] / total : i == 2 ? width : 0;
      GdkRGBA color;

      pr_colors_get (widget, colors[i], &color);
      gtk_snapshot_append_color (
          snapshot, &color, &GRAPHENE_RECT_INIT (rtl ? width - x - share : x, 0, share, height));
      x += share;
    }
  gtk_snapshot_pop (snapshot);
}

static void
pr_share_bar_measure (GtkWidget *widget,
                      GtkOrientation orientation,
                      int for_size,
                      int *minimum,
                      int *natural,
                      int *minimum_baseline,
                      int *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_VERTICAL ? HEIGHT : 4 * HEIGHT;
}

static void
pr_share_bar_class_init (PrShareBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->snapshot = pr_share_bar_snapshot;
  widget_class->measure = pr_share_bar_measure;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
  gtk_widget_class_set_css_name (widget_class, "share-bar");
}

static void
pr_share_bar_init (PrShareBar *self)
{
}

void
pr_share_bar_set (PrShareBar *self, guint n_working, guint n_failing, guint n_others)
{
  g_return_if_fail (PR_IS_SHARE_BAR (self));

  self->shares[0] = n_working;
  self->shares[1] = n_failing;
  self->shares[2] = n_others;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
