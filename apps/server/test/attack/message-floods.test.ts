import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FRAME_CREDITS } from '@farandole/gateway/limits';
import type { ClientMessageType } from '@farandole/protocol/client-message';
import { CLOSES, type CloseReason } from '@farandole/protocol/close-codes';
import { REFUSED_BYTES_MAX } from '../../src/limits.ts';
import { arriveAndMeet } from '../support/meeting.ts';
import { inCall, TestPage } from '../support/test-page.ts';
import { CLIENT_MESSAGE_TYPES, clientFrameOf } from './support/client-frames.ts';
import { besiege } from './support/siege.ts';

/**
 * Number of messages that exceeds every rate limit. The limit of all frames together is the
 * highest.
 */
const MESSAGES = 2 * FRAME_CREDITS.burst;

/** Length of a frame header in bytes: 2, plus 2 for the length and 4 for the mask. */
const FRAME_HEAD_BYTES = 8;

/**
 * Returns the number of messages to send. It is lower than `MESSAGES` if that many would exceed
 * the byte limit at which the server terminates a violator.
 */
function messagesOf(text: string): number {
  const toldMax = Math.floor(REFUSED_BYTES_MAX / (text.length + FRAME_HEAD_BYTES));
  assert.ok(toldMax > FRAME_CREDITS.burst);
  return Math.min(MESSAGES, toldMax);
}

/** Close reasons of floods by message type. Floods of all other types are closed as too fast. */
const ENDS: { readonly [T in ClientMessageType]?: CloseReason } = {
  'session.leave': 'goodbye',
  'session.hello': 'out-of-order',
};

async function attackersInCall(t: Parameters<typeof besiege>[0], port: number, round: number) {
  const flooder = new TestPage(t, port, { from: `127.81.${round}.1` });
  const other = new TestPage(t, port, { from: `127.81.${round}.2` });
  const [found] = await arriveAndMeet(flooder, other);
  return { flooder, other, found };
}

test("[GW-2, GW-60, GW-61, GW-62] closes a flooding session and ends its peer's call", async (t) => {
  const siege = await besiege(t);
  const { port } = siege.server;
  await siege.withstand(async () => {
    const floods: { readonly reason: CloseReason; readonly flooder: TestPage }[] = [];
    for (const [round, type] of CLIENT_MESSAGE_TYPES.entries()) {
      const { flooder, other, found } = await attackersInCall(t, port, round);
      // Sequence numbers start at 3, because the age declaration and the search used 1 and 2.
      const last = clientFrameOf(type, { ...inCall(found), seq: 3 + MESSAGES, ack: 0 });
      for (let seq = 3; seq < 3 + messagesOf(last); seq++) {
        flooder.sendText(clientFrameOf(type, { ...inCall(found), seq, ack: 0 }));
      }
      const reason = ENDS[type] ?? 'too-fast';
      // The partner is notified at once, because the server delays only the flooder's close.
      floods.push({ reason, flooder });
      await other.next('call.ended');
      if (reason === 'too-fast') assert.equal(flooder.closed, null);
      other.socket.close(1000);
      await other.untilClosed();
    }
    for (const [round, { reason, flooder }] of floods.entries()) {
      const type = CLIENT_MESSAGE_TYPES[round];
      assert.deepEqual(
        { type, ...(await flooder.untilClosed()) },
        { type, code: CLOSES[reason].code, reason },
      );
    }
  }, ['first-frame']);
  await siege.canary.stop();
});

test('[GW-62] rate-limits chat lines to an unknown call, whatever their text', async (t) => {
  const siege = await besiege(t);
  await siege.withstand(async () => {
    const attackers = await Promise.all(
      Array.from({ length: 5 }, async (_, index) => {
        const page = new TestPage(t, siege.server.port, { from: `127.82.${index}.1` });
        await page.arrive();
        return page;
      }),
    );
    const late = clientFrameOf('chat.typing', { match: 'A'.repeat(22) });
    for (let sent = 0; sent < MESSAGES; sent++) {
      for (const page of attackers) page.sendText(late);
    }
    for (const page of attackers) {
      assert.deepEqual(await page.untilClosed(), { code: 4429, reason: 'too-fast' });
    }
  });
  await siege.canary.stop();
});
