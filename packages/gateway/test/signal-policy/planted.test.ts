import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CandidateGate } from '@farandole/gateway/signal-policy/candidate-gate';
import type { SignalPolicy } from '@farandole/gateway/signal-policy/policy';
import { filterSdp } from '@farandole/gateway/signal-policy/sdp';
import { createPrng } from '@farandole/kernel/prng';
import { hostileCandidate, hostileSdp } from './mutate.ts';
import { findLeaks, findMediaAbove } from './oracle.ts';
import { kindsOf, situationOf } from './situations.ts';

// Tests that the oracle detects faults: each filter in this file is the real filter with one
// plausible bug. `hostile.test.ts` checks the real filter itself.

const SEEDS = 4_000;

type CandidateFilter = (lines: readonly string[], policy: SignalPolicy) => readonly string[];

const everything: ReadonlySet<string> = new (class extends Set<string> {
  override has(): boolean {
    return true;
  }
})();

/** Returns the real filter with one bug: it copies part of the sender's text into its result. */
function echoing(rewrite: (came: string, written: string) => string): CandidateFilter {
  return (lines, policy) => {
    const gate = new CandidateGate(policy);
    return lines.flatMap((line) => {
      const passed = gate.pass(line);
      return passed.ok ? [rewrite(line, passed.value)] : [];
    });
  };
}

const real = echoing((_, written) => written);

const faultyCandidateFilters: readonly (readonly [fault: string, CandidateFilter])[] = [
  ['everything passes', (lines) => lines],
  ['any host address', (lines, policy) => real(lines, { ...policy, hostAddresses: everything })],
  ['any relay', (lines, policy) => real(lines, { ...policy, relayAddresses: everything })],
  [
    'reflexive in relay-only mode',
    (lines, policy) => real(lines, { ...policy, allowsSrflx: true }),
  ],
  [
    'names in relay-only mode',
    (lines, policy) => real(lines, { ...policy, hostAddresses: policy.hostAddresses ?? new Set() }),
  ],
  ['a gate for each candidate', (lines, policy) => lines.flatMap((line) => real([line], policy))],
  ['the line is echoed', echoing((came) => came)],
  [
    'the related address is echoed',
    echoing((came, written) =>
      written.replace(/raddr \S+/, /raddr \S+/.exec(came)?.[0] ?? 'raddr 0.0.0.0'),
    ),
  ],
  [
    'the address is echoed as it was spelt',
    echoing((came, written) => written.replace(/ \S+ (\d+) typ/, ` ${came.split(' ')[4]} $1 typ`)),
  ],
  [
    'the foundation is echoed',
    echoing((came, written) => [came.split(' ')[0], ...written.split(' ').slice(1)].join(' ')),
  ],
  [
    'what a network costs is echoed',
    echoing(
      (came, written) =>
        `${written.replace(/ network-cost \d+/, '')}${/ network-cost \d+/.exec(came)?.[0] ?? ''}`,
    ),
  ],
  [
    'other pairs are echoed',
    echoing((came, written) => written + (/ x-place \S+/.exec(came)?.[0] ?? '')),
  ],
  [
    'TCP is let through',
    (lines, policy) =>
      real(
        lines.map((line) => line.replace(/ tcp /i, ' udp ')),
        policy,
      ).map((line) => line.replace(' udp ', ' tcp ')),
  ],
];

function candidatesLeak(filter: CandidateFilter): boolean {
  for (let seed = 0; seed < SEEDS; seed++) {
    const prng = createPrng(seed);
    const { policy, expected } = situationOf(seed);
    const lines = Array.from({ length: 10 }, () => hostileCandidate(prng));
    const text = filter(lines, policy).join('\r\n');
    if (findLeaks(text, { ...expected, candidates: true }).length > 0) return true;
  }
  return false;
}

for (const [fault, filter] of faultyCandidateFilters) {
  test(`[SP-44] the oracle detects a faulty candidate filter: ${fault}`, () => {
    assert.ok(candidatesLeak(filter));
  });
}

type SdpFault = (came: string, written: string) => string;

const linesOf = (sdp: string, pattern: RegExp): readonly string[] =>
  sdp.split('\r\n').filter((line) => pattern.test(line));

/**
 * Returns a faulty filter that copies SDP lines that match the pattern unchanged from the
 * sender's description.
 */
function keeping(pattern: RegExp): SdpFault {
  return (came, written) =>
    written +
    linesOf(came, pattern)
      .map((line) => `${line}\r\n`)
      .join('');
}

const sdpFaults: readonly (readonly [fault: string, SdpFault])[] = [
  ['nothing is filtered', (came) => came],
  ['connection addresses are kept', keeping(/^c=/)],
  ['the origin is kept', keeping(/^o=/)],
  ['ports are kept', keeping(/^m=/)],
  ['a=rtcp is kept', keeping(/^a=rtcp:/)],
  ['a=remote-candidates is kept', keeping(/^a=remote-candidates/)],
  ['a=ice-lite is kept', keeping(/^a=ice-lite/)],
  ['a=crypto is kept', keeping(/^a=crypto/)],
  ['a=identity is kept', keeping(/^a=identity/)],
  ['a=source-filter is kept', keeping(/^a=source-filter/)],
  ['unknown attributes are kept', keeping(/^a=x-/)],
  ['candidates are kept', keeping(/^a=candidate/)],
  ['links are kept', keeping(/^u=/)],
  ['names of sources are not looked at', keeping(/^a=ssrc:/)],
  ['names of streams are kept', keeping(/^a=msid:/)],
  ['names of media are not looked at', keeping(/^a=mid:/)],
  ['groups are not looked at', keeping(/^a=group:/)],
  ['parameters of formats are not looked at', keeping(/^a=fmtp:/)],
  ['feedback is not looked at', keeping(/^a=rtcp-fb:/)],
  ['header extensions are not looked at', keeping(/^a=extmap:/)],
];

function descriptionsLeak(fault: SdpFault): boolean {
  for (let seed = 0; seed < SEEDS; seed++) {
    const { type, sdp } = hostileSdp(createPrng(seed));
    const { policy, expected } = situationOf(seed);
    const gate = new CandidateGate(policy);
    const result = filterSdp(sdp, { type, gate, candidates: 'strip', kinds: ['audio', 'video'] });
    if (!result.ok) continue;
    const written = fault(sdp, result.value.sdp);
    if (findLeaks(written, { ...expected, candidates: false }).length > 0) return true;
  }
  return false;
}

for (const [fault, plant] of sdpFaults) {
  test(`[SP-44] the oracle detects a faulty description filter: ${fault}`, () => {
    assert.ok(descriptionsLeak(plant));
  });
}

test('[SP-46] the oracle detects a filter that lets a picture through in a call without one', () => {
  const found = Array.from({ length: SEEDS }, (_, seed) => {
    const { type, sdp } = hostileSdp(createPrng(seed));
    const gate = new CandidateGate(situationOf(seed).policy);
    // The fault: the filter doesn't know the mode of the call.
    const result = filterSdp(sdp, { type, gate, candidates: 'strip', kinds: ['audio', 'video'] });
    return result.ok ? findMediaAbove(result.value.sdp, kindsOf(seed)) : [];
  });
  assert.ok(found.some((lines) => lines.length > 0));
});
