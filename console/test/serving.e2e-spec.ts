import request from 'supertest';
import { startTestApp, type TestApp } from '../../test/support/app.js';

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp();
});
afterAll(() => t?.stop());

const get = (path: string, headers: Record<string, string> = {}): request.Test =>
  request(t.app.getHttpServer()).get(path).set(headers);
const asPage = { accept: 'text/html,application/xhtml+xml' };

it('serves one page for every address of the console, with a nonce of its own and no cache', async () => {
  const [first, second] = await Promise.all([get('/', asPage), get('/cases/anything', asPage)]);
  const nonces = [first, second].map(({ text, headers, status }) => {
    expect(status).toBe(200);
    expect(headers['cache-control']).toBe('no-cache');
    const policy = headers['content-security-policy']!;
    expect(policy).not.toContain('unsafe');
    expect(policy).not.toContain('http');
    expect(policy).toContain("require-trusted-types-for 'script'");
    expect(policy).toContain("script-src 'self';");
    const [, nonce] = /style-src 'self' 'nonce-([^']+)'/.exec(policy)!;
    expect(text).toContain(`nonce="${nonce}"`);
    expect(text).not.toContain('{{');
    return nonce;
  });
  expect(nonces[0]).not.toBe(nonces[1]);
});

it('serves assets packed and for good', async () => {
  const { text } = await get('/', asPage);
  const [asset] = /\/assets\/[^"]+\.js/.exec(text)!;
  const packed = await get(asset, { 'accept-encoding': 'gzip, br' }).buffer(false);
  expect(packed.headers).toMatchObject({
    'cache-control': 'public, max-age=31536000, immutable',
    'content-encoding': 'br',
    'content-type': 'text/javascript; charset=utf-8',
    vary: 'Accept-Encoding',
  });
  const plain = await get(asset, { 'accept-encoding': 'identity' });
  expect(plain.headers['content-encoding']).toBeUndefined();
});

it.each([
  ['/api/v1/nothing', asPage],
  ['/api', asPage],
  ['/health/nothing', asPage],
  ['/assets/index-gone.js', asPage],
  ['/assets/..%2f..%2fpackage.json', asPage],
  ['/package.json', asPage],
  ['/cases', { accept: 'application/json' }],
])('does not answer %s with a page', async (path, headers) => {
  const { status, text } = await get(path, headers);
  expect(status).toBe(404);
  expect(text).not.toContain('<script');
});

it('leaves the refusals of the interface to the interface', async () => {
  const { status, type } = await get('/api/v1/nothing', asPage);
  expect([status, type]).toEqual([404, 'application/problem+json']);
});

it('answers a write to an address of the console with the problem', async () => {
  const { status } = await request(t.app.getHttpServer()).post('/cases').set(asPage).send({});
  expect(status).toBe(404);
});
