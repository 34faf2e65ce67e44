import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertDefined } from '@farandole/kernel/assert';
import { RESTORE_WINDOW_MS } from '@farandole/protocol/limits';
import { GIVEN_WITHIN_MS } from '../src/limits.ts';
import { ClusterWorld } from './support/cluster-world.ts';
import type { TestClient } from './support/test-client.ts';

const TEXT = 'Tea or coffee?';

/** Where asker and answerers have their sockets. */
type Places = readonly [number, number, number];

/** Every way to spread three users over two or three nodes. The pool's writer is on node 0. */
const SPREADS: readonly Places[] = [
  ...([0, 1, 2] as const).map((at): Places => [at, (at + 1) % 3, (at + 2) % 3]),
  ...([0, 1] as const).flatMap((at): Places[] => [
    [at, at, 1 - at],
    [at, 1 - at, at],
    [at, 1 - at, 1 - at],
  ]),
];

interface Group {
  readonly world: ClusterWorld;
  readonly people: readonly [TestClient, TestClient, TestClient];
}

function createWorld(): ClusterWorld {
  return new ClusterWorld(undefined, ['text', 'question']);
}

/** Ada asks Bo and Cleo. They search, and the caller waits until they meet. */
function asking(places: Places, world = createWorld()): Group {
  const [ada, bo, cleo] = ['ada', 'bo', 'cleo'].map((name, at) =>
    world.join(name, places[at] ?? 0),
  ) as [TestClient, TestClient, TestClient];
  world.proven.add(ada.subject);
  ada.searchFor('question', { role: 'asker', question: TEXT });
  for (const client of [bo, cleo]) client.searchFor('question', { role: 'answerer' });
  return { world, people: [ada, bo, cleo] };
}

function asked(places: Places): Group {
  const group = asking(places);
  group.world.pass(1_000);
  assertTogether(group);
  return group;
}

function assertTogether({ world, people }: Group): void {
  const [ada] = people;
  const match = assertDefined(ada.call, 'the asker has no call').match;
  for (const client of people) assert.equal(client.call?.match, match, client.name);
  assert.deepEqual(new Set(people.map((client) => world.homeOf(client))).size, 1);
}

/** No node has a session of another node's socket, nor a question or move that is under way. */
function assertAtHome({ world, people }: Group, places: Places): void {
  for (const [at, client] of people.entries()) {
    assert.equal(world.homeOf(client), world.node(places[at] ?? 0).name, client.name);
  }
  for (const { sessions, name } of world.nodes) {
    const { inDoubt, edges, moving, homes } = sessions.sizes;
    assert.deepEqual([inDoubt, edges, moving, homes], [0, 0, 0, 0], name);
  }
}

function waiting(world: ClusterWorld): number {
  return world.nodes.reduce(
    (sum, { pool }) => sum + (pool.waitingByMode()?.get('question') ?? 0),
    0,
  );
}

for (const places of SPREADS) {
  test(`[GW-180] brings three users of nodes ${places.join(', ')} together`, () => {
    const group = asked(places);
    const { world, people } = group;
    const [ada, bo, cleo] = people;
    assert.equal(world.homeOf(ada), world.node(places[0]).name);
    bo.sayLine('Tea.');
    world.flush();
    cleo.sayLine('Coffee!');
    world.flush();
    for (const client of people) assert.deepEqual(client.texts, [TEXT, 'Tea.', 'Coffee!']);
    cleo.endCall('next');
    world.pass(1_000);
    assert.deepEqual(
      people.map((client) => client.last('call.ended').reason),
      ['left', 'left', 'you'],
    );
    assertAtHome(group, places);
  });
}

test('[GW-181] lets all three search on if one session never comes', () => {
  for (const lost of [1, 2] as const) {
    const group = asking([0, 1, 2]);
    const { world, people } = group;
    const missing = people[lost];
    world.loses = (message) =>
      message.type === 'session.move' && message.snapshot.facts.subject === missing.subject;
    const isGiven = () => world.sent.filter(({ type }) => type === 'session.move').length >= 2;
    while (!isGiven()) world.pass(50);
    world.pass(GIVEN_WITHIN_MS + 1_000);
    for (const client of people) assert.equal(client.call, null);
    world.loses = () => false;
    world.pass(2_000);
    // The lost message ended the lane, so the moving page's socket was closed.
    for (const [at, client] of people.entries()) {
      if (!client.isAttached) world.connect(client, at);
    }
    world.pass(5_000);
    assertTogether(group);
    for (const client of people) assert.deepEqual(client.texts, [TEXT], client.name);
  }
});

test('[GW-181] keeps a given session until GIVEN_WITHIN_MS, then lets it move back', () => {
  const group = asking([0, 1, 2]);
  const { world, people } = group;
  const [ada, bo, cleo] = people;
  world.loses = (message) =>
    (message.type === 'session.move' || message.type === 'session.have') &&
    'snapshot' in message &&
    message.snapshot.facts.subject === cleo.subject;
  while (world.homeOf(bo) !== world.homeOf(ada)) world.pass(50);
  world.pass(GIVEN_WITHIN_MS - 200);
  assert.equal(world.homeOf(bo), world.homeOf(ada));
  assert.equal(waiting(world), 0);
  world.pass(1_000);
  assert.equal(world.homeOf(bo), world.node(1).name);
  assert.ok(waiting(world) >= 2);
});

test('[GW-181] lets the others search on if one of the three leaves meanwhile', () => {
  for (const leaver of [0, 1] as const) {
    const places: Places = [0, 1, 2];
    const group = asking(places);
    const { world, people } = group;
    const [ada, bo, cleo] = people;
    world.loses = (message) =>
      message.type === 'session.move' && message.snapshot.facts.subject === cleo.subject;
    while (world.homeOf(bo) !== world.homeOf(ada)) world.pass(50);
    people[leaver].withdraw();
    world.flush();
    assert.equal(people[leaver].all('ticket.withdrawn').length, 1);
    world.loses = () => false;
    world.pass(GIVEN_WITHIN_MS + 3_000);
    if (!cleo.isAttached) world.connect(cleo, 2);
    world.pass(3_000);
    for (const client of people) assert.equal(client.call, null);
    assert.equal(waiting(world), 2);
    assertAtHome(group, places);
  }
});

test('[GW-180] checks every two of three users on their nodes', () => {
  for (const [one, other] of [
    [0, 1],
    [0, 2],
    [1, 2],
  ] as const) {
    const group = asking([0, 1, 2]);
    const { world, people } = group;
    const [by, of] = [people[one], people[other]];
    const node = world.node(one);
    const at = { match: 'match-of-them-xx' as never, by: by.subject, of: of.subject };
    node.pairs.recordNote(
      {
        ...{ kind: 'block', ...at, mark: 'mark-of-them-xxx', ofDevice: null, ofNetwork: null },
        atWallMs: world.now.wallMs,
      } as never,
      world.now,
    );
    world.pass(3_000);
    for (const client of people) assert.equal(client.call, null);
  }
});

test('[GW-182] restores a call of three whose home died, wherever its users come back', () => {
  // The homes of the calls are on the node that dies.
  for (const back of [
    [0, 1, 2],
    [0, 1, 1],
    [2, 0, 2],
    [1, 0, 0],
  ] as const) {
    for (const first of [0, 1, 2] as const) {
      const names = ['one', 'two', 'three', 'four'];
      const group = asking([3, 0, 1], new ClusterWorld(names, ['text', 'question']));
      const { world, people } = group;
      world.pass(1_000);
      assertTogether(group);
      const [, bo, cleo] = people;
      bo.sayLine('Tea.');
      world.flush();
      world.kill(3);
      world.pass(10_000);
      for (const shift of [0, 1, 2]) {
        const at = (first + shift) % 3;
        const client = assertDefined(people[at], 'three users');
        if (client.isAttached) world.lose(client);
        world.connect(client, back[at] ?? 0);
        world.pass(1_000);
      }
      world.pass(2_000);
      assertTogether(group);
      for (const client of people) {
        assert.equal(client.all('call.restored').length, 1, client.name);
        assert.deepEqual(client.texts, [TEXT, 'Tea.'], client.name);
      }
      cleo.sayLine('Coffee!');
      world.flush();
      for (const client of people) assert.equal(client.texts.at(-1), 'Coffee!');
    }
  }
});

test('[GW-182] lets users wait for the third one no longer than RESTORE_WINDOW_MS', () => {
  const names = ['one', 'two', 'three', 'four'];
  const group = asking([3, 0, 1], new ClusterWorld(names, ['text', 'question']));
  const { world, people } = group;
  const [ada, bo] = people;
  world.pass(1_000);
  world.kill(3);
  world.pass(10_000);
  for (const [at, client] of [ada, bo].entries()) {
    if (!client.isAttached) world.connect(client, at);
  }
  world.pass(2_000);
  assert.equal(world.homeOf(bo), world.homeOf(ada));
  const moves = () => world.sent.filter(({ type }) => type === 'session.move').length;
  const before = moves();
  world.pass(RESTORE_WINDOW_MS / 2);
  assert.equal(moves(), before, 'a waiting session moves to and fro');
  world.pass(2 * RESTORE_WINDOW_MS);
  for (const client of [ada, bo]) {
    assert.equal(client.last('call.ended').reason, 'not-restored');
    client.searchFor('text');
  }
  world.pass(2_000);
  assert.equal(ada.call?.match, bo.call?.match);
});
