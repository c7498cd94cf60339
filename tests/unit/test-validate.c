/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What may be typed as a host, an address, a list of ports, a user name: tables of good and bad
 * values. Threat X11 (commands smuggled into fields) and X21 (names in several scripts). */

#include "pr-validate.h"

#include <string.h>

typedef struct
{
  const char *value;
  const char *ascii; /* NULL: refused */
} PrHostRow;

static const PrHostRow hosts[] = {
  { "mail.example.org", "mail.example.org" },
  { "MAIL.Example.ORG", "mail.example.org" },
  { "mail.example.org.", "mail.example.org" },
  { "localhost", "localhost" },
  { "a-b.c_d.example", "a-b.c_d.example" },
  { "1und1.example", "1und1.example" },
  { "bücher.example", "xn--bcher-kva.example" },
  { "BÜCHER.example", "xn--bcher-kva.example" },
  { "xn--bcher-kva.example", "xn--bcher-kva.example" },
  { "192.0.2.1", "192.0.2.1" },
  { "2001:DB8::1", "2001:db8::1" },
  { "[2001:db8::1]", "2001:db8::1" },
  { "[192.0.2.1]", "192.0.2.1" },
  { "", NULL },
  { ".", NULL },
  { ".example.org", NULL },
  { "mail..example", NULL },
  { "-mail.example", NULL },
  { "mail-.example", NULL },
  { "10.0.0.300", NULL },
  { "10.0.0", NULL },
  { "mail example.org", NULL },
  { " mail.example.org", NULL },
  { "mail.example.org\r\nQUIT", NULL },
  { "mail.example.org\n", NULL },
  { "mail\texample", NULL },
  { "mail.example.org:995", NULL },
  { "pop3://mail.example.org", NULL },
  { "mail.example.org/path", NULL },
  { "user@mail.example.org", NULL },
  { "mail.exam\x01ple.org", NULL },
  { "mail.exam\xffple.org", NULL },
  { "a.b.c.d.e.f.[::1]", NULL },
  { "[]", NULL },
};

static void
test_hosts (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++)
    {
      g_autofree char *ascii = pr_host_to_ascii (hosts[i].value);
      g_autofree char *accepted = pr_check_host (hosts[i].value);

      g_assert_cmpstr (ascii, ==, hosts[i].ascii);
      if (hosts[i].ascii != NULL)
        g_assert_null (accepted);
      else
        g_assert_nonnull (accepted);
    }
}

static void
test_host_lengths (void)
{
  g_autofree char *label = g_strnfill (63, 'a');
  g_autofree char *long_label = g_strnfill (64, 'a');
  g_autofree char *good = g_strdup_printf ("%s.%s.%s.%.61s", label, label, label, label);
  g_autofree char *bad = g_strdup_printf ("%s.%s.%s.%.62s", label, label, label, label);
  g_autofree char *bad_label = g_strdup_printf ("%s.example", long_label);
  g_autofree char *huge = g_strnfill (PR_HOST_MAX_LENGTH + 1, 'a');
  const char *refused[] = { bad, bad_label, huge };
  g_autofree char *ascii = pr_host_to_ascii (good);

  g_assert_cmpuint (strlen (good), ==, 253);
  g_assert_cmpstr (ascii, ==, good);
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autofree char *accepted = pr_check_host (refused[i]);

      g_assert_nonnull (accepted);
    }
}

static void
test_host_forms (void)
{
  g_autofree char *both = pr_host_to_display ("xn--bcher-kva.example");
  g_autofree char *typed = pr_host_to_display ("bücher.example");
  g_autofree char *plain = pr_host_to_display ("mail.example.org");
  g_autofree char *bad = pr_host_to_display ("not a host");

  g_assert_cmpstr (both, ==, "bücher.example (xn--bcher-kva.example)");
  g_assert_cmpstr (typed, ==, "bücher.example (xn--bcher-kva.example)");
  g_assert_cmpstr (plain, ==, "mail.example.org");
  g_assert_cmpstr (bad, ==, "not a host");
  g_assert_true (pr_host_is_ip ("192.0.2.1"));
  g_assert_true (pr_host_is_ip ("[2001:db8::1]"));
  g_assert_false (pr_host_is_ip ("mail.example.org"));
  g_assert_false (pr_host_is_ip ("10.0.0.300"));
}

static const char *const good_addresses[] = {
  "user@example.org",
  "first.last+tag@example.org",
  "!#$%&'*+-/=?^_`{|}~@example.org",
  "user@localhost",
  "user@[192.0.2.1]",
  "user@[IPv6:2001:db8::1]",
  "\"quoted local\"@example.org",
  "\"with \\\" quote\"@example.org",
  "\"with@at\"@example.org",
  "jürgen@example.org",
  "user@bücher.example",
};

static const char *const bad_addresses[] = {
  "",
  "user",
  "@example.org",
  "user@",
  ".user@example.org",
  "user.@example.org",
  "us..er@example.org",
  "us er@example.org",
  "user@exam ple.org",
  "user@example.org.",
  "user@-example.org",
  "user@192.0.2.1",
  "user@[192.0.2.300]",
  "user@[2001:db8::1]",
  "user@[IPv6:192.0.2.1]",
  "user@[]",
  "\"unended@example.org",
  "\"\"@example.org",
  "\"end\\\"@example.org",
  "a\"b\"@example.org",
  "User <user@example.org>",
  "a@example.org, b@example.org",
  "user@example.org\r\nRCPT TO:<other@example.org>",
  "\"quoted\r\nline\"@example.org",
  "user@example.org\n",
  "us\ter@example.org",
  "us\x7f"
  "er@example.org",
  "us\xc2\x85"
  "er@example.org",
  "us\xff"
  "er@example.org",
};

static void
test_addresses (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (good_addresses); i++)
    {
      g_autofree char *accepted = pr_check_address (good_addresses[i]);

      if (accepted != NULL)
        g_error ("“%s” is refused: %s", good_addresses[i], accepted);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad_addresses); i++)
    {
      g_autofree char *accepted = pr_check_address (bad_addresses[i]);

      if (accepted == NULL)
        g_error ("“%s” is accepted", bad_addresses[i]);
    }
}

static void
test_address_lengths (void)
{
  g_autofree char *local = g_strnfill (64, 'l');
  g_autofree char *label = g_strnfill (60, 'd');
  g_autofree char *good = g_strdup_printf ("%s@example.org", local);
  g_autofree char *bad_local = g_strdup_printf ("l%s@example.org", local);
  g_autofree char *good_all =
      g_strdup_printf ("%s@%s.%s.%s.%.6s", local, label, label, label, label);
  g_autofree char *bad_all =
      g_strdup_printf ("%s@%s.%s.%s.%.7s", local, label, label, label, label);

  g_assert_cmpuint (strlen (good_all), ==, 254);
  g_assert_true (pr_address_split (good, NULL, NULL));
  g_assert_false (pr_address_split (bad_local, NULL, NULL));
  g_assert_true (pr_address_split (good_all, NULL, NULL));
  g_assert_false (pr_address_split (bad_all, NULL, NULL));
}

static void
test_address_parts (void)
{
  g_autofree char *local = NULL, *domain = NULL;

  g_assert_true (pr_address_split ("\"a@b\"@example.org", &local, &domain));
  g_assert_cmpstr (local, ==, "\"a@b\"");
  g_assert_cmpstr (domain, ==, "example.org");
}

static void
test_address_keys (void)
{
  static const char *const same[][2] = {
    { "User@Example.ORG", "user@example.org" },
    { "user@bücher.example", "USER@xn--bcher-kva.example" },
    { "J\u00dcRGEN@example.org", "ju\u0308rgen@example.org" },
    { "user@[IPv6:2001:DB8::1]", "user@[IPv6:2001:db8::1]" },
  };
  g_autofree char *one = pr_address_to_key ("a@example.org");
  g_autofree char *other = pr_address_to_key ("b@example.org");

  g_assert_cmpstr (one, !=, other);
  for (guint i = 0; i < G_N_ELEMENTS (same); i++)
    {
      g_autofree char *a = pr_address_to_key (same[i][0]);
      g_autofree char *b = pr_address_to_key (same[i][1]);

      g_assert_cmpstr (a, ==, b);
    }
}

static void
test_ports (void)
{
  static const char *const good[] = { "", "  ", "25", "465, 995", "80,443 , 465,995", "65535" };
  static const char *const bad[] = { ",",      "25,", "0",   "65536", "25 465",
                                     "twenty", "-1",  "2 5", "25;465" };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autofree char *accepted = pr_check_port_list (good[i]);

      g_assert_null (accepted);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *accepted = pr_check_port_list (bad[i]);

      g_assert_nonnull (accepted);
    }
  g_assert_true (pr_port_list_contains ("80, 443,465 ,995", 465));
  g_assert_false (pr_port_list_contains ("80, 443,465 ,995", 46));
  g_assert_false (pr_port_list_contains ("", 25));
}

static void
test_lines (void)
{
  static const char *const bad[] = {
    "a\nb", "a\rb", "a\tb", "a\x1b", "a\x7f", "a\xc2\x85", "\xff"
  };
  g_autofree char *line = pr_check_line ("Größe: 5 €");
  g_autofree char *credential = pr_check_credential (" blanks at both ends ");

  g_assert_null (line);
  g_assert_null (credential);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *no_line = pr_check_line (bad[i]);
      g_autofree char *no_credential = pr_check_credential (bad[i]);

      g_assert_nonnull (no_line);
      g_assert_nonnull (no_credential);
      g_assert_true (pr_text_has_controls (bad[i]));
    }
  g_assert_true (pr_text_is_ascii ("abc"));
  g_assert_false (pr_text_is_ascii ("äbc"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/validate/hosts", test_hosts);
  g_test_add_func ("/validate/host-lengths", test_host_lengths);
  g_test_add_func ("/validate/host-forms", test_host_forms);
  g_test_add_func ("/validate/addresses", test_addresses);
  g_test_add_func ("/validate/address-lengths", test_address_lengths);
  g_test_add_func ("/validate/address-parts", test_address_parts);
  g_test_add_func ("/validate/address-keys", test_address_keys);
  g_test_add_func ("/validate/ports", test_ports);
  g_test_add_func ("/validate/lines", test_lines);
  return g_test_run ();
}
