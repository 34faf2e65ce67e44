import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CLEAN, FakeFrame } from '../../src/fakes/fake-classifier.ts';
import { FakeTime } from '../../src/fakes/fake-time.ts';
import { ClassifierError, type ClassifierFault } from '../../src/shield/classifier.ts';
import { ANSWER_WITHIN_MS, STALLED_AFTER_MS, START_WITHIN_MS } from '../../src/shield/limits.ts';
import type { FromWorker, ToWorker } from '../../src/shield/worker/worker-messages.ts';
import { WorkerClassifier, type WorkerHandle } from '../../src/shield/worker-classifier.ts';

class FakeWorker implements WorkerHandle {
  readonly asked: ToWorker[] = [];
  readonly transferred: Transferable[] = [];
  terminated = false;
  readonly #messages: ((event: MessageEvent<FromWorker>) => void)[] = [];
  readonly #errors: (() => void)[] = [];

  postMessage(message: ToWorker, transfer: Transferable[] = []): void {
    this.asked.push(message);
    this.transferred.push(...transfer);
  }

  addEventListener(
    type: 'message' | 'error',
    listener: ((event: MessageEvent<FromWorker>) => void) | (() => void),
  ): void {
    if (type === 'message') this.#messages.push(listener);
    else this.#errors.push(listener as () => void);
  }

  terminate(): void {
    this.terminated = true;
  }

  say(data: FromWorker): void {
    for (const listener of this.#messages) listener(new MessageEvent('message', { data }));
  }

  breakDown(): void {
    for (const listener of this.#errors) listener();
  }
}

function scene() {
  const time = new FakeTime();
  const worker = new FakeWorker();
  return { time, worker, classifier: new WorkerClassifier(() => worker, time) };
}

const failsAs = (fault: ClassifierFault) => (error: unknown) =>
  error instanceof ClassifierError && error.fault === fault;

describe('classifier in its worker', () => {
  it('[SH-20] loads the classifier once and reports progress to later callers', async () => {
    const { worker, classifier } = scene();
    const seen: number[][] = [[], []];
    const first = classifier.load((share) => seen[0]?.push(share));
    worker.say({ say: 'progress', share: 0.25 });
    const second = classifier.load((share) => seen[1]?.push(share));
    worker.say({ say: 'progress', share: 1 });
    worker.say({ say: 'ready' });
    await Promise.all([first, second]);
    assert.deepEqual(seen, [
      [0, 0.25, 1],
      [0.25, 1],
    ]);
    assert.deepEqual(worker.asked, [{ ask: 'load' }]);
  });

  it('[SH-33] transfers pictures to the worker and matches answers to requests', async () => {
    const { worker, classifier } = scene();
    const loading = classifier.load(() => {});
    worker.say({ say: 'ready' });
    await loading;
    const frames = [new FakeFrame(), new FakeFrame()];
    const answers = frames.map((frame) => classifier.classify(frame, 'mirrored'));
    assert.deepEqual(worker.transferred, frames);
    const [, ...asked] = worker.asked;
    assert.ok(asked.every((message) => message.ask === 'classify' && message.pose === 'mirrored'));
    worker.say({ say: 'seen', id: 2, sight: { scores: CLEAN, luma: 2 } });
    worker.say({ say: 'seen', id: 1, sight: { scores: CLEAN, luma: 1 } });
    assert.deepEqual(
      (await Promise.all(answers)).map(({ luma }) => luma),
      [1, 2],
    );
  });

  it('[SH-20] reports “unreachable” when the classifier’s files fail to load or time out', async () => {
    const late = scene();
    const waiting = late.classifier.load(() => {});
    const told = assert.rejects(waiting, failsAs('unreachable'));
    await late.time.advance(START_WITHIN_MS);
    await told;
    assert.ok(late.worker.terminated);

    const blocked = scene();
    const refused = assert.rejects(
      blocked.classifier.load(() => {}),
      failsAs('unreachable'),
    );
    blocked.worker.breakDown();
    await refused;
  });

  it('[SH-3a] allows minutes of loading while bytes arrive, then time to start', async () => {
    const { time, worker, classifier } = scene();
    const seen: number[] = [];
    const loading = classifier.load((share) => seen.push(share));
    for (let part = 0; part <= 20; part += 1) {
      worker.say({ say: 'progress', share: part / 20 });
      await time.advance(STALLED_AFTER_MS - 1);
    }
    assert.equal(seen.length, 22);
    await time.advance(START_WITHIN_MS - STALLED_AFTER_MS);
    worker.say({ say: 'ready' });
    await loading;
    assert.equal(time.pending, 0);
  });

  it('[SH-3a] reports a stalled download and continues it in the same worker', async () => {
    const { time, worker, classifier } = scene();
    const stalled = assert.rejects(
      classifier.load(() => {}),
      failsAs('stalled'),
    );
    worker.say({ say: 'progress', share: 0.4 });
    await time.advance(STALLED_AFTER_MS);
    await stalled;
    assert.equal(worker.terminated, false);
    await assert.rejects(classifier.classify(new FakeFrame(), 'plain'), failsAs('stalled'));

    const seen: number[] = [];
    const loading = classifier.load((share) => seen.push(share));
    worker.say({ say: 'progress', share: 0.7 });
    worker.say({ say: 'progress', share: 1 });
    worker.say({ say: 'ready' });
    await loading;
    assert.deepEqual(seen, [0.4, 0.7, 1]);
    assert.deepEqual(worker.asked, [{ ask: 'load' }, { ask: 'load' }]);
    assert.equal(time.pending, 0);
  });

  it('[SH-3a] terminates a stalled worker when closed', async () => {
    const { time, worker, classifier } = scene();
    const stalled = assert.rejects(classifier.load(() => {}));
    worker.say({ say: 'failed', fault: 'stalled', cause: 'the line broke' });
    await stalled;
    classifier.close();
    assert.ok(worker.terminated);
    assert.equal(time.pending, 0);
  });

  it("[SH-20] reports “unsupported” in browsers without workers; forwards the worker's errors", async () => {
    const { time, worker, classifier } = scene();
    const forbidden = new WorkerClassifier(() => {
      throw new TypeError('not allowed');
    }, time);
    await assert.rejects(
      forbidden.load(() => {}),
      failsAs('unsupported'),
    );
    const loading = assert.rejects(
      classifier.load(() => {}),
      failsAs('unsupported'),
    );
    worker.say({ say: 'failed', fault: 'unsupported', cause: 'no SIMD' });
    await loading;
  });

  it('[SH-20] rejects all pending requests when the worker throws', async () => {
    const { worker, classifier } = scene();
    const loading = classifier.load(() => {});
    worker.say({ say: 'ready' });
    await loading;
    const waiting = assert.rejects(
      classifier.classify(new FakeFrame(), 'plain'),
      failsAs('crashed'),
    );
    worker.breakDown();
    await waiting;
    const frame = new FakeFrame();
    await assert.rejects(classifier.classify(frame, 'plain'), failsAs('crashed'));
    assert.ok(frame.closed);
    assert.ok(worker.terminated);
  });

  it('[SH-20] reports a crash when the worker hangs and leaves no timer', async () => {
    const { time, worker, classifier } = scene();
    const loading = classifier.load(() => {});
    worker.say({ say: 'ready' });
    await loading;
    const answered = classifier.classify(new FakeFrame(), 'plain');
    await time.advance(ANSWER_WITHIN_MS - 1);
    worker.say({ say: 'seen', id: 1, sight: { scores: CLEAN, luma: 1 } });
    await answered;
    assert.equal(time.pending, 0);
    const hanging = [1, 2].map(() =>
      assert.rejects(classifier.classify(new FakeFrame(), 'plain'), failsAs('crashed')),
    );
    await time.advance(ANSWER_WITHIN_MS);
    await Promise.all(hanging);
    assert.ok(worker.terminated);
    assert.equal(time.pending, 0);
  });

  it('[SH-20] stops loading and terminates the worker when closed', async () => {
    const { worker, classifier } = scene();
    const loading = assert.rejects(
      classifier.load(() => {}),
      failsAs('stopped'),
    );
    classifier.close();
    await loading;
    assert.ok(worker.terminated);
  });
});
