import { parseArgs } from 'node:util';
import { Capture } from './capture.js';
import { processorTime } from './cpu.js';
import { fill, sizeAt } from './data.js';
import { placeFor, type Comparison, type Place } from './items.js';
import { home } from './items/home.js';
import { start } from './items/start.js';
import { trail } from './items/trail.js';
import { create } from './items/w1-create.js';
import { list } from './items/w2-list.js';
import { read } from './items/w3-read.js';
import { deed } from './items/w4-deed.js';
import { exportMany, exportOne } from './items/w6-export.js';
import { check, checkWaits } from './items/w7-check.js';
import { importing } from './items/w9-import.js';
import { verify } from './items/w10-verify.js';
import { walls } from './items/walls.js';
import { Straight, takeTurns } from './load.js';
import { plansOf } from './plans.js';
import { compare, report, type Result } from './report.js';
import { application, cleanUp, database, serverOf, sql } from './stage.js';

interface Item {
  readonly what: string;
  readonly target: number;
  readonly prepare: (place: Place) => Promise<Comparison>;
}

/** In the order in which they run: those that only read come first, on the data as it was made. */
const comparisons: Readonly<Record<string, Item>> = {
  W2: { what: 'list 50 cases', target: 0.6, prepare: list },
  W3: { what: 'read a case with its history', target: 0.4, prepare: read },
  W6: { what: 'export the history of a case', target: 0.7, prepare: exportOne },
  W6bulk: { what: 'export many cases', target: 0.5, prepare: exportMany },
  home: { what: 'counts of the home page', target: 0.5, prepare: home },
  W7: { what: 'duty check with precedents', target: 0.5, prepare: check },
  W7wait: { what: 'wait for a duty check', target: 1, prepare: checkWaits },
  W1: { what: 'create a case', target: 0.5, prepare: create },
  W4: { what: 'one deed', target: 0.5, prepare: deed },
};
const others = ['walls', 'W9', 'W10', 'trail', 'start'];

const USAGE = `Usage: npm run bench -- [item ...] [options]

  items        ${[...Object.keys(comparisons), ...others].join(', ')}; all of them when none is named
  --scale n    share of the full data of 200,000 cases and 2,000,000 events; W9: of 30,000 complaints (0.1)
  --rounds n   turns of each contestant, at least 3 (3)
  --seconds n  length of a turn (4)
`;

const say = (text: string): void => void process.stdout.write(`${text}\n`);
/** Progress is no part of the report. */
const tell = (text: string): void => void process.stderr.write(`${text}\n`);

interface Options {
  readonly items: readonly string[];
  readonly scale: number;
  readonly rounds: number;
  readonly seconds: number;
}

function options(): Options | undefined {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      scale: { type: 'string', default: '0.1' },
      rounds: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '4' },
      help: { type: 'boolean', default: false },
    },
  });
  const known = [...Object.keys(comparisons), ...others];
  const items = positionals.map((name) => known.find((item) => item.toLowerCase() === name.toLowerCase()));
  const [scale, rounds, seconds] = [values.scale, values.rounds, values.seconds].map(Number) as [
    number,
    number,
    number,
  ];
  const wrong = items.includes(undefined) || !(scale > 0) || !(rounds >= 3) || !(seconds > 0);
  if (values.help || wrong) return undefined;
  return { items: items.length > 0 ? (items as string[]) : known, scale, rounds, seconds };
}

async function compareAll({
  items,
  scale,
  rounds,
  seconds,
}: Options): Promise<{ results: Result[]; postgres?: string }> {
  const wanted = Object.entries(comparisons).filter(([name]) => items.includes(name));
  if (wanted.length === 0) return { results: [] };
  tell(`Making the data (scale ${scale}) ...`);
  const db = await database('bench');
  await fill(db, sizeAt(scale));
  const app = await application({ DATABASE_URL: db.adminUrl, PLUMBLINE_DATA_DIR: db.dataDir });
  const straight = await Straight.connect(db.workerUrl);
  const capture = await Capture.open(db);
  const place = placeFor(app, db, straight, capture);
  const takingPart = [process.pid, app.pid, await serverOf(db.adminUrl)];
  const results: Result[] = [];
  for (const [item, { what, target, prepare }] of wanted) {
    tell(`${item} ${what} ...`);
    const { contestants, statements, note } = await prepare(place);
    const plans = await plansOf(place, statements);
    const [ofApp, ofDatabase] = await takeTurns(contestants, rounds, seconds, () =>
      processorTime(takingPart),
    );
    const texts = statements.map(({ text }) => text);
    results.push({
      ...{ item, what, target, ...compare(ofApp!, ofDatabase!), statements: texts, plans },
      ...(note ? { note: note() } : {}),
    });
  }
  const postgres = await sql(db.appUrl, async (client) => {
    const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
    return rows[0]!.server_version;
  });
  await cleanUp();
  return { results, postgres };
}

async function main(): Promise<number> {
  const chosen = options();
  if (!chosen) {
    process.stderr.write(USAGE);
    return 2;
  }
  const { results, postgres } = await compareAll(chosen);
  if (chosen.items.includes('walls')) {
    results.push(...(await walls(chosen.scale, chosen.rounds, chosen.seconds, tell)));
  }
  if (chosen.items.includes('W9')) {
    tell('W9 import of complaints ...');
    results.push(...(await importing(chosen.scale, chosen.rounds, tell)));
    await cleanUp();
  }
  if (chosen.items.includes('W10')) {
    tell('W10 verify ...');
    results.push(...(await verify()));
  }
  if (chosen.items.includes('trail')) {
    tell('trail: append and seal ...');
    results.push(...(await trail(chosen.rounds, chosen.seconds)));
    await cleanUp();
  }
  if (chosen.items.includes('start')) {
    tell('start ...');
    results.push(...(await start(5)));
  }
  return report(results, { ...chosen, postgres }, say) ? 0 : 1;
}

let stopped = false;
const stop = (): void => {
  stopped = true;
  void cleanUp().then(() => process.exit(130));
};
process.on('SIGINT', stop);
process.on('SIGTERM', stop);

try {
  process.exitCode = await main();
} catch (error) {
  // Whatever fails after Ctrl-C fails because everything is being ended.
  if (!stopped) process.stderr.write(`${(error as Error).stack ?? String(error)}\n`);
  process.exitCode = 1;
} finally {
  await cleanUp();
}
