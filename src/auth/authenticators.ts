import { Inject, Injectable } from '@nestjs/common';
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
  type AuthenticationResponseJSON,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  type RegistrationResponseJSON,
  type WebAuthnCredential,
} from '@simplewebauthn/server';
import type { Actor } from '../access/actor.js';
import type { SecondFactor } from './factor.entity.js';
import { TICKET_MS } from './tickets.js';

export const ORIGIN = 'plumbline:origin';

const bytes = (buffer: Buffer): Uint8Array<ArrayBuffer> => Uint8Array.from(buffer);

const idsOf = (factors: readonly SecondFactor[]): { id: string }[] =>
  factors.flatMap(({ credentialId }) => (credentialId === null ? [] : [{ id: credentialId }]));

/** WebAuthn: an authenticator signs our challenge for our place and no other, so that nobody can fish for it. */
@Injectable()
export class Authenticators {
  private readonly place: string;

  constructor(@Inject(ORIGIN) private readonly origin: string) {
    this.place = new URL(origin).hostname;
  }

  registrationOptions(
    { userId, username }: Actor,
    challenge: Buffer,
    known: readonly SecondFactor[],
  ): Promise<PublicKeyCredentialCreationOptionsJSON> {
    return generateRegistrationOptions({
      rpName: 'Plumbline',
      rpID: this.place,
      userName: username,
      userID: bytes(Buffer.from(userId)),
      challenge: bytes(challenge),
      timeout: TICKET_MS,
      attestationType: 'none',
      excludeCredentials: idsOf(known),
      authenticatorSelection: { residentKey: 'discouraged', userVerification: 'required' },
    });
  }

  /** The new credential, or undefined when the answer is not right. */
  async register(attestation: object, challenge: Buffer): Promise<WebAuthnCredential | undefined> {
    try {
      const { registrationInfo } = await verifyRegistrationResponse({
        response: attestation as RegistrationResponseJSON,
        expectedChallenge: challenge.toString('base64url'),
        expectedOrigin: this.origin,
        expectedRPID: this.place,
      });
      return registrationInfo?.credential;
    } catch {
      // The library throws whatever is wrong with what a browser, or somebody else, sent.
      return undefined;
    }
  }

  requestOptions(
    challenge: Buffer,
    factors: readonly SecondFactor[],
  ): Promise<PublicKeyCredentialRequestOptionsJSON> {
    return generateAuthenticationOptions({
      rpID: this.place,
      challenge: bytes(challenge),
      timeout: TICKET_MS,
      allowCredentials: idsOf(factors),
      userVerification: 'required',
    });
  }

  /** The new signature counter, or undefined when the signature is not of this authenticator for this challenge. */
  async verify(factor: SecondFactor, assertion: object, challenge: Buffer): Promise<number | undefined> {
    const { credentialId, publicKey, counter } = factor;
    if (credentialId === null || publicKey === null) return undefined;
    if ((assertion as { id?: unknown }).id !== credentialId) return undefined;
    try {
      const { verified, authenticationInfo } = await verifyAuthenticationResponse({
        response: assertion as AuthenticationResponseJSON,
        expectedChallenge: challenge.toString('base64url'),
        expectedOrigin: this.origin,
        expectedRPID: this.place,
        credential: { id: credentialId, publicKey: bytes(publicKey), counter },
      });
      return verified ? authenticationInfo.newCounter : undefined;
    } catch {
      return undefined;
    }
  }
}
