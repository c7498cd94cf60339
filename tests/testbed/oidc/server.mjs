// SPDX-License-Identifier: GPL-3.0-or-later
//
// An OpenID provider for the mail test bed, on the npm package oidc-provider.
//
//   node server.mjs DIR
//
// Settings come from DIR/testbed.env, the accounts from DIR/users.tsv.
// Everything it issues is kept in memory, and is gone when it ends.
//
// Clients:
//   native        public, PKCE demanded, loopback redirects with any port
//   native-short  as native, but its access tokens live 2 s
//   native-norefresh  as native, but gets no refresh token
//   confidential  secret "confidential-secret" (HTTP Basic)
//   confidential-post  secret "confidential-secret" (in the form)
//   dovecot       secret "dovecot-secret"; may only introspect
//
// Besides the provider's own endpoints, for tests only:
//   GET  /testbed/health
//   POST /testbed/mint    {"logins": [..], "client": "native", "ttl": 3600, "scope": "mail"}
//                         -> {login: {access_token, refresh_token}}, without any interaction
//   POST /testbed/revoke  {"login": ..} takes back all that was granted to the account,
//                         {"access_token": ..} just this token
//   POST /testbed/fault   {"path": "/token", "status": 503, "count": 2, "delay_ms": 0,
//                         "headers": {..}, "body": ..}: the next requests to the path fail so

import { readFileSync } from 'node:fs';
import { createPrivateKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import Provider from 'oidc-provider';

const dir = process.argv[2];
const env = Object.fromEntries(readFileSync(`${dir}/testbed.env`, 'utf8').trim().split('\n')
  .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
const users = new Map(readFileSync(`${dir}/users.tsv`, 'utf8').trimEnd().split('\n')
  .map((line) => line.split('\t')));
const tokenTTL = Number(env.TOKEN_TTL);

// --- Storage --------------------------------------------------------------
// The package's own memory adapter forgets all but the newest 1000 entries.
const store = new Map();
class Adapter {
  constructor(model) { this.model = model; }
  key(id) { return `${this.model}:${id}`; }
  all() { return [...store].filter(([key]) => key.startsWith(`${this.model}:`)).map(([, value]) => value); }
  async find(id) { return store.get(this.key(id)); }
  async findByUid(uid) { return this.all().find((p) => p.uid === uid); }
  async findByUserCode(code) { return this.all().find((p) => p.userCode === code); }
  async upsert(id, payload) { store.set(this.key(id), payload); }
  async consume(id) { store.get(this.key(id)).consumed = Math.floor(Date.now() / 1000); }
  async destroy(id) { store.delete(this.key(id)); }
  async revokeByGrantId(grantId) {
    for (const [key, payload] of store) {
      if (key.startsWith(`${this.model}:`) && payload.grantId === grantId) store.delete(key);
    }
  }
}

// --- The provider ---------------------------------------------------------
// By way of PEM: Node.js 20 holds the lock of a key while it exports it as JWK, and the objects left
// by its making want that lock when they are collected. Collected in the middle of it, they wait for
// ever.
const signingKey = createPrivateKey(generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
}).privateKey).export({ format: 'jwk' });
const native = {
  application_type: 'native', // for which loopback redirects match with any port
  token_endpoint_auth_method: 'none',
  redirect_uris: ['127.0.0.1', '[::1]', 'localhost'].flatMap((h) => [`http://${h}`, `http://${h}/`, `http://${h}/callback`]),
  response_types: ['code'],
  grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
};
const provider = new Provider(env.OIDC_ISSUER, {
  adapter: Adapter,
  clients: [
    { ...native, client_id: 'native' },
    { ...native, client_id: 'native-short' },
    { ...native, client_id: 'native-norefresh', grant_types: ['authorization_code'] },
    { ...native, client_id: 'confidential', client_secret: 'confidential-secret', token_endpoint_auth_method: 'client_secret_basic' },
    { ...native, client_id: 'confidential-post', client_secret: 'confidential-secret', token_endpoint_auth_method: 'client_secret_post' },
    { client_id: 'dovecot', client_secret: 'dovecot-secret', redirect_uris: [], response_types: [], grant_types: [] },
  ],
  scopes: ['openid', 'offline_access', 'mail'],
  claims: { openid: ['sub'], email: ['email', 'email_verified'] },
  findAccount: (ctx, sub) => (users.has(sub)
    ? { accountId: sub, claims: async () => ({ sub, email: sub, email_verified: true }) } : undefined),
  // What introspection tells Dovecot besides the standard fields.
  extraTokenClaims: (ctx, token) => (token.accountId ? { email: token.accountId } : undefined),
  features: {
    devInteractions: { enabled: false },
    introspection: { enabled: true, allowedPolicy: async (ctx, client) => client.clientId === 'dovecot' },
    revocation: { enabled: true, allowedPolicy: async (ctx, client, token) => client.clientId === token.clientId },
    deviceFlow: { enabled: true },
  },
  // A refresh token for each client that may have one, asked for or not.
  issueRefreshToken: async (ctx, client) => client.grantTypeAllowed('refresh_token'),
  expiresWithSession: async () => false,
  ttl: {
    AccessToken: (ctx, token) => (token.clientId === 'native-short' ? 2 : tokenTTL),
    AuthorizationCode: 60, DeviceCode: 600, Grant: 30 * 86400, IdToken: 3600,
    Interaction: 3600, RefreshToken: 30 * 86400, Session: 86400,
  },
  interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
  cookies: { keys: [randomBytes(16).toString('hex')] },
  jwks: { keys: [{ ...signingKey, use: 'sig', alg: 'RS256', kid: 'testbed' }] },
});
const log = (...words) => console.log(new Date().toISOString(), ...words);
provider.on('server_error', (ctx, err) => log('server_error', err.stack));
for (const event of ['authorization.error', 'grant.error', 'introspection.error', 'revocation.error']) {
  provider.on(event, (ctx, err) => log(event, err.error, err.error_description));
}
for (const event of ['authorization.success', 'grant.success', 'grant.revoked']) {
  provider.on(event, (ctx) => log(event, ctx.oidc?.client?.clientId, ctx.oidc?.params?.grant_type ?? ''));
}

// --- Login and consent pages ----------------------------------------------
const escape = (text) => String(text).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
const page = (res, status, body) => {
  res.writeHead(status, { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' });
  res.end(`<!doctype html><title>Test bed sign-in</title><meta name=viewport content="width=device-width">${body}`);
};

async function interaction(req, res, path) {
  const { prompt, params, session, grantId, uid } = await provider.interactionDetails(req, res);
  if (req.method !== 'POST') {
    if (prompt.name === 'login') {
      page(res, 200, `<h1>Sign in</h1><form method=post action="/interaction/${uid}/login">
        <p><label>Mail address <input name=login value="${escape(params.login_hint ?? '')}"></label>
        <p><label>Password <input name=password type=password></label>
        <p><button>Sign in</button></form><a href="/interaction/${uid}/abort">Cancel</a>`);
    } else {
      page(res, 200, `<h1>Allow ${escape(params.client_id)}?</h1><p>${escape(session.accountId)}: ${escape(params.scope)}
        <form method=post action="/interaction/${uid}/confirm"><button>Allow</button></form>
        <a href="/interaction/${uid}/abort">Refuse</a>`);
    }
    return;
  }
  const form = new URLSearchParams(await body(req));
  if (path.endsWith('/login') && prompt.name === 'login') {
    const login = form.get('login');
    if (!users.has(login) || users.get(login) !== form.get('password')) {
      page(res, 401, `<h1>Wrong address or password</h1><a href="/interaction/${uid}">Try again</a>`);
      return;
    }
    await provider.interactionFinished(req, res, { login: { accountId: login } });
  } else if (path.endsWith('/confirm') && prompt.name === 'consent') {
    const grant = grantId ? await provider.Grant.find(grantId)
      : new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
    if (prompt.details.missingOIDCScope) grant.addOIDCScope(prompt.details.missingOIDCScope.join(' '));
    if (prompt.details.missingOIDCClaims) grant.addOIDCClaims(prompt.details.missingOIDCClaims);
    await provider.interactionFinished(req, res, { consent: { grantId: await grant.save() } }, { mergeWithLastSubmission: true });
  } else {
    page(res, 400, 'Bad request');
  }
}

async function abort(req, res) {
  await provider.interactionFinished(req, res, { error: 'access_denied', error_description: 'The user refused' });
}

// --- For tests only -------------------------------------------------------
async function mint({ logins, client: clientId = 'native', ttl = tokenTTL, scope = 'mail' }) {
  const client = await provider.Client.find(clientId);
  const minted = {};
  for (const accountId of logins) {
    const grant = new provider.Grant({ accountId, clientId });
    grant.addOIDCScope(scope);
    const grantId = await grant.save();
    const common = { accountId, client, grantId, scope, gty: 'authorization_code' };
    // A ttl of 0 or less makes a token that has expired already.
    const life = ttl > 0 ? { expiresIn: ttl } : { exp: Math.floor(Date.now() / 1000) + ttl };
    minted[accountId] = {
      access_token: await new provider.AccessToken({ ...common, ...life }).save(),
      refresh_token: await new provider.RefreshToken(common).save(),
    };
  }
  return minted;
}

function revoke({ login, access_token: token }) {
  if (token) return { revoked: Number(store.delete(`AccessToken:${token}`)) };
  let revoked = 0;
  for (const [key, payload] of store) {
    if (payload.accountId === login && /^(AccessToken|RefreshToken|Grant|AuthorizationCode|Session):/.test(key)) {
      store.delete(key);
      revoked += 1;
    }
  }
  return { revoked };
}

const faults = new Map();

// --- HTTP -----------------------------------------------------------------
async function body(req) {
  let text = '';
  for await (const chunk of req.setEncoding('utf8')) text += chunk;
  return text;
}

const serve = provider.callback();
async function handle(req, res) {
  const path = req.url.replace(/\?.*/, '');
  const fault = faults.get(path);
  if (fault && fault.count > 0) {
    fault.count -= 1;
    if (fault.delay_ms) await sleep(fault.delay_ms);
    if (fault.status) {
      res.writeHead(fault.status, fault.headers ?? {});
      res.end(fault.body ?? '');
      return;
    }
  }
  if (path.startsWith('/testbed/')) {
    const args = req.method === 'POST' ? JSON.parse(await body(req)) : {};
    const answer = {
      health: () => ({ ok: true }),
      mint: () => mint(args),
      revoke: () => revoke(args),
      fault: () => { faults.set(args.path, { count: 1, ...args }); return {}; },
    }[path.slice('/testbed/'.length)];
    res.writeHead(answer ? 200 : 404, { 'Content-Type': 'application/json' });
    res.end(JSON.stringify(answer ? await answer() : {}));
  } else if (/^\/interaction\/[^/]+\/abort$/.test(path)) {
    await abort(req, res);
  } else if (/^\/interaction\//.test(path)) {
    await interaction(req, res, path);
  } else {
    serve(req, res);
  }
}

const listener = (req, res) => handle(req, res).catch((err) => {
  log('error', req.method, req.url, err.stack);
  if (!res.headersSent) res.writeHead(err.status ?? 500);
  res.end(`${err.error ?? err.name}: ${err.error_description ?? err.message}\n`);
});
const server = env.OIDC_SCHEME === 'https'
  ? https.createServer({ key: readFileSync(`${dir}/tls/good.key`), cert: readFileSync(`${dir}/tls/good.pem`) }, listener)
  : http.createServer(listener);
server.listen(Number(env.OIDC_PORT), '127.0.0.1', () => log('listening', env.OIDC_ISSUER));
process.on('SIGTERM', () => process.exit(0));
