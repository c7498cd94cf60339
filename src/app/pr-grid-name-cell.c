/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrGridNameCell: draws itself, for the reason that PrGridCell does. Main thread. */

#include "pr-grid-name-cell.h"

#include "pr-grid-cell.h"

#include <glib/gi18n.h>

#define SPACE 3

enum
{
  LINE_NAME,
  LINE_ADDRESS,
  N_LINES,
};

struct _PrGridNameCell
{
  GtkWidget parent_instance;

  /* Owned */
  PrGridSlot *slot;
  char *texts[N_LINES];
  PangoLayout *layouts[N_LINES]; /* (nullable): made when they are drawn or measured */

  gulong changed_id;
};

G_DEFINE_FINAL_TYPE (PrGridNameCell, pr_grid_name_cell, GTK_TYPE_WIDGET)

/* --- Size and drawing ------------------------------------------------------------------------- */

static void
drop_layouts (PrGridNameCell *self)
{
  for (guint i = 0; i < N_LINES; i++)
    g_clear_object (&self->layouts[i]);
}

static PangoLayout *
get_layout (PrGridNameCell *self, guint line)
{
  PangoLayout *layout = self->layouts[line];

  if (layout != NULL)
    return layout;
  layout = pr_grid_cell_make_layout (GTK_WIDGET (self), self->texts[line]);
  if (line == LINE_ADDRESS)
    {
      g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();

      pango_attr_list_insert (attributes, pango_attr_scale_new (PANGO_SCALE_SMALL));
      pango_layout_set_attributes (layout, attributes);
    }
  self->layouts[line] = layout;
  return layout;
}

static int
get_height (PrGridNameCell *self, guint line)
{
  int height;

  pango_layout_get_pixel_size (get_layout (self, line), NULL, &height);
  return height;
}

static void
pr_grid_name_cell_measure (GtkWidget *widget,
                           GtkOrientation orientation,
                           int for_size,
                           int *minimum,
                           int *natural,
                           int *minimum_baseline,
                           int *natural_baseline)
{
  PrGridNameCell *self = PR_GRID_NAME_CELL (widget);

  /* The column says how wide. */
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    *minimum = *natural = 0;
  else
    *minimum = *natural =
        get_height (self, LINE_NAME) + get_height (self, LINE_ADDRESS) + 2 * SPACE;
}

static void
pr_grid_name_cell_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  PrGridNameCell *self = PR_GRID_NAME_CELL (widget);
  int width = gtk_widget_get_width (widget);
  int y = SPACE;
  GdkRGBA colour;

  if (width <= 0)
    return;
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &colour);
  for (guint i = 0; i < N_LINES; i++)
    {
      PangoLayout *layout = get_layout (self, i);

      if (i == LINE_ADDRESS)
        colour.alpha *= 0.7f;
      pango_layout_set_width (layout, width * PANGO_SCALE);
      gtk_snapshot_save (snapshot);
      gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (0, (float) y));
      gtk_snapshot_append_layout (snapshot, layout, &colour);
      gtk_snapshot_restore (snapshot);
      y += get_height (self, i);
    }
}

static gboolean
pr_grid_name_cell_query_tooltip (GtkWidget *widget,
                                 int x,
                                 int y,
                                 gboolean keyboard,
                                 GtkTooltip *tooltip)
{
  PrGridNameCell *self = PR_GRID_NAME_CELL (widget);
  g_autofree char *text = NULL;

  if (!pango_layout_is_ellipsized (get_layout (self, LINE_NAME))
      && !pango_layout_is_ellipsized (get_layout (self, LINE_ADDRESS)))
    return FALSE;
  text = g_strdup_printf ("%s\n%s", self->texts[LINE_NAME], self->texts[LINE_ADDRESS]);
  gtk_tooltip_set_text (tooltip, text);
  return TRUE;
}

/* --- Content ---------------------------------------------------------------------------------- */

static void
name_row (PrGridNameCell *self)
{
  pr_grid_cell_name_row (GTK_WIDGET (self), self->texts[LINE_ADDRESS]);
}

static gboolean
set_text (char **text, const char *value)
{
  if (g_strcmp0 (*text, value) == 0)
    return FALSE;
  g_free (*text);
  *text = g_strdup (value);
  return TRUE;
}

static void
update (PrGridNameCell *self)
{
  PrMailboxRow *row = self->slot != NULL ? pr_grid_slot_get_row (self->slot) : NULL;
  PrMailbox *mailbox = row != NULL ? pr_mailbox_row_get_mailbox (row) : NULL;
  g_autofree char *speech = NULL;
  gboolean other = FALSE;

  g_assert (PR_IS_GRID_NAME_CELL (self));

  other |= set_text (&self->texts[LINE_NAME],
                     mailbox != NULL ? pr_mailbox_get_text (mailbox, NAME) : "…");
  other |= set_text (&self->texts[LINE_ADDRESS],
                     mailbox != NULL ? pr_mailbox_get_text (mailbox, ADDRESS) : "");
  if (!other)
    return;
  drop_layouts (self);
  /* Translators: name and address of a mailbox, for a screen reader */
  speech = g_strdup_printf (C_ ("accessible name", "%s, %s"), self->texts[LINE_NAME],
                            self->texts[LINE_ADDRESS]);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, speech, -1);
  name_row (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
pr_grid_name_cell_root (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (pr_grid_name_cell_parent_class)->root (widget);
  pr_grid_cell_fix_controllers (widget);
  name_row (PR_GRID_NAME_CELL (widget));
}

static void
pr_grid_name_cell_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (pr_grid_name_cell_parent_class)->css_changed (widget, change);
  drop_layouts (PR_GRID_NAME_CELL (widget));
}

static void
pr_grid_name_cell_direction_changed (GtkWidget *widget, GtkTextDirection before)
{
  GTK_WIDGET_CLASS (pr_grid_name_cell_parent_class)->direction_changed (widget, before);
  drop_layouts (PR_GRID_NAME_CELL (widget));
}

/* --- The object ------------------------------------------------------------------------------- */

static void
pr_grid_name_cell_dispose (GObject *object)
{
  pr_grid_name_cell_set_slot (PR_GRID_NAME_CELL (object), NULL);
  drop_layouts (PR_GRID_NAME_CELL (object));
  G_OBJECT_CLASS (pr_grid_name_cell_parent_class)->dispose (object);
}

static void
pr_grid_name_cell_finalize (GObject *object)
{
  for (guint i = 0; i < N_LINES; i++)
    g_free (PR_GRID_NAME_CELL (object)->texts[i]);
  G_OBJECT_CLASS (pr_grid_name_cell_parent_class)->finalize (object);
}

static void
pr_grid_name_cell_class_init (PrGridNameCellClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pr_grid_name_cell_dispose;
  G_OBJECT_CLASS (klass)->finalize = pr_grid_name_cell_finalize;
  widget_class->measure = pr_grid_name_cell_measure;
  widget_class->snapshot = pr_grid_name_cell_snapshot;
  widget_class->query_tooltip = pr_grid_name_cell_query_tooltip;
  widget_class->root = pr_grid_name_cell_root;
  widget_class->css_changed = pr_grid_name_cell_css_changed;
  widget_class->direction_changed = pr_grid_name_cell_direction_changed;
  gtk_widget_class_set_css_name (widget_class, "gridcell");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_LABEL);
}

static void
pr_grid_name_cell_init (PrGridNameCell *self)
{
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  gtk_widget_set_hexpand (GTK_WIDGET (self), TRUE);
  for (guint i = 0; i < N_LINES; i++)
    self->texts[i] = g_strdup ("");
}

/**
 * pr_grid_name_cell_new:
 *
 * Returns: (transfer floating): an empty cell
 */
GtkWidget *
pr_grid_name_cell_new (void)
{
  return g_object_new (PR_TYPE_GRID_NAME_CELL, NULL);
}

/**
 * pr_grid_name_cell_set_slot:
 * @self: a cell
 * @slot: (nullable): the place whose row it shows; it follows its changes
 */
void
pr_grid_name_cell_set_slot (PrGridNameCell *self, PrGridSlot *slot)
{
  g_return_if_fail (PR_IS_GRID_NAME_CELL (self));

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

/* What is written beneath the name; for tests. */
const char *
pr_grid_name_cell_get_address (PrGridNameCell *self)
{
  g_return_val_if_fail (PR_IS_GRID_NAME_CELL (self), NULL);

  return self->texts[LINE_ADDRESS];
}
