import { barChart, writeChart } from '../chart.ts';
import {
  kindOf,
  NO_PROOF,
  noSamples,
  PEER,
  samplesOf,
  warmUpRounds,
  withCompared,
} from '../load/contender.ts';
import { type GeneratorLoad, generatorInWords, worstOf } from '../load/generator.ts';
import type { ClientKind } from '../load/load-order.ts';
import { cpuMicrosecondsOf, residentKibOf } from '../load/process-figures.ts';
import type { BenchOptions } from '../options.ts';
import { type Comparison, compare, inLines } from '../result.ts';
import { evenAtLeastTwo, turnsOf } from './relay.ts';

const PEOPLE = 600;
const TALK_EVERY_MS = 520;
const ROUND_MS = 1_500;
/** The first rounds aren't representative, because V8 compiles on other threads. */
const WARM_UP_ROUNDS = 2;
const NAMES: readonly ClientKind[] = [
  'ours',
  'socket-io',
  ...(PEER === null ? [] : ['peer' as const]),
];
/** Bounds of the ratios to the peer. */
const AT_MOST = { line: 0.7, visit: 1, resident: 1 } as const;

type What = keyof typeof AT_MOST;

const UNITS: Readonly<Record<What, string>> = {
  line: 'µs of CPU a line to both',
  visit: 'µs of CPU a visit',
  resident: 'MiB as it stands',
};

/**
 * Compares the node with a relay on socket.io, which pairs and forwards as most open servers of this
 * kind do: a chat line, a whole visit, and the resident memory while the users talk. The relay
 * checks no one, stores nothing and moderates nothing. If FARANDOLE_PEERS names a folder with
 * another open server, this server takes turns with both.
 */
export async function peers({
  rounds,
  connections,
  server,
}: BenchOptions): Promise<Record<string, unknown>> {
  const count = evenAtLeastTwo(connections ?? PEOPLE);
  const roundsRun = rounds ?? 4;
  const samples = { line: noSamples(), visit: noSamples(), resident: noSamples() };
  const loads: GeneratorLoad[] = [];
  await withCompared(
    server,
    async (fleet, contenders) => {
      for (const { name, port } of contenders) {
        await fleet.add(`talkers of ${name}`, kindOf(name), port, count);
        await fleet.order(`talkers of ${name}`, { do: 'open' });
        await fleet.order(`talkers of ${name}`, { do: 'pair' });
      }
      for (let round = -warmUpRounds(server, WARM_UP_ROUNDS); round < roundsRun; round++) {
        for (const { name, pid, port } of turnsOf(contenders, round)) {
          let before = cpuMicrosecondsOf(pid);
          const talk = await fleet.order(`talkers of ${name}`, {
            ...{ do: 'talk', said: 'chat', everyMs: TALK_EVERY_MS, durationMs: ROUND_MS },
          });
          const line = (cpuMicrosecondsOf(pid) - before) / talk.sent;
          const due = (name === 'peer' && PEER?.echoes === false ? 1 : 2) * talk.sent;
          if (talk.lost > 0 || talk.delivered !== due) {
            throw new Error(`${name}: ${talk.delivered} of ${due} delivered`);
          }
          await fleet.add(`visitors of ${name}`, kindOf(name), port, count / 2);
          before = cpuMicrosecondsOf(pid);
          const churn = await fleet.order(`visitors of ${name}`, { do: 'churn' });
          const visit = (cpuMicrosecondsOf(pid) - before) / churn.done;
          if (round < 0) continue;
          samples.line[name].push(line);
          samples.visit[name].push(visit);
          samples.resident[name].push(residentKibOf(pid) / 1_024);
          loads.push(talk.generator, churn.generator);
        }
      }
    },
    NAMES,
    // A peer asks for no proof of work.
    NO_PROOF,
  );
  const compared = (what: What): Comparison =>
    compare(UNITS[what], samplesOf(samples[what], server, NAMES), { 'socket-io': AT_MOST[what] });
  const [line, visit, resident] = [compared('line'), compared('visit'), compared('resident')];
  console.log(inLines('peers: a chat line', line).join('\n'));
  console.log(inLines('peers: a whole visit', visit).join('\n'));
  console.log(inLines('peers: resident memory', resident).join('\n'));
  const generator = worstOf(loads);
  console.log(`    ${generatorInWords(generator)}`);
  const picture = await writeChart('peers', barChart('A chat line', line));
  return {
    scenario: 'peers',
    rounds: roundsRun,
    connections: count,
    ...line,
    visit,
    resident,
    generator,
    picture,
  };
}
