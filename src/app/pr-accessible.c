/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a screen reader has to be told beyond what widgets tell by themselves: why something cannot
 * be used, and names for those parts of GTK's and libadwaita's widgets that take the focus but
 * have none. Main thread. */

#include "pr-accessible.h"

#include <glib/gi18n.h>

#define TOOLTIP_DATA "pr-own-tooltip"
#define NAME_DATA "pr-name"
#define NOTE_DATA "pr-note"

/**
 * pr_accessible_announce:
 * @window: the window that has the focus
 * @text: what a screen reader says now
 *
 * For what happens where the focus is not. GTK knows how since 4.14. Before, Orca speaks of nothing
 * but what has the focus, and of the name of the window in front when that changes: so it has
 * another name, for no time at all.
 */
void
pr_accessible_announce (GtkWindow *window, const char *text)
{
  g_return_if_fail (GTK_IS_WINDOW (window));
  g_return_if_fail (text != NULL);

#if GTK_CHECK_VERSION(4, 14, 0)
  /* GDK_VERSION_MAX_ALLOWED says that it is not there. */
  G_GNUC_BEGIN_IGNORE_DEPRECATIONS
  gtk_accessible_announce (GTK_ACCESSIBLE (window), text,
                           GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
  G_GNUC_END_IGNORE_DEPRECATIONS
#else
  const char *title = gtk_window_get_title (window);

  gtk_accessible_update_property (GTK_ACCESSIBLE (window), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (window), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  title != NULL ? title : "", -1);
#endif
}

/**
 * pr_accessible_explain:
 * @widget: a widget
 * @reason: (nullable): why it cannot be used now; %NULL: it can
 *
 * Puts the reason where people look for it, as its tooltip, and where screen readers do.
 */
void
pr_accessible_explain (gpointer widget, const char *reason)
{
  const char *own;

  g_return_if_fail (GTK_IS_WIDGET (widget));

  if (g_object_get_data (widget, TOOLTIP_DATA) == NULL)
    {
      const char *tooltip = gtk_widget_get_tooltip_text (widget);

      g_object_set_data_full (widget, TOOLTIP_DATA, g_strdup (tooltip != NULL ? tooltip : ""),
                              g_free);
    }
  own = g_object_get_data (widget, TOOLTIP_DATA);
  gtk_widget_set_tooltip_text (widget, reason != NULL ? reason : *own != '\0' ? own : NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  reason != NULL ? reason : own, -1);
}

/**
 * pr_accessible_set_obstacle:
 * @owner: a widget with actions
 * @action: the name of one of them
 * @button: what activates it
 * @obstacle: (nullable): why it cannot be used now; %NULL: it can
 */
void
pr_accessible_set_obstacle (gpointer owner,
                            const char *action,
                            gpointer button,
                            const char *obstacle)
{
  gtk_widget_action_set_enabled (owner, action, obstacle == NULL);
  pr_accessible_explain (button, obstacle);
}

/**
 * pr_accessible_read_from_left:
 * @editable: an entry for an address, a host or a time
 *
 * What is written in it reads from left to right whatever the window does, or its parts would be
 * shown in another order; it stands where the others begin.
 */
void
pr_accessible_read_from_left (GtkEditable *editable)
{
  GtkEditable *text = gtk_editable_get_delegate (editable);

  g_return_if_fail (GTK_IS_EDITABLE (editable));

  if (text == NULL || gtk_widget_get_default_direction () != GTK_TEXT_DIR_RTL)
    return;
  gtk_widget_set_direction (GTK_WIDGET (text), GTK_TEXT_DIR_LTR);
  gtk_editable_set_alignment (text, 1.0f);
}

static void
set_name (GtkWidget *widget, const char *name)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

/* What is inside of a button cannot be focused on its own. */
static void
forbid_focus (GtkWidget *widget)
{
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      if (GTK_IS_POPOVER (child))
        continue;
      gtk_widget_set_focusable (child, FALSE);
      forbid_focus (child);
    }
}

/* The list that opens. */
static void
name_choices (GtkWidget *widget, const char *title)
{
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (GTK_IS_LIST_VIEW (child))
      set_name (child, title);
    else
      name_choices (child, title);
}

static void
on_selected (GtkDropDown *drop_down)
{
  GtkWidget *button = gtk_widget_get_first_child (GTK_WIDGET (drop_down));
  const char *name = g_object_get_data (G_OBJECT (drop_down), NAME_DATA);
  gpointer item = gtk_drop_down_get_selected_item (drop_down);
  g_autofree char *text = NULL;

  if (GTK_IS_STRING_OBJECT (item))
    /* Translators: the name of a choice, and what is chosen */
    text = g_strdup_printf (C_ ("accessible name", "%s: %s"), name,
                            gtk_string_object_get_string (item));
  set_name (GTK_WIDGET (drop_down), text != NULL ? text : name);
  if (!GTK_IS_TOGGLE_BUTTON (button))
    return;
  set_name (button, text != NULL ? text : name);
  forbid_focus (button);
}

/**
 * pr_accessible_name_drop_down:
 * @drop_down: a drop-down with strings
 * @name: what is chosen in it
 *
 * The button inside takes the focus, and would be called by its class.
 */
void
pr_accessible_name_drop_down (GtkDropDown *drop_down, const char *name)
{
  g_return_if_fail (GTK_IS_DROP_DOWN (drop_down));

  g_object_set_data_full (G_OBJECT (drop_down), NAME_DATA, g_strdup (name), g_free);
  g_signal_connect (drop_down, "notify::selected-item", G_CALLBACK (on_selected), NULL);
  on_selected (drop_down);
  name_choices (GTK_WIDGET (drop_down), name);
}

/* --- Choices in a form ------------------------------------------------------------------------ */

/* What is said below a row, or else what it is about. */
static const char *
get_note (gpointer row)
{
  const char *note = g_object_get_data (row, NOTE_DATA);

  return note != NULL ? note : gtk_widget_get_tooltip_text (row);
}

static void
describe_choice (AdwComboRow *row)
{
  gpointer item = adw_combo_row_get_selected_item (row);
  const char *value = GTK_IS_STRING_OBJECT (item) ? gtk_string_object_get_string (item) : NULL;
  const char *about = get_note (row);
  g_autofree char *text = NULL;

  name_choices (GTK_WIDGET (row), adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)));
  /* The subtitle explains the row, or is the value. */
  if (about == NULL && !adw_combo_row_get_use_subtitle (row))
    about = adw_action_row_get_subtitle (ADW_ACTION_ROW (row));
  if (about == NULL || *about == '\0')
    text = g_strdup (value);
  else if (value == NULL)
    text = g_strdup (about);
  else
    /* Translators: what is chosen, and what the choice is about, for a screen reader */
    text = g_strdup_printf (C_ ("accessible description", "%s. %s"), value, about);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  text != NULL ? text : "", -1);
}

/**
 * pr_accessible_describe_choice:
 * @row: a row with strings to choose from
 *
 * In libadwaita 1.2 it has a name but says nothing of what is chosen. This says it as its
 * description, which is read with the row, and again when it becomes another.
 */
void
pr_accessible_describe_choice (AdwComboRow *row)
{
  g_return_if_fail (ADW_IS_COMBO_ROW (row));

  gtk_accessible_reset_relation (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_RELATION_DESCRIBED_BY);
  g_signal_connect (row, "notify::selected", G_CALLBACK (describe_choice), NULL);
  g_signal_connect (row, "notify::model", G_CALLBACK (describe_choice), NULL);
  g_signal_connect (row, "notify::subtitle", G_CALLBACK (describe_choice), NULL);
  g_signal_connect (row, "notify::use-subtitle", G_CALLBACK (describe_choice), NULL);
  g_signal_connect (row, "notify::title", G_CALLBACK (describe_choice), NULL);
  describe_choice (row);
}

/**
 * pr_accessible_set_note:
 * @row: a row of a form
 * @note: (nullable): what is said below it; %NULL: nothing but what it is about
 */
void
pr_accessible_set_note (GtkWidget *row, const char *note)
{
  const char *text;

  g_return_if_fail (GTK_IS_WIDGET (row));

  g_object_set_data_full (G_OBJECT (row), NOTE_DATA, g_strdup (note), g_free);
  if (ADW_IS_COMBO_ROW (row))
    {
      describe_choice (ADW_COMBO_ROW (row));
      return;
    }
  text = get_note (row);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  text != NULL ? text : "", -1);
}

/* --- Entries in a form ------------------------------------------------------------------------ */

#if !ADW_CHECK_VERSION(1, 4, 0)
static void
on_focus (GtkWindow *window)
{
  GtkWidget *focus = gtk_window_get_focus (window);
  GtkWidget *row = GTK_IS_TEXT (focus) ? gtk_widget_get_ancestor (focus, ADW_TYPE_ENTRY_ROW) : NULL;
  const char *title, *note;
  g_autofree char *text = NULL;

  if (row == NULL || !gtk_window_is_active (window))
    return;
  title = adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row));
  note = get_note (row);
  if (note != NULL)
    /* Translators: the name of an entry, and what is said of it, for a screen reader */
    text = g_strdup_printf (C_ ("accessible name", "%s. %s"), title, note);
  pr_accessible_announce (window, text != NULL ? text : title);
}

static void
on_windows (GListModel *windows, guint position, guint n_removed, guint n_added)
{
  for (guint i = position; i < position + n_added; i++)
    {
      g_autoptr (GObject) window = g_list_model_get_item (windows, i);

      if (!GTK_IS_WINDOW (window))
        continue;
      g_signal_connect (window, "notify::focus-widget", G_CALLBACK (on_focus), NULL);
      g_signal_connect (window, "notify::is-active", G_CALLBACK (on_focus), NULL);
    }
}
#endif

/**
 * pr_accessible_say_entries:
 * @application: the application, of whose windows, and their dialogs, none is there yet
 *
 * An entry of libadwaita 1.2 and 1.3 does not tell that it has the focus: a screen reader says what
 * is in it, if anything is, and not what it is. So it is announced.
 */
void
pr_accessible_say_entries (GtkApplication *application)
{
  g_return_if_fail (GTK_IS_APPLICATION (application));

#if !ADW_CHECK_VERSION(1, 4, 0)
  g_signal_connect_object (gtk_window_get_toplevels (), "items-changed", G_CALLBACK (on_windows),
                           application, 0);
#endif
}

/* --- Names of classes ------------------------------------------------------------------------- */

/**
 * pr_accessible_hide_stack_pages:
 * @stack: a stack with all of its pages, or with one more
 *
 * The pages of a stack are panels around everything in them, and would be called by their class
 * whenever the focus comes in. Without a name a screen reader passes over them.
 */
void
pr_accessible_hide_stack_pages (GtkStack *stack)
{
  g_autoptr (GListModel) pages = G_LIST_MODEL (gtk_stack_get_pages (stack));

  for (guint i = 0; i < g_list_model_get_n_items (pages); i++)
    {
      g_autoptr (GObject) page = g_list_model_get_item (pages, i);

      if (gtk_stack_page_get_title (GTK_STACK_PAGE (page)) == NULL)
        gtk_accessible_update_property (GTK_ACCESSIBLE (page), GTK_ACCESSIBLE_PROPERTY_LABEL, "",
                                        -1);
    }
}

/**
 * pr_accessible_name_stack_child:
 * @child: a child of a stack
 * @name: what it is about
 *
 * Said when the focus comes into it.
 */
void
pr_accessible_name_stack_child (GtkWidget *child, const char *name)
{
  GtkWidget *stack;

  g_return_if_fail (GTK_IS_WIDGET (child));

  stack = gtk_widget_get_parent (child);
  if (GTK_IS_STACK (stack))
    gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_stack_get_page (GTK_STACK (stack), child)),
                                    GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

/* GTK 4.8 names a button twice: by its label as it was given, with the underscore, and by the
 * widget that shows it. */
static void
name_text_button (GtkButton *button)
{
  const char *label = gtk_button_get_label (button);
  g_autoptr (GString) name = g_string_new (NULL);

  for (const char *from = label != NULL ? label : ""; *from != '\0'; from++)
    {
      if (*from == '_' && from[1] != '\0')
        from++;
      g_string_append_c (name, *from);
    }
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  set_name (GTK_WIDGET (button), name->str);
}

/* The button that shows a password is called by the picture on it, and otherwise by nothing. */
static void
name_by_tooltip (GtkWidget *button)
{
  const char *tooltip = gtk_widget_get_tooltip_text (button);

  set_name (button, tooltip != NULL ? tooltip : "");
}

static void
name_icon_button (GtkWidget *button)
{
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  if (gtk_widget_get_ancestor (button, ADW_TYPE_PASSWORD_ENTRY_ROW) == NULL)
    return;
  name_by_tooltip (button);
  g_signal_connect (button, "notify::tooltip-text", G_CALLBACK (name_by_tooltip), NULL);
}

/* A list is labelled by the title of its group. */
static void
hide_untitled_list (GtkWidget *list)
{
  GtkWidget *group = gtk_widget_get_ancestor (list, ADW_TYPE_PREFERENCES_GROUP);
  const char *title;

  if (group == NULL || gtk_widget_get_ancestor (list, ADW_TYPE_EXPANDER_ROW) != NULL)
    return;
  title = adw_preferences_group_get_title (ADW_PREFERENCES_GROUP (group));
  if (title == NULL || *title == '\0')
    set_name (list, "");
}

/**
 * pr_accessible_hide_classes:
 * @widget: a window, page, dialog or row that is complete
 *
 * Takes the names of classes out of what a screen reader says: of the picture on a button that has
 * a name of its own, of the pages of a stack, of a list in a group without a title, and of the
 * popover of a menu. Buttons are also named once only, and without an underscore.
 */
void
pr_accessible_hide_classes (GtkWidget *widget)
{
  g_return_if_fail (GTK_IS_WIDGET (widget));

  if (GTK_IS_BUTTON (widget) && gtk_button_get_icon_name (GTK_BUTTON (widget)) != NULL)
    name_icon_button (widget);
  if (GTK_IS_BUTTON (widget) && gtk_button_get_label (GTK_BUTTON (widget)) != NULL
      && gtk_button_get_use_underline (GTK_BUTTON (widget)))
    {
      name_text_button (GTK_BUTTON (widget));
      g_signal_connect (widget, "notify::label", G_CALLBACK (name_text_button), NULL);
    }
  if (GTK_IS_STACK (widget))
    pr_accessible_hide_stack_pages (GTK_STACK (widget));
  if (GTK_IS_LIST_BOX (widget))
    hide_untitled_list (widget);
  if (GTK_IS_POPOVER (widget))
    set_name (widget, "");
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    pr_accessible_hide_classes (child);
}

/* --- Expanders -------------------------------------------------------------------------------- */

/* The lists that an expander row consists of, and the row in the first one, which is what takes the
 * focus. */
static void
name_lists (GtkWidget *widget, const char *title)
{
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      if (GTK_IS_LIST_BOX (child))
        {
          GtkListBoxRow *header = gtk_list_box_get_row_at_index (GTK_LIST_BOX (child), 0);

          set_name (child, title);
          if (ADW_IS_ACTION_ROW (header)
              && g_strcmp0 (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (header)), title)
                     == 0)
            set_name (GTK_WIDGET (header), title);
        }
      else
        name_lists (child, title);
    }
}

static void
on_title (AdwExpanderRow *row)
{
  const char *title = adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row));

  set_name (GTK_WIDGET (row), title);
  name_lists (GTK_WIDGET (row), title);
}

/**
 * pr_accessible_name_expander:
 * @row: an expander row
 *
 * Gives it and its inner parts its title as their name.
 */
void
pr_accessible_name_expander (AdwExpanderRow *row)
{
  g_return_if_fail (ADW_IS_EXPANDER_ROW (row));

  g_signal_connect (row, "notify::title", G_CALLBACK (on_title), NULL);
  on_title (row);
}

/* The button that closes a toast is called by the class of the picture on it. */
static void
name_close_button (GtkWidget *widget)
{
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      if (GTK_IS_BUTTON (child) && gtk_button_get_icon_name (GTK_BUTTON (child)) != NULL)
        set_name (child, _ ("Close"));
      else
        name_close_button (child);
    }
}

static void
on_toasts_changed (GListModel *children, guint position, guint n_removed, guint n_added)
{
  for (guint i = position; i < position + n_added; i++)
    {
      g_autoptr (GtkWidget) child = g_list_model_get_item (children, i);

      if (g_str_equal (G_OBJECT_TYPE_NAME (child), "AdwToastWidget"))
        name_close_button (child);
    }
}

/**
 * pr_accessible_name_toasts:
 * @overlay: where toasts are shown
 *
 * Gives names to what is in them.
 */
void
pr_accessible_name_toasts (AdwToastOverlay *overlay)
{
  GListModel *children;

  g_return_if_fail (ADW_IS_TOAST_OVERLAY (overlay));

  children = gtk_widget_observe_children (GTK_WIDGET (overlay));
  g_signal_connect (children, "items-changed", G_CALLBACK (on_toasts_changed), NULL);
  g_object_set_data_full (G_OBJECT (overlay), "pr-children", children, g_object_unref);
}
