import { createServer } from 'node:http';
import Provider from 'oidc-provider';

/**
 * A provider of OpenID Connect (oidc-provider, certified), as a process of its own. It signs in whoever the request
 * names as `login_hint`: `<subject>`, or `<subject> <amr>` for how they proved it.
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

const answer = provider.callback();
server.on('request', async (request, response) => {
  if (!request.url.startsWith('/interaction/')) return answer(request, response);
  const { params } = await provider.interactionDetails(request, response);
  const [sub, ...amr] = params.login_hint.split(' ');
  if (sub === 'nobody') {
    return provider.interactionFinished(request, response, { error: 'access_denied' });
  }
  const login = { accountId: sub, ...(amr.length > 0 ? { amr } : {}) };
  return provider.interactionFinished(request, response, { login });
});
process.on('disconnect', () => process.exit());
process.send({ issuer });
