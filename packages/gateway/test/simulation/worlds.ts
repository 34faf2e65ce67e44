import type { Outcome, SimulationOptions, Sums } from './simulation.ts';

/**
 * Maximum number of sessions per world. Limits the memory of a run, and lets worlds run in
 * parallel.
 */
const SESSIONS_PER_WORLD = 10_000;
/**
 * A world's seed has 32 bits: the upper 16 are the run's seed, and the lower 16 are the number
 * of the world.
 */
const WORLDS_MAX = 65_536;
export const RUN_SEED_MAX = 65_535;
export const RUN_SESSIONS_MAX = SESSIONS_PER_WORLD * WORLDS_MAX;

/** Divides a run's sessions among worlds. Two runs never share a world's seed. */
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

/** Returns part `K/N` of a run's worlds. The N parts together are the whole run. */
export function partOf(
  worlds: readonly SimulationOptions[],
  part: string,
): readonly SimulationOptions[] {
  const [which = 0, of = 0] = part.split('/').map(Number);
  if (!(Number.isInteger(which) && Number.isInteger(of) && which >= 1 && which <= of)) {
    throw new RangeError('a part is K/N, with K from 1 to N');
  }
  return worlds.filter((_, place) => place % of === which - 1);
}

export type WorldResult = Omit<Outcome, 'violation' | 'recent'> & { readonly isViolated: boolean };

const GROUPS = ['counts', 'faults', 'deeds', 'attacks', 'decisions'] as const;

export interface Totals extends Readonly<Record<(typeof GROUPS)[number], Sums>> {
  readonly steps: number;
  readonly violations: number;
  /** Hash over the hashes of all worlds, in the order of the worlds' seeds. */
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

/**
 * Returns the kinds of events that never happened, because a run without them proves nothing
 * about them.
 */
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
