/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-oauth-client.h"

G_BEGIN_DECLS

/**
 * TestReply:
 * @status: of HTTP
 * @type: (nullable): content type
 * @body: (nullable): what comes
 * @header: (nullable): name of a further header
 * @value: (nullable): its value
 *
 * What the service in this process answers to one request.
 */
typedef struct
{
  guint status;
  const char *type;
  const char *body;
  const char *header;
  const char *value;
} TestReply;

/**
 * TestEndpoint:
 *
 * A web service in this process: it answers as it was told, and remembers what it was asked.
 */
typedef struct _TestEndpoint TestEndpoint;

#define TEST_JSON "application/json"

TestEndpoint *test_endpoint_new (void);
TestEndpoint *test_endpoint_new_tls (const char *certificate_kind, char **ca_pem);
void test_endpoint_free (TestEndpoint *self);
char *test_endpoint_get_url (TestEndpoint *self, const char *path);

void test_endpoint_add (TestEndpoint *self, const TestReply *reply);
void test_endpoint_add_json (TestEndpoint *self, guint status, const char *body);
void test_endpoint_set_delay (TestEndpoint *self, guint ms);

guint test_endpoint_get_n (TestEndpoint *self);
const char *test_endpoint_get_path (TestEndpoint *self, guint i);
const char *test_endpoint_get_body (TestEndpoint *self, guint i);
const char *test_endpoint_get_authorization (TestEndpoint *self, guint i);
char *test_endpoint_get_field (TestEndpoint *self, guint i, const char *name);

PrOauthProvider *test_endpoint_make_provider (TestEndpoint *self);
PrOauthClient *test_endpoint_make_client (TestEndpoint *self, PrOauthProvider *provider);
PrOauthGrant *test_refresh (PrOauthClient *client, GError **error);

/* A service that is none: sends raw bytes. */
typedef enum
{
  TEST_RAW_SEND,  /* sends the bytes, and ends */
  TEST_RAW_RESET, /* the same, with a reset */
  TEST_RAW_HOLD,  /* the same, and then nothing any more */
  TEST_RAW_DRIP,  /* one byte each 100 ms, for ever */
  TEST_RAW_FLOOD, /* the bytes, and then "x" without end */
} TestRawKind;

typedef struct _TestRaw TestRaw;

TestRaw *test_raw_new (TestRawKind kind, const char *bytes);
void test_raw_free (TestRaw *self);
char *test_raw_get_url (TestRaw *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestEndpoint, test_endpoint_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestRaw, test_raw_free)

G_END_DECLS
