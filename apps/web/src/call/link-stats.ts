import { type StatsReports, selectedPair } from './stats-reports.ts';

/** A connection's statistics at one moment; what counts, counts from the connection's beginning. */
export interface LinkStats {
  /** There and back on the path in use, or null while it is unknown. */
  readonly rttMs: number | null;
  /** Of sound and picture together. */
  readonly packetsReceived: number;
  readonly packetsLost: number;
  /** Of the sound, or null without one. */
  readonly jitterMs: number | null;
  /** How long the picture has stood still. */
  readonly frozenMs: number;
  /** The share that the other side lost of late of what it was sent, or null before it told. */
  readonly lossOut: number | null;
  /** The picture that is sent, or null for none. */
  readonly sentHeight: number | null;
}

/** Adds up what the reports say; null while there is no path. */
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
        // It goes down where a packet that was counted lost comes late.
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
