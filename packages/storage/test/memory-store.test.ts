import assert from 'node:assert/strict';
import { it } from 'node:test';
import { QUEUE_ORDERED_MAX, QUEUE_SHOWN_MAX } from '@farandole/moderation/limits';
import { MemoryStore } from '../src/memory-store.ts';
import { contracts } from './contracts.ts';
import { atDeskOf } from './support/at-desk.ts';
import { given } from './support/desk.ts';

contracts('memory', async () => new MemoryStore());

// Over one store alone, since thousands of cases take long: what it asks for is in the contracts.
it(
  '[MO-20, MO-76] however many cases wait, one that is pinned is the first that is shown',
  atDeskOf(async () => new MemoryStore())(async (desk) => {
    const sue = await desk.hire('sue', 'child-safety');
    const ana = await desk.hire('ana', 'moderator');
    const many = QUEUE_ORDERED_MAX + 10;
    for (let n = 0; n < many; n++) await desk.report(n, { by: `by-${n}`, of: `of-${n}` });
    await desk.report(many, { of: 'young', reason: 'may-be-under-18' });
    await desk.report(many + 1, { of: 'near', reason: 'self-harm' });
    const first = async (by: typeof sue) => {
      const queue = given(await desk.store.run('queue.read', { by, nowMs: desk.nowMs }));
      assert.equal(queue.length, QUEUE_SHOWN_MAX);
      return queue.slice(0, 3).map(({ of, priority }) => [of.subject, priority.pinned]);
    };
    const oldest = ['subject-of-0', false];
    const pinned = [
      ['subject-young', true],
      ['subject-near', true],
    ];
    assert.deepEqual(await first(sue), [...pinned, oldest]);
    const [, near] = pinned;
    assert.deepEqual(await first(ana), [near, oldest, ['subject-of-1', false]]);
  }),
);
