import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { claimDirectory } from '../common/directory-claim.js';
import type { Clock } from '../common/clock.js';
import type { VerifierKey } from '../log/note.js';
import { makeDirectory } from './durable.js';
import { loadIdentity } from './identity.js';
import { Memory } from './memory.js';
import { Witness, type Answer, type Report } from './witness.js';

export interface WitnessOptions {
  /** Key and memory; one witness a directory. */
  readonly directory: string;
  /** Its name in policies; undefined: as it was, or made up on the first start. */
  readonly name?: string | undefined;
  readonly logs: readonly VerifierKey[];
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly clock: Clock;
  readonly report: Report;
  /** How long a request may take to arrive. */
  readonly patienceMs?: number;
}

export interface RunningWitness {
  readonly vkey: string;
  readonly address: string;
  /** Lets requests end that have begun. */
  close(): Promise<void>;
}

const MAX_BODY = 64 * 1024;
/** Longer than the minute after which an idle log comes again, so that it finds its connection open. */
const KEEP_ALIVE_MS = 75_000;
const CLOSING_MS = 3_000;

/** @throws WitnessError, AlreadyRunningError */
export async function startWitness(options: WitnessOptions): Promise<RunningWitness> {
  makeDirectory(options.directory);
  const release = await claimDirectory(options.directory, 'A witness', 'give another directory with --data');
  try {
    const identity = loadIdentity(options.directory, options.name);
    const memory = new Memory(options.directory, identity.verifier);
    const witness = new Witness(identity, options.logs, memory, options.clock, options.report);
    const server = serve(witness, options);
    const { port } = await listen(server, options);
    const host = options.host.includes(':') ? `[${options.host}]` : options.host;
    return {
      vkey: identity.verifier.vkey,
      address: `http://${host}:${port}`,
      close: () => close(server).finally(release),
    };
  } catch (error) {
    release();
    throw error;
  }
}

function serve(witness: Witness, { report, patienceMs = 10_000 }: WitnessOptions): Server {
  const limits = {
    requestTimeout: patienceMs,
    headersTimeout: patienceMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionsCheckingInterval: Math.min(patienceMs, 1_000),
  };
  const server = createServer(limits, (request, response) => {
    respond(witness, request).then(
      (answer) => send(response, answer),
      (error: Error) => {
        // The client went away; there is nobody to answer.
        if (request.destroyed && !request.complete) return;
        report('a request failed', { error: error.message });
        send(response, { status: 500, type: 'text/plain; charset=utf-8', body: 'The witness failed.\n' });
      },
    );
  });
  server.maxConnections = 256;
  return server;
}

const refusal = (status: number, body: string): Answer => ({
  status,
  type: 'text/plain; charset=utf-8',
  body,
});

async function respond(witness: Witness, request: IncomingMessage): Promise<Answer> {
  const path = request.url?.split('?')[0];
  if (path === '/') {
    return ['GET', 'HEAD'].includes(request.method!) ? about(witness) : refusal(405, 'GET only.\n');
  }
  if (path !== '/add-checkpoint') return refusal(404, 'There is only / and /add-checkpoint.\n');
  if (request.method !== 'POST') return refusal(405, 'POST only.\n');
  const body = await bodyOf(request);
  return body ? witness.addCheckpoint(body) : refusal(413, `More than ${MAX_BODY} bytes.\n`);
}

/** Undefined when it is too long; what follows is then not read. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  return new Promise((resolve, reject) => {
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > MAX_BODY) {
        request.pause();
        resolve(undefined);
      } else chunks.push(chunk);
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', reject);
  });
}

function send(response: ServerResponse, { status, type, body }: Answer): void {
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    // Of a refused body some may still be under way, which must not be taken for the next request.
    ...(response.req.complete ? {} : { connection: 'close' }),
  });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

const about = ({ identity, origins }: Witness): Answer => ({
  status: 200,
  type: 'text/plain; charset=utf-8',
  body: `This is a witness of transparency logs (C2SP tlog-witness). A log sends each new checkpoint to
POST /add-checkpoint. The witness signs it only when it goes on from the last one that it signed, so that
no log can show two histories. It counts for as much as whoever runs it is independent of the log.

Its key, for a policy:
${identity.verifier.vkey}

It watches:
${origins.join('\n')}
`,
});

function listen(server: Server, { host, port }: WitnessOptions): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve(server.address() as AddressInfo));
  });
}

function close(server: Server): Promise<void> {
  const late = setTimeout(() => server.closeAllConnections(), CLOSING_MS);
  return new Promise<void>((resolve) => server.close(() => resolve())).finally(() => clearTimeout(late));
}
