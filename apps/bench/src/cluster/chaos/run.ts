import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createPrng } from '@farandole/kernel/prng';
import { type Cluster, startCluster } from '../cluster.ts';
import { type Checked, check, LIMITS, type Rule } from './checker.ts';
import { ChaosCrowd } from './crowd.ts';
import { LINKED_TO } from './cut-faults.ts';
import { type Bite, FAULTS, type Fault, SETTINGS_FOR, WITH_SENTINEL } from './faults.ts';
import { History } from './history.ts';
import { loading } from './loaded-modules.ts';
import { watchMachine } from './machine-watch.ts';
import { Moderator } from './store-reading.ts';

export interface ChaosOptions {
  readonly fault: string;
  readonly rounds: number;
  readonly people: number;
  readonly seed: number;
  readonly nodes: number;
  readonly out: string;
  /** Name of a bug that is planted in every node, or null. */
  readonly bug: string | null;
}

/** Time in ms in which calls begin before a round's fault. */
const BEFORE_MS = 6_000;
/** Additional time for timers of a busy machine. */
const SETTLE_SLACK_MS = 500;

export interface Verdict {
  readonly fault: string;
  readonly held: boolean;
  readonly bites: readonly Bite[];
  readonly checked: Summary;
  readonly reasons: readonly string[];
}

interface Summary extends Omit<Checked, 'violations' | 'freedMs' | 'interruptedMs'> {
  readonly violations: Readonly<Partial<Record<Rule, number>>>;
  readonly freedMs: Spread;
  readonly interruptedMs: Spread;
}

interface Spread {
  readonly count: number;
  readonly median: number | null;
  readonly p999: number | null;
  readonly max: number | null;
}

const REASONS_SHOWN = 12;

/** Runs a fault against real nodes while users chat, and checks what the users saw. */
export async function chaos(options: ChaosOptions, say: (text: string) => void): Promise<Verdict> {
  const fault = FAULTS[options.fault];
  if (fault === undefined) throw new Error(`There is no fault ${options.fault}.`);
  say(`Starting ${options.nodes} nodes.`);
  const cluster = await startCluster({
    nodes: options.nodes,
    hasRelay: false,
    hasSentinel: WITH_SENTINEL.has(options.fault),
    linkedTo: LINKED_TO[options.fault],
    // The users of this process share its CPU, so their proofs of work are short.
    env: {
      FARANDOLE_PROOF_MS: '1',
      ...SETTINGS_FOR[options.fault],
      ...(options.bug === null ? {} : { ...loading('plant-in-node'), CHAOS_BUG: options.bug }),
    },
  });
  try {
    return await Promise.race([runRounds(cluster, fault, options, say), interruption()]);
  } finally {
    await cluster.stop();
  }
}

/** Rejects at a signal, so that everything that runs is stopped first. */
function interruption(): Promise<never> {
  return new Promise((_, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.once(signal, () => reject(new Error(`Interrupted by ${signal}.`)));
    }
  });
}

async function runRounds(
  cluster: Cluster,
  fault: Fault,
  options: ChaosOptions,
  say: (text: string) => void,
): Promise<Verdict> {
  const history = new History();
  const { seed, people } = options;
  history.note({ event: 'began', fault: options.fault, seed, people });
  const crowd = new ChaosCrowd(cluster, history, createPrng(seed), people);
  crowd.start();
  const stopWatching = watchMachine(cluster, history);
  const bites: Bite[] = [];
  const moderator = await Moderator.add(cluster, history);
  for (let round = 1; round <= options.rounds; round++) {
    await delay(BEFORE_MS);
    history.note({ event: 'fault', round, target: options.fault });
    const suspended = moderator.suspendSomebody();
    const bite = await fault({ cluster, crowd, round });
    history.note({ event: 'healed', round });
    bites.push(bite);
    await delay(LIMITS.matchedMs + SETTLE_SLACK_MS);
    await suspended;
    history.note({ event: 'settled', round });
    const calls = crowd.calls.length;
    say(`Round ${round}: ${bite.target}, ${bite.bitten} bitten, ${calls} calls now.`);
  }
  crowd.stop();
  stopWatching();
  await moderator.readStore();
  await mkdir(options.out, { recursive: true });
  await writeFile(join(options.out, 'history.ndjson'), history.toText());
  for (const node of cluster.nodes) {
    await writeFile(join(options.out, `${node.name}.log`), node.output);
  }
  return judge(options.fault, bites, check(history.events));
}

export function judge(fault: string, bites: readonly Bite[], checked: Checked): Verdict {
  const blunt = bites.filter(({ bitten }) => bitten === 0);
  const violations: Partial<Record<Rule, number>> = {};
  for (const { rule } of checked.violations) violations[rule] = (violations[rule] ?? 0) + 1;
  const reasons = [
    ...blunt.map(({ target }) => `the fault did not bite: ${target}`),
    ...checked.violations.map(({ at, rule, text }) => `${Math.round(at)} ms, ${rule}: ${text}`),
  ];
  const { calls, crossing, lines, reports, blocks, suspended, machineLateShare } = checked;
  return {
    fault,
    held: reasons.length === 0,
    bites,
    checked: {
      ...{ calls, crossing, lines, reports, blocks, suspended, machineLateShare, violations },
      freedMs: spreadOf(checked.freedMs),
      interruptedMs: spreadOf(checked.interruptedMs),
    },
    reasons: reasons.slice(0, REASONS_SHOWN),
  };
}

function spreadOf(ascending: readonly number[]): Spread {
  const at = (share: number): number | null => {
    const index = Math.min(ascending.length - 1, Math.floor(share * ascending.length));
    const value = ascending[index];
    return value === undefined ? null : Math.round(value);
  };
  return { count: ascending.length, median: at(0.5), p999: at(0.999), max: at(1) };
}
