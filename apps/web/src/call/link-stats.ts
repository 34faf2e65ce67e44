import { type StatsReports, selectedPair } from './stats-reports.ts';

/** Statistics at one moment. The counters start at 0 with the connection. */
export interface LinkStats {
  /** Round-trip time of the current path; `null` if unknown. */
  readonly rttMs: number | null;
  readonly packetsReceived: number;
  readonly packetsLost: number;
  /** Jitter of the received audio; `null` without audio. */
  readonly jitterMs: number | null;
  /** Total time with a frozen picture, in milliseconds. */
  readonly frozenMs: number;
  /** Recent packet loss as reported by the peer; `null` before the first report. */
  readonly lossOut: number | null;
  readonly sentHeight: number | null;
}

/** Sums the browser's reports. Returns `null` if there is no path. */
export function linkStatsOf(reports: StatsReports): LinkStats | null {
  const pair = selectedPair(reports);
  if (pair === null) return null;
  const sum = { packetsReceived: 0, packetsLost: 0, frozenMs: 0 };
  let jitterMs: number | null = null;
  let lossOut: number | null = null;
  let sentHeight: number | null = null;
  for (const report of reports.values()) {
    switch (report.type) {
      case 'inbound-rtp':
        sum.packetsReceived += report.packetsReceived ?? 0;
        // `packetsLost` may decrease, because a packet counted as lost can still arrive.
        sum.packetsLost += report.packetsLost ?? 0;
        sum.frozenMs += 1_000 * (report.totalFreezesDuration ?? 0);
        if (report.kind === 'audio' && report.jitter !== undefined)
          jitterMs = 1_000 * report.jitter;
        break;
      case 'remote-inbound-rtp':
        if (report.fractionLost !== undefined)
          lossOut = Math.max(lossOut ?? 0, report.fractionLost);
        break;
      case 'outbound-rtp':
        if (report.frameHeight !== undefined) sentHeight = report.frameHeight;
    }
  }
  const { currentRoundTripTime } = pair;
  const rttMs = currentRoundTripTime === undefined ? null : 1_000 * currentRoundTripTime;
  return { ...sum, rttMs, jitterMs, lossOut, sentHeight };
}
