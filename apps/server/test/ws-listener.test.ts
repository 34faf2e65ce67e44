import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import type { ConnectionFacts } from '@farandole/gateway/ports';
import type { ConnectionId } from '@farandole/kernel/id';
import type { SimClock } from '@farandole/kernel/testing/sim-clock';
import { WebSocket } from 'ws';
import {
  CLIENT_PINGS_MAX,
  PING_EVERY_MS,
  REFUSED_BYTES_MAX,
  REFUSED_HELD_MS,
  SEND_BUFFER_BYTES_MAX,
  SOCKET_SILENT_MS,
  SWEEP_EVERY_MS,
} from '../src/limits.ts';
import type { Admission } from '../src/transport/admission.ts';
import type { SocketHandler, Sockets } from '../src/transport/sockets.ts';
import { MADE_UP_COOKIE } from './support/handshake.ts';
import { listenForSockets, SOCKETS_ORIGIN } from './support/listening-sockets.ts';
import { rawOf } from './support/raw-frames.ts';

/** What a listener tells, as words. */
class Recorder implements SocketHandler {
  readonly told: string[] = [];
  readonly ids: ConnectionId[] = [];
  readonly facts: ConnectionFacts[] = [];
  #wake: () => void = () => {};

  get first(): ConnectionId {
    return this.ids[0] ?? assert.fail('no socket has opened');
  }

  connectionOpened(connection: ConnectionId, facts: ConnectionFacts): void {
    this.ids.push(connection);
    this.facts.push(facts);
    this.#tell('opened');
  }

  receive(_connection: ConnectionId, text: string, byteLength: number): void {
    this.#tell(`${text} (${byteLength})`);
  }

  connectionClosed(_connection: ConnectionId, code: number): void {
    this.#tell(`closed ${code}`);
  }

  /** Until one of these was told. */
  async until(...any: readonly string[]): Promise<void> {
    while (!any.some((what) => this.told.includes(what))) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #tell(what: string): void {
    this.told.push(what);
    this.#wake();
  }
}

interface Bench {
  readonly clock: SimClock;
  readonly admission: Admission;
  readonly listener: Sockets;
  readonly recorder: Recorder;
  readonly closes: string[];
  connect(localAddress?: string): Promise<WebSocket>;
  /** Lets time pass for the listener, tick by tick. */
  pass(ms: number): void;
}

/** A listener behind a real server, without a gateway and with time that only the test moves. */
async function bench(t: TestContext, connectionsPerNetworkMax = 100): Promise<Bench> {
  const recorder = new Recorder();
  const closes: string[] = [];
  const { clock, admission, sockets, server, port } = await listenForSockets({
    handler: recorder,
    connectionsMax: 100,
    connectionsPerNetworkMax,
    refusedHeldMs: REFUSED_HELD_MS,
    log: (event) => event.event === 'socket-closed' && closes.push(event.reason),
  });
  t.after(async () => {
    sockets.closeAll('server-moving');
    await sockets.whenEmpty();
    server.close();
  });
  return {
    clock,
    admission,
    listener: sockets,
    recorder,
    closes,
    connect: async (localAddress = '127.0.0.1') => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, {
        localAddress,
        origin: SOCKETS_ORIGIN,
        headers: { Cookie: MADE_UP_COOKIE },
      });
      t.after(() => socket.terminate());
      socket.on('error', () => {});
      const opened = recorder.until('opened');
      await once(socket, 'open');
      await opened;
      return socket;
    },
    pass: (ms) => {
      for (let passed = 0; passed < ms; passed += 50) {
        clock.advance(50);
        sockets.tick(clock.monotonicMs());
      }
    },
  };
}

test('a socket is told with who and where, its frames with their size on the wire', async (t) => {
  const { recorder, connect, listener } = await bench(t);
  const socket = await connect();
  assert.deepEqual(recorder.facts, [
    { subject: 'subject-of-aaaa', clientAddress: '127.0.0.1', isLocal: true },
  ]);
  socket.send('é👋');
  await recorder.until('é👋 (6)');
  const id = recorder.first;
  const heard = once(socket, 'message');
  listener.send(id, 'and back');
  const [data] = (await heard) as [Buffer];
  assert.equal(data.toString(), 'and back');
  socket.close(1001);
  await recorder.until('closed 1001');
  assert.equal(listener.size, 0);
  listener.send(id, 'to nobody');
  listener.close(id, 'replaced');
});

test('whoever answers pings stays, and is pinged about every 15 seconds', async (t) => {
  const { connect, pass, recorder, clock } = await bench(t);
  const socket = await connect();
  const pingedAt: number[] = [];
  socket.on('ping', () => pingedAt.push(clock.monotonicMs()));
  for (let round = 0; round < 4; round++) {
    const pinged = once(socket, 'ping');
    pass(PING_EVERY_MS + SWEEP_EVERY_MS);
    await pinged;
    // Its answer has arrived when an answer to a later question has.
    socket.send(`round ${round}`);
    await recorder.until(`round ${round} (7)`);
  }
  assert.ok(pingedAt.length >= 4);
  assert.ok(!recorder.told.some((what) => what.startsWith('closed')));
});

test('a socket from which nothing comes is given up after 30 seconds, and not before', async (t) => {
  const { connect, pass, recorder, closes } = await bench(t);
  const socket = await connect();
  // As a machine that has gone: it takes nothing and answers nothing.
  rawOf(socket).pause();
  pass(SOCKET_SILENT_MS - 100);
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(closes, []);
  pass(SWEEP_EVERY_MS + 100);
  await recorder.until('closed 4431');
  assert.deepEqual(closes, ['silent']);
});

test('a node that stood still gives up nobody for it, and hears what came meanwhile', async (t) => {
  const { connect, pass, recorder, clock, listener, closes } = await bench(t);
  const socket = await connect();
  // A machine that was suspended, or moved while it ran: what the socket says waits to be read.
  socket.send('still here');
  clock.advance(10 * SOCKET_SILENT_MS);
  listener.tick(clock.monotonicMs());
  pass(SWEEP_EVERY_MS + 100);
  await recorder.until('still here (10)', 'closed 4431');
  assert.deepEqual(closes, []);
  // And from then on it counts as before.
  rawOf(socket).pause();
  pass(SOCKET_SILENT_MS + SWEEP_EVERY_MS + 100);
  await recorder.until('closed 4431');
});

test('[PR-17] whoever breaks the protocol is read no further, and told after five seconds', async (t) => {
  const { connect, pass, recorder, closes, listener } = await bench(t);
  const socket = await connect();
  const id = recorder.first;
  let told: readonly [number, string] | null = null;
  socket.on('close', (code, reason) => {
    told = [code, reason.toString()];
  });
  listener.send(id, 'what was said before');
  const heard = once(socket, 'message');
  listener.close(id, 'too-fast');
  await heard;
  for (let n = 0; n < 100; n++) {
    await new Promise((resolve) => socket.send('more of it', resolve));
  }
  listener.send(id, 'nothing more');
  pass(REFUSED_HELD_MS - 50);
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(told, null);
  assert.deepEqual(closes, []);
  assert.equal(listener.size, 1);
  pass(50);
  await once(socket, 'close');
  assert.deepEqual(told, [4429, 'too-fast']);
  while (closes.length === 0) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(closes, ['too-fast']);
  assert.ok(!recorder.told.includes('more of it (10)'));
});

test('[PR-17] a broken frame is held as well, and a node that stops holds nobody', async (t) => {
  const { connect, pass, recorder, closes, listener } = await bench(t);
  const [held, stopped] = [await connect(), await connect()];
  const closed = once(held, 'close');
  // Two: a frame that nobody unpacks, and one behind it in the same write.
  rawOf(held).write(Buffer.of(0xc1, 0x80, 1, 2, 3, 4, 0xc1, 0x80, 1, 2, 3, 4));
  held.send('nothing more');
  // Whoever shares a call with them does not wait.
  await recorder.until('closed 4400');
  pass(REFUSED_HELD_MS - 50);
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(closes, []);
  pass(50);
  assert.deepEqual(((await closed) as [number, Buffer])[1].toString(), 'malformed');
  assert.ok(!recorder.told.includes('nothing more (12)'));
  const [, id] = recorder.ids;
  assert.ok(id !== undefined);
  listener.close(id, 'too-large');
  listener.closeAll('server-moving');
  const [code] = (await once(stopped, 'close')) as [number];
  assert.equal(code, 4413);
  await listener.whenEmpty();
  assert.deepEqual(closes, ['malformed', 'too-large']);
  assert.deepEqual(
    recorder.told.filter((what) => what.startsWith('closed')),
    ['closed 4400', 'closed 4413'],
  );
});

test('[PR-17] nothing that comes in one piece with the broken frame ends the hold', async (t) => {
  const { connect, pass, recorder, closes } = await bench(t);
  const broken = Buffer.of(0x81, 0x81, 0, 0, 0, 0, 0xff);
  const notText = Buffer.of(0x82, 0x80, 0, 0, 0, 0);
  const ping = Buffer.of(0x89, 0x80, 0, 0, 0, 0);
  const goodbye = Buffer.of(0x88, 0x82, 0, 0, 0, 0, 0x03, 0xe8);
  const floods = [
    Array.from({ length: 100 }, () => ping),
    [notText, ...Array.from({ length: 100 }, () => ping)],
    [notText, goodbye],
    [broken, goodbye],
  ];
  const told: Promise<unknown[]>[] = [];
  let pongs = 0;
  for (const frames of floods) {
    const socket = await connect();
    socket.on('pong', () => {
      pongs += 1;
    });
    told.push(once(socket, 'close'));
    rawOf(socket).write(Buffer.concat(frames));
  }
  while (recorder.told.filter((what) => what.startsWith('closed')).length < floods.length) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  pass(REFUSED_HELD_MS - 50);
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(closes, []);
  pass(100);
  const codes = (await Promise.all(told)).map(([code]) => code);
  assert.deepEqual(codes, [4429, 4400, 4400, 4400]);
  assert.ok(pongs <= CLIENT_PINGS_MAX + 1, `${pongs} answers`);
});

test('[PR-17] whoever is held and sends on and on is cut off, and one who sends less is told', async (t) => {
  const { connect, pass, recorder, closes, listener } = await bench(t);
  const [more, less] = [await connect(), await connect()];
  for (const id of recorder.ids) listener.close(id, 'malformed');
  const cut = once(more, 'close');
  const told = once(less, 'close');
  const bytes = Buffer.alloc(REFUSED_BYTES_MAX, 'x');
  rawOf(less).write(bytes);
  rawOf(more).write(bytes);
  rawOf(more).write('x');
  assert.equal(((await cut) as [number])[0], 1006);
  while (closes.length === 0) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(closes, ['malformed']);
  pass(REFUSED_HELD_MS);
  assert.equal(((await told) as [number])[0], 4400);
});

test('a client that does not read is closed when its queue is full', async (t) => {
  const { connect, listener, recorder, closes } = await bench(t);
  const socket = await connect();
  rawOf(socket).pause();
  const id = recorder.first;
  const text = 'x'.repeat(1_024);
  // The kernels of both ends take some megabytes first; what is queued here is bounded.
  for (let sent = 0; sent < 64_000; sent++) listener.send(id, text);
  const closed = once(socket, 'close');
  rawOf(socket).resume();
  let received = 0;
  socket.on('message', (data: Buffer) => {
    received += data.length;
  });
  const [code, reason] = (await closed) as [number, Buffer];
  assert.equal(code, 4430);
  assert.equal(reason.toString(), 'slow-consumer');
  await recorder.until('closed 4430');
  assert.deepEqual(closes, ['slow-consumer']);
  assert.ok(received >= SEND_BUFFER_BYTES_MAX, 'what was queued before was still sent');
  assert.ok(received < 32 * 1_024 * 1_024, 'and no more than that');
});

test('a network whose sockets are all open is told to wait in our words, until one closes', async (t) => {
  const { connect, clock, closes, recorder } = await bench(t, 2);
  const first = await connect();
  await connect();
  // Its burst has come back meanwhile; its two sockets are still there.
  clock.advance(60_000);
  const third = await connect();
  const [code, reason] = (await once(third, 'close')) as [number, Buffer];
  assert.deepEqual([code, reason.toString()], [4432, 'too-many']);
  assert.equal(recorder.told.filter((what) => what === 'opened').length, 2);
  first.close(1000);
  await recorder.until('closed 1000');
  await connect();
  assert.equal(recorder.told.filter((what) => what === 'opened').length, 3);
  assert.deepEqual(closes, ['too-many', 'left']);
});

test('frames that were on their way when this end closed are not told', async (t) => {
  const { connect, listener, recorder } = await bench(t);
  const socket = await connect();
  const id = recorder.first;
  listener.close(id, 'replaced');
  socket.send('too late');
  const [code, reason] = (await once(socket, 'close')) as [number, Buffer];
  assert.deepEqual([code, reason.toString()], [4409, 'replaced']);
  await recorder.until('closed 4409');
  assert.deepEqual(recorder.told, ['opened', 'closed 4409']);
});

test('a close frame that is not answered does not keep a socket', async (t) => {
  const { connect, listener, recorder, closes } = await bench(t);
  const socket = await connect();
  rawOf(socket).pause();
  const id = recorder.first;
  listener.close(id, 'goodbye');
  await recorder.until('closed 1000');
  assert.deepEqual(closes, ['goodbye']);
  assert.equal(listener.size, 0);
});

test('a connection that breaks is lost, and one that closes with another code too', async (t) => {
  const { connect, recorder, closes } = await bench(t);
  rawOf(await connect()).resetAndDestroy();
  await recorder.until('closed 1006');
  (await connect()).close(4999);
  await recorder.until('closed 4999');
  (await connect()).close();
  await recorder.until('closed 1005');
  assert.deepEqual(closes, ['lost', 'lost', 'lost']);
});

test('forgets the upgrades of a network once it may open a burst again', async (t) => {
  const { connect, pass, recorder, admission } = await bench(t, 2);
  for (const last of [1, 2, 3]) {
    const socket = await connect(`127.0.${last}.1`);
    socket.close(1000);
    await once(socket, 'close');
  }
  while (recorder.told.filter((what) => what === 'closed 1000').length < 3) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.deepEqual(admission.sizes, { open: 0, recent: 3 });
  pass(2_000 + SWEEP_EVERY_MS);
  assert.deepEqual(admission.sizes, { open: 0, recent: 0 });
});
