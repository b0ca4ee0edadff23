import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { faultOfBreachedPasswords } from './auth/breached-passwords.js';
import type { OidcSettings } from './auth/oidc.service.js';

/** Everything that the surroundings may say. Read once, at start. */
export interface Config {
  /** An outside PostgreSQL; undefined: the embedded one. */
  readonly databaseUrl: string | undefined;
  /** The login of jobs there; the embedded one and an administrator make it. */
  readonly workerDatabaseUrl: string | undefined;
  readonly dataDir: string;
  /** The key of reporters' identities, beside the master key unless it lies on another disk or in a mounted secret. */
  readonly vaultKeyFile: string;
  /** The provider of OpenID Connect to sign in at; undefined: none. */
  readonly oidc: OidcSettings | undefined;
  readonly host: string;
  readonly port: number;
  /** Where people reach it in their browser; a WebAuthn authenticator signs for no other place. */
  readonly origin: string;
  readonly demoPassword: string | undefined;
  readonly logLevel: string;
  readonly poolSize: number;
  /** Addresses or names of proxies whose X-Forwarded-For is believed; none by default. */
  readonly trustProxy: string | undefined;
  /** With it, /metrics may be read from elsewhere than this machine. */
  readonly metricsToken: string | undefined;
  /** How large the files of one upload may be together, in megabytes. */
  readonly uploadLimit: number;
  /** Whom to believe about the trail: log, witnesses, writers. */
  readonly policyFile: string;
  /** The name of the log; undefined: one made of its key. */
  readonly logOrigin: string | undefined;
  /** A sorted file of the hashes of passwords that are known from breaches; undefined: none is looked at. */
  readonly breachedPasswords: string | undefined;
  /** Whether a password alone opens only what everybody may do. */
  readonly secondFactorRequired: boolean;
  /** An RFC 3161 time-stamp authority. */
  readonly tsaUrl: string | undefined;
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

/** The settings are not usable. The message names each wrong one and never its value. */
export class ConfigError extends Error {}

export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const wrong: string[] = [];
  const text = (name: string): string | undefined => env[name]?.trim() || undefined;
  const whole = (name: string, fallback: number, from: number, to: number): number => {
    const value = text(name);
    if (value === undefined) return fallback;
    if (!/^\d{1,6}$/.test(value) || Number(value) < from || Number(value) > to) {
      wrong.push(`${name} must be a whole number from ${from} to ${to}`);
      return fallback;
    }
    return Number(value);
  };
  const database = (name: string): string | undefined => {
    const url = text(name);
    if (url !== undefined && !(/^postgres(ql)?:\/\/[^\s]+$/.test(url) && URL.canParse(url))) {
      wrong.push(`${name} must be a connection string such as postgresql://user@host:5432/database`);
    }
    return url;
  };
  const databaseUrl = database('DATABASE_URL');
  const workerDatabaseUrl = database('PLUMBLINE_WORKER_DATABASE_URL');
  const logLevel = text('LOG_LEVEL') ?? 'info';
  if (!logLevels.includes(logLevel)) wrong.push(`LOG_LEVEL must be one of ${logLevels.join(', ')}`);
  const demoPassword = text('PLUMBLINE_DEMO_PASSWORD');
  const metricsToken = text('PLUMBLINE_METRICS_TOKEN');
  if (metricsToken !== undefined && metricsToken.length < 24) {
    wrong.push('PLUMBLINE_METRICS_TOKEN must have at least 24 characters');
  }
  const logOrigin = text('PLUMBLINE_LOG_ORIGIN');
  if (logOrigin !== undefined && !/^[^\s+]{1,200}$/.test(logOrigin)) {
    wrong.push('PLUMBLINE_LOG_ORIGIN must be a name such as log.example/1, without spaces or plus');
  }
  const tsaUrl = text('PLUMBLINE_TSA_URL');
  if (tsaUrl !== undefined && !/^https?:\/\/\S+$/.test(tsaUrl)) {
    wrong.push('PLUMBLINE_TSA_URL must begin with http:// or https://');
  }
  const port = whole('PORT', 3000, 0, 65535);
  const origin = text('PLUMBLINE_ORIGIN') ?? `http://localhost:${port}`;
  if (!isOrigin(origin)) {
    wrong.push(
      'PLUMBLINE_ORIGIN must be like https://plumbline.example, without a path; http only for localhost',
    );
  }
  const breachedPasswords = text('PLUMBLINE_BREACHED_PASSWORDS');
  const fault = breachedPasswords && faultOfBreachedPasswords(breachedPasswords);
  if (fault) wrong.push(`PLUMBLINE_BREACHED_PASSWORDS ${fault}`);
  const secondFactor = text('PLUMBLINE_SECOND_FACTOR') ?? 'optional';
  if (!['optional', 'required'].includes(secondFactor)) {
    wrong.push('PLUMBLINE_SECOND_FACTOR must be optional or required');
  }
  const dataDir = resolve(text('PLUMBLINE_DATA_DIR') ?? '.data');
  const config: Config = {
    databaseUrl,
    workerDatabaseUrl,
    dataDir,
    vaultKeyFile: resolve(text('PLUMBLINE_VAULT_KEY_FILE') ?? join(dataDir, 'keys', 'vault.key')),
    host: text('HOST') ?? '127.0.0.1',
    port,
    origin,
    oidc: oidcIn(text, wrong),
    demoPassword,
    logLevel,
    poolSize: whole('PLUMBLINE_POOL_SIZE', 10, 2, 200),
    trustProxy: text('PLUMBLINE_TRUST_PROXY'),
    metricsToken,
    uploadLimit: whole('PLUMBLINE_UPLOAD_MB', 200, 1, 10_000),
    policyFile: resolve(text('PLUMBLINE_POLICY') ?? join(dataDir, 'policy.txt')),
    logOrigin,
    breachedPasswords: breachedPasswords && resolve(breachedPasswords),
    secondFactorRequired: secondFactor === 'required',
    tsaUrl,
  };
  if (wrong.length > 0) throw new ConfigError(`Wrong settings:\n  ${wrong.join('\n  ')}`);
  return config;
}

/** All of the settings or none; http only on this machine. */
function oidcIn(text: (name: string) => string | undefined, wrong: string[]): OidcSettings | undefined {
  const name = (part: string): string => `PLUMBLINE_OIDC_${part}`;
  const [issuer, clientId, redirectUri] = ['ISSUER', 'CLIENT_ID', 'REDIRECT_URI'].map((part) =>
    text(name(part)),
  );
  const secretFile = text(name('CLIENT_SECRET_FILE'));
  const direct = text(name('CLIENT_SECRET'));
  if (![issuer, clientId, redirectUri, secretFile, direct].some((value) => value !== undefined)) {
    return undefined;
  }
  for (const [part, value] of Object.entries({ ISSUER: issuer, REDIRECT_URI: redirectUri })) {
    if (value === undefined || !isSafeAddress(value)) {
      wrong.push(`${name(part)} must begin with https://; http:// only on this machine`);
    }
  }
  if (redirectUri?.endsWith('/auth/oidc/callback') === false) {
    wrong.push(`${name('REDIRECT_URI')} must end with /api/v1/auth/oidc/callback, where people reach it`);
  }
  if (clientId === undefined) wrong.push(`${name('CLIENT_ID')} is missing`);
  const clientSecret = direct ?? (secretFile && contentOf(secretFile));
  if (!clientSecret) {
    wrong.push(`${name('CLIENT_SECRET')} or a readable file in ${name('CLIENT_SECRET_FILE')} is missing`);
  }
  if (!issuer || !clientId || !redirectUri || !clientSecret) return undefined;
  return { issuer, clientId, clientSecret, redirectUri };
}

function contentOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}

function isSafeAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || (protocol === 'http:' && ['localhost', '127.0.0.1'].includes(hostname));
}

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { origin, protocol, hostname } = new URL(text);
  return origin === text && (protocol === 'https:' || (protocol === 'http:' && hostname === 'localhost'));
}
