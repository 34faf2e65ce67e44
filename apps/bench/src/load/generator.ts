export interface GeneratorLoad {
  /** Share of one core that the busiest load process used. */
  readonly busiestShare: number;
  /** Share of scheduled messages sent more than `LATE_MS` late. */
  readonly lateShare: number;
}

export interface GeneratorReport extends GeneratorLoad {
  readonly isFit: boolean;
}

export const LATE_MS = 20;
const POLL_EVERY_MS = 50;
/** CPU share of one core above which the load generator may be the bottleneck. */
const BUSY_SHARE_MAX = 0.8;
/** Share of late messages above which the load differs too much from the plan. */
const LATE_SHARE_MAX = 0.05;

/** Returns a function that returns the share of a core that this process has used since now. */
export function watchOwnCpu(): () => number {
  const startedMs = performance.now();
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000 / (performance.now() - startedMs);
  };
}

/** Watches a load generator that has no schedule. Measures its lateness by the delay of a timer. */
export function watchOwnClock(): () => GeneratorLoad {
  const share = watchOwnCpu();
  let looks = 0;
  let late = 0;
  let dueAtMs = performance.now() + POLL_EVERY_MS;
  const timer = setInterval(() => {
    const nowMs = performance.now();
    looks += 1;
    if (nowMs - dueAtMs > LATE_MS) late += 1;
    dueAtMs = nowMs + POLL_EVERY_MS;
  }, POLL_EVERY_MS);
  return () => {
    clearInterval(timer);
    return { busiestShare: share(), lateShare: late / Math.max(1, looks) };
  };
}

export function worstOf(loads: readonly GeneratorLoad[]): GeneratorReport {
  const busiestShare = Math.max(0, ...loads.map((load) => load.busiestShare));
  const lateShare = Math.max(0, ...loads.map((load) => load.lateShare));
  const isFit = busiestShare <= BUSY_SHARE_MAX && lateShare <= LATE_SHARE_MAX;
  return { busiestShare, lateShare, isFit };
}

export function generatorInWords({ busiestShare, lateShare, isFit }: GeneratorReport): string {
  const verdict = isFit ? '' : '; NO figure above is judged, since it may be the generator’s';
  return (
    `the load generator took ${(100 * busiestShare).toFixed(0)} % of a core where it was busiest, ` +
    `and sent ${(100 * lateShare).toFixed(1)} % late${verdict}`
  );
}
