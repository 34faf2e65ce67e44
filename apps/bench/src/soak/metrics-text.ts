export type SoakRuntime = 'node' | 'bun';

export interface Gauges {
  readonly online: number;
  readonly detached: number;
  readonly calls: number;
  readonly waiting: number;
  readonly sockets: number;
  readonly sessionsOpened: number;
  readonly sessionsResumed: number;
  /** 99th percentile of the delays of the node's ticks since the last scrape of its metrics. */
  readonly eventLoopP99Ms: number;
  readonly eventLoopMaxMs: number;
}

/**
 * Parses Prometheus' text format and sums each metric over its labels.
 * @throws Error when a metric is missing
 */
export function readGauges(text: string): Gauges {
  const sums = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [, name, labels = '', value] = /^([a-z_0-9]+)(\{[^}]*\})? (\S+)$/.exec(line) ?? [];
    if (name === undefined) continue;
    for (const key of labels === '' ? [name] : [name, name + labels]) {
      sums.set(key, (sums.get(key) ?? 0) + Number(value));
    }
  }
  const read = (name: string): number => {
    const value = sums.get(name);
    if (value === undefined) throw new Error(`the metrics hold no ${name}`);
    return value;
  };
  const countOf = (event: string): number =>
    sums.get(`farandole_sessions_total{event="${event}"}`) ?? 0;
  return {
    online: read('farandole_people_online'),
    detached: read('farandole_sessions_detached'),
    calls: read('farandole_calls'),
    // The metric of waiting users has one row per mode. A node that doesn't run the pool has no
    // row.
    waiting: sums.get('farandole_waiting') ?? 0,
    sockets: read('farandole_sockets'),
    sessionsOpened: countOf('session-opened'),
    sessionsResumed: countOf('session-resumed'),
    eventLoopP99Ms: 1_000 * read('nodejs_eventloop_lag_p99_seconds'),
    eventLoopMaxMs: 1_000 * read('nodejs_eventloop_lag_max_seconds'),
  };
}
