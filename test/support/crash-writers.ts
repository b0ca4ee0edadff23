import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { anAllegation, anIntake } from './builders.js';
import type { DemonstrationIds } from './demonstration.js';

export interface Interface {
  /** Changes when the installation is started again. */
  readonly address: string;
}

export interface Answer {
  readonly status: number;
  readonly body: any;
  readonly headers: Headers;
}

const ANSWER_MS = 60_000;
const PATIENCE_MS = 300_000;

/** A signed-in person at an interface that may be down at any moment. */
export class Person {
  private constructor(
    private readonly at: Interface,
    private readonly token: string,
  ) {}

  static async signIn(at: Interface, username: string, password: string): Promise<Person> {
    const { body } = await send(at, 'POST', '/auth/login', {}, { username, password });
    return new Person(at, body.accessToken);
  }

  /** @throws Error when there is no answer */
  get(path: string): Promise<Answer> {
    return send(this.at, 'GET', path, { authorization: `Bearer ${this.token}` });
  }

  /** @throws Error when there is no answer, which leaves open whether it was done */
  post(path: string, body: object, headers: Record<string, string>): Promise<Answer> {
    return send(this.at, 'POST', path, { authorization: `Bearer ${this.token}`, ...headers }, body);
  }
}

async function send(
  { address }: Interface,
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: object,
): Promise<Answer> {
  const response = await fetch(`${address}/api/v1${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    signal: AbortSignal.timeout(ANSWER_MS),
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return { status: response.status, body: await response.json(), headers: response.headers };
}

/** A write that was answered with success. */
export interface Acknowledged {
  readonly kind: 'case' | 'allegation' | 'acceptance';
  readonly id: string;
  readonly caseId: string;
  /** What only this write wrote. */
  readonly mark: string;
  /** Its entries in the trail: stream, number and hash. */
  readonly receipts: readonly string[];
}

export interface Writing {
  readonly ids: DemonstrationIds;
  readonly intake: Person;
  readonly supervisor: Person;
  /** The case that all writers write to. */
  readonly hot: () => string;
  readonly acknowledged: Acknowledged[];
}

/** Writes without a pause, to the hot case and to cases of its own, and keeps what was acknowledged. */
export class Writer {
  /** Requests whose outcome was unknown, and how many of them had been done nevertheless. */
  unknown = 0;
  done = 0;
  /** Why it gave up. */
  fault: string | undefined;
  private count = 0;
  private isLast = false;
  private readonly stopping = new AbortController();
  private readonly ended: Promise<void>;

  constructor(
    private readonly name: string,
    private readonly writing: Writing,
  ) {
    this.ended = this.run().catch((error: Error) => {
      if (!this.stopping.signal.aborted) this.fault = `${name}: ${error.message}`;
    });
  }

  /** Ends after the write that is under way was acknowledged. */
  finish(): Promise<void> {
    this.isLast = true;
    return this.ended;
  }

  /** Ends at once. */
  abort(): Promise<void> {
    this.stopping.abort();
    return this.ended;
  }

  private async run(): Promise<void> {
    const { intake, supervisor, hot } = this.writing;
    const allegation = (person: Person, caseId: string): Promise<Answer> =>
      this.write('allegation', person, `/cases/${caseId}/allegations`, (mark) =>
        anAllegation(this.writing, { place: mark }),
      );
    while (!this.isLast) {
      const { body } = await this.write('case', intake, '/cases', (mark) =>
        anIntake(this.writing, { statement: mark, allegations: [anAllegation(this.writing)] }),
      );
      await allegation(intake, hot());
      const reason = (mark: string): object => ({ reason: mark });
      const version = { 'if-match': `"${body.version}"` };
      await this.write('acceptance', supervisor, `/cases/${body.id}/accept`, reason, version);
      await allegation(supervisor, body.id);
      await allegation(intake, hot());
    }
  }

  /** Sends the same request until it is acknowledged; its key keeps it from being done twice. */
  private async write(
    kind: Acknowledged['kind'],
    person: Person,
    path: string,
    body: (mark: string) => object,
    more: Record<string, string> = {},
  ): Promise<Answer> {
    const mark = `${this.name}-${++this.count}`;
    const headers = { 'idempotency-key': randomUUID(), ...more };
    let last = 'no answer';
    for (const deadline = performance.now() + PATIENCE_MS; performance.now() < deadline; await sleep(100)) {
      this.stopping.signal.throwIfAborted();
      const answer = await person.post(path, body(mark), headers).catch(() => undefined);
      if (answer && answer.status < 300) {
        if (answer.headers.get('idempotency-replayed') === 'true') this.done++;
        const id: string = answer.body.id;
        // Without a receipt there is nothing to hold the product to.
        const receipts = answer.headers.get('audit-receipt')!.split(', ');
        const caseId = /^\/cases\/([^/]+)/.exec(path)?.[1] ?? id;
        this.writing.acknowledged.push({ kind, id, caseId, mark, receipts });
        return answer;
      }
      // A refusal is no outage, unless it only says that the first request may still be under way.
      if (answer && answer.status < 500 && answer.status !== 409 && answer.status !== 412) {
        throw new Error(`${path} was refused: ${answer.status} ${JSON.stringify(answer.body)}`);
      }
      if (answer) last = `${answer.status} ${JSON.stringify(answer.body)}`;
      this.unknown++;
    }
    throw new Error(`${path} was never acknowledged, the last answer was: ${last}`);
  }
}
