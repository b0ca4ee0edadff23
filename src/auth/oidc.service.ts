import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Request, Response } from 'express';
import * as oidc from 'openid-client';
import { DataSource } from 'typeorm';
import { MASTER_KEY } from '../audit/key-ring.js';
import { Clock } from '../common/clock.js';
import { DomainError, notFound } from '../common/errors.js';
import { open, seal } from '../common/seal.js';
import { UserAccount } from './account.entity.js';
import { Attempts } from './attempts.js';
import { SessionsService, wrongCredentials, type Proven } from './sessions.service.js';
import { STEP_UP_MS } from './step-up.guard.js';

/** The provider of OpenID Connect that people of this installation sign in at. */
export interface OidcSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUri: string;
}

export const OIDC = 'plumbline:oidc';

/** What the browser keeps between leaving for the provider and coming back, sealed, so that it cannot be made up. */
interface Journey {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly until: number;
}

const COOKIE = 'plumbline-oidc';
const JOURNEY_MS = 10 * 60_000;
/** A provider that proved it longer ago has to prove it anew: a sign-in counts as a step-up. */
const MAX_AGE_S = STEP_UP_MS / 1000;

/** RFC 8176 of `amr`; OpenID EAP ACR values 1.0 and the REFEDS profile of `acr`. */
const multiFactorAmr = 'mfa';
const multiFactorAcr: readonly unknown[] = ['phr', 'phrh', 'https://refeds.org/profile/mfa'];

/** The authorization code flow with PKCE, state and nonce (OpenID Connect Core 3.1; RFC 9700). */
@Injectable()
export class OidcService {
  private readonly logger = new Logger('OpenIdConnect');
  private configuration: Promise<oidc.Configuration> | undefined;

  constructor(
    @Inject(OIDC) private readonly settings: { provider: OidcSettings | undefined },
    @Inject(MASTER_KEY) private readonly master: Buffer,
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly attempts: Attempts,
    private readonly sessions: SessionsService,
  ) {}

  /** Whether there is one. */
  get isOffered(): boolean {
    return this.settings.provider !== undefined;
  }

  /** Where the browser has to go. @throws 404 when there is no provider, 503 when it does not answer */
  async leave(request: Request, response: Response): Promise<{ url: string }> {
    await this.attempts.admitAddress(request.ip ?? 'unknown');
    const { redirectUri } = this.provider();
    const configuration = await this.discovered();
    const journey: Journey = {
      state: oidc.randomState(),
      nonce: oidc.randomNonce(),
      verifier: oidc.randomPKCECodeVerifier(),
      until: this.clock.now().getTime() + JOURNEY_MS,
    };
    const url = oidc.buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUri,
      scope: 'openid',
      state: journey.state,
      nonce: journey.nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(journey.verifier),
      code_challenge_method: 'S256',
      max_age: String(MAX_AGE_S),
    });
    const sealed = seal(this.master, COOKIE, Buffer.from(JSON.stringify(journey)));
    response.cookie(COOKIE, sealed.toString('base64url'), this.cookieOptions());
    return { url: url.href };
  }

  /** Who came back. @throws 401, in the words of a wrong password, unless it is somebody whom we know */
  async comeBack(request: Request & { id: string }): Promise<Proven> {
    this.provider();
    await this.attempts.admitAddress(request.ip ?? 'unknown');
    const journey = this.journeyIn(request);
    request.res?.clearCookie(COOKIE, this.cookieOptions());
    const claims = journey && (await this.claimsOf(request, journey));
    const account =
      claims &&
      (await this.dataSource.manager.findOneBy(UserAccount, { oidcSubject: claims.sub, status: 'ACTIVE' }));
    const actor =
      account &&
      (await this.sessions.signingIn(account.id, request.id, {
        accountVersion: account.version,
        proof: isMultiFactor(claims) ? ('OIDC' as const) : null,
      }));
    if (!actor) throw wrongCredentials();
    return actor;
  }

  private async claimsOf(request: Request, journey: Journey): Promise<oidc.IDToken | undefined> {
    const configuration = await this.discovered();
    // What the provider sent, at the address that it sent it to: a proxy may have changed ours.
    const current = new URL(this.provider().redirectUri);
    current.search = new URL(request.originalUrl, current).search;
    try {
      const tokens = await oidc.authorizationCodeGrant(configuration, current, {
        pkceCodeVerifier: journey.verifier,
        expectedState: journey.state,
        expectedNonce: journey.nonce,
        idTokenExpected: true,
        maxAge: MAX_AGE_S,
      });
      return tokens.claims();
    } catch (error) {
      throw this.asRefusal(error);
    }
  }

  private provider(): OidcSettings {
    if (!this.settings.provider) throw notFound('provider to sign in at');
    return this.settings.provider;
  }

  /** Asked once, and again after a failure. */
  private discovered(): Promise<oidc.Configuration> {
    const { issuer, clientId, clientSecret } = this.provider();
    const server = new URL(issuer);
    // The settings allow http on this machine only.
    const insecure = server.protocol === 'http:' ? [oidc.allowInsecureRequests] : [];
    // The signature of the ID token is checked by the provider's keys, though it came over TLS: whoever can put
    // themselves between us and the provider would else say who signs in (ASVS 5.0, 6.8.2).
    const execute = [oidc.enableNonRepudiationChecks, ...insecure];
    this.configuration ??= oidc
      .discovery(server, clientId, clientSecret, undefined, { execute })
      .catch((error: unknown) => {
        this.configuration = undefined;
        throw this.asRefusal(error, true);
      });
    return this.configuration;
  }

  /** A provider that cannot be asked is one thing, what it says no to another. Neither is told in detail. */
  private asRefusal(error: unknown, unavailable = false): DomainError {
    const { name, code } = error as Error & { code?: string };
    this.logger.warn({ error: name, code });
    if (!unavailable && error instanceof Error && name !== 'TypeError' && code !== 'OAUTH_TIMEOUT') {
      return wrongCredentials();
    }
    return new DomainError(
      'provider-unavailable',
      503,
      'The provider to sign in at does not answer. Try later.',
    );
  }

  private journeyIn(request: Request): Journey | undefined {
    const [, value] =
      new RegExp(`(?:^|; )${COOKIE}=([A-Za-z0-9_-]+)`).exec(request.get('cookie') ?? '') ?? [];
    if (value === undefined) return undefined;
    try {
      const journey = JSON.parse(
        open(this.master, COOKIE, Buffer.from(value, 'base64url')).toString(),
      ) as Journey;
      return journey.until > this.clock.now().getTime() ? journey : undefined;
    } catch {
      return undefined;
    }
  }

  private cookieOptions(): object {
    const { pathname, protocol } = new URL(this.provider().redirectUri);
    // Lax: coming back from the provider is a navigation from another site.
    return {
      httpOnly: true,
      sameSite: 'lax',
      secure: protocol === 'https:',
      path: pathname.replace(/\/callback$/, ''),
      maxAge: JOURNEY_MS,
    };
  }
}

const isMultiFactor = ({ amr, acr }: oidc.IDToken): boolean =>
  (Array.isArray(amr) && amr.includes(multiFactorAmr)) || multiFactorAcr.includes(acr);
