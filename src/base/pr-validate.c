/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What may be typed as a host, an address, a user name: judged once, at the border, so that
 * nothing which could become a command of its own (threat X11 in docs/security.md) comes in.
 * Values are refused, never mended. Any thread.
 *
 * RFC 1123 section 2.1 (host names), RFC 5890 (IDN), RFC 5321 section 4.1.2 (Mailbox), RFC 6531
 * section 3.3 (non-ASCII addresses). */

#include "pr-validate.h"

#include "pr-text.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#define DNS_NAME_MAX 253
#define DNS_LABEL_MAX 63
#define LOCAL_PART_MAX 64 /* RFC 5321 section 4.5.3.1.1, octets */

/**
 * pr_text_is_ascii:
 * @text: any text
 *
 * Returns: whether @text has no character beyond ASCII
 */
gboolean
pr_text_is_ascii (const char *text)
{
  for (const char *p = text; *p != '\0'; p++)
    if ((guint8) *p >= 0x80)
      return FALSE;
  return TRUE;
}

/**
 * pr_text_has_controls:
 * @text: any text
 *
 * Returns: whether @text is no UTF-8, or has a control character (C0, DEL, C1)
 */
gboolean
pr_text_has_controls (const char *text)
{
  if (!g_utf8_validate (text, -1, NULL))
    return TRUE;
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_iscntrl (g_utf8_get_char (p)))
      return TRUE;
  return FALSE;
}

/* The address inside "[...]", or the text itself. */
static char *
strip_brackets (const char *host)
{
  gsize n = strlen (host);

  if (n > 2 && host[0] == '[' && host[n - 1] == ']')
    return g_strndup (host + 1, n - 2);
  return g_strdup (host);
}

/**
 * pr_host_is_ip:
 * @host: a host, with or without "[...]"
 *
 * Returns: whether @host is an IPv4 or IPv6 address
 */
gboolean
pr_host_is_ip (const char *host)
{
  g_autofree char *bare = strip_brackets (host);

  return g_hostname_is_ip_address (bare);
}

static gboolean
is_ldh_name (const char *name)
{
  g_auto (GStrv) labels = NULL;

  if (strlen (name) > DNS_NAME_MAX)
    return FALSE;
  labels = g_strsplit (name, ".", -1);
  for (guint i = 0; labels[i] != NULL; i++)
    {
      gsize n = strlen (labels[i]);

      if (n == 0 || n > DNS_LABEL_MAX || labels[i][0] == '-' || labels[i][n - 1] == '-')
        return FALSE;
      for (const char *p = labels[i]; *p != '\0'; p++)
        if (!g_ascii_isalnum (*p) && *p != '-' && *p != '_')
          return FALSE;
    }
  return TRUE;
}

/**
 * pr_host_to_ascii:
 * @host: a host name in any script, or an IP address with or without "[...]"
 *
 * Returns: (transfer full) (nullable): what is looked up, sent as SNI and verified: A-labels in
 *   lower case without a dot at the end (RFC 5890), or the bare IP address; %NULL if @host is
 *   no host
 */
char *
pr_host_to_ascii (const char *host)
{
  g_autofree char *bare = strip_brackets (host);
  g_autofree char *ascii = NULL, *lower = NULL;
  gsize n;

  if (g_hostname_is_ip_address (bare))
    return g_ascii_strdown (bare, -1);
  if (pr_text_has_controls (host))
    return NULL;
  ascii = g_hostname_to_ascii (host);
  if (ascii == NULL)
    return NULL;
  lower = g_ascii_strdown (ascii, -1);
  n = strlen (lower);
  if (n > 1 && lower[n - 1] == '.')
    lower[n - 1] = '\0';
  /* All digits and dots, but no address: a typing error like 10.0.0.300, never a name. */
  if (!is_ldh_name (lower) || strspn (lower, "0123456789.") == strlen (lower))
    return NULL;
  return g_steal_pointer (&lower);
}

/**
 * pr_host_to_display:
 * @host: a host
 *
 * Returns: (transfer full): @host as typed, and beside it the other form of an internationalized
 *   name: "bücher.example (xn--bcher-kva.example)"
 */
char *
pr_host_to_display (const char *host)
{
  g_autofree char *ascii = NULL, *unicode = NULL;

  /* Most names are the same in both forms. */
  if (g_str_is_ascii (host) && !g_hostname_is_ascii_encoded (host))
    return g_strdup (host);
  ascii = pr_host_to_ascii (host);
  unicode = ascii != NULL ? g_hostname_to_unicode (ascii) : NULL;
  if (ascii == NULL || unicode == NULL || g_str_equal (ascii, unicode))
    return g_strdup (host);
  return g_strdup_printf ("%s (%s)", unicode, ascii);
}

/**
 * pr_check_host:
 * @value: a server location
 *
 * A #PrCheck for host names and IP addresses.
 *
 * Returns: (transfer full) (nullable): what is accepted; %NULL if @value is a host
 */
char *
pr_check_host (const char *value)
{
  g_autofree char *ascii = NULL;

  if (strlen (value) > PR_HOST_MAX_LENGTH)
    return g_strdup_printf (_ ("at most %d characters"), PR_HOST_MAX_LENGTH);
  if (pr_text_has_controls (value))
    return g_strdup (_ ("a host name without line breaks and control characters"));
  if (strstr (value, "://") != NULL || strpbrk (value, "/?#") != NULL)
    return g_strdup (_ ("the host name alone, such as mail.example.org, not a web address"));
  if (strpbrk (value, " \t") != NULL)
    return g_strdup (_ ("a host name without spaces, such as mail.example.org"));
  if (strchr (value, '@') != NULL)
    return g_strdup (_ ("the name of a server such as mail.example.org, not an email address"));
  ascii = pr_host_to_ascii (value);
  if (ascii != NULL)
    return NULL;
  if (strchr (value, ':') != NULL)
    return g_strdup (_ ("the host name alone; the port has a field of its own"));
  return g_strdup (_ ("a host name such as mail.example.org, or an IP address"));
}

static gboolean
is_atext (gunichar c)
{
  if (c >= 0x80)
    return TRUE;
  return g_ascii_isalnum ((char) c) || strchr ("!#$%&'*+-/=?^_`{|}~", (char) c) != NULL;
}

static gboolean
is_dot_string (const char *local)
{
  gboolean dot = TRUE; /* none may stand first, last, or beside another */

  for (const char *p = local; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c == '.' && dot)
        return FALSE;
      if (c != '.' && !is_atext (c))
        return FALSE;
      dot = c == '.';
    }
  return !dot;
}

static gboolean
is_quoted_string (const char *local)
{
  gsize n = strlen (local);

  if (n < 3 || local[0] != '"' || local[n - 1] != '"')
    return FALSE;
  for (const char *p = local + 1; p < local + n - 1; p++)
    {
      if (*p == '"')
        return FALSE;
      if (*p == '\\' && ++p >= local + n - 1)
        return FALSE;
    }
  return TRUE;
}

static gboolean
is_domain (const char *domain)
{
  gsize n = strlen (domain);
  g_autofree char *ascii = NULL;

  /* RFC 5321 section 4.1.3: [192.0.2.1] and [IPv6:2001:db8::1] */
  if (n > 2 && domain[0] == '[' && domain[n - 1] == ']')
    {
      g_autofree char *literal = g_strndup (domain + 1, n - 2);
      gboolean v6 = g_ascii_strncasecmp (literal, "IPv6:", 5) == 0;
      g_autoptr (GInetAddress) address = g_inet_address_new_from_string (literal + (v6 ? 5 : 0));
      GSocketFamily family = v6 ? G_SOCKET_FAMILY_IPV6 : G_SOCKET_FAMILY_IPV4;

      return address != NULL && g_inet_address_get_family (address) == family;
    }
  if (n > 0 && domain[n - 1] == '.')
    return FALSE;
  ascii = pr_host_to_ascii (domain);
  return ascii != NULL && !g_hostname_is_ip_address (ascii);
}

/**
 * pr_address_split:
 * @address: an email address
 * @local: (out) (optional) (transfer full): what is before the last "@"
 * @domain: (out) (optional) (transfer full): what is behind it
 *
 * Returns: whether @address is a Mailbox of RFC 5321 section 4.1.2 or RFC 6531 section 3.3
 */
gboolean
pr_address_split (const char *address, char **local, char **domain)
{
  const char *at = strrchr (address, '@');
  g_autofree char *l = NULL;

  if (at == NULL || strlen (address) > PR_ADDRESS_MAX_LENGTH || pr_text_has_controls (address))
    return FALSE;
  l = g_strndup (address, at - address);
  if (strlen (l) > LOCAL_PART_MAX || *l == '\0' || !(is_dot_string (l) || is_quoted_string (l)))
    return FALSE;
  if (!is_domain (at + 1))
    return FALSE;
  if (local != NULL)
    *local = g_steal_pointer (&l);
  if (domain != NULL)
    *domain = g_strdup (at + 1);
  return TRUE;
}

/**
 * pr_address_to_key:
 * @address: an email address; anything else gets a key, too, which is no address's
 *
 * Servers in practice do not tell upper from lower case, and an internationalized domain has two
 * forms: two addresses with the same key are the same mailbox.
 *
 * Returns: (transfer full): the form by which addresses are compared
 */
char *
pr_address_to_key (const char *address)
{
  g_autofree char *local = NULL, *domain = NULL, *folded = NULL, *normal = NULL, *ascii = NULL;

  if (!pr_address_split (address, &local, &domain))
    return pr_text_casefold (address);
  normal = g_utf8_normalize (local, -1, G_NORMALIZE_DEFAULT_COMPOSE);
  folded = g_utf8_casefold (normal, -1);
  ascii = domain[0] == '[' ? g_ascii_strdown (domain, -1) : pr_host_to_ascii (domain);
  return g_strdup_printf ("%s@%s", folded, ascii);
}

/**
 * pr_check_address:
 * @value: an email address
 *
 * A #PrCheck for one real email address.
 *
 * Returns: (transfer full) (nullable): what is accepted; %NULL if @value is an address
 */
char *
pr_check_address (const char *value)
{
  if (pr_address_split (value, NULL, NULL))
    return NULL;
  if (pr_text_has_controls (value))
    return g_strdup (_ ("an email address without line breaks and control characters"));
  if (strlen (value) > PR_ADDRESS_MAX_LENGTH)
    return g_strdup_printf (_ ("an email address of at most %d octets"), PR_ADDRESS_MAX_LENGTH);
  if (strpbrk (value, "<>,;") != NULL)
    return g_strdup (_ ("one email address such as support@example.org, without a name"));
  return g_strdup (_ ("an email address such as support@example.org"));
}

/**
 * pr_check_line:
 * @value: any text
 *
 * A #PrCheck for text of one line.
 *
 * Returns: (transfer full) (nullable): what is accepted; %NULL if @value is one line
 */
char *
pr_check_line (const char *value)
{
  if (pr_text_has_controls (value))
    return g_strdup (_ ("text of one line without control characters"));
  return NULL;
}

/**
 * pr_check_credential:
 * @value: a user name or a password
 *
 * A #PrCheck for what goes into log-in commands. Blanks at either end are kept: passwords may
 * have them.
 *
 * Returns: (transfer full) (nullable): what is accepted; %NULL if @value can be sent
 */
char *
pr_check_credential (const char *value)
{
  if (pr_text_has_controls (value))
    return g_strdup (_ ("characters other than line breaks, tabs and control characters"));
  return NULL;
}

/**
 * pr_check_port_list:
 * @value: port numbers separated by commas
 *
 * A #PrCheck for lists of ports.
 *
 * Returns: (transfer full) (nullable): what is accepted; %NULL if @value is such a list
 */
char *
pr_check_port_list (const char *value)
{
  g_auto (GStrv) parts = g_strsplit (value, ",", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    {
      const char *part = g_strstrip (parts[i]);

      if (*part == '\0' && parts[1] == NULL)
        return NULL;
      if (!g_ascii_string_to_unsigned (part, 10, 1, 65535, NULL, NULL))
        return g_strdup (_ ("port numbers from 1 to 65535 separated by commas, such as 465, 995"));
    }
  return NULL;
}

/**
 * pr_port_list_contains:
 * @list: a list that pr_check_port_list() accepts
 * @port: a port
 *
 * Returns: whether @port is in @list
 */
gboolean
pr_port_list_contains (const char *list, guint port)
{
  g_auto (GStrv) parts = g_strsplit (list, ",", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    {
      guint64 n;

      if (g_ascii_string_to_unsigned (g_strstrip (parts[i]), 10, 1, 65535, &n, NULL) && n == port)
        return TRUE;
    }
  return FALSE;
}
