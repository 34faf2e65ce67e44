import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createPrng } from '@farandole/kernel/prng';
import { FrameBuffer } from '../src/frame-buffer.ts';
import { HomeSockets } from '../src/home-sockets.ts';
import {
  GIVEN_LATELY_MS,
  MOVE_ASKED_EVERY_MS,
  MOVE_REMEMBERED_MS,
  MOVING_BYTES_MAX,
  MOVING_FRAMES_MAX,
  TAKEN_UNSURE_MS,
} from '../src/limits.ts';
import { type MoveHost, type MoveMessage, Moves, type SessionMove } from '../src/moves.ts';
import { type ModelNode, MoveModel, nodeId } from './support/move-model.ts';

const SCHEDULES = 500;
const STEPS = 120;
const CALM_MS = 45_000;

describe('a session moves between nodes', () => {
  it('[CL-70] has one home per generation under random failures', () => {
    const sums = { moves: 0, cuts: 0, deaths: 0, pauses: 0, seen: 0 };
    for (let seed = 0; seed < SCHEDULES; seed++) {
      const model = run(seed);
      assert.deepEqual(model.faults, [], `seed ${seed}`);
      for (const key of Object.keys(sums) as (keyof typeof sums)[]) sums[key] += model.counts[key];
    }
    for (const [what, count] of Object.entries(sums)) assert.ok(count > 100, `${what}: ${count}`);
  });

  it('[CL-71] asks every MOVE_ASKED_EVERY_MS whether a session was taken', () => {
    const { moves, sent, at } = giver();
    moves.begin(TAKER, MOVE, at(0));
    moves.tick(at(MOVE_ASKED_EVERY_MS - 1));
    assert.deepEqual(types(sent), ['session.move']);
    moves.tick(at(MOVE_ASKED_EVERY_MS));
    moves.tick(at(2 * MOVE_ASKED_EVERY_MS - 1));
    assert.deepEqual(types(sent), ['session.move', 'session.have']);
  });

  it('[CL-71] takes a refused session back under the next generation', () => {
    const { moves, log, at } = giver();
    moves.begin(TAKER, MOVE, at(0));
    assert.equal(moves.sizes.inDoubt, 1);
    moves.receive(TAKER, answer('session.refused'), at(1));
    assert.deepEqual(log, ['took back 3']);
    assert.equal(moves.isInDoubt(MOVE.session), false);
    assert.deepEqual(moves.sizes, { inDoubt: 0, notes: 0, given: 0, returned: 1 });
  });

  it('[CL-71] ignores an answer of another node or generation', () => {
    const { moves, log, at } = giver();
    moves.begin(TAKER, MOVE, at(0));
    moves.receive(nodeId('node-other'), answer('session.taken'), at(1));
    moves.receive(TAKER, { ...answer('session.refused'), generation: 1 }, at(1));
    assert.deepEqual(log, []);
    assert.ok(moves.isInDoubt(MOVE.session));
  });

  it('[CL-75b] GIVEN_LATELY_MS: remembers so long that another node took the session', () => {
    const { moves, at } = giver();
    const { subject } = MOVE.snapshot.facts;
    moves.begin(TAKER, MOVE, at(0));
    assert.equal(moves.givenLately(subject, at(1)), null);
    moves.receive(TAKER, answer('session.taken'), at(1));
    assert.equal(moves.givenLately(subject, at(GIVEN_LATELY_MS)), MOVE.generation);
    assert.equal(moves.givenLately(subject, at(GIVEN_LATELY_MS + 1)), null);
  });

  it('[CL-72] takes a session back from a dead node', () => {
    const { moves, log, at } = giver();
    moves.begin(TAKER, MOVE, at(0));
    moves.memberGone(nodeId('node-other'), at(1_000));
    assert.deepEqual(log, []);
    moves.memberGone(TAKER, at(2_000));
    assert.deepEqual(log, ['took back 3']);
  });

  it('[CL-234] MOVE_REMEMBERED_MS: how long the generation of a moved session is known', () => {
    for (const way of ['taken', 'took back', 'accepted'] as const) {
      const { moves, at } = giver();
      const { session, generation } = MOVE;
      const newest = way === 'took back' ? generation + 1 : generation;
      const newerThan = (held: number, ms: number) =>
        moves.newerThan({ session, generation: held }, at(ms));
      if (way !== 'accepted') moves.begin(TAKER, MOVE, at(0));
      assert.equal(newerThan(1, 1), null);
      if (way === 'taken') moves.receive(TAKER, answer('session.taken'), at(1));
      else if (way === 'took back') moves.memberGone(TAKER, at(1));
      else moves.receive(TAKER, MOVE, at(1));
      assert.equal(newerThan(newest - 1, MOVE_REMEMBERED_MS), newest);
      assert.equal(newerThan(newest, MOVE_REMEMBERED_MS), null);
      assert.equal(newerThan(newest - 1, MOVE_REMEMBERED_MS + 1), null);
      moves.tick(at(MOVE_REMEMBERED_MS + 1));
      assert.equal(newerThan(newest - 1, 1), null, 'forgotten');
    }
  });

  it('[CL-235] TAKEN_UNSURE_MS: how long a giver may not know that its session was taken', () => {
    const { moves, at } = giver();
    const socket = 'socket-1';
    const move = { ...MOVE, socket };
    moves.receive(TAKER, move, at(1));
    const { subject } = MOVE.snapshot.facts;
    assert.deepEqual(moves.unconfirmed(at(TAKEN_UNSURE_MS)), [subject]);
    assert.deepEqual(moves.unconfirmed(at(TAKEN_UNSURE_MS + 1)), []);
    moves.confirmed(HomeSockets.idOf(TAKER, socket));
    assert.deepEqual(moves.unconfirmed(at(2)), []);
  });

  it('[CL-72a] gives nothing to a node that is no member, and nothing while fenced', () => {
    for (const problem of ['no member', 'fenced'] as const) {
      const { moves, sent, members, state, at } = giver();
      if (problem === 'fenced') state.isFenced = true;
      else members.clear();
      assert.equal(moves.begin(TAKER, MOVE, at(0)), false);
      assert.deepEqual(types(sent), []);
      assert.equal(moves.isInDoubt(MOVE.session), false);
    }
  });

  it('[CL-72] loses a fetched session if the fetching node is dead', () => {
    const { moves, log, at } = giver();
    moves.begin(TAKER, { ...MOVE, match: null }, at(0));
    moves.memberGone(TAKER, at(1));
    assert.deepEqual(log, []);
    assert.equal(moves.isInDoubt(MOVE.session), false);
  });

  it('[CL-72] gives up every session in doubt when fenced, also if the taker dies', () => {
    for (const match of [MOVE.match, null]) {
      const { moves, log, at } = giver();
      moves.begin(TAKER, { ...MOVE, match }, at(0));
      assert.deepEqual(moves.fenced(), [MOVE.session]);
      assert.equal(moves.isInDoubt(MOVE.session), false);
      moves.memberGone(TAKER, at(1));
      moves.receive(TAKER, answer('session.refused'), at(1));
      assert.deepEqual(log, []);
    }
  });

  it('[CL-73] repeats an answer for MOVE_REMEMBERED_MS', () => {
    for (const accepts of [true, false]) {
      const { moves, log, sent, at } = taker(accepts);
      moves.receive(GIVER, MOVE, at(0));
      moves.tick(at(MOVE_REMEMBERED_MS - 1));
      moves.receive(GIVER, MOVE, at(MOVE_REMEMBERED_MS - 1));
      moves.receive(GIVER, answer('session.have'), at(MOVE_REMEMBERED_MS - 1));
      const type = accepts ? 'session.taken' : 'session.refused';
      assert.deepEqual(types(sent), [type, type, type]);
      assert.deepEqual(log, ['accept 2']);
      moves.tick(at(2 * MOVE_REMEMBERED_MS - 1));
      assert.equal(moves.sizes.notes, 0);
    }
  });

  it('[CL-73] refuses a session after it said that it does not have it', () => {
    const { moves, log, sent, at } = taker(true);
    moves.receive(GIVER, answer('session.have'), at(0));
    moves.receive(GIVER, MOVE, at(1));
    assert.deepEqual(types(sent), ['session.refused', 'session.refused']);
    assert.deepEqual(log, []);
  });

  it('[CL-72] accepts nothing while fenced', () => {
    const { moves, log, sent, state, at } = taker(true);
    state.isFenced = true;
    moves.receive(GIVER, MOVE, at(0));
    state.isFenced = false;
    moves.receive(GIVER, MOVE, at(1));
    assert.deepEqual(types(sent), ['session.refused', 'session.refused']);
    assert.deepEqual(log, []);
  });
});

describe('the frames of a page wait while its session moves', () => {
  it('[CL-74] keeps MOVING_FRAMES_MAX frames and refuses one more', () => {
    const buffer = new FrameBuffer();
    for (let at = 0; at < MOVING_FRAMES_MAX; at++) {
      assert.ok(buffer.push({ text: `${at}`, byteLength: 1 }));
    }
    assert.equal(buffer.push({ text: 'more', byteLength: 1 }), false);
    assert.deepEqual(
      buffer.takeAll().map(({ text }) => text),
      Array.from({ length: MOVING_FRAMES_MAX }, (_, at) => `${at}`),
    );
    assert.equal(buffer.size, 0);
  });

  it('[CL-74] keeps MOVING_BYTES_MAX bytes and refuses one more', () => {
    const buffer = new FrameBuffer();
    assert.ok(buffer.push({ text: 'x', byteLength: MOVING_BYTES_MAX }));
    assert.equal(buffer.push({ text: 'y', byteLength: 1 }), false);
    buffer.takeAll();
    assert.equal(buffer.push({ text: 'x', byteLength: MOVING_BYTES_MAX + 1 }), false);
  });
});

const GIVER = nodeId('node-giver');
const TAKER = nodeId('node-taker');

const MOVE: SessionMove = {
  type: 'session.move',
  ...{ v: 1, session: 'session-0001', generation: 2, match: 'match-0001', socket: 'socket' },
  snapshot: { facts: { subject: 'subject-ada' } } as never,
};

function answer<T extends 'session.taken' | 'session.refused' | 'session.have'>(type: T) {
  return { type, v: 1, session: MOVE.session, generation: 2 } as MoveMessage & { type: T };
}

function giver() {
  return nodeOf(TAKER, true);
}

function taker(accepts: boolean) {
  return nodeOf(GIVER, accepts);
}

function nodeOf(peer: ReturnType<typeof nodeId>, accepts: boolean) {
  const sent: { readonly type: string }[] = [];
  const log: string[] = [];
  const members = new Map([
    [peer, { version: '1', online: 0, isDraining: false, readsAcks: true }],
  ]);
  const state = { isFenced: false };
  const host: MoveHost = {
    accept: (_from, { generation }) => {
      log.push(`accept ${generation}`);
      return accepts;
    },
    taken: ({ generation }) => void log.push(`taken ${generation}`),
    tookBack: (_move, _taker, generation) => void log.push(`took back ${generation}`),
  };
  const channel = {
    send: (_to: string, message: { readonly type: string }) => void sent.push(message),
    members: () => members,
    isFenced: () => state.isFenced,
  };
  const at = (ms: number) => ({ monotonicMs: ms, wallMs: ms });
  return { moves: new Moves(channel, host), sent, log, members, state, at };
}

function types(sent: readonly { readonly type: string }[]): readonly string[] {
  return sent.map(({ type }) => type);
}

/** Runs one random schedule of moves and failures, then a calm phase, and checks W1 and W3. */
function run(seed: number): MoveModel {
  const prng = createPrng(seed);
  const model = new MoveModel(prng, 3, 4);
  for (let step = 0; step < STEPS; step++) {
    for (const node of model.nodes) act(model, node);
    model.step();
  }
  for (const node of model.nodes) Object.assign(node, { isPaused: false, isCut: false });
  const endsAtMs = model.nowMs + CALM_MS;
  while (model.nowMs < endsAtMs) model.step();
  checkAtRest(model);
  return model;
}

function act(model: MoveModel, node: ModelNode): void {
  const { prng, counts } = model;
  const others = model.nodes.filter((other) => other !== node);
  if (prng.chance(0.01)) {
    counts.cuts += 1;
    model.breakLane(node, prng.pick(others));
  }
  if (prng.chance(0.002)) node.isCut = !node.isCut;
  if (prng.chance(node.isPaused ? 0.03 : 0.004)) {
    counts.pauses += 1;
    node.isPaused = !node.isPaused;
  }
  if (prng.chance(0.001) && node.isUp) {
    counts.deaths += 1;
    node.isUp = false;
    for (const session of [...node.edges.keys()]) model.loseSocket(session);
  }
  if (!node.isUp || node.isPaused) return;
  for (const [session, copy] of node.copies) {
    const record = node.edges.get(session);
    if (copy.edge === null || (record?.movingTo ?? null) !== null || !prng.chance(0.05)) continue;
    const to = copy.edge === node.name ? prng.pick(others).name : copy.edge;
    node.give(session, copy, to);
  }
}

function checkAtRest(model: MoveModel): void {
  for (const { id, edge } of model.sessions.values()) {
    const homes = model.nodes.filter(({ isUp, copies }) => isUp && copies.has(id));
    if (homes.length > 1) model.faults.push(`W3 ${id} has ${homes.length} homes`);
    if (edge !== null && homes.length === 0) model.faults.push(`W3 ${id} has no home`);
  }
  for (const { name, isUp, moves, edges } of model.nodes) {
    if (!isUp) continue;
    if (moves.sizes.inDoubt > 0) model.faults.push(`W3 ${name} is in doubt`);
    for (const [session, { movingTo }] of edges) {
      if (movingTo !== null) model.faults.push(`W3 ${session} is still moving at ${name}`);
    }
  }
}
