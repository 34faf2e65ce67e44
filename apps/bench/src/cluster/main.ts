/**
 * `npm run cluster` starts several nodes on loopback, breaks them on purpose, and checks what users
 * saw. The last line of `chaos` and `check` is JSON.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { check } from './chaos/checker.ts';
import { FAULTS } from './chaos/faults.ts';
import { readHistory } from './chaos/history.ts';
import { chaos, judge } from './chaos/run.ts';
import { up } from './up.ts';

const NODES_MAX = 16;

const USAGE = `Usage: npm run cluster -- COMMAND

  up --nodes N               starts N nodes (1 to ${NODES_MAX}) until Ctrl-C
  chaos --fault F            breaks the cluster while users chat, and checks what they saw
      --rounds N --people N --seed N --nodes N --out DIR
      --bug NAME             plants a bug in every node, which the check must find
  check FILE                 checks the history of an earlier run

Faults: ${Object.keys(FAULTS).join(', ')}`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    nodes: { type: 'string', default: '3' },
    fault: { type: 'string', default: '' },
    rounds: { type: 'string', default: '3' },
    people: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    out: { type: 'string', default: 'bench-results/chaos' },
    bug: { type: 'string' },
  },
});
const [command, file] = positionals;
const [nodes, rounds, people, seed] = [values.nodes, values.rounds, values.people, values.seed].map(
  Number,
) as [number, number, number, number];
const areCounts = nodes >= 1 && nodes <= NODES_MAX && rounds >= 1 && people >= 4 && seed >= 1;

if (command === 'up' && areCounts) {
  await up(nodes);
} else if (command === 'chaos' && areCounts && values.fault in FAULTS) {
  const { fault, out, bug = null } = values;
  const options = { fault, nodes, rounds, people, seed, out, bug };
  const verdict = await chaos(options, (text) => console.log(text));
  for (const reason of verdict.reasons) console.error(`It did not hold: ${reason}`);
  console.log(JSON.stringify({ ...verdict, history: join(values.out, 'history.ndjson') }));
  process.exit(verdict.held ? 0 : 1);
} else if (command === 'check' && file !== undefined) {
  const history = readHistory(await readFile(file, 'utf8'));
  const fault = history.find((event) => event.event === 'began')?.fault ?? 'none';
  const verdict = judge(fault, [], check(history));
  console.log(JSON.stringify(verdict));
  process.exitCode = verdict.held ? 0 : 1;
} else {
  console.error(USAGE);
  process.exitCode = 1;
}
