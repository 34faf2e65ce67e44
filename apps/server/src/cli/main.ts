import { systemClock } from '../node/system-clock.ts';
import { runCli } from './cli.ts';
import { exitWith } from './exit-code.ts';

const { stderr } = process;
const [command, ...rest] = process.argv.slice(2);

if (command === 'serve') {
  // The server is imported only here, so that other commands start fast.
  const { serve } = await import('../serve.ts');
  // Only a terminal gets the sign-in link of the first member. A log never contains it.
  await serve(rest, { command: 'farandole serve', greets: process.stdout.isTTY });
} else {
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
}
