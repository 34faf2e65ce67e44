import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  CLEAN,
  EXPLICIT,
  FakeClassifier,
  FakeFrame,
  UNSURE,
} from '../../src/fakes/fake-classifier.ts';
import { FakeTime } from '../../src/fakes/fake-time.ts';
import { ClassifierError } from '../../src/shield/classifier.ts';
import { ClassifierKeeper } from '../../src/shield/classifier-keeper.ts';

async function kept() {
  const time = new FakeTime();
  const classifier = new FakeClassifier(time);
  const keeper = new ClassifierKeeper(() => Promise.resolve(classifier));
  keeper.load();
  await time.advance(1_000);
  assert.equal(keeper.state.value.state, 'ready');
  const ask = async (): Promise<string> => {
    const answer = keeper.classify(new FakeFrame(), 'plain').then(
      () => 'seen',
      (error: unknown) => (error instanceof ClassifierError ? error.fault : 'another error'),
    );
    await time.advance(1_000);
    return await answer;
  };
  return { classifier, keeper, ask };
}

const WRONG = {
  'not a number': { scores: { ...CLEAN, porn: Number.NaN } },
  'a negative score': { scores: { ...CLEAN, porn: -0.4, neutral: 1.3 } },
  'a score above 1': { scores: { ...CLEAN, neutral: 40 } },
  'only zeros': { scores: { drawing: 0, hentai: 0, neutral: 0, porn: 0, sexy: 0 } },
  'an infinite score': { scores: { ...CLEAN, sexy: Number.POSITIVE_INFINITY } },
  'an invalid brightness': { luma: Number.NaN },
} as const;

describe('shared classifier of a page', () => {
  it('[SH-20] accepts valid scores of the classifier', async () => {
    const { classifier, ask } = await kept();
    for (const scores of [CLEAN, UNSURE, EXPLICIT]) {
      classifier.scores = scores;
      assert.equal(await ask(), 'seen');
    }
  });

  for (const [name, answer] of Object.entries(WRONG)) {
    it(`[SH-20] treats a classifier that answers ${name} as failed`, async () => {
      const { classifier, keeper, ask } = await kept();
      Object.assign(classifier, answer);
      assert.equal(await ask(), 'crashed');
      const { value } = keeper.state;
      assert.ok(value.state === 'failed' && value.fault === 'crashed');
      assert.ok(classifier.closed);
    });
  }

  it('[SH-20] treats a classifier without scores or result as failed', async () => {
    for (const answer of [undefined, null, 'porn', { luma: 3 }, { scores: null, luma: 3 }]) {
      const { classifier, keeper, ask } = await kept();
      classifier.classify = () => Promise.resolve(JSON.parse(JSON.stringify(answer ?? null)));
      assert.equal(await ask(), 'crashed');
      assert.equal(keeper.state.value.state, 'failed');
    }
  });

  it('[SH-3a] continues a stalled download; after other failures opens another classifier', async () => {
    const time = new FakeTime();
    const opened: FakeClassifier[] = [];
    const keeper = new ClassifierKeeper(() => {
      const classifier = new FakeClassifier(time);
      opened.push(classifier);
      return Promise.resolve(classifier);
    });
    const load = async (fault: FakeClassifier['fault']) => {
      keeper.load();
      await time.quiet();
      const [last] = opened.slice(-1);
      assert.ok(last !== undefined);
      last.fault = fault;
      await time.advance(1_000);
      return keeper.state.value;
    };
    assert.deepEqual(await load('stalled'), { state: 'failed', fault: 'stalled' });
    assert.deepEqual(await load('unreachable'), { state: 'failed', fault: 'unreachable' });
    assert.equal(opened.length, 1);
    assert.deepEqual(await load(null), { state: 'ready' });
    assert.equal(opened.length, 2);
  });
});
