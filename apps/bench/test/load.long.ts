import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, test } from 'node:test';
import { type WebSocket, WebSocketServer } from 'ws';
import { sourceAddress } from '../src/load/addresses.ts';
import { CONTENDERS, startContender } from '../src/load/contender.ts';
import { LoadFleet } from '../src/load/load-fleet.ts';
import { LoadSocket } from '../src/load/load-socket.ts';
import { cpuMicrosecondsOf, cpuOf } from '../src/load/process-figures.ts';

// All tests share one set of load processes, because starting them takes longer than most tests.
const fleet = new LoadFleet();
after(() => fleet.stop());

test('spreads clients over loopback addresses in different networks', () => {
  const addresses = Array.from({ length: 50_000 }, (_, index) => sourceAddress(index));
  assert.equal(new Set(addresses).size, addresses.length);
  const networks = new Map<string, number>();
  for (const address of addresses.slice(0, 20_000)) {
    assert.match(address, /^127\.(1[6-9]|2\d|3[01])\.\d{1,3}\.\d{1,3}$/);
    const network = address.slice(0, address.lastIndexOf('.'));
    networks.set(network, (networks.get(network) ?? 0) + 1);
  }
  // The server's default limit is 200 clients per network.
  assert.ok(Math.max(...networks.values()) <= 5);
});

test('measures the CPU time of one process, not of other processes', async () => {
  const before = process.cpuUsage();
  const measured = await cpuOf(process.pid, async () => {
    let sum = 0;
    for (let i = 0; i < 3e7; i++) sum += Math.sqrt(i);
    assert.ok(sum > 0);
  });
  const { user, system } = process.cpuUsage(before);
  assert.ok(Math.abs(measured - (user + system)) < 0.3 * (user + system) + 20_000, `${measured}`);
  assert.ok(cpuMicrosecondsOf(process.pid) >= measured);
});

for (const name of [...CONTENDERS, 'socket-io'] as const) {
  test(`${name}: pairs clients, relays and counts every message, ends calls`, async (t) => {
    const contender = await startContender(name);
    t.after(() => contender.stop());
    await fleet.add(`people of ${name}`, name, contender.port, 8);
    await fleet.order(`people of ${name}`, { do: 'open' });
    const paired = await fleet.order(`people of ${name}`, { do: 'pair' });
    assert.deepEqual({ done: paired.done, lost: paired.lost }, { done: 8, lost: 0 });
    const said = await fleet.order(`people of ${name}`, {
      do: 'talk',
      said: 'chat',
      everyMs: 600,
      durationMs: 1_200,
    });
    assert.equal(said.sent, 16);
    assert.equal(said.planned, 16);
    // Each server sends a line to its sender too.
    assert.equal(said.delivered, 32);
    assert.equal((await fleet.order(`people of ${name}`, { do: 'leave' })).done, 8);
    await fleet.add(`passers-by of ${name}`, name, contender.port, 6);
    assert.equal((await fleet.order(`passers-by of ${name}`, { do: 'churn' })).done, 6);
  });
}

test('matches clients that skip constantly once for each of their searches', async (t) => {
  const contender = await startContender('ours');
  t.after(() => contender.stop());
  await fleet.add('storm', 'ours', contender.port, 40);
  await fleet.order('storm', { do: 'open' });
  const { done, lost, timesMs } = await fleet.order('storm', { do: 'storm', searches: 2 });
  assert.equal(lost, 0);
  // Notification times are measured only if both users of a call are in one process, which holds
  // for half of the calls.
  assert.ok(timesMs.length > 0 && timesMs.length <= done / 2, `${timesMs.length} of ${done}`);
  assert.ok(timesMs.every((ms) => ms > 0));
  // The last users may find no match, because they have already met everyone who is left.
  assert.ok(done >= 60 && done <= 80 && done % 2 === 0, `${done} of 80`);
});

test('connects a crowd on schedule and measures each wait for a match', async (t) => {
  const contender = await startContender('bare-ws');
  t.after(() => contender.stop());
  await fleet.add('crowd', 'bare-ws', contender.port, 40);
  const tally = await fleet.order('crowd', { do: 'flash', overMs: 400 });
  assert.equal(tally.timesMs.length, 40);
  assert.ok(tally.timesMs.every((ms) => ms > 0));
  assert.deepEqual([tally.lost, tally.refused], [0, 0]);
  // The last client is scheduled at the end of the period.
  assert.ok(tally.elapsedMs >= 380, `${tally.elapsedMs}`);
});

test("throws an error when a client can't connect", async () => {
  const contender = await startContender('bare-tcp');
  await contender.stop();
  await fleet.add('refused', 'bare-ws', contender.port, 2);
  await assert.rejects(fleet.order('refused', { do: 'open' }), /ECONNREFUSED/);
});

test('exchanges frames of every length encoding with a third-party WebSocket server', async (t) => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  t.after(() => server.close());
  await once(server, 'listening');
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  const accepted = once(server, 'connection');
  let echo = Promise.withResolvers<string>();
  const closed = Promise.withResolvers<string>();
  const socket = await LoadSocket.open({
    port: address.port,
    from: '127.16.0.1',
    path: '/',
    headers: [],
    onFrame: ({ payload }) => echo.resolve(payload.toString()),
    onClose: closed.resolve,
  });
  const [peer] = (await accepted) as [WebSocket];
  peer.on('message', (data: Buffer) => peer.send(data.toString()));
  const pong = once(peer, 'pong');
  peer.ping('are you there');
  assert.equal(String((await pong)[0]), 'are you there');
  for (const text of ['Grüße', ...[125, 126, 65_535, 65_536].map((length) => 'x'.repeat(length))]) {
    echo = Promise.withResolvers();
    socket.sendText(text);
    assert.equal(await echo.promise, text);
  }
  const peerClosed = once(peer, 'close');
  await socket.close();
  assert.equal((await peerClosed)[0], 1000);
  assert.match(await closed.promise, /closed with 1000/);
});
