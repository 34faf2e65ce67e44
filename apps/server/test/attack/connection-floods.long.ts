import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { SILENT_SOCKETS_MIN } from '@farandole/gateway/limits';
import { TestPage } from '../support/test-page.ts';
import { CANARY_SOCKETS } from './support/canary.ts';
import { besiege, type Siege, until } from './support/siege.ts';
import { admittedByTcp, type TcpAttacker, upgradeRequest } from './support/tcp.ts';

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
  const attackers = await Promise.all(addresses.map((from) => admittedByTcp(t, server.port, from)));
  for (const { socket, ticket } of attackers) {
    socket.write(upgradeRequest(server.port, ticket), 'latin1');
  }
  const isAnswered = ({ received, socket }: TcpAttacker): boolean =>
    received().includes('session.challenge') || received().includes('too-many') || socket.destroyed;
  await until(
    () => attackers.every(isAnswered),
    () => 'an answer to each',
  );
  return attackers;
}

const isIn = ({ socket, received }: TcpAttacker): boolean =>
  !socket.destroyed &&
  received().includes('session.challenge') &&
  !/silent|hello-timeout/.test(received());

const inOneNetwork = (network: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${network}.${1 + (index % 254)}`);

test('[GW-12a] accepts users while many networks hold silent sockets', async (t) => {
  const siege = await besiege(t, { env: CAPS });
  const { port } = siege.server;
  await siege.withstand(async () => {
    const networks = Math.ceil((2 * IN_ALL) / PER_NETWORK);
    const addresses = Array.from({ length: networks }, (_, network) =>
      inOneNetwork(`127.85.${network}`, PER_NETWORK),
    ).flat();
    const attackers = await rush(t, siege, addresses);
    await until(
      () => attackers.filter(isIn).length <= SILENT_SOCKETS_MIN,
      () => `${attackers.filter(isIn).length} are in`,
    );
    const refused = attackers.filter((attacker) => !isIn(attacker));
    assert.ok(refused.every(({ received }) => /too-many|silent|hello-timeout/.test(received())));
    // The attackers don't answer the close frames, so the server destroys their sockets.
    await until(
      () => siege.server.openSockets() <= SILENT_SOCKETS_MIN + CANARY_SOCKETS,
      () => `${siege.server.openSockets()} sockets`,
    );
    const late = new TestPage(t, port, { from: '127.86.0.1' });
    await late.arrive();
    late.socket.close(1000);
    await late.untilClosed();
    for (const { socket } of attackers) socket.resetAndDestroy();
    await until(
      () => siege.server.openSockets() === CANARY_SOCKETS,
      () => `${siege.server.openSockets()} sockets`,
    );
  });
  await siege.canary.stop();
});

test('leaks no socket when connections abort at any stage of opening', async (t) => {
  const siege = await besiege(t);
  await siege.withstand(async () => {
    for (let wave = 0; wave < 8; wave++) {
      const attackers = await Promise.all(
        Array.from({ length: 100 }, (_, index) =>
          admittedByTcp(t, siege.server.port, `127.87.${index}.${1 + wave}`),
        ),
      );
      await Promise.all(
        attackers.map(async ({ socket, ticket }, index) => {
          const request = upgradeRequest(siege.server.port, ticket);
          const part = request.slice(0, Math.ceil((request.length * index) / 99));
          if (part !== '') await new Promise((resolve) => socket.write(part, 'latin1', resolve));
          const closed = once(socket, 'close');
          // Half of the clients reset the connection, and the other half close it properly.
          if (index % 2 === 0) socket.resetAndDestroy();
          else socket.destroy();
          await closed;
        }),
      );
    }
  });
  await siege.canary.stop();
});
