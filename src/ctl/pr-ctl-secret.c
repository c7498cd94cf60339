/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Secrets from a file, from standard input, or typed without echo: never from an argument, which
 * every other process can read. */

#include "pr-ctl.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gi18n.h>
#include <poll.h>
#include <stdio.h>
#include <termios.h>
#include <unistd.h>

#define SECRET_MAX (64 * 1024) /* bytes: keys of service accounts are a few thousand */
#define LINE_SIZE 4096         /* bytes: a terminal gives no longer line */

/* All of it but the line break at its end. */
static PrSecret *
read_all (int fd, const char *name, GError **error)
{
  g_autofree char *buffer = g_malloc0 (SECRET_MAX + 1);
  gsize n = 0;
  gssize got;
  PrSecret *secret;

  while (n <= SECRET_MAX && (got = read (fd, buffer + n, SECRET_MAX + 1 - n)) != 0)
    {
      if (got < 0 && errno == EINTR)
        continue;
      if (got < 0)
        {
          pr_set_error (error, PR_ERROR_INVALID_VALUE, "password", _ ("“%s” cannot be read: %s."),
                        name, g_strerror (errno));
          pr_wipe (buffer, n);
          return NULL;
        }
      n += (gsize) got;
    }
  if (n > SECRET_MAX)
    {
      pr_set_error (error, PR_ERROR_INVALID_VALUE, "password",
                    _ ("“%s” is too long. Accepted: at most %d bytes."), name, SECRET_MAX);
      pr_wipe (buffer, n);
      return NULL;
    }
  if (n > 0 && buffer[n - 1] == '\n')
    n--;
  if (n > 0 && buffer[n - 1] == '\r')
    n--;
  if (n == 0)
    {
      pr_set_error (error, PR_ERROR_INVALID_VALUE, "password",
                    _ ("“%s” is empty. Accepted: a password in its first line."), name);
      return NULL;
    }
  secret = pr_secret_new (buffer, (gssize) n);
  pr_wipe (buffer, n);
  return secret;
}

/* One line from a terminal. Ctrl+C and the like reach us as signals, which end the wait: a read()
 * would go on. Returns: its length; -1 if there is none. */
static gssize
read_line (int fd, char *buffer, gsize size)
{
  struct pollfd typed = { fd, POLLIN, 0 };

  if (poll (&typed, 1, -1) != 1)
    return -1;
  return read (fd, buffer, size);
}

static PrSecret *
read_typed (const char *prompt, GError **error)
{
  int fd = open ("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
  struct termios before, hidden;
  PrSecret *secret = NULL;
  char buffer[LINE_SIZE];
  gssize n;

  if (fd < 0 || tcgetattr (fd, &before) != 0)
    {
      if (fd >= 0)
        close (fd);
      pr_set_error (error, PR_ERROR_INVALID_VALUE, "password",
                    _ ("A password is needed, and there is no terminal to ask for it. Accepted: "
                       "--password-file FILE or --password-stdin."));
      return NULL;
    }
  hidden = before;
  hidden.c_lflag &= ~(tcflag_t) ECHO;
  tcsetattr (fd, TCSAFLUSH, &hidden);
  dprintf (fd, "%s ", prompt);
  n = read_line (fd, buffer, sizeof buffer);
  tcsetattr (fd, TCSAFLUSH, &before);
  dprintf (fd, "\n");
  close (fd);
  if (n > 0 && buffer[n - 1] == '\n')
    n--;
  if (n > 0)
    secret = pr_secret_new (buffer, n);
  else if (n < 0)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _ ("Cancelled."));
  else
    pr_set_error (error, PR_ERROR_INVALID_VALUE, "password", _ ("No password was typed."));
  pr_wipe (buffer, sizeof buffer);
  return secret;
}

/* @file: (nullable). @from_stdin: read standard input. Else @prompt is shown on the terminal. */
PrSecret *
pr_ctl_read_secret (const char *file, gboolean from_stdin, const char *prompt, GError **error)
{
  PrSecret *secret;
  int fd;

  if (from_stdin)
    return read_all (STDIN_FILENO, "standard input", error);
  if (file == NULL)
    return read_typed (prompt, error);
  fd = open (file, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    {
      pr_set_error (error, PR_ERROR_INVALID_VALUE, "password", _ ("“%s” cannot be read: %s."), file,
                    g_strerror (errno));
      return NULL;
    }
  secret = read_all (fd, file, error);
  close (fd);
  return secret;
}
