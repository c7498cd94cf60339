/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Secrets from a file, from standard input, or typed without echo: never from an argument, which
 * every other process can read. */

#include "pr-ctl.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <stdio.h>
#include <termios.h>
#include <unistd.h>

#define SECRET_MAX (64 * 1024) /* bytes: keys of service accounts are a few thousand */

/* The first line, without its end; a key file is taken whole. */
static PrSecret *
read_all (int fd, const char *name, GError **error)
{
  g_autofree char *buffer = g_malloc0 (SECRET_MAX + 1);
  gsize n = 0;
  gssize got;
  PrSecret *secret;

  while (n < SECRET_MAX && (got = read (fd, buffer + n, SECRET_MAX - n)) != 0)
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

static PrSecret *
read_typed (const char *prompt, GError **error)
{
  int fd = open ("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
  struct termios before, hidden;
  PrSecret *secret = NULL;
  char buffer[1024];
  gssize n = 0;

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
  hidden.c_lflag &= ~(tcflag_t) (ECHO | ISIG);
  dprintf (fd, "%s ", prompt);
  tcsetattr (fd, TCSAFLUSH, &hidden);
  do
    n = read (fd, buffer, sizeof buffer - 1);
  while (n < 0 && errno == EINTR);
  tcsetattr (fd, TCSAFLUSH, &before);
  dprintf (fd, "\n");
  close (fd);
  if (n > 0 && buffer[n - 1] == '\n')
    n--;
  if (n > 0)
    secret = pr_secret_new (buffer, n);
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
