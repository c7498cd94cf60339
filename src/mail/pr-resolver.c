/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrResolver: getaddrinfo() that can be cancelled, and a cache for one run. Any thread.
 *
 * getaddrinfo() cannot be interrupted, so each look-up has a thread of its own, which may outlive
 * an impatient asker (libc ends it after its own time-outs). There is one per host name and run,
 * and two more where a name server takes its time.
 * GResolver is not used: its look-ups queue behind one another in the task pool of GIO, and it
 * folds what getaddrinfo() says into fewer errors than a diagnosis wants. */

#include "pr-resolver.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define MAX_ADDRESSES 16 /* more are not tried: a hostile DNS could name thousands */

/* A name server that is silent about one address family holds getaddrinfo() up for many seconds.
 * After this long each family is asked for alone as well, and the first that is answered counts
 * (RFC 8305 section 3 has the same aim). */
#define PATIENCE_US (400 * 1000)

typedef struct
{
  gatomicrefcount refs;
  char *host;
  int done_fd; /* readable for ever once the answer is there */
  GMutex mutex;
  gboolean done;
  gboolean split; /* each family is being asked for alone, too */
  int status;     /* of getaddrinfo() */
  int saved_errno;
  GPtrArray *addresses;
} PrLookup;

struct _PrResolver
{
  gatomicrefcount refs;
  GMutex mutex;
  GHashTable *lookups; /* host → PrLookup */
};

static void
address_free (gpointer data)
{
  PrAddress *address = data;

  g_free (address->text);
  g_free (address);
}

/**
 * pr_address_array_new:
 *
 * Returns: (transfer full) (element-type PrAddress): an empty list
 */
GPtrArray *
pr_address_array_new (void)
{
  return g_ptr_array_new_with_free_func (address_free);
}

static void
add_sockaddr (GPtrArray *addresses, const struct sockaddr *sockaddr, socklen_t length)
{
  g_autoptr (GSocketAddress) native =
      g_socket_address_new_from_native ((gpointer) sockaddr, length);
  PrAddress *address;

  if (native == NULL || !G_IS_INET_SOCKET_ADDRESS (native) || addresses->len >= MAX_ADDRESSES)
    return;
  address = g_new0 (PrAddress, 1);
  memcpy (&address->sockaddr, sockaddr, length);
  address->length = length;
  address->text =
      g_inet_address_to_string (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (native)));
  g_ptr_array_add (addresses, address);
}

/**
 * pr_address_array_add_text:
 * @addresses: a list
 * @text: an IPv4 or IPv6 address
 *
 * Returns: %FALSE if @text is no address
 */
gboolean
pr_address_array_add_text (GPtrArray *addresses, const char *text)
{
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string (text, 0);
  struct sockaddr_storage native;
  gssize length;

  if (address == NULL)
    return FALSE;
  length = g_socket_address_get_native_size (address);
  if (!g_socket_address_to_native (address, &native, sizeof native, NULL))
    return FALSE;
  add_sockaddr (addresses, (struct sockaddr *) &native, (socklen_t) length);
  return TRUE;
}

static PrLookup *
lookup_ref (PrLookup *lookup)
{
  g_atomic_ref_count_inc (&lookup->refs);
  return lookup;
}

static void
lookup_unref (gpointer data)
{
  PrLookup *lookup = data;

  if (!g_atomic_ref_count_dec (&lookup->refs))
    return;
  if (lookup->done_fd >= 0)
    close (lookup->done_fd);
  g_clear_pointer (&lookup->addresses, g_ptr_array_unref);
  g_mutex_clear (&lookup->mutex);
  g_free (lookup->host);
  g_free (lookup);
}

static PrLookup *
lookup_new (const char *host)
{
  PrLookup *lookup = g_new0 (PrLookup, 1);

  g_atomic_ref_count_init (&lookup->refs);
  g_mutex_init (&lookup->mutex);
  lookup->host = g_strdup (host);
  lookup->done_fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  return lookup;
}

static void
lookup_finish (PrLookup *lookup, int status, int saved_errno, GPtrArray *addresses)
{
  guint64 one = 1;

  g_mutex_lock (&lookup->mutex);
  if (lookup->done)
    {
      g_mutex_unlock (&lookup->mutex);
      g_ptr_array_unref (addresses);
      return;
    }
  lookup->status = status;
  lookup->saved_errno = saved_errno;
  lookup->addresses = addresses;
  lookup->done = TRUE;
  g_mutex_unlock (&lookup->mutex);
  if (lookup->done_fd >= 0 && write (lookup->done_fd, &one, sizeof one) != sizeof one)
    g_warning ("a look-up could not be announced: %s", g_strerror (errno));
}

typedef struct
{
  PrLookup *lookup;
  int family;
} PrQuestion;

/* An answer about both families ends the look-up; one about a single family only if it is an
 * address: that there is none, or trouble, is for the whole to say. */
static void
lookup_answer (PrLookup *lookup, int family, int status, int saved_errno, GPtrArray *addresses)
{
  if (family != AF_UNSPEC && addresses->len == 0)
    g_ptr_array_unref (addresses);
  else
    lookup_finish (lookup, status, saved_errno, addresses);
}

static gpointer
lookup_thread (gpointer data)
{
  PrQuestion *question = data;
  struct addrinfo hints = { .ai_family = question->family, .ai_socktype = SOCK_STREAM };
  struct addrinfo *answer = NULL;
  GPtrArray *addresses = pr_address_array_new ();
  /* Without AI_ADDRCONFIG: an address family that does not work here is a finding. */
  int status = getaddrinfo (question->lookup->host, NULL, &hints, &answer);
  int saved_errno = errno;

  for (struct addrinfo *ai = answer; ai != NULL; ai = ai->ai_next)
    add_sockaddr (addresses, ai->ai_addr, ai->ai_addrlen);
  if (answer != NULL)
    freeaddrinfo (answer);
  lookup_answer (question->lookup, question->family, status, saved_errno, addresses);
  lookup_unref (question->lookup);
  g_free (question);
  return NULL;
}

static gboolean
lookup_ask (PrLookup *lookup, int family, GError **error)
{
  PrQuestion *question = g_new (PrQuestion, 1);
  GThread *thread;

  question->lookup = lookup_ref (lookup);
  question->family = family;
  thread = g_thread_try_new ("pr-resolve", lookup_thread, question, error);
  if (thread != NULL)
    {
      g_thread_unref (thread);
      return TRUE;
    }
  lookup_unref (question->lookup);
  g_free (question);
  return FALSE;
}

/* No answer yet: one family may be what it waits for. */
static void
lookup_split (PrLookup *lookup)
{
  gboolean first;

  g_mutex_lock (&lookup->mutex);
  first = !lookup->split && !lookup->done;
  lookup->split = TRUE;
  g_mutex_unlock (&lookup->mutex);
  if (!first)
    return;
  (void) lookup_ask (lookup, AF_INET6, NULL);
  (void) lookup_ask (lookup, AF_INET, NULL);
}

/**
 * pr_resolver_new:
 *
 * Returns: (transfer full): a resolver that has looked nothing up yet
 */
PrResolver *
pr_resolver_new (void)
{
  PrResolver *self = g_new0 (PrResolver, 1);

  g_atomic_ref_count_init (&self->refs);
  g_mutex_init (&self->mutex);
  self->lookups = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, lookup_unref);
  return self;
}

/**
 * pr_resolver_ref:
 * @self: a resolver
 *
 * Returns: (transfer full): @self
 */
PrResolver *
pr_resolver_ref (PrResolver *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * pr_resolver_unref:
 * @self: (transfer full): a resolver
 */
void
pr_resolver_unref (PrResolver *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_hash_table_unref (self->lookups);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

/**
 * pr_resolver_add_static:
 * @self: a resolver
 * @host: a host name
 * @addresses: (array zero-terminated=1): IP addresses
 *
 * From now on @host has these addresses, without asking anybody: for the practice server and the
 * tests, whose names no DNS knows.
 */
void
pr_resolver_add_static (PrResolver *self, const char *host, const char *const *addresses)
{
  PrLookup *lookup = lookup_new (host);
  GPtrArray *array = pr_address_array_new ();

  for (guint i = 0; addresses[i] != NULL; i++)
    if (!pr_address_array_add_text (array, addresses[i]))
      g_warning ("“%s” is no IP address", addresses[i]);
  lookup_finish (lookup, 0, 0, array);
  g_mutex_lock (&self->mutex);
  g_hash_table_replace (self->lookups, g_strdup (host), lookup);
  g_mutex_unlock (&self->mutex);
}

/* The look-up of @host, started if this is the first time that somebody asks. */
static PrLookup *
resolver_get (PrResolver *self, const char *host, GError **error)
{
  PrLookup *lookup;
  g_autoptr (GError) local_error = NULL;

  g_mutex_lock (&self->mutex);
  lookup = g_hash_table_lookup (self->lookups, host);
  if (lookup != NULL)
    {
      lookup_ref (lookup);
      g_mutex_unlock (&self->mutex);
      return lookup;
    }
  lookup = lookup_new (host);
  if (!lookup_ask (lookup, AF_UNSPEC, &local_error))
    {
      g_mutex_unlock (&self->mutex);
      g_set_error (error, PR_DIAGNOSIS, PR_CODE_INTERNAL_ERROR, "no thread for the look-up: %s",
                   local_error->message);
      lookup_unref (lookup);
      return NULL;
    }
  g_hash_table_insert (self->lookups, g_strdup (host), lookup_ref (lookup));
  g_mutex_unlock (&self->mutex);
  return lookup;
}

/* EAI_NODATA: the name exists, but has no address. */
static PrCode
status_to_code (int status)
{
  return status == EAI_NONAME || status == EAI_NODATA ? PR_CODE_DNS_NOT_FOUND : PR_CODE_DNS_FAILURE;
}

/* Waits until @lookup has an answer. */
static gboolean
wait_for (PrLookup *lookup, PrWait *wait, GError **error)
{
  GPollFD fd = { lookup->done_fd, G_IO_IN, 0 };

  if (!pr_wait_fds (wait, &fd, 1, g_get_monotonic_time () + PATIENCE_US, PR_CODE_DNS_FAILURE,
                    error))
    return FALSE;
  if (fd.revents != 0)
    return TRUE;
  lookup_split (lookup);
  return pr_wait_fd (wait, lookup->done_fd, G_IO_IN, PR_CODE_DNS_FAILURE, error);
}

/**
 * pr_resolver_lookup:
 * @self: a resolver
 * @host: a host name of A-labels, or a bare IP address
 * @wait: the clocks of the asking conversation, whose current deadline holds
 * @error: set to a diagnosis: dns-not-found, dns-failure, cancelled
 *
 * Returns: (transfer full) (nullable) (element-type PrAddress): at least one address in the
 *   order of RFC 6724; not to be changed
 */
GPtrArray *
pr_resolver_lookup (PrResolver *self, const char *host, PrWait *wait, GError **error)
{
  g_autoptr (GPtrArray) literal = NULL;
  GPtrArray *addresses = NULL;
  PrLookup *lookup;

  g_return_val_if_fail (self != NULL && host != NULL, NULL);

  if (g_hostname_is_ip_address (host))
    {
      literal = pr_address_array_new ();
      if (pr_address_array_add_text (literal, host))
        return g_steal_pointer (&literal);
    }
  lookup = resolver_get (self, host, error);
  if (lookup == NULL)
    return NULL;
  if (wait_for (lookup, wait, error))
    {
      g_mutex_lock (&lookup->mutex);
      if (lookup->status == EAI_SYSTEM)
        g_set_error (error, PR_DIAGNOSIS, PR_CODE_DNS_FAILURE, "%s: %s", host,
                     g_strerror (lookup->saved_errno));
      else if (lookup->status != 0)
        g_set_error (error, PR_DIAGNOSIS, (int) status_to_code (lookup->status), "%s: %s", host,
                     gai_strerror (lookup->status));
      else if (lookup->addresses->len == 0)
        g_set_error (error, PR_DIAGNOSIS, PR_CODE_DNS_NOT_FOUND, "%s has no address", host);
      else
        addresses = g_ptr_array_ref (lookup->addresses);
      g_mutex_unlock (&lookup->mutex);
    }
  lookup_unref (lookup);
  return addresses;
}
