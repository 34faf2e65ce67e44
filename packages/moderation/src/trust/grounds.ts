import type { SubjectId } from '@farandole/kernel/id';
import {
  CROWD_MS,
  CROWD_NETWORKS_MIN,
  NETWORK_REPORTS_MS,
  WEIGHED_CALL_MS_MIN,
} from '../limits.ts';

/** A report with the facts that decide whether it counts and whether software may act on it. */
export interface WeighedReport {
  readonly by: SubjectId;
  /** Weight of the report for restrictions and suspensions, as `weightForSoftware` returns it. */
  readonly weight: number;
  /** Whether the reporter was proven at the time of the report. */
  readonly isProven: boolean;
  /** The reporter's network. Null if unknown. All unknown networks count as one network. */
  readonly from: { readonly network: string; readonly parent: string } | null;
  /** Duration of the call in milliseconds. Null if unknown. */
  readonly lastedMs: number | null;
  readonly atMs: number;
}

/** What software needs, in addition to a user's score, to restrict or suspend the user. */
export interface Grounds {
  /** Number of reporters' networks. An unproven reporter in another's /20 or /48 adds none. */
  readonly networks: number;
  /** Number of different proven reporters. */
  readonly proven: number;
  /** End of a restriction because of reports by many unproven users. 0 if there is none. */
  readonly crowdUntilMs: number;
}

export const NO_GROUNDS: Grounds = { networks: 0, proven: 0, crowdUntilMs: 0 };

/**
 * Returns the total weight of reports about one subject. Of each reporter, network and day, only
 * the strongest report counts. Of unproven reporters in one /20 or /48, only one report counts.
 */
export function weightOfReports(reports: readonly WeighedReport[]): number {
  let sum = 0;
  for (const group of groupsOf(reports)) sum += Math.max(...group.map(({ weight }) => weight));
  return sum;
}

/** Returns the weight that `report` adds to the weight of earlier reports. */
export function weightAdded(earlier: readonly WeighedReport[], report: WeighedReport): number {
  return Math.max(0, weightOfReports([...earlier, report]) - weightOfReports(earlier));
}

/** @param reports reports about one subject that are neither rejected nor inconclusive */
export function groundsOf(reports: readonly WeighedReport[]): Grounds {
  const counted = reports.filter(
    ({ weight, lastedMs }) => weight > 0 && lastedMs !== null && lastedMs >= WEIGHED_CALL_MS_MIN,
  );
  const proven = counted.filter(({ isProven }) => isProven);
  const sources = [...firstOfEach(counted)];
  const networks = new Set(
    sources.flatMap(({ isProven, from }) => (isProven && from !== null ? [from.network] : [])),
  );
  const provenParents = new Set(proven.map(({ from }) => from?.parent));
  const parents = new Set<string>();
  for (const { isProven, from } of sources) {
    if (!isProven && from !== null && !provenParents.has(from.parent)) parents.add(from.parent);
  }
  return {
    networks: networks.size + parents.size,
    proven: new Set(proven.map(({ by }) => by)).size,
    crowdUntilMs: proven.length > 0 ? 0 : crowdUntilMs(sources),
  };
}

/**
 * Returns the higher value of each field of both grounds. New reports never reduce grounds; only
 * a verdict does.
 */
export function atLeast(now: Grounds, before: Grounds): Grounds {
  const proven = Math.max(now.proven, before.proven);
  return {
    networks: Math.max(now.networks, before.networks),
    proven,
    crowdUntilMs: proven > 0 ? 0 : Math.max(now.crowdUntilMs, before.crowdUntilMs),
  };
}

/**
 * Yields one report per reporter. A reporter with several networks counts for one network only,
 * and as proven if ever proven.
 */
function firstOfEach(reports: readonly WeighedReport[]): Iterable<WeighedReport> {
  const first = new Map<SubjectId, WeighedReport>();
  for (const report of reports) {
    const known = first.get(report.by);
    if (known === undefined || (report.isProven && !known.isProven)) first.set(report.by, report);
  }
  return first.values();
}

/** Returns the end of the restriction by the latest reports from many networks, or 0. */
function crowdUntilMs(reports: readonly WeighedReport[]): number {
  let untilMs = 0;
  const last = new Map<string, number>();
  for (const { from, atMs } of reports.toSorted((a, b) => a.atMs - b.atMs)) {
    if (from === null) continue;
    last.set(from.parent, atMs);
    const recent = [...last.values()].filter((lastMs) => atMs - lastMs < CROWD_MS);
    // Further reports don't prolong the restriction, because a member reads the pinned case first.
    if (recent.length >= CROWD_NETWORKS_MIN && atMs >= untilMs) untilMs = atMs + CROWD_MS;
  }
  return untilMs;
}

/**
 * Groups the reports that came from one network within a day of the group's first report.
 * Reports by unproven reporters are grouped by /20 or /48, whatever their time, because one
 * patient person could otherwise add weight every day.
 */
function groupsOf(reports: readonly WeighedReport[]): readonly (readonly WeighedReport[])[] {
  const groups: WeighedReport[][] = [];
  for (const report of reports.toSorted((a, b) => a.atMs - b.atMs)) {
    const known = groups.find(
      ([first, ...rest]) =>
        first !== undefined &&
        [first, ...rest].some(
          (other) =>
            isOneSource(report, other) &&
            (report.atMs - first.atMs < NETWORK_REPORTS_MS ||
              (!report.isProven && !other.isProven)),
        ),
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
