/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The person's own web browser, by way of the desktop or its portal (RFC 8252 section 4: never a
 * view of our own). Newer toolkits call this otherwise, so it is here alone. Tests are a browser
 * themselves. Main thread. */

#include "pr-browser.h"

#include "pr-dialog.h"

#include <glib/gi18n.h>

static PrBrowserOpener replaced;
static gpointer replaced_data;

typedef struct
{
  GtkWidget *parent; /* (nullable): weak */
  PrBrowserAnswer failed;
  gpointer user_data;
  GDestroyNotify destroy;
} PrOpening;

static void
on_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PrOpening *opening = user_data;
  g_autoptr (GError) error = NULL;

  if (!gtk_show_uri_full_finish (GTK_WINDOW (source), result, &error))
    {
      if (opening->failed != NULL)
        opening->failed (error, opening->user_data);
      else if (opening->parent != NULL)
        pr_dialog_tell (opening->parent, _ ("No Web Browser Could Be Opened"), error->message);
    }
  if (opening->destroy != NULL)
    opening->destroy (opening->user_data);
  g_clear_weak_pointer (&opening->parent);
  g_free (opening);
}

/**
 * pr_browser_open:
 * @parent: a widget of the window that asks
 * @url: a web address
 * @failed: (nullable): called if no browser could be opened; else a dialog says so
 * @user_data: (transfer full): for @failed
 * @destroy: (nullable): frees @user_data
 */
void
pr_browser_open (GtkWidget *parent,
                 const char *url,
                 PrBrowserAnswer failed,
                 gpointer user_data,
                 GDestroyNotify destroy)
{
  PrOpening *opening;

  if (replaced != NULL)
    {
      replaced (url, replaced_data);
      if (destroy != NULL)
        destroy (user_data);
      return;
    }
  opening = g_new0 (PrOpening, 1);
  g_set_weak_pointer (&opening->parent, parent);
  opening->failed = failed;
  opening->user_data = user_data;
  opening->destroy = destroy;
  gtk_show_uri_full (GTK_WINDOW (gtk_widget_get_root (parent)), url, GDK_CURRENT_TIME, NULL,
                     on_opened, opening);
}

/**
 * pr_browser_set_opener:
 * @opener: (nullable): what opens addresses from now on; %NULL: the person's browser
 * @user_data: for @opener
 */
void
pr_browser_set_opener (PrBrowserOpener opener, gpointer user_data)
{
  replaced = opener;
  replaced_data = user_data;
}
