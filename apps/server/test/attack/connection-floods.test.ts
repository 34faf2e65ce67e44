import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { CLOSES } from '@farandole/protocol/close-codes';
import { HTTP_SOCKETS_PER_NETWORK_MAX } from '../../src/limits.ts';
import { TestPage } from '../support/test-page.ts';
import { CANARY_SOCKETS } from './support/canary.ts';
import { besiege, type Siege, until } from './support/siege.ts';
import { attackByTcp, type TcpAttacker, upgradeRequest } from './support/tcp.ts';

const CAPS = {
  FARANDOLE_CONNECTIONS_MAX: '60',
  FARANDOLE_CONNECTIONS_PER_NETWORK_MAX: '20',
};
const IN_ALL = Number(CAPS.FARANDOLE_CONNECTIONS_MAX);
const PER_NETWORK = Number(CAPS.FARANDOLE_CONNECTIONS_PER_NETWORK_MAX);

type Test = Parameters<typeof besiege>[0];

async function rush(
  t: Test,
  { server }: Siege,
  addresses: readonly string[],
): Promise<readonly TcpAttacker[]> {
  const attackers = await Promise.all(addresses.map((from) => attackByTcp(t, server.port, from)));
  for (const { socket } of attackers) socket.write(upgradeRequest(server.port), 'latin1');
  const isAnswered = ({ received, socket }: TcpAttacker): boolean =>
    received().includes('session.challenge') || received().includes('too-many') || socket.destroyed;
  await until(
    () => attackers.every(isAnswered),
    () => 'an answer to each',
  );
  return attackers;
}

const isIn = ({ socket, received }: TcpAttacker): boolean =>
  !socket.destroyed && received().includes('session.challenge');
const hasWord = ({ received }: TcpAttacker): boolean => received().includes('too-many');

function leave(attackers: readonly TcpAttacker[]): void {
  for (const { socket } of attackers) socket.resetAndDestroy();
}

const inOneNetwork = (network: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${network}.${1 + (index % 254)}`);

test('limits a network to its share, from any number of addresses', async (t) => {
  const siege = await besiege(t, { env: CAPS });
  await siege.withstand(async () => {
    const count = 2 * PER_NETWORK + HTTP_SOCKETS_PER_NETWORK_MAX;
    const attackers = await rush(t, siege, inOneNetwork('127.84.1', count));
    const inside = attackers.filter(isIn);
    assert.ok(inside.length > 0 && inside.length <= PER_NETWORK, `${inside.length} are in`);
    // The other attackers got a refusal or a closed connection.
    const rest = attackers.filter((attacker) => !isIn(attacker));
    assert.ok(rest.every((attacker) => hasWord(attacker) || attacker.received() === ''));
    // The rate limit recovers but the sockets stay taken, so the refusal becomes a close frame.
    for (let isTold = false; !isTold; ) {
      const late = await attackByTcp(t, siege.server.port, '127.84.1.1');
      late.socket.write(upgradeRequest(siege.server.port), 'latin1');
      await until(
        () => late.socket.destroyed || /too-many|session\.challenge/.test(late.received()),
        () => 'an answer',
      );
      assert.ok(!late.received().includes('session.challenge'), 'a place beyond its share');
      isTold = late.received().startsWith('HTTP/1.1 101') && hasWord(late);
      late.socket.destroy();
    }
    const neighbour = new TestPage(t, siege.server.port, { from: '127.84.2.1' });
    await neighbour.start();
    neighbour.socket.close(1000);
    await neighbour.untilClosed();
    leave(attackers);
  });
  await siege.canary.stop();
});

test('[GW-12] limits sockets over many networks and reuses freed ones', async (t) => {
  const siege = await besiege(t, { env: CAPS });
  const { port } = siege.server;
  await siege.withstand(async () => {
    const networks = Math.ceil((2 * IN_ALL) / PER_NETWORK);
    const addresses = Array.from({ length: networks }, (_, network) =>
      inOneNetwork(`127.85.${network}`, PER_NETWORK),
    ).flat();
    const attackers = await rush(t, siege, addresses);
    // Excess clients still get a WebSocket, so that the page receives the close reason.
    await until(
      () => attackers.filter(isIn).length <= IN_ALL - CANARY_SOCKETS,
      () => `${attackers.filter(isIn).length} are in`,
    );
    assert.equal(attackers.filter(isIn).length, IN_ALL - CANARY_SOCKETS);
    const refused = attackers.filter((attacker) => !isIn(attacker));
    assert.ok(refused.every(hasWord));
    const late = new TestPage(t, port, { from: '127.86.0.1' });
    await late.getTicket();
    await assert.rejects(late.open(), /closed while waiting/);
    assert.deepEqual(late.closed, { code: CLOSES['too-many'].code, reason: 'too-many' });
    leave(attackers);
    await until(
      () => siege.server.openSockets() === CANARY_SOCKETS,
      () => `${siege.server.openSockets()} sockets`,
    );
    const next = new TestPage(t, port, { from: '127.86.1.1' });
    await next.start();
    next.socket.close(1000);
    await next.untilClosed();
  });
  await siege.canary.stop();
});

test('leaks nothing when connections abort at any stage of opening', async (t) => {
  const siege = await besiege(t);
  const request = upgradeRequest(siege.server.port);
  await siege.withstand(async () => {
    for (let wave = 0; wave < 8; wave++) {
      const attackers = await Promise.all(
        Array.from({ length: 100 }, (_, index) =>
          attackByTcp(t, siege.server.port, `127.87.${index}.${1 + wave}`),
        ),
      );
      await Promise.all(
        attackers.map(async ({ socket }, index) => {
          const part = request.slice(0, Math.ceil((request.length * index) / 99));
          if (part !== '') await new Promise((resolve) => socket.write(part, 'latin1', resolve));
          const closed = once(socket, 'close');
          // Half of them reset, half close properly.
          if (index % 2 === 0) socket.resetAndDestroy();
          else socket.destroy();
          await closed;
        }),
      );
    }
  });
  await siege.canary.stop();
});
