import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brandId, type ConnectionId, type SubjectId } from '@farandole/kernel/id';
import type { ClientMessageOf } from '@farandole/protocol/client-message';
import { helloPayload } from '@farandole/protocol/hello-payload';
import {
  HELLO_TIMEOUT_MS,
  RESUME_GRACE_MS,
  SESSION_TICKET_LIFETIME_MS,
} from '@farandole/protocol/limits';
import { encodeClientMessage } from '@farandole/protocol/server-codec';
import { parseServerMessage } from '@farandole/protocol/testing/parse-server-message';
import { ACCEPTED_VERSIONS, PROTOCOL_VERSION } from '@farandole/protocol/version';
import { openSessionReceipt } from '../src/receipts.ts';
import { FakeDevice } from './support/fake-signer.ts';
import type { TestClient } from './support/test-client.ts';
import { iceOf, joined, joinedAdult, paired, World } from './support/world.ts';

test('[PR-11] sends each new socket its own challenge and the accepted versions', () => {
  const { world, ada } = joined();
  const [challenge] = ada.received;
  assert.ok(challenge?.type === 'session.challenge');
  assert.deepEqual(challenge.versions, ACCEPTED_VERSIONS);
  assert.notEqual(challenge.nonce, world.join('bo').last('session.challenge').nonce);
});

test('[PR-10] opens a session for a signed ticket and sends a receipt', () => {
  const { world, ada } = joined();
  const opened = ada.last('session.opened');
  assert.equal(opened.received, 0);
  assert.equal(opened.reset, undefined);
  assert.deepEqual(opened.age, { state: 'unknown', refused: false });
  const receipt = openSessionReceipt(world.signer, opened.receipt, world.clock.wallMs());
  assert.equal(receipt?.session, opened.session);
  assert.equal(receipt?.subject, ada.subject);
  assert.deepEqual(world.gateway.counts(), { online: 1, detached: 0, waiting: 0, calls: 0 });
});

test('[GW-13] issues ICE servers for each new session’s id and client address', () => {
  const world = new World();
  const ada = world.join('ada', { clientAddress: '198.51.100.9' });
  const opened = ada.last('session.opened');
  assert.deepEqual(opened.ice, iceOf(opened.session));
  assert.deepEqual(world.iceIssued, [{ session: opened.session, clientAddress: '198.51.100.9' }]);
});

test('[GW-13] issues no ICE servers to a socket without a valid hello or to a resume', () => {
  const world = new World();
  world.gateway.connectionOpened(
    brandId<ConnectionId>('a-silent-socket'),
    { subject: brandId<SubjectId>('subject-silent'), clientAddress: '203.0.113.7', isLocal: false },
    world.now,
  );
  world.join('forger', { getTicket: () => 'a-forged-session-ticket' });
  world.decide('subject-banned', 'nothing');
  world.join('banned');
  assert.deepEqual(world.iceIssued, []);
  const ada = world.join('ada');
  world.lose(ada);
  world.connect(ada);
  assert.equal(ada.last('session.resumed').session, ada.last('session.opened').session);
  assert.equal(world.iceIssued.length, 1);
});

test('[PR-10] refuses a session ticket issued to another cookie', () => {
  const world = new World();
  const ada = world.newClient('ada');
  world.connect(ada, { subject: brandId<SubjectId>('subject-eve') });
  assert.equal(ada.closedBy, 'ticket-refused');
});

test('[PR-10] refuses a used session ticket, even after its session ended', () => {
  for (const hasLeft of [false, true]) {
    const world = new World();
    const ticket = world.mintTicket(world.newClient('ada').subject);
    const first = world.join('ada', { getTicket: () => ticket });
    if (hasLeft) first.leave();
    world.flush();
    const second = world.join('ada', { getTicket: () => ticket });
    assert.equal(second.closedBy, 'ticket-refused');
    assert.equal(first.isAttached, !hasLeft);
    assert.equal(world.gateway.counts().online, hasLeft ? 0 : 1);
  }
});

test('[PR-10] refuses an expired session ticket', () => {
  const world = new World();
  const ada = world.newClient('ada');
  const ticket = world.mintTicket(ada.subject);
  world.pass(SESSION_TICKET_LIFETIME_MS);
  const late = world.newClient('ada', { getTicket: () => ticket });
  world.connect(late);
  assert.equal(late.closedBy, 'ticket-refused');
});

test('[GW-11] a hello with an invalid signature doesn’t use up its ticket', () => {
  const world = new World();
  const ticket = world.mintTicket(world.newClient('ada').subject);
  const forger = new FakeDevice('eve');
  const device = new FakeDevice('ada');
  const wrong = Object.assign(new FakeDevice('ada'), { sign: forger.sign.bind(forger) });
  const eve = world.newClient('ada', { device: wrong, getTicket: () => ticket });
  world.connect(eve);
  assert.equal(eve.closedBy, 'device-refused');
  const ada = world.newClient('ada', { device, getTicket: () => ticket });
  world.connect(ada);
  assert.ok(ada.isAttached);
});

test('[GW-11] verifies the signature of a hello only if all fields are valid', () => {
  const { world, ada } = joined();
  const opened = ada.last('session.opened');
  let verified = 0;
  const verify = world.signer.verify.bind(world.signer);
  world.signer.verify = (signed) => {
    verified += 1;
    return verify(signed);
  };
  const eve = world.newClient('eve', { getTicket: () => 'ticket.forged-from-nothing.at-all' });
  world.connect(eve);
  assert.equal(eve.closedBy, 'ticket-refused');
  resumeAs(world, eve, ada, 0);
  assert.equal(eve.closedBy, 'ticket-refused');
  assert.equal(verified, 0);
  assert.ok(opened.session === ada.sessionId && ada.isAttached);
  world.lose(ada);
  world.connect(ada);
  assert.equal(verified, 1);
});

test('[PR-11] refuses a hello whose signature covers another socket’s challenge', () => {
  const world = new World();
  const device = new FakeDevice('ada');
  const replaying = Object.assign(new FakeDevice('ada'), {
    sign: () => device.sign(helloPayload('another-nonce', 'another-ticket')),
  });
  const ada = world.newClient('ada', { device: replaying });
  world.connect(ada);
  assert.equal(ada.closedBy, 'device-refused');
});

test('[PR-12] closes a socket as `out-of-order` if its first message isn’t hello', () => {
  const world = new World();
  const ada = world.newClient('ada');
  world.openSocket(ada);
  ada.sayRaw('{"type":"session.leave"}');
  world.flush();
  assert.equal(ada.closedBy, 'out-of-order');
});

test('[PR-12] ends a session as `out-of-order` on a second hello', () => {
  const { world, ada } = joined();
  ada.frameArrived(JSON.stringify(ada.last('session.challenge')));
  world.flush();
  assert.equal(ada.closedBy, 'out-of-order');
  assert.equal(world.gateway.counts().online, 0);
});

test('[PR-12] closes a socket exactly when the time limit for hello ends', () => {
  const world = new World();
  const ada = world.newClient('ada');
  const connection = world.openSocket(ada);
  world.connections.takeAll();
  world.pass(HELLO_TIMEOUT_MS - 1);
  assert.equal(world.connections.closeReason(connection), null);
  world.pass(1);
  assert.equal(world.connections.closeReason(connection), 'hello-timeout');
});

test('[PR-4] a client with an unsupported protocol version gets a distinct close reason', () => {
  const world = new World();
  const ada = world.newClient('ada');
  world.openSocket(ada);
  ada.sayRaw('{"type":"session.hello","version":9,"anything":[]}');
  world.flush();
  assert.equal(ada.closedBy, 'version-unsupported');
});

test('[PR-13] resumes a session on another socket after a connection loss', () => {
  const { world, ada } = joined();
  const { sessionId } = ada;
  world.lose(ada);
  assert.deepEqual(world.gateway.counts(), { online: 0, detached: 1, waiting: 0, calls: 0 });
  world.connect(ada);
  assert.equal(ada.last('session.resumed').session, sessionId);
  assert.equal(ada.all('session.opened').length, 1);
});

test('[PR-13] keeps a session without a socket exactly for the grace period', () => {
  for (const [awayMs, isSame] of [
    [RESUME_GRACE_MS - 1, true],
    [RESUME_GRACE_MS, false],
  ] as const) {
    const { world, ada } = joined();
    world.lose(ada);
    world.pass(awayMs);
    world.connect(ada);
    assert.equal(ada.all('session.resumed').length === 1, isSame);
  }
});

test('[PR-13] moves a session from an older socket to a newer one', () => {
  const { world, ada, bo } = paired();
  const older = world.connect(ada);
  const newer = world.connect(ada);
  assert.equal(world.connections.closeReason(older), 'superseded');
  assert.equal(world.connections.closeReason(newer), null);
  assert.equal(bo.all('peer.presence').length, 0, 'the other side notices nothing');
  ada.sayLine('still here');
  world.flush();
  assert.equal(bo.call?.lines.at(-1)?.text, 'still here');
});

test('[PR-13] a late hello on an older socket can’t take over the session', () => {
  const { world, ada, bo } = paired();
  const { session, secret } = ada.last('session.opened');
  const { older, nonce } = openSilently(world, ada);
  const newer = world.connect(ada);
  sayHello(world, older, ada, nonce, session, { resume: { session, secret, received: 0 } });
  assert.equal(world.connections.closeReason(older), 'superseded');
  assert.equal(world.connections.closeReason(newer), null);
  ada.sayLine('still here');
  world.flush();
  assert.equal(bo.call?.lines.at(-1)?.text, 'still here');
  assert.equal(bo.all('peer.presence').length, 0, 'the other side notices nothing');
});

test('[PR-16] a late hello on an older socket opens no session', () => {
  const world = new World();
  const ada = world.newClient('ada');
  const ticket = world.mintTicket(ada.subject);
  const { older, nonce } = openSilently(world, ada);
  const newer = world.connect(ada);
  const { sessionId } = ada;
  sayHello(world, older, ada, nonce, ticket, { ticket });
  assert.equal(world.connections.closeReason(older), 'replaced');
  assert.equal(world.connections.closeReason(newer), null);
  assert.equal(ada.sessionId, sessionId);
  assert.deepEqual(world.gateway.counts(), { online: 1, detached: 0, waiting: 0, calls: 0 });
});

test('[PR-14] opens a new session if the session to resume no longer exists', () => {
  const { world, ada } = joined();
  world.lose(ada);
  world.pass(RESUME_GRACE_MS);
  world.connect(ada);
  assert.equal(ada.last('session.opened').reset, 'unknown-session');
});

test('[PR-14] resets a page that lacks dropped frames or acknowledges frames never sent', () => {
  for (const received of [0, 2]) {
    const { world, ada } = joinedAdult();
    ada.acknowledge();
    const older = world.newClient('ada');
    resumeAs(world, older, ada, received);
    assert.equal(older.last('session.opened').reset, 'out-of-range');
  }
});

test('[PR-14] closes the socket of a failed resume that has no ticket', () => {
  for (const isGone of [true, false]) {
    const { world, ada } = joined();
    if (isGone) world.lose(ada);
    world.pass(isGone ? RESUME_GRACE_MS : 0);
    const other = world.newClient('ada');
    resumeAs(world, other, ada, isGone ? 0 : 1, { ticket: undefined });
    assert.equal(other.closedBy, 'session-reset');
    assert.equal(ada.isAttached, !isGone, 'and a session is none the worse');
  }
});

test('[PR-14] refuses a hello with neither ticket nor resume', () => {
  const { world, ada } = joined();
  const other = world.newClient('ada');
  resumeAs(world, other, ada, 0, { ticket: undefined, resume: undefined });
  assert.equal(other.closedBy, 'ticket-refused');
});

test('[GW-10] a resume requires the session’s secret, cookie and device key', () => {
  const { world, ada } = joined();
  const [eve, wrongDevice] = [world.newClient('eve'), new FakeDevice('eve')];
  resumeAs(world, eve, ada, 0);
  assert.equal(eve.last('session.opened').reset, 'unknown-session');
  const thief = world.newClient('ada', { device: wrongDevice });
  resumeAs(world, thief, ada, 0);
  assert.equal(thief.last('session.opened').reset, 'unknown-session');
  const guesser = world.newClient('cy');
  const cy = world.join('cy');
  const secret = world.signer.seal('resume', 'another-session');
  resumeAs(world, guesser, cy, 0, { secret });
  assert.equal(guesser.last('session.opened').reset, 'unknown-session');
});

test('[PR-16] a new session ends the same cookie’s older session and call', () => {
  for (const isDetached of [false, true]) {
    const { world, ada, bo } = paired();
    if (isDetached) world.lose(ada);
    const secondTab = world.join('ada');
    assert.equal(ada.closedBy, isDetached ? null : 'replaced');
    assert.ok(secondTab.isAttached);
    assert.equal(bo.last('call.ended').reason, 'left');
    assert.deepEqual(world.gateway.counts(), { online: 2, detached: 0, waiting: 0, calls: 0 });
  }
});

test('[PR-15] ends the session when its page closes the socket', () => {
  for (const code of [1000, 1001]) {
    const { world, ada, bo } = paired();
    ada.close(code);
    world.flush();
    assert.equal(bo.last('call.ended').reason, 'left');
    assert.deepEqual(world.gateway.counts(), { online: 1, detached: 0, waiting: 0, calls: 0 });
  }
});

test('[PR-15] a leaving page’s socket closes as `goodbye`, and its search ends', () => {
  const { world, ada } = joinedAdult();
  ada.searchFor('text');
  ada.leave();
  world.flush();
  assert.equal(ada.closedBy, 'goodbye');
  assert.deepEqual(world.gateway.counts(), { online: 0, detached: 0, waiting: 0, calls: 0 });
});

test('[GW-12] closes a socket above the connection limit as `too-many`', () => {
  const world = new World({ config: { connectionsMax: 2 } });
  const [ada, bo] = [world.join('ada'), world.join('bo')];
  const cy = world.join('cy');
  assert.equal(cy.closedBy, 'too-many');
  assert.ok(ada.isAttached && bo.isAttached);
  bo.leave();
  world.flush();
  assert.ok(world.join('cy').isAttached);
});

test('[GW-12] counts sessions without a socket towards the session limit', () => {
  const world = new World({ config: { connectionsMax: 1 } });
  for (const name of ['ada', 'bo']) world.lose(world.join(name));
  const cy = world.join('cy');
  assert.equal(cy.closedBy, 'too-many');
  // The user's second session replaces the first, so the session limit admits it.
  assert.ok(world.join('ada').isAttached);
});

interface ResumeOverrides {
  readonly secret?: string;
  readonly ticket?: undefined;
  readonly resume?: undefined;
}

/** Sends a hello that resumes another client's session, with some fields changed. */
function resumeAs(
  world: World,
  client: TestClient,
  of: TestClient,
  received: number,
  overrides: ResumeOverrides = {},
): void {
  const opened = of.last('session.opened');
  const resume = { session: opened.session, secret: overrides.secret ?? opened.secret, received };
  const hasResume = !('resume' in overrides);
  client.helloWith = (nonce, ticket) => ({
    type: 'session.hello',
    version: PROTOCOL_VERSION,
    device: signedBy(client, nonce, hasResume ? opened.session : ticket),
    ...('ticket' in overrides ? {} : { ticket }),
    ...(hasResume ? { resume } : {}),
  });
  world.connect(client);
}

function openSilently(world: World, client: TestClient): { older: ConnectionId; nonce: string } {
  const older = world.openSocket(client);
  for (const sent of world.connections.takeAll()) {
    if (sent.kind !== 'frame' || sent.connection !== older) continue;
    const message = parseServerMessage(sent.text);
    if (message.type === 'session.challenge') return { older, nonce: message.nonce };
  }
  return assert.fail('the node did not speak first');
}

/** Sends a hello on a socket that the client already replaced by a newer one. */
function sayHello(
  world: World,
  connection: ConnectionId,
  client: TestClient,
  nonce: string,
  bearer: string,
  fields: Pick<ClientMessageOf<'session.hello'>, 'ticket' | 'resume'>,
): void {
  const device = signedBy(client, nonce, bearer);
  const hello = { type: 'session.hello', version: PROTOCOL_VERSION, device, ...fields } as const;
  const text = encodeClientMessage(hello);
  world.gateway.receive(connection, text, text.length, world.now);
  world.flush();
}

function signedBy({ device }: TestClient, nonce: string, bearer: string) {
  const { publicKey } = device;
  return { publicKey, signature: device.sign(helloPayload(nonce, bearer)) };
}
