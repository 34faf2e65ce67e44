import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import type { ConnectionFacts } from '@farandole/gateway/ports';
import type { ConnectionId } from '@farandole/kernel/id';
import type { SimClock } from '@farandole/kernel/testing/sim-clock';
import { WebSocket } from 'ws';
import {
  CLIENT_PINGS_MAX,
  REFUSED_BYTES_MAX,
  REFUSED_LINGER_MS,
  SEND_BUFFER_BYTES_MAX,
  SOCKET_SILENT_MS,
  SWEEP_EVERY_MS,
} from '../src/limits.ts';
import type { SocketHandler, Sockets } from '../src/transport/sockets.ts';
import { MADE_UP_COOKIE } from './support/handshake.ts';
import { listenForSockets, SOCKETS_ORIGIN } from './support/listening-sockets.ts';
import { rawOf } from './support/test-page.ts';

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

  flooded(): void {
    this.#tell('flooded');
  }

  connectionClosed(_connection: ConnectionId, code: number): void {
    this.#tell(`closed ${code}`);
  }

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
  readonly listener: Sockets;
  readonly recorder: Recorder;
  readonly closes: string[];
  connect(localAddress?: string): Promise<WebSocket>;
  /** Advances the listener's clock by this time, tick by tick. */
  pass(ms: number): void;
}

/** Starts a listener behind a real server, without a gateway and with a simulated clock. */
async function bench(t: TestContext, connectionsPerNetworkMax = 100): Promise<Bench> {
  const recorder = new Recorder();
  const closes: string[] = [];
  const { clock, sockets, server, port } = await listenForSockets({
    handler: recorder,
    connectionsMax: 100,
    connectionsPerNetworkMax,
    refusedLingerMs: REFUSED_LINGER_MS,
    log: (event) => event.event === 'socket-closed' && closes.push(event.reason),
  });
  t.after(async () => {
    sockets.closeAll('server-moving');
    await sockets.whenEmpty();
    await server.close();
  });
  return {
    clock,
    listener: sockets,
    recorder,
    closes,
    connect: async (localAddress = '127.0.0.1') => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, ['farandole', 'token'], {
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

test('drops no client after a stall and handles the pending frames', async (t) => {
  const { connect, pass, recorder, clock, listener, closes } = await bench(t);
  const socket = await connect();
  // The process was suspended, so the client's input is still unread.
  socket.send('still here');
  clock.advance(10 * SOCKET_SILENT_MS);
  listener.tick(clock.monotonicMs());
  pass(SWEEP_EVERY_MS + 100);
  await recorder.until('still here (10)', 'closed 4431');
  assert.deepEqual(closes, []);
  // After the stall the server counts the time of the client's silence again.
  rawOf(socket).pause();
  pass(SOCKET_SILENT_MS + SWEEP_EVERY_MS + 100);
  await recorder.until('closed 4431');
});

test("[PR-17] ignores a protocol violator's input and closes the socket after five seconds", async (t) => {
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
  pass(REFUSED_LINGER_MS - 50);
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

test('[PR-17] delays the close after an invalid frame, except on shutdown', async (t) => {
  const { connect, pass, recorder, closes, listener } = await bench(t);
  const [held, stopped] = [await connect(), await connect()];
  const closed = once(held, 'close');
  // Writes two compressed frames in a row. Both are invalid, because the server doesn't support
  // compression.
  rawOf(held).write(Buffer.of(0xc1, 0x80, 1, 2, 3, 4, 0xc1, 0x80, 1, 2, 3, 4));
  held.send('nothing more');
  // The listener notifies its handler at once, although it delays the close frame.
  await recorder.until('closed 4400');
  pass(REFUSED_LINGER_MS - 50);
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

test('[PR-17] delays the close whatever arrives with the invalid frame', async (t) => {
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
  pass(REFUSED_LINGER_MS - 50);
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(closes, []);
  pass(100);
  const codes = (await Promise.all(told)).map(([code]) => code);
  assert.deepEqual(codes, [4429, 4400, 4400, 4400]);
  assert.ok(pongs <= CLIENT_PINGS_MAX + 1, `${pongs} answers`);
});

test("[PR-17] terminates a protocol violator that floods, and closes one that doesn't", async (t) => {
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
  pass(REFUSED_LINGER_MS);
  assert.equal(((await told) as [number])[0], 4400);
});

test('closes a client that does not read when its queue is full', async (t) => {
  const { connect, listener, recorder, closes } = await bench(t);
  const socket = await connect();
  rawOf(socket).pause();
  const id = recorder.first;
  const text = 'x'.repeat(1_024);
  // The kernels buffer some megabytes first, but the server's queue is limited.
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

test('destroys a socket whose close frame gets no answer', async (t) => {
  const { connect, listener, recorder, closes } = await bench(t);
  const socket = await connect();
  rawOf(socket).pause();
  const id = recorder.first;
  listener.close(id, 'goodbye');
  await recorder.until('closed 1000');
  assert.deepEqual(closes, ['goodbye']);
  assert.equal(listener.size, 0);
});
