/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "env-fixture.h"

#include "pr-script.h"

G_BEGIN_DECLS

#define ENV_ADDRESS "user@practice.example"

/**
 * PrEnvServer:
 * @env: an environment with one profile and one mailbox, ENV_ADDRESS, that is ready to be tested
 * @port: where the scripted server of a test listens
 *
 * Test & Enable of one mailbox against one server after another, each of which says what a script
 * says, all on the same port.
 */
typedef struct
{
  PrEnvFixture env;
  PrServerProfile *profile;
  guint16 port;
} PrEnvServer;

void env_server_init (PrEnvServer *self);
void env_server_clear (PrEnvServer *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PrEnvServer, env_server_clear)

PrReport *env_server_test (PrEnvServer *self, PrDirection direction);
PrReport *env_server_run (PrEnvServer *self, const char *headers, const char *lines);
PrAlert *env_server_find_alert (PrEnvServer *self, const char *code);

G_END_DECLS
