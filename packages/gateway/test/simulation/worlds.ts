import type { Outcome, SimulationOptions } from './simulation.ts';

/**
 * So many sessions are one world, with a seed of its own: what it remembers ends with it, so that
 * a run takes as much memory as one world, and worlds can be shared out.
 */
const SESSIONS_PER_WORLD = 10_000;
/** Seeds of worlds are 32 bits: one half is the run's, the other counts its worlds. */
const WORLDS_MAX = 65_536;
export const RUN_SEED_MAX = 65_535;
export const RUN_SESSIONS_MAX = SESSIONS_PER_WORLD * WORLDS_MAX;

/** The worlds of a run, each with its share of the sessions. The seeds of two runs never meet. */
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

/** What one world came to, as a worker tells it. */
export type Told = Omit<Outcome, 'violation' | 'recent'> & { readonly isViolated: boolean };

type Sums = Readonly<Record<string, number>>;

/** What several worlds came to. */
export interface Totals {
  readonly sessions: number;
  readonly matches: number;
  readonly steps: number;
  readonly violations: number;
  readonly counts: Sums;
  readonly faults: Sums;
  readonly deeds: Sums;
  readonly attacks: Sums;
  readonly decisions: Sums;
  /** Of all their digests, in the order of their seeds. */
  readonly digest: string;
}

export function total(outcomes: readonly Told[]): Totals {
  const ordered = [...outcomes].sort((one, other) => one.seed - other.seed);
  let digest = 0x811c9dc5;
  for (const outcome of ordered) {
    digest = Math.imul(digest ^ Number.parseInt(outcome.digest, 16), 0x01000193);
  }
  const sumOf = (of: (outcome: Told) => number): number =>
    ordered.reduce((sum, outcome) => sum + of(outcome), 0);
  return {
    sessions: sumOf(({ sessions }) => sessions),
    matches: sumOf(({ matches }) => matches),
    steps: sumOf(({ steps }) => steps),
    violations: sumOf(({ isViolated }) => (isViolated ? 1 : 0)),
    counts: {
      worlds: ordered.length,
      resumes: sumOf(({ resumes }) => resumes),
      overtakings: sumOf(({ overtakings }) => overtakings),
      lines: sumOf(({ lines }) => lines),
      reports: sumOf(({ reports }) => reports),
      restored: sumOf(({ restored }) => restored),
      rejoined: sumOf(({ rejoined }) => rejoined),
      turned: sumOf(({ turned }) => turned),
      shownOut: sumOf(({ shownOut }) => shownOut),
      turnedAway: sumOf(({ turnedAway }) => turnedAway),
      keptToText: sumOf(({ keptToText }) => keptToText),
      letGo: sumOf(({ letGo }) => letGo),
      waitingAtRest: sumOf(({ atRest }) => atRest.waiting),
      restartsInJump: sumOf(({ restartsInJump }) => restartsInJump),
      callsAtRest: sumOf(({ atRest }) => atRest.calls),
      wholeAtRest: sumOf(({ atRest }) => atRest.whole),
      simulatedMs: sumOf(({ simulatedMs }) => simulatedMs),
    },
    faults: addAll(ordered.map(({ faults }) => faults)),
    deeds: addAll(ordered.map(({ deeds }) => ({ ...deeds }))),
    attacks: addAll(ordered.map(({ attacks }) => attacks)),
    decisions: addAll(ordered.map(({ decisions }) => decisions)),
    digest: (digest >>> 0).toString(16).padStart(8, '0'),
  };
}

/** What never happened: a run that did nothing has shown nothing. */
export function missingFrom(totals: Totals): readonly string[] {
  const { counts, faults, deeds, attacks, decisions } = totals;
  return [counts, faults, deeds, attacks, decisions].flatMap((sums) =>
    Object.keys(sums).filter((name) => sums[name] === 0),
  );
}

function addAll(each: readonly Sums[]): Sums {
  const sums: Record<string, number> = {};
  for (const one of each) {
    for (const [name, count] of Object.entries(one)) sums[name] = (sums[name] ?? 0) + count;
  }
  return sums;
}
