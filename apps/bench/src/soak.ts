/**
 * `npm run soak -- --minutes N [--runtime bun] [--sockets N]` runs the shipped node under a crowd.
 * The last line is JSON.
 * Exits with 1 and a reason when the node leaks, loses a line, or logs something unexpected.
 */
import { soakCommand } from './soak/command.ts';

process.exitCode = await soakCommand(process.argv.slice(2));
