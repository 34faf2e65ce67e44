import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { assertTotal, HOSTILE_FRAMES } from '../support/hostile-frames.ts';

/**
 * The decoder on arbitrary bytes and on valid frames that were tampered with:
 * `node main.ts --seed N --cases N`. The last line is JSON; before it, after a violation, what
 * was found, in its smallest form, with all that replays it.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    cases: { type: 'string', default: '15000' },
  },
});
const seed = Number(values.seed);
const kinds = Object.entries(HOSTILE_FRAMES);
const cases = Math.ceil(Number(values.cases) / kinds.length);
const outcomes = new Map<string, number>();
let violations = 0;
let tried = 0;
for (const [name, texts] of kinds) {
  const details = fc.check(
    fc.property(texts, (text) => {
      const outcome = assertTotal(text);
      tried += 1;
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }),
    { numRuns: cases, seed },
  );
  if (!details.failed) continue;
  violations += 1;
  process.stdout.write(`${name}: ${fc.defaultReportMessage(details)}\n`);
}
const { malformed = 0, ...others } = Object.fromEntries(outcomes);
const { 'too-large': tooLarge = 0, 'version-unsupported': otherVersion = 0, ...read } = others;
const messages = Object.values(read).reduce((sum, count) => sum + count, 0);
process.stdout.write(
  `${JSON.stringify({
    cases: tried,
    messages,
    types: Object.keys(read).length,
    malformed,
    tooLarge,
    otherVersion,
    violations,
    seed,
  })}\n`,
);
// A fuzz that finds every frame malformed has tried nothing but the first check.
if (violations > 0 || messages === 0 || otherVersion === 0) process.exitCode = 1;
