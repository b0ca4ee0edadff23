import createClient from 'openapi-fetch';
import { currentLanguage } from '../i18n/language.ts';
import { asProblem, isProblem, ProblemError, unreachable, unreadable, type Problem } from './problem.ts';
import { ask } from './prompts.ts';
import type { paths } from './schema.gen.ts';
import { authorise, catchUp, isSignedIn, whileTokenChanges } from './session.ts';

export type { components, operations } from './schema.gen.ts';

/** Requests that are the answer to a prompt must not raise one. */
const PROOF = /\/auth\/(login|logout|step-up|oidc)/;
/** Its answer carries another token of the session. */
const STEP_UP = /\/auth\/step-up$/;

async function problemOf(response: Response): Promise<Problem | undefined> {
  if (!response.headers.get('content-type')?.includes('json')) return undefined;
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => undefined);
  return isProblem(body) ? body : undefined;
}

/** Whether it is the token that was refused, and not what was asked. */
async function isOfOldToken(response: Response): Promise<boolean> {
  if (!isSignedIn() || (response.status !== 401 && response.status !== 403)) return false;
  const problem = await problemOf(response);
  return problem !== undefined && /\/(not-signed-in|csrf-token)$/.test(problem.type);
}

/**
 * `fetch` with the session, and with the person asked where that helps: an ended session is opened again over the
 * page, a deed that wants a fresh proof gets one; then the same request goes once more. It does so unasked when another
 * window gave the session another token.
 */
export async function guardedFetch(request: Request): Promise<Response> {
  // A repeat of a POST after an answer that got lost must not do the deed twice.
  if (request.method === 'POST' && !request.headers.has('idempotency-key') && !PROOF.test(request.url)) {
    request.headers.set('idempotency-key', crypto.randomUUID());
  }
  // Whatever the browser speaks: the server's words are to be in the language of the page.
  request.headers.set('accept-language', currentLanguage());
  const sendNow = async (): Promise<Response> => {
    const copy = request.clone();
    authorise(copy.headers, copy.method);
    try {
      return await fetch(copy);
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') throw error;
      throw unreachable();
    }
  };
  const send = (): Promise<Response> => (STEP_UP.test(request.url) ? whileTokenChanges(sendNow) : sendNow());
  let response = await send();
  if ((await isOfOldToken(response)) && (await catchUp())) response = await send();
  if (PROOF.test(request.url)) return response;
  if (response.status === 401 && isSignedIn()) {
    const problem = await problemOf(response);
    if (problem && (await ask('sign-in', problem))) response = await send();
  }
  if (response.status === 403) {
    const problem = await problemOf(response);
    if (problem?.type.endsWith('/step-up-required') && (await ask('step-up', problem)))
      response = await send();
  }
  return response;
}

/** The interface, with the types of docs/openapi.json. Wrap each call in `answer()`. */
export const api = createClient<paths>({ baseUrl: window.location.origin, fetch: guardedFetch });

interface Answered<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The body of an answer; a refusal is thrown as ProblemError. */
export async function answer<T>(call: Promise<Answered<T>>): Promise<T> {
  return (await receipted(call)).data;
}

/** The body of an answer with its receipt: `<stream> <seq> <leaf>`, for the verifier to look up later. */
export async function receipted<T>(call: Promise<Answered<T>>): Promise<{ data: T; receipt: string | null }> {
  let answered: Answered<T>;
  try {
    answered = await call;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw asProblem(error);
  }
  const { data, error, response } = answered;
  if (!response.ok) {
    throw isProblem(error) ? new ProblemError(error) : unreadable(response.status);
  }
  return { data: data as T, receipt: response.headers.get('audit-receipt') };
}

/** The header by which a change says which version it means. */
export const ifMatch = (version: number): { 'If-Match': string } => ({ 'If-Match': `"${version}"` });
