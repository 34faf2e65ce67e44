import type { AnchorHash, ReportId } from '../ids.ts';
import {
  PROVEN_CALL_MS_MIN,
  PROVEN_CALLS_MIN,
  PROVEN_KEPT_MS,
  PROVEN_NETWORKS_MIN,
  PROVEN_SAME_NETWORK_MS,
  PROVEN_TOGETHER_MS,
  STANDING_CALLS_MAX,
  STANDING_LOSSES_MAX,
} from '../limits.ts';

/**
 * Standing: whether a user is *proven*. A cookie costs nothing, so a user's word weighs only after
 * calls with people of several other networks, which one person alone can't make up.
 * Pure: the caller supplies every time and fact.
 */
export interface Restrictions {
  /** Counted calls of the last `PROVEN_KEPT_MS`, at most `STANDING_CALLS_MAX`, oldest first. */
  readonly calls: readonly CountedCall[];
  /** When the calls last met all conditions; null if they never did. */
  readonly provenAtMs: number | null;
  /** What counts against the user, at most `STANDING_LOSSES_MAX`, oldest first. */
  readonly losses: readonly Loss[];
  /** The user's own network in the last counted call. */
  readonly network: AnchorHash | null;
}

export interface CountedCall {
  /** The other person's network. */
  readonly network: AnchorHash;
  /** Whether the other person was proven by then. */
  readonly withProven: boolean;
  readonly lastedMs: number;
  readonly endedAtMs: number;
}

/** An upheld report about the user, or a rejected one by the user. */
export interface Loss {
  readonly report: ReportId;
  /** `LOSS` ends the standing: an upheld report weighs it, a rejected one at most half. */
  readonly weight: number;
  readonly atMs: number;
}

/** Two rejected reports, or one upheld report, end the standing. */
export const LOSS = 2;

/** One side's view of a call that ended and that nobody reported. */
export interface EndedCall {
  /** False for a call by invitation, with a friend, in a party or in a private community. */
  readonly counts: boolean;
  /** Both sent a line, or the other person's client reported a frame of this user. */
  readonly isMutual: boolean;
  readonly lastedMs: number;
  readonly endedAtMs: number;
  /** Null for a loopback or private address, which is no network. */
  readonly network: AnchorHash | null;
  readonly otherNetwork: AnchorHash | null;
  readonly withProven: boolean;
}

export const NO_STANDING: Restrictions = { calls: [], provenAtMs: null, losses: [], network: null };

/**
 * Adds a call, if it counts, and proves the user once all conditions hold.
 *
 * @param needsProven whether one call must be with a proven person, see `needsProvenPeer`
 */
export function afterCall(
  standing: Restrictions,
  call: EndedCall,
  needsProven: boolean,
): Restrictions {
  const { network, otherNetwork, withProven, lastedMs, endedAtMs } = call;
  if (!call.counts || !call.isMutual || lastedMs < PROVEN_CALL_MS_MIN) return standing;
  if (network === null || otherNetwork === null || network === otherNetwork) return standing;
  const counted: CountedCall = { network: otherNetwork, withProven, lastedMs, endedAtMs };
  const kept = standing.calls.filter((one) => one.endedAtMs > endedAtMs - PROVEN_KEPT_MS);
  const calls = bounded(withCall(kept, counted));
  const lostAtMs = lostAt(standing.losses);
  const sinceLoss = calls.filter((one) => one.endedAtMs > lostAtMs);
  const isNowProven = meetsConditions(sinceLoss, needsProven);
  return {
    ...standing,
    calls,
    network,
    provenAtMs: isNowProven ? endedAtMs : standing.provenAtMs,
  };
}

export function isProven(standing: Restrictions | undefined, nowMs: number): boolean {
  return standing !== undefined && nowMs < provenUntilMs(standing);
}

/** 0 for a user who isn't proven. */
export function provenUntilMs({ provenAtMs, losses }: Restrictions): number {
  if (provenAtMs === null || provenAtMs <= lostAt(losses)) return 0;
  return provenAtMs + PROVEN_KEPT_MS;
}

/** Adds or replaces what a report counts against the user; a weight of 0 removes it. */
export function withLoss(standing: Restrictions, loss: Loss): Restrictions {
  const others = standing.losses.filter(({ report }) => report !== loss.report);
  const losses = loss.weight > 0 ? [...others, loss] : others;
  return {
    ...standing,
    losses: losses.toSorted((a, b) => a.atMs - b.atMs).slice(-STANDING_LOSSES_MAX),
  };
}

/** Whether so many proven people exist that a newcomer can meet one. */
export function needsProvenPeer(
  proven: readonly Pick<Restrictions, 'network'>[],
  { people, networks }: { readonly people: number; readonly networks: number },
): boolean {
  return proven.length >= people && new Set(proven.map(({ network }) => network)).size >= networks;
}

/** When losses last reached `LOSS` together; each time counts from zero again. */
function lostAt(losses: readonly Loss[]): number {
  let lostAtMs = Number.NEGATIVE_INFINITY;
  let sum = 0;
  for (const { weight, atMs } of losses) {
    sum += weight;
    if (sum < LOSS) continue;
    lostAtMs = atMs;
    sum = 0;
  }
  return lostAtMs;
}

function meetsConditions(calls: readonly CountedCall[], needsProven: boolean): boolean {
  const togetherMs = calls.reduce((sum, { lastedMs }) => sum + lastedMs, 0);
  return (
    calls.length >= PROVEN_CALLS_MIN &&
    new Set(calls.map(({ network }) => network)).size >= PROVEN_NETWORKS_MIN &&
    togetherMs >= PROVEN_TOGETHER_MS &&
    (!needsProven || calls.some(({ withProven }) => withProven))
  );
}

/** Of the calls with one network within a day the longest counts; with a proven person first. */
function withCall(calls: readonly CountedCall[], call: CountedCall): readonly CountedCall[] {
  const at = calls.findIndex(
    ({ network, endedAtMs }) =>
      network === call.network && call.endedAtMs - endedAtMs < PROVEN_SAME_NETWORK_MS,
  );
  const before = calls[at];
  if (before === undefined) return [...calls, call];
  const { endedAtMs } = before;
  const withProven = before.withProven || call.withProven;
  const lastedMs = Math.max(before.lastedMs, call.lastedMs);
  // The first call's time stays, so that the day doesn't move with each call.
  return calls.with(at, { ...before, withProven, lastedMs, endedAtMs });
}

/** Drops the shortest call of the network that has most, so that the other networks stay. */
function bounded(calls: readonly CountedCall[]): readonly CountedCall[] {
  if (calls.length <= STANDING_CALLS_MAX) return calls;
  const times = new Map<AnchorHash, number>();
  for (const { network } of calls) times.set(network, (times.get(network) ?? 0) + 1);
  const most = Math.max(...times.values());
  const last = calls.filter(({ withProven }) => withProven);
  const [shortest] = calls
    .filter((call) => times.get(call.network) === most && (last.length > 1 || !call.withProven))
    .toSorted((a, b) => a.lastedMs - b.lastedMs);
  return calls.filter((call) => call !== shortest);
}
