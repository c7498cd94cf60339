/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * PrBrowserOpener:
 * @url: what to open
 * @user_data: as it was given
 *
 * Opens an address instead of the person's web browser.
 */
typedef void (*PrBrowserOpener) (const char *url, gpointer user_data);

/**
 * PrBrowserAnswer:
 * @error: why no browser could be opened
 * @user_data: as it was given
 */
typedef void (*PrBrowserAnswer) (const GError *error, gpointer user_data);

void pr_browser_open (GtkWidget *parent,
                      const char *url,
                      PrBrowserAnswer failed,
                      gpointer user_data,
                      GDestroyNotify destroy);
void pr_browser_set_opener (PrBrowserOpener opener, gpointer user_data);

G_END_DECLS
