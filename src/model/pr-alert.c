/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrAlert: the table of an alert's fields. Main thread. */

#include "pr-alert.h"

#include <glib/gi18n-lib.h>

#define FACTS_MAX (256 * 1024)

struct _PrAlert
{
  PrRecord parent_instance;
};

G_DEFINE_FINAL_TYPE (PrAlert, pr_alert, PR_TYPE_RECORD)

static const PrField fields[PR_ALERT_N_FIELDS] = {
  [PR_ALERT_SEVERITY] = { "severity", N_ ("Severity"), PR_FIELD_ENUM, 0, 0, 0, PR_SEVERITY_ERROR,
                          pr_severity_get_type, NULL },
  [PR_ALERT_CODE] = { "code", N_ ("Code"), PR_FIELD_TEXT, PR_FIELD_REQUIRED, 1, 100, 0, NULL,
                      NULL },
  [PR_ALERT_DIRECTION] = { "direction", N_ ("Direction"), PR_FIELD_TEXT, 0, 0, 20, 0, NULL, NULL },
  [PR_ALERT_MAILBOX_ID] = { "mailbox-id", N_ ("Mailbox"), PR_FIELD_REFERENCE, 0, 0, 0, 0, NULL,
                            NULL },
  [PR_ALERT_PROFILE_ID] = { "profile-id", N_ ("Server profile"), PR_FIELD_REFERENCE, 0, 0, 0, 0,
                            NULL, NULL },
  [PR_ALERT_FOR_OWNER] = { "for-owner", N_ ("Owner"), PR_FIELD_TEXT, 0, 0, 254, 0, NULL, NULL },
  [PR_ALERT_ALSO_OWNER] = { "also-owner", N_ ("Second owner"), PR_FIELD_TEXT, 0, 0, 254, 0, NULL,
                            NULL },
  [PR_ALERT_TELLS_MAILBOXES] = { "tells-mailboxes", N_ ("Tells the owners of mailboxes"),
                                 PR_FIELD_BOOLEAN, 0, 0, 1, FALSE, NULL, NULL },
  [PR_ALERT_STEP] = { "step", N_ ("Step"), PR_FIELD_TEXT, 0, 0, 20, 0, NULL, NULL },
  [PR_ALERT_FACTS] = { "facts", N_ ("Facts"), PR_FIELD_TEXT, PR_FIELD_MULTILINE, 0, FACTS_MAX, 0,
                       NULL, NULL },
  [PR_ALERT_STATE] = { "state", N_ ("State"), PR_FIELD_ENUM, 0, 0, 0, PR_ALERT_STATE_OPEN,
                       pr_alert_state_get_type, NULL },
  [PR_ALERT_UNREAD] = { "unread", N_ ("Unread"), PR_FIELD_BOOLEAN, 0, 0, 1, TRUE, NULL, NULL },
  [PR_ALERT_COUNT] = { "count", N_ ("Count"), PR_FIELD_INTEGER, 0, 1, G_MAXINT32, 1, NULL, NULL },
  [PR_ALERT_FIRST_SEEN] = { "first-seen", N_ ("First seen"), PR_FIELD_TIME, 0, 0, 0, 0, NULL,
                            NULL },
  [PR_ALERT_LAST_SEEN] = { "last-seen", N_ ("Last seen"), PR_FIELD_TIME, 0, 0, 0, 0, NULL, NULL },
  [PR_ALERT_CLOSED_AT] = { "closed-at", N_ ("Closed"), PR_FIELD_TIME, 0, 0, 0, 0, NULL, NULL },
  [PR_ALERT_MAILBOX_ADDRESS] = { "mailbox-address", N_ ("Mailbox"), PR_FIELD_TEXT, PR_FIELD_DERIVED,
                                 0, 254, 0, NULL, NULL },
  [PR_ALERT_PROFILE_NAME] = { "profile-name", N_ ("Server profile"), PR_FIELD_TEXT,
                              PR_FIELD_DERIVED, 0, 100, 0, NULL, NULL },
};

static void
pr_alert_class_init (PrAlertClass *klass)
{
  pr_record_class_set_fields (PR_RECORD_CLASS (klass), fields, PR_ALERT_N_FIELDS);
}

static void
pr_alert_init (PrAlert *self)
{
}

/**
 * pr_alert_new:
 *
 * Returns: (transfer full): an open, unread alert
 */
PrAlert *
pr_alert_new (void)
{
  return g_object_new (PR_TYPE_ALERT, NULL);
}

/**
 * pr_alert_get_field_table:
 * @n_fields: (out): how many
 *
 * Returns: (transfer none) (array length=n_fields): the fields, without an object: any thread
 */
const PrField *
pr_alert_get_field_table (guint *n_fields)
{
  *n_fields = PR_ALERT_N_FIELDS;
  return fields;
}
