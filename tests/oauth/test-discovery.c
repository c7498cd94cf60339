/* SPDX-License-Identifier: GPL-3.0-or-later */

/* From an email address to its servers: a web service and a resolver in this process stand for the
 * domain. */

#include "../environment/env-fixture.h"
#include "oauth-endpoint.h"
#include "pr-discovery.h"

#include <string.h>

#define XML "application/xml"
#define FILE_HEAD "<?xml version=\"1.0\"?><clientConfig version=\"1.1\"><emailProvider id=\"x\">"
#define FILE_TAIL "</emailProvider></clientConfig>"
#define POP(HOST, PORT, SOCKET)                                                                    \
  "<incomingServer type=\"pop3\"><hostname>" HOST "</hostname><port>" PORT                         \
  "</port><socketType>" SOCKET                                                                     \
  "</socketType><username>%EMAILLOCALPART%</username></incomingServer>"
#define SMTP(HOST, PORT, SOCKET)                                                                   \
  "<outgoingServer type=\"smtp\"><hostname>" HOST "</hostname><port>" PORT                         \
  "</port><socketType>" SOCKET "</socketType></outgoingServer>"
#define IMAP                                                                                       \
  "<incomingServer type=\"imap\"><hostname>imap.example.test</hostname><port>993</port>"           \
  "<socketType>SSL</socketType></incomingServer>"

/* --- A resolver ------------------------------------------------------------------------------- */

#define TEST_TYPE_RESOLVER (test_resolver_get_type ())
G_DECLARE_FINAL_TYPE (TestResolver, test_resolver, TEST, RESOLVER, GResolver)

struct _TestResolver
{
  GResolver parent_instance;
  GHashTable *records; /* name → "host port" */
  gboolean silent;
};

G_DEFINE_FINAL_TYPE (TestResolver, test_resolver, G_TYPE_RESOLVER)

static void
on_silence_over (GCancellable *cancellable, gpointer user_data)
{
  g_task_return_error_if_cancelled (user_data);
}

static void
lookup_service_async (GResolver *resolver,
                      const char *name,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  TestResolver *self = TEST_RESOLVER (resolver);
  g_autoptr (GTask) task = g_task_new (resolver, cancellable, callback, user_data);
  const char *record = g_hash_table_lookup (self->records, name);
  g_auto (GStrv) parts = record != NULL ? g_strsplit (record, " ", 2) : NULL;

  g_test_message ("asked for %s", name);
  if (self->silent)
    {
      g_cancellable_connect (cancellable, G_CALLBACK (on_silence_over), g_object_ref (task),
                             g_object_unref);
      return;
    }
  if (record == NULL)
    g_task_return_new_error (task, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "none");
  else
    g_task_return_pointer (
        task,
        g_list_append (NULL, g_srv_target_new (
                                 parts[0], (guint16) g_ascii_strtoull (parts[1], NULL, 10), 0, 0)),
        NULL);
}

static GList *
lookup_service_finish (GResolver *resolver, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
test_resolver_finalize (GObject *object)
{
  g_hash_table_unref (TEST_RESOLVER (object)->records);
  G_OBJECT_CLASS (test_resolver_parent_class)->finalize (object);
}

static void
test_resolver_class_init (TestResolverClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_resolver_finalize;
  G_RESOLVER_CLASS (klass)->lookup_service_async = lookup_service_async;
  G_RESOLVER_CLASS (klass)->lookup_service_finish = lookup_service_finish;
}

static void
test_resolver_init (TestResolver *self)
{
  self->records = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

/* --- The domain ------------------------------------------------------------------------------- */

typedef struct
{
  TestEndpoint *web;
  char *ca_pem;
  char *urls[3];
  TestResolver *resolver;
  GResolver *before;
  guint timeout_s;
} TestDomain;

static void
domain_init (TestDomain *self)
{
  self->web = test_endpoint_new_tls ("good", &self->ca_pem);
  self->urls[0] = test_endpoint_get_url (self->web, "/a/%s");
  self->urls[1] = test_endpoint_get_url (self->web, "/b/%s");
  self->urls[2] = NULL;
  self->resolver = g_object_new (TEST_TYPE_RESOLVER, NULL);
  self->before = g_resolver_get_default ();
  self->timeout_s = 20;
  g_resolver_set_default (G_RESOLVER (self->resolver));
}

static void
domain_clear (TestDomain *self)
{
  g_resolver_set_default (self->before);
  g_object_unref (self->before);
  g_object_unref (self->resolver);
  test_endpoint_free (self->web);
  g_free (self->ca_pem);
  g_free (self->urls[0]);
  g_free (self->urls[1]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TestDomain, domain_clear)

static void
answer (TestDomain *self, guint status, const char *body)
{
  test_endpoint_add (self->web, &(TestReply){ status, XML, body, NULL, NULL });
}

static void
publish (TestDomain *self, const char *service, const char *record)
{
  g_hash_table_insert (self->resolver->records, g_strdup_printf ("_%s._tcp.example.test", service),
                       g_strdup (record));
}

static PrDiscovery *
find (TestDomain *self, const char *address, GError **error)
{
  PrDiscoverySettings settings = { (const char *const *) self->urls, self->ca_pem,
                                   self->timeout_s };
  g_auto (PrEnvWait) wait = { NULL };

  pr_discovery_find_async (address, &settings, NULL, env_ready, &wait);
  return pr_discovery_find_finish (env_wait (&wait), error);
}

#define assert_server(FOUND, DIRECTION, HOST, PORT, SECURITY)                                      \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_assert_cmpstr ((FOUND)->servers[DIRECTION].host, ==, (HOST));                                \
    g_assert_cmpuint ((FOUND)->servers[DIRECTION].port, ==, (PORT));                               \
    g_assert_cmpint ((FOUND)->servers[DIRECTION].security, ==, (SECURITY));                        \
  }                                                                                                \
  G_STMT_END

/* --- Tests ------------------------------------------------------------------------------------ */

static void
test_known (void)
{
  g_auto (TestDomain) domain;
  g_autoptr (GError) error = NULL;
  g_autoptr (PrDiscovery) found = NULL;

  domain_init (&domain);
  found = find (&domain, "somebody@gmail.com", &error);
  g_assert_no_error (error);
  assert_server (found, 0, "pop.gmail.com", 995, PR_SECURITY_SSL);
  g_assert_cmpint (found->sources[0], ==, PR_DISCOVERY_PROVIDER);
  /* Nobody was asked. */
  g_assert_cmpuint (test_endpoint_get_n (domain.web), ==, 0);
}

static void
test_file (void)
{
  g_auto (TestDomain) domain;
  g_autoptr (GError) error = NULL;
  g_autoptr (PrDiscovery) found = NULL;
  g_autoptr (PrServerProfile) profile = pr_server_profile_new ();
  g_autofree char *text = NULL;

  domain_init (&domain);
  answer (&domain, 200,
          FILE_HEAD POP ("clear.example.test", "110", "plain")
              POP ("pop.%EMAILDOMAIN%", "110", "STARTTLS") POP ("pop.%EMAILDOMAIN%", "995", "SSL")
                  SMTP ("mail.elsewhere.test", "587", "STARTTLS") FILE_TAIL);
  answer (&domain, 404, "no");
  publish (&domain, "pop3s", "other.example.test 1995");
  found = find (&domain, "Somebody@Example.TEST", &error);
  g_assert_no_error (error);
  assert_server (found, 0, "pop.example.test", 995, PR_SECURITY_SSL);
  assert_server (found, 1, "mail.elsewhere.test", 587, PR_SECURITY_STARTTLS);
  g_assert_cmpint (found->sources[0], ==, PR_DISCOVERY_AUTOCONFIG);
  g_assert_true (found->is_foreign);
  g_assert_true (found->is_local_part);
  pr_discovery_apply (found, profile);
  g_assert_cmpstr (pr_server_profile_get_location (profile, PR_DIRECTION_INCOMING), ==,
                   "pop.example.test");
  g_assert_cmpint (pr_server_profile_get_port (profile, PR_DIRECTION_OUTGOING), ==, 587);
  text = pr_discovery_describe (found);
  g_assert_nonnull (strstr (text, "make sure"));
  /* The domain learns its own name, and nothing of the person. */
  for (guint i = 0; i < test_endpoint_get_n (domain.web); i++)
    {
      g_assert_null (strcasestr (test_endpoint_get_path (domain.web, i), "somebody"));
      g_assert_null (test_endpoint_get_authorization (domain.web, i));
    }
}

static void
test_dns (void)
{
  g_auto (TestDomain) domain;
  g_autoptr (GError) error = NULL;
  g_autoptr (PrDiscovery) found = NULL;

  domain_init (&domain);
  /* One names servers for something else; the other is no file at all. */
  answer (&domain, 200, FILE_HEAD IMAP FILE_TAIL);
  answer (&domain, 200, "<html><body>Welcome</body></html>");
  publish (&domain, "pop3", "pop.example.test 110");
  publish (&domain, "submissions", "smtp.example.test. 465");
  publish (&domain, "submission", "smtp.example.test 587");
  found = find (&domain, "a@example.test", &error);
  g_assert_no_error (error);
  assert_server (found, 0, "pop.example.test", 110, PR_SECURITY_STARTTLS);
  assert_server (found, 1, "smtp.example.test", 465, PR_SECURITY_SSL);
  g_assert_cmpint (found->sources[1], ==, PR_DISCOVERY_DNS);
  g_assert_false (found->is_foreign);
}

/* What is wrong with a file is no server, and no crash. */
static void
test_hostile (void)
{
  static const char *const files[] = {
    "<!DOCTYPE x [<!ENTITY a \"aaaa\">]>" FILE_HEAD POP ("pop.example.test", "995", "SSL")
        FILE_TAIL,
    FILE_HEAD POP ("pop.example.test", "0", "SSL") FILE_TAIL,
    FILE_HEAD POP ("pop.example.test", "70000", "SSL") FILE_TAIL,
    FILE_HEAD POP ("pop.example.test", "995", "plain") FILE_TAIL,
    FILE_HEAD POP ("pop example\ntest", "995", "SSL") FILE_TAIL,
    FILE_HEAD POP ("https://pop.example.test/", "995", "SSL") FILE_TAIL,
    FILE_HEAD POP ("", "995", "SSL") FILE_TAIL,
    FILE_HEAD POP ("pop.example.test", "995", "SSL"),
    "<clientConfig>" POP ("pop.example.test", "995", "SSL") "</clientConfig>",
    "\x80\x81",
    "",
  };

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr (PrAutoconfig) config =
          pr_autoconfig_parse (files[i], strlen (files[i]), "example.test");

      g_test_message ("file %u", i);
      g_assert_true (config == NULL || config->servers[0].host == NULL);
    }
}

static void
test_large (void)
{
  g_autoptr (GString) file = g_string_new (FILE_HEAD POP ("pop.example.test", "995", "SSL"));
  g_autoptr (PrAutoconfig) small = NULL;
  g_autoptr (PrAutoconfig) large = NULL;

  g_string_append (file, FILE_TAIL);
  small = pr_autoconfig_parse (file->str, file->len, "example.test");
  g_assert_nonnull (small);
  g_assert_cmpstr (small->servers[0].host, ==, "pop.example.test");
  for (guint i = 0; i < 70000; i++)
    g_string_append_c (file, ' ');
  large = pr_autoconfig_parse (file->str, file->len, "example.test");
  g_assert_null (large);
}

static void
test_redirect (void)
{
  g_auto (TestDomain) domain;
  g_autoptr (GError) error = NULL;
  g_autoptr (PrDiscovery) found = NULL;
  g_autofree char *there = NULL;

  domain_init (&domain);
  g_clear_pointer (&domain.urls[1], g_free);
  there = test_endpoint_get_url (domain.web, "/there");
  test_endpoint_add (domain.web, &(TestReply){ 302, XML, "", "Location", there });
  answer (&domain, 200, FILE_HEAD POP ("pop.example.test", "995", "SSL") FILE_TAIL);
  found = find (&domain, "a@example.test", &error);
  g_assert_no_error (error);
  assert_server (found, 0, "pop.example.test", 995, PR_SECURITY_SSL);
  g_assert_cmpstr (test_endpoint_get_path (domain.web, 1), ==, "/there");
}

/* Never to where anybody could answer, and not for ever. */
static void
test_redirect_refused (void)
{
  g_auto (TestDomain) domain;
  g_autoptr (GError) error = NULL;
  g_autofree char *again = NULL;

  domain_init (&domain);
  g_clear_pointer (&domain.urls[1], g_free);
  test_endpoint_add (domain.web,
                     &(TestReply){ 302, XML, "", "Location", "http://autoconfig.example.test/" });
  g_assert_null (find (&domain, "a@example.test", &error));
  g_assert_error (error, PR_ERROR, PR_ERROR_NOT_FOUND);
  g_assert_cmpuint (test_endpoint_get_n (domain.web), ==, 1);
  g_clear_error (&error);

  again = test_endpoint_get_url (domain.web, "/again");
  for (guint i = 0; i < 10; i++)
    test_endpoint_add (domain.web, &(TestReply){ 302, XML, "", "Location", again });
  g_assert_null (find (&domain, "a@example.test", &error));
  g_assert_cmpuint (test_endpoint_get_n (domain.web), ==, 5);
}

/* Whoever cannot show a good certificate is not believed. */
static void
test_certificate (void)
{
  g_auto (TestDomain) domain;
  g_autoptr (GError) error = NULL;

  domain_init (&domain);
  g_clear_pointer (&domain.ca_pem, g_free);
  answer (&domain, 200, FILE_HEAD POP ("pop.example.test", "995", "SSL") FILE_TAIL);
  answer (&domain, 200, FILE_HEAD POP ("pop.example.test", "995", "SSL") FILE_TAIL);
  g_assert_null (find (&domain, "a@example.test", &error));
  g_assert_error (error, PR_ERROR, PR_ERROR_NOT_FOUND);
  g_assert_cmpuint (test_endpoint_get_n (domain.web), ==, 0);
}

/* What has answered in time counts. */
static void
test_slow (void)
{
  g_auto (TestDomain) domain;
  g_autoptr (GError) error = NULL;
  g_autoptr (PrDiscovery) found = NULL;
  gint64 before = g_get_monotonic_time ();

  domain_init (&domain);
  domain.timeout_s = 1;
  domain.resolver->silent = TRUE;
  answer (&domain, 200, FILE_HEAD POP ("pop.example.test", "995", "SSL") FILE_TAIL);
  found = find (&domain, "a@example.test", &error);
  g_assert_no_error (error);
  assert_server (found, 0, "pop.example.test", 995, PR_SECURITY_SSL);
  g_assert_cmpint (g_get_monotonic_time () - before, <, 10 * G_USEC_PER_SEC);
}

static void
test_cancel (void)
{
  g_auto (TestDomain) domain;
  g_auto (PrEnvWait) wait = { NULL };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  domain_init (&domain);
  domain.resolver->silent = TRUE;
  pr_discovery_find_async (
      "a@example.test",
      &(PrDiscoverySettings){ (const char *const *) domain.urls, domain.ca_pem, 20 }, cancellable,
      env_ready, &wait);
  g_cancellable_cancel (cancellable);
  g_assert_null (pr_discovery_find_finish (env_wait (&wait), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_no_domain (void)
{
  g_auto (TestDomain) domain;
  g_autoptr (GError) error = NULL;

  domain_init (&domain);
  g_assert_null (find (&domain, "a@[192.0.2.1]", &error));
  g_assert_error (error, PR_ERROR, PR_ERROR_NOT_FOUND);
  g_assert_cmpuint (test_endpoint_get_n (domain.web), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/discovery/known", test_known);
  g_test_add_func ("/discovery/file", test_file);
  g_test_add_func ("/discovery/dns", test_dns);
  g_test_add_func ("/discovery/hostile", test_hostile);
  g_test_add_func ("/discovery/large", test_large);
  g_test_add_func ("/discovery/redirect", test_redirect);
  g_test_add_func ("/discovery/redirect-refused", test_redirect_refused);
  g_test_add_func ("/discovery/certificate", test_certificate);
  g_test_add_func ("/discovery/slow", test_slow);
  g_test_add_func ("/discovery/cancel", test_cancel);
  g_test_add_func ("/discovery/no-domain", test_no_domain);
  return g_test_run ();
}
