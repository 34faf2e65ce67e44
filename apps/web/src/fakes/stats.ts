import type { LinkStats } from '../call/link-stats.ts';
import type { StatsReports } from '../call/stats-reports.ts';

export function reportsOf(stats: LinkStats): StatsReports {
  const { rttMs, packetsReceived, packetsLost, jitterMs, frozenMs, lossOut, sentHeight } = stats;
  return new Map([
    ['transport', { type: 'transport', selectedCandidatePairId: 'pair' }],
    [
      'pair',
      {
        type: 'candidate-pair',
        ...(rttMs === null ? {} : { currentRoundTripTime: rttMs / 1_000 }),
      },
    ],
    [
      'sound',
      {
        type: 'inbound-rtp',
        kind: 'audio',
        packetsReceived,
        packetsLost,
        ...(jitterMs === null ? {} : { jitter: jitterMs / 1_000 }),
      },
    ],
    ['picture', { type: 'inbound-rtp', kind: 'video', totalFreezesDuration: frozenMs / 1_000 }],
    [
      'heard',
      { type: 'remote-inbound-rtp', ...(lossOut === null ? {} : { fractionLost: lossOut }) },
    ],
    ['sent', { type: 'outbound-rtp', ...(sentHeight === null ? {} : { frameHeight: sentHeight }) }],
  ]);
}
