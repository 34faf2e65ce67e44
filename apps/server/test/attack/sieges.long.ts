/**
 * Long tier: attacks that take minutes each, because of 30 s deadlines or thousands of sockets.
 * `node scripts/long-tests.mjs attack` runs them.
 */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { CREDIT_LIMITS, silentSocketsMax } from '@farandole/gateway/limits';
import {
  LINE_CHARS_MAX,
  LINK_PING_AFTER_MS,
  RESUME_GRACE_MS,
  UNACKED_CHARS_MAX,
} from '@farandole/protocol/limits';
import { SOCKET_SILENT_MS, SWEEP_EVERY_MS } from '../../src/limits.ts';
import { arriveAndMeet } from '../support/meeting.ts';
import { inCall, rawOf, TestPage } from '../support/test-page.ts';
import { besiege, until } from './support/siege.ts';
import { admittedByTcp, type TcpAttacker, upgradeRequest } from './support/tcp.ts';

/** Memory in MiB that a socket without a session may take, including garbage. */
const MIB_A_PLACE = 0.02;

/**
 * Resolves when the condition holds.
 * @throws Error if it doesn't hold within `limitMs`
 */
async function within(limitMs: number, holds: () => boolean): Promise<void> {
  const giveUpAtMs = performance.now() + limitMs;
  while (!holds()) {
    assert.ok(performance.now() < giveUpAtMs, `not within ${limitMs} ms`);
    await delay(100);
  }
}

async function pairOf(t: TestContext, port: number, network: string) {
  const ana = new TestPage(t, port, { from: `${network}.1` });
  const ben = new TestPage(t, port, { from: `${network}.2` });
  const [found] = await arriveAndMeet(ana, ben);
  return { ana, ben, call: inCall(found) };
}

test('[PR-13] drops clients that silently disappear and notifies their partners', async (t) => {
  const siege = await besiege(t);
  await siege.withstand(async () => {
    const pairs: Awaited<ReturnType<typeof pairOf>>[] = [];
    for (let i = 0; i < 50; i++) pairs.push(await pairOf(t, siege.server.port, `127.120.${i}`));
    // The node drops these clients as dead, because they answer no ping.
    for (const { ben } of pairs) rawOf(ben.socket).pause();
    // Each partner pings the node, so that the node doesn't drop the partner as silent.
    const asking = setInterval(() => {
      for (const { ana } of pairs) ana.send({ type: 'link.ping', n: 1, ack: 0 });
    }, LINK_PING_AFTER_MS);
    const untilHeard = SOCKET_SILENT_MS + SWEEP_EVERY_MS + RESUME_GRACE_MS + 10_000;
    await within(untilHeard, () =>
      pairs.every(({ ana }) => ana.received.some(({ type }) => type === 'call.ended')),
    ).finally(() => clearInterval(asking));
    for (const { ana } of pairs) {
      assert.equal((await ana.next('peer.presence')).present, false);
      assert.equal((await ana.next('call.ended')).reason, 'lost');
      assert.equal(ana.closed, null);
      ana.socket.close(1000);
      await ana.untilClosed();
    }
    const metrics = await siege.server.metrics();
    assert.match(
      metrics,
      new RegExp(`farandole_closes_total\\{reason="silent"\\} ${pairs.length}\\n`),
    );
  });
  await siege.canary.stop();
});

test('[PR-24] closes a client that never reads, at the buffer limit', async (t) => {
  const siege = await besiege(t);
  await siege.withstand(async () => {
    const pairs: Awaited<ReturnType<typeof pairOf>>[] = [];
    for (let i = 0; i < 20; i++) pairs.push(await pairOf(t, siege.server.port, `127.121.${i}`));
    for (const { ben } of pairs) rawOf(ben.socket).pause();
    const text = '👋'.repeat(LINE_CHARS_MAX / 2);
    // The outgoing buffer also contains frame headers, so this number of lines is an upper bound.
    const linesMax = UNACKED_CHARS_MAX / LINE_CHARS_MAX;
    let lines = 0;
    const isOver = (): boolean =>
      pairs.every(({ ana }) => ana.received.some(({ type }) => type === 'call.ended'));
    while (!isOver()) {
      assert.ok(lines <= linesMax, 'it is over by then');
      for (const { ana, ben, call } of pairs) {
        ana.say('chat.send', { ...call, id: `line-${String(lines).padStart(6, '0')}`, text });
        // The client doesn't read but sends pings, so the node doesn't drop it as silent.
        if (lines % 8 === 0) ben.send({ type: 'link.ping', n: lines, ack: 0 });
      }
      lines += 1;
      await delay(CREDIT_LIMITS.chat.everyMs);
    }
    for (const { ana, ben } of pairs) {
      assert.equal((await ana.next('call.ended')).reason, 'lost');
      ana.socket.close(1000);
      await ana.untilClosed();
      ben.socket.terminate();
    }
    const metrics = await siege.server.metrics();
    const closes = new RegExp(
      `farandole_closes_total\\{reason="slow-consumer"\\} ${pairs.length}\\n`,
    );
    assert.match(metrics, closes);
  });
  await siege.canary.stop();
});

test('[GW-12a] keeps few of 9,000 silent connections, in three successive floods', async (t) => {
  const places = 8_000;
  const siege = await besiege(t, {
    env: { FARANDOLE_CONNECTIONS_MAX: String(places) },
    // Memory depends on the number of slots, so three successive crowds need no more memory than
    // one.
    growthMibMax: 64 + places * MIB_A_PLACE,
  });
  const { port } = siege.server;
  const isRefused = ({ socket, received }: TcpAttacker): boolean =>
    socket.destroyed || /too-many|silent|hello-timeout/.test(received());
  const isIn = (attacker: TcpAttacker): boolean =>
    !isRefused(attacker) && attacker.received().includes('session.challenge');
  for (let crowd = 0; crowd < 3; crowd++) {
    await siege.withstand(async () => {
      const attackers: TcpAttacker[] = [];
      for (let wave = 0; wave < 45; wave++) {
        attackers.push(
          ...(await Promise.all(
            Array.from({ length: 200 }, async (_, index) => {
              const attacker = await admittedByTcp(
                t,
                port,
                `127.${130 + wave}.${index}.${1 + crowd}`,
              );
              attacker.socket.write(upgradeRequest(port, attacker.ticket), 'latin1');
              return attacker;
            }),
          )),
        );
      }
      await until(
        () => attackers.every((attacker) => isIn(attacker) || isRefused(attacker)),
        () => 'an answer to each',
      );
      const letIn = attackers.filter(isIn).length;
      assert.ok(letIn <= silentSocketsMax(places), `${letIn} are in`);
      for (const { socket } of attackers) socket.resetAndDestroy();
    });
  }
  await siege.canary.stop();
});
