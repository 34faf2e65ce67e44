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
  VOUCHES_MAX,
} from '../limits.ts';

/**
 * Decides whether a user is *proven*. A new cookie costs nothing, so a user's reports have full
 * weight only after calls with users of several other networks, which one person alone can't
 * fake. Pure: the caller supplies every time and fact.
 */
export interface Standing {
  /** Counted calls of the last `PROVEN_KEPT_MS`, at most `STANDING_CALLS_MAX`, oldest first. */
  readonly calls: readonly CountedCall[];
  /** When the calls last met all conditions for a proven user. Null if they never did. */
  readonly provenAtMs: number | null;
  /** Reports that count against the user, at most `STANDING_LOSSES_MAX`, oldest first. */
  readonly losses: readonly Loss[];
  /** The user's own network in the last counted call. */
  readonly network: AnchorHash | null;
  /** Times within `PROVEN_KEPT_MS` at which a call with this user made another user proven. */
  readonly vouchedAtMs?: readonly number[];
}

export interface CountedCall {
  /** Network of the other user of the call. */
  readonly network: AnchorHash;
  /** Whether the other user was proven and this user was, or became by the call, proven too. */
  readonly withProven: boolean;
  readonly lastedMs: number;
  readonly endedAtMs: number;
}

/** An upheld report about a user or a rejected report by the user. Both count against the user. */
export interface Loss {
  readonly report: ReportId;
  /**
   * A user is no longer proven when the weights add up to `LOSS`. A rejected report weighs at
   * most half of `LOSS`.
   */
  readonly weight: number;
  readonly atMs: number;
}

/** Weight of one upheld report or two rejected ones, which make a user unproven. */
export const LOSS = 2;

/** An ended call as seen by one of its users, who wasn't reported in it. */
export interface EndedCall {
  /** Whether the call came from a search and not from an invitation, friend, party or community. */
  readonly counts: boolean;
  /**
   * Whether both users sent a chat line, or the other user's client reported that it received a
   * video frame of this user.
   */
  readonly isMutual: boolean;
  readonly lastedMs: number;
  readonly endedAtMs: number;
  /** The user's network. Null for a loopback or private address, which belongs to no network. */
  readonly network: AnchorHash | null;
  readonly otherNetwork: AnchorHash | null;
  readonly withProven: boolean;
}

export const NO_STANDING: Standing = { calls: [], provenAtMs: null, losses: [], network: null };

/**
 * Adds a call if it counts, and makes the user proven once all conditions are met.
 *
 * @param needsProven whether one call must be with a proven user, see `needsProvenPeer`
 */
export function afterCall(standing: Standing, call: EndedCall, needsProven: boolean): Standing {
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

/** What a call changes in the standings of its two users. */
export interface Earned {
  readonly standing: Standing;
  /** The other user's standing if the call made this user proven. Null otherwise. */
  readonly vouched: Standing | null;
}

/**
 * Adds a call with another user. If the other user is proven, the call makes this user proven once
 * all other conditions are met. A proven user's calls make at most `VOUCHES_MAX` users proven
 * within `PROVEN_KEPT_MS`. Otherwise one proven cookie could make any number of others proven.
 *
 * @param other standing of the other user, undefined if unknown
 */
export function afterCallWith(
  standing: Standing,
  other: Standing | undefined,
  call: Omit<EndedCall, 'withProven'>,
  needsProven: boolean,
  nowMs: number,
): Earned {
  const isOtherProven = isProven(other, nowMs);
  const withProven = isOtherProven && isProven(standing, nowMs);
  const alone = afterCall(standing, { ...call, withProven }, needsProven);
  if (other === undefined || !isOtherProven || withProven) {
    return { standing: alone, vouched: null };
  }
  const together = afterCall(standing, { ...call, withProven: true }, needsProven);
  const vouched = together.provenAtMs === alone.provenAtMs ? null : withVouch(other, nowMs);
  return { standing: vouched === null ? alone : together, vouched };
}

/** Adds a user made proven. Returns null if `VOUCHES_MAX` is reached within `PROVEN_KEPT_MS`. */
function withVouch(standing: Standing, nowMs: number): Standing | null {
  const earlier = standing.vouchedAtMs ?? [];
  const kept = earlier.filter((atMs) => nowMs - atMs < PROVEN_KEPT_MS);
  return kept.length >= VOUCHES_MAX ? null : { ...standing, vouchedAtMs: [...kept, nowMs] };
}

export function isProven(standing: Standing | undefined, nowMs: number): boolean {
  return standing !== undefined && nowMs < provenUntilMs(standing);
}

/** Returns the time until which the user is proven. 0 for a user who isn't proven. */
export function provenUntilMs({ provenAtMs, losses }: Standing): number {
  if (provenAtMs === null || provenAtMs <= lostAt(losses)) return 0;
  return provenAtMs + PROVEN_KEPT_MS;
}

/** Adds or replaces what a report counts against the user. A weight of 0 removes the entry. */
export function withLoss(standing: Standing, loss: Loss): Standing {
  const others = standing.losses.filter(({ report }) => report !== loss.report);
  const losses = loss.weight > 0 ? [...others, loss] : others;
  return {
    ...standing,
    losses: losses.toSorted((a, b) => a.atMs - b.atMs).slice(-STANDING_LOSSES_MAX),
  };
}

/** Returns whether there are enough proven users that newcomers can be expected to meet one. */
export function needsProvenPeer(
  proven: readonly { readonly network: AnchorHash | null }[],
  { people, networks }: { readonly people: number; readonly networks: number },
): boolean {
  return proven.length >= people && new Set(proven.map(({ network }) => network)).size >= networks;
}

/**
 * Returns when the weights that count against a user last added up to `LOSS`. After each such
 * time the sum starts from zero again.
 */
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

/**
 * Adds a call. Calls with one network within a day are stored as one call, which has the longest
 * duration and counts as with a proven user if any of them did.
 */
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
  // Keeps the time of the day's first call, so that later calls don't move the start of the day.
  return calls.with(at, { ...before, withProven, lastedMs, endedAtMs });
}

/** Drops the shortest call with the network that has the most calls, so that no network is lost. */
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
