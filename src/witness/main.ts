import { Command } from 'commander';
import { addWitnessCommand } from './witness-command.js';

// The same as `plumbline witness`, without the application around it: for a machine that has nothing else.
const program = new Command('plumbline');
addWitnessCommand(program);
await program.parseAsync(['witness', ...process.argv.slice(2)], { from: 'user' });
