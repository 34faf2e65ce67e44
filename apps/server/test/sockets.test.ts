import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConnectionFacts } from '@farandole/gateway/ports';
import { brandId, type ConnectionId, type SubjectId } from '@farandole/kernel/id';
import { PING_EVERY_MS, SWEEP_EVERY_MS, TICK_LISTENED_MS_MAX } from '../src/limits.ts';
import type { ParticipantSocket, SocketDriver } from '../src/transport/participant-socket.ts';
import { Sockets } from '../src/transport/sockets.ts';

const FACTS: ConnectionFacts = {
  subject: brandId<SubjectId>('subject-of-ada'),
  clientAddress: '192.0.2.1',
  isLocal: false,
};

/** A socket driver without a socket library, which records the calls it gets. */
class FakeDriver implements SocketDriver {
  readonly calls: string[] = [];
  isOpen = true;
  bufferedBytes = 0;
  socket: ParticipantSocket | null = null;
  #queued: string[] = [];

  attach(socket: ParticipantSocket): void {
    this.socket = socket;
  }

  queue(text: string): number {
    this.#queued.push(text);
    return this.#queued.join('').length;
  }

  flush(): void {
    this.calls.push(`write ${this.#queued.splice(0).join()}`);
  }

  ping(): void {
    this.calls.push('ping');
  }

  sendClose(code: number, reason: string): void {
    this.calls.push(`close ${code} ${reason}`);
    this.isOpen = false;
  }

  sendLastClose(code: number, reason: string): void {
    this.sendClose(code, reason);
  }

  discardInput(): void {
    this.calls.push('discard');
  }

  terminate(): void {
    this.calls.push('terminate');
  }
}

/** Makes sockets with limited admission, and records the events that their handler receives. */
function setUp(max: number) {
  const told: string[] = [];
  let open = 0;
  const admission = {
    opened: () => ++open <= max,
    closed: () => void (open -= 1),
    tick: () => {},
    stop: () => void told.push('no more'),
  };
  const sockets = new Sockets({ admission, nowMonotonicMs: 0, refusedLingerMs: 0, log: () => {} });
  const ids: ConnectionId[] = [];
  sockets.attach({
    connectionOpened: (id) => {
      ids.push(id);
      sockets.send(id, 'hello');
    },
    receive: (_, text) => void told.push(text),
    connectionClosed: (_, code) => void told.push(`closed ${code}`),
  });
  const add = (): FakeDriver => {
    const driver = new FakeDriver();
    sockets.open(driver, 'a network', FACTS);
    return driver;
  };
  return { sockets, ids, told, add };
}

test('serves a WebSocket of any library through a driver for that library', async () => {
  const { sockets, ids, told, add } = setUp(1);
  const driver = add();
  assert.deepEqual(driver.calls.splice(0), ['write hello'], 'with the answer to the upgrade');
  const [id] = ids;
  assert.ok(id !== undefined);
  for (const text of ['one', 'two']) sockets.send(id, text);
  assert.deepEqual(driver.calls, []);
  await new Promise(setImmediate);
  assert.deepEqual(driver.calls.splice(0), ['write one,two'], 'one write for a turn');
  driver.socket?.take('a message', 9);
  for (let nowMs = 0; nowMs <= PING_EVERY_MS + SWEEP_EVERY_MS; nowMs += TICK_LISTENED_MS_MAX) {
    sockets.tick(nowMs);
  }
  assert.deepEqual(driver.calls.splice(0), ['ping']);
  sockets.close(id, 'goodbye');
  assert.deepEqual(driver.calls, ['close 1000 goodbye']);
  driver.socket?.lose(1000);
  assert.deepEqual(told, ['a message', 'closed 1000']);
  assert.equal(sockets.size, 0);
});

test('closes a socket that exceeds the admission limit', () => {
  const { sockets, ids, told, add } = setUp(1);
  add();
  assert.deepEqual(add().calls, ['close 4432 too-many']);
  assert.equal(ids.length, 1);
  sockets.closeAll('server-moving');
  assert.deepEqual(told, ['no more']);
});
