import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CandidateGate } from '@farandole/gateway/signal-policy/candidate-gate';
import { filterSdp } from '@farandole/gateway/signal-policy/sdp';
import fc from 'fast-check';
import { CANDIDATES_PER_SEED, type Tally, tryCandidates, tryDescription } from './hostile-run.ts';
import { DESCRIPTION, kindsOf, situationOf, WAYS } from './situations.ts';

test('[SP-42] 100,000 hostile candidates reveal no address', () => {
  const passed: Tally = new Map();
  for (let seed = 0; seed < 100_000 / CANDIDATES_PER_SEED; seed++) tryCandidates(seed, passed);
  for (const way of WAYS) {
    if (way.endsWith(DESCRIPTION)) continue;
    const count = passed.get(way) ?? 0;
    assert.ok(count > 50, `only ${count} passed ${way}, so little was tried`);
  }
});

test('[SP-40] [SP-41] [SP-42] filtering 15,000 hostile descriptions leaks nothing, adds nothing, and is idempotent', () => {
  const [outcomes, passed]: [Tally, Tally] = [new Map(), new Map()];
  for (let seed = 0; seed < 15_000; seed++) tryDescription(seed, outcomes, passed);
  const all = JSON.stringify([...outcomes]);
  assert.ok((outcomes.get('passed') ?? 0) > 4_500, `few passed: ${all}`);
  for (const way of WAYS.filter((each) => each.endsWith(DESCRIPTION))) {
    assert.ok((passed.get(way) ?? 0) > 150, `few passed ${way}`);
  }
  assert.ok(outcomes.size > 9, `few reasons were met: ${all}`);
  assert.ok((outcomes.get('candidates') ?? 0) > 1_500, `few candidates passed: ${all}`);
});

test('[SP-43] the signalling filter never throws, whatever the text', () => {
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
    fc.property(text, fc.nat(), fc.constantFrom('offer', 'answer'), (sdp, index, type) => {
      const gate = new CandidateGate(situationOf(index).policy);
      const result = filterSdp(sdp, { type, gate, candidates: 'gate', kinds: kindsOf(index) });
      assert.equal(typeof (result.ok ? result.value.sdp : result.reason), 'string');
      const passed = gate.pass(sdp);
      assert.equal(typeof (passed.ok ? passed.value : passed.reason), 'string');
    }),
    { numRuns: 5_000 },
  );
});
