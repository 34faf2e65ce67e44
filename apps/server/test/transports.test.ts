import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { CLIENT_FRAME_BYTES_MAX } from '@farandole/protocol/limits';
import type { WebSocket } from 'ws';
import {
  CLIENT_PINGS_MAX,
  PING_EVERY_MS,
  REFUSED_BYTES_MAX,
  REFUSED_LINGER_MS,
  SOCKET_SILENT_MS,
  SWEEP_EVERY_MS,
} from '../src/limits.ts';
import { RUNTIME_COMMANDS } from './support/bun.ts';
import { runProcess } from './support/cli-process.ts';
import { MADE_UP_COOKIE } from './support/handshake.ts';
import {
  REFUSED_TOKEN,
  SOCKETS_ORIGIN,
  SOCKETS_PER_NETWORK_MAX,
} from './support/listening-sockets.ts';
import { RemoteSockets } from './support/remote-sockets.ts';
import { rawOf } from './support/test-page.ts';
import { temporaryFolder } from './support/test-server.ts';

const SERVER_MAIN = join(import.meta.dirname, '..', 'src', 'main.ts');

async function closeOf(socket: WebSocket): Promise<readonly [code: number, reason: string]> {
  const [code, reason] = (await once(socket, 'close')) as [number, Buffer];
  return [code, reason.toString()];
}

/** Returns the status, the error code and a security header of a refused handshake. */
async function refusalOf(
  port: number,
  headers: Readonly<Record<string, string>>,
): Promise<readonly [status: number | undefined, error: string, option: unknown]> {
  const sent = request({
    ...{ port, path: '/ws', agent: false },
    headers: {
      ...{ Connection: 'Upgrade', Upgrade: 'websocket', Origin: SOCKETS_ORIGIN },
      ...{ Cookie: MADE_UP_COOKIE, 'Sec-WebSocket-Protocol': 'farandole, token', ...headers },
    },
  });
  sent.end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of response) text += String(chunk);
  const { error } = JSON.parse(text) as { readonly error: string };
  return [response.statusCode, error, response.headers['x-content-type-options']];
}

/** The contract of a transport, which both runtimes keep. */
for (const runtimeCommand of RUNTIME_COMMANDS) {
  const { runtime } = runtimeCommand;
  describe(`the transport on ${runtime}`, () => {
    let remote: RemoteSockets;
    const clients: WebSocket[] = [];

    async function connect() {
      const opened = await remote.connect();
      clients.push(opened.socket);
      return opened;
    }

    before(async () => {
      remote = new RemoteSockets(runtimeCommand);
      await remote.listen();
    });
    afterEach(async () => {
      for (const client of clients.splice(0)) client.terminate();
      // The limits of the network's new sockets recover in this time too.
      while ((await remote.obey({ do: 'pass', ms: 60_000 })) > 0);
      remote.takeRest();
    });
    after(() => remote.end());

    test('carries texts both ways, whole and in order', async () => {
      const { socket, id } = await connect();
      socket.send('é👋');
      const { text, bytes } = await remote.next('said');
      assert.deepEqual([text, bytes], ['é👋', 6]);
      for (let n = 0; n < 40; n++) socket.send(`message ${n}`);
      for (let n = 0; n < 40; n++) assert.equal((await remote.next('said')).text, `message ${n}`);
      const long = 'ü'.repeat(70_000);
      const texts = ['first', long, 'é👋', 'x'.repeat(125), 'x'.repeat(126), 'last'];
      const heard: string[] = [];
      const all = new Promise<void>((resolve) => {
        socket.on('message', (data: Buffer) => {
          if (heard.push(data.toString()) === texts.length) resolve();
        });
      });
      await remote.obey({ do: 'send', id, texts });
      await all;
      assert.deepEqual(heard, texts);
    });

    test('reports how the client closed', async () => {
      for (const [code, expected, logged] of [
        [1001, 1001, 'left'],
        [4999, 4999, 'lost'],
        [undefined, 1005, 'lost'],
      ] as const) {
        const { socket, id } = await connect();
        socket.close(code);
        assert.equal((await remote.next('closed', (told) => told.id === id)).code, expected);
        assert.equal((await remote.next('logged')).reason, logged);
      }
      const { socket } = await connect();
      rawOf(socket).resetAndDestroy();
      assert.equal((await remote.next('closed')).code, 1006);
    });

    test('closes with a reason and drops what the client sends later', async () => {
      const { socket, id } = await connect();
      const closed = closeOf(socket);
      await remote.obey({ do: 'close', id, reason: 'replaced' });
      if (socket.readyState === socket.OPEN) socket.send('too late');
      assert.deepEqual(await closed, [4409, 'replaced']);
      assert.equal((await remote.next('closed')).code, 4409);
      assert.equal((await remote.next('logged')).reason, 'replaced');
      assert.deepEqual(remote.takeRest(), []);
    });

    test('sends queued frames before the close frame', async () => {
      const { socket, id } = await connect();
      const heard = once(socket, 'message');
      const closed = closeOf(socket);
      const sent = remote.obey({ do: 'send', id, texts: ['goodbye soon'] });
      await Promise.all([sent, remote.obey({ do: 'close', id, reason: 'goodbye' })]);
      assert.equal(String(((await heard) as [Buffer])[0]), 'goodbye soon');
      assert.deepEqual(await closed, [1000, 'goodbye']);
    });

    test('keeps a client that answers pings', async () => {
      const { socket, id } = await connect();
      for (let round = 0; round < 3; round++) {
        const pinged = once(socket, 'ping');
        await remote.obey({ do: 'pass', ms: PING_EVERY_MS + SWEEP_EVERY_MS });
        await pinged;
        socket.send(`round ${round}`);
        await remote.next('said');
      }
      assert.ok(
        remote.takeRest().every((told) => told.told !== 'closed'),
        id,
      );
    });

    test('drops a silent client after 30 seconds and not earlier', async () => {
      const { socket } = await connect();
      rawOf(socket).pause();
      assert.equal(await remote.obey({ do: 'pass', ms: SOCKET_SILENT_MS - 100 }), 1);
      await remote.obey({ do: 'pass', ms: SWEEP_EVERY_MS + 100 });
      assert.equal((await remote.next('closed')).code, 4431);
    });

    test('[PR-17] ignores a violator for five seconds, then closes the socket', async () => {
      const { socket, id } = await connect();
      const closed = closeOf(socket);
      await remote.obey({ do: 'close', id, reason: 'too-fast' });
      assert.equal((await remote.next('closed')).code, 4429);
      for (let n = 0; n < 100; n++) socket.send('more of it');
      await remote.obey({ do: 'send', id, texts: ['nothing more'] });
      assert.equal(await remote.obey({ do: 'pass', ms: REFUSED_LINGER_MS - 50 }), 1);
      await remote.obey({ do: 'pass', ms: 50 });
      assert.deepEqual(await closed, [4429, 'too-fast']);
      assert.equal((await remote.next('logged')).reason, 'too-fast');
      assert.deepEqual(remote.takeRest(), []);
    });

    test('[PR-17] terminates a violator that floods', async () => {
      const { socket, id } = await connect();
      await remote.obey({ do: 'close', id, reason: 'malformed' });
      const closed = closeOf(socket);
      const text = 'x'.repeat(CLIENT_FRAME_BYTES_MAX);
      for (let sent = 0; sent <= REFUSED_BYTES_MAX; sent += text.length) socket.send(text);
      assert.equal((await closed)[0], 1006);
    });

    test('refuses binary and a client with too many pings', async () => {
      const binary = await connect();
      binary.socket.send(Buffer.of(1));
      assert.equal((await remote.next('closed', ({ id }) => id === binary.id)).code, 4400);
      const pinger = await connect();
      for (let n = 0; n <= CLIENT_PINGS_MAX; n++) pinger.socket.ping();
      assert.equal((await remote.next('closed', ({ id }) => id === pinger.id)).code, 4429);
    });

    test('reports an unreadable frame as a violation and ends the connection', async () => {
      const frames = [
        [Buffer.of(0x81, 0x01, 0x61), 4400],
        [Buffer.of(0x81, 0x81, 0, 0, 0, 0, 0xff), 4400],
        [Buffer.of(0xc1, 0x80, 0, 0, 0, 0), 4400],
        [Buffer.of(0x81, 0xff, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0), 4413],
      ] as const;
      for (const [bytes, code] of frames) {
        const { socket, id } = await connect();
        const closed = closeOf(socket);
        rawOf(socket).write(bytes);
        assert.equal((await remote.next('closed', (told) => told.id === id)).code, code);
        await remote.obey({ do: 'pass', ms: REFUSED_LINGER_MS });
        // Bun closes at once, with a code of RFC 6455.
        const own = code === 4400 ? [4400, 1002, 1007] : [4413, 1009];
        assert.ok(own.includes((await closed)[0]));
        assert.equal(
          (await remote.next('logged')).reason,
          code === 4400 ? 'malformed' : 'too-large',
        );
      }
    });

    test('closes a client that does not read once its queue is full', async () => {
      const { socket, id } = await connect();
      rawOf(socket).pause();
      const texts = ['x'.repeat(1_024)];
      await remote.obey({ do: 'send', id, texts, times: 16_000 });
      assert.equal((await remote.next('closed')).code, 4430);
      assert.equal((await remote.next('logged')).reason, 'slow-consumer');
    });

    test("refuses a network's excess socket with a reason", async () => {
      const first = await connect();
      for (let n = 1; n < SOCKETS_PER_NETWORK_MAX; n++) await connect();
      // The rate limit of new sockets has recovered by then, so only the open sockets count.
      await remote.obey({ do: 'pass', ms: 20_000 });
      const excess = remote.open();
      clients.push(excess);
      assert.deepEqual(await closeOf(excess), [4432, 'too-many']);
      first.socket.terminate();
      // The excess socket is reported as closed too.
      await remote.next('closed', ({ id }) => id === first.id);
      await connect();
    });

    test('refuses a handshake in the same words', async () => {
      const { port } = remote;
      const refused = async (headers: Readonly<Record<string, string>>) =>
        await refusalOf(port, headers);
      const elsewhere = await refused({ Origin: 'http://elsewhere.example' });
      assert.deepEqual(elsewhere, [403, 'origin-refused', 'nosniff']);
      assert.deepEqual(await refused({ Cookie: '' }), [401, 'no-cookie', 'nosniff']);
      const token = { 'Sec-WebSocket-Protocol': `farandole, ${REFUSED_TOKEN}` };
      assert.deepEqual(await refused(token), [401, 'no-ticket', 'nosniff']);
      assert.deepEqual(await refused({}), [400, 'bad-request', 'nosniff']);
    });
  });

  test(`closes every socket at the end on ${runtime}`, async () => {
    const remote = new RemoteSockets(runtimeCommand);
    await remote.listen();
    const { socket } = await remote.connect();
    const closed = closeOf(socket);
    assert.equal(await remote.obey({ do: 'close-all' }), 0);
    assert.deepEqual(await closed, [1012, 'server-moving']);
    await remote.end();
  });
}

for (const { command } of RUNTIME_COMMANDS.filter(({ runtime }) => runtime === 'bun')) {
  test('refuses to start on Bun with the transport of Node', async (t) => {
    const [program, ...options] = command;
    const env = { PORT: '0', FARANDOLE_DATA_DIR: await temporaryFolder(t) };
    const end = await runProcess(program, [...options, SERVER_MAIN], env);
    assert.equal(end.code, 1);
    assert.match(end.stderr, /^This process runs on Bun, .*\n$/);
    assert.equal(end.stdout, '');
  });
}
