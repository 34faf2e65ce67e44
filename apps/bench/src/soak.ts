/**
 * `npm run soak -- --minutes N`: the node as it ships, under people who come, talk and go in every
 * way there is. It prints what a person reads; the last line is the result as JSON. It exits with 1
 * and a reason when the node leaks, loses a line, or says what nobody expects.
 */
import { soakCommand } from './soak/command.ts';

process.exitCode = await soakCommand(process.argv.slice(2));
