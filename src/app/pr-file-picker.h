/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * PrFileAnswer:
 * @file: what was chosen
 *
 * Called with a file that somebody has chosen, in the main thread; not when the dialog was
 * closed.
 */
typedef void (*PrFileAnswer) (GFile *file, gpointer user_data);

void pr_file_picker_open (GtkWidget *parent,
                          const char *title,
                          GtkFileFilter *filter,
                          PrFileAnswer answer,
                          gpointer user_data);
void pr_file_picker_save (GtkWidget *parent,
                          const char *title,
                          const char *name,
                          PrFileAnswer answer,
                          gpointer user_data);

G_END_DECLS
