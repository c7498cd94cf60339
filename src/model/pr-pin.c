/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Fingerprints of certificates as people and programs write them: “AB:CD:…” by most tools, plain
 * hexadecimal digits by others. */

#include "pr-pin.h"

#include <string.h>

#define PIN_LENGTH 64

/**
 * pr_pin_parse:
 * @text: what somebody has typed or pasted
 *
 * Returns: (transfer full) (nullable): the SHA-256 of a certificate, 64 lower-case hexadecimal
 *   digits; %NULL if @text is none
 */
char *
pr_pin_parse (const char *text)
{
  g_autoptr (GString) pin = g_string_sized_new (PIN_LENGTH);
  /* As openssl prints it. */
  const char *equals = strrchr (text, '=');

  for (const char *p = equals != NULL ? equals + 1 : text; *p != '\0'; p++)
    {
      if (g_ascii_isxdigit (*p))
        g_string_append_c (pin, g_ascii_tolower (*p));
      else if (*p != ':' && !g_ascii_isspace (*p))
        return NULL;
    }
  return pin->len == PIN_LENGTH ? g_string_free (g_steal_pointer (&pin), FALSE) : NULL;
}

/**
 * pr_pin_format:
 * @sha256: a fingerprint in hexadecimal digits
 *
 * Returns: (transfer full): the same in pairs, for eyes that compare
 */
char *
pr_pin_format (const char *sha256)
{
  GString *text = g_string_new (NULL);

  for (const char *p = sha256; *p != '\0'; p++)
    {
      if (p != sha256 && (p - sha256) % 2 == 0)
        g_string_append_c (text, ':');
      g_string_append_c (text, g_ascii_toupper (*p));
    }
  return g_string_free (text, FALSE);
}
