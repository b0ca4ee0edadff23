import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';

/** Where the build puts the nonce of an answer (`html.cspNonce` in console/vite.config.ts). */
const NONCE = '{{nonce}}';
/** A year: the name of an asset holds the hash of what is in it. */
const IMMUTABLE = 'public, max-age=31536000, immutable';
/** What the application answers itself; nothing below is ever a page. */
const NO_PAGE = /^\/(api|health|metrics|problems|assets)(\/|$)/;

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};

/**
 * The policy of the console's pages. No inline script or style without the nonce of this very answer, no markup from
 * text (Trusted Types; the one policy, `default`, is in console/src/app/trusted-types.ts), and nothing from elsewhere.
 */
const policy = (nonce: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types default',
  ].join('; ');

/** The built console; undefined in a checkout where only the server was built. */
export function builtConsole(): string | undefined {
  for (let at = import.meta.dirname; ; at = dirname(at)) {
    const built = join(at, 'console', 'dist');
    if (existsSync(join(built, 'index.html'))) return built;
    if (dirname(at) === at) return undefined;
  }
}

interface Asset {
  type: string;
  plain: Buffer;
  br: Buffer | undefined;
  gzip: Buffer | undefined;
}

/** Read once: whatever is not among them is no asset, so no path of a request ever reaches the disk. */
function assetsIn(directory: string): Map<string, Asset> {
  const read = (file: string): Buffer | undefined => (existsSync(file) ? readFileSync(file) : undefined);
  const assets = new Map<string, Asset>();
  for (const path of readdirSync(directory, { recursive: true, encoding: 'utf8' })) {
    const type = types[extname(path)];
    if (type === undefined) continue;
    const file = join(directory, path);
    assets.set(`/${path.replaceAll('\\', '/')}`, {
      type,
      plain: readFileSync(file),
      br: read(`${file}.br`),
      gzip: read(`${file}.gz`),
    });
  }
  return assets;
}

/** Serves the console at `/`: its assets, and its one page for every address that is not the interface's. */
export function consolePages(directory: string): RequestHandler {
  const assets = assetsIn(directory);
  const page = readFileSync(join(directory, 'index.html'), 'utf8');
  return (request: Request, response: Response, next: NextFunction): void => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return next();
    const asset = assets.get(request.path);
    if (asset) return sendAsset(request, response, asset);
    // An address with a dot is a file that is not there; who asks for anything but a page gets the problem.
    const wantsPage = request.get('accept')?.includes('text/html') ?? false;
    if (!wantsPage || NO_PAGE.test(request.path) || request.path.includes('.')) return next();
    const nonce = randomBytes(18).toString('base64');
    response.setHeader('Content-Security-Policy', policy(nonce));
    response.setHeader('Permissions-Policy', 'camera=(), microphone=(), geolocation=(), payment=(), usb=()');
    response.setHeader('Cache-Control', 'no-cache');
    response.type('html').send(page.replaceAll(NONCE, nonce));
  };
}

function sendAsset(request: Request, response: Response, { type, plain, br, gzip }: Asset): void {
  response.setHeader('Cache-Control', request.path.startsWith('/assets/') ? IMMUTABLE : 'no-cache');
  response.setHeader('Vary', 'Accept-Encoding');
  response.type(type);
  const coding =
    br && request.acceptsEncodings('br') ? 'br' : gzip && request.acceptsEncodings('gzip') && 'gzip';
  if (coding) response.setHeader('Content-Encoding', coding);
  response.send(coding === 'br' ? br : coding === 'gzip' ? gzip : plain);
}

export function serveConsole(app: NestExpressApplication): void {
  const directory = builtConsole();
  if (directory !== undefined) app.use(consolePages(directory));
}
