/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Secrets from a file, from standard input, or typed without echo: never from an argument, which
 * every other process can read. */

#include "pr-ctl.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <glib/gi18n.h>
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

/* A person at the terminal: has typed a line, or pressed Ctrl+C. */
typedef struct
{
  gboolean typed;
  gboolean left;
  guint sources[3];
} PrTyping;

static gboolean
on_typed (int fd, GIOCondition condition, gpointer user_data)
{
  ((PrTyping *) user_data)->typed = TRUE;
  return G_SOURCE_CONTINUE;
}

static gboolean
on_left (gpointer user_data)
{
  ((PrTyping *) user_data)->left = TRUE;
  return G_SOURCE_CONTINUE;
}

/* Before the question is shown: from then on nothing gets lost. */
static void
typing_begin (PrTyping *self, int fd)
{
  self->typed = FALSE;
  self->left = FALSE;
  self->sources[0] = g_unix_fd_add (fd, G_IO_IN | G_IO_HUP | G_IO_ERR, on_typed, self);
  self->sources[1] = g_unix_signal_add (SIGINT, on_left, self);
  self->sources[2] = g_unix_signal_add (SIGTERM, on_left, self);
}

/* Returns: the length of the line; -1 if there is none */
static gssize
typing_end (PrTyping *self, int fd, char *buffer, gsize size)
{
  while (!self->typed && !self->left)
    g_main_context_iteration (NULL, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (self->sources); i++)
    g_source_remove (self->sources[i]);
  return self->left ? -1 : read (fd, buffer, size);
}

static PrSecret *
read_typed (const char *prompt, GError **error)
{
  int fd = open ("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
  struct termios before, hidden;
  PrSecret *secret = NULL;
  char buffer[LINE_SIZE];
  PrTyping typing;
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
  typing_begin (&typing, fd);
  tcsetattr (fd, TCSAFLUSH, &hidden);
  dprintf (fd, "%s ", prompt);
  n = typing_end (&typing, fd, buffer, sizeof buffer);
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
