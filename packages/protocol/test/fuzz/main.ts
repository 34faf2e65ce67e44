import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { assertTotal, CLIENT_FIXTURES, HOSTILE_FRAMES } from '../support/hostile-frames.ts';

/**
 * Fuzzes the decoder with arbitrary bytes and mutated frames: `node main.ts --seed N --cases N`.
 * Prints each violation in its smallest form with the data to replay it, and the message types
 * that were never decoded. The last line is JSON.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    cases: { type: 'string', default: '15000' },
  },
});
/** A run of at least this many cases must decode each message type at least once. */
const READS_ALL_CASES = 100_000;

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
const unread = CLIENT_FIXTURES.map(({ type }) => type).filter((type) => !(type in read));
if (unread.length > 0) process.stdout.write(`Never read: ${unread.join(', ')}\n`);
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
// If every frame is malformed, the fuzzer has tested only the decoder's first check.
const isAllRead = unread.length === 0 || tried < READS_ALL_CASES;
if (violations > 0 || messages === 0 || otherVersion === 0 || !isAllRead) process.exitCode = 1;
