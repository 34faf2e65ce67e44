/**
 * `npm run bench -- NAME`: runs one benchmark. It may print what a person reads; the last line is
 * its result as JSON.
 */
import { argv, exit } from 'node:process';

type Scenario = () => Promise<Record<string, unknown>> | Record<string, unknown>;

/** Loaded only when asked for: one of them starts browsers, another needs nothing at all. */
const SCENARIOS: Readonly<Record<string, () => Promise<Scenario>>> = {
  evening: async () => (await import('./scenarios/evening.ts')).evening,
  'first-frame': async () => (await import('./scenarios/first-frame.ts')).firstFrame,
  match: async () => (await import('./scenarios/match.ts')).match,
};

const name = argv[2] ?? '';
const load = Object.hasOwn(SCENARIOS, name) ? SCENARIOS[name] : undefined;
if (load === undefined) {
  const known = Object.keys(SCENARIOS).join(', ');
  console.error(
    name === ''
      ? `Which benchmark? There are: ${known}.`
      : `There is no benchmark "${name}". There are: ${known}.`,
  );
  exit(2);
}
const scenario = await load();
console.log(JSON.stringify(await scenario()));
