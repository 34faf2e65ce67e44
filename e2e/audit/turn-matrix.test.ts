import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { NetworkNamespace } from '../support/network-namespace.ts';
import { ROOT } from '../support/process.ts';
import {
  type ShippedCoturn,
  type ShippedCoturnOptions,
  startShippedCoturn,
  turnUser,
} from '../support/shipped-coturn.ts';
import { ATTRIBUTE, decodeMessage, valueOf } from './stun-message.ts';
import { FORBIDDEN_IPV4_PEERS, FORBIDDEN_IPV6_PEERS } from './turn-peers.ts';

/** Public addresses that exist only in this network namespace. */
const RELAY = '9.9.9.40';
const RELAY_IPV6 = '2a00:9::40';
/** Range of client addresses, all of which exist in the namespace. */
const CLIENTS = '9.8.0.1/16';

const TRANSPORTS = ['permission', 'channel'] as const;
type Transport = (typeof TRANSPORTS)[number];

/** Error code of the relay, or what happened to a datagram sent to an echo server. */
type Outcome = number | 'echoed' | 'no answer' | 'no allocation';

const FORBIDDEN = 403;
const UNSUPPORTED_FAMILY = 440;
const NO_TCP = 442;
const QUOTA_REACHED = 486;
/** Number of TURN clients that run in parallel. A refusal takes a client tens of milliseconds. */
const CLIENTS_MAX = 8;
const CLIENT_MS_MAX = 60_000;

interface RelaySetup {
  readonly place: NetworkNamespace;
  readonly coturn: ShippedCoturn;
}

/**
 * Creates a network namespace with a coturn server and with every address of the matrix that a
 * machine can have.
 */
async function setUp(
  t: TestContext,
  options: Omit<ShippedCoturnOptions, 'address'> = {},
): Promise<RelaySetup> {
  const place = await NetworkNamespace.make();
  t.after(() => place.leave());
  for (const address of [RELAY, RELAY_IPV6]) place.addAddress(address);
  place.run('ip', 'address', 'add', CLIENTS, 'dev', 'lo');
  for (const { address } of [...FORBIDDEN_IPV4_PEERS, ...FORBIDDEN_IPV6_PEERS]) {
    if (canBeHere(address)) place.addAddress(address);
  }
  const coturn = await startShippedCoturn(place, { address: RELAY, ...options });
  t.after(() => coturn.stop());
  return { place, coturn };
}

/**
 * Returns whether a machine can have the address. Excludes unspecified, loopback, multicast and
 * IPv4-mapped addresses.
 */
function canBeHere(address: string): boolean {
  return !/^(?:0\.0\.0\.0|::1?|127\..*|22[4-9]\..*|239\..*|ff0.*|::ffff:[0-9.]+)$/.test(address);
}

let clients = 1;

/**
 * Runs coturn's client from an unused address, because an allocation may still exist for a used
 * port.
 */
async function runClient(place: NetworkNamespace, args: readonly string[]): Promise<Outcome> {
  clients += 1;
  const from = `9.8.${clients >> 8}.${clients & 0xff}`;
  const [enter, ...entry] = place.entry;
  const all = [...entry, 'turnutils_uclient', '-L', from, '-c', '-n', '1', ...args, RELAY];
  const child = spawn(enter, all, { stdio: ['ignore', 'pipe', 'inherit'], timeout: CLIENT_MS_MAX });
  const [printed] = await Promise.all([text(child.stdout), once(child, 'close')]);
  const [, code] = /error ([0-9]{3}) /.exec(printed) ?? [];
  if (code !== undefined) return Number(code);
  const [, sent, received] =
    /tot_send_msgs=([0-9]+), tot_recv_msgs=([0-9]+)\s*$/m.exec(
      printed.slice(printed.lastIndexOf('tot_send_msgs=')).split('\n')[0] ?? '',
    ) ?? [];
  if (sent === undefined) return 'no allocation';
  return sent !== '0' && sent === received ? 'echoed' : 'no answer';
}

type User = ReturnType<typeof turnUser>;

const asUser = ({ username, password }: User): readonly string[] => [
  '-u',
  username,
  '-w',
  password,
];

let sessions = 0;

/**
 * Tries to reach each address through the relay, by permission and by channel.
 * @returns the outcomes, by `address, way`
 */
async function askFor(
  { place, coturn }: RelaySetup,
  addresses: readonly string[],
  options: readonly string[] = [],
): Promise<ReadonlyMap<string, Outcome>> {
  const outcomes = new Map<string, Outcome>();
  const runs = addresses.flatMap((address) => TRANSPORTS.map((way) => [address, way] as const));
  const work = async (): Promise<void> => {
    for (let next = runs.pop(); next !== undefined; next = runs.pop()) {
      const [address, way] = next;
      // Each run uses a new session id, because allocations and their quota last for minutes.
      sessions += 1;
      const user = asUser(turnUser(`session-${sessions}`, coturn.secret));
      const send = way === 'permission' ? ['-s'] : [];
      const args = [...user, ...send, ...options, '-e', address];
      outcomes.set(`${address}, ${way}`, await runClient(place, args));
    }
  };
  await Promise.all(Array.from({ length: CLIENTS_MAX }, work));
  return outcomes;
}

async function listenAt(
  t: TestContext,
  place: NetworkNamespace,
  addresses: readonly string[],
): Promise<void> {
  for (const address of addresses) {
    const peer = place.start('turnutils_peer', ['-L', address]);
    t.after(() => peer.stop());
    while (
      !place.run('ss', '-Hlnu').includes(`${address.includes(':') ? `[${address}]` : address}:3480`)
    ) {
      await delay(20);
    }
  }
}

function assertAll(
  outcomes: ReadonlyMap<string, Outcome>,
  addresses: readonly string[],
  expected: Outcome,
): void {
  const all = addresses.flatMap((address) =>
    TRANSPORTS.map((way: Transport) => `${address}, ${way}`),
  );
  assert.deepEqual(
    all.map((name) => [name, outcomes.get(name)]),
    all.map((name) => [name, expected]),
  );
}

const IPV4_PEERS = FORBIDDEN_IPV4_PEERS.map(({ address }) => address);
const IPV6_PEERS = FORBIDDEN_IPV6_PEERS.map(({ address }) => address);

async function refusesIpv4Peers(t: TestContext): Promise<void> {
  const stage = await setUp(t);
  assert.ok(IPV4_PEERS.length >= 40);
  await listenAt(t, stage.place, [RELAY]);
  const outcomes = await askFor(stage, [...IPV4_PEERS, RELAY]);
  assertAll(outcomes, IPV4_PEERS, FORBIDDEN);
  assertAll(outcomes, [RELAY], 'echoed');
  // A relay without IPv6 addresses can't relay to an IPv6 peer, not even to itself.
  assertAll(await askFor(stage, [RELAY_IPV6]), [RELAY_IPV6], UNSUPPORTED_FAMILY);
}

async function refusesIpv6Peers(t: TestContext): Promise<void> {
  const stage = await setUp(t, { relayAddresses: [RELAY, RELAY_IPV6] });
  await listenAt(t, stage.place, [RELAY_IPV6]);
  const outcomes = await askFor(stage, [...IPV6_PEERS, RELAY_IPV6], ['-x']);
  assertAll(outcomes, IPV6_PEERS, FORBIDDEN);
  assertAll(outcomes, [RELAY_IPV6], 'echoed');
}

async function reachesPeersWithoutTheList(t: TestContext): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'farandole-turn-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const config = join(folder, 'turnserver.conf');
  const shipped = await readFile(join(ROOT, 'deploy', 'turnserver.conf'), 'utf8');
  const kept = shipped.split('\n').filter((line) => !line.startsWith('denied-peer-ip'));
  await writeFile(config, kept.join('\n'));
  const stage = await setUp(t, { config, relayAddresses: [RELAY, RELAY_IPV6] });
  const ipv4 = ['8.8.8.8', '10.0.0.7', '172.16.5.0', '192.168.1.1', '169.254.169.254'];
  const ipv6 = ['2a00:9::41', 'fd00::7', '64:ff9b::a9fe:a9fe', '2002:a9fe:a9fe::1', 'fec0::1'];
  await listenAt(t, stage.place, [...ipv4, ...ipv6]);
  assertAll(await askFor(stage, ipv4), ipv4, 'echoed');
  assertAll(await askFor(stage, ipv6, ['-x']), ipv6, 'echoed');
}

async function acceptsFreshCredentialsOnly(t: TestContext): Promise<void> {
  const { place, coturn } = await setUp(t, { isVerbose: true });
  const ports = place.run('ss', '-Hlntu').matchAll(/^(tcp|udp).* [0-9.]+:([0-9]+) /gm);
  const open = new Set([...ports].map(([, protocol, port]) => `${protocol} ${port}`));
  assert.deepEqual([...open].sort(), ['tcp 3478', 'udp 3478']);
  const { secret } = coturn;
  const good = turnUser('one', secret);
  const refused: readonly (readonly [fault: string, user: User])[] = [
    ['expired', turnUser('one', secret, -1)],
    ['of another secret', turnUser('one', `${secret}!`)],
    ['with another password', { ...good, password: 'guessed' }],
    ['for another time', { ...good, username: `9${good.username}` }],
    ['for another session', { ...good, username: `${good.username}2` }],
    ['without a time', { ...turnUser('one', secret), username: 'one' }],
    ['with no name', { ...good, username: '' }],
  ];
  const peer = ['-e', '10.0.0.7'];
  for (const [fault, user] of refused) {
    assert.equal(await runClient(place, [...asUser(user), ...peer]), 'no allocation', fault);
  }
  assert.equal(await runClient(place, peer), 'no allocation', 'without credentials');
  assert.equal(await runClient(place, [...asUser(good), ...peer]), FORBIDDEN);
  assert.equal(await runClient(place, [...asUser(good), '-T']), NO_TCP);
  assert.equal(
    await runClient(place, [...asUser(good), '-x', '-e', 'fd00::7']),
    UNSUPPORTED_FAMILY,
  );
  assert.equal(await runClient(place, [...asUser(good), '-y', '-m', '2']), 'echoed');
  // A user's new credentials change the expiry in the user name but not the quota. Each client
  // leaves two of the user's thirty allocations open.
  const greedy = (i: number): readonly string[] => asUser(turnUser('greedy', secret, 600 - i));
  for (let i = 0; i < 15; i++) {
    assert.equal(await runClient(place, [...greedy(i), ...peer]), FORBIDDEN, `client ${i}`);
  }
  assert.equal(await runClient(place, [...greedy(15), ...peer]), QUOTA_REACHED);
  const other = asUser(turnUser('other', secret));
  assert.equal(await runClient(place, [...other, ...peer]), FORBIDDEN);
  const told = decodeMessage(Buffer.from(place.run(process.execPath, '-e', BINDING), 'hex'));
  assert.ok(told !== null && told.method === 'binding');
  for (const attribute of [ATTRIBUTE.software, ATTRIBUTE.otherAddress]) {
    assert.equal(valueOf(told, attribute), null);
  }
  await coturn.stop();
  const lifetimes = [...coturn.output().matchAll(/lifetime=([0-9]+)/g)].map(([, s]) => Number(s));
  assert.ok(lifetimes.length >= 18 && lifetimes.every((s) => s <= 600), String(lifetimes));
}

/** Sends a STUN binding request and prints the answer in hexadecimal. */
const BINDING = `
  const socket = require('node:dgram').createSocket('udp4');
  socket.on('message', (bytes) => { console.log(bytes.toString('hex')); socket.close(); });
  const header = Buffer.from('000100002112a442' + '07'.repeat(12), 'hex');
  socket.bind(0, '9.8.0.1', () => socket.send(header, 3478, '${RELAY}'));
`;

// The tests run concurrently, because each has its own network and mostly waits for its clients.
describe('coturn relays only to permitted peers for valid credentials', {
  concurrency: true,
}, () => {
  test(
    'the shipped coturn configuration relays over IPv4 only to the relay itself',
    refusesIpv4Peers,
  );
  test('relays over IPv6 only to the relay itself with any coturn version', refusesIpv6Peers);
  test('reaches forbidden peers if the relay’s deny list is removed', reachesPeersWithoutTheList);
  test(
    'requires valid credentials, limits allocations to ten minutes, relays only UDP',
    acceptsFreshCredentialsOnly,
  );
});
