/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrOauthToken: and how it is written for the keyring: a first line that names the format, then
 * one line "NAME VALUE" per fact. Names that a newer version added are skipped. Every copy on the
 * way is wiped. Any thread. */

#include "pr-oauth-token.h"

#include "pr-oauth-clock.h"

#include <string.h>

#define MAGIC "postroom-token 1"

/**
 * pr_oauth_token_new:
 *
 * Returns: (transfer full): an empty one
 */
PrOauthToken *
pr_oauth_token_new (void)
{
  PrOauthToken *self = g_new0 (PrOauthToken, 1);

  g_atomic_ref_count_init (&self->refs);
  self->account = g_strdup ("");
  self->client_id = g_strdup ("");
  self->scope = g_strdup ("");
  self->boot = g_strdup ("");
  return self;
}

/**
 * pr_oauth_token_copy:
 * @self: a token
 *
 * Returns: (transfer full): the same, to be changed
 */
PrOauthToken *
pr_oauth_token_copy (const PrOauthToken *self)
{
  PrOauthToken *copy = g_memdup2 (self, sizeof *self);

  g_atomic_ref_count_init (&copy->refs);
  copy->account = g_strdup (self->account);
  copy->client_id = g_strdup (self->client_id);
  copy->scope = g_strdup (self->scope);
  copy->boot = g_strdup (self->boot);
  copy->access = self->access != NULL ? pr_secret_ref (self->access) : NULL;
  copy->refresh = self->refresh != NULL ? pr_secret_ref (self->refresh) : NULL;
  return copy;
}

PrOauthToken *
pr_oauth_token_ref (PrOauthToken *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
pr_oauth_token_unref (PrOauthToken *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_free (self->account);
  g_free (self->client_id);
  g_free (self->scope);
  g_free (self->boot);
  g_clear_pointer (&self->access, pr_secret_unref);
  g_clear_pointer (&self->refresh, pr_secret_unref);
  g_free (self);
}

/**
 * pr_oauth_token_is_fresh:
 * @self: a token
 * @now: pr_oauth_clock_get_time()
 *
 * Returns: whether its access token can be used: it does not end just now
 */
gboolean
pr_oauth_token_is_fresh (const PrOauthToken *self, gint64 now)
{
  return self->access != NULL && now < self->access_until
         && g_str_equal (self->boot, pr_oauth_clock_get_boot ());
}

/* --- Writing ---------------------------------------------------------------------------------- */

static void
put_text (GString *text, const char *name, const char *value)
{
  if (*value == '\0')
    return;
  g_string_append_printf (text, "%s ", name);
  g_string_append (text, value);
  g_string_append_c (text, '\n');
}

static void
put_time (GString *text, const char *name, gint64 time)
{
  if (time != 0)
    g_string_append_printf (text, "%s %" G_GINT64_FORMAT "\n", name, time);
}

static void
put_secret (GString *text, const char *name, PrSecret *secret)
{
  if (secret != NULL)
    put_text (text, name, pr_secret_peek (secret));
}

static gsize
get_size (const PrOauthToken *self)
{
  gsize size = 512; /* names and times */

  size += strlen (self->account) + strlen (self->client_id) + strlen (self->scope);
  size += self->access != NULL ? pr_secret_get_length (self->access) : 0;
  size += self->refresh != NULL ? pr_secret_get_length (self->refresh) : 0;
  return size;
}

/* One that cannot be renewed is all that there is. */
static gboolean
is_access_kept (const PrOauthToken *self)
{
  return self->refresh == NULL || self->access == NULL
         || pr_secret_get_length (self->access) <= PR_OAUTH_ACCESS_KEPT_MAX;
}

/**
 * pr_oauth_token_format:
 * @self: a token
 *
 * Returns: (transfer full): its text for the keyring, without an access token that is large
 */
PrSecret *
pr_oauth_token_format (const PrOauthToken *self)
{
  /* Big enough from the start: growing would leave copies behind. */
  GString *text = g_string_sized_new (get_size (self));
  PrSecret *secret;

  g_string_append (text, MAGIC "\n");
  put_text (text, "account", self->account);
  put_text (text, "client", self->client_id);
  put_text (text, "scope", self->scope);
  if (is_access_kept (self))
    {
      put_secret (text, "access", self->access);
      put_time (text, "access-until", self->access_until);
      put_text (text, "boot", self->boot);
    }
  put_secret (text, "refresh", self->refresh);
  put_time (text, "refresh-until", self->refresh_until);
  put_time (text, "signed-in-at", self->signed_in_at);
  put_time (text, "refreshed-at", self->refreshed_at);
  secret = pr_secret_new (text->str, (gssize) text->len);
  pr_wipe (text->str, text->allocated_len);
  g_string_free (text, TRUE);
  return secret;
}

/* --- Reading ---------------------------------------------------------------------------------- */

static void
set_text (char **field, const char *value, gsize length)
{
  g_free (*field);
  *field = g_strndup (value, length);
}

static void
set_secret (PrSecret **field, const char *value, gsize length)
{
  g_clear_pointer (field, pr_secret_unref);
  *field = pr_secret_new (value, (gssize) length);
}

static gboolean
set_time (gint64 *field, const char *value, gsize length)
{
  g_autofree char *digits = g_strndup (value, length);

  return g_ascii_string_to_signed (digits, 10, 0, G_MAXINT64, field, NULL);
}

static gboolean
read_fact (PrOauthToken *self, const char *name, const char *value, gsize length)
{
  if (g_str_equal (name, "account"))
    set_text (&self->account, value, length);
  else if (g_str_equal (name, "client"))
    set_text (&self->client_id, value, length);
  else if (g_str_equal (name, "scope"))
    set_text (&self->scope, value, length);
  else if (g_str_equal (name, "boot"))
    set_text (&self->boot, value, length);
  else if (g_str_equal (name, "access"))
    set_secret (&self->access, value, length);
  else if (g_str_equal (name, "refresh"))
    set_secret (&self->refresh, value, length);
  else if (g_str_equal (name, "access-until"))
    return set_time (&self->access_until, value, length);
  else if (g_str_equal (name, "refresh-until"))
    return set_time (&self->refresh_until, value, length);
  else if (g_str_equal (name, "signed-in-at"))
    return set_time (&self->signed_in_at, value, length);
  else if (g_str_equal (name, "refreshed-at"))
    return set_time (&self->refreshed_at, value, length);
  return TRUE;
}

/**
 * pr_oauth_token_parse:
 * @text: what pr_oauth_token_format() made
 *
 * Returns: (transfer full) (nullable): the token; %NULL if @text is none
 */
PrOauthToken *
pr_oauth_token_parse (PrSecret *text)
{
  g_autoptr (PrOauthToken) self = pr_oauth_token_new ();
  const char *p = pr_secret_peek (text);

  if (!g_str_has_prefix (p, MAGIC "\n"))
    return NULL;
  p += strlen (MAGIC "\n");
  while (*p != '\0')
    {
      gsize length = strcspn (p, "\n");
      const char *space = memchr (p, ' ', length);
      g_autofree char *name = space != NULL ? g_strndup (p, (gsize) (space - p)) : NULL;

      if (name == NULL || !read_fact (self, name, space + 1, length - (gsize) (space + 1 - p)))
        return NULL;
      p += length;
      if (*p == '\n')
        p++;
    }
  return g_steal_pointer (&self);
}
