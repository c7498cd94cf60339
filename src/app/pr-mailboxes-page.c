/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrMailboxesPage: which mailboxes the grid shows, and what the page looks like around it. The
 * commands are in pr-mailboxes-page-actions.c. Main thread. */

#include "pr-mailboxes-page-private.h"

#include "pr-accessible.h"
#include "pr-application.h"
#include "pr-live-text.h"
#include "pr-menu-button.h"
#include "pr-shortcuts.h"
#include "pr-words.h"

#include <glib/gi18n.h>

G_DEFINE_FINAL_TYPE (PrMailboxesPage, pr_mailboxes_page, PR_TYPE_PAGE)

/* In the order of the drop-down. */
static const PrView views[] = {
  PR_VIEW_ACTIVE,     PR_VIEW_INACTIVE, PR_VIEW_ALL,     PR_VIEW_PENDING,
  PR_VIEW_NOT_TESTED, PR_VIEW_FAILED,   PR_VIEW_ENABLED, PR_VIEW_FORWARD,
};

static const PrShortcut shortcuts[] = {
  { "<Control>n", "mailboxes.new" },
  { "<Control>f", "mailboxes.search" },
  { "F5", "mailboxes.test" },
};

/* Only with the focus in the grid: in the form the key is for the text. */
static const PrShortcut grid_shortcuts[] = {
  { "Delete", "mailboxes.delete" },
  { "KP_Delete", "mailboxes.delete" },
};

static GSettings *
get_settings (PrMailboxesPage *self)
{
  GApplication *application = g_application_get_default ();

  return PR_IS_APPLICATION (application)
             ? pr_application_get_settings (PR_APPLICATION (application))
             : NULL;
}

/* --- What is listed --------------------------------------------------------------------------- */

static gboolean
is_narrowed (PrMailboxesPage *self)
{
  return self->view != PR_VIEW_ALL || self->profile_id != 0 || self->code != NULL
         || *gtk_editable_get_text (GTK_EDITABLE (self->search_entry)) != '\0';
}

static void
show_filter (PrMailboxesPage *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (PrServerProfile) profile = NULL;
  PrCode code;

  if (self->profile_id != 0 && pr_page_get_environment (PR_PAGE (self)) != NULL)
    profile = pr_environment_find_profile_by_id (pr_page_get_environment (PR_PAGE (self)),
                                                 self->profile_id);
  if (profile != NULL)
    g_string_append (text, pr_server_profile_get_text (profile, NAME));
  if (pr_code_from_word (self->code, &code))
    g_string_append_printf (text, "%s%s", text->len > 0 ? " · " : "", pr_word_of_code (code));
  gtk_label_set_label (self->filter_label, text->str);
  gtk_widget_set_visible (GTK_WIDGET (self->filter_button), text->len > 0);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->filter_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, text->str, -1);
}

/* Asks for the mailboxes that the view, the search and the headings say. */
void
pr_mailboxes_page_list_again (PrMailboxesPage *self)
{
  g_autoptr (PrSelection) selection = NULL;

  if (self->list == NULL || self->restoring)
    return;
  selection = pr_selection_new_view (self->view);
  pr_selection_set_search (selection, gtk_editable_get_text (GTK_EDITABLE (self->search_entry)));
  pr_selection_set_profile (selection, self->profile_id);
  pr_selection_set_code (selection, self->code);
  pr_grid_apply_sort (self->grid, selection);
  self->listed = TRUE;
  pr_mailbox_list_set_selection (self->list, selection);
}

/* Another view is another question: nothing of what was selected is meant any more. */
static void
list_anew (PrMailboxesPage *self)
{
  if (self->selection != NULL)
    gtk_selection_model_unselect_all (GTK_SELECTION_MODEL (self->selection));
  pr_mailboxes_page_list_again (self);
}

static void
set_view (PrMailboxesPage *self, PrView view)
{
  self->view = view;
  for (guint i = 0; i < G_N_ELEMENTS (views); i++)
    if (views[i] == view)
      gtk_drop_down_set_selected (self->view_drop_down, i);
}

static void
on_view_changed (PrMailboxesPage *self)
{
  guint selected = gtk_drop_down_get_selected (self->view_drop_down);
  GSettings *settings = get_settings (self);

  g_assert (PR_IS_MAILBOXES_PAGE (self));

  if (selected >= G_N_ELEMENTS (views) || views[selected] == self->view)
    return;
  self->view = views[selected];
  if (settings != NULL && !self->restoring)
    g_settings_set_string (settings, "grid-view", pr_enum_to_nick (PR_TYPE_VIEW, (int) self->view));
  list_anew (self);
}

static void
on_search_changed (PrMailboxesPage *self)
{
  g_assert (PR_IS_MAILBOXES_PAGE (self));

  list_anew (self);
}

static void
on_sort_changed (PrMailboxesPage *self)
{
  GSettings *settings = get_settings (self);
  gboolean descending;
  const char *column = pr_grid_get_sort (self->grid, &descending);

  g_assert (PR_IS_MAILBOXES_PAGE (self));

  if (settings != NULL && !self->restoring)
    g_settings_set (settings, "grid-sort", "(sb)", column != NULL ? column : "", descending);
  pr_mailboxes_page_list_again (self);
}

static void
on_columns_changed (PrMailboxesPage *self)
{
  GSettings *settings = get_settings (self);
  g_auto (GStrv) columns = pr_grid_get_shown_columns (self->grid);

  g_assert (PR_IS_MAILBOXES_PAGE (self));

  if (settings != NULL && !self->restoring)
    g_settings_set_strv (settings, "grid-columns", (const char *const *) columns);
}

/* Takes away the filters that others have set. */
void
pr_mailboxes_page_clear_filter (PrMailboxesPage *self)
{
  self->profile_id = 0;
  g_clear_pointer (&self->code, g_free);
  show_filter (self);
  list_anew (self);
}

/**
 * pr_mailboxes_page_show:
 * @self: the page
 * @view: a view
 * @profile_id: only mailboxes of this profile; 0: of all
 * @code: (nullable): only mailboxes whose last test ended with this error
 *
 * Shows some mailboxes: for links from other pages.
 */
void
pr_mailboxes_page_show (PrMailboxesPage *self, PrView view, gint64 profile_id, const char *code)
{
  g_return_if_fail (PR_IS_MAILBOXES_PAGE (self));

  self->restoring = TRUE;
  set_view (self, view);
  self->profile_id = profile_id;
  g_free (self->code);
  self->code = g_strdup (code);
  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
  gtk_search_bar_set_search_mode (self->search_bar, FALSE);
  self->restoring = FALSE;
  gtk_stack_set_visible_child_name (self->stack, "grid");
  show_filter (self);
  list_anew (self);
}

/* --- What it looks like ----------------------------------------------------------------------- */

static void on_counts_changed (PrMailboxesPage *self);

static const char *
get_state (PrMailboxesPage *self)
{
  if (self->list == NULL || !self->listed)
    return "loading";
  if (pr_mailbox_list_get_error (self->list) != NULL)
    return "failure";
  if (g_list_model_get_n_items (G_LIST_MODEL (self->list)) > 0)
    return "rows";
  if (pr_mailbox_list_is_loading (self->list))
    return g_str_equal (gtk_stack_get_visible_child_name (self->states), "rows") ? "rows"
                                                                                 : "loading";
  return is_narrowed (self) && self->any ? "nothing" : "empty";
}

static void
show_counts (PrMailboxesPage *self)
{
  guint n = self->list != NULL ? g_list_model_get_n_items (G_LIST_MODEL (self->list)) : 0;
  guint n_selected =
      self->selection != NULL ? pr_grid_selection_get_n_selected (self->selection) : 0;
  g_autofree char *text = NULL;

  if (n_selected > 0)
    /* Translators: how many mailboxes are selected, and how many there are in the view */
    text = g_strdup_printf (_ ("%u of %u selected"), n_selected, n);
  else
    text = g_strdup_printf (ngettext ("%u mailbox", "%u mailboxes", n), n);
  /* What came with the page is not news; that a row is selected is said with the row. */
  if (self->counted && n_selected != 1
      && g_strcmp0 (text, gtk_label_get_label (self->count_label)) != 0)
    pr_live_text_say (GTK_WIDGET (self->count_label), text);
  self->counted = self->counted || n > 0;
  gtk_label_set_label (self->count_label, text);
  gtk_revealer_set_reveal_child (self->command_revealer, n_selected > 0);
}

static void
on_any_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrMailboxesPage) self = user_data;
  g_autoptr (GPtrArray) any =
      pr_environment_list_mailboxes_finish (PR_ENVIRONMENT (source), result, NULL);

  if (any == NULL || source != (GObject *) pr_page_get_environment (PR_PAGE (self)))
    return;
  self->any = any->len > 0;
  on_counts_changed (self);
}

/* “None here” and “none at all” want different words. */
static void
look_for_any (PrMailboxesPage *self)
{
  g_autoptr (PrSelection) one = pr_selection_new_all ();

  pr_selection_set_page (one, 0, 1);
  pr_environment_list_mailboxes_async (pr_page_get_environment (PR_PAGE (self)), one, NULL,
                                       on_any_listed, g_object_ref (self));
}

static void
on_loading (PrMailboxesPage *self)
{
  g_assert (PR_IS_MAILBOXES_PAGE (self));

  if (!pr_mailbox_list_is_loading (self->list)
      && g_list_model_get_n_items (G_LIST_MODEL (self->list)) == 0 && is_narrowed (self))
    look_for_any (self);
}

static void
on_counts_changed (PrMailboxesPage *self)
{
  const GError *error = self->list != NULL ? pr_mailbox_list_get_error (self->list) : NULL;
  const char *state = get_state (self);
  g_autofree char *description = NULL;

  g_assert (PR_IS_MAILBOXES_PAGE (self));

  if (error != NULL)
    adw_status_page_set_description (self->failure_page, error->message);
  /* Translators: the name of a view, such as “Failed” */
  description = g_strdup_printf (_ ("There is no mailbox that fits in the view “%s”."),
                                 pr_word_of (PR_TYPE_VIEW, (int) self->view));
  adw_status_page_set_description (self->nothing_page, description);
  gtk_spinner_set_spinning (self->spinner, g_str_equal (state, "loading"));
  gtk_stack_set_visible_child_name (self->states, state);
  show_counts (self);
  pr_mailboxes_page_set_actions (self);
}

static void
on_form_closed (PrMailboxesPage *self)
{
  g_assert (PR_IS_MAILBOXES_PAGE (self));

  gtk_stack_set_visible_child_name (self->stack, "grid");
  gtk_widget_grab_focus (pr_grid_get_view (self->grid));
}

/* As many widgets as the whole page has without it, and most people only look at the list. */
PrMailboxForm *
pr_mailboxes_page_get_form (PrMailboxesPage *self)
{
  if (self->form == NULL)
    {
      self->form = g_object_new (PR_TYPE_MAILBOX_FORM, NULL);
      g_signal_connect_swapped (self->form, "closed", G_CALLBACK (on_form_closed), self);
      gtk_stack_add_named (self->stack, GTK_WIDGET (self->form), "form");
      pr_accessible_hide_classes (GTK_WIDGET (self->form));
      pr_accessible_hide_stack_pages (self->stack);
    }
  return self->form;
}

/**
 * pr_mailboxes_page_open:
 * @self: the page
 * @mailbox_id: a mailbox
 *
 * Opens its form.
 */
void
pr_mailboxes_page_open (PrMailboxesPage *self, gint64 mailbox_id)
{
  g_return_if_fail (PR_IS_MAILBOXES_PAGE (self));

  if (pr_page_get_environment (PR_PAGE (self)) == NULL || mailbox_id == 0)
    return;
  pr_mailbox_form_open (pr_mailboxes_page_get_form (self), pr_page_get_environment (PR_PAGE (self)),
                        mailbox_id);
  gtk_stack_set_visible_child_name (self->stack, "form");
}

/* --- PrPage ----------------------------------------------------------------------------------- */

static void
drop_list (PrMailboxesPage *self)
{
  if (self->list == NULL)
    return;
  pr_mailbox_list_set_progress_func (self->list, NULL, NULL);
  g_signal_handlers_disconnect_by_data (self->list, self);
  g_signal_handlers_disconnect_by_data (self->selection, self);
  pr_grid_set_selection (self->grid, NULL);
  g_clear_object (&self->selection);
  g_clear_object (&self->list);
}

static void
pr_mailboxes_page_environment_changed (PrPage *page, PrEnvironment *environment)
{
  PrMailboxesPage *self = PR_MAILBOXES_PAGE (page);

  drop_list (self);
  self->listed = FALSE;
  self->profile_id = 0;
  g_clear_pointer (&self->code, g_free);
  if (self->form != NULL)
    pr_mailbox_form_close (self->form);
  gtk_stack_set_visible_child_name (self->stack, "grid");
  if (environment != NULL)
    {
      self->list = pr_environment_new_mailbox_list (environment);
      self->selection = pr_grid_selection_new (self->list);
      g_signal_connect_swapped (self->list, "notify", G_CALLBACK (on_counts_changed), self);
      g_signal_connect_swapped (self->list, "notify::loading", G_CALLBACK (on_loading), self);
      g_signal_connect_swapped (self->selection, "notify::n-selected",
                                G_CALLBACK (on_counts_changed), self);
      pr_grid_set_selection (self->grid, self->selection);
      pr_mailboxes_page_show_job (self);
    }
  show_filter (self);
  on_counts_changed (self);
}

/* The list follows what is written by itself; here it only begins. */
static void
pr_mailboxes_page_refresh (PrPage *page)
{
  PrMailboxesPage *self = PR_MAILBOXES_PAGE (page);

  if (!self->listed)
    pr_mailboxes_page_list_again (self);
  show_filter (self);
}

static gboolean
pr_mailboxes_page_has_changes (PrPage *page)
{
  PrMailboxForm *form = PR_MAILBOXES_PAGE (page)->form;

  return form != NULL && pr_mailbox_form_is_dirty (form);
}

static void
pr_mailboxes_page_job_changed (PrPage *page, PrWindowJob *job)
{
  pr_mailboxes_page_set_job (PR_MAILBOXES_PAGE (page), job);
}

static void
pr_mailboxes_page_update_actions (PrPage *page)
{
  pr_mailboxes_page_set_actions (PR_MAILBOXES_PAGE (page));
}

static void
pr_mailboxes_page_map (GtkWidget *widget)
{
  PrMailboxesPage *self = PR_MAILBOXES_PAGE (widget);

  GTK_WIDGET_CLASS (pr_mailboxes_page_parent_class)->map (widget);
  self->shortcuts = pr_shortcuts_new (shortcuts, G_N_ELEMENTS (shortcuts));
  gtk_widget_add_controller (widget, self->shortcuts);
}

static void
pr_mailboxes_page_unmap (GtkWidget *widget)
{
  PrMailboxesPage *self = PR_MAILBOXES_PAGE (widget);

  gtk_widget_remove_controller (widget, g_steal_pointer (&self->shortcuts));
  GTK_WIDGET_CLASS (pr_mailboxes_page_parent_class)->unmap (widget);
}

/* --- The object ------------------------------------------------------------------------------- */

static void
pr_mailboxes_page_dispose (GObject *object)
{
  PrMailboxesPage *self = PR_MAILBOXES_PAGE (object);

  pr_mailboxes_page_drop_job (self);
  drop_list (self);
  g_clear_pointer (&self->code, g_free);
  G_OBJECT_CLASS (pr_mailboxes_page_parent_class)->dispose (object);
}

static void
pr_mailboxes_page_class_init (PrMailboxesPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  PrPageClass *page_class = PR_PAGE_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pr_mailboxes_page_dispose;
  widget_class->map = pr_mailboxes_page_map;
  widget_class->unmap = pr_mailboxes_page_unmap;
  page_class->environment_changed = pr_mailboxes_page_environment_changed;
  page_class->refresh = pr_mailboxes_page_refresh;
  page_class->update_actions = pr_mailboxes_page_update_actions;
  page_class->job_changed = pr_mailboxes_page_job_changed;
  page_class->has_changes = pr_mailboxes_page_has_changes;

  g_type_ensure (PR_TYPE_GRID);
  g_type_ensure (PR_TYPE_BUSY_BAR);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/postroom/Postroom/ui/pr-mailboxes-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PrMailboxesPage, stack);
  gtk_widget_class_bind_template_child (widget_class, PrMailboxesPage, states);
  gtk_widget_class_bind_template_child (widget_class, PrMailboxesPage, spinner);
  gtk_widget_class_bind_template_child (widget_class, PrMailboxesPage, search_bar);
  gtk_widget_class_bind_template_child (widget_class, PrMailboxesPage, search_entry);
  gtk_widget_class_bind_template_child (widget_class, PrMailboxesPage, view_drop_down);
  gtk_widget_class_bind_template_child (widget_class, PrMailboxesPage, filter_button);
  gtk_widget_class_bind_template_child (widget_class, PrMailboxesPage, filter_label);
  gtk_widget_class_bind_template_child (widget_class, PrMailboxesPage, count_label);
  gtk_widget_class_bind_template_child (widget_class, PrMailboxesPage, columns_section);
  gtk_widget_class_bind_template_child (widget_class, PrMailboxesPage, more_button);
  gtk_widget_class_bind_template_child (widget_class, PrMailboxesPage, more_menu);
  gtk_widget_class_bind_template_child (widget_class, PrMailboxesPage, commands_button);
  gtk_widget_class_bind_template_child (widget_class, PrMailboxesPage, narrow_commands_button);
  gtk_widget_class_bind_template_child (widget_class, PrMailboxesPage, commands_menu);
  gtk_widget_class_bind_template_child (widget_class, PrMailboxesPage, grid);
  gtk_widget_class_bind_template_child (widget_class, PrMailboxesPage, nothing_page);
  gtk_widget_class_bind_template_child (widget_class, PrMailboxesPage, failure_page);
  gtk_widget_class_bind_template_child (widget_class, PrMailboxesPage, busy_bar);
  gtk_widget_class_bind_template_child (widget_class, PrMailboxesPage, command_revealer);
  gtk_widget_class_bind_template_callback (widget_class, on_view_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_sort_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_columns_changed);
  gtk_widget_class_bind_template_callback (widget_class, pr_mailboxes_page_open);
  pr_mailboxes_page_class_install_actions (widget_class);
}

/* What was kept from the last start. */
static void
restore_state (PrMailboxesPage *self)
{
  GSettings *settings = get_settings (self);
  g_autofree char *view = NULL;
  g_autofree char *column = NULL;
  g_auto (GStrv) columns = NULL;
  gboolean descending = FALSE;
  int value = PR_VIEW_ACTIVE;

  if (settings != NULL)
    {
      view = g_settings_get_string (settings, "grid-view");
      columns = g_settings_get_strv (settings, "grid-columns");
      g_settings_get (settings, "grid-sort", "(sb)", &column, &descending);
    }
  if (!pr_enum_from_nick (PR_TYPE_VIEW, view != NULL ? view : "active", &value))
    value = PR_VIEW_ACTIVE;
  set_view (self, (PrView) value);
  pr_grid_set_shown_columns (self->grid, (const char *const *) columns);
  pr_grid_set_sort (self->grid, column != NULL && *column != '\0' ? column : "name", descending);
}

static void
pr_mailboxes_page_init (PrMailboxesPage *self)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  self->restoring = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; i < G_N_ELEMENTS (views); i++)
    gtk_string_list_append (names, pr_word_of (PR_TYPE_VIEW, (int) views[i]));
  gtk_drop_down_set_model (self->view_drop_down, G_LIST_MODEL (names));
  pr_accessible_name_drop_down (self->view_drop_down, _ ("View"));
  g_menu_append_submenu (self->columns_section, _ ("_Sort By"), pr_grid_get_sort_menu (self->grid));
  g_menu_append_submenu (self->columns_section, _ ("_Columns"),
                         pr_grid_get_columns_menu (self->grid));
  gtk_widget_insert_action_group (GTK_WIDGET (self), "columns",
                                  pr_grid_get_column_actions (self->grid));
  pr_menu_button_attach (self->more_button, self->more_menu);
  pr_menu_button_attach (self->commands_button, self->commands_menu);
  pr_menu_button_attach (self->narrow_commands_button, self->commands_menu);
  pr_grid_set_menu (self->grid, self->commands_menu);
  gtk_widget_add_controller (
      GTK_WIDGET (self->grid),
      pr_shortcuts_new_local (grid_shortcuts, G_N_ELEMENTS (grid_shortcuts)));
  gtk_search_bar_connect_entry (self->search_bar, GTK_EDITABLE (self->search_entry));
  gtk_search_bar_set_key_capture_widget (self->search_bar, GTK_WIDGET (self->grid));
  restore_state (self);
  self->restoring = FALSE;
  on_counts_changed (self);
}
