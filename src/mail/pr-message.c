/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The test message: from a mailbox to itself. Its sentences are not translated, because nobody
 * knows the language of whoever opens that mailbox; the mail room knows no translation anyway.
 *
 * RFC 5322 (format), RFC 2045 (MIME), RFC 3834 section 5 (Auto-Submitted: nobody answers it),
 * rules M01-M05 and S19. */

#include "pr-message.h"

#include <string.h>

/**
 * pr_message_new_test:
 * @address: a valid address, as it stands in the envelope
 * @id: (nullable): what stands before the "@" in its Message-ID; %NULL: a new one
 * @now: microseconds since 1970
 *
 * Returns: (transfer full): a whole message with CRLF at the end of each line, none of which
 *   begins with a dot
 */
char *
pr_message_new_test (const char *address, const char *id, gint64 now)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (now / G_USEC_PER_SEC);
  g_autofree char *new_id = id == NULL ? g_uuid_string_random () : NULL;
  const char *domain = strrchr (address, '@') + 1;
  static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
  static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

  /* Names of days and months are English whatever the locale (RFC 5322 section 3.3). */
  return g_strdup_printf (
      "Date: %s, %02d %s %d %02d:%02d:%02d +0000\r\n"
      "From: <%s>\r\n"
      "To: <%s>\r\n"
      "Message-ID: <%s@%s>\r\n"
      "Subject: Your mailbox is now connected to Postroom\r\n"
      "MIME-Version: 1.0\r\n"
      "Content-Type: text/plain; charset=utf-8\r\n"
      "Content-Transfer-Encoding: 7bit\r\n"
      "Auto-Submitted: auto-generated\r\n"
      "\r\n"
      "Postroom sent this message from your mailbox to itself, to test\r\n"
      "that outgoing email works. It does: you can delete this message.\r\n",
      days[g_date_time_get_day_of_week (utc) - 1], g_date_time_get_day_of_month (utc),
      months[g_date_time_get_month (utc) - 1], g_date_time_get_year (utc),
      g_date_time_get_hour (utc), g_date_time_get_minute (utc), g_date_time_get_second (utc),
      address, address, id != NULL ? id : new_id, domain);
}
