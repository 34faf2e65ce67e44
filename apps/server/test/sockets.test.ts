import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConnectionFacts } from '@farandole/gateway/ports';
import { brandId, type ConnectionId, type SubjectId } from '@farandole/kernel/id';
import { PING_EVERY_MS, SWEEP_EVERY_MS, TICK_LISTENED_MS_MAX } from '../src/limits.ts';
import { Sockets } from '../src/transport/sockets.ts';
import { FakeDriver } from './support/fake-driver.ts';

const FACTS: ConnectionFacts = {
  subject: brandId<SubjectId>('subject-of-ada'),
  clientAddress: '192.0.2.1',
  isLocal: false,
};

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
  const sockets = new Sockets({
    admission,
    clock: { monotonicMs: () => 0 },
    work: { take: () => 0 },
    refusedLingerMs: 0,
    log: () => {},
  });
  const ids: ConnectionId[] = [];
  sockets.attach({
    connectionOpened: (id) => {
      ids.push(id);
      sockets.send(id, 'hello');
    },
    receive: (_, text) => void told.push(text),
    flooded: () => void told.push('flooded'),
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
