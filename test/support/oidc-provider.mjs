import { createServer } from 'node:http';
import { URLSearchParams } from 'node:url';
import Provider from 'oidc-provider';

/**
 * A provider of OpenID Connect (oidc-provider, certified), as a process of its own. It signs in whoever the request
 * names as `login_hint`: `<subject>`, or `<subject> <amr>` for how they proved it; without a hint it asks on a page.
 */
const [clientId, clientSecret, redirectUri] = process.argv.slice(2);
const server = createServer();
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [redirectUri] }],
  claims: { openid: ['sub', 'amr'] },
  conformIdTokenClaims: false,
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
  cookies: { keys: ['only for the tests'] },
  findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
  // Nobody is asked whether they agree: it is their service's own program.
  loadExistingGrant: async (ctx) => {
    const grant = new ctx.oidc.provider.Grant({
      clientId: ctx.oidc.client.clientId,
      accountId: ctx.oidc.session.accountId,
    });
    grant.addOIDCScope('openid');
    await grant.save();
    return grant;
  },
});

const PAGE =
  '<!doctype html><title>Provider</title><form method=post><input name=subject><button>Go on</button></form>';

/** Who somebody said that they are, on the page. */
async function typed(request) {
  if (request.method !== 'POST') return undefined;
  const parts = [];
  for await (const part of request) parts.push(part);
  const body = Buffer.concat(parts).toString();
  return new URLSearchParams(body).get('subject') ?? undefined;
}

const answer = provider.callback();
server.on('request', async (request, response) => {
  if (!request.url.startsWith('/interaction/')) return answer(request, response);
  const { params } = await provider.interactionDetails(request, response);
  const [sub, ...amr] = (params.login_hint ?? (await typed(request)) ?? '').split(' ');
  if (sub === '') {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    return response.end(PAGE);
  }
  if (sub === 'nobody') {
    return provider.interactionFinished(request, response, { error: 'access_denied' });
  }
  const login = { accountId: sub, ...(amr.length > 0 ? { amr } : {}) };
  return provider.interactionFinished(request, response, { login });
});
process.on('disconnect', () => process.exit());
process.send({ issuer });
