import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Proof, ProofNeededReply } from '@farandole/protocol/http-api';
import { createChallenge } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/web/pbkdf2';
import { FakeTime, settle } from '../src/fakes/fake-time.ts';
import {
  PROGRESS_EVERY_MS,
  PROOF_SHOWN_AFTER_MS,
  PROOF_WORKER_SILENT_MS,
} from '../src/signal/proof/limits.ts';
import type { FromProofWorker } from '../src/signal/proof/proof-worker.ts';
import { type ProofWorkerHandle, Prover } from '../src/signal/proof/prover.ts';
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
  readonly #listeners: ((event: { readonly data: FromProofWorker }) => void)[] = [];
  readonly #faults: (() => void)[] = [];

  say(data: FromProofWorker): void {
    for (const listener of this.#listeners) listener({ data });
  }

  fail(): void {
    for (const listener of this.#faults) listener();
  }

  postMessage(needed: ProofNeededReply): void {
    this.asked = needed;
  }

  addEventListener(
    ...[type, listener]:
      | ['message', (event: { readonly data: FromProofWorker }) => void]
      | ['error', () => void]
  ): void {
    if (type === 'message') this.#listeners.push(listener);
    else this.#faults.push(listener);
  }

  terminate(): void {
    this.isEnded = true;
  }
}

const HERE = { ...PROOF, solution: { counter: 2, derivedKey: '00' } };

function fakeProver(solveHere: typeof solve = () => Promise.resolve(HERE)) {
  const time = new FakeTime();
  const workers: FakeWorker[] = [];
  const openWorker = (): FakeWorker => {
    const worker = new FakeWorker();
    workers.push(worker);
    return worker;
  };
  return { time, workers, prover: new Prover({ openWorker, solveHere, scheduler: time }) };
}

function proving(solveHere?: typeof solve) {
  const { time, workers, prover } = fakeProver(solveHere);
  const shares: number[] = [];
  const proof = prover.prove(NEEDED, (share) => shares.push(share));
  const [worker] = workers;
  assert.ok(worker !== undefined);
  return { time, worker, shares, proof };
}

test('solves a challenge within its maximum of tries and reports the progress', async () => {
  const shares: number[] = [];
  const needed = await challenge();
  let nowMs = 0;
  const clock = (): number => {
    nowMs += PROGRESS_EVERY_MS;
    return nowMs;
  };
  const { solution } = await solve(needed, (share) => shares.push(share), clock);
  assert.equal(solution.counter, COUNTER);
  assert.equal(shares.length, COUNTER + 1);
  assert.ok(shares.every((share, index) => share > (shares[index - 1] ?? 0) && share <= 1));
});

test('reports no progress before the first interval is over', async () => {
  const shares: number[] = [];
  await solve(
    await challenge(),
    (share) => shares.push(share),
    () => 0,
  );
  assert.deepEqual(shares, []);
});

test('solves a challenge in the worker that was prepared', async () => {
  const { workers, prover } = fakeProver();
  prover.prepare();
  prover.prepare();
  const proof = prover.prove(NEEDED, () => {});
  prover.prepare();
  const [worker, ...others] = workers;
  assert.ok(worker !== undefined);
  assert.equal(others.length, 0);
  assert.equal(worker.asked, NEEDED);
  prover.dismiss();
  assert.ok(!worker.isEnded, 'a worker with a challenge stays');
  worker.say({ proof: PROOF });
  assert.equal(await proof, PROOF);
  assert.ok(worker.isEnded);
});

test('ends a prepared worker that no challenge needs', () => {
  const { workers, prover } = fakeProver();
  prover.prepare();
  prover.dismiss();
  assert.ok(workers[0]?.isEnded);
  void prover.prove(NEEDED, () => {});
  assert.equal(workers.length, 2);
  assert.equal(workers[1]?.asked, NEEDED);
});

test('opens another worker if the prepared one failed to start', async () => {
  const { workers, prover } = fakeProver();
  prover.prepare();
  workers[0]?.fail();
  assert.ok(workers[0]?.isEnded);
  const proof = prover.prove(NEEDED, () => {});
  assert.equal(workers[0]?.asked, null);
  workers[1]?.say({ proof: PROOF });
  assert.equal(await proof, PROOF);
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
  const prover = new Prover({
    openWorker,
    solveHere: () => Promise.resolve(HERE),
    scheduler: time,
  });
  prover.prepare();
  assert.equal(await prover.prove(NEEDED, () => {}), HERE);
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
  const { time, workers, prover } = fakeProver();
  const shares: string[] = [];
  const first = prover.prove(NEEDED, (share) => shares.push(`first ${share}`));
  workers[0]?.say({ share: 0.1 });
  await time.advance(PROOF_SHOWN_AFTER_MS);
  const second = prover.prove(NEEDED, (share) => shares.push(`second ${share}`));
  workers[0]?.say({ share: 0.2 });
  assert.equal(workers.length, 1);
  workers[0]?.say({ proof: PROOF });
  assert.equal(await first, PROOF);
  assert.equal(await second, PROOF);
  assert.deepEqual(shares, ['first 0.1', 'second 0.2']);
  void prover.prove(NEEDED, () => {});
  assert.equal(workers.length, 2);
});
