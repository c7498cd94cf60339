/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Live regions: texts that change while the focus is elsewhere, which a screen reader says once
 * they have come to rest, so that neither typing nor a running job makes it stammer. What changes
 * in a window at one time is said in one go. A window that is not in front says it when it is.
 * Main thread. */

#include "pr-live-text.h"

#include "pr-accessible.h"

#define SPEAKER_DATA "pr-speaker"
#define REST_MS 400

typedef struct
{
  GtkWidget *widget; /* (nullable) (unowned): %NULL once it is gone; may be the window */
  char *text;
} Saying;

/* Of a window. */
typedef struct
{
  GtkWindow *window;  /* (unowned): whose data this is */
  GPtrArray *sayings; /* (element-type Saying): in the order in which they came */
  guint source;
} Speaker;

static void
saying_free (Saying *saying)
{
  g_clear_weak_pointer (&saying->widget);
  g_free (saying->text);
  g_free (saying);
}

static void
speaker_free (Speaker *self)
{
  g_clear_handle_id (&self->source, g_source_remove);
  g_ptr_array_unref (self->sayings);
  g_free (self);
}

static void
append (GString *said, const char *text)
{
  if (said->len > 0)
    {
      const char *last = g_utf8_prev_char (said->str + said->len);

      g_string_append (said, g_unichar_ispunct (g_utf8_get_char (last)) ? " " : ". ");
    }
  g_string_append (said, text);
}

static gboolean
on_rest (gpointer user_data)
{
  Speaker *self = user_data;
  g_autoptr (GString) said = g_string_new (NULL);

  self->source = 0;
  if (!gtk_window_is_active (self->window))
    return G_SOURCE_REMOVE;
  for (guint i = 0; i < self->sayings->len; i++)
    {
      Saying *saying = g_ptr_array_index (self->sayings, i);

      if (saying->widget != NULL && gtk_widget_get_mapped (saying->widget) && *saying->text != '\0')
        append (said, saying->text);
    }
  g_ptr_array_set_size (self->sayings, 0);
  if (said->len > 0)
    pr_accessible_announce (self->window, said->str);
  return G_SOURCE_REMOVE;
}

static void
wait_for_rest (Speaker *self)
{
  g_clear_handle_id (&self->source, g_source_remove);
  if (self->sayings->len > 0)
    self->source = g_timeout_add (REST_MS, on_rest, self);
}

static void
on_active (GtkWindow *window, GParamSpec *pspec, gpointer user_data)
{
  if (gtk_window_is_active (window))
    wait_for_rest (user_data);
}

static Speaker *
get_speaker (GtkWindow *window)
{
  Speaker *self = g_object_get_data (G_OBJECT (window), SPEAKER_DATA);

  if (self != NULL)
    return self;
  self = g_new0 (Speaker, 1);
  self->window = window;
  self->sayings = g_ptr_array_new_with_free_func ((GDestroyNotify) saying_free);
  g_object_set_data_full (G_OBJECT (window), SPEAKER_DATA, self, (GDestroyNotify) speaker_free);
  g_signal_connect (window, "notify::is-active", G_CALLBACK (on_active), self);
  return self;
}

/**
 * pr_live_text_say:
 * @widget: what shows it
 * @text: what a screen reader says, if @widget is still to be seen when nothing in its window has
 *   changed for 0.4 s; replaces what was to be said of @widget
 */
void
pr_live_text_say (GtkWidget *widget, const char *text)
{
  GtkRoot *root;
  Speaker *speaker;
  Saying *saying;

  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (text != NULL);

  root = gtk_widget_get_root (widget);
  if (!GTK_IS_WINDOW (root))
    return;
  speaker = get_speaker (GTK_WINDOW (root));
  for (guint i = 0; i < speaker->sayings->len; i++)
    if (((Saying *) g_ptr_array_index (speaker->sayings, i))->widget == widget)
      {
        g_ptr_array_remove_index (speaker->sayings, i);
        break;
      }
  saying = g_new0 (Saying, 1);
  g_set_weak_pointer (&saying->widget, widget);
  saying->text = g_strdup (text);
  g_ptr_array_add (speaker->sayings, saying);
  wait_for_rest (speaker);
}

static void
on_label (GtkLabel *label)
{
  pr_live_text_say (GTK_WIDGET (label), gtk_label_get_text (label));
}

/**
 * pr_live_text_follow:
 * @label: a label
 *
 * Has its text said whenever it becomes another.
 */
void
pr_live_text_follow (GtkLabel *label)
{
  g_return_if_fail (GTK_IS_LABEL (label));

  g_signal_connect (label, "notify::label", G_CALLBACK (on_label), NULL);
}
