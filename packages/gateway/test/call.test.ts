import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AssertionError } from '@farandole/kernel/assert';
import { brandId, type NodeId } from '@farandole/kernel/id';
import type { ServerMessage } from '@farandole/protocol/server-message';
import {
  ONLINE_COUNT_EVERY_MS,
  ONLINE_NOTIFIED_AT_ONCE,
  ONLINE_NOTIFIED_EVERY_MS,
} from '../src/limits.ts';
import { ScriptedMatchmaker } from './support/scripted-matchmaker.ts';
import type { TestClient } from './support/test-client.ts';
import { joined, paired, World } from './support/world.ts';

test('[PR-43] ends the call for both users in the same event-loop turn', () => {
  for (const [reason, other] of [
    ['next', 'left'],
    ['stop', 'left'],
    ['page-hidden', 'left'],
    ['connect-failed', 'connect-failed'],
  ] as const) {
    const { world, ada, bo } = paired();
    ada.endCall(reason);
    // Both frames are handled at the same simulated time, without a tick between them.
    world.flush();
    assert.equal(ada.last('call.ended').reason, 'you');
    assert.equal(bo.last('call.ended').reason, other);
    assert.deepEqual(world.gateway.counts(), { online: 2, detached: 0, waiting: 0, calls: 0 });
  }
});

test('[PR-43] accepts a new search directly after a call', () => {
  const { world, ada, bo } = paired();
  const cy = world.joinAdult('cy');
  cy.searchFor('text');
  ada.endCall('next');
  ada.searchFor('text');
  world.settle();
  assert.equal(ada.call?.match, cy.call?.match);
  assert.equal(bo.call, null);
});

test('[PR-43] doesn’t match two users again directly after their call', () => {
  const { world, ada, bo } = paired();
  ada.endCall('next');
  world.flush();
  ada.searchFor('text');
  bo.searchFor('text');
  world.settle();
  assert.deepEqual([ada.call, bo.call], [null, null]);
});

test('[PR-40] drops messages of a call that has ended', () => {
  const { world, ada, bo } = paired('video');
  const call = bo.inCall();
  ada.endCall('next');
  const before = ada.received.length;
  bo.say('chat.send', { ...call, id: 'line-late', text: 'still there?' });
  bo.sayMedia();
  bo.sayCandidate('');
  bo.say('signal.offer', { ...call, sdp: 'v=0' });
  bo.say('signal.answer', { ...call, sdp: 'v=0' });
  bo.consentDirect(true);
  bo.say('call.first-frame', { ...call, elapsedMs: 1, way: 'relay' });
  bo.say('call.end', { ...call, reason: 'next' });
  bo.sayRaw(JSON.stringify({ type: 'chat.typing', ...call, active: true }));
  world.flush();
  assert.deepEqual(
    ada.received.slice(before).map(({ type }) => type),
    ['call.ended', 'link.ack'],
  );
  assert.equal(bo.received.at(-1)?.type, 'call.ended');
  assert.ok(bo.isAttached, 'and the session goes on');
});

test('[PR-40] drops messages that name another epoch of the call', () => {
  const { world, ada, bo } = paired();
  ada.say('chat.send', { ...ada.inCall(), epoch: 2, id: 'line-late', text: 'hello' });
  ada.say('call.end', { ...ada.inCall(), epoch: 2, reason: 'next' });
  world.flush();
  assert.ok(ada.call !== null && bo.call !== null);
  assert.equal(bo.call.lines.length, 0);
});

test('[PR-40] never relays a message into another call', () => {
  const { world, ada, bo } = paired();
  const [cy, di] = world.pair('cy', 'di');
  const before = bo.received.length;
  // Cy knows the match id of another call but isn't in that call.
  cy.say('chat.send', { ...ada.inCall(), id: 'line-astray', text: 'canary' });
  cy.say('call.end', { ...ada.inCall(), reason: 'stop' });
  cy.sayLine('for di');
  world.flush();
  assert.deepEqual(bo.received.slice(before), []);
  assert.ok(ada.call !== null);
  assert.deepEqual(di.texts, ['for di']);
});

test('[PR-44] sends microphone and camera changes to the peer in the order made', () => {
  const { world, ada, bo } = paired('video');
  for (const camera of ['on', 'paused', 'off'] as const) {
    ada.sayMedia({ camera });
  }
  world.flush();
  assert.deepEqual(
    bo.all('media.updated').map(({ media }) => media.camera),
    ['on', 'paused', 'off'],
  );
  assert.equal(ada.all('media.updated').length, 0);
});

test('[GW-34] notifies the observer once of each user’s first media frame', () => {
  const { world, ada, bo } = paired('video');
  for (const client of [ada, ada, bo]) {
    client.say('call.first-frame', { ...client.inCall(), elapsedMs: 412, way: 'direct' });
  }
  const seen = world.events.filter(({ event }) => event === 'first-frame');
  assert.equal(seen.length, 2);
});

test('[GW-210] counts calls by mode and by the route of their media', () => {
  const { world, ada, bo } = paired('video', {
    config: { relayMode: 'until-consent', hasTurn: true },
  });
  world.pair('cy', 'di');
  const routes = () =>
    world.gateway.callCounts().map(({ mode, route, calls }) => `${calls} ${mode} ${route}`);
  assert.deepEqual(routes().toSorted(), ['1 text unknown', '1 video unknown']);
  ada.say('call.first-frame', { ...ada.inCall(), elapsedMs: 412, way: 'relay' });
  assert.ok(routes().includes('1 video relay'));
  bo.say('call.first-frame', { ...bo.inCall(), elapsedMs: 412, way: 'direct' });
  assert.ok(routes().includes('1 video relay'), 'the relay still carries one direction');
  for (const client of [ada, bo]) client.consentDirect(true);
  assert.ok(routes().includes('1 video unknown'), 'the call may be direct now');
  ada.endCall('next');
  assert.deepEqual(routes(), ['1 text unknown']);
});

test('[GW-2] a malformed frame ends only the sender’s session and frees the peer', () => {
  const frames = ['', '{', 'null', '[]', '{"type":"session.dance"}', '{"type":"chat.send"}'];
  for (const frame of frames) {
    const { world, ada, bo } = paired();
    const [cy, di] = world.pair('cy', 'di');
    ada.sayRaw(frame);
    world.flush();
    assert.equal(ada.closedBy, 'malformed');
    assert.equal(bo.last('call.ended').reason, 'lost');
    assert.ok(bo.isAttached && cy.isAttached && di.isAttached);
    assert.equal(cy.call?.match, di.call?.match);
    assert.deepEqual(world.gateway.counts(), { online: 3, detached: 0, waiting: 0, calls: 1 });
    // The malformed frame ended the session, so the client can't resume it.
    world.connect(ada);
    assert.equal(ada.last('session.opened').reset, 'unknown-session');
  }
});

test('[GW-1] two nodes send identical frames for identical events and times', () => {
  const script = (): readonly string[] => {
    const world = new World({ seed: 7 });
    const heard: string[] = [];
    const listen = (client: TestClient): TestClient => {
      const hear = client.frameArrived.bind(client);
      client.frameArrived = (text) => {
        heard.push(`${client.name} ${text}`);
        hear(text);
      };
      return client;
    };
    const clients = ['ada', 'bo', 'cy', 'di', 'ed'].map((name) => listen(world.newClient(name)));
    for (const client of clients) world.connect(client);
    for (const client of clients) client.declareAge('adult');
    for (const client of clients) client.searchFor('text', { interests: ['chess'] });
    world.settle();
    for (const client of clients) if (client.call !== null) client.sayLine(client.name);
    const [first] = clients;
    assert.ok(first !== undefined);
    world.lose(first);
    world.pass(31_000);
    world.settle();
    return heard;
  };
  const once = script();
  assert.deepEqual(script(), once);
  assert.ok(once.length > 30);
});

test('[GW-16] sends the online count at intervals, only if the count changed', () => {
  const { world, ada } = joined();
  const bo = world.join('bo');
  world.join('cy');
  assert.equal(ada.all('online.count').length, 0, 'never at a join');
  world.pass(5_000);
  assert.deepEqual(counted(ada), [3]);
  world.pass(20_000);
  assert.deepEqual(counted(ada), [3], 'and not when it is the same');
  bo.leave();
  world.flush();
  const di = world.join('di');
  world.pass(5_000);
  assert.deepEqual(counted(ada), [3]);
  assert.deepEqual(counted(di), [3], 'but to somebody who knows none');
  world.lose(di);
  world.pass(5_000);
  assert.deepEqual(counted(ada), [3, 2], 'who has no socket is not online');
});

test('[GW-16] sends a second change of the online count one interval later', () => {
  const { world, ada } = joined();
  world.pass(ONLINE_COUNT_EVERY_MS);
  world.join('bo');
  world.pass(ONLINE_COUNT_EVERY_MS - 250);
  assert.deepEqual(counted(ada), [1]);
  world.pass(250);
  assert.deepEqual(counted(ada), [1, 2]);
});

test('[GW-16] sends the online count to many sessions in batches', () => {
  const world = new World();
  const people = Array.from({ length: ONLINE_NOTIFIED_AT_ONCE + 1 }, (_, i) =>
    world.join(`p-${i}`),
  );
  const told = (): number => people.filter((person) => counted(person).length > 0).length;
  assert.equal(told(), 0);
  world.clock.advance(ONLINE_COUNT_EVERY_MS);
  world.tick();
  assert.equal(told(), ONLINE_NOTIFIED_AT_ONCE);
  const late = world.join('late');
  world.clock.advance(ONLINE_NOTIFIED_EVERY_MS);
  world.tick();
  assert.equal(told(), people.length);
  assert.deepEqual(counted(late), [people.length], 'of the round in which they came');
  world.clock.advance(ONLINE_COUNT_EVERY_MS);
  world.tick();
  assert.ok(
    people.slice(0, ONLINE_NOTIFIED_AT_ONCE).every((person) => counted(person).length === 2),
  );
});

test('[GW-70] passes no text, address, cookie or key to the observer', () => {
  const world = new World();
  const address = '198.51.100.77';
  const ada = world.joinAdult('ada', { clientAddress: address });
  const bo = world.joinAdult('bo', { clientAddress: address });
  for (const client of [ada, bo]) client.searchFor('video', { interests: ['canaries'] });
  world.settle();
  ada.sayLine('a canary');
  ada.say('signal.offer', { ...ada.inCall(), sdp: `c=IN IP4 ${address}` });
  ada.sayCandidate(`candidate:${address}`);
  ada.report(ada.call, { note: 'a canary' });
  world.settleJournal();
  bo.sayRaw('a canary');
  world.flush();
  assert.ok(world.events.length >= 8);
  const written = JSON.stringify(world.events);
  for (const secret of [address, 'canar', ada.subject, bo.subject, ada.device.publicKey]) {
    assert.ok(!written.includes(secret), secret);
  }
});

test('[GW-70] notifies the observer of each event exactly once', () => {
  const { world, ada } = paired();
  world.lose(ada);
  world.connect(ada);
  ada.sayLine('hello');
  ada.type(true);
  world.pass(1_000);
  ada.endCall('stop');
  const { match } = ada.last('match.found');
  const call = { mode: 'text', match };
  assert.deepEqual(world.events, [
    { event: 'session-opened' },
    { event: 'session-opened' },
    { event: 'match-found', waitedMs: 100, ...call },
    { event: 'session-resumed' },
    { event: 'relayed', kind: 'chat' },
    { event: 'relayed', kind: 'typing' },
    { event: 'call-ended', reason: 'left', lastedMs: 1_000, ...call },
  ]);
});

test('[GW-70] notifies the observer why sessions ended and frames were refused', () => {
  const world = new World();
  const clients = ['ada', 'bo', 'cy', 'di', 'ed'].map((name) => world.join(name));
  const [ada, bo, cy, di, ed] = clients;
  assert.ok(ada && bo && cy && di && ed);
  ada.leave();
  bo.close(1001);
  world.lose(cy);
  di.sayRaw('malformed');
  for (let i = 0; i < 11; i++) ed.searchFor('text');
  world.join('ed');
  world.pass(30_000);
  const ends = world.events.filter(({ event }) =>
    ['session-closed', 'frame-refused'].includes(event),
  );
  assert.deepEqual(ends, [
    { event: 'session-closed', reason: 'goodbye' },
    { event: 'session-closed', reason: 'left' },
    { event: 'frame-refused', reason: 'malformed' },
    { event: 'session-closed', reason: 'malformed' },
    { event: 'frame-refused', reason: 'too-fast' },
    { event: 'session-closed', reason: 'replaced' },
    { event: 'session-closed', reason: 'lost' },
  ]);
});

test('[GW-26] a draining node refuses searches, keeps calls, and stops at the deadline', () => {
  const matchmaker = new ScriptedMatchmaker();
  const searching = new World({ matchmaker });
  const cy = searching.joinAdult('cy');
  const ticket = cy.searchFor('text');
  searching.gateway.drain(searching.now);
  searching.flush();
  assert.equal(cy.last('ticket.refused').reason, 'server-moving');
  assert.equal(cy.last('ticket.refused').ticket, ticket);
  assert.equal(matchmaker.count('withdraw', matchmaker.ticketOf(cy.subject).id), 1);
  cy.searchFor('text');
  searching.flush();
  assert.equal(cy.all('ticket.refused').length, 2);
});

test('[PR-45] ends calls at the drain deadline with the reason `moving`', () => {
  const { world, ada, bo } = paired();
  const cy = world.join('cy');
  world.gateway.drain(world.now);
  world.gateway.drain(world.now);
  world.flush();
  const messages: readonly ServerMessage[] = [...ada.received, ...cy.received];
  const moving = messages.filter(({ type }) => type === 'server.moving');
  assert.deepEqual(moving, [
    { type: 'server.moving', deadlineMs: 10_000 },
    { type: 'server.moving', deadlineMs: 10_000 },
  ]);
  const di = world.join('di');
  assert.equal(di.closedBy, 'server-moving', 'nobody new is let in');
  const ed = world.newClient('ed');
  ed.frameArrived = () => undefined;
  world.pass(2_000);
  world.connect(ed);
  world.pass(2_000);
  world.lose(ada);
  world.connect(ada);
  assert.equal(ada.last('server.moving').deadlineMs, 6_000, 'whoever is here may resume');
  ada.sayLine('hello');
  world.flush();
  assert.equal(bo.call?.lines.length, 1);
  world.pass(5_999);
  assert.equal(world.gateway.drained, false);
  world.pass(1);
  assert.deepEqual(
    [ada, bo].map((client) => client.last('call.ended').reason),
    ['moving', 'moving'],
  );
  for (const client of [ada, bo, cy, ed]) assert.equal(client.closedBy, 'server-moving');
  const late = world.join('fay');
  assert.deepEqual([late.closedBy, late.received.length], ['server-moving', 0]);
  assert.equal(world.gateway.drained, true);
  assert.equal(world.gateway.counts().online, 0);
});

test('[GW-1] refuses to start without a required TURN server or valid node id', () => {
  for (const config of [
    { relayMode: 'until-consent', hasTurn: false },
    { relayMode: 'always', hasTurn: false },
    { node: brandId<NodeId>('short') },
  ] as const) {
    assert.throws(
      () => new World({ config, matchmaker: new ScriptedMatchmaker() }),
      AssertionError,
    );
  }
});

test('[PR-45] stops draining when the last session ends', () => {
  const { world, ada } = joined();
  assert.equal(world.gateway.drained, false);
  world.gateway.drain(world.now);
  assert.equal(world.gateway.drained, false);
  ada.leave();
  world.flush();
  assert.equal(world.gateway.drained, true);
});

function counted(client: TestClient): readonly number[] {
  return client.all('online.count').map(({ online }) => online);
}
