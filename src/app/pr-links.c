/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Links within the window: "mailbox:ID", "profile:ID" and "owner:NAME". Main thread. */

#include "pr-links.h"

#include "pr-alerts-page.h"
#include "pr-mailboxes-page.h"

#include <string.h>

/**
 * pr_link_get_window:
 * @widget: a widget
 *
 * Returns: (transfer none) (nullable): the window that it belongs to, or that its dialog lies over
 */
PrWindow *
pr_link_get_window (GtkWidget *widget)
{
  GtkWidget *window = gtk_widget_get_ancestor (widget, PR_TYPE_WINDOW);

  /* A dialog belongs to the window that it lies over. */
  if (window == NULL && GTK_IS_WINDOW (gtk_widget_get_root (widget)))
    window = GTK_WIDGET (gtk_window_get_transient_for (GTK_WINDOW (gtk_widget_get_root (widget))));
  return window != NULL && PR_IS_WINDOW (window) ? PR_WINDOW (window) : NULL;
}

/**
 * pr_link_open_mailbox:
 * @widget: where somebody clicked
 * @id: a mailbox
 *
 * Opens its form.
 */
void
pr_link_open_mailbox (GtkWidget *widget, gint64 id)
{
  PrWindow *window = pr_link_get_window (widget);

  if (window == NULL)
    return;
  pr_window_show_page (window, "mailboxes");
  pr_mailboxes_page_open (PR_MAILBOXES_PAGE (pr_window_get_page (window, "mailboxes")), id);
}

/**
 * pr_link_open_profile:
 * @widget: where somebody clicked
 * @id: a server profile
 *
 * Opens its form.
 */
void
pr_link_open_profile (GtkWidget *widget, gint64 id)
{
  PrWindow *window = pr_link_get_window (widget);

  if (window == NULL)
    return;
  pr_window_show_page (window, "profiles");
  gtk_widget_activate_action (GTK_WIDGET (pr_window_get_page (window, "profiles")), "profile.edit",
                              "x", id);
}

/**
 * pr_link_show_failed:
 * @widget: where somebody clicked
 * @profile_id: a server profile; 0: any
 * @code: why they failed
 *
 * Shows the mailboxes whose last test failed like that.
 */
void
pr_link_show_failed (GtkWidget *widget, gint64 profile_id, PrCode code)
{
  PrWindow *window = pr_link_get_window (widget);

  if (window == NULL)
    return;
  gtk_widget_activate_action (GTK_WIDGET (window), "win.show-mailboxes", "(sxs)", "failed",
                              profile_id, pr_code_to_word (code));
  gtk_window_present (GTK_WINDOW (window));
}

/**
 * pr_link_open:
 * @widget: where somebody clicked
 * @uri: a link within the window
 *
 * Returns: whether it was one
 */
gboolean
pr_link_open (GtkWidget *widget, const char *uri)
{
  PrWindow *window = pr_link_get_window (widget);
  g_autofree char *owner = NULL;

  if (g_str_has_prefix (uri, "mailbox:"))
    pr_link_open_mailbox (widget, g_ascii_strtoll (uri + strlen ("mailbox:"), NULL, 10));
  else if (g_str_has_prefix (uri, "profile:"))
    pr_link_open_profile (widget, g_ascii_strtoll (uri + strlen ("profile:"), NULL, 10));
  else if (g_str_has_prefix (uri, "owner:") && window != NULL)
    {
      owner = g_uri_unescape_string (uri + strlen ("owner:"), NULL);
      pr_window_show_page (window, "alerts");
      pr_alerts_page_show (PR_ALERTS_PAGE (pr_window_get_page (window, "alerts")), 0, 0, owner);
    }
  else
    return FALSE;
  return TRUE;
}
