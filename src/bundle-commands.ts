import type { Command } from 'commander';
import { UNREADABLE } from './cli-failure.js';
import { withApplication } from './with-application.js';

/** The bundle of a case: how it is made, and how it is verified. */
export function addBundleCommands(program: Command): void {
  program
    .command('export')
    .description(
      'write the bundle by which an outsider can verify the history of a case; as the system, without names of reporters',
    )
    .argument('<case>', 'reference or id')
    .requiredOption('--bundle', 'the only kind that is offered here')
    .requiredOption('--out <file>', 'file to write; it must not exist')
    .option('--purpose <text>', 'who gets it and what for', 'Made on the command line')
    .option('--recipient <age1…>', 'encrypt it to this age recipient')
    .action(async (name: string, options: { out: string; purpose: string; recipient?: string }) => {
      const { exportBundle } = await import('./exports/bundle-command.js');
      await withApplication((app) => exportBundle(app, name, options));
      process.stdout.write(
        `Wrote ${options.out}. Check it: plumbline verify-bundle ${options.out} --policy <policy file>\n`,
      );
    });

  program
    .command('verify-bundle')
    .description(
      'verify a case bundle against a policy; exits 0 valid, 1 not valid, 2 valid with limits, 3 unreadable',
    )
    .argument('<file>', 'bundle (.zip, or .zip.age with --identity)')
    .requiredOption('--policy <file>', 'the policy that you were given by another way')
    .option('--identity <file>', 'age identity to decrypt it with')
    .option('--json', 'print the report as JSON', false)
    .action(async (file: string, options: { policy: string; identity?: string; json: boolean }) => {
      const { inWords: words, verifyBundle } = await import('./verifier/verify.mjs');
      const { readBundle } = await import('./exports/bundle-command.js');
      const read = await readBundle(file, options.policy, options.identity);
      if (typeof read === 'string') {
        process.stderr.write(`${read}\n`);
        process.exitCode = UNREADABLE;
        return;
      }
      const report = await verifyBundle(read.bundle, read.policy);
      process.stdout.write(`${options.json ? JSON.stringify(report, null, 2) : words(report)}\n`);
      process.exitCode = report.exit;
    });
}
