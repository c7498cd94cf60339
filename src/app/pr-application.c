/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrApplication: options, application-wide actions and their keys, and the one window. Main
 * thread. */

#include "pr-application.h"

#include "config.h"
#include "pr-accessible.h"
#include "pr-environment.h"
#include "pr-window.h"

#include <glib/gi18n.h>

struct _PrApplication
{
  AdwApplication parent_instance;

  /* Owned */
  char *data_dir;
  char *environment_name;
  PrKeyring *keyring;
  GSettings *settings;
};

G_DEFINE_FINAL_TYPE (PrApplication, pr_application, ADW_TYPE_APPLICATION)

/* Dialogs are windows, too. */
static PrWindow *
find_window (GtkApplication *application)
{
  GList *windows = gtk_application_get_windows (application);

  for (; windows != NULL; windows = windows->next)
    if (PR_IS_WINDOW (windows->data))
      return windows->data;
  return NULL;
}

static void
on_quit (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  PrWindow *window = find_window (user_data);

  /* By way of the window, which asks while tests are running. */
  if (window == NULL)
    g_application_quit (user_data);
  else
    {
      pr_window_come_back (window);
      gtk_window_close (GTK_WINDOW (window));
    }
}

static void
on_about (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GtkWindow *window = gtk_application_get_active_window (user_data);

  adw_show_about_window (
      window, "application-name", "Postroom", "application-icon", PR_APPLICATION_ID, "version",
      PR_VERSION, "developer-name", _ ("The Postroom contributors"), "license-type",
      GTK_LICENSE_GPL_3_0, "comments",
      _ ("Looks after the mailboxes of a small organisation: tests them against their servers, "
         "says in plain words what is wrong, and how to mend it."),
      "translator-credits", _ ("translator-credits"), NULL);
}

static void
on_show_result (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  PrWindow *window = find_window (user_data);

  if (window == NULL)
    {
      /* It was closed in the meantime. */
      g_application_activate (user_data);
      return;
    }
  pr_window_come_back (window);
  gtk_window_present (GTK_WINDOW (window));
  gtk_widget_activate_action (GTK_WIDGET (window), "win.show-job", NULL);
}

static const GActionEntry actions[] = {
  { "quit", on_quit, NULL, NULL, NULL, { 0 } },
  { "about", on_about, NULL, NULL, NULL, { 0 } },
  { "show-result", on_show_result, NULL, NULL, NULL, { 0 } },
};

typedef struct
{
  const char *action;
  const char *accelerators[3];
} PrAccelerator;

static const PrAccelerator accelerators[] = {
  { "app.quit", { "<Control>q", NULL } },
  { "window.close", { "<Control>w", NULL } },
  { "win.toggle-sidebar", { "F9", NULL } },
  { "win.next-pane", { "F6", NULL } },
  { "win.previous-pane", { "<Shift>F6", NULL } },
  { "win.preferences", { "<Control>comma", NULL } },
  { "win.show-help-overlay", { "<Control>question", "<Control>F1", NULL } },
  { "win.show-page::overview", { "<Alt>1", NULL } },
  { "win.show-page::profiles", { "<Alt>2", NULL } },
  { "win.show-page::settings", { "<Alt>3", NULL } },
  { "win.show-page::mailboxes", { "<Alt>4", NULL } },
  { "win.show-page::alerts", { "<Alt>5", NULL } },
  { "win.show-page::analyzer", { "<Alt>6", NULL } },
};

/* Without an installed schema (a build that was not installed) nothing is kept between starts. */
static GSettings *
new_settings (void)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema =
      source != NULL ? g_settings_schema_source_lookup (source, PR_APPLICATION_ID, TRUE) : NULL;

  if (schema == NULL)
    {
      g_info ("the settings schema is not installed: the window's state is not kept");
      return NULL;
    }
  return g_settings_new_full (schema, NULL, NULL);
}

static void
pr_application_startup (GApplication *application)
{
  PrApplication *self = PR_APPLICATION (application);

  G_APPLICATION_CLASS (pr_application_parent_class)->startup (application);

  pr_accessible_say_entries (GTK_APPLICATION (application));
  g_action_map_add_action_entries (G_ACTION_MAP (application), actions, G_N_ELEMENTS (actions),
                                   application);
  for (guint i = 0; i < G_N_ELEMENTS (accelerators); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (application), accelerators[i].action,
                                           (const char *const *) accelerators[i].accelerators);
  gtk_window_set_default_icon_name (PR_APPLICATION_ID);
  self->settings = new_settings ();
}

static void
pr_application_activate (GApplication *application)
{
  PrApplication *self = PR_APPLICATION (application);
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (application));

  if (window == NULL)
    {
      window = GTK_WINDOW (pr_window_new (self));
      if (self->environment_name != NULL)
        pr_window_open_environment (PR_WINDOW (window), self->environment_name);
      else
        pr_window_open_last_environment (PR_WINDOW (window));
    }
  if (PR_IS_WINDOW (window))
    pr_window_come_back (PR_WINDOW (window));
  gtk_window_present (window);
}

static int
pr_application_handle_local_options (GApplication *application, GVariantDict *options)
{
  PrApplication *self = PR_APPLICATION (application);

  if (g_variant_dict_contains (options, "version"))
    {
      g_print ("Postroom %s\n", PR_VERSION);
      return 0;
    }
  if (self->data_dir != NULL || self->environment_name != NULL)
    /* Another folder or environment is another process: the one that may be running has its
     * own. */
    g_application_set_flags (application,
                             g_application_get_flags (application) | G_APPLICATION_NON_UNIQUE);
  return -1;
}

static void
pr_application_finalize (GObject *object)
{
  PrApplication *self = PR_APPLICATION (object);

  g_free (self->data_dir);
  g_free (self->environment_name);
  g_clear_object (&self->keyring);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (pr_application_parent_class)->finalize (object);
}

static void
pr_application_class_init (PrApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = pr_application_finalize;
  application_class->startup = pr_application_startup;
  application_class->activate = pr_application_activate;
  application_class->handle_local_options = pr_application_handle_local_options;
}

static void
pr_application_init (PrApplication *self)
{
  const GOptionEntry options[] = {
    { "environment", 0, 0, G_OPTION_ARG_STRING, &self->environment_name, N_ ("Environment to open"),
      N_ ("NAME") },
    { "data-dir", 0, 0, G_OPTION_ARG_FILENAME, &self->data_dir,
      N_ ("Folder with the environments (also POSTROOM_DATA_DIR)"), N_ ("DIR") },
    { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Print the version and exit"), NULL },
    G_OPTION_ENTRY_NULL,
  };

  g_application_add_main_option_entries (G_APPLICATION (self), options);
}

/**
 * pr_application_new:
 * @id: its application id
 * @flags: %G_APPLICATION_NON_UNIQUE in tests
 *
 * Returns: (transfer full): the application
 */
PrApplication *
pr_application_new (const char *id, GApplicationFlags flags)
{
  return g_object_new (PR_TYPE_APPLICATION, "application-id", id, "flags", flags,
                       "resource-base-path", "/io/github/postroom/Postroom", NULL);
}

const char *
pr_application_get_data_dir (PrApplication *self)
{
  g_return_val_if_fail (PR_IS_APPLICATION (self), NULL);

  if (self->data_dir == NULL)
    self->data_dir = pr_environment_get_default_data_dir ();
  return self->data_dir;
}

void
pr_application_set_data_dir (PrApplication *self, const char *data_dir)
{
  g_return_if_fail (PR_IS_APPLICATION (self));

  g_free (self->data_dir);
  self->data_dir = g_strdup (data_dir);
}

/**
 * pr_application_get_keyring:
 * @self: the application
 *
 * Returns: (transfer none): where secrets are: that of the session unless a test has set another
 */
PrKeyring *
pr_application_get_keyring (PrApplication *self)
{
  g_return_val_if_fail (PR_IS_APPLICATION (self), NULL);

  if (self->keyring == NULL)
    self->keyring = pr_secret_keyring_new ();
  return self->keyring;
}

void
pr_application_set_keyring (PrApplication *self, PrKeyring *keyring)
{
  g_return_if_fail (PR_IS_APPLICATION (self));

  g_set_object (&self->keyring, keyring);
}

/**
 * pr_application_get_settings:
 * @self: the application
 *
 * Returns: (transfer none) (nullable): what is kept between starts
 */
GSettings *
pr_application_get_settings (PrApplication *self)
{
  g_return_val_if_fail (PR_IS_APPLICATION (self), NULL);

  return self->settings;
}
