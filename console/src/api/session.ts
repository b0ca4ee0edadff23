import { dropDrafts } from './drafts.ts';

/**
 * What of the session JavaScript knows. The session itself is an httpOnly cookie; a write carries the CSRF token that
 * the sign-in, a step-up and /auth/me answer.
 */
let csrfToken: string | undefined;
/** Who is signed in; undefined: nobody. */
let userId: string | undefined;

interface Opened {
  readonly csrfToken?: string;
  readonly user: { readonly id: string };
}

/** Takes what a sign-in or /auth/me answered. */
export function sessionOpened(answer: Opened): void {
  userId = answer.user.id;
  csrfToken = answer.csrfToken;
}

/** The session goes on under another token: a step-up gives one. */
export function tokenRenewed(answer: { readonly csrfToken?: string }): void {
  csrfToken = answer.csrfToken;
}

/** Somebody leaves: nothing that they typed stays behind. A session that merely ended is not closed by this. */
export function sessionClosed(): void {
  userId = undefined;
  csrfToken = undefined;
  dropDrafts();
}

export const isSignedIn = (): boolean => userId !== undefined;

/** Asks for the session in a cookie, and proves with a write that it comes from this page. */
export function authorise(headers: Headers, method: string): void {
  headers.set('session-in', 'cookie');
  if (csrfToken !== undefined && method !== 'GET' && method !== 'HEAD')
    headers.set('x-csrf-token', csrfToken);
}

const LOCK = 'plumbline.token';

/** While a step-up of this window waits for its answer, no other window takes the cookie for an ended session. */
export const whileTokenChanges = <T>(work: () => Promise<T>): Promise<T> =>
  navigator.locks.request(LOCK, work);

let catchingUp: Promise<boolean> | undefined;

/**
 * Another window may have given the session another token: the cookie has it already, this window learns what belongs
 * to it.
 * @returns whether the same person is still signed in, so that a request that was refused is worth sending again
 */
export function catchUp(): Promise<boolean> {
  catchingUp ??= navigator.locks
    .request(LOCK, { mode: 'shared' }, sessionInCookie)
    .then((opened) => {
      if (!opened || opened.user.id !== userId) return false;
      tokenRenewed(opened);
      return true;
    })
    .finally(() => (catchingUp = undefined));
  return catchingUp;
}

async function sessionInCookie(): Promise<Opened | undefined> {
  try {
    // eslint-disable-next-line no-restricted-globals -- the client itself asks here, while it sends a request of its own
    const response = await fetch('/api/v1/auth/me');
    return response.ok ? ((await response.json()) as Opened) : undefined;
  } catch {
    return undefined;
  }
}
