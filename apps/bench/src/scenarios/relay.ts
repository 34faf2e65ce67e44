import { barChart, writeChart } from '../chart.ts';
import { kindOf, noSamples, samplesOf, warmUpRounds, withCompared } from '../load/contender.ts';
import { type GeneratorLoad, generatorInWords, worstOf } from '../load/generator.ts';
import type { Said } from '../load/load-client.ts';
import { cpuMicrosecondsOf } from '../load/process-figures.ts';
import type { BenchOptions } from '../options.ts';
import { type Comparison, compare, inLines } from '../result.ts';

/**
 * Each client sends slightly fewer chat lines and typing messages than the node's long-term rate
 * limits allow.
 */
const TALK_EVERY_MS = 520;
const ROUND_MS = 1_500;
/** The first rounds aren't representative, because V8 compiles on other threads. */
const WARM_UP_ROUNDS = 2;
/** Bounds of a line and of typing as ratios to the floor `bare-ws`. */
const AT_MOST: Readonly<Record<Said, number>> = { chat: 1, typing: 0.7 };
/** Number of clients that get a message. Each server sends a chat line to its sender too. */
const DELIVERIES: Readonly<Record<Said, number>> = { chat: 2, typing: 1 };

/**
 * Measures µs of CPU per relayed message. All connections are in calls, and all compared servers
 * get the same even pace. A message `typing` is only forwarded. A message `chat` is written to both
 * users; our server also tags it and keeps it until it is acknowledged. With `--server DIR`, the server of another checkout
 * takes the place of the baselines.
 */
export async function relay({
  rounds,
  connections,
  server,
}: BenchOptions): Promise<Record<string, unknown>> {
  const count = evenAtLeastTwo(connections ?? 1_000);
  const roundsRun = rounds ?? 5;
  const samples = { chat: noSamples(), typing: noSamples() };
  const loads: GeneratorLoad[] = [];
  await withCompared(server, async (fleet, contenders) => {
    for (const { name, port } of contenders) {
      await fleet.add(name, kindOf(name), port, count);
      await fleet.order(name, { do: 'open' });
      await fleet.order(name, { do: 'pair' });
    }
    for (let round = -warmUpRounds(server, WARM_UP_ROUNDS); round < roundsRun; round++) {
      for (const { name, pid } of turnsOf(contenders, round)) {
        for (const said of ['chat', 'typing'] as const) {
          const before = cpuMicrosecondsOf(pid);
          const tally = await fleet.order(name, {
            do: 'talk',
            said,
            everyMs: TALK_EVERY_MS,
            durationMs: ROUND_MS,
          });
          const spent = cpuMicrosecondsOf(pid) - before;
          const expected = tally.sent * DELIVERIES[said];
          if (tally.lost > 0 || tally.delivered !== expected) {
            throw new Error(
              `${name}: ${tally.lost} clients lost, ${tally.delivered} of ${expected} delivered`,
            );
          }
          if (round < 0) continue;
          samples[said][name].push(spent / tally.sent);
          loads.push(tally.generator);
        }
      }
    }
  });
  const unit = 'µs of CPU a relayed message';
  const compared = (said: Said): Comparison =>
    compare(unit, samplesOf(samples[said], server), { 'bare-ws': AT_MOST[said] });
  const [chat, typing] = [compared('chat'), compared('typing')];
  console.log(inLines('relay: chat, to both sides', chat).join('\n'));
  console.log(inLines('relay: typing, passed on', typing).join('\n'));
  const generator = worstOf(loads);
  console.log(`    ${generatorInWords(generator)}`);
  const picture = await writeChart('relay', barChart('A relayed line of chat', chat));
  return {
    scenario: 'relay',
    rounds: roundsRun,
    connections: count,
    ...chat,
    typing,
    generator,
    picture,
  };
}

export function turnsOf<Item>(items: readonly Item[], round: number): readonly Item[] {
  const start = Math.max(0, round) % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}

export function evenAtLeastTwo(count: number): number {
  // The number of connections is even because users come in pairs. At least two pairs are needed
  // because there are two load processes.
  return Math.max(2, 2 * Math.ceil(count / 2));
}
