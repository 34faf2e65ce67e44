/** How hard a load generator itself had to work while something was measured. */
export interface GeneratorLoad {
  /** Of one core, that its busiest process took. */
  readonly busiestShare: number;
  /** Of all that had its time, what was sent more than `LATE_MS` after it. */
  readonly lateShare: number;
}

/** The worst of a benchmark, and whether its figures can be trusted. */
export interface GeneratorTold extends GeneratorLoad {
  readonly isFit: boolean;
}

export const LATE_MS = 20;
const LOOK_EVERY_MS = 50;
/** A process that takes more of its one core than this may be what is measured. */
const BUSY_SHARE_MAX = 0.8;
/** A load of which more was late than this was another load. */
const LATE_SHARE_MAX = 0.05;

/** The share of a core that this process takes, from here to the call of what it gives. */
export function watchOwnCpu(): () => number {
  const startedMs = performance.now();
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000 / (performance.now() - startedMs);
  };
}

/** The same of load that has no schedule: late is what its own timer is. */
export function watchOwnClock(): () => GeneratorLoad {
  const share = watchOwnCpu();
  let looks = 0;
  let late = 0;
  let dueAtMs = performance.now() + LOOK_EVERY_MS;
  const timer = setInterval(() => {
    const nowMs = performance.now();
    looks += 1;
    if (nowMs - dueAtMs > LATE_MS) late += 1;
    dueAtMs = nowMs + LOOK_EVERY_MS;
  }, LOOK_EVERY_MS);
  return () => {
    clearInterval(timer);
    return { busiestShare: share(), lateShare: late / Math.max(1, looks) };
  };
}

/** The worst of several: processes of one order, or orders of one benchmark. */
export function worstOf(loads: readonly GeneratorLoad[]): GeneratorTold {
  const busiestShare = Math.max(0, ...loads.map((load) => load.busiestShare));
  const lateShare = Math.max(0, ...loads.map((load) => load.lateShare));
  const isFit = busiestShare <= BUSY_SHARE_MAX && lateShare <= LATE_SHARE_MAX;
  return { busiestShare, lateShare, isFit };
}

/** A line for a person. */
export function generatorInWords({ busiestShare, lateShare, isFit }: GeneratorTold): string {
  const verdict = isFit ? '' : '; NO figure above is judged, since it may be the generator’s';
  return (
    `the load generator took ${(100 * busiestShare).toFixed(0)} % of a core where it was busiest, ` +
    `and sent ${(100 * lateShare).toFixed(1)} % late${verdict}`
  );
}
