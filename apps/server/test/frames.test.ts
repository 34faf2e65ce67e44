import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { clientFrame, OPCODE } from '@farandole/e2e/web-socket-bytes';
import { CLIENT_FRAME_BYTES_MAX } from '@farandole/protocol/limits';
import { BUFFERED_CHUNKS_MAX, CLIENT_PINGS_MAX, FRAGMENTS_MAX } from '../src/limits.ts';
import { rawOf, TestPage } from './support/test-page.ts';
import { startTestServer, type TestServer } from './support/test-server.ts';

/** Opens a page with a session. The test then sends invalid frames on the page's socket. */
async function open(t: TestContext): Promise<{ page: TestPage; server: TestServer }> {
  const server = await startTestServer(t);
  const page = new TestPage(t, server.port);
  await page.start();
  return { page, server };
}

/** Returns a `link.ping` of exactly this size, padded with spaces. */
function pingOf(bytes: number): string {
  const head = '{"type":"link.ping","ack":0,"n":';
  return `${head}${' '.repeat(bytes - head.length - 2)}7}`;
}

test('[PR-2] reads a frame at the size limit and refuses one byte more', async (t) => {
  const { page } = await open(t);
  page.sendText(pingOf(CLIENT_FRAME_BYTES_MAX));
  assert.equal((await page.next('link.pong')).n, 7);
  page.sendText(pingOf(CLIENT_FRAME_BYTES_MAX + 1));
  assert.deepEqual(await page.untilClosed(), { code: 4413, reason: 'too-large' });
});

test('[PR-2] refuses an oversized frame by its header', async (t) => {
  const oneOver = CLIENT_FRAME_BYTES_MAX + 1;
  for (const announced of [
    Buffer.of(0x81, 0xff, 0, 0, 0, 1, 0, 0, 0, 0),
    Buffer.of(0x81, 0xfe, oneOver >> 8, oneOver & 0xff),
  ]) {
    const { page } = await open(t);
    rawOf(page.socket).write(announced);
    assert.deepEqual(await page.untilClosed(), { code: 4413, reason: 'too-large' });
  }
});

test('[PR-7] closes with a protocol reason on every unreadable frame', async (t) => {
  const matrix: readonly [what: string, bytes: Buffer][] = [
    ['binary', clientFrame({ opcode: OPCODE.binary, payload: Buffer.from('{}') })],
    [
      'no UTF-8',
      clientFrame({ opcode: OPCODE.text, payload: Buffer.from([0x22, 0xc3, 0x28, 0x22]) }),
    ],
    ['an overlong form', clientFrame({ opcode: OPCODE.text, payload: Buffer.from([0xc0, 0xaf]) })],
    [
      'half a surrogate pair',
      clientFrame({ opcode: OPCODE.text, payload: Buffer.from([0xed, 0xa0, 0x80]) }),
    ],
    ['no JSON', clientFrame({ opcode: OPCODE.text, payload: Buffer.from('hello') })],
    ['nothing', clientFrame({ opcode: OPCODE.text })],
    ['not masked', Buffer.of(0x81, 0x02, 0x7b, 0x7d)],
    ['a reserved bit', Buffer.of(0xc1, 0x80, 0, 0, 0, 0)],
    ['a reserved opcode', clientFrame({ opcode: 3 })],
    ['a continuation of nothing', clientFrame({ opcode: OPCODE.continuation })],
    ['a long control frame', clientFrame({ opcode: OPCODE.ping, payload: Buffer.alloc(126) })],
    ['a control frame in parts', clientFrame({ opcode: OPCODE.ping, isFinal: false })],
  ];
  for (const [what, bytes] of matrix) {
    const { page } = await open(t);
    rawOf(page.socket).write(bytes);
    assert.deepEqual(await page.untilClosed(), { code: 4400, reason: 'malformed' }, what);
  }
});

test('accepts a message with the maximum of fragments and refuses one more', async (t) => {
  const { page } = await open(t);
  const inFragments = (count: number): Buffer => {
    const text = Buffer.from(pingOf(count * 4));
    const parts = Array.from({ length: count }, (_, i) => text.subarray(4 * i, 4 * i + 4));
    const frames = parts.map((payload, i) => {
      const opcode = i === 0 ? OPCODE.text : OPCODE.continuation;
      return clientFrame({ opcode, payload, isFinal: i === count - 1 });
    });
    return Buffer.concat(frames);
  };
  rawOf(page.socket).write(inFragments(FRAGMENTS_MAX));
  assert.equal((await page.next('link.pong')).n, 7);
  rawOf(page.socket).write(inFragments(FRAGMENTS_MAX + 1));
  assert.deepEqual(await page.untilClosed(), { code: 4413, reason: 'too-large' });
});

test('closes a client whose frame arrives byte by byte', async (t) => {
  const { page } = await open(t);
  const raw = rawOf(page.socket);
  raw.setNoDelay(true);
  const bytes = clientFrame({
    opcode: OPCODE.text,
    payload: Buffer.alloc(4 * BUFFERED_CHUNKS_MAX, 0x20),
  });
  // Waits until each byte is sent, so that the bytes arrive separately.
  for (const byte of bytes) {
    if (page.closed !== null || raw.destroyed) break;
    await new Promise<void>((resolve) => raw.write(Buffer.of(byte), () => setImmediate(resolve)));
  }
  const { code } = await page.untilClosed();
  // If the network joins the bytes, the frame arrives complete, but its text isn't valid JSON.
  assert.ok(code === 4413 || code === 4400, String(code));
});

test('answers pings and closes a client that floods with pings', async (t) => {
  const { page } = await open(t);
  page.socket.ping('hello');
  const [answer] = (await once(page.socket, 'pong')) as [Buffer];
  assert.equal(answer.toString(), 'hello');
  for (let i = 1; i <= CLIENT_PINGS_MAX; i++) page.socket.ping();
  assert.deepEqual(await page.untilClosed(), { code: 4429, reason: 'too-fast' });
});

test("[PR-15] ends the session on a client's close after handling earlier messages", async (t) => {
  const { page, server } = await open(t);
  page.socket.close(1000, 'bye');
  assert.equal((await page.untilClosed()).code, 1000);
  assert.ok(
    server.events.some((event) => event.event === 'session-closed' && event.reason === 'left'),
  );
});
