import { brandId, type SubjectId } from '@farandole/kernel/id';
import type { Prng } from '@farandole/kernel/prng';
import type { AnchorHash } from '../ids.ts';
import type { JudgedReport } from '../reports/verdict.ts';
import type { LiveReport } from '../reports/weigh-report.ts';
import type { CleanNetwork } from '../trust/clean-networks.ts';
import { NO_STANDING, type Standing } from '../trust/standing.ts';
import { firstTrust, type ReporterRecord, type Trust } from '../trust/trust.ts';
import type { Assumptions } from './assumptions.ts';

export type Kind = 'honest' | 'misread' | 'troll' | 'harmful';

/** A simulated report in the form in which a case stores it. */
export interface SimReport extends LiveReport, JudgedReport {
  readonly by: SimPerson;
}

export interface SimNetwork {
  readonly network: AnchorHash;
  readonly parent: AnchorHash;
}

/** One identity of a simulated user. A banned user who returns gets a new one. */
export interface SimPerson {
  readonly id: SubjectId;
  readonly kind: Kind;
  readonly from: SimNetwork;
  readonly activity: number;
  readonly harmRate: number;
  sessions: number;
  trust: Trust;
  reporter: ReporterRecord;
  standing: Standing;
  cleanNetworks: readonly CleanNetwork[];
  /**
   * The unreviewed reports of the user's open case. The next fields say whether the case is
   * queued and whether it caused a suspension.
   */
  open: SimReport[];
  isQueued: boolean;
  wasHeld: boolean;
  /** All users who ever reported this user. The policy `ban-at-three` counts them. */
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

/** Returns a banned user under a new identity, which the server may recognize. */
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

/** @param networksInParent number of consecutive networks that share a /20 or /48 */
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
    cleanNetworks: [],
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
