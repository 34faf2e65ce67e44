import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { after, it } from 'node:test';
import { assertDefined } from '@farandole/kernel/assert';
import { Valkey } from 'iovalkey';
import { connectValkey } from '../src/valkey/connect.ts';
import { parseValkeyUrl } from '../src/valkey/location.ts';
import { until } from './support/until.ts';
import {
  epochOf,
  isLater,
  startPoolNode,
  type ValkeyPoolNode,
} from './support/valkey-pool-node.ts';
import { startSentinel, startValkey } from './support/valkey-server.ts';

// Without a delay, a new replica is filled at once.
const primary = await startValkey({ settings: ['--repl-diskless-sync-delay', '0'] });
const replica = await startValkey({
  settings: ['--replicaof', '127.0.0.1', String(primary.port)],
});
const sentinel = await startSentinel(primary.port);
after(async () => {
  await sentinel.stop();
  await replica.stop();
  await primary.stop();
});

async function replicatedEpoch(): Promise<number> {
  return Number(await replica.command('GET', '{farandole}:epoch:strangers'));
}

function isWhole(nodes: readonly ValkeyPoolNode[]): boolean {
  const writers = nodes.filter(({ host }) => host.epoch !== null);
  return writers.length === 1 && nodes.every(({ cluster }) => cluster.members().size === 2);
}

it('[CL-189] SENTINEL_ANSWER_MS: asks the next Sentinel if one doesn’t answer', async (t) => {
  const sockets: Socket[] = [];
  const silent = createServer((socket) => sockets.push(socket));
  t.after(() => {
    silent.close();
    for (const socket of sockets) socket.destroy();
  });
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  const hosts = `127.0.0.1:${port},127.0.0.1:${sentinel.port}`;
  const parsed = parseValkeyUrl(`valkey+sentinel://${hosts}/${sentinel.service}`);
  const wire = await connectValkey(assertDefined(parsed.ok ? parsed.value : null, hosts));
  wire.close();
  assert.ok(sockets.length > 0, 'the silent one was asked first');
});

it('[CL-11, CL-96, CL-100] goes on after a failover that lost an epoch', async () => {
  const watcher = new Valkey({ port: sentinel.port });
  await until('the Sentinel knows the replica', async () => {
    const found = await watcher.call('SENTINEL', 'replicas', sentinel.service);
    return Array.isArray(found) && found.length === 1;
  });
  watcher.disconnect();
  const url = `valkey+sentinel://127.0.0.1:${sentinel.port}/${sentinel.service}`;
  const nodes = await Promise.all([startPoolNode(url), startPoolNode(url)]);
  try {
    await until('one writes', () => isWhole(nodes));
    // The replica refuses to answer while it is being filled.
    await until(
      'the replica has the epoch',
      async () => (await replicatedEpoch().catch(() => null)) === epochOf(nodes).number,
    );
    const replicated = epochOf(nodes).number;
    // The replica misses the next epoch. While only paused, it would find the epoch in its socket.
    replica.pause();
    await primary.command('CLIENT', 'KILL', 'TYPE', 'replica');
    await primary.command('DEL', '{farandole}:pool:strangers');
    await until('a later epoch', () => epochOf(nodes).number > replicated);
    const lost = epochOf(nodes);
    await primary.kill();
    replica.resume();
    assert.equal(await replicatedEpoch(), replicated);
    const [one, two] = nodes;
    one.submit('anna');
    two.submit('bert');
    await until('both are matched', () => nodes.every(({ owner }) => owner.matches.size === 1));
    await until('one writes under a later epoch', () => isWhole(nodes) && isLater(nodes, lost));
    assert.ok(nodes.every(({ events }) => !events.some((event) => event.startsWith('gone'))));
  } finally {
    for (const node of nodes) await node.close();
  }
});
