import { Command } from 'commander';
import { addTrailCommands } from './trail-commands.js';
import { addWitnessCommand } from './witness/witness-command.js';

/** Sealer and witness alone: as processes of their own they need nothing of the application in memory. */
const program = new Command('plumbline-trail');
addTrailCommands(program);
addWitnessCommand(program);
await program.parseAsync();
