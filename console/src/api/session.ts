/**
 * What of the session JavaScript knows. The session itself is an httpOnly cookie; a write carries the CSRF token that
 * the sign-in and /auth/me answer.
 */
let csrfToken: string | undefined;
let signedIn = false;

/** Takes what a sign-in or /auth/me answered. */
export function sessionOpened(answer: { readonly csrfToken?: string }): void {
  signedIn = true;
  csrfToken = answer.csrfToken;
}

export function sessionClosed(): void {
  signedIn = false;
  csrfToken = undefined;
}

export const isSignedIn = (): boolean => signedIn;

/** Asks for the session in a cookie, and proves with a write that it comes from this page. */
export function authorise(headers: Headers, method: string): void {
  headers.set('session-in', 'cookie');
  if (csrfToken !== undefined && method !== 'GET' && method !== 'HEAD')
    headers.set('x-csrf-token', csrfToken);
}
