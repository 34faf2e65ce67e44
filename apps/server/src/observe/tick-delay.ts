import { createHistogram } from 'node:perf_hooks';
import { TICK_EVERY_MS } from '@farandole/cluster/limits';
import { collectDefaultMetrics, Gauge, type Registry } from 'prom-client';

/** Maximum delay in µs that the histogram counts, which is one hour. */
const DELAY_US_MAX = 3_600_000_000;
/** Number of significant digits of a delay. */
const DELAY_DIGITS = 2;
/** Longest interval in ms of a timer of Node. */
const TIMER_MS_MAX = 2 ** 31 - 1;

/**
 * Registers prom-client's metrics of the process, and replaces its event-loop delays by the delays
 * of the node's ticks since the last scrape.
 *
 * The delays of prom-client need a timer of 10 ms, which wakes an idle node a hundred times a second.
 * prom-client can't omit the timer, so it gets the longest interval.
 *
 * @returns a function to call at each tick with the monotonic time in ms
 */
export function addProcessMetrics(registry: Registry): (nowMonotonicMs: number) => void {
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: TIMER_MS_MAX });
  const delays = createHistogram({ highest: DELAY_US_MAX, figures: DELAY_DIGITS });
  const parts = {
    min: () => delays.min,
    max: () => delays.max,
    mean: () => delays.mean,
    stddev: () => delays.stddev,
    p50: () => delays.percentile(50),
    p90: () => delays.percentile(90),
    p99: () => delays.percentile(99),
  };
  const gauges = new Map<Gauge, () => number>();
  const collect = (): void => {
    for (const [gauge, us] of gauges) gauge.set(delays.count === 0 ? 0 : us() / 1e6);
    delays.reset();
  };
  for (const [part, us] of Object.entries(parts)) {
    const name = `nodejs_eventloop_lag_${part}_seconds`;
    const help = `Delays of the node’s ticks since the last scrape, in seconds: ${part}.`;
    registry.removeSingleMetric(name);
    // A scrape collects the first gauge first, which sets all gauges.
    const isFirst = gauges.size === 0;
    gauges.set(new Gauge({ name, help, registers: [registry], ...(isFirst && { collect }) }), us);
  }
  let tickedAtMs: number | null = null;
  return (nowMs) => {
    const delayMs = tickedAtMs === null ? 0 : nowMs - tickedAtMs - TICK_EVERY_MS;
    tickedAtMs = nowMs;
    // A histogram counts whole numbers from 1.
    delays.record(Math.min(Math.max(1, Math.round(delayMs * 1_000)), DELAY_US_MAX));
  };
}
