import type { Outcome, SimulationOptions, Sums } from './simulation.ts';

/** Bounds the memory of a run, and lets worlds run in parallel. */
const SESSIONS_PER_WORLD = 10_000;
/** The seed of a world has 32 bits: 16 of the run's seed, 16 that count its worlds. */
const WORLDS_MAX = 65_536;
export const RUN_SEED_MAX = 65_535;
export const RUN_SESSIONS_MAX = SESSIONS_PER_WORLD * WORLDS_MAX;

/** The worlds of a run, each with its share of the sessions. Two runs share no seed. */
export function worldsOf(
  runSeed: number,
  sessions: number,
  rest: Omit<SimulationOptions, 'seed' | 'sessions'>,
): readonly SimulationOptions[] {
  const count = Math.max(1, Math.ceil(sessions / SESSIONS_PER_WORLD));
  if (!Number.isInteger(runSeed) || runSeed < 0 || runSeed > RUN_SEED_MAX || count > WORLDS_MAX) {
    throw new RangeError(`a seed is from 0 to ${RUN_SEED_MAX}, for ${WORLDS_MAX} worlds at most`);
  }
  return Array.from({ length: count }, (_, place) => ({
    ...rest,
    seed: runSeed * WORLDS_MAX + place,
    sessions: Math.ceil(sessions / count),
  }));
}

export type WorldResult = Omit<Outcome, 'violation' | 'recent'> & { readonly isViolated: boolean };

const GROUPS = ['counts', 'faults', 'deeds', 'attacks', 'decisions'] as const;

export interface Totals extends Readonly<Record<(typeof GROUPS)[number], Sums>> {
  readonly steps: number;
  readonly violations: number;
  /** Of the worlds' digests, in the order of seeds. */
  readonly digest: string;
}

export function total(outcomes: readonly WorldResult[]): Totals {
  const ordered = outcomes.toSorted((one, other) => one.seed - other.seed);
  let digest = 0x811c9dc5;
  for (const outcome of ordered) {
    digest = Math.imul(digest ^ Number.parseInt(outcome.digest, 16), 0x01000193);
  }
  const sums = GROUPS.map((group) => [group, addAll(ordered.map((each) => each[group]))] as const);
  const groups = Object.fromEntries(sums) as Record<(typeof GROUPS)[number], Sums>;
  return {
    ...groups,
    counts: { worlds: ordered.length, ...groups.counts },
    steps: ordered.reduce((sum, { steps }) => sum + steps, 0),
    violations: ordered.filter(({ isViolated }) => isViolated).length,
    digest: (digest >>> 0).toString(16).padStart(8, '0'),
  };
}

/** Names what never happened: a run that did nothing proves nothing. */
export function missingFrom(of: Pick<Totals, (typeof GROUPS)[number]>): readonly string[] {
  return GROUPS.flatMap((group) => Object.keys(of[group]).filter((name) => of[group][name] === 0));
}

function addAll(each: readonly Sums[]): Sums {
  const sums: Record<string, number> = {};
  for (const [name, count] of each.flatMap((one) => Object.entries(one))) {
    sums[name] = (sums[name] ?? 0) + count;
  }
  return sums;
}
