import type { Prng } from '@farandole/kernel/prng';
import type { JudgedReport } from '../reports/verdict.ts';
import { firstTrust, type ReporterRecord, type Trust, type WeighedReport } from '../trust/trust.ts';
import type { Assumptions } from './assumptions.ts';

export type Kind = 'honest' | 'misread' | 'troll' | 'harmful';

/** A simulated report as its case stores it. */
export interface SimReport extends WeighedReport, JudgedReport {
  readonly by: SimPerson;
}

/** One identity: a banned user who returns is a new one with the same character. */
export interface SimPerson {
  readonly kind: Kind;
  readonly activity: number;
  readonly harmRate: number;
  sessions: number;
  trust: Trust;
  reporter: ReporterRecord;
  /** The open case's unreviewed reports, and whether it has caused a suspension. */
  open: SimReport[];
  wasHeld: boolean;
  /** All reporters ever, for the policy that counts heads. */
  readonly reporters: Set<SimPerson>;
  heldUntilMs: number;
  banned: boolean;
}

export function newcomer(world: Assumptions, prng: Prng, nowMs: number): SimPerson {
  const kind = kindOf(world, prng);
  const linked = kind !== 'harmful' && prng.chance(world.newcomersWronglyLinked);
  return arrive({
    kind,
    activity: between(world.activityRate, prng),
    harmRate: kind === 'harmful' ? between(world.harmRate, prng) : world.honestHarmRate,
    linked,
    nowMs,
  });
}

/** The same character under a new identity, which may be recognized. */
export function comeBack(
  world: Assumptions,
  prng: Prng,
  before: SimPerson,
  nowMs: number,
): SimPerson {
  const { kind, activity, harmRate } = before;
  return arrive({ kind, activity, harmRate, linked: prng.chance(world.returnsLinked), nowMs });
}

function arrive(from: {
  readonly kind: Kind;
  readonly activity: number;
  readonly harmRate: number;
  readonly linked: boolean;
  readonly nowMs: number;
}): SimPerson {
  return {
    kind: from.kind,
    activity: from.activity,
    harmRate: from.harmRate,
    sessions: 0,
    trust: firstTrust(from.linked, from.nowMs),
    reporter: { sessions: 0, rejected: 0 },
    open: [],
    wasHeld: false,
    reporters: new Set(),
    heldUntilMs: 0,
    banned: false,
  };
}

function kindOf(world: Assumptions, prng: Prng): Kind {
  const at = prng.unit();
  if (at < world.harmful) return 'harmful';
  if (at < world.harmful + world.trolls) return 'troll';
  return prng.chance(world.misread) ? 'misread' : 'honest';
}

function between([from, to]: readonly [number, number], prng: Prng): number {
  return from + (to - from) * prng.unit();
}

export function isHonest({ kind }: SimPerson): boolean {
  return kind === 'honest' || kind === 'misread';
}
