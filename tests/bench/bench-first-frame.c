/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How long any program of X11 takes from its start to its first frame, and how much memory: seen
 * from outside, in the same way whoever it is. The first frame is the first damage of its first
 * ordinary window after which there are at least two colours in it. tools/bench runs it.
 *
 *   bench-first-frame COMMAND...
 *
 * Prints in one line: milliseconds to the first frame, milliseconds to the last change of the
 * window before it was still for a second, its processor time until then in milliseconds, the
 * most memory it ever had (VmHWM) and what it has now (PSS) in KiB. */

#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <X11/extensions/Xdamage.h>
#include <glib.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define STILL_MS 1000
#define LIMIT_MS 30000

typedef struct
{
  Display *display;
  int damage_event;
  Window window; /* None until one is mapped */
  pid_t pid;
  gint64 started_at;
  gint64 first_frame; /* since the start; 0: not yet */
  gint64 last_change;
} Watch;

static int
on_error (Display *display, XErrorEvent *event)
{
  /* A window that has gone between two requests. */
  return 0;
}

static gint64
get_elapsed (const Watch *self)
{
  return g_get_monotonic_time () - self->started_at;
}

/* The frame that a window manager or GTK draws around everything is no content. */
static gboolean
has_content (Watch *self)
{
  XWindowAttributes attributes;
  XImage *image;
  gboolean found = FALSE;

  if (!XGetWindowAttributes (self->display, self->window, &attributes)
      || attributes.map_state != IsViewable || attributes.width < 100 || attributes.height < 100)
    return FALSE;
  image = XGetImage (self->display, self->window, 20, 20, (unsigned) attributes.width - 40,
                     (unsigned) attributes.height - 40, AllPlanes, ZPixmap);
  if (image == NULL)
    return FALSE;
  for (int y = 0; y < image->height && !found; y++)
    for (int x = 0; x < image->width && !found; x++)
      found = XGetPixel (image, x, y) != XGetPixel (image, 0, 0);
  XDestroyImage (image);
  return found;
}

static void
on_damage (Watch *self, XDamageNotifyEvent *event)
{
  gint64 now = get_elapsed (self);

  XDamageSubtract (self->display, event->damage, None, None);
  if (event->drawable != self->window)
    return;
  self->last_change = now;
  if (self->first_frame == 0 && has_content (self))
    self->first_frame = now;
}

static void
on_event (Watch *self, XEvent *event)
{
  if (event->type == CreateNotify
      && event->xcreatewindow.parent == DefaultRootWindow (self->display))
    XDamageCreate (self->display, event->xcreatewindow.window, XDamageReportNonEmpty);
  else if (event->type == MapNotify && self->window == None && !event->xmap.override_redirect)
    self->window = event->xmap.window;
  else if (event->type == self->damage_event)
    on_damage (self, (XDamageNotifyEvent *) event);
}

static gboolean
is_done (const Watch *self)
{
  return self->first_frame != 0 && get_elapsed (self) - self->last_change > STILL_MS * 1000;
}

static gboolean
watch (Watch *self)
{
  while (!is_done (self) && get_elapsed (self) < LIMIT_MS * 1000)
    {
      struct pollfd fd = { .fd = ConnectionNumber (self->display), .events = POLLIN };

      while (XPending (self->display) > 0)
        {
          XEvent event;

          XNextEvent (self->display, &event);
          on_event (self, &event);
        }
      if (waitpid (self->pid, NULL, WNOHANG) == self->pid)
        {
          self->pid = 0;
          return FALSE;
        }
      poll (&fd, 1, 100);
    }
  return is_done (self);
}

static void
start (Watch *self, char **command)
{
  int major, minor, error_base;

  self->display = XOpenDisplay (NULL);
  if (self->display == NULL
      || !XDamageQueryExtension (self->display, &self->damage_event, &error_base)
      || !XDamageQueryVersion (self->display, &major, &minor))
    g_error ("there is no display that can tell when a window is drawn");
  self->damage_event += XDamageNotify;
  XSetErrorHandler (on_error);
  XSelectInput (self->display, DefaultRootWindow (self->display), SubstructureNotifyMask);
  XSync (self->display, False);
  self->started_at = g_get_monotonic_time ();
  self->pid = fork ();
  if (self->pid != 0)
    return;
  execvp (command[0], command);
  _exit (127);
}

static guint64
read_kib (pid_t pid, const char *file, const char *field)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/%s", (int) pid, file);
  g_autofree char *text = NULL;
  const char *at;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return 0;
  at = strstr (text, field);
  return at != NULL ? g_ascii_strtoull (at + strlen (field) + 1, NULL, 10) : 0;
}

/* In milliseconds. */
static guint64
get_processor_time (pid_t pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/stat", (int) pid);
  g_autofree char *text = NULL;
  g_auto (GStrv) fields = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return 0;
  fields = g_strsplit (strrchr (text, ')') + 2, " ", -1);
  return (g_ascii_strtoull (fields[11], NULL, 10) + g_ascii_strtoull (fields[12], NULL, 10)) * 1000
         / (guint64) sysconf (_SC_CLK_TCK);
}

static void
stop (pid_t pid)
{
  kill (pid, SIGTERM);
  for (guint i = 0; i < 50; i++)
    {
      if (waitpid (pid, NULL, WNOHANG) == pid)
        return;
      g_usleep (100000);
    }
  kill (pid, SIGKILL);
  waitpid (pid, NULL, 0);
}

int
main (int argc, char **argv)
{
  Watch self = { .window = None };
  gboolean seen;

  if (argc < 2)
    {
      g_printerr ("Usage: bench-first-frame COMMAND...\n");
      return 2;
    }
  start (&self, argv + 1);
  seen = watch (&self);
  if (seen)
    g_print ("%.1f %.1f %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT "\n",
             (double) self.first_frame / 1000.0, (double) self.last_change / 1000.0,
             get_processor_time (self.pid), read_kib (self.pid, "status", "VmHWM"),
             read_kib (self.pid, "smaps_rollup", "\nPss"));
  else
    g_printerr ("bench-first-frame: there was no frame\n");
  if (self.pid != 0)
    stop (self.pid);
  XCloseDisplay (self.display);
  return seen ? 0 : 1;
}
