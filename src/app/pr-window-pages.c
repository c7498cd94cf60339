/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrWindow: its pages. Each is made when it is first shown or asked for, because most starts want
 * one of them only: a window with all of them takes half as long again to appear. Main thread. */

#include "pr-window-private.h"

#include "pr-accessible.h"
#include "pr-alerts-page.h"
#include "pr-analyzer-page.h"
#include "pr-mailboxes-page.h"
#include "pr-overview-page.h"
#include "pr-profiles-page.h"
#include "pr-settings-page.h"

typedef struct
{
  const char *name;
  GType (*get_type) (void);
} PrPageKind;

static const PrPageKind kinds[] = {
  { "overview", pr_overview_page_get_type }, { "profiles", pr_profiles_page_get_type },
  { "settings", pr_settings_page_get_type }, { "mailboxes", pr_mailboxes_page_get_type },
  { "alerts", pr_alerts_page_get_type },     { "analyzer", pr_analyzer_page_get_type },
};

static PrSidebarRow *
find_row (PrWindow *self, const char *page)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->sidebar, i)) != NULL; i++)
    if (g_strcmp0 (pr_sidebar_row_get_page (PR_SIDEBAR_ROW (row)), page) == 0)
      return PR_SIDEBAR_ROW (row);
  return NULL;
}

void
pr_window_on_row_activated (PrWindow *self, GtkListBoxRow *row)
{
  g_assert (PR_IS_WINDOW (self));

  pr_window_show_page (self, pr_sidebar_row_get_page (PR_SIDEBAR_ROW (row)));
  if (pr_split_view_get_collapsed (self->split))
    pr_split_view_set_show_sidebar (self->split, FALSE);
}

void
pr_window_on_visible_page (PrWindow *self)
{
  const char *name = gtk_stack_get_visible_child_name (self->pages);
  PrSidebarRow *row = name != NULL ? find_row (self, name) : NULL;

  g_assert (PR_IS_WINDOW (self));

  if (row == NULL)
    return;
  gtk_list_box_select_row (self->sidebar, GTK_LIST_BOX_ROW (row));
  if (self->settings != NULL)
    g_settings_set_string (self->settings, "page", name);
  pr_window_update_actions (self);
}

static void
tell_page (PrWindow *self, PrPage *page)
{
  pr_page_overview_changed (page, pr_overview_loader_get (self->loader),
                            pr_overview_loader_get_error (self->loader));
}

static PrPage *
make_page (PrWindow *self, const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_strcmp0 (kinds[i].name, name) == 0)
      {
        PrPage *page = g_object_new (kinds[i].get_type (), NULL);

        /* The title is said when the focus comes into the page. */
        gtk_stack_add_titled (self->pages, GTK_WIDGET (page), name,
                              pr_sidebar_row_get_title (find_row (self, name)));
        pr_accessible_hide_classes (GTK_WIDGET (page));
        pr_page_set_environment (page, self->environment);
        if (self->environment != NULL)
          tell_page (self, page);
        if (pr_window_is_testing (self))
          pr_page_job_changed (page, pr_window_get_job (self));
        return page;
      }
  return NULL;
}

/**
 * pr_window_show_page:
 * @self: a window
 * @name: "overview", "profiles", "settings", "mailboxes", "alerts" or "analyzer"
 */
void
pr_window_show_page (PrWindow *self, const char *name)
{
  g_return_if_fail (PR_IS_WINDOW (self));

  if (pr_window_get_page (self, name) != NULL)
    gtk_stack_set_visible_child_name (self->pages, name);
}

/**
 * pr_window_get_page:
 * @self: a window
 * @name: name of a page
 *
 * Returns: (transfer none) (nullable): that page, made if it was not there yet
 */
PrPage *
pr_window_get_page (PrWindow *self, const char *name)
{
  GtkWidget *page;

  g_return_val_if_fail (PR_IS_WINDOW (self), NULL);

  page = gtk_stack_get_child_by_name (self->pages, name);
  return page != NULL ? PR_PAGE (page) : make_page (self, name);
}

/**
 * pr_window_get_visible_page:
 * @self: a window
 *
 * Returns: (transfer none) (nullable): the page that is shown
 */
PrPage *
pr_window_get_visible_page (PrWindow *self)
{
  GtkWidget *page;

  g_return_val_if_fail (PR_IS_WINDOW (self), NULL);

  page = gtk_stack_get_visible_child (self->pages);
  return page != NULL ? PR_PAGE (page) : NULL;
}

/**
 * pr_window_set_count:
 * @self: a window
 * @page: name of a page
 * @count: how many the sidebar shows beside it
 * @attention: whether they want to be looked at
 */
void
pr_window_set_count (PrWindow *self, const char *page, guint count, gboolean attention)
{
  PrSidebarRow *row = find_row (self, page);

  g_return_if_fail (row != NULL);

  pr_sidebar_row_set_count (row, count, attention);
}

static void
for_each_page (PrWindow *self, void (*function) (PrPage *page))
{
  GtkWidget *page = gtk_widget_get_first_child (GTK_WIDGET (self->pages));

  for (; page != NULL; page = gtk_widget_get_next_sibling (page))
    function (PR_PAGE (page));
}

/**
 * pr_window_data_changed:
 * @self: a window
 *
 * Mailboxes, alerts or results have changed: the counts are read again, and all pages when they
 * are next seen.
 */
void
pr_window_data_changed (PrWindow *self)
{
  g_return_if_fail (PR_IS_WINDOW (self));

  pr_overview_loader_reload (self->loader);
  pr_window_update_banner (self);
  for_each_page (self, pr_page_invalidate);
}

/* The counts of the environment are new, or could not be read. */
void
pr_window_tell_overview (PrWindow *self)
{
  GtkWidget *page = gtk_widget_get_first_child (GTK_WIDGET (self->pages));

  for (; page != NULL; page = gtk_widget_get_next_sibling (page))
    tell_page (self, PR_PAGE (page));
}

/* A job was started, or is over. */
void
pr_window_tell_job (PrWindow *self)
{
  PrWindowJob *job = pr_window_is_testing (self) ? pr_window_get_job (self) : NULL;
  GtkWidget *page = gtk_widget_get_first_child (GTK_WIDGET (self->pages));

  for (; page != NULL; page = gtk_widget_get_next_sibling (page))
    pr_page_job_changed (PR_PAGE (page), job);
}
