import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Statement } from './capture.js';
import { atTheEnd } from './stage.js';

/** One side of a comparison. */
export interface Contestant {
  readonly name: 'app' | 'db';
  readonly connections: number;
  /**
   * Milliseconds from one unit of work on a connection to the next, as of people who wait for nobody: a time counts
   * from when its unit was due, so that what holds up the next one shows. Without it the next begins when one ends,
   * which measures how much is done, and a time is mostly the waiting for the others.
   */
  readonly every?: number | undefined;
  /** Does one unit of work on this connection; no two run on the same connection at once. */
  work(connection: number): Promise<void>;
}

/** What one contestant did in one turn. Times in milliseconds. */
export interface Turn {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Processor time that one unit of work took of all who took part, where it can be known. */
  readonly cpu: number | undefined;
}

/** Processor time used so far by all who take part. */
export type Meter = () => number | undefined;

/**
 * The application runs for weeks: what counts is its speed when the compiler has seen enough of it, which takes
 * thousands of requests. Not for ever, though, where a unit takes seconds.
 */
const WARM_UP = { ms: 20_000, units: 2000 };

/** The contestants take turns, A B A B: what the machine does meanwhile hits both. */
export async function takeTurns(
  contestants: readonly Contestant[],
  rounds: number,
  seconds: number,
  meter: Meter,
): Promise<Turn[][]> {
  for (const contestant of contestants) {
    // Without pauses: at the pace of people the compiler would see too little in that time.
    await turn({ ...contestant, every: undefined }, WARM_UP.ms, meter, WARM_UP.units);
  }
  const turns: Turn[][] = contestants.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, contestant] of contestants.entries()) {
      turns[i]!.push(await turn(contestant, seconds * 1000, meter));
    }
  }
  return turns;
}

async function turn(contestant: Contestant, ms: number, meter: Meter, units = Infinity): Promise<Turn> {
  const times: number[] = [];
  const used = meter();
  const start = performance.now();
  const { every, connections } = contestant;
  const connection = async (n: number): Promise<void> => {
    let begun = start + (every === undefined ? 0 : (n / connections) * every);
    while (begun - start < ms && times.length < units) {
      const early = begun - performance.now();
      if (early > 0) await sleep(early);
      await contestant.work(n);
      const ended = performance.now();
      times.push(ended - begun);
      begun = every === undefined ? ended : begun + every;
    }
  };
  await Promise.all(Array.from({ length: connections }, (_, n) => connection(n)));
  // The last answers come after the time is over, so the true length counts.
  const perSecond = times.length / ((performance.now() - start) / 1000);
  const usedNow = meter();
  const cpu = used === undefined || usedNow === undefined ? undefined : (usedNow - used) / times.length;
  times.sort((a, b) => a - b);
  const quantile = (q: number): number =>
    times[Math.min(times.length - 1, Math.floor(q * times.length))] ?? 0;
  return { perSecond, p50: quantile(0.5), p99: quantile(0.99), cpu };
}

export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Requests over connections that stay open. Any answer other than the expected one ends the run. */
export class Caller {
  private readonly agent: Agent;

  constructor(
    private readonly origin: string,
    connections: number,
  ) {
    this.agent = new Agent({ keepAlive: true, maxSockets: connections });
    atTheEnd(() => this.agent.destroy());
  }

  async json<T>(method: string, path: string, token?: string, body?: unknown): Promise<T> {
    return JSON.parse(await this.call(method, path, token, body)) as T;
  }

  async call(
    method: string,
    path: string,
    token?: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<string> {
    const content = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    const { status, text } = await this.exchange(method, path, content, {
      ...headers,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(content ? { 'content-type': 'application/json', 'content-length': String(content.length) } : {}),
    });
    if (status < 200 || status > 299) throw new Error(`${method} ${path}: ${status} ${text.slice(0, 500)}`);
    return text;
  }

  private exchange(
    method: string,
    path: string,
    body: Buffer | undefined,
    headers: Record<string, string>,
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const sent = request(`${this.origin}${path}`, { method, headers, agent: this.agent }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }),
        );
        response.on('error', reject);
      });
      sent.on('error', (error: NodeJS.ErrnoException) => {
        // The server closed a connection that was idle while the other contestant had its turn, just as we used it.
        const idle = sent.reusedSocket && error.code === 'ECONNRESET';
        if (idle) this.exchange(method, path, body, headers).then(resolve, reject);
        else reject(error);
      });
      sent.end(body);
    });
  }
}

/** So many connections of the database contestant, as many as the application's pool has. */
export const DATABASE_CONNECTIONS = 10;

/** Sends statements straight through the driver, each prepared once a connection. */
export class Straight {
  private readonly names = new Map<string, string>();

  private constructor(private readonly clients: readonly pg.Client[]) {}

  static async connect(url: string, connections = DATABASE_CONNECTIONS): Promise<Straight> {
    const clients = Array.from(
      { length: connections },
      () => new pg.Client({ connectionString: url, pipeline: true }),
    );
    await Promise.all(clients.map((client) => client.connect()));
    // A connection that breaks fails the query on it, which says more.
    for (const client of clients) client.on('error', () => undefined);
    atTheEnd(() => Promise.all(clients.map((client) => client.end())));
    return new Straight(clients);
  }

  /** The rows, as arrays: what an object for each row costs is no limit of the database. */
  async send(connection: number, { text, values }: Statement): Promise<unknown[][]> {
    let name = this.names.get(text);
    if (name === undefined) this.names.set(text, (name = `s${this.names.size}`));
    const client = this.clients[connection]!;
    const { rows } = await client.query<unknown[]>({ name, text, values: [...values], rowMode: 'array' });
    return rows;
  }
}
