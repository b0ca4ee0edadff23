/**
 * What of the session JavaScript knows. The session itself is an httpOnly cookie; a write carries the CSRF token that
 * the sign-in and /auth/me answer.
 */
let csrfToken: string | undefined;
// TODO(wt-sign): goes away with the cookie session. Lives in memory only, so a reload signs out until then.
let bearer: string | undefined;
let signedIn = false;

/** Takes what a sign-in or /auth/me answered. */
export function sessionOpened(answer: object): void {
  signedIn = true;
  if ('csrfToken' in answer && typeof answer.csrfToken === 'string') {
    csrfToken = answer.csrfToken;
    bearer = undefined;
  } else if ('accessToken' in answer && typeof answer.accessToken === 'string') {
    bearer = answer.accessToken;
  }
}

export function sessionClosed(): void {
  signedIn = false;
  csrfToken = undefined;
  bearer = undefined;
}

export const isSignedIn = (): boolean => signedIn;

/** Puts the proof of the session on a request. */
export function authorise(headers: Headers, method: string): void {
  if (bearer !== undefined) headers.set('authorization', `Bearer ${bearer}`);
  else if (csrfToken !== undefined && method !== 'GET' && method !== 'HEAD') {
    headers.set('x-csrf-token', csrfToken);
  }
}
