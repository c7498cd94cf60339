/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The panes of the window, between which F6 moves the focus: the sidebar, the header of the page,
 * what is in it, and the bars below that. Nothing is registered: bars are known by what they are,
 * and what stands between two of them is one pane. Main thread. */

#include "pr-panes.h"

#include "pr-banner.h"
#include "pr-tab-stop.h"

#define FOCUS_DATA "pr-pane-focus"

/* The parts of a pane, in their order, borrowed. */
typedef GPtrArray PrPane;

static gboolean
is_bar (GtkWidget *widget)
{
  static const char *const classes[] = { "command-bar", "form-bar", "job-bar" };

  if (ADW_IS_HEADER_BAR (widget) || GTK_IS_ACTION_BAR (widget))
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    if (gtk_widget_has_css_class (widget, classes[i]))
      return TRUE;
  return FALSE;
}

static gboolean
has_bar (GtkWidget *widget)
{
  if (!gtk_widget_get_mapped (widget))
    return FALSE;
  if (is_bar (widget))
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (has_bar (child))
      return TRUE;
  return FALSE;
}

static void
add_pane (GPtrArray *panes, GtkWidget *first)
{
  PrPane *pane = g_ptr_array_new ();

  g_ptr_array_add (pane, first);
  g_ptr_array_add (panes, pane);
}

/* @between: whether the last of @panes is what stands between bars, and can become longer */
static void
collect (GtkWidget *widget, GPtrArray *panes, gboolean *between)
{
  if (!gtk_widget_get_mapped (widget) || GTK_IS_POPOVER (widget))
    return;
  if (is_bar (widget))
    {
      add_pane (panes, widget);
      *between = FALSE;
      return;
    }
  if (has_bar (widget))
    {
      for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
           child = gtk_widget_get_next_sibling (child))
        collect (child, panes, between);
      return;
    }
  if (*between)
    g_ptr_array_add (g_ptr_array_index (panes, panes->len - 1), widget);
  else
    add_pane (panes, widget);
  *between = TRUE;
}

static GPtrArray *
find_panes (PrSplitView *split)
{
  g_autoptr (GPtrArray) panes = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
  g_autoptr (GtkWidget) sidebar = NULL;
  g_autoptr (GtkWidget) content = NULL;
  gboolean between = FALSE;

  g_object_get (split, "sidebar", &sidebar, "content", &content, NULL);
  if (pr_split_view_get_show_sidebar (split))
    add_pane (panes, sidebar);
  collect (content, panes, &between);
  return g_steal_pointer (&panes);
}

static gboolean
holds (PrPane *pane, GtkWidget *widget)
{
  for (guint i = 0; i < pane->len; i++)
    {
      GtkWidget *part = g_ptr_array_index (pane, i);

      if (widget == part || gtk_widget_is_ancestor (widget, part))
        return TRUE;
    }
  return FALSE;
}

/* --- What had the focus ----------------------------------------------------------------------- */

static void
free_reference (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

static void
remember (PrPane *pane, GtkWidget *focus)
{
  GWeakRef *reference = g_new0 (GWeakRef, 1);

  g_weak_ref_init (reference, focus);
  g_object_set_data_full (g_ptr_array_index (pane, 0), FOCUS_DATA, reference, free_reference);
}

static gboolean
focus_last (PrPane *pane)
{
  GWeakRef *reference = g_object_get_data (g_ptr_array_index (pane, 0), FOCUS_DATA);
  g_autoptr (GtkWidget) last = reference != NULL ? g_weak_ref_get (reference) : NULL;

  return last != NULL && gtk_widget_get_mapped (last) && gtk_widget_is_sensitive (last)
         && holds (pane, last) && gtk_widget_grab_focus (last);
}

/* --- Where the focus comes to ----------------------------------------------------------------- */

static GtkWidget *
find_list (GtkWidget *widget)
{
  if (!gtk_widget_get_mapped (widget) || PR_IS_TAB_STOP (widget))
    return gtk_widget_get_mapped (widget) ? widget : NULL;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_list (child);

      if (found != NULL)
        return found;
    }
  return NULL;
}

/* @banner: whether to look in banners, or elsewhere */
static gboolean
enter_first (PrPane *pane, gboolean banner)
{
  for (guint i = 0; i < pane->len; i++)
    {
      GtkWidget *part = g_ptr_array_index (pane, i);

      if (PR_IS_BANNER (part) == banner && gtk_widget_child_focus (part, GTK_DIR_TAB_FORWARD))
        return TRUE;
    }
  return FALSE;
}

/* A list or a grid is what the pane is there for, and knows itself which row had the focus;
 * elsewhere it is what had it last, else the first that is not a banner. */
static gboolean
enter (PrPane *pane)
{
  for (guint i = 0; i < pane->len; i++)
    {
      GtkWidget *list = find_list (g_ptr_array_index (pane, i));

      if (list != NULL && gtk_widget_child_focus (list, GTK_DIR_TAB_FORWARD))
        return TRUE;
    }
  return focus_last (pane) || enter_first (pane, FALSE) || enter_first (pane, TRUE);
}

/**
 * pr_panes_move_focus:
 * @split: sidebar and content of a window
 * @direction: %GTK_DIR_TAB_FORWARD or %GTK_DIR_TAB_BACKWARD
 *
 * Gives the focus to the next pane in which something can have it.
 */
void
pr_panes_move_focus (PrSplitView *split, GtkDirectionType direction)
{
  g_autoptr (GPtrArray) panes = NULL;
  GtkRoot *root;
  GtkWidget *focus;
  guint n, at, step;

  g_return_if_fail (PR_IS_SPLIT_VIEW (split));

  panes = find_panes (split);
  n = panes->len;
  root = gtk_widget_get_root (GTK_WIDGET (split));
  focus = gtk_root_get_focus (root);
  step = direction == GTK_DIR_TAB_BACKWARD ? n - 1 : 1;
  at = direction == GTK_DIR_TAB_BACKWARD ? 0 : n - 1;
  for (guint i = 0; i < n && focus != NULL; i++)
    if (holds (g_ptr_array_index (panes, i), focus))
      {
        remember (g_ptr_array_index (panes, i), focus);
        at = i;
      }
  for (guint tries = 1; tries <= n; tries++)
    if (enter (g_ptr_array_index (panes, (at + tries * step) % n)))
      break;
  gtk_window_set_focus_visible (GTK_WINDOW (root), TRUE);
}

/**
 * pr_panes_focus_content:
 * @split: sidebar and content of a window
 *
 * Gives the focus to what the page is there for, where that can have it: so a screen reader says
 * which page it is, and keys work on it.
 */
void
pr_panes_focus_content (PrSplitView *split)
{
  g_autoptr (GPtrArray) panes = NULL;

  g_return_if_fail (PR_IS_SPLIT_VIEW (split));

  panes = find_panes (split);
  for (guint i = pr_split_view_get_show_sidebar (split) ? 1 : 0; i < panes->len; i++)
    {
      PrPane *pane = g_ptr_array_index (panes, i);

      if (!is_bar (g_ptr_array_index (pane, 0)) && enter (pane))
        return;
    }
}
