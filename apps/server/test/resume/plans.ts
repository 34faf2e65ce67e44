import type { Cut, CutKind, Direction, TcpConditions } from '@farandole/e2e/faults';
import type { Prng } from '@farandole/kernel/prng';
import { ERRAND_STEPS } from './errand.ts';
import { SPEAKERS } from './faults.ts';
import {
  type ResumeOutcome,
  type ResumeRunOptions,
  runResumes,
  type ScriptName,
} from './resume-run.ts';
import type { Lengths, PlannedCut, ScriptPlan } from './script.ts';

const CUT_KINDS: readonly CutKind[] = ['reset', 'finish', 'vanish', 'stall'];
const DIRECTIONS: readonly Direction[] = ['up', 'down'];

/**
 * Maximum number of cuts per conversation. It stays within each page's limit of lost sockets
 * (`CREDIT_LIMITS.absence`), and leaves time for a line between cuts.
 */
const CUTS_PER_CONVERSATION = 16;

/**
 * Returns a cut at every byte position of connections of these lengths, from 0 on and in both
 * directions. The order is random, so that faults show early.
 * @param waysMax maximum number of ways to cut per position; if there are more ways, they rotate
 */
export function everyCut(
  lengths: Lengths,
  prng: Prng,
  waysMax: number = CUT_KINDS.length,
): readonly Cut[] {
  const cuts = DIRECTIONS.flatMap((direction) =>
    Array.from({ length: lengths[direction] + 1 }, (_, at) => at).flatMap((afterBytes) => {
      const from = (afterBytes * waysMax) % CUT_KINDS.length;
      const kinds = [...CUT_KINDS, ...CUT_KINDS].slice(from, from + waysMax);
      return kinds.map((kind): Cut => ({ direction, afterBytes, kind }));
    }),
  );
  for (let last = cuts.length - 1; last > 0; last--) {
    const other = prng.below(last + 1);
    const [a, b] = [cuts[last], cuts[other]];
    if (a === undefined || b === undefined) continue;
    cuts[last] = b;
    cuts[other] = a;
  }
  return cuts;
}

/**
 * Distributes cuts over conversations. As long as `openings` has cuts, each conversation's first
 * connections get them.
 */
export function* dealCuts(
  resumed: readonly Cut[],
  openings: readonly Cut[],
): Generator<ScriptPlan, void> {
  const opening = openings.values();
  for (let from = 0; from < resumed.length; from += CUTS_PER_CONVERSATION) {
    const cuts = resumed
      .slice(from, from + CUTS_PER_CONVERSATION)
      .map((cut, at): PlannedCut => ({ speaker: at % 2 === 0 ? 'ana' : 'ben', cut }));
    const [ana, ben] = [opening.next().value, opening.next().value];
    yield {
      openings: {
        ...(ana === undefined ? {} : { ana }),
        ...(ben === undefined ? {} : { ben }),
      },
      cuts,
    };
  }
}

const SLOW_CHANCE = 0.1;
const LATENCY_MS_MAX = 20;
/** Minimum bandwidth, at which the data of one connection takes some tens of milliseconds. */
const BYTES_PER_SECOND_MIN = 50_000;

function wayBy(prng: Prng): Omit<TcpConditions, 'cut'> {
  return {
    ...(prng.chance(SLOW_CHANCE) ? { latencyMs: 1 + prng.below(LATENCY_MS_MAX) } : {}),
    ...(prng.chance(SLOW_CHANCE)
      ? { bytesPerSecond: BYTES_PER_SECOND_MIN + prng.below(BYTES_PER_SECOND_MIN) }
      : {}),
    ...(prng.chance(SLOW_CHANCE) ? { holdsFin: true } : {}),
  };
}

const CUTS_OF: Readonly<Record<ScriptName, number>> = {
  talk: CUTS_PER_CONVERSATION,
  errands: ERRAND_STEPS,
};

export function* randomPlans(
  prng: Prng,
  lengths: { readonly opening: Lengths; readonly resumed: Lengths },
  cycles: number,
  script: ScriptName = 'talk',
): Generator<ScriptPlan, void> {
  const cutIn = (within: Lengths): Cut => {
    const direction = prng.pick(DIRECTIONS);
    const afterBytes = prng.below(within[direction] + 1);
    return { direction, afterBytes, kind: prng.pick(CUT_KINDS) };
  };
  for (let left = cycles; left > 0; left -= CUTS_OF[script]) {
    const cuts = Array.from({ length: Math.min(left, CUTS_OF[script]) }, (): PlannedCut => {
      const speaker = prng.pick(SPEAKERS);
      return { speaker, cut: cutIn(lengths.resumed), way: wayBy(prng) };
    });
    const openings = prng.chance(0.5)
      ? { ana: cutIn(lengths.opening), ben: cutIn(lengths.opening) }
      : {};
    yield { openings, cuts };
  }
}

const UNCUT: ScriptPlan = {
  openings: {},
  cuts: Array.from({ length: ERRAND_STEPS }, (_, at): PlannedCut => {
    const speaker = at % 2 === 0 ? 'ana' : 'ben';
    const cut: Cut = { direction: 'up', afterBytes: Number.MAX_SAFE_INTEGER, kind: 'reset' };
    return { speaker, cut };
  }),
};

/**
 * Runs a conversation without cuts to measure the lengths of its connections. The outcome also
 * shows whether the run had a fault.
 */
export async function measure(
  settings: Pick<ResumeRunOptions, 'seed' | 'patienceMs' | 'script'>,
): Promise<ResumeOutcome> {
  const plans = [UNCUT].values();
  return await runResumes({ ...settings, parallel: 1, stopsAtFault: true, plans });
}
