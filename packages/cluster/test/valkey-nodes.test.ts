import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { RunningTime } from '@farandole/e2e/running-time';
import { assertDefined } from '@farandole/kernel/assert';
import { brandId, type MatchId, type NodeId } from '@farandole/kernel/id';
import { NODE_BEAT_MS, NODE_FENCE_MS, NODE_GONE_MS } from '../src/limits.ts';
import { connectValkey } from '../src/valkey/connect.ts';
import { parseValkeyUrl } from '../src/valkey/location.ts';
import { poolOptions } from './support/tickets.ts';
import { until } from './support/until.ts';
import { openCluster } from './support/valkey-node.ts';
import {
  epochOf,
  isLater,
  startPoolNode,
  type ValkeyPoolNode,
} from './support/valkey-pool-node.ts';
import { startValkey, type TestValkey } from './support/valkey-server.ts';

const mintMatchId = (): MatchId => brandId<MatchId>(randomBytes(12).toString('base64url'));

let valkey: TestValkey;
let nodes: ValkeyPoolNode[] = [];
before(async () => {
  valkey = await startValkey();
});
after(async () => await valkey.stop());
beforeEach(async () => void (await valkey.command('FLUSHALL')));
afterEach(async () => {
  await Promise.all(nodes.map(async (node) => await node.close()));
  nodes = [];
});

async function start(count: number): Promise<readonly ValkeyPoolNode[]> {
  nodes = await Promise.all(
    Array.from(
      { length: count },
      async () => await startPoolNode(valkey.url, poolOptions({ mintMatchId })),
    ),
  );
  await until('all nodes know each other and one writer', () => isWhole(nodes));
  return nodes;
}

function isWhole(all: readonly ValkeyPoolNode[]): boolean {
  return (
    writers(all).length === 1 &&
    all.every(
      ({ cluster, owner }) => cluster.members().size === all.length && owner.epochs.length > 0,
    )
  );
}

function writers(all: readonly ValkeyPoolNode[]): readonly ValkeyPoolNode[] {
  return all.filter(({ host }) => host.epoch !== null);
}

/** Returns the only writer and the other nodes. */
function writerOf(all: readonly ValkeyPoolNode[]): [ValkeyPoolNode, ...ValkeyPoolNode[]] {
  const [writer] = writers(all);
  assert.ok(writer !== undefined);
  return [writer, ...all.filter((node) => node !== writer)];
}

/** Submits a ticket at each node, and waits until all are matched. */
async function matchAll(all: readonly ValkeyPoolNode[], name: string): Promise<void> {
  const earlier = matchesOf(all).length;
  for (const [at, node] of all.entries()) node.submit(`${name}-${at}`);
  await until(`matches of ${name}`, () => matchesOf(all).length === earlier + all.length);
}

function matchesOf(all: readonly ValkeyPoolNode[]): readonly MatchId[] {
  return all.flatMap(({ owner }) => [...owner.matches.values()].flat().map(({ id }) => id));
}

function send(from: ValkeyPoolNode, to: NodeId, text: string): void {
  from.turn(() => from.cluster.send(to, { type: 'bridge.up', v: 1, socket: 's', text }));
}

function textsAt(node: ValkeyPoolNode): readonly string[] {
  return node.received.map(({ message }) => ('text' in message ? message.text : ''));
}

describe('nodes share one pool over a real Valkey server', () => {
  it('[CL-10, CL-31] matches the tickets of three nodes once, by one writer', async () => {
    const all = await start(3);
    for (let round = 0; round < 20; round++) {
      for (const [at, node] of all.entries()) node.submit(`round-${round}-${at}`);
    }
    // Two nodes have an odd number of tickets, so at least one match is between nodes.
    for (const [at, node] of all.slice(0, 2).entries()) node.submit(`odd-${at}`);
    await until('62 tickets are matched', () => matchesOf(all).length === 62);
    const counts = new Map<MatchId, number>();
    for (const id of matchesOf(all)) counts.set(id, (counts.get(id) ?? 0) + 1);
    assert.equal(counts.size, 31);
    assert.ok([...counts.values()].every((count) => count === 2));
    const acrossNodes = [...counts.keys()].filter((id) =>
      all.every(
        ({ owner }) => [...owner.matches.values()].flat().filter((m) => m.id === id).length < 2,
      ),
    );
    assert.ok(acrossNodes.length > 0, 'some matches are between nodes');
    assert.equal(writers(all).length, 1);
  });

  it('[CL-42, CL-95] another node takes over from a writer that stops, at once', async () => {
    const all = await start(3);
    const [writer, ...others] = writerOf(all);
    using time = new RunningTime();
    writer.host.stop();
    await writer.close();
    await until('another node writes', () => writers(others).length === 1);
    assert.ok(time.ms < 1_500);
    await until('the members know', () =>
      others.every((node) => node.events.includes(`gone ${writer.node}`)),
    );
    await matchAll(others, 'later');
  });

  it('[CL-42, CL-95, CL-96] a suspended writer is replaced, and fenced when it wakes', async () => {
    const all = await start(3);
    const [writer, ...others] = writerOf(all);
    using time = new RunningTime();
    writer.suspend();
    await until('another node writes', () => writers(others).length === 1);
    assert.ok(time.ms < 6_500);
    await until('it is gone', () =>
      others.every((node) => node.events.includes(`gone ${writer.node}`)),
    );
    // A node that was paused too waits once more.
    assert.ok(time.ms < 2 * NODE_GONE_MS + 2 * NODE_BEAT_MS);
    send(others[0] ?? writer, writer.node, 'late');
    await valkey.command('PING');
    writer.resume();
    await until('it takes part again', () => writer.events.includes('unfenced') && isWhole(all));
    await until('its lanes begin again', () =>
      writer.events
        .slice(writer.events.indexOf('fenced'))
        .some((event) => event.startsWith('over ')),
    );
    assert.deepEqual(textsAt(writer), [], 'messages of before the fence are dropped');
    await matchAll(all.slice(0, 2), 'later');
  });
});

describe('messages between nodes survive what happens to Valkey', () => {
  it('[CL-92, CL-93] sends a turn’s messages in one batch, in order', async () => {
    const [ada, bob] = (await start(2)) as [ValkeyPoolNode, ValkeyPoolNode];
    const texts = Array.from({ length: 100 }, (_, at) => `line ${at}\n\u2028é`);
    ada.turn(() => {
      for (const text of texts) {
        ada.cluster.send(bob.node, { type: 'bridge.up', v: 1, socket: 's', text });
      }
    });
    await until('all arrive', () => bob.received.length === texts.length);
    assert.deepEqual(textsAt(bob), texts);
    assert.ok(bob.received.every(({ from }) => from === ada.node));
    assert.equal(ada.events.includes(`over ${bob.node}`), false);
  });

  it('[CL-94] ends the lanes at both ends when a connection is dropped', async () => {
    const [ada, bob] = (await start(2)) as [ValkeyPoolNode, ValkeyPoolNode];
    send(ada, bob.node, 'before');
    await until('the first arrives', () => bob.received.length === 1);
    await valkey.command('CLIENT', 'KILL', 'TYPE', 'pubsub');
    await until('both know', () =>
      [ada.events.includes(`over ${bob.node}`), bob.events.includes(`over ${ada.node}`)].every(
        Boolean,
      ),
    );
    const overs = (node: ValkeyPoolNode): number =>
      node.events.filter((e) => e.startsWith('over')).length;
    await until('both are connected', () => ada.wire.isUp && bob.wire.isUp);
    const count = overs(ada) + overs(bob);
    await until('later messages arrive', () => {
      send(ada, bob.node, 'after');
      return textsAt(bob).includes('after');
    });
    assert.ok(count <= 4, `${count} ends of lanes`);
    assert.ok([...ada.events, ...bob.events].every((event) => !event.startsWith('gone')));
    await matchAll([ada, bob], 'later');
  });

  it('[CL-96] fences the nodes while Valkey doesn’t answer, and lets them go on', async () => {
    const all = await start(2);
    using time = new RunningTime();
    valkey.pause();
    await until('both are fenced', () => all.every(({ events }) => events.includes('fenced')));
    assert.ok(time.ms < NODE_FENCE_MS + NODE_BEAT_MS);
    await until('none writes', () => writers(all).length === 0);
    assert.deepEqual(
      all.map(({ cluster }) => cluster.problem),
      ['away', 'away'],
    );
    valkey.resume();
    await until('both go on', () => all.every(({ events }) => events.includes('unfenced')));
    await until('one writes', () => isWhole(all));
    assert.ok(all.every(({ events }) => !events.some((event) => event.startsWith('gone'))));
    await matchAll(all, 'later');
  });

  it('[CL-11, CL-95] goes on with a Valkey that restarted empty, at larger epochs', async () => {
    const all = await start(2);
    const earlier = epochOf(all);
    await valkey.kill();
    await until('both are fenced', () => all.every(({ events }) => events.includes('fenced')));
    await valkey.start();
    await until('one writes', () => isWhole(all));
    assert.ok(isLater(all, earlier));
    assert.ok(all.every(({ events }) => !events.some((event) => event.startsWith('gone'))));
    await matchAll(all, 'later');
  });

  it('[CL-11, CL-95] an emptied Valkey ends no member, and epochs still grow', async () => {
    const all = await start(2);
    const earlier = epochOf(all);
    await valkey.command('FLUSHALL');
    await until('a later epoch', () => isLater(all, earlier));
    await until('one writes', () => isWhole(all));
    assert.ok(all.every(({ events }) => !events.some((event) => event.startsWith('gone'))));
    await matchAll(all, 'later');
  });

  it('[CL-11] a lease store that lost writes gets one writer again', async () => {
    const all = await start(3);
    const earlier = epochOf(all);
    await valkey.command('DEL', '{farandole}:pool:strangers');
    await valkey.command('SET', '{farandole}:epoch:strangers', earlier.number - 1);
    await until('a later epoch', () => isLater(all, earlier));
    await until('one writes', () => isWhole(all));
    await matchAll(all.slice(0, 2), 'later');
  });
});

describe('a node that doesn’t fit is refused', () => {
  const problemOf = async (changes: Parameters<typeof openCluster>[1]): Promise<unknown> => {
    const { cluster } = await openCluster(valkey.url, changes);
    const problem = await cluster.join();
    await cluster.close();
    return problem;
  };

  it('[CL-97] refuses other keys and a date that is off', async () => {
    const [ada] = (await start(1)) as [ValkeyPoolNode];
    assert.equal(await problemOf({ fingerprint: 'other' }), 'keys');
    const off = (ms: number) => ({ monotonicMs: performance.now(), wallMs: Date.now() + ms });
    assert.equal(await problemOf({ now: () => off(10_000) }), 'clock');
    assert.equal(await problemOf({ now: () => off(-10_000) }), 'clock');
    assert.equal(await problemOf({ now: () => off(4_000) }), null);
    assert.equal(ada.cluster.problem, null);
  });

  it('[CL-230] refuses a newcomer with another database than a member', async () => {
    const on = (id: string | null) => ({ database: { id, isReached: () => true } });
    const first = await openCluster(valkey.url, on('7/16384'));
    try {
      assert.equal(await first.cluster.join(), null);
      assert.equal(await problemOf(on('7/16385')), 'database');
      assert.equal(await problemOf(on('7/16384')), null);
      assert.equal(await problemOf(on(null)), null);
    } finally {
      await first.cluster.close();
    }
  });

  it('[CL-97] refuses a newcomer beside a member of another version', async () => {
    const [seconds] = (await valkey.command('TIME')) as [string];
    const row = `${Number(seconds) * 1_000 + NODE_GONE_MS} 9 0 0 1`;
    await valkey.command('HSET', '{farandole}:members', 'node-of-later', row);
    assert.equal(await problemOf({}), 'version');
  });

  it('[CL-98] a lease or a beat of a server with a later date counts as over', async () => {
    await valkey.command('SET', '{farandole}:pool:strangers', '7 node-of-later 9999999999999');
    await valkey.command('HSET', '{farandole}:members', 'node-of-later', '9999999999999 1 0 0 1');
    const [ada] = (await start(1)) as [ValkeyPoolNode];
    assert.ok((ada.host.epoch ?? 0) > 7);
    assert.equal(ada.cluster.members().size, 1);
  });

  it('[CL-101] works with the rights that docs/several-nodes.md gives a restricted user', async () => {
    const guide = await readFile(
      new URL('../../../docs/several-nodes.md', import.meta.url),
      'utf8',
    );
    const [, rights = ''] = /^ *user farandole on >PASSWORD (.+)$/m.exec(guide) ?? [];
    const user = ['farandole', 'reset', 'on', '>a-password', ...rights.split(' ')];
    await valkey.command('ACL', 'SETUSER', ...user);
    await valkey.command('ACL', 'LOG', 'RESET');
    const url = `valkey://farandole:a-password@127.0.0.1:${valkey.port}`;
    const location = parseValkeyUrl(url);
    (await connectValkey(assertDefined(location.ok ? location.value : null, url))).close();
    nodes = await Promise.all([startPoolNode(url), startPoolNode(url)]);
    await until('both nodes work', () => isWhole(nodes));
    const [one] = nodes as [ValkeyPoolNode];
    let isFirst: boolean | null = null;
    one.turn(() => one.cluster.useOnce('a-ticket', 1_000, (answer) => (isFirst = answer)));
    await until('a name is used', () => isFirst === true);
    for (const node of nodes) {
      node.host.stop();
      await node.close();
    }
    nodes = [];
    assert.deepEqual(await valkey.command('ACL', 'LOG'), [], 'nothing was refused');
  });

  it('[CL-99] lets a name be used once, by any node', async () => {
    const all = await start(2);
    const answers: (boolean | null)[] = [];
    for (const { turn, cluster } of [...all, ...all]) {
      turn(() => cluster.useOnce('a-ticket', 60_000, (isFirst) => answers.push(isFirst)));
    }
    await until('all are answered', () => answers.length === 4);
    assert.equal(answers.filter((isFirst) => isFirst === true).length, 1);
    assert.equal(answers.filter((isFirst) => isFirst === false).length, 3);
  });
});
