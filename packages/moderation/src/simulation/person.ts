import { brandId, type SubjectId } from '@farandole/kernel/id';
import type { Prng } from '@farandole/kernel/prng';
import type { AnchorHash } from '../ids.ts';
import type { JudgedReport } from '../reports/verdict.ts';
import type { LiveReport } from '../reports/weigh-report.ts';
import { NO_STANDING, type Restrictions } from '../trust/standing.ts';
import { firstTrust, type ReporterRecord, type Trust } from '../trust/trust.ts';
import type { Assumptions } from './assumptions.ts';

export type Kind = 'honest' | 'misread' | 'troll' | 'harmful';

/** A simulated report as its case stores it. */
export interface SimReport extends LiveReport, JudgedReport {
  readonly by: SimPerson;
}

export interface SimNetwork {
  readonly network: AnchorHash;
  readonly parent: AnchorHash;
}

/** One identity: a banned user who returns is a new one with the same character. */
export interface SimPerson {
  readonly id: SubjectId;
  readonly kind: Kind;
  readonly from: SimNetwork;
  readonly activity: number;
  readonly harmRate: number;
  sessions: number;
  trust: Trust;
  reporter: ReporterRecord;
  standing: Restrictions;
  /** The open case's unreviewed reports, whether it waits in the queue, and caused a hold. */
  open: SimReport[];
  isQueued: boolean;
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
    from: networkFor(world, kind, prng),
    activity: between(world.activityRate, prng),
    harmRate: kind === 'harmful' ? between(world.harmRate, prng) : world.honestHarmRate,
    linked,
    nowMs,
    prng,
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
  const from = networkFor(world, kind, prng);
  const linked = prng.chance(world.returnsLinked);
  return arrive({ kind, from, activity, harmRate, linked, nowMs, prng });
}

function networkFor(world: Assumptions, kind: Kind, prng: Prng): SimNetwork {
  const networks = Math.ceil(world.people / world.peopleInNetwork);
  const isTogether = kind === 'troll' && world.trollsTogether;
  return simNetwork(isTogether ? networks : prng.below(networks), world.networksInParent);
}

/** @param networksInParent how many consecutive networks share a /20 or /48 */
export function simNetwork(at: number, networksInParent: number): SimNetwork {
  return {
    network: brandId<AnchorHash>(`network-${at}`),
    parent: brandId<AnchorHash>(`parent-${Math.floor(at / networksInParent)}`),
  };
}

function arrive(person: {
  readonly kind: Kind;
  readonly from: SimNetwork;
  readonly activity: number;
  readonly harmRate: number;
  readonly linked: boolean;
  readonly nowMs: number;
  readonly prng: Prng;
}): SimPerson {
  const { kind, from, activity, harmRate, linked, nowMs, prng } = person;
  return {
    id: brandId<SubjectId>(`subject-${prng.uint32()}-${prng.uint32()}`),
    ...{ kind, from, activity, harmRate },
    sessions: 0,
    trust: firstTrust(linked, nowMs),
    reporter: { sessions: 0, rejected: 0 },
    standing: NO_STANDING,
    open: [],
    isQueued: false,
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
