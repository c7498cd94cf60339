/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrSplitView: the only place that knows AdwFlap, which libadwaita 1.4 deprecates in favour of
 * AdwOverlaySplitView; with a newer floor this file becomes that. Main thread. */

#include "pr-split-view.h"

#include "pr-css.h"

struct _PrSplitView
{
  AdwBin parent_instance;

  /* Template children */
  AdwFlap *flap;
};

enum
{
  PROP_0,
  PROP_SIDEBAR,
  PROP_CONTENT,
  PROP_SHOW_SIDEBAR,
  PROP_COLLAPSED,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PrSplitView, pr_split_view, ADW_TYPE_BIN)

static void
on_reveal_notify (PrSplitView *self)
{
  g_assert (PR_IS_SPLIT_VIEW (self));

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SHOW_SIDEBAR]);
}

static void
on_folded_notify (PrSplitView *self)
{
  g_assert (PR_IS_SPLIT_VIEW (self));

  pr_css_set_class (self, "collapsed", pr_split_view_get_collapsed (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_COLLAPSED]);
}

static void
pr_split_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PrSplitView *self = PR_SPLIT_VIEW (object);

  switch (id)
    {
      case PROP_SIDEBAR:
        g_value_set_object (value, adw_flap_get_flap (self->flap));
        break;
      case PROP_CONTENT:
        g_value_set_object (value, adw_flap_get_content (self->flap));
        break;
      case PROP_SHOW_SIDEBAR:
        g_value_set_boolean (value, pr_split_view_get_show_sidebar (self));
        break;
      case PROP_COLLAPSED:
        g_value_set_boolean (value, pr_split_view_get_collapsed (self));
        break;
      default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
pr_split_view_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  PrSplitView *self = PR_SPLIT_VIEW (object);

  switch (id)
    {
      case PROP_SIDEBAR:
        adw_flap_set_flap (self->flap, g_value_get_object (value));
        break;
      case PROP_CONTENT:
        adw_flap_set_content (self->flap, g_value_get_object (value));
        break;
      case PROP_SHOW_SIDEBAR:
        pr_split_view_set_show_sidebar (self, g_value_get_boolean (value));
        break;
      default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
pr_split_view_class_init (PrSplitViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = pr_split_view_get_property;
  object_class->set_property = pr_split_view_set_property;

  properties[PROP_SIDEBAR] =
      g_param_spec_object ("sidebar", NULL, NULL, GTK_TYPE_WIDGET,
                           G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_CONTENT] =
      g_param_spec_object ("content", NULL, NULL, GTK_TYPE_WIDGET,
                           G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_SHOW_SIDEBAR] =
      g_param_spec_boolean ("show-sidebar", NULL, NULL, TRUE,
                            G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_COLLAPSED] = g_param_spec_boolean ("collapsed", NULL, NULL, FALSE,
                                                     G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
pr_split_view_init (PrSplitView *self)
{
  self->flap = ADW_FLAP (adw_flap_new ());
  adw_flap_set_separator (self->flap, gtk_separator_new (GTK_ORIENTATION_VERTICAL));
  g_signal_connect_swapped (self->flap, "notify::reveal-flap", G_CALLBACK (on_reveal_notify), self);
  g_signal_connect_swapped (self->flap, "notify::folded", G_CALLBACK (on_folded_notify), self);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->flap));
}

gboolean
pr_split_view_get_collapsed (PrSplitView *self)
{
  g_return_val_if_fail (PR_IS_SPLIT_VIEW (self), FALSE);

  return adw_flap_get_folded (self->flap);
}

gboolean
pr_split_view_get_show_sidebar (PrSplitView *self)
{
  g_return_val_if_fail (PR_IS_SPLIT_VIEW (self), FALSE);

  return adw_flap_get_reveal_flap (self->flap);
}

void
pr_split_view_set_show_sidebar (PrSplitView *self, gboolean show)
{
  g_return_if_fail (PR_IS_SPLIT_VIEW (self));

  adw_flap_set_reveal_flap (self->flap, show);
}
