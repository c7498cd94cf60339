/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrChoiceRow: one of several in a form. Main thread. */

#include "pr-choice-row.h"

#include "pr-accessible.h"
#include "pr-server-profile.h"
#include "pr-words.h"

#include <glib/gi18n.h>

struct _PrChoiceRow
{
  AdwComboRow parent_instance;

  /* Owned */
  GtkStringList *labels;
  GArray *values; /* of gint64, beside the labels */
  char *hidden;   /* nicks that are not offered, separated by spaces */
  GListModel *profiles;
  gulong profiles_id;

  gint64 value; /* also one that is not offered (yet) */
  gboolean filling;
};

enum
{
  PROP_0,
  PROP_VALUE,
  PROP_HIDDEN,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PrChoiceRow, pr_choice_row, ADW_TYPE_COMBO_ROW)

/* Not offered, such as the id of a profile that was just removed: nothing is selected. */
static void
show_value (PrChoiceRow *self)
{
  guint selected = GTK_INVALID_LIST_POSITION;
  gboolean filling = self->filling;

  for (guint i = 0; i < self->values->len; i++)
    if (g_array_index (self->values, gint64, i) == self->value)
      selected = i;
  self->filling = TRUE;
  adw_combo_row_set_selected (ADW_COMBO_ROW (self), selected);
  self->filling = filling;
}

static void
on_selected (PrChoiceRow *self)
{
  guint selected = adw_combo_row_get_selected (ADW_COMBO_ROW (self));
  gint64 value;

  g_assert (PR_IS_CHOICE_ROW (self));

  if (self->filling || selected >= self->values->len)
    return;
  value = g_array_index (self->values, gint64, selected);
  if (value == self->value)
    return;
  self->value = value;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_VALUE]);
}

static void
pr_choice_row_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PrChoiceRow *self = PR_CHOICE_ROW (object);

  switch (id)
    {
      case PROP_VALUE:
        g_value_set_int64 (value, self->value);
        break;
      case PROP_HIDDEN:
        g_value_set_string (value, self->hidden);
        break;
      default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
pr_choice_row_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  PrChoiceRow *self = PR_CHOICE_ROW (object);

  switch (id)
    {
      case PROP_VALUE:
        pr_choice_row_set_value (self, g_value_get_int64 (value));
        break;
      case PROP_HIDDEN:
        g_free (self->hidden);
        self->hidden = g_value_dup_string (value);
        break;
      default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
pr_choice_row_finalize (GObject *object)
{
  PrChoiceRow *self = PR_CHOICE_ROW (object);

  g_clear_signal_handler (&self->profiles_id, self->profiles);
  g_clear_object (&self->profiles);
  g_clear_object (&self->labels);
  g_clear_pointer (&self->values, g_array_unref);
  g_free (self->hidden);
  G_OBJECT_CLASS (pr_choice_row_parent_class)->finalize (object);
}

static void
pr_choice_row_class_init (PrChoiceRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = pr_choice_row_finalize;
  object_class->get_property = pr_choice_row_get_property;
  object_class->set_property = pr_choice_row_set_property;

  /**
   * PrChoiceRow:value:
   *
   * The number of what is chosen.
   */
  properties[PROP_VALUE] =
      g_param_spec_int64 ("value", NULL, NULL, G_MININT64, G_MAXINT64, 0,
                          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  /**
   * PrChoiceRow:hidden:
   *
   * Nicks of values of an enumeration that are not offered, separated by spaces.
   */
  properties[PROP_HIDDEN] =
      g_param_spec_string ("hidden", NULL, NULL, NULL, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
pr_choice_row_init (PrChoiceRow *self)
{
  self->labels = gtk_string_list_new (NULL);
  self->values = g_array_new (FALSE, FALSE, sizeof (gint64));
  adw_combo_row_set_model (ADW_COMBO_ROW (self), G_LIST_MODEL (self->labels));
  adw_action_row_set_title_lines (ADW_ACTION_ROW (self), 0);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (self), 0);
  g_signal_connect (self, "notify::selected", G_CALLBACK (on_selected), NULL);
  pr_accessible_describe_choice (ADW_COMBO_ROW (self));
}

/* Changing the model of a combo row while its selection follows makes GTK 4.8.3 crash: it gets a
 * new one, whole. */
static void
use_labels (PrChoiceRow *self, GtkStringList *labels)
{
  self->filling = TRUE;
  g_set_object (&self->labels, labels);
  adw_combo_row_set_model (ADW_COMBO_ROW (self), G_LIST_MODEL (labels));
  self->filling = FALSE;
  show_value (self);
}

void
pr_choice_row_clear (PrChoiceRow *self)
{
  g_autoptr (GtkStringList) labels = gtk_string_list_new (NULL);

  g_return_if_fail (PR_IS_CHOICE_ROW (self));

  g_array_set_size (self->values, 0);
  use_labels (self, labels);
}

/**
 * pr_choice_row_add:
 * @self: a choice row
 * @value: a number
 * @label: what it stands for
 */
void
pr_choice_row_add (PrChoiceRow *self, gint64 value, const char *label)
{
  g_autoptr (GtkStringList) labels = gtk_string_list_new (NULL);

  g_return_if_fail (PR_IS_CHOICE_ROW (self));

  for (guint i = 0; i < self->values->len; i++)
    gtk_string_list_append (labels, gtk_string_list_get_string (self->labels, i));
  gtk_string_list_append (labels, label);
  g_array_append_val (self->values, value);
  use_labels (self, labels);
}

/**
 * pr_choice_row_set_enum:
 * @self: a choice row
 * @type: an enumeration of pr-types.h
 *
 * Offers its values, all but those of #PrChoiceRow:hidden.
 */
void
pr_choice_row_set_enum (PrChoiceRow *self, GType type)
{
  g_autoptr (GEnumClass) values = g_type_class_ref (type);
  g_auto (GStrv) hidden = g_strsplit (self->hidden != NULL ? self->hidden : "", " ", -1);

  g_return_if_fail (PR_IS_CHOICE_ROW (self));

  pr_choice_row_clear (self);
  for (guint i = 0; i < values->n_values; i++)
    if (!g_strv_contains ((const char *const *) hidden, values->values[i].value_nick))
      pr_choice_row_add (self, values->values[i].value, pr_word_of (type, values->values[i].value));
}

static void
fill_profiles (PrChoiceRow *self)
{
  g_autoptr (GtkStringList) labels = gtk_string_list_new (NULL);
  guint n = g_list_model_get_n_items (self->profiles);
  gint64 none = 0;

  g_assert (PR_IS_CHOICE_ROW (self));

  g_array_set_size (self->values, 0);
  g_array_append_val (self->values, none);
  gtk_string_list_append (labels, n > 0 ? C_ ("server profile", "None")
                                        : _ ("None: add one on the page “Server Profiles” first"));
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (PrServerProfile) profile = g_list_model_get_item (self->profiles, i);
      gint64 id = pr_record_get_id (PR_RECORD (profile));

      g_array_append_val (self->values, id);
      gtk_string_list_append (labels, pr_server_profile_get_text (profile, NAME));
    }
  use_labels (self, labels);
}

/**
 * pr_choice_row_set_profiles:
 * @self: a choice row
 * @profiles: (nullable): a list of #PrServerProfile; what it offers follows it
 */
void
pr_choice_row_set_profiles (PrChoiceRow *self, GListModel *profiles)
{
  g_return_if_fail (PR_IS_CHOICE_ROW (self));

  g_clear_signal_handler (&self->profiles_id, self->profiles);
  g_set_object (&self->profiles, profiles);
  if (profiles == NULL)
    return;
  self->profiles_id =
      g_signal_connect_swapped (profiles, "items-changed", G_CALLBACK (fill_profiles), self);
  fill_profiles (self);
}

gint64
pr_choice_row_get_value (PrChoiceRow *self)
{
  g_return_val_if_fail (PR_IS_CHOICE_ROW (self), 0);

  return self->value;
}

void
pr_choice_row_set_value (PrChoiceRow *self, gint64 value)
{
  g_return_if_fail (PR_IS_CHOICE_ROW (self));

  if (self->value != value)
    {
      self->value = value;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_VALUE]);
    }
  show_value (self);
}
