import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { NetworkNamespace } from '@farandole/e2e/network-namespace';
import { ROOT } from '@farandole/e2e/process';
import { type ShippedCoturnOptions, startShippedCoturn } from '@farandole/e2e/shipped-coturn';
import { TURN_USERS_PER_NETWORK } from '../src/limits.ts';
import type { RelayCrowd } from './support/relay-crowd.ts';
import { temporaryFolder } from './support/test-server.ts';

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

/** The finding that a check of the relay must print, and the settings of the check. */
type RelayCase = readonly [expected: RegExp, env?: Readonly<Record<string, string>>];

/**
 * Checks the relay as `doctor` does, with each case's settings, in the relay's network.
 *
 * @param trusted path of a further certificate that the check trusts
 */
async function expectFindings(
  t: TestContext,
  network: NetworkNamespace,
  options: Partial<ShippedCoturnOptions>,
  cases: readonly RelayCase[],
  trusted?: string,
): Promise<void> {
  const coturn = await startShippedCoturn(network, { address: RELAY, ...options });
  const envs = cases.map(([, env]) => ({
    FARANDOLE_TURN_URLS: URL,
    FARANDOLE_TURN_SECRET: coturn.secret,
    ...env,
  }));
  const program = join(import.meta.dirname, 'support', 'relay-doctor.ts');
  const env = trusted === undefined ? {} : { NODE_EXTRA_CA_CERTS: trusted };
  const run = network.start(process.execPath, [program, JSON.stringify(envs)], env);
  t.after(() => run.stop('SIGKILL'));
  const [line] = await run.printed(/^\[.*\]$/m);
  await coturn.stop();
  const said = JSON.parse(line) as readonly string[];
  assert.equal(said.length, cases.length);
  for (const [i, [expected]] of cases.entries()) assert.match(said[i] ?? '', expected);
}

async function triesTheRelay(t: TestContext): Promise<void> {
  const network = await aloneNetwork(t);
  const at = (scheme: string, port: number, transport: string) => ({
    FARANDOLE_TURN_URLS: `${scheme}:${RELAY}:${port}?transport=${transport}`,
  });
  await expectFindings(t, network, {}, [
    [/^ok turn:\S+ relays to itself and refuses 8\.8\.8\.8$/],
    [
      /^ok turn:\S+=udp relays to itself .*\nok turn:\S+=tcp relays to itself /,
      { FARANDOLE_TURN_URLS: `${URL},turn:${RELAY}:3478?transport=tcp` },
    ],
    [
      /^fail .*\(401\).*static-auth-secret/,
      { FARANDOLE_TURN_SECRET: 'another-secret-of-the-node' },
    ],
    [
      /^fail turn:\S+=tcp .*\(401\).*static-auth-secret/,
      { ...at('turn', 3_478, 'tcp'), FARANDOLE_TURN_SECRET: 'another-secret-of-the-node' },
    ],
    [/^fail .*Set FARANDOLE_TURN_RELAY_IPS=9\.9\.9\.40/, { FARANDOLE_TURN_RELAY_IPS: '9.9.9.41' }],
    [/^fail .*can’t be reached \(ECONNREFUSED\)/, at('turn', 3_479, 'tcp')],
    [/^fail .*by TLS \(ECONNREFUSED\).*cert and pkey/, at('turns', 3_479, 'tcp')],
    [/^fail .*doesn’t answer within 5 s.*UDP in the firewall/, at('turn', 3_479, 'udp')],
  ]);
  const changed = async (from: RegExp, to: string) => ({
    config: await changedConfig(t, (shipped) => shipped.replaceAll(from, to)),
  });
  await expectFindings(t, network, await changed(/^denied-peer-ip/gm, '#'), [
    [/^fail .*relays to 8\.8\.8\.8 too.*denied-peer-ip/],
  ]);
  await expectFindings(t, network, await changed(/^user-quota=.*$/gm, 'user-quota=1'), [
    [/^fail .*\(486\).*user-quota/],
  ]);
  await expectFindings(t, network, { allowedPeers: [] }, [
    [/^fail .*its own address 9\.9\.9\.40 \(403\).*allowed-peer-ip/],
  ]);
}

async function triesTheRelayByTls(t: TestContext): Promise<void> {
  const network = await aloneNetwork(t);
  const folder = await temporaryFolder(t);
  const [cert, pkey] = [join(folder, 'fullchain.pem'), join(folder, 'privkey.pem')];
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const name = ['-subj', '/CN=relay', '-addext', `subjectAltName=IP:${RELAY}`, '-days', '2'];
  await promisify(execFile)('openssl', ['req', ...kind, ...name, '-keyout', pkey, '-out', cert]);
  const options = { options: ['--tls-listening-port=5349', `--cert=${cert}`, `--pkey=${pkey}`] };
  const tls = { FARANDOLE_TURN_URLS: `turns:${RELAY}:5349?transport=tcp` };
  const live: RelayCase = [/^ok turns:\S+ relays to itself and refuses 8\.8\.8\.8$/, tls];
  const wrong = { ...tls, FARANDOLE_TURN_SECRET: 'another-secret-of-the-node' };
  const refused: RelayCase = [/^fail turns:\S+ .*\(401\).*static-auth-secret/, wrong];
  await expectFindings(t, network, options, [live, refused], cert);
  await expectFindings(t, network, options, [
    [/^fail turns:\S+ can’t be reached by TLS \(\w+\).*cert and pkey/, tls],
  ]);
}

/** Behind a NAT the relay has a private address, and users see a public one. */
async function relaysBehindNat(t: TestContext): Promise<void> {
  const network = await aloneNetwork(t);
  network.addAddress('10.1.2.3');
  const options = { relayAddresses: ['10.1.2.3'], options: [`--external-ip=${RELAY}/10.1.2.3`] };
  await expectFindings(t, network, options, [
    [/^ok turn:\S+ relays to itself and refuses 8\.8\.8\.8$/],
  ]);
}

describe('a node with coturn in the shipped configuration', { concurrency: true }, () => {
  test('[PR-81a] limits a network’s share of the relay, whatever its sessions', sharesTheRelay);
  test('`doctor` tests the relay and prints the cause of each failure', triesTheRelay);
  test('`doctor` tests the relay by TLS, and finds an untrusted certificate', triesTheRelayByTls);
  test('connects two users of the same relay behind a NAT', relaysBehindNat);
});
