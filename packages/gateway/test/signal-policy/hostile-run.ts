import assert from 'node:assert/strict';
import { CandidateGate } from '@farandole/gateway/signal-policy/candidate-gate';
import { filterSdp, type SdpFilterOptions } from '@farandole/gateway/signal-policy/sdp';
import { createPrng } from '@farandole/kernel/prng';
import { hostileCandidate, hostileSdp } from './mutate.ts';
import { findLeaks, findMediaAbove } from './oracle.ts';
import { DESCRIPTION, kindsOf, MDNS, situationOf, wayOf } from './situations.ts';

/**
 * Maximum growth of a rewritten candidate, because rewriting may add ` raddr 0.0.0.0 rport 0`
 * and a two-digit foundation.
 */
const CANDIDATE_GROWTH_CHARS_MAX = 24;
/**
 * Maximum growth of a rewritten description, because rewriting may add a session head and a `c=`
 * line for each of three media.
 */
const SDP_GROWTH_CHARS_MAX = 100;

/** Number of candidates per random seed. All candidates of a seed pass through one filter. */
export const CANDIDATES_PER_SEED = 10;

export type Tally = Map<string, number>;

/**
 * Sends ten hostile candidates through one filter. Checks that only allowed candidates pass, and
 * that filtering a passed candidate again changes nothing.
 * @param passed counts of passed candidates by `wayOf`
 */
export function tryCandidates(seed: number, passed: Tally): void {
  const prng = createPrng(seed);
  const { name, policy, expected } = situationOf(seed);
  const gate = new CandidateGate(policy);
  const written: string[] = [];
  for (let i = 0; i < CANDIDATES_PER_SEED; i++) {
    const line = hostileCandidate(prng);
    const result = gate.pass(line);
    if (!result.ok) continue;
    written.push(result.value);
    assert.ok(result.value.length <= line.length + CANDIDATE_GROWTH_CHARS_MAX, `seed ${seed}`);
    const [, , , , address = '', , , type = ''] = result.value.split(' ');
    count(passed, wayOf(name, address.endsWith('.local') ? MDNS : type));
  }
  const text = written.join('\r\n');
  assert.deepEqual(findLeaks(text, { ...expected, candidates: true }), [], `seed ${seed}`);
  const again = new CandidateGate(policy);
  const twice = written.map((line) => again.pass(line));
  assert.deepEqual(
    twice.map((result) => (result.ok ? result.value : result.reason)),
    written,
    `seed ${seed}: filtering twice is filtering once`,
  );
}

/**
 * Filters one hostile description. Checks that the result leaks no address, has at most the
 * allowed length, and stays the same when filtered again.
 * @param outcomes counts of passed descriptions, refusals, and passed `candidates` inside
 * descriptions
 * @param passed counts by `wayOf`
 */
export function tryDescription(seed: number, outcomes: Tally, passed: Tally): void {
  const prng = createPrng(seed);
  const { type, sdp } = hostileSdp(prng);
  const { name, policy, expected } = situationOf(seed);
  const mode = prng.chance(0.5) ? 'strip' : 'gate';
  const options = (): SdpFilterOptions => ({
    type,
    gate: new CandidateGate(policy),
    candidates: mode,
    kinds: kindsOf(seed),
  });
  const result = filterSdp(sdp, options());
  count(outcomes, result.ok ? 'passed' : result.reason);
  if (!result.ok) return;
  count(passed, wayOf(name, DESCRIPTION));
  const written = result.value.sdp;
  const leaks = findLeaks(written, { ...expected, candidates: mode === 'gate' });
  assert.deepEqual(leaks, [], `seed ${seed}`);
  assert.deepEqual(findMediaAbove(written, kindsOf(seed)), [], `seed ${seed}`);
  const kept = written.split('\r\na=candidate:').length - 1;
  count(outcomes, 'candidates', kept);
  const growth = SDP_GROWTH_CHARS_MAX + kept * CANDIDATE_GROWTH_CHARS_MAX;
  assert.ok(written.length <= sdp.length + growth, `seed ${seed} grew`);
  const twice = filterSdp(written, options());
  assert.deepEqual(
    twice,
    { ok: true, value: { ...result.value, candidateRefusals: [] } },
    `seed ${seed}: filtering twice is filtering once`,
  );
}

function count(tally: Tally, what: string, by = 1): void {
  tally.set(what, (tally.get(what) ?? 0) + by);
}
