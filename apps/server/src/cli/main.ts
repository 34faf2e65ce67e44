import { systemClock } from '../node/system-clock.ts';
import { runCli } from './cli.ts';
import { exitWith } from './exit-code.ts';

const { stderr } = process;

exitWith(
  runCli(
    process.argv.slice(2),
    process.env,
    systemClock.wallMs(),
    (text) => console.log(text),
    // Progress is shown only on a terminal, where each text replaces the one before.
    stderr.isTTY ? (text) => stderr.write(`\r\u001b[K${text}`) : undefined,
  ),
);
