import { REMATCH_COOLDOWN_MS } from '@farandole/matchmaking/limits';
import { median, type Slope, theilSenSlope } from '../statistics.ts';
import type { Gauges } from './metrics-text.ts';
import type { Holdings } from './soaked-server.ts';

export interface SoakSample {
  readonly elapsedMs: number;
  readonly sessions: number;
  readonly people: number;
  /**
   * Whether garbage was collected before this sample. Only then does the sample show the memory
   * that is really in use.
   */
  readonly isCollected: boolean;
  readonly holdings: Holdings;
  readonly gauges: Gauges;
}

export interface SoakRecord {
  readonly samples: readonly SoakSample[];
  readonly matches: number;
  readonly before: Holdings;
  readonly after: Holdings;
  readonly gaugesAfter: Gauges;
  readonly lines: {
    readonly accepted: number;
    readonly lost: number;
    readonly doubled: number;
    readonly foreign: number;
  };
  readonly streamFaults: number;
  readonly couplesParted: number;
  readonly faults: ReadonlyMap<string, number>;
  readonly log: { readonly unexpected: number; readonly kept: readonly string[] };
}

export interface SoakVerdict {
  readonly heap: MemorySlope;
  readonly resident: MemorySlope;
  readonly handlesBefore: number;
  readonly handlesAfter: number;
  /** Number of open files other than WebSockets, in the first and in the last tenth of the load. */
  readonly handlesUnderLoadAtStart: number;
  readonly handlesUnderLoadAtEnd: number;
  readonly eventLoopP99Ms: number;
  readonly eventLoopMaxMs: number;
  /** Reasons why the soak run failed; empty if it passed. */
  readonly reasons: readonly string[];
}

export interface MemorySlope {
  readonly kibPerMinute: Slope;
  readonly kibPer1000Sessions: Slope;
  /** Maximum of the lower end of the slope's confidence interval. */
  readonly atMostKibPerMinute: number;
}

/**
 * Share of the load, from its start, that isn't judged because code is compiled and tables reach
 * their size.
 */
export const WARM_UP_SHARE = 1 / 3;
/**
 * Allowed heap growth after warm-up. The ids of reports and blocks, which the node keeps for a
 * day, take a few KiB a minute. A leak of 0.1 KiB per session would take about 60 KiB a minute.
 */
export const HEAP_KIB_PER_MINUTE_MAX = 48;
/**
 * The bound on resident memory is higher than the bound on the heap, because resident memory
 * changes in steps of many pages.
 */
export const RESIDENT_KIB_PER_MINUTE_MAX = 512;
/**
 * Memory that the node keeps per meeting until the two users may meet again. At the start of a
 * run no meeting expires. Later as many meetings expire as begin.
 */
export const KIB_A_MEETING = 0.5;
/**
 * Memory that the node keeps per new user, in bounded tables that no soak run fills. Measured:
 * 0.9 to 1.0 KiB over 1,200 users who met one other user within ten minutes.
 */
export const KIB_A_PERSON = 1;

export const STORED_KIB_A_MEETING = 0.6;
/** Size of the database cache (`cache_size` in `node-sqlite.ts`). */
export const STORE_CACHE_KIB = 16_384;

export function judge(record: SoakRecord): SoakVerdict {
  const { samples, before, after } = record;
  const endMs = samples.at(-1)?.elapsedMs ?? 0;
  const warm = samples.filter(({ elapsedMs }) => elapsedMs >= endMs * WARM_UP_SHARE);
  const growing = meetingsKibPerMinute(record, endMs) + peopleKibPerMinute(warm);
  const heap = slopesOf(
    warm.filter(({ isCollected }) => isCollected),
    ({ heapKib }) => heapKib,
    HEAP_KIB_PER_MINUTE_MAX + growing,
  );
  const resident = slopesOf(
    warm,
    ({ residentKib }) => residentKib,
    RESIDENT_KIB_PER_MINUTE_MAX + 2 * growing + storeCacheKibPerMinute(record, endMs),
  );
  const tenth = Math.max(1, Math.floor(samples.length / 10));
  const others = samples.map(({ holdings, gauges }) => sum(holdings.descriptors) - gauges.sockets);
  return {
    heap,
    resident,
    handlesBefore: sum(before.descriptors),
    handlesAfter: sum(after.descriptors),
    handlesUnderLoadAtStart: median(others.slice(0, tenth)),
    handlesUnderLoadAtEnd: median(others.slice(-tenth)),
    eventLoopP99Ms: median(samples.map(({ gauges }) => gauges.eventLoopP99Ms)),
    eventLoopMaxMs: Math.max(...samples.map(({ gauges }) => gauges.eventLoopMaxMs)),
    reasons: [
      ...memoryReasons('The heap', heap),
      ...memoryReasons('Resident memory', resident),
      ...leakReasons('open', before.descriptors, after.descriptors),
      ...leakReasons('active', before.resources, after.resources),
      ...leftReasons(record.gaugesAfter),
      ...lineReasons(record),
      ...logReasons(record),
    ],
  };
}

/**
 * Allowed memory growth for remembered meetings, in proportion to the time before the first
 * meeting expires.
 */
function meetingsKibPerMinute({ matches }: SoakRecord, endMs: number): number {
  if (endMs === 0) return 0;
  const warmMs = endMs * WARM_UP_SHARE;
  const growingMs = Math.min(REMATCH_COOLDOWN_MS, endMs) - warmMs;
  const share = Math.max(0, growingMs) / (endMs - warmMs);
  return (share * KIB_A_MEETING * matches * 60_000) / endMs;
}

/** Allowed memory growth for new users during the judged time, in KiB per minute. */
function peopleKibPerMinute(warm: readonly SoakSample[]): number {
  const [first, last] = [warm[0], warm.at(-1)];
  if (first === undefined || last === undefined || last.elapsedMs === first.elapsedMs) return 0;
  const minutes = (last.elapsedMs - first.elapsedMs) / 60_000;
  return (KIB_A_PERSON * (last.people - first.people)) / minutes;
}

/** The cache grows with the database file while the file is smaller than the cache. */
function storeCacheKibPerMinute({ matches }: SoakRecord, endMs: number): number {
  if (endMs === 0) return 0;
  const heldAfter = (share: number): number =>
    Math.min(STORE_CACHE_KIB, share * STORED_KIB_A_MEETING * matches);
  const measuredMs = (1 - WARM_UP_SHARE) * endMs;
  return ((heldAfter(1) - heldAfter(WARM_UP_SHARE)) * 60_000) / measuredMs;
}

function slopesOf(
  samples: readonly SoakSample[],
  pick: (holdings: Holdings) => number,
  atMostKibPerMinute: number,
): MemorySlope {
  const over = (x: (sample: SoakSample) => number): Slope =>
    theilSenSlope(samples.map((sample) => [x(sample), pick(sample.holdings)]));
  return {
    kibPerMinute: over(({ elapsedMs }) => elapsedMs / 60_000),
    kibPer1000Sessions: over(({ sessions }) => sessions / 1_000),
    atMostKibPerMinute,
  };
}

function memoryReasons(what: string, { kibPerMinute, atMostKibPerMinute }: MemorySlope): string[] {
  const [low] = kibPerMinute.interval95;
  if (low <= atMostKibPerMinute) return [];
  return [
    `${what} grows by at least ${low.toFixed(0)} KiB a minute; ${atMostKibPerMinute.toFixed(0)} would be in order.`,
  ];
}

type Counts = Readonly<Record<string, number>>;

/** Whether the node has no more open resources of any kind after the load than before. */
export function isBackAt(before: Holdings, after: Holdings): boolean {
  return (
    leakReasons('open', before.descriptors, after.descriptors).length === 0 &&
    leakReasons('active', before.resources, after.resources).length === 0
  );
}

function leakReasons(state: string, before: Counts, after: Counts): string[] {
  return Object.entries(after)
    .filter(([kind, count]) => count > (before[kind] ?? 0))
    .map(
      ([kind, count]) =>
        `${count} of the kind "${kind}" are ${state} after the load was gone; before it there were ${before[kind] ?? 0}.`,
    );
}

function leftReasons({ online, detached, calls, waiting, sockets }: Gauges): string[] {
  const left = Object.entries({ online, detached, calls, waiting, sockets });
  return left
    .filter(([, count]) => count !== 0)
    .map(([what, count]) => `The node still counts ${count} as ${what} without any users.`);
}

function lineReasons({
  samples,
  lines,
  streamFaults,
  couplesParted,
  faults,
}: SoakRecord): string[] {
  const counted: readonly (readonly [number, string])[] = [
    [lines.lost, 'lines were lost'],
    [lines.doubled, 'lines came twice or out of order'],
    [lines.foreign, 'lines were not what was said in their call'],
    [streamFaults, 'frames were missing or out of order in their session'],
    [couplesParted, 'people in a call that neither ended were parted'],
    ...[...faults].map(([words, count]) => [count, `times: ${words}`] as const),
  ];
  const reasons = counted.flatMap(([count, what]) => (count > 0 ? [`${count} ${what}.`] : []));
  // The run fails if there was no activity, because all other checks would pass.
  if (lines.accepted === 0) reasons.push('No line was sent.');
  if ((samples.at(-1)?.sessions ?? 0) === 0) reasons.push('No session was opened.');
  return reasons;
}

function logReasons({ log }: SoakRecord): string[] {
  if (log.unexpected === 0) return [];
  return [`${log.unexpected} unexpected lines in the log, the first: ${log.kept[0] ?? ''}`];
}

function sum(counts: Counts): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
