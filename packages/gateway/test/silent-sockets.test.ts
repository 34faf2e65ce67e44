import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConnectionId } from '@farandole/kernel/id';
import { SILENT_SOCKETS_MIN } from '../src/limits.ts';
import { World } from './support/world.ts';

/** Opens a socket without a hello from an address. */
function openSilent(world: World, clientAddress: string): ConnectionId {
  const client = world.newClient('ada');
  client.misses = () => true;
  return world.openSocket(client, { clientAddress });
}

test('[GW-12a] closes the oldest silent socket of the network with most silent sockets', () => {
  const world = new World({ config: { connectionsMax: 100 } });
  const ofOne = openSilent(world, '198.51.100.1');
  const flood = Array.from({ length: SILENT_SOCKETS_MIN - 1 }, () =>
    openSilent(world, '203.0.113.7'),
  );
  const reasonOf = (id: ConnectionId | undefined) =>
    id === undefined ? undefined : world.connections.closeReason(id);
  assert.ok([ofOne, ...flood].every((id) => reasonOf(id) === null));
  const later = openSilent(world, '198.51.100.2');
  assert.equal(reasonOf(flood[0]), 'silent');
  assert.ok([ofOne, later, ...flood.slice(1)].every((id) => reasonOf(id) === null));
  openSilent(world, '203.0.113.7');
  assert.equal(reasonOf(flood[1]), 'silent');
  assert.equal(reasonOf(ofOne), null);
  assert.equal(world.gateway.sizes().silentSockets, SILENT_SOCKETS_MIN);
});

test('[GW-12a] closes the earliest socket if every network has one silent socket', () => {
  const world = new World({ config: { connectionsMax: 100 } });
  const flood = Array.from({ length: SILENT_SOCKETS_MIN }, (_, host) =>
    openSilent(world, `203.0.113.${host}`),
  );
  const newcomer = openSilent(world, '198.51.100.1');
  assert.equal(world.connections.closeReason(flood[0] ?? assert.fail()), 'silent');
  assert.equal(world.connections.closeReason(newcomer), null);
});

test('[GW-12a] groups silent sockets by the name of their network', () => {
  const world = new World({ config: { connectionsMax: 100 } });
  const network = { network: 'network-of-a-flood', parent: 'its-parent' };
  const flood = Array.from({ length: SILENT_SOCKETS_MIN }, (_, host) =>
    world.openSocket(world.newClient('eve'), { clientAddress: `203.0.113.${host}`, network }),
  );
  openSilent(world, '198.51.100.1');
  assert.equal(world.connections.closeReason(flood[0] ?? assert.fail()), 'silent');
});

test('[GW-12a] sockets that sent a hello or closed no longer count', () => {
  const world = new World({ config: { connectionsMax: 100 } });
  const first = openSilent(world, '203.0.113.7');
  for (let others = 0; others < SILENT_SOCKETS_MIN; others++) world.join(`person-${others}`);
  assert.equal(world.connections.closeReason(first), null);
  assert.equal(world.gateway.sizes().silentSockets, 1);
  world.gateway.connectionClosed(first, 1006, world.now);
  assert.equal(world.gateway.sizes().silentSockets, 0);
});
