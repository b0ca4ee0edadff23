import { setTimeout as sleep } from 'node:timers/promises';
import { processorTime } from '../cpu.js';
import { spreadOf, type Measured } from '../report.js';
import { application, residentMb, temporaryDirectory, type Application } from '../stage.js';

const AT_REST_MS = 3000;

/** From the command to the first answer, on a new data directory and on one that exists, and the memory at rest. */
export async function start(rounds: number): Promise<Measured[]> {
  const node = [process.execPath, 'dist/src/main.js'];
  const npm = ['npm', 'start', '--silent'];
  const settings = {
    PLUMBLINE_DATA_DIR: temporaryDirectory('start'),
    PLUMBLINE_DEMO_PASSWORD: 'only for the benchmarks',
  };
  const first = await firstAnswer(settings, node);
  await first.app.stop();

  const direct: number[] = [];
  const throughNpm: number[] = [];
  const memory: number[] = [];
  const processor: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const plain = await firstAnswer(settings, node);
    direct.push(plain.seconds);
    const used = processorTime([plain.app.pid]);
    if (used !== undefined) processor.push(used / 1000);
    await sleep(AT_REST_MS);
    memory.push(residentMb(plain.app.pid));
    await plain.app.stop();
    const started = await firstAnswer(settings, npm);
    throughNpm.push(started.seconds);
    await started.app.stop();
  }
  return [
    {
      item: 'start',
      what: 'node dist/src/main.js, new data',
      unit: 's',
      value: spreadOf([first.seconds]),
      target: 8,
    },
    { item: 'start', what: 'node dist/src/main.js', unit: 's', value: spreadOf(direct), target: 5 },
    { item: 'start', what: 'npm start', unit: 's', value: spreadOf(throughNpm), target: 5 },
    ...(processor.length > 0
      ? [
          {
            item: 'start',
            what: 'processor time until the first answer',
            unit: 's',
            value: spreadOf(processor),
          },
        ]
      : []),
    {
      item: 'start',
      what: 'memory of the application at rest',
      unit: 'MB',
      value: spreadOf(memory),
      target: 200,
    },
  ];
}

async function firstAnswer(
  settings: Record<string, string>,
  command: readonly string[],
): Promise<{ app: Application; seconds: number }> {
  const begun = performance.now();
  const app = await application(settings, command);
  for (;;) {
    const ready = await fetch(`${app.origin}/health/ready`).then(
      (response) => response.ok,
      () => false,
    );
    if (ready) return { app, seconds: (performance.now() - begun) / 1000 };
    await sleep(20);
  }
}
