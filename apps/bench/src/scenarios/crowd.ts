import { barChart, writeChart } from '../chart.ts';
import { startContender } from '../load/contender.ts';
import type { ContenderName } from '../load/load-crew.ts';
import { LoadFleet } from '../load/load-fleet.ts';
import { Participant } from '../load/participant.ts';
import { cpuMicrosecondsOf } from '../load/process-cost.ts';
import type { BenchOptions } from '../options.ts';
import { compare, inFigures, inLines } from '../result.ts';
import { median } from '../statistics.ts';
import { evenAtLeastTwo, turnsOf } from './relay.ts';

/** Two people who came before the crowd, and who talk while it comes. */
const CANARY_EVERY_MS = 520;
const CANARIES = ['127.200.0.1', '127.200.1.1'] as const;
const NAMES: readonly ContenderName[] = ['ours', 'bare-ws'];

/**
 * A crowd comes through the whole door as fast as it can, and all of it is matched: µs of CPU a
 * person, how long the whole took, and how long a line of two people took who were there before.
 * The floor's crowd connects and is paired.
 */
export async function crowd({
  rounds,
  connections,
}: BenchOptions): Promise<Record<string, unknown>> {
  const count = evenAtLeastTwo(connections ?? 2_000);
  const roundsRun = rounds ?? 1;
  const cost: Record<'ours' | 'bare-ws', number[]> = { ours: [], 'bare-ws': [] };
  const allMatchedMs: number[] = [];
  const canaryMs: number[] = [];
  let matched = 0;
  for (let round = 0; round < roundsRun; round++) {
    for (const name of turnsOf(NAMES, round)) {
      const fleet = new LoadFleet();
      const contender = await startContender(name);
      try {
        const canary = name === 'ours' ? await Canary.start(contender.port) : null;
        const before = cpuMicrosecondsOf(contender.pid);
        await fleet.add('crowd', name, contender.port, count);
        // Rejects if one of them is refused; resolves once each of them has somebody.
        const tally = await fleet.order('crowd', { do: 'arrive' });
        const spent = cpuMicrosecondsOf(contender.pid) - before;
        if (tally.lost > 0) throw new Error(`${name}: ${tally.lost} clients lost`);
        cost[name === 'ours' ? 'ours' : 'bare-ws'].push(spent / count);
        if (canary !== null) {
          matched = tally.done;
          allMatchedMs.push(tally.elapsedMs);
          canaryMs.push(...(await canary.stop()));
        }
      } finally {
        await fleet.stop();
        await contender.stop();
      }
    }
  }
  const comparison = compare('µs of CPU a person, the whole door', cost);
  const canary = {
    lines: canaryMs.length,
    medianMs: median(canaryMs),
    p99Ms: quantile(canaryMs, 0.99),
  };
  console.log(inLines(`crowd: ${count} people at once`, comparison).join('\n'));
  console.log(
    `    all ${matched} matched in ${inFigures(median(allMatchedMs))} ms; a line of two who were ` +
      `there before: median ${inFigures(canary.medianMs)} ms, p99 ${inFigures(canary.p99Ms)} ms (${canary.lines} lines)`,
  );
  const picture = await writeChart('crowd', barChart(`${count} people at once`, comparison));
  return {
    scenario: 'crowd',
    rounds: roundsRun,
    connections: count,
    matched,
    allMatchedMs: median(allMatchedMs),
    canary,
    ...comparison,
    picture,
  };
}

/** Two people in a call who say a line in turn, and how long each line took to the other. */
class Canary {
  readonly #people: readonly Participant[];
  readonly #timer: NodeJS.Timeout;
  readonly #latenciesMs: number[] = [];
  #saidAtMs = 0;

  static async start(port: number): Promise<Canary> {
    const people = CANARIES.map((from) => new Participant(port, from));
    for (const person of people) {
      await person.prepare();
      await person.open();
    }
    await Promise.all(people.map((person) => person.pair()));
    return new Canary(people);
  }

  private constructor(people: readonly Participant[]) {
    this.#people = people;
    const [speaker, hearer] = people;
    if (hearer !== undefined) {
      hearer.onDelivered = () => this.#latenciesMs.push(performance.now() - this.#saidAtMs);
    }
    const say = (): void => {
      const nowMs = performance.now();
      for (const person of people) person.tick(nowMs);
      this.#saidAtMs = nowMs;
      speaker?.say('chat');
    };
    say();
    this.#timer = setInterval(say, CANARY_EVERY_MS);
  }

  /** Latencies of the lines that came. */
  async stop(): Promise<readonly number[]> {
    clearInterval(this.#timer);
    await Promise.all(this.#people.map((person) => person.leave()));
    return this.#latenciesMs;
  }
}

/** The smallest sample that at least such a part of them does not exceed. NaN when there is none. */
function quantile(samples: readonly number[], part: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN;
}
