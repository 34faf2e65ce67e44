import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Place } from '../support/place.ts';
import { ROOT } from '../support/process.ts';
import {
  type ShippedCoturn,
  type ShippedCoturnOptions,
  startShippedCoturn,
  turnUser,
} from '../support/shipped-coturn.ts';
import { FORBIDDEN_IPV4_PEERS, FORBIDDEN_IPV6_PEERS } from './turn-peers.ts';
import type { PeerOutcome, ProbeOrder, ProbeReport } from './turn-probe.ts';
import type { RulesOrder, RulesReport } from './turn-rules-probe.ts';

/** Addresses of the internet at large, as far as this place knows. */
const RELAY = '9.9.9.40';
const RELAY_IPV6 = '2a00:9::40';
const CLIENT = '9.9.8.60';
const PUBLIC_PEERS = ['9.9.9.50', '9.9.8.61'];
const PUBLIC_PEER_IPV6 = '2a00:9::50';

const SERVER = { address: RELAY, port: 3_478 };

const ADDRESS_MISMATCH = 443;
const FORBIDDEN = 403;

interface Stage {
  readonly place: Place;
  readonly coturn: ShippedCoturn;
}

/** A place with a coturn in it that has, as far as it can, every address of the matrix. */
async function setUp(
  t: TestContext,
  options: Omit<ShippedCoturnOptions, 'address'> = {},
): Promise<Stage> {
  const place = await Place.make();
  t.after(() => place.leave());
  for (const address of [RELAY, RELAY_IPV6, CLIENT, ...PUBLIC_PEERS, PUBLIC_PEER_IPV6]) {
    place.addAddress(address);
  }
  for (const { address } of [...FORBIDDEN_IPV4_PEERS, ...FORBIDDEN_IPV6_PEERS]) {
    if (canBeHere(address)) place.addAddress(address);
  }
  const coturn = await startShippedCoturn(place, { address: RELAY, ...options });
  t.after(() => coturn.stop());
  return { place, coturn };
}

/** Not nobody's, not loopback's own, not everybody's, and not IPv4 written as IPv6. */
function canBeHere(address: string): boolean {
  return !/^(?:0\.0\.0\.0|::1?|127\..*|22[4-9]\..*|239\..*|ff0.*|::ffff:[0-9.]+)$/.test(address);
}

async function probePeers(
  { place, coturn }: Stage,
  order: Pick<ProbeOrder, 'family' | 'forbidden' | 'allowed'>,
): Promise<ReadonlyMap<string, PeerOutcome>> {
  const user = turnUser('a-session', coturn.secret);
  const report = (await runProbe(place, 'turn-probe.ts', {
    server: SERVER,
    from: CLIENT,
    user,
    ...order,
  } satisfies ProbeOrder)) as ProbeReport;
  assert.equal(report.allocation, 'done');
  return new Map(report.outcomes.map((outcome) => [outcome.address, outcome]));
}

async function runProbe(place: Place, file: string, order: object): Promise<unknown> {
  const program = place.start(process.execPath, [
    join(import.meta.dirname, file),
    JSON.stringify(order),
  ]);
  const [line] = await program.printed(/^\{.*\}$/m);
  await program.stop();
  return JSON.parse(line);
}

/** Asked by permission and by channel, refused both times, and nothing of what was sent came. */
function assertRefused(
  outcomes: ReadonlyMap<string, PeerOutcome>,
  peers: readonly { readonly address: string; readonly what: string }[],
  code: number,
): void {
  for (const { address, what } of peers) {
    const { permission, channel, heard, echoes } = outcomes.get(address) ?? {};
    assert.deepEqual(
      { permission, channel, heard: heard ?? 0, echoes },
      { permission: code, channel: code, heard: 0, echoes: 0 },
      `${address}: ${what}`,
    );
  }
}

function assertReached(
  outcomes: ReadonlyMap<string, PeerOutcome>,
  addresses: readonly string[],
): void {
  for (const address of addresses) {
    const { permission, channel, heard, echoes } = outcomes.get(address) ?? {};
    const seen = { permission, channel, heard, echoes };
    assert.deepEqual(seen, { permission: 'done', channel: 'done', heard: 2, echoes: 2 }, address);
  }
}

const addressesOf = (peers: readonly { readonly address: string }[]): readonly string[] =>
  peers.map(({ address }) => address);

test('the relay that we ship sends to nobody on the list, and to the public it does', async (t) => {
  const stage = await setUp(t);
  const peers = [...FORBIDDEN_IPV4_PEERS, ...FORBIDDEN_IPV6_PEERS];
  assert.ok(peers.length >= 35);
  const outcomes = await probePeers(stage, {
    family: 4,
    forbidden: addressesOf(peers),
    allowed: PUBLIC_PEERS,
  });
  assertRefused(outcomes, FORBIDDEN_IPV4_PEERS, FORBIDDEN);
  // A relay of IPv4 alone has no way to IPv6, and says so before it looks at its list.
  assertRefused(outcomes, FORBIDDEN_IPV6_PEERS, ADDRESS_MISMATCH);
  assertReached(outcomes, PUBLIC_PEERS);
  const listened = [...outcomes.values()].filter(({ heard }) => heard !== null);
  assert.ok(listened.length >= 80, `somebody listened at only ${listened.length} of the addresses`);
});

test('the list holds for IPv6 too, whatever version of coturn reads it', async (t) => {
  const stage = await setUp(t, { relayAddresses: [RELAY, RELAY_IPV6] });
  const outcomes = await probePeers(stage, {
    family: 6,
    forbidden: addressesOf(FORBIDDEN_IPV6_PEERS),
    allowed: [PUBLIC_PEER_IPV6],
  });
  assertRefused(outcomes, FORBIDDEN_IPV6_PEERS, FORBIDDEN);
  assertReached(outcomes, [PUBLIC_PEER_IPV6]);
});

test('without the list the same questions do reach those who are on it', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'farandole-turn-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const config = join(folder, 'turnserver.conf');
  const shipped = await readFile(join(ROOT, 'deploy', 'turnserver.conf'), 'utf8');
  const kept = shipped.split('\n').filter((line) => !line.startsWith('denied-peer-ip'));
  await writeFile(config, kept.join('\n'));
  const stage = await setUp(t, { config, relayAddresses: [RELAY, RELAY_IPV6] });
  const ipv4 = ['10.0.0.7', '172.16.5.0', '192.168.1.1', '100.100.100.200', '169.254.169.254'];
  const ipv6 = ['fd00::7', 'fc00::1', '64:ff9b::a9fe:a9fe', '2002:a9fe:a9fe::1', 'fec0::1'];
  assertReached(await probePeers(stage, { family: 4, forbidden: [], allowed: ipv4 }), ipv4);
  assertReached(await probePeers(stage, { family: 6, forbidden: [], allowed: ipv6 }), ipv6);
});

test('the relay is for whom a node sent, for a while, by UDP, and opens nothing else', async (t) => {
  const { place, coturn } = await setUp(t);
  const { secret } = coturn;
  const good = turnUser('one', secret);
  const userQuota = 18;
  const report = (await runProbe(place, 'turn-rules-probe.ts', {
    server: SERVER,
    from: CLIENT,
    refusedUsers: {
      expired: turnUser('one', secret, -1),
      'of another secret': turnUser('one', `${secret}!`),
      'with another password': { ...good, password: 'guessed' },
      'for another time': { ...good, username: `9${good.username}` },
      'for another session': { ...good, username: `${good.username}2` },
      'without a time': { ...turnUser('one', secret), username: 'one' },
      'with no name': { ...good, username: '' },
    },
    // A session that asks for fresh credentials has a later time in its name, and is the same.
    sameSession: Array.from({ length: userQuota + 1 }, (_, i) =>
      turnUser('greedy', secret, 600 - i),
    ),
    otherSession: turnUser('other', secret),
  } satisfies RulesOrder)) as RulesReport;
  const { refusedUsers, sameSession, openPorts, tcpConnect, ...rest } = report;
  assert.deepEqual(rest, {
    withoutCredentials: 401,
    tcpRelay: 442,
    ipv6: 440,
    hourAsked: [600, 600],
    otherSession: 'done',
    relayToRelay: true,
    tellsSoftware: false,
    tellsOtherAddress: false,
  });
  assert.notEqual(tcpConnect, 'done');
  for (const [fault, answer] of Object.entries(refusedUsers)) assert.equal(answer, 401, fault);
  assert.equal(Object.keys(refusedUsers).length, 7);
  assert.deepEqual(sameSession, [...Array.from({ length: userQuota }, () => 'done'), 486]);
  assert.deepEqual(openPorts, ['tcp 3478', 'udp 3478']);
});
