import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { NetworkNamespace } from '@farandole/e2e/network-namespace';
import { ROOT } from '@farandole/e2e/process';
import {
  type ShippedCoturn,
  type ShippedCoturnOptions,
  startShippedCoturn,
} from '@farandole/e2e/shipped-coturn';
import { TURN_USERS_PER_NETWORK } from '../src/limits.ts';
import type { RelayCrowd } from './support/relay-crowd.ts';
import { startTestServer, temporaryFolder } from './support/test-server.ts';

/** A public address that exists only in the network namespace. */
const RELAY = '9.9.9.40';
const URL = `turn:${RELAY}:3478?transport=udp`;

async function aloneNetwork(t: TestContext): Promise<NetworkNamespace> {
  const network = await NetworkNamespace.make();
  t.after(() => network.leave());
  network.addAddress(RELAY);
  return network;
}

/** Returns the shipped configuration of coturn after a change. */
async function changedConfig(t: TestContext, change: (shipped: string) => string): Promise<string> {
  const file = join(await temporaryFolder(t), 'turnserver.conf');
  const shipped = await readFile(join(ROOT, 'deploy', 'turnserver.conf'), 'utf8');
  const changed = change(shipped);
  assert.notEqual(changed, shipped);
  await writeFile(file, changed);
  return file;
}

async function sharesTheRelay(t: TestContext): Promise<void> {
  const network = await aloneNetwork(t);
  const coturn = await startShippedCoturn(network, { address: RELAY });
  t.after(() => coturn.stop());
  const program = join(import.meta.dirname, 'support', 'relay-crowd.ts');
  const run = network.start(process.execPath, [program, RELAY, coturn.secret]);
  t.after(() => run.stop('SIGKILL'));
  const [line] = await run.printed(/^\{.*\}$/m);
  const crowd = JSON.parse(line) as RelayCrowd;
  t.diagnostic(line);

  assert.equal(crowd.posts, 223);
  assert.equal(crowd.repliesWithCredentials, 0);
  assert.equal(crowd.afterPosts, RELAY, 'a user allocates after 223 posts');
  assert.equal(crowd.people, 40);
  assert.equal(crowd.connected, crowd.people);

  const shipped = await readFile(join(ROOT, 'deploy', 'turnserver.conf'), 'utf8');
  const quotaOf = (name: string): number =>
    Number(new RegExp(`^${name}-quota=([0-9]+)$`, 'm').exec(shipped)?.[1]);
  const share = TURN_USERS_PER_NETWORK * quotaOf('user');
  assert.ok(share <= quotaOf('total') / 4, 'a network gets at most a fourth of the relay');
  assert.equal(crowd.occupied, crowd.users * quotaOf('user'));
  assert.ok(crowd.users > TURN_USERS_PER_NETWORK / 2 && crowd.users <= TURN_USERS_PER_NETWORK);
  assert.equal(crowd.whileOccupied, RELAY, 'a user of another network allocates');
}

/** Runs `doctor` in the network, and returns its lines about the relay. */
async function doctorIn(
  network: NetworkNamespace,
  dataDir: string,
  env: Readonly<Record<string, string>>,
): Promise<string> {
  const main = join(ROOT, 'apps', 'server', 'src', 'cli', 'main.ts');
  const run = network.start(process.execPath, [main, 'doctor'], {
    FARANDOLE_DATA_DIR: dataDir,
    FARANDOLE_TURN_URLS: URL,
    ...env,
  });
  await run.printed(/^.* relay +.*$/m);
  await run.stop('SIGKILL');
  return run
    .output()
    .split('\n')
    .filter((line) => / relay +/.test(line))
    .join('\n');
}

async function triesTheRelay(t: TestContext): Promise<void> {
  const network = await aloneNetwork(t);
  const server = await startTestServer(t);
  await server.close();
  const { dataDir } = server;
  const during = async (
    options: Partial<ShippedCoturnOptions>,
    work: (coturn: ShippedCoturn) => Promise<void>,
  ): Promise<void> => {
    const coturn = await startShippedCoturn(network, { address: RELAY, ...options });
    try {
      await work(coturn);
    } finally {
      await coturn.stop();
    }
  };
  const expectLine = async (
    secret: string,
    expected: RegExp,
    env: Readonly<Record<string, string>> = {},
  ): Promise<void> => {
    const lines = await doctorIn(network, dataDir, { FARANDOLE_TURN_SECRET: secret, ...env });
    assert.match(lines, expected);
  };

  await during({}, async ({ secret }) => {
    await expectLine(secret, /^ok +relay +turn:\S+ relays to itself and refuses 8\.8\.8\.8$/);
    const byTcp = { FARANDOLE_TURN_URLS: `${URL},turn:${RELAY}:3478?transport=tcp` };
    await expectLine(secret, /^ok .*=udp relays .*\nok .*=tcp relays /, byTcp);
    await expectLine(`${secret}!`, /^fail .*\(401\).*static-auth-secret/);
    const elsewhere = { FARANDOLE_TURN_RELAY_IPS: '9.9.9.41' };
    await expectLine(secret, /^fail .*Set FARANDOLE_TURN_RELAY_IPS=9\.9\.9\.40/, elsewhere);
    const closed = { FARANDOLE_TURN_URLS: `turn:${RELAY}:3479?transport=tcp` };
    await expectLine(secret, /^fail .*reached \(ECONNREFUSED\)/, closed);
    const tls = { FARANDOLE_TURN_URLS: `turns:${RELAY}:3478?transport=tcp` };
    await expectLine(secret, /^fail .*by TLS \(.*cert and pkey/, tls);
    const silent = { FARANDOLE_TURN_URLS: `turn:${RELAY}:3479?transport=udp` };
    await expectLine(secret, /^fail .*doesn’t answer within 5 s.*UDP in the firewall/, silent);
  });
  const open = await changedConfig(t, (shipped) => shipped.replaceAll(/^denied-peer-ip/gm, '#'));
  await during({ config: open }, ({ secret }) =>
    expectLine(secret, /^fail .*relays to 8\.8\.8\.8 too.*denied-peer-ip/),
  );
  const full = await changedConfig(t, (shipped) =>
    shipped.replace(/^user-quota=.*$/m, 'user-quota=1'),
  );
  await during({ config: full }, ({ secret }) => expectLine(secret, /^fail .*\(486\).*user-quota/));
  const ownDenied = { allowedPeers: [] };
  await during(ownDenied, ({ secret }) =>
    expectLine(secret, /^fail .*its own address 9\.9\.9\.40 \(403\).*allowed-peer-ip/),
  );
}

describe('a node with coturn in the shipped configuration', { concurrency: true }, () => {
  test('[PR-81a] shares the relay among networks, however many sessions one opens', sharesTheRelay);
  test('`doctor` tries the relay and names the cause of each failure', triesTheRelay);
});
