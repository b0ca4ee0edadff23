import { Command } from 'commander';
import { addTrailCommands } from './trail-commands.js';

// The same as `plumbline sealer`, without the application around it: it starts faster, and has less to be attacked.
const program = new Command('plumbline');
addTrailCommands(program);
await program.parseAsync(['sealer', ...process.argv.slice(2)], { from: 'user' });
