import { type StatsReports, selectedPair } from './stats-reports.ts';

/**
 * Statistics of a connection at one moment. The counters start at 0 when the connection is made.
 */
export interface LinkStats {
  readonly rttMs: number | null;
  readonly packetsReceived: number;
  readonly packetsLost: number;
  /** Jitter of the received audio in milliseconds, or `null` if no audio is received. */
  readonly jitterMs: number | null;
  /** Total time for which the received picture was frozen, in milliseconds. */
  readonly frozenMs: number;
  /**
   * Share of our packets that were lost recently, as reported by the peer. It is `null` before the
   * peer's first report.
   */
  readonly lossOut: number | null;
  readonly sentHeight: number | null;
}

/** Adds up the browser's statistics reports. Returns `null` if no path is in use. */
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
        // `packetsLost` may decrease, because a packet that was counted as lost can still arrive.
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
