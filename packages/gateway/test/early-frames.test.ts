import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeServerMessage } from '@farandole/protocol/codec';
import { HELLO_TIMEOUT_MS } from '@farandole/protocol/limits';
import { encodeClientMessage } from '@farandole/protocol/server-codec';
import { EARLY_FRAMES_MAX } from '../src/limits.ts';
import { ClusterWorld } from './support/cluster-world.ts';
import { FakeDevice } from './support/fake-signer.ts';
import type { TestClient, TestClientOptions } from './support/test-client.ts';
import { World } from './support/world.ts';

/** Returns a user whose hello waits until its signature is verified. */
function waiting(options: Partial<TestClientOptions> = {}): { world: World; ada: TestClient } {
  const world = new World();
  world.verifiesLater = true;
  const ada = world.newClient('ada', options);
  world.connect(ada);
  return { world, ada };
}

/** Sends the frames that a page may send right after its hello, without waiting for a session. */
function sendEarly(client: TestClient): void {
  // The client's stream, which begins at `session.opened`, doesn't know the early frames.
  client.messageArrived = (message) => void client.received.push(message);
  const declare = { type: 'age.declare', seq: 1, answer: 'adult', policyVersion: 1 } as const;
  client.sayRaw(encodeClientMessage(declare));
  client.sayRaw(
    encodeClientMessage({
      ...{ type: 'ticket.create', seq: 2, ticket: 'early-ticket', mode: 'text' },
      ...{ interests: [], onlyShared: false, languages: [], policyVersion: 1 },
    }),
  );
}

test('[GW-220] handles frames after a hello in order once its signature is verified', () => {
  const { world, ada } = waiting();
  sendEarly(ada);
  world.flush();
  assert.deepEqual(
    ada.received.map(({ type }) => type),
    ['session.challenge'],
  );
  world.verifyDevices();
  assert.equal(ada.last('age.answered').state, 'declared');
  assert.equal(ada.last('ticket.accepted').ticket, 'early-ticket');
  assert.equal(world.gateway.counts().waiting, 1);
});

test('[GW-220] drops the frames after a hello with an invalid signature', () => {
  const forger = new FakeDevice('eve');
  const device = Object.assign(new FakeDevice('ada'), { sign: forger.sign.bind(forger) });
  const { world, ada } = waiting({ device });
  sendEarly(ada);
  world.verifyDevices();
  assert.equal(ada.closedBy, 'device-refused');
  assert.deepEqual(world.gateway.counts(), { online: 0, detached: 0, waiting: 0, calls: 0 });
});

test('[GW-220] ignores a signature verified after its socket was closed', () => {
  const { world, ada } = waiting();
  world.lose(ada);
  world.verifyDevices();
  assert.equal(world.gateway.counts().online, 0);
  const late = waiting();
  late.world.pass(HELLO_TIMEOUT_MS);
  assert.equal(late.ada.closedBy, 'hello-timeout');
  late.world.verifyDevices();
  assert.equal(late.world.gateway.counts().online, 0);
});

test('[GW-220] closes the session for a frame after the hello that breaks the protocol', () => {
  const { world, ada } = waiting();
  ada.sayRaw(encodeClientMessage({ type: 'link.ack', ack: 7 }));
  sendEarly(ada);
  world.verifyDevices();
  assert.equal(ada.closedBy, 'out-of-order');
  assert.deepEqual(world.gateway.counts(), { online: 0, detached: 0, waiting: 0, calls: 0 });
});

test('[GW-221] closes a socket with EARLY_FRAMES_MAX + 1 frames after its hello', () => {
  for (const [count, reason] of [
    [EARLY_FRAMES_MAX, null],
    [EARLY_FRAMES_MAX + 1, 'too-fast'],
  ] as const) {
    const { world, ada } = waiting();
    for (let n = 0; n < count; n++)
      ada.sayRaw(encodeClientMessage({ type: 'link.ping', n, ack: 0 }));
    world.flush();
    assert.equal(ada.closedBy, reason);
    world.verifyDevices();
    assert.equal(ada.isAttached, reason === null);
  }
});

test('[GW-221] closes a socket that sends a second hello while the first one waits', () => {
  const { world, ada } = waiting();
  ada.frameArrived(encodeServerMessage(ada.last('session.challenge')));
  world.flush();
  assert.equal(ada.closedBy, 'out-of-order');
});

test('[GW-220] handles frames after a hello once the other nodes have answered', () => {
  for (const hasSession of [false, true]) {
    const world = new ClusterWorld();
    if (hasSession) world.join('ada', 0);
    world.isHolding = true;
    const page = world.join('ada', 1, { isNewPage: true });
    sendEarly(page);
    world.flush();
    assert.equal(page.all('ticket.accepted').length, 0);
    world.isHolding = false;
    world.flush();
    assert.equal(page.last('ticket.accepted').ticket, 'early-ticket');
    assert.notEqual(world.homeOf(page), null);
  }
});
