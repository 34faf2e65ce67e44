import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Proof, ProofNeededReply } from '@farandole/protocol/http-api';
import { createChallenge } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/web/pbkdf2';
import { FakeTime, settle } from '../src/fakes/fake-time.ts';
import { PROOF_SHOWN_AFTER_MS, PROOF_WORKER_SILENT_MS } from '../src/signal/proof/limits.ts';
import type { FromProofWorker } from '../src/signal/proof/proof-worker.ts';
import { type ProofWorkerHandle, proveWith, sharing } from '../src/signal/proof/prover.ts';
import { ProofError, solve } from '../src/signal/proof/solve.ts';

const COUNTER = 40;

async function challenge(): Promise<ProofNeededReply> {
  const made = await createChallenge({
    algorithm: 'PBKDF2/SHA-256',
    cost: 2,
    counter: COUNTER,
    deriveKey,
    hmacSignatureSecret: 'a secret',
  });
  return { challenge: made as ProofNeededReply['challenge'], attemptsMax: 50 };
}

const PROOF = { challenge: {}, solution: { counter: 1, derivedKey: '00' } } as unknown as Proof;
const NEEDED = { challenge: {}, attemptsMax: 50 } as unknown as ProofNeededReply;

class FakeWorker implements ProofWorkerHandle {
  asked: ProofNeededReply | null = null;
  isEnded = false;
  fail: () => void = () => {};
  say: (data: FromProofWorker) => void = () => {};

  postMessage(needed: ProofNeededReply): void {
    this.asked = needed;
  }

  addEventListener(
    ...[type, listener]:
      | ['message', (event: { readonly data: FromProofWorker }) => void]
      | ['error', () => void]
  ): void {
    if (type === 'message') this.say = (data) => listener({ data });
    else this.fail = listener;
  }

  terminate(): void {
    this.isEnded = true;
  }
}

const HERE = { ...PROOF, solution: { counter: 2, derivedKey: '00' } };

function proving(solveHere: typeof solve = () => Promise.resolve(HERE)) {
  const time = new FakeTime();
  const worker = new FakeWorker();
  const shares: number[] = [];
  const ports = { openWorker: () => worker, solveHere, scheduler: time };
  const proof = proveWith(ports, NEEDED, (share) => shares.push(share));
  return { time, worker, shares, proof };
}

test('solves a challenge within its maximum of tries and reports the progress', async () => {
  const shares: number[] = [];
  const needed = await challenge();
  const { solution } = await solve(needed, (share) => shares.push(share));
  assert.equal(solution.counter, COUNTER);
  assert.equal(shares.length, COUNTER + 1);
  assert.ok(shares.every((share, index) => share > (shares[index - 1] ?? 0) && share <= 1));
});

test('solves a challenge in a worker and terminates the worker', async () => {
  const { worker, proof, time } = proving();
  assert.equal(worker.asked, NEEDED);
  worker.say({ proof: PROOF });
  assert.equal(await proof, PROOF);
  assert.ok(worker.isEnded);
  assert.equal(time.pending, 0);
});

test('reports progress only if the proof of work takes long', async () => {
  const { time, worker, shares, proof } = proving();
  worker.say({ share: 0.1 });
  await time.advance(PROOF_SHOWN_AFTER_MS - 1);
  assert.deepEqual(shares, []);
  await time.advance(1);
  assert.deepEqual(shares, [0.1]);
  worker.say({ share: 0.2 });
  assert.deepEqual(shares, [0.1, 0.2]);
  worker.say({ proof: PROOF });
  await proof;
});

test('solves the challenge in the page if the worker fails or never answers', async () => {
  for (const how of ['fails', 'error', 'silent'] as const) {
    const { time, worker, proof } = proving();
    if (how === 'fails') worker.say({ failed: true });
    else if (how === 'error') worker.fail();
    else await time.advance(PROOF_WORKER_SILENT_MS);
    assert.equal(await proof, HERE, how);
    assert.ok(worker.isEnded, how);
  }
  const time = new FakeTime();
  const openWorker = (): never => {
    throw new TypeError('no workers here');
  };
  const ports = { openWorker, solveHere: () => Promise.resolve(HERE), scheduler: time };
  assert.equal(await proveWith(ports, NEEDED, () => {}), HERE);
});

test('waits for a slow worker as long as the worker reports progress', async () => {
  const { time, worker, proof } = proving();
  for (let share = 0.1; share < 1; share += 0.1) {
    await time.advance(PROOF_WORKER_SILENT_MS - 1);
    worker.say({ share });
  }
  await settle();
  assert.ok(!worker.isEnded);
  worker.say({ proof: PROOF });
  assert.equal(await proof, PROOF);
});

test('returns null if neither worker nor page can solve the challenge', async () => {
  const { worker, proof } = proving(() => Promise.reject(new ProofError('no cryptography')));
  worker.fail();
  assert.equal(await proof, null);
});

test('shares a pending proof with the next request; later requests start another proof', async () => {
  const shares: string[] = [];
  const proofs: PromiseWithResolvers<Proof | null>[] = [];
  let advance: (share: number) => void = () => {};
  const prove = sharing((_, progress) => {
    advance = progress;
    const made = Promise.withResolvers<Proof | null>();
    proofs.push(made);
    return made.promise;
  });
  const first = prove(NEEDED, (share) => shares.push(`first ${share}`));
  advance(0.1);
  const second = prove(NEEDED, (share) => shares.push(`second ${share}`));
  advance(0.2);
  assert.equal(proofs.length, 1);
  proofs[0]?.resolve(PROOF);
  assert.equal(await first, PROOF);
  assert.equal(await second, PROOF);
  assert.deepEqual(shares, ['first 0.1', 'second 0.2']);
  void prove(NEEDED, () => {});
  assert.equal(proofs.length, 2);
});
