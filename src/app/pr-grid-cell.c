/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrGridCell: GTK makes 200 rows of widgets around what can be seen. A cell of labels and images
 * would be 10,000 widgets, and the window would stand still whenever the list changes; so a cell
 * is one widget that draws itself, and lays out its text only when it is really seen. Main
 * thread. */

#include "pr-grid-cell.h"

#define ICON 16
#define GAP 6
#define BAR_HEIGHT 3
#define BAR_GAP 1
#define BRIEF_WIDTH 80 /* pixels: less is no room for more than one word */

struct _PrGridCell
{
  GtkWidget parent_instance;

  /* Owned */
  PrGridSlot *slot;
  PrGridContent content;
  PangoLayout *layout; /* (nullable): made when it is drawn */

  const PrGridColumn *column;
  gulong changed_id;
};

G_DEFINE_FINAL_TYPE (PrGridCell, pr_grid_cell, GTK_TYPE_WIDGET)

/* --- Size ------------------------------------------------------------------------------------- */

/* The same for all cells, so it is measured once for each font. */
static int
get_line_height (GtkWidget *widget)
{
  static PangoFontDescription *known;
  static double known_resolution;
  static int height;
  PangoContext *context = gtk_widget_get_pango_context (widget);
  const PangoFontDescription *font = pango_context_get_font_description (context);
  double resolution = pango_cairo_context_get_resolution (context);
  PangoFontMetrics *metrics;

  if (known != NULL && resolution == known_resolution && pango_font_description_equal (known, font))
    return height;
  g_clear_pointer (&known, pango_font_description_free);
  known = pango_font_description_copy (font);
  known_resolution = resolution;
  metrics = pango_context_get_metrics (context, NULL, NULL);
  height = PANGO_PIXELS_CEIL (pango_font_metrics_get_ascent (metrics)
                              + pango_font_metrics_get_descent (metrics));
  pango_font_metrics_unref (metrics);
  return height;
}

static void
pr_grid_cell_measure (GtkWidget *widget,
                      GtkOrientation orientation,
                      int for_size,
                      int *minimum,
                      int *natural,
                      int *minimum_baseline,
                      int *natural_baseline)
{
  PrGridCell *self = PR_GRID_CELL (widget);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = 0;
      *natural = self->column->width;
    }
  else
    *minimum = *natural = MAX (ICON, get_line_height (widget)) + 2 * (BAR_HEIGHT + BAR_GAP);
}

/* --- Drawing ---------------------------------------------------------------------------------- */

static void
get_colour (GtkWidget *widget, const char *name, GdkRGBA *colour)
{
  GtkStyleContext *style = gtk_widget_get_style_context (widget);

  if (name == NULL || !gtk_style_context_lookup_color (style, name, colour))
    gtk_style_context_get_color (style, colour);
}

static void
draw_icon (PrGridCell *self, GtkSnapshot *snapshot, float x, float y)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkIconTheme *theme = gtk_icon_theme_get_for_display (gtk_widget_get_display (widget));
  g_autoptr (GtkIconPaintable) icon = gtk_icon_theme_lookup_icon (
      theme, self->content.icon, NULL, ICON, gtk_widget_get_scale_factor (widget),
      gtk_widget_get_direction (widget), GTK_ICON_LOOKUP_FORCE_SYMBOLIC);
  GdkRGBA colours[4];

  get_colour (widget, self->content.colour, &colours[GTK_SYMBOLIC_COLOR_FOREGROUND]);
  if (self->content.faint)
    colours[GTK_SYMBOLIC_COLOR_FOREGROUND].alpha *= 0.7f;
  get_colour (widget, "error_color", &colours[GTK_SYMBOLIC_COLOR_ERROR]);
  get_colour (widget, "warning_color", &colours[GTK_SYMBOLIC_COLOR_WARNING]);
  get_colour (widget, "success_color", &colours[GTK_SYMBOLIC_COLOR_SUCCESS]);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (x, y));
  gtk_symbolic_paintable_snapshot_symbolic (GTK_SYMBOLIC_PAINTABLE (icon), snapshot, ICON, ICON,
                                            colours, G_N_ELEMENTS (colours));
  gtk_snapshot_restore (snapshot);
}

/* Returns: (transfer full): one line of @text in the font of @widget, ellipsized when it has a
 * width */
PangoLayout *
pr_grid_cell_make_layout (GtkWidget *widget, const char *text)
{
  PangoLayout *layout = gtk_widget_create_pango_layout (widget, text);
  PangoLayoutLine *line;

  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_single_paragraph_mode (layout, TRUE);
  /* An address reads from left to right in every language, but stands where the column begins.
   * Pango turns the alignment round for a line that reads the other way than the window. */
  line = pango_layout_get_line_readonly (layout, 0);
  pango_layout_set_alignment (layout,
                              pango_layout_line_get_resolved_direction (line) == PANGO_DIRECTION_RTL
                                  ? PANGO_ALIGN_RIGHT
                                  : PANGO_ALIGN_LEFT);
  return layout;
}

/* How much room the text has. */
static int
get_text_width (PrGridCell *self)
{
  return gtk_widget_get_width (GTK_WIDGET (self)) - (self->content.icon != NULL ? ICON + GAP : 0);
}

static gboolean
is_brief (PrGridCell *self)
{
  return self->content.brief != NULL && get_text_width (self) < BRIEF_WIDTH;
}

static void
draw_text (PrGridCell *self, GtkSnapshot *snapshot, float x, int height)
{
  GtkWidget *widget = GTK_WIDGET (self);
  const char *text = pr_grid_cell_get_text (self);
  int width = get_text_width (self);
  GdkRGBA colour;
  int text_height;

  if (width <= 0 || text == NULL || *text == '\0')
    return;
  if (self->layout != NULL && !g_str_equal (pango_layout_get_text (self->layout), text))
    g_clear_object (&self->layout);
  if (self->layout == NULL)
    self->layout = pr_grid_cell_make_layout (widget, text);
  pango_layout_set_width (self->layout, width * PANGO_SCALE);
  pango_layout_get_pixel_size (self->layout, NULL, &text_height);
  get_colour (widget, NULL, &colour);
  if (self->content.faint)
    colour.alpha *= 0.7f;
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (x, (float) ((height - text_height) / 2)));
  gtk_snapshot_append_layout (snapshot, self->layout, &colour);
  gtk_snapshot_restore (snapshot);
}

/* One piece per step, at the same place in every row: a matrix of mailboxes and steps. */
static void
draw_steps (PrGridCell *self, GtkSnapshot *snapshot, int width, int height)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  const PrTestProgress *progress = &self->content.progress;
  guint n_steps;
  const PrStep *steps = pr_grid_column_get_steps (self->column, &n_steps);
  float piece = (float) (width + BAR_GAP) / (float) MAX (n_steps, 1);

  for (guint i = 0; i < n_steps; i++)
    {
      gboolean here = steps[i] == progress->step;
      float x = piece * (float) (rtl ? n_steps - 1 - i : i);
      GdkRGBA colour;

      if ((progress->passed & (1u << steps[i])) != 0)
        get_colour (widget, "success_color", &colour);
      else if (here && progress->state == PR_PROGRESS_FAILURE)
        get_colour (widget, "error_color", &colour);
      else if (here && progress->state == PR_PROGRESS_RUNNING)
        get_colour (widget, "accent_color", &colour);
      else
        {
          get_colour (widget, NULL, &colour);
          colour.alpha *= 0.15f;
        }
      gtk_snapshot_append_color (
          snapshot, &colour,
          &GRAPHENE_RECT_INIT (x, (float) (height - BAR_HEIGHT), piece - BAR_GAP, BAR_HEIGHT));
    }
}

static void
pr_grid_cell_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  PrGridCell *self = PR_GRID_CELL (widget);
  gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);

  if (self->content.icon != NULL)
    draw_icon (self, snapshot, (float) (rtl ? width - ICON : 0), (float) ((height - ICON) / 2));
  draw_text (self, snapshot, (float) (rtl ? 0 : width - get_text_width (self)), height);
  if (self->content.progress.state != PR_PROGRESS_NONE)
    draw_steps (self, snapshot, width, height);
}

static gboolean
pr_grid_cell_query_tooltip (GtkWidget *widget, int x, int y, gboolean keyboard, GtkTooltip *tooltip)
{
  PrGridCell *self = PR_GRID_CELL (widget);

  if (self->layout == NULL || (!is_brief (self) && !pango_layout_is_ellipsized (self->layout)))
    return FALSE;
  gtk_tooltip_set_text (tooltip, self->content.text);
  return TRUE;
}

/* --- Content ---------------------------------------------------------------------------------- */

/* @child: in a cell. The row is what has the focus; GTK would call it by its class.
 * @address: (nullable): of its mailbox */
void
pr_grid_cell_name_row (GtkWidget *child, const char *address)
{
  GtkWidget *cell = gtk_widget_get_parent (child);
  GtkWidget *row = cell != NULL ? gtk_widget_get_parent (cell) : NULL;

  if (row != NULL && address != NULL && *address != '\0')
    gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, address,
                                    -1);
}

static void
name_row (PrGridCell *self)
{
  if (self->column->field == PR_MAILBOX_ADDRESS)
    pr_grid_cell_name_row (GTK_WIDGET (self), self->content.text);
}

static void
update (PrGridCell *self)
{
  g_autofree char *before = g_steal_pointer (&self->content.text);
  PrMailboxRow *row = pr_grid_slot_get_row (self->slot);
  gboolean same;

  pr_grid_content_clear (&self->content);
  if (row != NULL)
    pr_grid_column_describe (self->column, row, &self->content);
  same = g_strcmp0 (before, self->content.text) == 0;
  if (!same)
    {
      g_clear_object (&self->layout);
      gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      self->content.speech != NULL ? self->content.speech
                                      : self->content.text != NULL ? self->content.text
                                                                   : "",
                                      -1);
      name_row (self);
    }
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* In GTK 4.8 the cell of a column view and the row around it both take a click, so that Ctrl and a
 * click select and unselect at once. The cell's own controllers go, which are also some hundred
 * kilobytes in all; the row's stay, which has the focus. Newer cells have none. */
void
pr_grid_cell_fix_controllers (GtkWidget *child)
{
  GtkWidget *cell = gtk_widget_get_parent (child);
  g_autoptr (GListModel) controllers = NULL;

  if (cell == NULL || !g_str_equal (G_OBJECT_TYPE_NAME (cell), "GtkColumnViewCell"))
    return;
  controllers = gtk_widget_observe_controllers (cell);
  while (g_list_model_get_n_items (controllers) > 0)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, 0);

      gtk_widget_remove_controller (cell, controller);
    }
}

static void
pr_grid_cell_root (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (pr_grid_cell_parent_class)->root (widget);
  pr_grid_cell_fix_controllers (widget);
  name_row (PR_GRID_CELL (widget));
}

static void
pr_grid_cell_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (pr_grid_cell_parent_class)->css_changed (widget, change);
  g_clear_object (&PR_GRID_CELL (widget)->layout);
}

static void
pr_grid_cell_direction_changed (GtkWidget *widget, GtkTextDirection before)
{
  GTK_WIDGET_CLASS (pr_grid_cell_parent_class)->direction_changed (widget, before);
  g_clear_object (&PR_GRID_CELL (widget)->layout);
}

static void
pr_grid_cell_dispose (GObject *object)
{
  pr_grid_cell_set_slot (PR_GRID_CELL (object), NULL);
  g_clear_object (&PR_GRID_CELL (object)->layout);
  G_OBJECT_CLASS (pr_grid_cell_parent_class)->dispose (object);
}

static void
pr_grid_cell_finalize (GObject *object)
{
  pr_grid_content_clear (&PR_GRID_CELL (object)->content);
  G_OBJECT_CLASS (pr_grid_cell_parent_class)->finalize (object);
}

static void
pr_grid_cell_class_init (PrGridCellClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pr_grid_cell_dispose;
  G_OBJECT_CLASS (klass)->finalize = pr_grid_cell_finalize;
  widget_class->measure = pr_grid_cell_measure;
  widget_class->snapshot = pr_grid_cell_snapshot;
  widget_class->query_tooltip = pr_grid_cell_query_tooltip;
  widget_class->root = pr_grid_cell_root;
  widget_class->css_changed = pr_grid_cell_css_changed;
  widget_class->direction_changed = pr_grid_cell_direction_changed;
  gtk_widget_class_set_css_name (widget_class, "gridcell");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_LABEL);
}

static void
pr_grid_cell_init (PrGridCell *self)
{
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  gtk_widget_set_hexpand (GTK_WIDGET (self), TRUE);
}

/**
 * pr_grid_cell_new:
 * @column: (transfer none): what it shows of a row
 *
 * Returns: (transfer floating): an empty cell
 */
GtkWidget *
pr_grid_cell_new (const PrGridColumn *column)
{
  PrGridCell *self = g_object_new (PR_TYPE_GRID_CELL, NULL);

  self->column = column;
  return GTK_WIDGET (self);
}

/**
 * pr_grid_cell_set_slot:
 * @self: a cell
 * @slot: (nullable): the place whose row it shows; it follows its changes
 */
void
pr_grid_cell_set_slot (PrGridCell *self, PrGridSlot *slot)
{
  g_return_if_fail (PR_IS_GRID_CELL (self));

  if (self->slot == slot)
    return;
  if (self->slot != NULL)
    g_clear_signal_handler (&self->changed_id, self->slot);
  g_set_object (&self->slot, slot);
  if (slot == NULL)
    return;
  self->changed_id = g_signal_connect_swapped (slot, "changed", G_CALLBACK (update), self);
  update (self);
}

/**
 * pr_grid_cell_get_row:
 * @self: a cell
 *
 * Returns: (transfer none) (nullable): the row that it shows
 */
PrMailboxRow *
pr_grid_cell_get_row (PrGridCell *self)
{
  g_return_val_if_fail (PR_IS_GRID_CELL (self), NULL);

  return self->slot != NULL ? pr_grid_slot_get_row (self->slot) : NULL;
}

/* What is written in it, as wide as it is. */
const char *
pr_grid_cell_get_text (PrGridCell *self)
{
  g_return_val_if_fail (PR_IS_GRID_CELL (self), NULL);

  return is_brief (self) ? self->content.brief : self->content.text;
}
