/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <gnutls/x509.h>

G_BEGIN_DECLS

/**
 * PrTestIssuer:
 * @PR_TEST_ISSUER_SELF: the certificate signs itself
 * @PR_TEST_ISSUER_ROOT: the root that clients trust
 * @PR_TEST_ISSUER_INTERMEDIATE: a good authority below the root
 * @PR_TEST_ISSUER_EXPIRED: an authority below the root whose time is over
 * @PR_TEST_ISSUER_CONSTRAINED: an authority below the root for constrained.example alone
 * @PR_TEST_ISSUER_V1: a certificate below the root in the form of X.509 version 1
 * @PR_TEST_ISSUER_LEAF: a server's certificate below the root, which may sign nothing
 * @PR_TEST_ISSUER_UNKNOWN: another root, which no client knows
 *
 * Who signs a certificate.
 */
typedef enum
{
  PR_TEST_ISSUER_SELF,
  PR_TEST_ISSUER_ROOT,
  PR_TEST_ISSUER_INTERMEDIATE,
  PR_TEST_ISSUER_EXPIRED,
  PR_TEST_ISSUER_CONSTRAINED,
  PR_TEST_ISSUER_V1,
  PR_TEST_ISSUER_LEAF,
  PR_TEST_ISSUER_RSA,
  PR_TEST_ISSUER_UNKNOWN,
} PrTestIssuer;
#define PR_TEST_N_ISSUERS (PR_TEST_ISSUER_UNKNOWN + 1)

/* What is special about a certificate. */
typedef enum
{
  PR_TEST_EXPIRED = 1 << 0,
  PR_TEST_FUTURE = 1 << 1,
  PR_TEST_RSA = 1 << 2,
  PR_TEST_RSA_1024 = 1 << 3,
  PR_TEST_SHA1 = 1 << 4,
  PR_TEST_CLIENT_PURPOSE = 1 << 5,
  PR_TEST_AIA = 1 << 6,         /* says where its issuer's certificate can be fetched */
  PR_TEST_CA = 1 << 7,          /* may sign others */
  PR_TEST_CONSTRAINED = 1 << 8, /* may sign names below constrained.example alone */
  PR_TEST_V1 = 1 << 9,          /* X.509 version 1: no extensions */
  PR_TEST_UNKNOWN_CRITICAL = 1 << 10,
  PR_TEST_MUST_STAPLE = 1 << 11, /* RFC 7633 */
  PR_TEST_NUL = 1 << 12,         /* a name with a NUL byte behind "localhost" */
  PR_TEST_MANY_NAMES = 1 << 13,
  PR_TEST_TOO_MANY_NAMES = 1 << 14,
  PR_TEST_SEND_NO_ISSUER = 1 << 15,
  PR_TEST_SEND_ROOT = 1 << 16,
  PR_TEST_SEND_DISORDERED = 1 << 17,
  PR_TEST_MD5 = 1 << 18,
  PR_TEST_WRONG_USAGE = 1 << 19, /* may be used for signing certificates only */
  PR_TEST_STAPLED = 1 << 20,     /* the authority's word that it is valid comes along */
  PR_TEST_REVOKED = 1 << 21,     /* its word that it is not */
  PR_TEST_ENDS_SOON = 1 << 22,   /* in five days */
} PrTestFlags;

/**
 * PrTestRecipe:
 * @kind: the word for it in a script
 * @common_name: in the subject
 * @names: (array zero-terminated=1): subject alternative names, DNS names or IP addresses
 *
 * What a server's certificate of one kind is made of.
 */
typedef struct
{
  const char *kind;
  const char *common_name;
  const char *names[8];
  PrTestIssuer issuer;
  PrTestFlags flags;
} PrTestRecipe;

/**
 * PrTestCertificate:
 *
 * A certificate and its private key.
 */
typedef struct
{
  gnutls_x509_crt_t certificate;
  gnutls_x509_privkey_t key;
} PrTestCertificate;

const char *const *pr_test_certificate_list_kinds (void);
const PrTestRecipe *pr_test_recipe_find (const char *kind);
const PrTestRecipe *pr_test_recipe_get_issuer (PrTestIssuer issuer);

PrTestCertificate *
pr_test_certificate_new (const PrTestRecipe *recipe, const PrTestCertificate *issuer);
void pr_test_certificate_free (PrTestCertificate *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrTestCertificate, pr_test_certificate_free)

G_END_DECLS
