/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-test-certificate.h"

G_BEGIN_DECLS

GBytes *pr_test_ocsp_new (const PrTestCertificate *certificate,
                          const PrTestCertificate *issuer,
                          gboolean revoked);

G_END_DECLS
