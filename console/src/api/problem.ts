import type { components } from './schema.gen.ts';

/** A refusal as the interface writes it (RFC 9457), with what single refusals add. */
export type Problem = components['schemas']['Problem'] & {
  readonly allowed?: string[];
  readonly methods?: string[];
  readonly retryAfter?: number;
};

/** A refusal, or a server that gave no answer that can be understood (status 0). */
export class ProblemError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
    this.name = 'ProblemError';
  }

  get status(): number {
    return this.problem.status;
  }

  /** The last part of `type`, such as `invalid-input`. */
  get code(): string {
    return this.problem.type.replace(/^.*\//, '');
  }

  /** Of each wrong field what is wrong, by its name as forms know it: `/allegations/0/place` is `allegations.0.place`. */
  get fields(): Record<string, string> {
    return Object.fromEntries(
      (this.problem.errors ?? []).map(({ pointer, message }) => [
        pointer.replace(/^\//, '').replaceAll('/', '.').replaceAll('~1', '/').replaceAll('~0', '~'),
        message,
      ]),
    );
  }
}

export const isProblem = (value: unknown): value is Problem =>
  typeof value === 'object' && value !== null && 'type' in value && 'status' in value && 'detail' in value;

/** No answer at all: the network, or the server, is not there. */
export const unreachable = (): ProblemError =>
  new ProblemError({
    type: '/problems/unreachable',
    title: 'Unreachable',
    status: 0,
    detail: 'The server does not answer. What you typed is still here; try again.',
    instance: '',
  });

/** An answer that is no problem and not what was asked for, such as a proxy's error page. */
export const unreadable = (status: number): ProblemError =>
  new ProblemError({
    type: '/problems/unreadable',
    title: 'Unreadable answer',
    status,
    detail: 'The server answered with something else than was asked for. Try again in a moment.',
    instance: '',
  });

export const asProblem = (error: unknown): ProblemError =>
  error instanceof ProblemError ? error : unreachable();
