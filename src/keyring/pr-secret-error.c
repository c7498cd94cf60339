/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What libsecret, GDBus and the services behind them answer instead of a secret, and what that
 * means for a person. Any thread. */

#include "pr-secret-error.h"

#include "pr-error.h"

#include <glib/gi18n-lib.h>
#include <libsecret/secret.h>

static gboolean
is_unavailable (const GError *error)
{
  /* No bus at all: GIO says "not found", or plainly "failed" where it would have to start one. */
  return g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_SERVICE_UNKNOWN)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NAME_HAS_NO_OWNER)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_SPAWN_SERVICE_NOT_FOUND)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_SPAWN_EXEC_FAILED)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_SPAWN_CHILD_EXITED)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NO_REPLY)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NO_SERVER)
         || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND)
         || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED)
         || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_FAILED);
}

static gboolean
is_locked (const GError *error)
{
  return g_error_matches (error, SECRET_ERROR, SECRET_ERROR_IS_LOCKED)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_ACCESS_DENIED);
}

/**
 * pr_secret_error_new_locked:
 *
 * Returns: (transfer full): that the keyring is locked, and the person did not unlock it
 */
GError *
pr_secret_error_new_locked (void)
{
  return pr_error_new (PR_ERROR_KEYRING_LOCKED, NULL,
                       _ ("The keyring is locked and was not unlocked. Unlock it and try again."));
}

/**
 * pr_secret_error_translate:
 * @error: (transfer full): what libsecret said
 *
 * Returns: (transfer full): the same, told apart by what an admin has to do: unlock, install, or
 *   look at the words
 */
GError *
pr_secret_error_translate (GError *error)
{
  g_autoptr (GError) owned = error;

  /* We never cancel what we ask of libsecret: it was the person at the dialog. */
  if (is_locked (error) || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return pr_secret_error_new_locked ();
  if (g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_METHOD)
      || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_OBJECT))
    return pr_error_new (PR_ERROR_KEYRING_UNAVAILABLE, NULL,
                         _ ("No keyring has been set up yet. Open “Passwords and Keys” and make "
                            "a keyring named “Login”, then try again."));
  if (is_unavailable (error))
    return pr_error_new (PR_ERROR_KEYRING_UNAVAILABLE, NULL,
                         _ ("There is no keyring on this computer (%s). Install and start a "
                            "Secret Service, such as the package “gnome-keyring”."),
                         error->message);
  return pr_error_new (PR_ERROR_KEYRING, NULL, _ ("The keyring refused: %s."), error->message);
}
