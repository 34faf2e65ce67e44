import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GIVEN_LATELY_MS, MEMBER_SETTLES_MS, MOVE_ASKED_EVERY_MS } from '@farandole/cluster/limits';
import {
  brandId,
  type ConnectionId,
  type MatchId,
  type SessionId,
  type SubjectId,
} from '@farandole/kernel/id';
import { DRAIN_DEADLINE_MS, MEET_AGAIN_CALL_MS, RESUME_GRACE_MS } from '@farandole/protocol/limits';
import {
  FRAME_CREDITS,
  GENERATIONS_SKIPPED,
  GIVEN_WITHIN_MS,
  GRACE_PAUSED_MAX_MS,
  MOVE_AWAY_MS,
} from '../src/limits.ts';
import { type ClusterNode, ClusterWorld } from './support/cluster-world.ts';
import type { TestClient } from './support/test-client.ts';

function texts({ received }: TestClient): readonly string[] {
  return received.flatMap((message) => (message.type === 'chat.line' ? [message.line.text] : []));
}

function count({ received }: TestClient, type: string): number {
  return received.filter((message) => message.type === type).length;
}

function talk(world: ClusterWorld, ...speakers: readonly TestClient[]): void {
  for (const [at, speaker] of speakers.entries()) {
    speaker.sayLine(`line ${at}`);
    world.flush();
  }
}

/**
 * Bo's node takes Ada's session to open their call, and is cut off before Ada's node hears of it.
 * Ada's node takes the session back, so that both nodes have it.
 */
function tookBack(): {
  readonly world: ClusterWorld;
  readonly ada: TestClient;
  readonly taker: ClusterNode;
  readonly giver: ClusterNode;
} {
  const world = new ClusterWorld();
  world.loses = ({ type }) => type === 'session.taken';
  const [bo, ada] = [world.join('bo', 0), world.join('ada', 1)];
  for (const user of [bo, ada]) {
    user.searchFor('text');
    world.flush();
  }
  const [taker, giver] = [world.node(0), world.node(1)];
  while (taker.gateway.moves.sessionOf(ada.subject) === null) world.pass(50);
  taker.hub.isCut = true;
  while (giver.sessions.sizes['returned'] === 0) world.pass(50);
  world.loses = () => false;
  return { world, ada, taker, giver };
}

function assertAtRest(world: ClusterWorld): void {
  for (const { sessions, name } of world.nodes) {
    const { inDoubt, edges, moving, homes, questions } = sessions.sizes;
    assert.deepEqual([inDoubt, edges, moving, homes, questions], [0, 0, 0, 0, 0], name);
  }
}

describe('two users on two nodes', () => {
  it('[GW-90] meet on one node, and talk', () => {
    const world = new ClusterWorld();
    const [ada, bo] = world.pair();
    assert.ok(ada.call !== null && ada.call.match === bo.call?.match);
    assert.equal(world.homeOf(ada), world.homeOf(bo));
    talk(world, ada, bo);
    assert.deepEqual(
      [texts(ada), texts(bo)],
      [
        ['line 0', 'line 1'],
        ['line 0', 'line 1'],
      ],
    );
  });

  it('[PR-35a, PR-36] meet by invitation, and then again', () => {
    const world = new ClusterWorld();
    const [ada, bo] = [world.join('ada', 0), world.join('bo', 1)];
    ada.say('invitation.create', { id: 'invitation-0001' });
    world.flush();
    const { invitation: token } = ada.last('invitation.created');
    const stranger = world.join('cy', 2);
    stranger.searchFor('text');
    for (const client of [bo, ada]) {
      client.searchFor('text', { meeting: { by: 'invitation', token } });
    }
    world.pass(2_000);
    assert.ok(ada.call !== null && ada.call.match === bo.call?.match);
    assert.equal(stranger.call, null);
    world.pass(MEET_AGAIN_CALL_MS);
    const receipts = [ada, bo].map(({ call }) => call?.receipt ?? '');
    ada.endCall('stop');
    world.pass(2_000);
    assert.notEqual(world.homeOf(ada), world.homeOf(bo));
    for (const [at, client] of [ada, bo].entries()) {
      const meeting = { by: 'again', token: receipts[at] ?? '' } as const;
      client.searchFor('text', { meeting });
    }
    world.pass(2_000);
    assert.equal(count(ada, 'match.found'), 2);
    assert.equal(count(bo, 'match.found'), 2);
    stranger.withdraw();
    world.flush();
    stranger.searchFor('text', { meeting: { by: 'invitation', token } });
    world.pass(2_000);
    assert.equal(stranger.last('ticket.refused').reason, 'meeting-over');
  });

  it('[GW-91] have their sessions on their own nodes again after the call', () => {
    const world = new ClusterWorld();
    const [ada, bo] = world.pair();
    ada.endCall('next');
    world.pass(1_000);
    assert.equal(world.homeOf(ada), world.node(0).name);
    assert.equal(world.homeOf(bo), world.node(1).name);
    assertAtRest(world);
  });

  it('[GW-91] search again at once after the call, and the search moves too', () => {
    const world = new ClusterWorld();
    const [ada, bo] = world.pair();
    ada.endCall('next');
    world.flush();
    for (const client of [ada, bo]) client.searchFor('text');
    world.flush();
    world.join('cy', 2).searchFor('text');
    world.pass(2_000);
    assert.equal([ada, bo].filter(({ call }) => call !== null).length, 1);
    assert.equal(world.homeOf(ada) === null || world.homeOf(bo) === null, false);
  });

  it('[GW-92] frames that a page sends during the move arrive in order', () => {
    const world = new ClusterWorld();
    const ada = world.join('ada', 0);
    const bo = world.join('bo', 1);
    ada.searchFor('text');
    bo.searchFor('text');
    // The page doesn't know of the match yet and sends frames until it does.
    for (let at = 0; at < 5; at++) bo.say('ticket.widen', { ticket: bo.search ?? '' });
    world.pass(500);
    bo.ping();
    talk(world, bo, ada);
    assert.deepEqual(texts(ada), ['line 0', 'line 1']);
    assert.equal(count(bo, 'link.pong'), 1);
  });

  it('[GW-90] both search on if the home refuses the session', () => {
    const world = new ClusterWorld();
    const ada = world.join('ada', 0);
    const bo = world.join('bo', 1);
    world.loses = ({ type }) => type === 'session.move';
    ada.searchFor('text');
    world.flush();
    bo.searchFor('text');
    world.pass(1_000);
    assert.ok(world.sent.some(({ type }) => type === 'session.have'));
    assert.deepEqual([ada.call, bo.call], [null, null]);
    world.loses = () => false;
    world.pass(GIVEN_WITHIN_MS + 500);
    // The lost message ended the lane, so the moving page's socket was closed.
    for (const [at, client] of [ada, bo].entries()) {
      if (!client.isAttached) world.connect(client, at);
    }
    world.pass(3_000);
    assert.ok(ada.call !== null && ada.call.match === bo.call?.match);
  });

  it('[GW-90] GIVEN_WITHIN_MS: the home waits this long, then its user waits in the pool', () => {
    const world = new ClusterWorld();
    world.loses = ({ type }) => type === 'session.move' || type === 'session.have';
    const users = [world.join('ada', 0), world.join('bo', 1)];
    for (const user of users) user.searchFor('text');
    while (!world.sent.some(({ type }) => type === 'session.move')) world.pass(50);
    const waiting = (): number =>
      world.nodes.reduce((sum, { pool }) => sum + (pool.waitingByMode()?.get('text') ?? 0), 0);
    world.pass(GIVEN_WITHIN_MS - 50);
    assert.equal(waiting(), 0);
    world.pass(100);
    assert.equal(waiting(), 1);
  });

  it('[GW-93] a block during a call on another node keeps the two apart after the move', () => {
    const world = new ClusterWorld();
    const [ada, bo] = world.pair();
    const match = bo.call?.match;
    bo.block(bo.call?.receipt ?? '');
    world.pass(1_000);
    assert.equal(world.homeOf(bo), world.node(0).name, 'an answer of the old node is due');
    world.settleJournals();
    world.pass(1_000);
    assert.equal(world.homeOf(bo), world.node(1).name);
    assert.ok(world.node(1).pairs.blockedEitherWay(ada.subject, bo.subject));
    assert.ok(
      bo.received.some((message) => message.type === 'block.accepted' && message.match === match),
    );
  });

  it('[GW-94] the edge closes a page that sends too many frames, and its session ends', () => {
    const world = new ClusterWorld();
    const [ada, bo] = world.pair();
    const away = world.homeOf(ada) === world.node(0).name ? bo : ada;
    const ups = (): number => world.sent.filter(({ type }) => type === 'bridge.up').length;
    world.pass(FRAME_CREDITS.everyMs * FRAME_CREDITS.burst);
    const before = ups();
    for (let at = 0; at <= FRAME_CREDITS.burst; at++) away.sayRaw('{}');
    assert.equal(ups() - before, FRAME_CREDITS.burst);
    world.flush();
    assert.equal(away.closedBy, 'too-fast');
    assert.equal(world.homeOf(away), null);
  });
});

describe('a user who comes back on another node', () => {
  it('[GW-95] resumes an idle session there, and the session follows', () => {
    const world = new ClusterWorld();
    const ada = world.join('ada', 0);
    const session = ada.sessionId;
    world.lose(ada);
    world.connect(ada, 1);
    world.pass(1_000);
    assert.equal(ada.sessionId, session);
    assert.equal(count(ada, 'session.resumed'), 1);
    assert.equal(world.homeOf(ada), world.node(1).name);
    assertAtRest(world);
  });

  it('[GW-95] resumes a search there with the time it waited', () => {
    const world = new ClusterWorld();
    const ada = world.join('ada', 0);
    ada.searchFor('text');
    world.pass(1_000);
    world.lose(ada);
    world.connect(ada, 2);
    world.pass(1_000);
    world.join('bo', 1).searchFor('text');
    world.pass(1_000);
    assert.notEqual(ada.call, null);
  });

  it('[GW-95, GW-130] resumes a search there in its community', () => {
    const world = new ClusterWorld();
    const community = { name: 'painters', version: 1 } as const;
    const [ada, cy] = [world.join('ada', 0), world.join('cy', 2)];
    ada.searchFor('text', { community });
    cy.searchFor('text');
    world.pass(1_000);
    world.lose(ada);
    world.connect(ada, 2);
    world.pass(10_000);
    assert.deepEqual([ada.call, cy.call], [null, null]);
    const bo = world.join('bo', 1);
    bo.searchFor('text', { community });
    world.pass(1_000);
    assert.ok(ada.call !== null && ada.call.match === bo.call?.match);
    assert.equal(cy.call, null);
  });

  it('[GW-95] continues a call there, without a lost or repeated line', () => {
    const world = new ClusterWorld();
    const [ada, bo] = world.pair();
    talk(world, ada, bo);
    for (const client of [ada, bo]) {
      world.lose(client);
      (client === ada ? bo : ada).sayLine('meanwhile');
      world.flush();
      world.connect(client, 2);
      talk(world, client);
    }
    assert.deepEqual(texts(ada), texts(bo));
    assert.equal(texts(ada).length, 6);
    assert.equal(count(ada, 'session.opened') + count(bo, 'session.opened'), 2);
  });

  it('[GW-91] submits a waiting search when the page reconnects to the home', () => {
    const world = new ClusterWorld();
    const ada = world.join('ada', 0);
    world.lose(ada);
    world.connect(ada, 1);
    ada.searchFor('text');
    world.flush();
    assert.equal(world.homeOf(ada), world.node(0).name);
    world.connect(ada, 0);
    world.join('bo', 2).searchFor('text');
    world.pass(2_000);
    assert.notEqual(ada.call, null);
  });

  it('[GW-96] answers no hello while a live node does not answer', () => {
    const world = new ClusterWorld();
    const ada = world.join('ada', 0);
    world.hub.pause(world.node(0).hub);
    world.lose(ada);
    world.connect(ada, 1);
    world.pass(2_000);
    assert.equal(count(ada, 'session.opened'), 1);
    assert.equal(ada.isAttached, false);
    world.hub.resume(world.node(0).hub);
    world.pass(1_000);
    assert.equal(count(ada, 'session.resumed'), 1);
  });

  it('[GW-96] closes a hello on a fenced node to try again', () => {
    const world = new ClusterWorld();
    world.node(1).hub.isCut = true;
    world.pass(4_500);
    const bo = world.join('bo', 1);
    assert.equal(bo.closedBy, 'other-node');
    assert.equal(count(bo, 'session.opened'), 0);
  });

  it('[GW-96b] MEMBER_SETTLES_MS: opens no session so soon after a fence', () => {
    const world = new ClusterWorld();
    const { hub } = world.node(1);
    hub.isCut = true;
    world.pass(4_500);
    hub.isCut = false;
    while (hub.isFencedNow) world.pass(50);
    world.pass(MEMBER_SETTLES_MS - 100);
    const early = world.join('ada', 1);
    assert.equal(early.closedBy, 'other-node');
    world.pass(200);
    const late = world.join('bo', 1);
    assert.equal(late.closedBy, null);
    assert.equal(count(late, 'session.opened'), 1);
  });

  it('[GW-96b] ends a session after a fence, also if another node asks about its user', () => {
    const world = new ClusterWorld();
    const ada = world.join('ada', 1);
    const { hub } = world.node(1);
    hub.isCut = true;
    world.pass(7_000);
    world.join('ada', 0);
    assert.equal(world.homeOf(ada), null, 'both nodes have a session');
    hub.isCut = false;
    while (hub.isFenced(world.now)) world.pass(50);
    world.pass(MEMBER_SETTLES_MS - 50);
    world.isHolding = true;
    // The question about this hello meets the question of the node that was fenced.
    world.join('ada', 2);
    world.pass(150);
    world.isHolding = false;
    world.pass(2_000);
    assert.notEqual(world.homeOf(ada), null);
    assertAtRest(world);
  });

  it('[CL-187] ends only the session without a socket if two nodes check one user', () => {
    const world = new ClusterWorld();
    const ada = world.join('ada', 1);
    world.node(1).hub.isCut = true;
    world.lose(ada);
    world.pass(7_000);
    const again = world.join('ada', 0);
    assert.equal(world.homeOf(again), null, 'both nodes have a session');
    for (const { hub } of world.nodes) hub.isCut = true;
    world.pass(5_000);
    for (const { hub } of world.nodes) hub.isCut = false;
    world.pass(1_000 + 2 * MEMBER_SETTLES_MS);
    assert.equal(again.closedBy, null);
    assert.equal(world.homeOf(again), world.node(0).name);
    assertAtRest(world);
  });

  it('[GW-96b] ends a session that a fenced node takes back, if there is a newer one', () => {
    const world = new ClusterWorld();
    world.loses = ({ type }) => type === 'session.move' || type === 'session.have';
    const users = [world.join('bo', 0), world.join('ada', 1)];
    for (const user of users) {
      user.searchFor('text');
      world.flush();
    }
    const { hub, sessions } = world.node(1);
    while (sessions.sizes['inDoubt'] === 0) world.pass(50);
    hub.isCut = true;
    world.pass(7_000);
    const again = world.join('ada', 2);
    assert.equal(world.homeOf(again), world.node(2).name);
    world.loses = () => false;
    hub.isCut = false;
    while (sessions.sizes['inDoubt'] !== 0) world.pass(50);
    world.pass(2 * MEMBER_SETTLES_MS);
    assert.equal(world.homeOf(again), world.node(2).name);
    assertAtRest(world);
  });

  it('[CL-234] ends a copy of a session that moved on, also after the session ended', () => {
    const { world, ada, taker, giver } = tookBack();
    world.lose(ada);
    while (giver.gateway.moves.sessionOf(ada.subject) !== null) world.pass(1_000);
    assert.equal(world.homeOf(ada), taker.name, 'the copy');
    taker.hub.isCut = false;
    while (taker.hub.isFenced(world.now)) world.pass(50);
    world.pass(2 * MEMBER_SETTLES_MS);
    assert.equal(world.homeOf(ada), null);
    assertAtRest(world);
  });

  it('[CL-235] resumes no session that its giver may have taken back', () => {
    const { world, ada, taker, giver } = tookBack();
    const resumed = count(ada, 'session.resumed');
    for (const isFenced of [true, false]) {
      world.lose(ada);
      world.connect(ada, 0);
      assert.equal(taker.hub.isFenced(world.now), isFenced);
      assert.equal(ada.closedBy, 'other-node');
      taker.hub.isCut = false;
      while (taker.hub.isFenced(world.now)) world.pass(50);
    }
    assert.equal(count(ada, 'session.resumed'), resumed);
    world.pass(2 * MEMBER_SETTLES_MS);
    world.connect(ada, 2);
    world.pass(1_000);
    assert.equal(count(ada, 'session.resumed'), resumed + 1);
    assert.equal(world.homeOf(ada), world.node(2).name);
    assert.equal(giver.gateway.moves.sessionOf(ada.subject), null);
    assertAtRest(world);
  });

  it('[CL-236] ends a session that arrives after a fence, if there is a newer one', () => {
    const world = new ClusterWorld(['one', 'two', 'three', 'four', 'five']);
    const [ada, bo] = world.pair();
    world.kill(world.nodes.findIndex(({ name }) => name === world.homeOf(ada)));
    world.pass(9_000);
    const taker = world.node(0);
    world.connect(ada, 0);
    world.loses = ({ type }) => {
      if (type === 'session.move') world.hub.pause(taker.hub);
      return false;
    };
    world.connect(bo, 1);
    while (taker.hub.paused === null) world.pass(50);
    // The taker's lane with a dead node doesn't end, so the message waits for it.
    world.kill(1);
    world.pass(7_000);
    const again = world.join('bo', 1);
    const newest = world.homeOf(again);
    assert.equal(newest, world.node(1).name);
    world.hub.resume(taker.hub);
    world.pass(50);
    assert.equal(world.homeOf(again), null, 'both nodes have a session');
    // The taker learns of the dead node before it has all answers.
    world.pass(10_000);
    assert.equal(world.homeOf(again), newest);
    assertAtRest(world);
  });

  it('[CL-72a] gives no session away after a fence before it has asked about the user', () => {
    const world = new ClusterWorld();
    world.join('ada', 1);
    const [home, other] = [world.node(1), world.node(0)];
    const give = () => {
      const match = brandId<MatchId>('match-0001');
      return home.sessions.give(brandId<ConnectionId>('socket-1'), other.name, match, world.now);
    };
    home.hub.isCut = true;
    world.pass(7_000);
    home.hub.isCut = false;
    while (home.hub.isFenced(world.now)) world.pass(50);
    assert.equal(give(), false);
    world.pass(2 * MEMBER_SETTLES_MS);
    assert.equal(give(), true);
  });

  it('[CL-72c] skips GENERATIONS_SKIPPED generations of a session that it keeps', () => {
    const world = new ClusterWorld();
    const ada = world.join('ada', 1);
    const { hub, gateway } = world.node(1);
    const before = gateway.moves.sessionOf(ada.subject)?.generation ?? 0;
    hub.isCut = true;
    world.pass(7_000);
    hub.isCut = false;
    while (hub.isFenced(world.now)) world.pass(50);
    world.pass(2 * MEMBER_SETTLES_MS);
    assert.equal(gateway.moves.sessionOf(ada.subject)?.generation, before + GENERATIONS_SKIPPED);
  });

  it('[GW-96a] lets one of two hellos on two nodes win', () => {
    const world = new ClusterWorld();
    world.isHolding = true;
    const tabs = [world.join('ada', 0), world.join('ada', 1)];
    world.isHolding = false;
    world.flush();
    const open = tabs.filter(({ isAttached }) => isAttached);
    const closed = tabs.filter(({ closedBy }) => closedBy === 'other-node');
    assert.deepEqual([open.length, closed.length], [1, 1]);
  });

  it('[GW-96a] lets the newer of two sockets on one node win', () => {
    const world = new ClusterWorld();
    const ada = world.join('ada', 0);
    world.lose(ada);
    world.isHolding = true;
    const tabs = [world.join('ada', 1), world.join('ada', 1)];
    world.isHolding = false;
    world.pass(1_000);
    assert.deepEqual(
      tabs.map(({ closedBy }) => closedBy),
      ['other-node', null],
    );
    assert.equal(world.homeOf(ada), world.node(1).name);
    assertAtRest(world);
  });

  it('[GW-97] closes a hello to try again if the session left meanwhile', () => {
    const world = new ClusterWorld();
    const ada = world.join('ada', 0);
    world.lose(ada);
    const tab = world.join('ada', 1);
    // The answer is on its way when the session ends.
    world.isHolding = true;
    const late = world.join('ada', 2);
    world.isHolding = false;
    tab.leave();
    world.flush();
    world.pass(1_000);
    assert.equal(late.closedBy, 'other-node');
    world.connect(late, 2);
    world.pass(1_000);
    assert.equal(world.homeOf(late), world.node(2).name);
    assertAtRest(world);
  });

  it('[GW-97] closes a forwarded hello unread if the session left before it came', () => {
    const world = new ClusterWorld();
    const { gateway, connections } = world.node(0);
    const facts = { subject: 'ada', clientAddress: '203.0.113.7', isLocal: false };
    const socket = { facts, nonce: 'nonce', hello: 'no hello', openForMs: 0 };
    gateway.moves.opened(brandId<ConnectionId>('socket'), socket, world.now);
    const [closed] = connections.takeAll();
    assert.equal(closed?.kind === 'close' && closed.reason, 'other-node');
  });

  it('[GW-97] closes a hello to try again if the session left while it was verified', () => {
    const world = new ClusterWorld();
    const ada = world.join('ada', 0);
    world.verifiesLater = true;
    const late = world.join('ada', 2);
    // The hello is on the session's home, which verifies its signature when the session ends.
    world.verifyDevices();
    ada.leave();
    world.flush();
    assert.equal(late.closedBy, null);
    world.verifyDevices();
    assert.equal(late.closedBy, 'other-node');
    world.verifiesLater = false;
    world.connect(late, 2);
    world.pass(1_000);
    assert.equal(world.homeOf(late), world.node(2).name);
    assertAtRest(world);
  });

  it('[GW-98] refuses to restore a call that ended for this session on another node', () => {
    const world = new ClusterWorld();
    const [ada, bo] = world.pair();
    const { receipt } = ada.call ?? { receipt: '' };
    bo.endCall('next');
    world.pass(1_000);
    for (const user of [ada, bo]) {
      assert.equal(count(user, 'call.ended'), 1);
    }
    ada.say('call.restore', { receipt, received: [0, 0] });
    world.flush();
    assert.equal(ada.last('restore.refused').reason, 'too-late');
  });

  it('[GW-92] frames of the home reach the page while the edge fetches the session', () => {
    const world = new ClusterWorld();
    const ada = world.join('ada', 0);
    world.lose(ada);
    const tab = world.join('ada', 1);
    for (let at = 0; at < 3; at++) {
      tab.searchFor('text');
      world.flush();
      tab.withdraw();
      world.pass(100);
    }
    assert.equal(count(tab, 'ticket.accepted'), 3);
    assert.equal(count(tab, 'ticket.withdrawn'), 3);
  });

  it('[CL-181] closes the socket if the edge stopped to fetch the session', () => {
    const world = new ClusterWorld();
    const [ada, bo] = world.pair();
    const home = world.node(0);
    assert.equal(world.homeOf(bo), home.name);
    let fetches = 0;
    // Two requests for the session are on their way. The home refuses only the first one, because
    // it is writing a block then.
    world.loses = ({ type }) => {
      if (type === 'session.fetch') fetches += 1;
      if (fetches === 1) world.isHolding = true;
      if (type === 'session.refused') world.settleJournal(home);
      return false;
    };
    ada.endCall('next');
    bo.block();
    world.pass(2 * MOVE_ASKED_EVERY_MS);
    assert.equal(fetches, 2);
    world.isHolding = false;
    world.flush();
    assert.equal(bo.closedBy, 'other-node');
    world.connect(bo, 1);
    bo.searchFor('text');
    world.pass(1_000 + GIVEN_LATELY_MS);
    assert.equal(count(bo, 'ticket.accepted'), 2);
    assert.equal(world.homeOf(bo), world.node(1).name);
    assertAtRest(world);
  });

  it('[CL-182] keeps another node’s socket of the same name when a fetch is refused', () => {
    const world = new ClusterWorld();
    const [ada, bo] = world.pair();
    // Each is the first socket of its node, and both have their calls on the same home.
    const [cy, dee] = world.pair('text', [0, 2], ['cy', 'dee']);
    ada.endCall('next');
    world.loses = ({ type }) => {
      if (type === 'session.move') world.lose(bo);
      return false;
    };
    world.pass(1_000);
    assert.equal(world.homeOf(bo), world.node(0).name);
    talk(world, cy, dee);
    assert.deepEqual(texts(dee), ['line 0', 'line 1']);
    assert.deepEqual(texts(cy), ['line 0', 'line 1']);
  });

  it('[GW-97] opens a second tab there and closes the first one', () => {
    const world = new ClusterWorld();
    const ada = world.join('ada', 0);
    const tab = world.join('ada', 1);
    world.pass(1_000);
    assert.equal(ada.closedBy, 'replaced');
    assert.equal(world.homeOf(tab), world.node(1).name);
    assertAtRest(world);
  });

  it('[GW-97] rejoins the call there on a new page', () => {
    const world = new ClusterWorld();
    const [ada, bo] = world.pair();
    talk(world, ada, bo);
    world.lose(bo);
    const page = world.join('bo', 2, { isNewPage: true });
    page.rejoin();
    world.pass(500);
    assert.equal(page.call?.match, ada.call?.match);
    talk(world, ada, page);
    assert.deepEqual(texts(page).slice(-2), ['line 0', 'line 1']);
  });

  it('[GW-98] restores the call of a killed node on two other nodes', () => {
    const world = new ClusterWorld(['one', 'two', 'three', 'four']);
    const [ada, bo] = world.pair();
    talk(world, ada, bo);
    const match = ada.call?.match;
    const home = world.nodes.findIndex(({ name }) => name === world.homeOf(ada));
    world.kill(home);
    world.pass(9_000);
    world.connect(ada, 0);
    world.connect(bo, 1);
    world.pass(3_000);
    assert.deepEqual([ada.call?.match, bo.call?.match], [match, match]);
    talk(world, ada, bo);
    assert.deepEqual(texts(ada), texts(bo));
  });
});

describe('a page that gave up its first socket', () => {
  it('[GW-95c] keeps the newer socket when the older hello arrives later', () => {
    const world = new ClusterWorld();
    const [ada, bo] = world.pair();
    const home = world.nodes.findIndex(({ name }) => name === world.homeOf(ada));
    const [one, other] = home === 0 ? [ada, bo] : [bo, ada];
    world.lose(one);
    // The hello of the first socket waits for the answers of the other nodes.
    world.loses = ({ type }) => type === 'who.answer';
    world.connect(one, 2);
    world.pass(1_000);
    world.giveUp(one);
    world.connect(one, home);
    world.flush();
    assert.equal(count(one, 'session.resumed'), 1);
    world.loses = () => false;
    world.pass(1_000);
    assert.equal(one.isAttached, true);
    talk(world, one, other);
    assert.deepEqual(texts(one), texts(other));
  });
});

describe('a call of a dead node', () => {
  it('[GW-98a] ends for a waiting user when the peer ends it on another node', () => {
    for (const ender of ['ada', 'bo'] as const) {
      const world = new ClusterWorld(['one', 'two', 'three', 'four']);
      const [ada, bo] = world.pair();
      const [by, stays] = ender === 'ada' ? [ada, bo] : [bo, ada];
      const { match, epoch, receipt } = by.call ?? assert.fail('there is no call');
      world.kill(world.nodes.findIndex(({ name }) => name === world.homeOf(ada)));
      world.pass(9_000);
      by.call = null;
      world.connect(by, 0);
      world.connect(stays, 1);
      world.pass(1_000);
      assert.equal(count(stays, 'call.restoring'), 1);
      by.say('call.end', { match, epoch, reason: 'stop', receipt });
      world.pass(500);
      assert.equal(stays.last('call.ended').reason, 'left');
    }
  });

  it('[GW-98a] ends for a waiting user who comes to the node where the peer ended it', () => {
    const world = new ClusterWorld(['one', 'two', 'three', 'four']);
    const [ada, bo] = world.pair();
    const { match, epoch, receipt } = ada.call ?? assert.fail('there is no call');
    world.kill(world.nodes.findIndex(({ name }) => name === world.homeOf(ada)));
    world.pass(9_000);
    world.loses = ({ type }) => type === 'restore.waiting';
    ada.call = null;
    world.connect(ada, 0);
    world.connect(bo, 1);
    world.pass(500);
    ada.say('call.end', { match, epoch, reason: 'stop', receipt });
    world.pass(500);
    assert.equal(count(bo, 'call.ended'), 0);
    world.lose(bo);
    world.connect(bo, 0);
    world.pass(2_000);
    assert.equal(world.homeOf(bo), world.node(0).name);
    assert.equal(bo.last('call.ended').reason, 'left');
  });
});

describe('a call whose home died before it told one user of the end', () => {
  for (const [moves, when] of [
    [false, 'lives on another node'],
    [true, 'comes to the user’s node'],
  ] as const) {
    it(`[GW-98c] ends for the user when the peer’s session ${when}`, () => {
      const world = new ClusterWorld(['one', 'two', 'three', 'four']);
      const clients = world.pair();
      const home = world.nodes.findIndex(({ name }) => name === world.homeOf(clients[0]));
      const [stays, leaves] = home === 0 ? clients : clients.toReversed();
      assert.ok(stays !== undefined && leaves !== undefined);
      stays.misses = (text) => text.includes('call.ended');
      leaves.endCall('next');
      // The leaver's session moves to the node with its socket.
      world.pass(1_000);
      world.kill(home);
      stays.misses = () => false;
      world.loses = ({ type }) => moves && type === 'restore.waiting';
      world.pass(9_000);
      const edge = world.nodes.findIndex(({ name }) => name === world.homeOf(leaves));
      const other = edge === 0 ? 1 : 0;
      world.connect(stays, other);
      world.flush();
      assert.equal(count(stays, 'call.restoring'), 1);
      if (moves) {
        world.lose(leaves);
        world.connect(leaves, other);
      }
      world.pass(1_000);
      assert.equal(stays.last('call.ended').reason, 'left');
    });
  }

  it('[GW-98c] ends for the user when the peer ended it by its receipt, and that node died too', () => {
    const world = new ClusterWorld(['one', 'two', 'three', 'four']);
    const [ada, bo] = world.pair();
    const { match, epoch, receipt } = ada.call ?? assert.fail('there is no call');
    world.kill(world.nodes.findIndex(({ name }) => name === world.homeOf(ada)));
    world.pass(9_000);
    ada.call = null;
    world.connect(ada, 0);
    world.pass(500);
    ada.say('call.end', { match, epoch, reason: 'stop', receipt });
    world.pass(500);
    world.lose(ada);
    world.connect(ada, 1);
    world.pass(1_000);
    assert.equal(world.homeOf(ada), world.node(1).name);
    world.kill(0);
    world.pass(9_000);
    world.connect(bo, 1);
    world.pass(1_000);
    assert.equal(bo.last('call.ended').reason, 'left');
  });
});

describe('a call that a node ended while it was cut off', () => {
  it('[GW-98a] goes on elsewhere if the node only missed its users', () => {
    const world = new ClusterWorld(['one', 'two', 'three', 'four', 'five']);
    const clients = world.pair();
    const [first, other] = clients;
    const before = world.nodes.find(({ name }) => name === world.homeOf(first));
    assert.ok(before !== undefined);
    before.hub.isCut = true;
    world.pass(7_000);
    for (const client of clients) world.lose(client);
    world.connect(first, 2);
    world.connect(other, 3);
    world.pass(RESUME_GRACE_MS + GRACE_PAUSED_MAX_MS);
    assert.equal(before.gateway.counts().calls, 0);
    before.hub.isCut = false;
    world.pass(5_000);
    world.kill(world.nodes.findIndex(({ name }) => name === world.homeOf(first)));
    world.pass(9_000);
    const places = [...world.nodes.keys()].filter((at) => world.node(at) !== before);
    for (const [at, client] of clients.entries()) {
      world.lose(client);
      world.connect(client, places[at] ?? 0);
      world.pass(1_000);
    }
    for (const client of clients) {
      assert.equal(count(client, 'call.restored'), 2, client.name);
      assert.equal(count(client, 'call.ended'), 0, client.name);
    }
  });

  it('[GW-98a] ends for the user who restores it elsewhere', () => {
    const world = new ClusterWorld();
    const clients = world.pair();
    const home = world.nodes.findIndex(({ name }) => name === world.homeOf(clients[0]));
    const [leaves, stays] = home === 0 ? clients : clients.toReversed();
    assert.ok(stays !== undefined && leaves !== undefined);
    const { hub } = world.node(home);
    hub.isCut = true;
    leaves.endCall('next');
    world.pass(7_000);
    world.lose(stays);
    world.connect(stays, 2);
    world.pass(1_000);
    assert.equal(count(stays, 'call.restoring'), 1);
    hub.isCut = false;
    world.pass(5_000);
    assert.equal(stays.last('call.ended').reason, 'left');
  });
});

describe('a session ticket that was used', () => {
  const own = brandId<SessionId>('session-of-ada');
  const other = brandId<SessionId>('session-before');

  function opensAt(at: number, opener: SessionId | null): boolean {
    const world = new ClusterWorld();
    const getTicket = (subject: SubjectId) => world.mintTicket(subject, own);
    const ada = world.join('ada', 0, { getTicket });
    ada.leave();
    world.flush();
    ada.forgetSession();
    world.connect(ada, at, opener);
    world.pass(1_000);
    return count(ada, 'session.opened') === 2;
  }

  it('[GW-12c] opens no session on another node, whose socket something else opened', () => {
    for (const opener of [null, other]) assert.equal(opensAt(1, opener), false);
    // The ticket opens no second socket (CL-99), but without Valkey each node decides alone.
    assert.equal(opensAt(1, own), true);
    assert.equal(opensAt(0, own), false);
  });
});

describe('a user who waits for a restore', () => {
  it('[GW-82a] waits no longer if a decision came while the session moved', () => {
    for (const suspended of ['ada', 'nobody']) {
      const world = new ClusterWorld();
      const [ada, bo] = world.pair();
      world.kill(world.nodes.findIndex(({ name }) => name === world.homeOf(ada)));
      world.pass(9_000);
      world.connect(bo, 0);
      world.pass(500);
      world.lose(bo);
      // Until the session has moved to the node with the new socket, neither node has it.
      world.loses = ({ type }) => {
        world.isHolding ||= type === 'session.move';
        return false;
      };
      world.connect(bo, 1);
      world.pass(500);
      assert.equal(world.homeOf(bo), null);
      world.isSuspended = (_node, subject) => subject === `subject-${suspended}`;
      for (const { gateway } of world.nodes) gateway.standingsChanged(world.now);
      world.loses = () => false;
      world.isHolding = false;
      world.pass(1_000);
      assert.equal(world.homeOf(bo), world.node(1).name);
      const ends = bo.all('call.ended').map(({ reason }) => reason);
      assert.deepEqual(ends, suspended === 'ada' ? ['left'] : []);
    }
  });

  it('[GW-98] meets the peer on the node to which the session moves', () => {
    const world = new ClusterWorld(['one', 'two', 'three', 'four']);
    const [ada, bo] = world.pair();
    talk(world, ada, bo);
    world.kill(world.nodes.findIndex(({ name }) => name === world.homeOf(ada)));
    world.pass(9_000);
    world.connect(ada, 0);
    // Bo waits on another node, and then loses the socket and comes to the node where Ada waits.
    world.loses = ({ type }) => type === 'restore.waiting';
    world.connect(bo, 1);
    world.pass(500);
    assert.equal(count(ada, 'call.restoring') + count(bo, 'call.restoring'), 2);
    world.lose(bo);
    world.connect(bo, 0);
    world.pass(1_000);
    for (const client of [ada, bo]) assert.equal(count(client, 'call.restored'), 1);
    talk(world, ada, bo);
    assert.deepEqual(texts(ada), texts(bo));
  });
});

describe('a call of a node that was counted as dead', () => {
  for (const [isCut, name] of [
    [true, 'cut off from the broker'],
    [false, 'suspended'],
  ] as const) {
    it(`[GW-98b] goes on after the node was ${name}`, () => {
      const world = new ClusterWorld();
      const clients = world.pair();
      talk(world, ...clients);
      const home = world.nodes.findIndex(({ name: node }) => node === world.homeOf(clients[0]));
      const [atHome, away] = home === 0 ? clients : clients.toReversed();
      assert.ok(atHome !== undefined && away !== undefined);
      const { hub } = world.node(home);
      if (isCut) hub.isCut = true;
      else world.hub.pause(hub);
      world.pass(7_000);
      // One page has got a new session, the other one has noticed nothing.
      world.lose(away);
      world.connect(away, 2);
      world.pass(1_000);
      assert.equal(count(away, 'call.restoring'), 1);
      if (isCut) hub.isCut = false;
      else world.hub.resume(hub);
      for (let passed = 0; passed < 5_000; passed += 250) {
        if (!atHome.isAttached) world.connect(atHome, home);
        world.pass(250);
      }
      for (const client of clients) {
        assert.equal(count(client, 'call.restored'), 1, client.name);
        assert.equal(count(client, 'call.ended'), 0, client.name);
      }
      talk(world, ...clients);
      assert.deepEqual(texts(atHome), texts(away));
    });
  }

  it('[GW-98d] isn’t one that a page left for a new session', () => {
    const world = new ClusterWorld();
    const [ada, bo] = world.pair();
    const home = world.nodes.findIndex(({ name }) => name === world.homeOf(ada));
    const session = bo.sessionId;
    world.lose(ada);
    ada.forgetSession();
    world.connect(ada, home);
    world.pass(1_000);
    assert.deepEqual([bo.closedBy, bo.sessionId], [null, session]);
    assert.equal(bo.last('call.ended').reason, 'left');
    assert.equal(ada.last('restore.refused').reason, 'too-late');
  });

  it('[GW-98b] goes on after a page returned to the node with a new session', () => {
    const world = new ClusterWorld();
    const clients = world.pair();
    talk(world, ...clients);
    const home = world.nodes.findIndex(({ name: node }) => node === world.homeOf(clients[0]));
    const { hub } = world.node(home);
    for (const client of clients) world.lose(client);
    world.hub.pause(hub);
    world.pass(7_000);
    const [first, other] = clients;
    // Another node has reset the page's session, and the node is awake before the page is back.
    first.forgetSession();
    world.hub.resume(hub);
    world.pass(500);
    world.connect(first, home);
    world.pass(500);
    for (let passed = 0; passed < 5_000; passed += 250) {
      for (const client of clients) if (!client.isAttached) world.connect(client, home);
      world.pass(250);
    }
    for (const client of clients) assert.equal(count(client, 'call.restored'), 1, client.name);
    talk(world, first, other);
    assert.deepEqual(texts(first), texts(other));
  });
});

describe('a call between nodes while the broker is away', () => {
  /** Cuts all nodes off for so long. The pages notice it, and try again until all is repaired. */
  function cutAll(world: ClusterWorld, ms: number, clients: readonly TestClient[]): void {
    for (const { hub } of world.nodes) hub.isCut = true;
    world.pass(ms);
    for (const { hub } of world.nodes) hub.isCut = false;
    const isWhole = (): boolean => clients.every(({ isAttached }) => isAttached);
    for (let passed = 0; passed < 4_000 || !isWhole(); passed += 250) {
      assert.ok(passed < 10_000, 'a page has no session');
      clients.forEach((client, at) => client.isAttached || world.connect(client, at));
      world.pass(250);
    }
  }

  it('[CL-72b] pauses, and goes on with every line', () => {
    for (const ms of [2_000, 6_000, 60_000]) {
      const world = new ClusterWorld();
      const clients = world.pair();
      const [ada, bo] = clients;
      talk(world, ada, bo);
      for (const { hub } of world.nodes) hub.isCut = true;
      world.pass(3_000);
      for (const client of clients) client.sayLine(`${client.name} while the broker is away`);
      world.flush();
      cutAll(world, ms, clients);
      talk(world, bo, ada);
      assert.equal(texts(ada).length, 6, `${ms}`);
      assert.deepEqual(texts(ada), texts(bo));
      for (const client of clients) {
        assert.equal(count(client, 'session.opened') + count(client, 'call.ended'), 1);
      }
      ada.endCall('next');
      world.pass(1_000);
      assert.equal(count(bo, 'call.ended'), 1);
      assertAtRest(world);
    }
  });

  it('[CL-72b] shows the user at the home that the peer is reconnecting', () => {
    const world = new ClusterWorld();
    const clients = world.pair();
    talk(world, ...clients);
    const local = clients.find((client) => {
      const place = clients.indexOf(client);
      return world.homeOf(client) === world.node(place).name;
    });
    assert.ok(local !== undefined);
    for (const { hub } of world.nodes) hub.isCut = true;
    world.pass(4_500);
    assert.equal(local.last('peer.presence').present, false);
    cutAll(world, 1_000, clients);
    assert.equal(local.last('peer.presence').present, true);
  });

  it('[CL-72b] resumes on an edge that was fenced, before MEMBER_SETTLES_MS', () => {
    const world = new ClusterWorld();
    const clients = world.pair();
    talk(world, ...clients);
    for (const { hub } of world.nodes) hub.isCut = true;
    world.pass(6_000);
    for (const { hub } of world.nodes) hub.isCut = false;
    while (world.nodes.some(({ hub }) => hub.isFencedNow)) world.pass(50);
    const atMs = world.now.monotonicMs;
    const away = clients.find((client, at) => world.homeOf(client) !== world.node(at).name);
    assert.ok(away !== undefined);
    world.lose(away);
    world.connect(away, clients.indexOf(away));
    world.pass(100);
    assert.equal(count(away, 'session.resumed'), 1);
    assert.ok(world.now.monotonicMs - atMs < MEMBER_SETTLES_MS);
  });

  it('[CL-72b] a home takes no socket of a node that it does not know as a member', () => {
    const world = new ClusterWorld();
    const ada = world.join('ada', 0);
    world.lose(ada);
    world.node(0).hub.known.delete(world.node(1).name);
    world.connect(ada, 1);
    assert.equal(ada.closedBy, 'other-node');
    assert.equal(count(ada, 'session.resumed'), 0);
  });
});

describe('a suspended user', () => {
  it('[GW-15b] is out when the session comes to a node that knows the decision', () => {
    const world = new ClusterWorld();
    const ada = world.join('ada', 0);
    world.isSuspended = (node, subject) => node === world.node(1).name && subject === ada.subject;
    world.lose(ada);
    world.connect(ada, 1);
    world.pass(1_000);
    assert.equal(ada.closedBy, 'sanctioned');
    assert.equal(world.homeOf(ada), null);
    assertAtRest(world);
  });
});

describe('a user whose home is fenced', () => {
  it('[GW-95a] GRACE_PAUSED_MAX_MS: extends the grace period by the fence, up to this', () => {
    for (const [fenceMs, isKept] of [
      [GRACE_PAUSED_MAX_MS - 20_000, true],
      [GRACE_PAUSED_MAX_MS + 20_000, false],
    ] as const) {
      const world = new ClusterWorld();
      const ada = world.join('ada', 0);
      const { hub, gateway } = world.node(0);
      hub.isCut = true;
      world.pass(5_000);
      assert.equal(hub.isFenced(world.now), true);
      world.lose(ada);
      world.pass(fenceMs);
      hub.isCut = false;
      world.pass(RESUME_GRACE_MS - 1_000);
      assert.equal(gateway.moves.sessionOf(ada.subject) !== null, isKept);
      world.pass(2_000);
      assert.equal(gateway.moves.sessionOf(ada.subject), null);
    }
  });
});

describe('a node that gave a session away lately', () => {
  it('[CL-233] opens no new session of the user although no node has one', () => {
    const world = new ClusterWorld();
    // Bo's ticket is the older one, so Ada's session moves to Bo's node.
    const [, ada] = world.pair('text', [1, 0], ['bo', 'ada']);
    assert.equal(world.homeOf(ada), world.node(1).name);
    world.loses = ({ type }) => type === 'who.answer';
    const { subject, device } = ada;
    world.sent.length = 0;
    const tab = world.join('tab', 0, { subject, device });
    const asked = world.sent.find((message) => message.type === 'who.subject');
    assert.ok(asked?.type === 'who.subject');
    // What the other nodes said before one of them took the session.
    const { v, question } = asked;
    const nothing = { type: 'who.answer', v, question, has: 'nothing', generation: 0 } as const;
    const { hub } = world.node(0);
    hub.run((now) => {
      for (const { name } of world.nodes) hub.listener.received(name, nothing, now);
    });
    world.flush();
    assert.equal(tab.closedBy, 'other-node');
    assert.equal(world.homeOf(ada), world.node(1).name);
  });
});

describe('a node that stops', () => {
  it('[GW-99] MOVE_AWAY_MS: sends users without a call away within this time', () => {
    const world = new ClusterWorld();
    const users = ['ada', 'bo', 'cy', 'di'].map((name) => world.join(name, 0));
    world.node(0).gateway.drain(world.now);
    world.flush();
    world.pass(MOVE_AWAY_MS);
    for (const user of users) {
      assert.equal(user.closedBy, 'other-node');
      world.connect(user, 1);
    }
    world.pass(1_000);
    for (const user of users) {
      assert.equal(count(user, 'session.resumed'), 1);
      assert.equal(world.homeOf(user), world.node(1).name);
    }
    assert.ok(world.node(0).gateway.drained);
  });

  it('[GW-271] opens no call while it is fenced', () => {
    const world = new ClusterWorld();
    const { gateway } = world.node(0);
    const held: Parameters<typeof gateway.matched>[] = [];
    const matched = gateway.matched.bind(gateway);
    gateway.matched = (...args) => void held.push(args);
    const ada = world.join('ada', 0);
    const bo = world.join('bo', 0);
    ada.searchFor('text');
    bo.searchFor('text');
    world.pass(500);
    assert.equal(held.length, 2);
    gateway.matched = matched;
    gateway.moves.fenced(world.now);
    for (const [event] of held) gateway.matched(event, world.now);
    world.pass(500);
    assert.equal(count(ada, 'match.found') + count(bo, 'match.found'), 0);
    gateway.moves.unfenced(world.now);
    world.pass(500);
    assert.deepEqual([count(ada, 'match.found'), count(bo, 'match.found')], [1, 1]);
  });

  it('[GW-270] sends users without a call away until it reaches the store again', () => {
    const world = new ClusterWorld();
    const { gateway } = world.node(0);
    const ada = world.join('ada', 0);
    const bo = world.join('bo', 0);
    const pass = (ms: number): void => {
      for (let at = 0; at < ms; at += 100) {
        gateway.sendAway(world.now);
        world.pass(100);
      }
    };
    pass(100);
    ada.searchFor('text');
    bo.searchFor('text');
    pass(MOVE_AWAY_MS);
    for (const user of [ada, bo]) {
      assert.equal(user.closedBy, 'other-node');
      assert.equal(count(user, 'match.found'), 0, 'nobody meets before');
      world.connect(user, 1);
    }
    world.pass(1_000);
    for (const user of [ada, bo]) {
      assert.equal(world.homeOf(user), world.node(1).name);
      assert.equal(count(user, 'match.found'), 1);
    }
    pass(MOVE_AWAY_MS);
    assert.equal(count(ada, 'call.ended'), 0);
  });

  for (const at of [
    [0, 0],
    [0, 1],
  ] as const) {
    it(`[GW-99a] its calls go on elsewhere, users on nodes ${at.join(' and ')}`, () => {
      const world = new ClusterWorld();
      const clients = world.pair('text', at);
      const [ada, bo] = clients;
      talk(world, ada, bo);
      const home = world.nodes.findIndex(({ name }) => name === world.homeOf(ada));
      const { gateway } = world.node(home);
      gateway.drain(world.now);
      world.pass(DRAIN_DEADLINE_MS - 100);
      talk(world, bo, ada);
      assert.equal(gateway.drained, false);
      world.pass(200);
      assert.ok(gateway.drained);
      for (const client of clients) assert.equal(client.closedBy, 'session-reset');
      const others = world.nodes.map((_, place) => place).filter((place) => place !== home);
      clients.forEach((client, place) => world.connect(client, others[place] ?? 0));
      world.pass(1_000);
      for (const client of clients) {
        assert.equal(count(client, 'call.restored'), 1);
        assert.equal(count(client, 'call.ended') + count(client, 'server.moving'), 0);
      }
      talk(world, ada, bo);
      assert.equal(texts(ada).length, 6);
      assert.deepEqual(texts(ada), texts(bo));
    });
  }

  it('[GW-99a] a user who waits for a restore on it moves away and meets the peer', () => {
    const world = new ClusterWorld(['one', 'two', 'three', 'four']);
    const clients = world.pair();
    const [ada] = clients;
    world.kill(world.nodes.findIndex(({ name }) => name === world.homeOf(ada)));
    world.pass(9_000);
    ada.search = null;
    // Ada has a session on a node that begins to drain before Ada asks for the restore.
    const kept = ada.call;
    ada.call = null;
    world.connect(ada, 0);
    world.node(0).gateway.drain(world.now);
    ada.call = kept;
    ada.say('call.restore', { receipt: kept?.receipt ?? '', received: [0, 0] });
    world.flush();
    assert.equal(count(ada, 'call.restoring'), 1);
    for (let passed = 0; passed < MOVE_AWAY_MS + 1_000; passed += 250) {
      clients.forEach((client, place) => client.isAttached || world.connect(client, place + 1));
      world.pass(250);
    }
    for (const client of clients) assert.equal(count(client, 'call.restored'), 1);
  });
});
