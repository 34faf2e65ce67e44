import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linkStatsOf } from '../src/call/link-stats.ts';
import { type StatsReport, wayOf } from '../src/call/stats-reports.ts';

const reports = (...list: readonly (StatsReport & { readonly id: string })[]) =>
  new Map(list.map((report) => [report.id, report]));

const PAIR = {
  id: 'pair',
  type: 'candidate-pair',
  localCandidateId: 'mine',
  remoteCandidateId: 'theirs',
  currentRoundTripTime: 0.25,
  nominated: true,
  state: 'succeeded',
};
const MINE = { id: 'mine', type: 'local-candidate', candidateType: 'host' };
const THEIRS = { id: 'theirs', type: 'remote-candidate', candidateType: 'relay' };
const TRANSPORT = { id: 'transport', type: 'transport', selectedCandidatePairId: 'pair' };

test('reports a relayed path if either end uses a relay', () => {
  assert.equal(wayOf(reports(TRANSPORT, PAIR, MINE, THEIRS)), 'relay');
  assert.equal(
    wayOf(reports(TRANSPORT, PAIR, MINE, { ...THEIRS, candidateType: 'host' })),
    'direct',
  );
});

test("reads the transport's selected candidate pair, or else the nominated one", () => {
  const other = { ...PAIR, id: 'other', currentRoundTripTime: 9 };
  assert.equal(linkStatsOf(reports(other, TRANSPORT, PAIR))?.rttMs, 250);
  assert.equal(linkStatsOf(reports({ ...other, nominated: false }, PAIR))?.rttMs, 250);
  assert.equal(linkStatsOf(reports({ ...PAIR, nominated: false })), null);
  assert.equal(wayOf(reports()), null);
});

test('sums connection statistics of audio and video in both directions', () => {
  const stats = linkStatsOf(
    reports(
      TRANSPORT,
      PAIR,
      {
        id: 'sound',
        type: 'inbound-rtp',
        kind: 'audio',
        packetsReceived: 100,
        packetsLost: 3,
        jitter: 0.012,
      },
      {
        id: 'picture',
        type: 'inbound-rtp',
        kind: 'video',
        packetsReceived: 400,
        packetsLost: 7,
        jitter: 9,
        totalFreezesDuration: 1.5,
      },
      { id: 'heard', type: 'remote-inbound-rtp', kind: 'audio', fractionLost: 0.02 },
      { id: 'seen', type: 'remote-inbound-rtp', kind: 'video', fractionLost: 0.05 },
      { id: 'sent', type: 'outbound-rtp', kind: 'video', frameHeight: 360 },
    ),
  );
  assert.deepEqual(stats, {
    rttMs: 250,
    packetsReceived: 500,
    packetsLost: 10,
    jitterMs: 12,
    frozenMs: 1_500,
    lossOut: 0.05,
    sentHeight: 360,
  });
});

test('reports missing connection statistics as unknown, not 0', () => {
  const { currentRoundTripTime: _, ...silent } = PAIR;
  assert.deepEqual(linkStatsOf(reports(TRANSPORT, silent)), {
    rttMs: null,
    packetsReceived: 0,
    packetsLost: 0,
    jitterMs: null,
    frozenMs: 0,
    lossOut: null,
    sentHeight: null,
  });
});
