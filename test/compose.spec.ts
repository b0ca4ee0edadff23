import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';

interface Service {
  image: string;
  command?: string[];
  environment?: Record<string, string>;
  volumes?: string[];
  networks?: string[];
  read_only?: boolean;
  logging?: { driver: string; options: Record<string, string> };
}

const servicesOf = (file: string): Record<string, Service> =>
  parse(readFileSync(file, 'utf8'), { merge: true }).services;

const { postgres, ...ours } = { ...servicesOf('docker/compose.yml'), ...servicesOf('docker/witness.yml') };
const sources = ['src/config.ts', 'src/cli.ts', 'src/trail-commands.ts', 'src/witness/witness-command.ts']
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n');

describe('the containers', () => {
  it.each(Object.entries(ours))(
    '%s runs a program that exists, with options and settings it knows',
    (_, one) => {
      const [, program = 'dist/src/main.js', ...args] = one.command ?? [];
      expect(existsSync(program.replace(/^dist\/(.*)\.js$/, '$1.ts'))).toBe(true);
      for (const option of args.filter((arg) => arg.startsWith('--')))
        expect(sources).toMatch(new RegExp(`'${option} <`));
      for (const name of Object.keys(one.environment ?? {})) expect(sources).toContain(`'${name}'`);
      expect(one.read_only).toBe(true);
    },
  );

  it('share no login, and no folder but the policy', () => {
    const logins = Object.values(ours).flatMap(({ environment }) => environment?.['DATABASE_URL'] ?? []);
    expect(logins).toHaveLength(3);
    expect(new Set(logins).size).toBe(3);
    const folders = Object.values(ours).flatMap(({ volumes = [] }) => volumes);
    const shared = folders.filter((folder, i) => folders.indexOf(folder) !== i);
    expect(shared).toEqual(['./policy:/etc/plumbline:ro']);
  });

  it('can send their lines to another machine', () => {
    const elsewhere = servicesOf('docker/logs-elsewhere.yml');
    expect(Object.keys(elsewhere)).toEqual(Object.keys(servicesOf('docker/compose.yml')));
    for (const { logging } of Object.values(elsewhere)) {
      expect(logging).toMatchObject({ driver: 'syslog', options: { mode: 'non-blocking' } });
      expect(logging!.options['syslog-address']).toMatch(/^\$\{PLUMBLINE_SYSLOG:\?/);
    }
  });

  it('keep the witness from the database, and the administrator’s password with who migrates', () => {
    expect(ours['witness']!.environment).toBeUndefined();
    expect(ours['witness']!.networks).toBeUndefined();
    expect(postgres!.networks).toEqual(['database']);
    const knows = Object.entries(ours).filter(([, one]) => JSON.stringify(one).includes('ADMIN_PASSWORD'));
    expect(knows.map(([name]) => name)).toEqual(['migrate']);
  });
});
