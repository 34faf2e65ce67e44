import assert from 'node:assert/strict';
import { it } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { brandId, type NodeId } from '@farandole/kernel/id';
import { SimClock } from '@farandole/kernel/testing/sim-clock';
import { NODE_BEAT_MS, NODE_BEAT_TIMEOUT_MS, NODE_CLOCK_OFF_MS } from '../src/limits.ts';
import { ValkeyCluster } from '../src/valkey/valkey-cluster.ts';
import type { WireListener } from '../src/valkey/wire.ts';
import { LoopWire } from './support/loop-wire.ts';
import { FINGERPRINT, SECRET } from './support/valkey-node.ts';

/** Connections to a server that answers every beat. Its subscriptions can become silent. */
class BeatingWire extends LoopWire {
  isDeaf = false;
  resets = 0;
  /** Keys and arguments of the latest script. */
  asked: readonly unknown[] = [];
  readonly #clock: SimClock;
  #listener: WireListener | null = null;

  constructor(clock: SimClock) {
    super((channel, bytes) => {
      if (!this.isDeaf) this.deliver(channel, bytes);
    });
    this.#clock = clock;
  }

  override async run(
    _script: string,
    keys: readonly string[],
    args: readonly (string | number)[],
  ): Promise<unknown> {
    this.asked = [keys, args];
    return [this.#clock.wallMs(), 'ok'];
  }

  override attach(listener: WireListener): void {
    super.attach(listener);
    this.#listener = listener;
  }

  override reset(): void {
    this.resets += 1;
    this.isDeaf = false;
    this.#listener?.down();
    this.#listener?.up();
  }
}

const clock = new SimClock(1_000);
const now = () => ({ monotonicMs: clock.monotonicMs(), wallMs: clock.wallMs() });

async function join(wire: BeatingWire): Promise<ValkeyCluster> {
  const cluster = new ValkeyCluster({
    ...{ node: brandId<NodeId>('node-ada---'), secret: SECRET, fingerprint: FINGERPRINT },
    ...{ wire, online: () => 0, now, onArrived: () => {} },
    database: { id: null, isReached: () => true },
  });
  assert.equal(await cluster.join(), null);
  return cluster;
}

it('[CL-183] NODE_BEAT_TIMEOUT_MS: replaces connections that deliver nothing for this long', async () => {
  const wire = new BeatingWire(clock);
  const cluster = await join(wire);
  const pass = async (ms: number): Promise<void> => {
    for (let passedMs = 0; passedMs < ms; passedMs += 100) {
      clock.advance(100);
      cluster.tick(now());
      cluster.drain(now());
      await nextTurn();
      cluster.drain(now());
    }
  };
  await pass(10 * NODE_BEAT_MS);
  assert.equal(wire.resets, 0);
  wire.isDeaf = true;
  await pass(NODE_BEAT_TIMEOUT_MS - 100);
  assert.equal(wire.resets, 0);
  await pass(NODE_BEAT_MS + 100);
  assert.equal(wire.resets, 1);
  await pass(10 * NODE_BEAT_MS);
  assert.deepEqual([wire.resets, cluster.problem], [1, null]);
});

it('[CL-232] stops although Valkey doesn’t answer its goodbye', async (t) => {
  let close = (): void => {};
  const closed = new Promise<never>((_, reject) => {
    close = () => reject(new Error('The connection was closed.'));
  });
  const wire = new BeatingWire(clock);
  const cluster = await join(wire);
  wire.run = () => closed;
  wire.close = close;
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const closing = cluster.close();
  t.mock.timers.tick(NODE_BEAT_TIMEOUT_MS);
  await closing;
});

it('[CL-99] keeps a used name while any node’s date may be in its lifetime', async () => {
  const wire = new BeatingWire(clock);
  const cluster = await join(wire);
  cluster.useOnce('a-ticket', 60_000, () => {});
  assert.deepEqual(wire.asked, [['{farandole}:used:a-ticket'], [60_000 + 2 * NODE_CLOCK_OFF_MS]]);
});
