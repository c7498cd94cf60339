/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrConnectionTest: tests a profile as it stands in a form, and shows both conversations while
 * they go on. Closing the window cancels. Main thread. */

#include "pr-connection-test.h"

#include "pr-accessible.h"
#include "pr-live-text.h"
#include "pr-step-tree.h"

#include <glib/gi18n.h>

struct _PrConnectionTest
{
  AdwWindow parent_instance;

  /* Template children */
  AdwWindowTitle *title;
  GtkWidget *cancel_button;
  PrStepTree *incoming_tree;
  PrStepTree *outgoing_tree;
  GtkLabel *failure_label;
  GtkLabel *announcement;

  /* Owned */
  PrEnvironment *environment;
  PrServerProfile *profile;
  PrSecret *secrets[PR_N_DIRECTIONS];
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (PrConnectionTest, pr_connection_test, ADW_TYPE_WINDOW)

static PrStepTree *
get_tree (PrConnectionTest *self, PrDirection direction)
{
  return direction == PR_DIRECTION_INCOMING ? self->incoming_tree : self->outgoing_tree;
}

static void
update_actions (PrConnectionTest *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean running = self->cancellable != NULL;

  gtk_widget_action_set_enabled (widget, "test.cancel", running);
  gtk_widget_action_set_enabled (widget, "test.again", !running);
  /* It looks like the button that closes the window. */
  if (self->cancel_button != NULL)
    gtk_widget_set_visible (self->cancel_button, running);
}

static void
on_progress (PrDirection direction, PrStep step, gpointer user_data)
{
  PrConnectionTest *self = user_data;

  if (self->incoming_tree != NULL)
    pr_step_tree_set_step (get_tree (self, direction), step);
}

static void
announce (PrConnectionTest *self, GPtrArray *reports)
{
  guint n_failed = 0;

  for (guint i = 0; i < reports->len; i++)
    n_failed += ((PrReport *) g_ptr_array_index (reports, i))->outcome != PR_OUTCOME_SUCCESS;
  gtk_label_set_label (self->announcement, n_failed == 0 ? _ ("The connection works")
                                                         : _ ("The connection does not work"));
}

static void
on_tested (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrConnectionTest) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) reports =
      pr_environment_test_profile_finish (PR_ENVIRONMENT (source), result, &error);

  g_clear_object (&self->cancellable);
  /* The window was closed. */
  if (self->environment == NULL)
    return;
  update_actions (self);
  gtk_widget_set_visible (GTK_WIDGET (self->failure_label), error != NULL);
  if (error != NULL)
    {
      gtk_label_set_label (self->failure_label, error->message);
      return;
    }
  for (guint i = 0; i < reports->len; i++)
    {
      PrReport *report = g_ptr_array_index (reports, i);

      pr_step_tree_set_report (get_tree (self, report->direction), report);
    }
  announce (self, reports);
}

static void
start (PrConnectionTest *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_hide (GTK_WIDGET (self->failure_label));
  gtk_label_set_label (self->failure_label, "");
  gtk_label_set_label (self->announcement, "");
  pr_step_tree_begin (self->incoming_tree, _ ("Testing the incoming server…"));
  pr_step_tree_begin (self->outgoing_tree, _ ("Testing the outgoing server…"));
  update_actions (self);
  pr_environment_test_form_async (self->environment, self->profile, self->secrets,
                                  &pr_test_options_default, on_progress, self, self->cancellable,
                                  on_tested, g_object_ref (self));
}

static void
on_cancel (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PrConnectionTest *self = PR_CONNECTION_TEST (widget);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
}

static void
on_again (GtkWidget *widget, const char *name, GVariant *parameter)
{
  start (PR_CONNECTION_TEST (widget));
}

static void
pr_connection_test_dispose (GObject *object)
{
  PrConnectionTest *self = PR_CONNECTION_TEST (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->environment);
  g_clear_object (&self->profile);
  for (PrDirection direction = 0; direction < PR_N_DIRECTIONS; direction++)
    g_clear_pointer (&self->secrets[direction], pr_secret_unref);
  self->incoming_tree = NULL;
  self->outgoing_tree = NULL;
  self->cancel_button = NULL;
  G_OBJECT_CLASS (pr_connection_test_parent_class)->dispose (object);
}

static void
pr_connection_test_class_init (PrConnectionTestClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pr_connection_test_dispose;
  g_type_ensure (PR_TYPE_STEP_TREE);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/postroom/Postroom/ui/pr-connection-test.ui");
  gtk_widget_class_bind_template_child (widget_class, PrConnectionTest, title);
  gtk_widget_class_bind_template_child (widget_class, PrConnectionTest, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, PrConnectionTest, incoming_tree);
  gtk_widget_class_bind_template_child (widget_class, PrConnectionTest, outgoing_tree);
  gtk_widget_class_bind_template_child (widget_class, PrConnectionTest, failure_label);
  gtk_widget_class_bind_template_child (widget_class, PrConnectionTest, announcement);
  gtk_widget_class_install_action (widget_class, "test.cancel", NULL, on_cancel);
  gtk_widget_class_install_action (widget_class, "test.again", NULL, on_again);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F5, 0, "test.again", NULL);
}

static void
pr_connection_test_init (PrConnectionTest *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  pr_accessible_hide_classes (GTK_WIDGET (self));
  pr_live_text_follow (self->failure_label);
  pr_live_text_follow (self->announcement);
}

/**
 * pr_connection_test_run:
 * @parent: any widget in the window that asks
 * @environment: an environment
 * @profile: what to test, as it stands; not changed
 * @secrets: (nullable) (array fixed-size=2): passwords that were typed and are not stored yet
 *
 * Returns: (transfer none): the window, which is shown and tests
 */
PrConnectionTest *
pr_connection_test_run (GtkWidget *parent,
                        PrEnvironment *environment,
                        PrServerProfile *profile,
                        PrSecret *const *secrets)
{
  PrConnectionTest *self =
      g_object_new (PR_TYPE_CONNECTION_TEST, "transient-for", gtk_widget_get_root (parent), NULL);

  self->environment = g_object_ref (environment);
  self->profile = PR_SERVER_PROFILE (pr_record_duplicate (PR_RECORD (profile)));
  for (PrDirection direction = 0; secrets != NULL && direction < PR_N_DIRECTIONS; direction++)
    if (secrets[direction] != NULL)
      self->secrets[direction] = pr_secret_ref (secrets[direction]);
  adw_window_title_set_subtitle (self->title, pr_server_profile_get_text (profile, NAME));
  start (self);
  gtk_window_present (GTK_WINDOW (self));
  return self;
}
