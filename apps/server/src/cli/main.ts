import { systemClock } from '../node/system-clock.ts';
import { runCli } from './cli.ts';

process.exitCode = await runCli(process.argv.slice(2), process.env, systemClock.wallMs(), (text) =>
  console.log(text),
);
