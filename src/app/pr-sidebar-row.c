/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrSidebarRow: one page in the sidebar. Main thread. */

#include "pr-sidebar-row.h"

#include "pr-css.h"

#include <string.h>

struct _PrSidebarRow
{
  GtkListBoxRow parent_instance;

  /* Template children */
  GtkInscription *count_text;

  /* Owned */
  char *page;
  char *title;
  char *icon_name;

  guint count;
  gboolean attention;
};

enum
{
  PROP_0,
  PROP_PAGE,
  PROP_TITLE,
  PROP_ICON_NAME,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PrSidebarRow, pr_sidebar_row, GTK_TYPE_LIST_BOX_ROW)

static void
pr_sidebar_row_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PrSidebarRow *self = PR_SIDEBAR_ROW (object);

  switch (id)
    {
      case PROP_PAGE:
        g_value_set_string (value, self->page);
        break;
      case PROP_TITLE:
        g_value_set_string (value, self->title);
        break;
      case PROP_ICON_NAME:
        g_value_set_string (value, self->icon_name);
        break;
      default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
pr_sidebar_row_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  PrSidebarRow *self = PR_SIDEBAR_ROW (object);

  switch (id)
    {
      case PROP_PAGE:
        self->page = g_value_dup_string (value);
        break;
      case PROP_TITLE:
        self->title = g_value_dup_string (value);
        gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                        self->title, -1);
        break;
      case PROP_ICON_NAME:
        self->icon_name = g_value_dup_string (value);
        break;
      default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
pr_sidebar_row_finalize (GObject *object)
{
  PrSidebarRow *self = PR_SIDEBAR_ROW (object);

  g_free (self->page);
  g_free (self->title);
  g_free (self->icon_name);
  G_OBJECT_CLASS (pr_sidebar_row_parent_class)->finalize (object);
}

static void
pr_sidebar_row_class_init (PrSidebarRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->finalize = pr_sidebar_row_finalize;
  object_class->get_property = pr_sidebar_row_get_property;
  object_class->set_property = pr_sidebar_row_set_property;

  properties[PROP_PAGE] = g_param_spec_string ("page", NULL, NULL, NULL, flags);
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_ICON_NAME] = g_param_spec_string ("icon-name", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/postroom/Postroom/ui/pr-sidebar-row.ui");
  gtk_widget_class_bind_template_child (widget_class, PrSidebarRow, count_text);
}

static void
pr_sidebar_row_init (PrSidebarRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * pr_sidebar_row_get_page:
 * @self: a row
 *
 * Returns: (transfer none): the name of the page that it leads to
 */
const char *
pr_sidebar_row_get_page (PrSidebarRow *self)
{
  g_return_val_if_fail (PR_IS_SIDEBAR_ROW (self), NULL);

  return self->page;
}

const char *
pr_sidebar_row_get_title (PrSidebarRow *self)
{
  g_return_val_if_fail (PR_IS_SIDEBAR_ROW (self), NULL);

  return self->title;
}

/**
 * pr_sidebar_row_set_count:
 * @self: a row
 * @count: how many; 0 shows nothing
 * @attention: whether they want to be looked at
 */
void
pr_sidebar_row_set_count (PrSidebarRow *self, guint count, gboolean attention)
{
  g_autofree char *number = g_strdup_printf ("%u", count);

  g_return_if_fail (PR_IS_SIDEBAR_ROW (self));

  gtk_inscription_set_text (self->count_text, number);
  gtk_inscription_set_min_chars (self->count_text, (guint) strlen (number));
  gtk_widget_set_visible (GTK_WIDGET (self->count_text), count > 0);
  pr_css_set_class (self->count_text, "attention", attention);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  count > 0 ? number : "", -1);
}
