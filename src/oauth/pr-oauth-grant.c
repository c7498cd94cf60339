/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrOauthGrant: what a token endpoint answers, and what each refusal means (RFC 6749 sections 5.1
 * and 5.2). Decided by the status and by words that machines write to machines; what a server
 * wrote for people decides nothing and is not repeated. Any thread. */

#include "pr-oauth-grant.h"

#include "pr-json.h"
#include "pr-oauth-encoding.h"

#include <string.h>

#define TOKEN_MAX (16 * 1024)           /* bytes; those of Microsoft have 2 to 4 KiB */
#define EXPIRES_UNKNOWN_S 300           /* "expires_in" is only recommended */
#define EXPIRES_MAX_S (366 * 24 * 3600) /* longer is as good as never */
#define MARGIN_S 60
#define WORD_MAX 64
#define SKEW_MAX_S 300 /* service accounts may be wrong by about that much */

/* --- Refusals --------------------------------------------------------------------------------- */

typedef struct
{
  const char *word;
  PrCode code;
  PrOauthReason reason;
} PrRefusal;

/* RFC 6749 sections 4.1.2.1 and 5.2, OpenID Connect Core section 3.1.2.6, RFC 8628 section 3.5,
 * and the words of Google and Microsoft. */
static const PrRefusal refusals[] = {
  { "invalid_grant", PR_CODE_OAUTH_TOKEN_REVOKED, PR_OAUTH_REASON_NONE },
  { "invalid_token", PR_CODE_OAUTH_TOKEN_REVOKED, PR_OAUTH_REASON_NONE },
  { "consent_required", PR_CODE_OAUTH_TOKEN_REVOKED, PR_OAUTH_REASON_CONSENT_NEEDED },
  { "interaction_required", PR_CODE_OAUTH_TOKEN_REVOKED, PR_OAUTH_REASON_EXTRA_VERIFICATION },
  { "login_required", PR_CODE_OAUTH_TOKEN_REVOKED, PR_OAUTH_REASON_EXTRA_VERIFICATION },
  { "account_selection_required", PR_CODE_OAUTH_TOKEN_REVOKED, PR_OAUTH_REASON_EXTRA_VERIFICATION },
  { "access_denied", PR_CODE_OAUTH_ACCESS_DENIED, PR_OAUTH_REASON_DECLINED },
  { "authorization_declined", PR_CODE_OAUTH_ACCESS_DENIED, PR_OAUTH_REASON_DECLINED },
  { "admin_policy_enforced", PR_CODE_OAUTH_ADMIN_BLOCKED, PR_OAUTH_REASON_ADMIN_POLICY },
  { "org_internal", PR_CODE_OAUTH_ADMIN_BLOCKED, PR_OAUTH_REASON_ORGANISATION_ONLY },
  { "invalid_client", PR_CODE_OAUTH_CLIENT_INVALID, PR_OAUTH_REASON_CLIENT_REFUSED },
  { "deleted_client", PR_CODE_OAUTH_CLIENT_INVALID, PR_OAUTH_REASON_CLIENT_DELETED },
  { "disabled_client", PR_CODE_OAUTH_CLIENT_INVALID, PR_OAUTH_REASON_CLIENT_DISABLED },
  { "unauthorized_client", PR_CODE_OAUTH_CLIENT_INVALID, PR_OAUTH_REASON_GRANT_NOT_ALLOWED },
  { "unsupported_grant_type", PR_CODE_OAUTH_CLIENT_INVALID, PR_OAUTH_REASON_GRANT_NOT_ALLOWED },
  { "unsupported_response_type", PR_CODE_OAUTH_CLIENT_INVALID, PR_OAUTH_REASON_GRANT_NOT_ALLOWED },
  { "redirect_uri_mismatch", PR_CODE_OAUTH_CLIENT_INVALID, PR_OAUTH_REASON_REDIRECT_MISMATCH },
  { "invalid_redirect_uri", PR_CODE_OAUTH_CLIENT_INVALID, PR_OAUTH_REASON_REDIRECT_MISMATCH },
  { "invalid_request", PR_CODE_OAUTH_CLIENT_INVALID, PR_OAUTH_REASON_REQUEST_REFUSED },
  { "invalid_scope", PR_CODE_OAUTH_SCOPE_MISSING, PR_OAUTH_REASON_SCOPE_REFUSED },
  { "insufficient_scope", PR_CODE_OAUTH_SCOPE_MISSING, PR_OAUTH_REASON_NOT_TICKED },
  { "server_error", PR_CODE_OAUTH_SERVER_ERROR, PR_OAUTH_REASON_SERVER },
  { "temporarily_unavailable", PR_CODE_OAUTH_SERVER_ERROR, PR_OAUTH_REASON_SERVER },
  { "rate_limit_exceeded", PR_CODE_OAUTH_SERVER_ERROR, PR_OAUTH_REASON_TOO_MANY },
  { "slow_down", PR_CODE_OAUTH_SERVER_ERROR, PR_OAUTH_REASON_TOO_MANY },
  { "expired_token", PR_CODE_OAUTH_TIMEOUT, PR_OAUTH_REASON_NONE },
};

/* What a word means where it was said. */
static PrRefusal
adjust (PrRefusal refusal, PrOauthStage stage)
{
  gboolean bad_grant = g_strcmp0 (refusal.word, "invalid_grant") == 0;

  if (stage == PR_OAUTH_STAGE_ASSERTION)
    {
      /* Nobody signed in, so nothing was revoked: whom the key stands for is not known there. */
      if (bad_grant)
        return (PrRefusal){ NULL, PR_CODE_OAUTH_ACCESS_DENIED, PR_OAUTH_REASON_SUBJECT_UNKNOWN };
      if (g_str_equal (refusal.word, "unauthorized_client")
          || g_str_equal (refusal.word, "access_denied"))
        return (PrRefusal){ NULL, PR_CODE_OAUTH_CLIENT_INVALID,
                            PR_OAUTH_REASON_DELEGATION_MISSING };
      if (g_str_equal (refusal.word, "invalid_client"))
        refusal.reason = PR_OAUTH_REASON_KEY_INVALID;
    }
  else if (bad_grant && stage != PR_OAUTH_STAGE_REFRESH)
    refusal.reason = PR_OAUTH_REASON_CODE_REFUSED;
  return refusal;
}

/**
 * pr_oauth_error_from_word:
 * @word: (nullable): the value of "error"
 * @stage: what was asked for
 * @facts: what else is known
 *
 * Returns: (transfer full): the diagnosis
 */
GError *
pr_oauth_error_from_word (const char *word, PrOauthStage stage, const char *facts)
{
  for (guint i = 0; word != NULL && i < G_N_ELEMENTS (refusals); i++)
    if (g_str_equal (word, refusals[i].word))
      {
        PrRefusal refusal = adjust (refusals[i], stage);

        return pr_oauth_error_new (refusal.code, refusal.reason, "error=%s, %s", word, facts);
      }
  return pr_oauth_error_new (PR_CODE_OAUTH_CLIENT_INVALID, PR_OAUTH_REASON_REQUEST_REFUSED,
                             "error=%s, %s", word != NULL ? word : "(none)", facts);
}

/* "error" of an answer, if it is such a word (RFC 6749 appendix A.7). */
static char *
read_word (const PrJson *json)
{
  const char *word = pr_json_find_text (json, "error");

  if (!pr_text_is_visible (word) || strlen (word) > WORD_MAX)
    return NULL;
  return g_strdup (word);
}

static PrJson *
read_json (const PrOauthAnswer *answer, char **reason)
{
  *reason = (char *) "the content type is not application/json";
  if (!answer->is_json)
    return NULL;
  return pr_json_parse (pr_secret_peek (answer->body), pr_secret_get_length (answer->body), reason);
}

/**
 * pr_oauth_answer_read_word:
 * @answer: an answer
 *
 * Returns: (transfer full) (nullable): the value of "error"
 */
char *
pr_oauth_answer_read_word (const PrOauthAnswer *answer)
{
  char *reason;
  g_autoptr (PrJson) json = read_json (answer, &reason);

  return json != NULL ? read_word (json) : NULL;
}

/**
 * pr_oauth_answer_check_status:
 * @answer: an answer
 *
 * Returns: (transfer full) (nullable): the diagnosis, if the status alone says that the service
 *   has trouble or wants us elsewhere
 */
GError *
pr_oauth_answer_check_status (const PrOauthAnswer *answer)
{
  GError *error = NULL;

  if (answer->status == 429)
    error = pr_oauth_error_new (PR_CODE_OAUTH_SERVER_ERROR, PR_OAUTH_REASON_TOO_MANY, "HTTP 429");
  else if (answer->status >= 500)
    error = pr_oauth_error_new (PR_CODE_OAUTH_SERVER_ERROR, PR_OAUTH_REASON_SERVER, "HTTP %u",
                                answer->status);
  else if (answer->status >= 300 && answer->status < 400)
    error = pr_oauth_error_new (PR_CODE_OAUTH_SERVER_ERROR, PR_OAUTH_REASON_REDIRECTED,
                                "HTTP %u, which is not followed", answer->status);
  else if (answer->status < 200)
    error = pr_oauth_error_new (PR_CODE_OAUTH_SERVER_ERROR, PR_OAUTH_REASON_BAD_ANSWER, "HTTP %u",
                                answer->status);
  if (error != NULL)
    pr_oauth_error_set_wait (error, answer->wait_s);
  return error;
}

/* Numbers of Microsoft's catalogue (AADSTS...): they refine the reason, they decide nothing. */
static PrOauthReason
read_number (const PrJson *json, PrOauthReason otherwise)
{
  static const struct
  {
    gint64 number;
    PrOauthReason reason;
  } numbers[] = {
    { 50173, PR_OAUTH_REASON_PASSWORD_CHANGED },
    { 700082, PR_OAUTH_REASON_UNUSED },
    { 70008, PR_OAUTH_REASON_UNUSED },
    { 70043, PR_OAUTH_REASON_SESSION_POLICY },
    { 50076, PR_OAUTH_REASON_EXTRA_VERIFICATION },
    { 50079, PR_OAUTH_REASON_EXTRA_VERIFICATION },
    { 50158, PR_OAUTH_REASON_EXTRA_VERIFICATION },
    { 65001, PR_OAUTH_REASON_CONSENT_NEEDED },
    { 90094, PR_OAUTH_REASON_ADMIN_CONSENT },
    { 7000218, PR_OAUTH_REASON_SECRET_MISSING },
    { 700025, PR_OAUTH_REASON_SECRET_UNWANTED },
  };
  const PrJsonValue *value = pr_json_value_find (pr_json_get_root (json), "error_codes");
  gint64 number;

  value = value != NULL ? pr_json_value_get_first (value) : NULL;
  for (; value != NULL; value = pr_json_value_get_next (value))
    for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
      if (pr_json_value_get_integer (value, &number) && number == numbers[i].number)
        return numbers[i].reason;
  return otherwise;
}

static GError *
read_refusal (const PrOauthAnswer *answer, const PrJson *json, PrOauthStage stage)
{
  g_autofree char *word = read_word (json);
  g_autofree char *facts = g_strdup_printf ("HTTP %u", answer->status);
  g_autoptr (GError) error = pr_oauth_error_from_word (word, stage, facts);
  PrOauthReason reason = pr_oauth_error_get_reason (error);
  const char *subtype = pr_json_find_text (json, "error_subtype");
  gint64 skew = answer->date != 0 ? g_get_real_time () / G_USEC_PER_SEC - answer->date : 0;
  GError *result;

  /* Google: an organisation's rule about how long sign-ins last. */
  if (g_strcmp0 (subtype, "invalid_rapt") == 0)
    reason = PR_OAUTH_REASON_SESSION_POLICY;
  reason = read_number (json, reason);
  if (reason == PR_OAUTH_REASON_SUBJECT_UNKNOWN && ABS (skew) > SKEW_MAX_S)
    return pr_oauth_error_new (PR_CODE_OAUTH_CLIENT_INVALID, PR_OAUTH_REASON_CLOCK_SKEW,
                               "%s; this computer’s clock differs by %d s", error->message,
                               (int) skew);
  result = pr_oauth_error_new ((PrCode) error->code, reason, "%s", error->message);
  pr_oauth_error_set_wait (result, answer->wait_s);
  return result;
}

/**
 * pr_oauth_error_explain:
 * @error: (inout): a refusal of a refresh token
 * @provider: by whom
 * @token: what was refused
 * @now: microseconds since 1970
 *
 * Where the server gave no reason, the age of the sign-in tells the likely one.
 */
void
pr_oauth_error_explain (GError **error,
                        const PrOauthProvider *provider,
                        const PrOauthToken *token,
                        gint64 now)
{
  gint64 limit = provider->testing_days * G_TIME_SPAN_DAY;
  gint64 age = now - token->signed_in_at, used = token->refreshed_at - token->signed_in_at;
  PrOauthReason reason = PR_OAUTH_REASON_NONE;
  GError *explained;

  if ((*error)->domain != PR_OAUTH_ERROR || (*error)->code != PR_CODE_OAUTH_TOKEN_REVOKED
      || pr_oauth_error_get_reason (*error) != PR_OAUTH_REASON_NONE)
    return;
  if (provider->unused_days > 0
      && now - token->refreshed_at >= provider->unused_days * G_TIME_SPAN_DAY)
    reason = PR_OAUTH_REASON_UNUSED;
  if (limit > 0
      && ((token->refresh_until != 0 && now >= token->refresh_until - G_TIME_SPAN_HOUR)
          || (token->refresh_until == 0 && age >= limit - G_TIME_SPAN_HOUR
              && used <= limit + G_TIME_SPAN_HOUR && reason == PR_OAUTH_REASON_NONE)))
    reason = PR_OAUTH_REASON_TESTING_LIMIT;
  if (reason == PR_OAUTH_REASON_NONE)
    return;
  explained = pr_oauth_error_new ((PrCode) (*error)->code, reason, "%s; signed in %d days ago",
                                  (*error)->message, (int) (age / G_TIME_SPAN_DAY));
  g_error_free (*error);
  *error = explained;
}

/* --- Tokens ----------------------------------------------------------------------------------- */

/**
 * pr_oauth_grant_free:
 * @self: (transfer full): a grant
 */
void
pr_oauth_grant_free (PrOauthGrant *self)
{
  g_clear_pointer (&self->access, pr_secret_unref);
  g_clear_pointer (&self->refresh, pr_secret_unref);
  g_clear_pointer (&self->id_token, pr_secret_unref);
  g_free (self->scope);
  g_free (self);
}

/**
 * pr_oauth_grant_get_margin:
 * @expires_s: how long an access token lives
 *
 * Returns: how many seconds before its end it is not used any more: a log-in takes time, and
 *   clocks of servers differ
 */
gint64
pr_oauth_grant_get_margin (gint64 expires_s)
{
  return MIN (MARGIN_S, expires_s / 2);
}

static gboolean
set_bad (GError **error, const char *what)
{
  pr_oauth_set_error (error, PR_CODE_OAUTH_SERVER_ERROR, PR_OAUTH_REASON_BAD_ANSWER, "%s", what);
  return FALSE;
}

/* A token, which may not be longer than anything that a token has ever been, nor hold what would
 * end a line of a mail conversation. */
static gboolean
read_token (const PrJson *json, const char *name, PrSecret **token, GError **error)
{
  const PrJsonValue *value = pr_json_value_find (pr_json_get_root (json), name);
  const char *text = pr_json_value_get_text (value);

  *token = NULL;
  if (value == NULL || pr_json_value_get_kind (value) == PR_JSON_NULL)
    return TRUE;
  if (!pr_text_is_visible (text) || strlen (text) > TOKEN_MAX || strchr (text, ' ') != NULL)
    return set_bad (error, "a token is malformed");
  *token = pr_secret_new (text, -1);
  return TRUE;
}

static gboolean
read_expiry (const PrJson *json, const char *name, gint64 otherwise, gint64 *s, GError **error)
{
  const PrJsonValue *value = pr_json_value_find (pr_json_get_root (json), name);

  *s = otherwise;
  if (value == NULL || pr_json_value_get_kind (value) == PR_JSON_NULL)
    return TRUE;
  if (!pr_json_value_get_integer (value, s) || *s < 0)
    return set_bad (error, "a time of life is malformed");
  *s = MIN (*s, EXPIRES_MAX_S);
  return TRUE;
}

static gboolean
read_scope (const PrJson *json, char **scope, GError **error)
{
  const PrJsonValue *value = pr_json_value_find (pr_json_get_root (json), "scope");
  const char *text = pr_json_value_get_text (value);

  /* An empty one says as little as none. */
  if (value == NULL || pr_json_value_get_kind (value) == PR_JSON_NULL || g_strcmp0 (text, "") == 0)
    return TRUE;
  if (!pr_text_is_visible (text))
    return set_bad (error, "the scope is malformed");
  *scope = g_strdup (text);
  return TRUE;
}

static gboolean
fill (PrOauthGrant *self, const PrJson *json, GError **error)
{
  const char *type = pr_json_find_text (json, "token_type");

  if (!read_token (json, "access_token", &self->access, error)
      || !read_token (json, "refresh_token", &self->refresh, error)
      || !read_token (json, "id_token", &self->id_token, error)
      || !read_expiry (json, "expires_in", EXPIRES_UNKNOWN_S, &self->expires_s, error)
      || !read_expiry (json, "refresh_token_expires_in", 0, &self->refresh_expires_s, error)
      || !read_scope (json, &self->scope, error))
    return FALSE;
  if (self->access == NULL)
    return set_bad (error, "there is no access token");
  if (type == NULL || g_ascii_strcasecmp (type, "Bearer") != 0)
    return set_bad (error, "the token’s type is not “Bearer”");
  return TRUE;
}

/**
 * pr_oauth_grant_read:
 * @answer: of a token endpoint
 * @stage: what was asked for
 * @error: set to what went wrong
 *
 * Returns: (transfer full) (nullable): the tokens
 */
PrOauthGrant *
pr_oauth_grant_read (const PrOauthAnswer *answer, PrOauthStage stage, GError **error)
{
  g_autoptr (PrOauthGrant) self = g_new0 (PrOauthGrant, 1);
  GError *trouble = pr_oauth_answer_check_status (answer);
  char *reason = NULL;
  g_autoptr (PrJson) json = NULL;

  if (trouble != NULL)
    {
      g_propagate_error (error, trouble);
      return NULL;
    }
  json = read_json (answer, &reason);
  if (json == NULL)
    {
      pr_oauth_set_error (error, PR_CODE_OAUTH_SERVER_ERROR, PR_OAUTH_REASON_BAD_ANSWER,
                          "HTTP %u: %s", answer->status, reason);
      return NULL;
    }
  /* Some servers refuse with 200. */
  if (answer->status != 200 || pr_json_find_text (json, "error") != NULL)
    {
      g_propagate_error (error, read_refusal (answer, json, stage));
      return NULL;
    }
  return fill (self, json, error) ? g_steal_pointer (&self) : NULL;
}
