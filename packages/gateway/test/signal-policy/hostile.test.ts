import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CandidateGate } from '@farandole/gateway/signal-policy/candidate-gate';
import type { SdpFilterOptions } from '@farandole/gateway/signal-policy/sdp';
import { filterSdp } from '@farandole/gateway/signal-policy/sdp';
import { createPrng } from '@farandole/kernel/prng';
import fc from 'fast-check';
import { hostileCandidate, hostileSdp } from './mutate.ts';
import { findLeaks } from './oracle.ts';
import { situationOf } from './situations.ts';

/** Room for ` raddr 0.0.0.0 rport 0` and a foundation of two digits, for each of 32 candidates. */
const CANDIDATE_GROWTH_CHARS_MAX = 24;
/** Room for a head and for a `c=` line in each of three media, where there were none. */
const SDP_GROWTH_CHARS_MAX = 100;

test('[SP-42] 100,000 hostile candidates: nothing passes that the pair may not see', () => {
  const passedByType = new Map<string, number>();
  for (let seed = 0; seed < 10_000; seed++) {
    const prng = createPrng(seed);
    const { policy, expected } = situationOf(seed);
    const gate = new CandidateGate(policy);
    const written: string[] = [];
    for (let i = 0; i < 10; i++) {
      const line = hostileCandidate(prng);
      const passed = gate.pass(line);
      if (!passed.ok) continue;
      written.push(passed.value);
      assert.ok(passed.value.length <= line.length + CANDIDATE_GROWTH_CHARS_MAX, `seed ${seed}`);
      const type = passed.value.split(' ')[7] ?? '';
      passedByType.set(type, (passedByType.get(type) ?? 0) + 1);
    }
    const text = written.join('\r\n');
    assert.deepEqual(findLeaks(text, { ...expected, candidates: true }), [], `seed ${seed}`);
    const again = new CandidateGate(policy);
    const twice = written.map((line) => again.pass(line));
    assert.deepEqual(
      twice.map((passed) => (passed.ok ? passed.value : passed.reason)),
      written,
      `seed ${seed}: filtering twice is filtering once`,
    );
  }
  for (const type of ['host', 'srflx', 'relay']) {
    const passed = passedByType.get(type) ?? 0;
    assert.ok(passed > 500, `only ${passed} ${type} candidates passed, so little was tried`);
  }
});

test('[SP-40] [SP-41] [SP-42] 50,000 hostile descriptions: no place, no growth, nothing new the second time', () => {
  const outcomes = new Map<string, number>();
  let candidates = 0;
  for (let seed = 0; seed < 50_000; seed++) {
    const prng = createPrng(seed);
    const { type, sdp } = hostileSdp(prng);
    const { policy, expected } = situationOf(seed);
    const mode = prng.chance(0.5) ? 'strip' : 'gate';
    const options = (): SdpFilterOptions => ({
      type,
      gate: new CandidateGate(policy),
      candidates: mode,
    });
    const result = filterSdp(sdp, options());
    const outcome = result.ok ? 'passed' : result.reason;
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    if (!result.ok) continue;
    const written = result.value.sdp;
    const leaks = findLeaks(written, { ...expected, candidates: mode === 'gate' });
    assert.deepEqual(leaks, [], `seed ${seed}`);
    const kept = written.split('\r\na=candidate:').length - 1;
    candidates += kept;
    const growth = SDP_GROWTH_CHARS_MAX + kept * CANDIDATE_GROWTH_CHARS_MAX;
    assert.ok(written.length <= sdp.length + growth, `seed ${seed} grew`);
    const twice = filterSdp(written, options());
    assert.deepEqual(
      twice,
      { ok: true, value: { ...result.value, candidateRefusals: [] } },
      `seed ${seed}: filtering twice is filtering once`,
    );
  }
  assert.ok((outcomes.get('passed') ?? 0) > 15_000, `few passed: ${JSON.stringify([...outcomes])}`);
  assert.ok(outcomes.size > 8, `few reasons were met: ${JSON.stringify([...outcomes])}`);
  assert.ok(candidates > 5_000, `only ${candidates} candidates passed in descriptions`);
});

test('[SP-43] any text at all gives a description or a reason', () => {
  const line = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.constantFrom('v=0', 'o=- 1 2 IN IP4 x', 'm=video 9 UDP/TLS/RTP/SAVPF 96', 'a=', 'm=', '='),
    fc
      .tuple(fc.constantFrom('a=setup:', 'a=fmtp:', 'a=ssrc:', 'a=extmap:', 'a='), fc.string())
      .map((parts) => parts.join('')),
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.array(line, { maxLength: 20 }).map((lines) => `${lines.join('\r\n')}\r\n`),
    fc
      .array(line, { maxLength: 20 })
      .map((lines) => ['v=0', 'o=- 1 2 IN IP4 x', ...lines, ''].join('\r\n')),
  );
  fc.assert(
    fc.property(text, fc.nat(3), fc.constantFrom('offer', 'answer'), (sdp, index, type) => {
      const gate = new CandidateGate(situationOf(index).policy);
      const result = filterSdp(sdp, { type, gate, candidates: 'gate' });
      assert.equal(typeof (result.ok ? result.value.sdp : result.reason), 'string');
      const passed = gate.pass(sdp);
      assert.equal(typeof (passed.ok ? passed.value : passed.reason), 'string');
    }),
    { numRuns: 5_000 },
  );
});
