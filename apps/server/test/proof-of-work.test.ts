import assert from 'node:assert/strict';
import { test } from 'node:test';
import { proofFor } from '@farandole/e2e/proof';
import type { ProofNeededReply } from '@farandole/protocol/http-api';
import fc from 'fast-check';
import { ProofOfWork } from '../src/http/proof-of-work.ts';
import { attemptsFor, proofMsFor, type TicketApplicant } from '../src/http/proof-price.ts';
import {
  PROOF_ATTEMPTS_PER_MS,
  PROOF_HARM_FACTOR_MAX,
  PROOF_LIFETIME_MS,
  PROOF_LOAD_MS_MAX,
  PROOF_MS_MAX,
} from '../src/limits.ts';

const NETWORK = '203.0.113.0';
const NORMAL_MS = 500;

function proofs(machineMs: () => number = () => Date.now()): ProofOfWork {
  return new ProofOfWork({ secretOf: (network) => `secret of ${network}`, machineMs });
}

async function solved(needed: ProofNeededReply) {
  const proof = await proofFor(needed);
  assert.ok(proof !== null);
  return proof as { challenge: ProofNeededReply['challenge']; solution: { counter: number } };
}

test('[PR-80a] accepts each proof only once', async () => {
  const work = proofs();
  const proof = await solved(await work.challenge(NETWORK, 8));
  assert.equal(await work.accepts(NETWORK, proof), true);
  assert.equal(await work.accepts(NETWORK, proof), false);
  assert.equal(work.size, 1);
});

test('[PR-80a] accepts a proof on one node only, and alone if no node answers', async () => {
  const used = new Set<string>();
  const node = (isUnused: (signature: string) => Promise<boolean>): ProofOfWork => {
    return new ProofOfWork({ secretOf: (network) => network, machineMs: Date.now, isUnused });
  };
  const shared = async (signature: string): Promise<boolean> => {
    const isFirst = !used.has(signature);
    used.add(signature);
    return isFirst;
  };
  const [one, two, alone] = [node(shared), node(shared), node(async () => true)];
  const needed = await one.challenge(NETWORK, 8);
  const proof = await solved(needed);
  assert.equal(await two.accepts(NETWORK, { ...proof, solution: { counter: -1 } }), false);
  assert.equal(used.size, 0, 'a wrong proof uses nothing up');
  assert.equal(await two.accepts(NETWORK, proof), true);
  assert.equal(await one.accepts(NETWORK, proof), false);
  assert.equal(await alone.accepts(NETWORK, proof), true);
  assert.equal(await alone.accepts(NETWORK, proof), false);
});

test('[PR-80a] refuses proofs that are wrong, changed or of another network or server', async () => {
  const work = proofs();
  const needed = await work.challenge(NETWORK, 8);
  const proof = await solved(needed);
  const { challenge, solution } = proof;
  const { parameters } = challenge;
  const other = await solved(await work.challenge(NETWORK, 8));
  const elsewhere = new ProofOfWork({
    secretOf: (network) => `another ${network}`,
    machineMs: Date.now,
  });
  for (const wrong of [
    null,
    'a text',
    {},
    { challenge: null, solution },
    { challenge: { parameters: null, signature: challenge.signature }, solution },
    { challenge: { parameters }, solution },
    { challenge, solution: null },
    { challenge, solution: {} },
    { challenge, solution: other.solution },
    { challenge: { ...challenge, signature: other.challenge.signature }, solution },
    { challenge: { ...challenge, parameters: { ...parameters, cost: 1 } }, solution },
    { challenge: { ...challenge, parameters: { ...parameters, expiresAt: 4e9 } }, solution },
    await solved(await elsewhere.challenge(NETWORK, 8)),
  ]) {
    assert.equal(await work.accepts(NETWORK, wrong), false, JSON.stringify(wrong));
  }
  assert.equal(await work.accepts('198.51.100.0', proof), false);
  assert.equal(work.size, 0);
  assert.equal(await work.accepts(NETWORK, proof), true);
});

test('[PR-80a] refuses the proof of an expired challenge', async () => {
  const late = proofs(() => Date.now() - PROOF_LIFETIME_MS - 1_000);
  assert.equal(await late.accepts(NETWORK, await solved(await late.challenge(NETWORK, 8))), false);
  const early = proofs(() => Date.now() - PROOF_LIFETIME_MS + 60_000);
  assert.equal(await early.accepts(NETWORK, await solved(await early.challenge(NETWORK, 8))), true);
});

test('[PR-80b] a solution takes between half and all of the maximum attempts', async () => {
  const work = proofs();
  for (const attemptsMax of [1, 2, 3, 40]) {
    for (let times = 0; times < 20; times++) {
      const { solution } = await solved(await work.challenge(NETWORK, attemptsMax));
      assert.ok(solution.counter >= Math.floor(attemptsMax / 2), `${solution.counter}`);
      assert.ok(solution.counter <= attemptsMax - 1, `${solution.counter} of ${attemptsMax}`);
    }
  }
});

const applicants: fc.Arbitrary<TicketApplicant> = fc.record({
  isProven: fc.boolean(),
  harm: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
  isNetworkSanctioned: fc.boolean(),
  waitMs: fc.integer({ min: 0, max: 86_400_000 }),
  load: fc.double({ min: 0, max: 2, noNaN: true }),
});

const NOBODY: TicketApplicant = {
  isProven: false,
  harm: null,
  isNetworkSanctioned: false,
  waitMs: 0,
  load: 0,
};

test('[PR-80b] limits proof times, grows them with suspicion, exempts proven users', () => {
  fc.assert(
    fc.property(applicants, fc.integer({ min: 0, max: PROOF_MS_MAX }), (one, proofMs) => {
      const ms = proofMsFor(one, proofMs);
      if (one.isProven || proofMs === 0) return ms === 0;
      const worse = { ...one, waitMs: one.waitMs + 100, load: one.load + 0.1 };
      return (
        ms >= proofMs &&
        ms <= PROOF_MS_MAX &&
        attemptsFor(ms) <= PROOF_MS_MAX * PROOF_ATTEMPTS_PER_MS &&
        proofMsFor(worse, proofMs) >= ms &&
        proofMsFor({ ...one, harm: 1 }, proofMs) >= ms &&
        proofMsFor({ ...one, isNetworkSanctioned: true }, proofMs) >= ms
      );
    }),
  );
});

test('[PR-80b] sets the proof time of each kind of user', () => {
  const priceOf = (changes: Partial<TicketApplicant>) =>
    Math.round(proofMsFor({ ...NOBODY, ...changes }, NORMAL_MS));
  assert.deepEqual(
    {
      unknown: priceOf({}),
      clean: priceOf({ harm: 0.01 }),
      linked: priceOf({ harm: 0.2 }),
      restricted: priceOf({ harm: 0.9 }),
      network: priceOf({ isNetworkSanctioned: true }),
      waits: priceOf({ waitMs: 2_000 }),
      halfFull: priceOf({ load: 0.5 }),
      full: priceOf({ load: 1 }),
      all: priceOf({ harm: 1, waitMs: 3_600_000, load: 1 }),
      proven: priceOf({ isProven: true, harm: 0.9, load: 1 }),
    },
    {
      unknown: NORMAL_MS,
      clean: NORMAL_MS,
      linked: Math.round((NORMAL_MS * 0.2) / 0.03),
      restricted: NORMAL_MS * PROOF_HARM_FACTOR_MAX,
      network: NORMAL_MS * PROOF_HARM_FACTOR_MAX,
      waits: NORMAL_MS + 2_000,
      halfFull: NORMAL_MS,
      full: NORMAL_MS + PROOF_LOAD_MS_MAX,
      all: PROOF_MS_MAX,
      proven: 0,
    },
  );
});

test('[PR-80a] remembers only the newest accepted proofs', async () => {
  const work = new ProofOfWork({ secretOf: (network) => network, machineMs: Date.now }, 2);
  const all = [];
  for (let i = 0; i < 3; i++) all.push(await solved(await work.challenge(NETWORK, 2)));
  for (const proof of all) assert.equal(await work.accepts(NETWORK, proof), true);
  assert.equal(work.size, 2);
  assert.equal(await work.accepts(NETWORK, all[2]), false);
  assert.equal(await work.accepts(NETWORK, all[1]), false);
  assert.equal(await work.accepts(NETWORK, all[0]), true);
});
