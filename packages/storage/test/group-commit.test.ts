import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Records } from '@farandole/moderation/store/records';
import { GroupCommit, type GroupCommitOptions, type OpenTransaction } from '../src/group-commit.ts';
import { ATTEMPTS_MAX, BATCH_MAX, PENDING_MAX } from '../src/limits.ts';

class Scripted {
  /**
   * Operations of each transaction in order, as letters: m (mark a savepoint), b (back to the
   * savepoint), v (verify), c (commit), r (roll back).
   */
  readonly log: string[] = [];
  readonly gates: PromiseWithResolvers<void>[] = [];
  /** Number of times that `verify` throws before it succeeds. */
  faults = 0;
  isGated = false;
  readonly commit: GroupCommit;

  constructor(options: GroupCommitOptions = {}) {
    this.commit = new GroupCommit(() => this.#begin(), options);
  }

  async #begin(): Promise<OpenTransaction> {
    const at = this.log.push('') - 1;
    const say = (letter: string): void => {
      this.log[at] += letter;
    };
    const verify = async () => {
      say('v');
      if (this.faults-- > 0) throw new Error('a fault of the test');
      return { ok: true, rows: 0, head: 0 } as const;
    };
    return {
      records: { audit: { verify } } as unknown as Records,
      mark: async () => say('m'),
      backToMark: async () => say('b'),
      commit: async () => {
        say('c');
        if (!this.isGated) return;
        const gate = Promise.withResolvers<void>();
        this.gates.push(gate);
        await gate.promise;
      },
      rollback: async () => say('r'),
    };
  }

  run(): Promise<unknown> {
    return this.commit.run('audit.verify', null);
  }

  /**
   * Waits until the transaction with this index is about to commit. Resolving the result lets
   * the transaction commit.
   */
  async gate(at: number): Promise<PromiseWithResolvers<void>> {
    for (;;) {
      const gate = this.gates[at];
      if (gate !== undefined) return gate;
      await new Promise(setImmediate);
    }
  }
}

describe('the store commits concurrent commands in groups', () => {
  it('[ST-1, ST-4] groups commands that arrive during a commit; answers after the commit', async () => {
    const scripted = new Scripted();
    scripted.isGated = true;
    let answered = 0;
    const ask = async (): Promise<void> => {
      await scripted.run();
      answered += 1;
    };
    const first = ask();
    const gate = await scripted.gate(0);
    const others = Array.from({ length: 10 }, ask);
    await new Promise(setImmediate);
    assert.equal(answered, 0);
    assert.deepEqual(scripted.log, ['vc']);
    gate.resolve();
    await first;
    const second = await scripted.gate(1);
    assert.equal(answered, 1);
    assert.deepEqual(scripted.log, ['vc', `${'mv'.repeat(10)}c`]);
    second.resolve();
    await Promise.all(others);
    assert.equal(answered, 11);
  });

  it('[ST-4] runs commands above the batch limit in the next transaction', async () => {
    const scripted = new Scripted();
    await Promise.all(Array.from({ length: BATCH_MAX + 1 }, () => scripted.run()));
    assert.deepEqual(scripted.log, [`${'mv'.repeat(BATCH_MAX)}c`, 'vc']);
  });

  it('[ST-4] reports a failed commit to each of its commands and continues', async () => {
    const scripted = new Scripted();
    scripted.isGated = true;
    const asked = Promise.allSettled([scripted.run(), scripted.run()]);
    (await scripted.gate(0)).reject(new Error('the disk is full'));
    for (const outcome of await asked) {
      assert.equal(outcome.status, 'rejected');
      const { code, message } = outcome.reason as { code: string; message: string };
      assert.deepEqual([code, message], ['failed', 'the disk is full']);
    }
    scripted.isGated = false;
    await scripted.run();
    assert.deepEqual(scripted.log, ['mvmvcr', 'vc']);
  });

  it('[ST-2] rolls back a failed command without the others of its batch', async () => {
    const scripted = new Scripted();
    scripted.faults = 1;
    const [first, second] = await Promise.allSettled([scripted.run(), scripted.run()]);
    assert.equal(first.status, 'rejected');
    assert.equal(second.status, 'fulfilled');
    assert.deepEqual(scripted.log, ['mvbmvc']);
  });

  it('[ST-2] rolls back a failed command that is alone in its transaction', async () => {
    const scripted = new Scripted();
    scripted.faults = 1;
    await assert.rejects(scripted.run(), { code: 'failed', message: 'a fault of the test' });
    assert.deepEqual(scripted.log, ['vr']);
  });

  it('[ST-3b] runs a transaction again that the database rolled back', async () => {
    const scripted = new Scripted({ mayRepeat: () => true });
    scripted.faults = 2;
    await Promise.all([scripted.run(), scripted.run()]);
    assert.deepEqual(scripted.log, ['mvr', 'mvr', 'mvmvc']);
    scripted.faults = ATTEMPTS_MAX;
    await assert.rejects(scripted.run(), { message: 'a fault of the test' });
  });

  it('[ST-3c] runs as many transactions at a time as asked', async () => {
    const scripted = new Scripted({ batchMax: 1, parallel: 3 });
    scripted.isGated = true;
    const asked = Array.from({ length: 4 }, () => scripted.run());
    (await scripted.gate(2)).resolve();
    (await scripted.gate(3)).resolve();
    await Promise.all([asked[2], asked[3]]);
    const closed = scripted.commit.close();
    for (const gate of scripted.gates) gate.resolve();
    await closed;
    await Promise.all(asked);
    assert.deepEqual(scripted.log, ['vc', 'vc', 'vc', 'vc']);
  });

  it('[ST-5] refuses a command when too many are pending', async () => {
    const scripted = new Scripted();
    const asked = Array.from({ length: PENDING_MAX }, () => scripted.run());
    await assert.rejects(scripted.run(), { code: 'too-many' });
    await Promise.all(asked);
    await scripted.run();
  });
});
