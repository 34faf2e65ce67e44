import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Instant } from '@farandole/kernel/clock';
import { SimClock } from '@farandole/kernel/testing/sim-clock';
import { RECEIPT_LIFETIME_MS } from '@farandole/protocol/limits';
import { IN_MEMORY } from '@farandole/storage/sqlite/node-sqlite';
import { SqliteHere } from '@farandole/storage/sqlite/sqlite-here';
import fc from 'fast-check';
import { KeyStore } from '../src/keys/key-store.ts';
import { newKeys } from '../src/keys/keys.ts';
import { NodeSigner } from '../src/keys/signer.ts';
import {
  KEY_CHECK_EVERY_MS,
  KEY_GENERATIONS_MAX,
  KEY_RETIRED_KEPT_MS,
  KEY_ROTATE_AFTER_MS,
} from '../src/limits.ts';
import { firstTextKeyOf } from '../src/store/open-store.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;

const instantOf = (clock: SimClock): Instant => ({
  monotonicMs: clock.monotonicMs(),
  wallMs: clock.wallMs(),
});

/** A node that checks on schedule whether to rotate its keys. The test moves the node's date. */
class Node {
  readonly clock = new SimClock();
  readonly store: KeyStore;
  readonly signer: NodeSigner;
  /** All receipts made so far, each with the monotonic time at which it was made. */
  readonly #receipts: { readonly token: string; readonly atMonotonicMs: number }[] = [];

  private constructor(store: KeyStore) {
    this.store = store;
    this.signer = new NodeSigner(() => store.ring);
  }

  static async start(t: TestContext): Promise<Node> {
    const keys = newKeys();
    const store = await SqliteHere.open(IN_MEMORY, firstTextKeyOf(keys), keys.words);
    t.after(() => store.close());
    const file = { path: '/nowhere', keys };
    return new Node(await KeyStore.open(store, file, instantOf(new SimClock())));
  }

  get now(): Instant {
    return instantOf(this.clock);
  }

  giveReceipt(): void {
    const token = this.signer.seal('session', 'a receipt');
    this.#receipts.push({ token, atMonotonicMs: this.clock.monotonicMs() });
  }

  async pass(ms: number): Promise<void> {
    for (let passedMs = 0; passedMs < ms; passedMs += KEY_CHECK_EVERY_MS) {
      this.clock.advance(Math.min(KEY_CHECK_EVERY_MS, ms - passedMs));
      await this.store.rotateIfDue(this.now);
    }
  }

  async jump(ms: number): Promise<void> {
    this.clock.jumpWall(ms);
    await this.store.rotateIfDue(this.now);
  }

  /** Counts the receipts within their lifetime, and how many of these receipts open. */
  count(): { readonly young: number; readonly opened: number } {
    const young = this.#receipts.filter(
      ({ atMonotonicMs }) => this.clock.monotonicMs() - atMonotonicMs < RECEIPT_LIFETIME_MS,
    );
    const opened = young.filter(({ token }) => this.signer.open('session', token) !== null);
    return { young: young.length, opened: opened.length };
  }

  get oldestOpens(): boolean {
    const [oldest] = this.#receipts;
    return oldest !== undefined && this.signer.open('session', oldest.token) !== null;
  }

  get generations(): number {
    return this.store.ring.generations.length;
  }
}

test('decrypts a receipt throughout its lifetime and drops its key days later', async (t) => {
  const node = await Node.start(t);
  node.giveReceipt();
  await node.pass(KEY_ROTATE_AFTER_MS + KEY_RETIRED_KEPT_MS - KEY_CHECK_EVERY_MS);
  assert.equal(node.oldestOpens, true);
  await node.pass(KEY_ROTATE_AFTER_MS);
  assert.equal(node.oldestOpens, false);
  await node.pass(30 * DAY_MS);
  assert.ok(node.generations <= 5, `${node.generations} keys after a month`);
});

test('decrypts a receipt throughout its lifetime, however the date jumps', async (t) => {
  let jumps = 0;
  let receipts = 0;
  const jump = fc.constantFrom(-30, -2, -1, 1, 2, 30).map((days) => ({ jumpMs: days * DAY_MS }));
  const pass = fc.integer({ min: 1, max: 30 }).map((hours) => ({ passMs: hours * 3_600_000 }));
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof({ weight: 1, arbitrary: jump }, { weight: 4, arbitrary: pass }), {
        minLength: 4,
        maxLength: 16,
      }),
      async (steps) => {
        const node = await Node.start(t);
        for (const step of steps) {
          node.giveReceipt();
          if ('jumpMs' in step) {
            await node.jump(step.jumpMs);
            jumps += 1;
          } else await node.pass(step.passMs);
          const { young, opened } = node.count();
          assert.equal(opened, young);
          receipts += young;
          assert.ok(node.generations <= KEY_GENERATIONS_MAX);
        }
      },
    ),
    {
      numRuns: 40,
      // Counterexamples aren't shrunk, because each run takes long and shrinking would take minutes.
      endOnFailure: true,
      // The second of these two jumps could be mistaken for an ordinary day.
      examples: [[[{ passMs: 25 * 3_600_000 }, { jumpMs: 30 * DAY_MS }, { jumpMs: DAY_MS }]]],
    },
  );
  assert.ok(jumps > 20 && receipts > 100, 'dates were moved and receipts were shown');
});

test('keeps KEY_GENERATIONS_MAX keys and replaces the oldest', async (t) => {
  const node = await Node.start(t);
  node.giveReceipt();
  // Each jump must add a key and the next day's, so the test fails at the first jump that doesn't.
  for (let keys = 4, way = 1; keys <= KEY_GENERATIONS_MAX; keys += 2, way = -way) {
    await node.jump(way * keys * 10 * DAY_MS);
    assert.equal(node.generations, keys);
  }
  assert.equal(node.oldestOpens, true);
  await node.jump(10_000 * DAY_MS);
  assert.equal(node.generations, KEY_GENERATIONS_MAX);
  assert.equal(node.oldestOpens, false);
});
