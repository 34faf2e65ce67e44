import type { SubjectId } from '@farandole/kernel/id';
import {
  CROWD_MS,
  CROWD_NETWORKS_MIN,
  NETWORK_REPORTS_MS,
  WEIGHED_CALL_MS_MIN,
} from '../limits.ts';

/** What correlates reports, and what makes software act on them. */
export interface WeighedReport {
  readonly by: SubjectId;
  /** For restriction and hold, see `weightForSoftware`. */
  readonly weight: number;
  /** Whether the reporter was proven then. */
  readonly isProven: boolean;
  /** Null for a reporter without a network; all of those count as one. */
  readonly from: { readonly network: string; readonly parent: string } | null;
  /** Duration of the call; null if unknown. */
  readonly lastedMs: number | null;
  readonly atMs: number;
}

/** The facts that restriction and hold by software require besides the score. */
export interface Grounds {
  /** Different networks; those of unproven reporters within one /20 or /48 are one. */
  readonly networks: number;
  /** Different proven reporters. */
  readonly proven: number;
  /** Until when a crowd of unproven reporters restricts; 0 without one. */
  readonly crowdUntilMs: number;
}

export const NO_GROUNDS: Grounds = { networks: 0, proven: 0, crowdUntilMs: 0 };

/** Weight of reports of one subject: of each reporter, network and day only the strongest. */
export function weightOfReports(reports: readonly WeighedReport[]): number {
  let sum = 0;
  for (const group of groupsOf(reports)) sum += Math.max(...group.map(({ weight }) => weight));
  return sum;
}

/** What `report` adds to earlier ones. */
export function weightAdded(earlier: readonly WeighedReport[], report: WeighedReport): number {
  return Math.max(0, weightOfReports([...earlier, report]) - weightOfReports(earlier));
}

/** @param reports of one subject, neither rejected nor without result */
export function groundsOf(reports: readonly WeighedReport[]): Grounds {
  const counted = reports.filter(
    ({ weight, lastedMs }) => weight > 0 && lastedMs !== null && lastedMs >= WEIGHED_CALL_MS_MIN,
  );
  const proven = counted.filter(({ isProven }) => isProven);
  const sources = [...firstOfEach(counted)];
  const networks = new Set(
    sources.flatMap(({ isProven, from }) => (isProven && from !== null ? [from.network] : [])),
  );
  const parents = new Set<string>();
  for (const { isProven, from } of sources) {
    if (!isProven && from !== null && !networks.has(from.network)) parents.add(from.parent);
  }
  return {
    networks: networks.size + parents.size,
    proven: new Set(proven.map(({ by }) => by)).size,
    crowdUntilMs: proven.length > 0 ? 0 : crowdUntilMs(sources),
  };
}

/** Grounds that no new report takes away; only a verdict does. */
export function atLeast(now: Grounds, before: Grounds): Grounds {
  const proven = Math.max(now.proven, before.proven);
  return {
    networks: Math.max(now.networks, before.networks),
    proven,
    crowdUntilMs: proven > 0 ? 0 : Math.max(now.crowdUntilMs, before.crowdUntilMs),
  };
}

/** A reporter who comes from many networks is one of them, proven if they ever were. */
function firstOfEach(reports: readonly WeighedReport[]): Iterable<WeighedReport> {
  const first = new Map<SubjectId, WeighedReport>();
  for (const report of reports) {
    const known = first.get(report.by);
    if (known === undefined || (report.isProven && !known.isProven)) first.set(report.by, report);
  }
  return first.values();
}

/** The last time that enough distant networks had reported within `CROWD_MS`, and as much later. */
function crowdUntilMs(reports: readonly WeighedReport[]): number {
  let untilMs = 0;
  const last = new Map<string, number>();
  for (const { from, atMs } of reports.toSorted((a, b) => a.atMs - b.atMs)) {
    if (from === null) continue;
    last.set(from.parent, atMs);
    const recent = [...last.values()].filter((lastMs) => atMs - lastMs < CROWD_MS);
    // Further reports don't prolong it, because a member reads the pinned case first.
    if (recent.length >= CROWD_NETWORKS_MIN && atMs >= untilMs) untilMs = atMs + CROWD_MS;
  }
  return untilMs;
}

/** Groups by network, and unproven reporters also by parent, within a day of the group's first. */
function groupsOf(reports: readonly WeighedReport[]): readonly (readonly WeighedReport[])[] {
  const groups: WeighedReport[][] = [];
  for (const report of reports.toSorted((a, b) => a.atMs - b.atMs)) {
    const known = groups.find(
      ([first, ...rest]) =>
        first !== undefined &&
        report.atMs - first.atMs < NETWORK_REPORTS_MS &&
        [first, ...rest].some((other) => isOneSource(report, other)),
    );
    if (known === undefined) groups.push([report]);
    else known.push(report);
  }
  return groups;
}

function isOneSource(one: WeighedReport, other: WeighedReport): boolean {
  if (one.by === other.by) return true;
  if (one.from === null || other.from === null) return one.from === other.from;
  if (one.from.network === other.from.network) return true;
  return !one.isProven && !other.isProven && one.from.parent === other.from.parent;
}
