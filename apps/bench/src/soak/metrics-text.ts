/** What the histogram holds is the time between two turns of a timer of so long. */
const EVENT_LOOP_TIMER_MS = 10;

/** Of what a node's metrics say, what the soak watches. */
export interface Gauges {
  readonly online: number;
  readonly detached: number;
  readonly calls: number;
  readonly waiting: number;
  readonly sockets: number;
  /** Sessions opened so far. */
  readonly sessionsOpened: number;
  /** Sessions resumed so far. */
  readonly sessionsResumed: number;
  /** The 99th percentile of the event loop's delay, since it was asked last. */
  readonly eventLoopP99Ms: number;
  readonly eventLoopMaxMs: number;
}

/**
 * Reads Prometheus' text format as far as it is needed: sums a metric over its labels.
 *
 * @throws Error when one of them is not there, rather than watch nothing
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
    // One a mode; none on a node that does not write the pool.
    waiting: sums.get('farandole_waiting') ?? 0,
    sockets: read('farandole_sockets'),
    sessionsOpened: countOf('session-opened'),
    sessionsResumed: countOf('session-resumed'),
    eventLoopP99Ms: delayOf(read('nodejs_eventloop_lag_p99_seconds')),
    eventLoopMaxMs: delayOf(read('nodejs_eventloop_lag_max_seconds')),
  };
}

function delayOf(betweenTurnsS: number): number {
  return Math.max(0, betweenTurnsS * 1_000 - EVENT_LOOP_TIMER_MS);
}
