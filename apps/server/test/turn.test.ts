import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { parseIpAddress } from '@farandole/gateway/signal-policy/address';
import { brandId, isId, type SessionId } from '@farandole/kernel/id';
import type { RelayMode } from '@farandole/protocol/http-api';
import {
  TURN_CREDENTIAL_LIFETIME_S,
  TURN_RESOLVE_EVERY_MS,
  TURN_RESOLVE_RETRY_MS,
  TURN_USERS_PER_NETWORK,
} from '../src/limits.ts';
import { MachineNetwork } from '../src/net/network-facts.ts';
import { IceIssuer, type IceSettings } from '../src/net/turn-credentials.ts';
import { parseTurnUrl, stunUrlOf, type TurnUrl } from '../src/net/turn-url.ts';
import type { LogEvent } from '../src/observe/log.ts';
import { NetworkAnchor } from '../src/store/network-anchor.ts';

const NOW = 1_800_000_000_500;
const SESSION = brandId<SessionId>('Hm7tR2vXk0aLw9ZcE1ybHg');
const ADDRESS = '198.51.100.7';

function urls(...texts: string[]): TurnUrl[] {
  return texts.map((text) => {
    const url = parseTurnUrl(text);
    assert.ok(url !== null, text);
    return url;
  });
}

const TURN = urls(
  'turn:turn.example.org:3478?transport=udp',
  'turn:turn.example.org:3478?transport=tcp',
  'turns:turn.example.org:443?transport=tcp',
);

const RELAYED: IceSettings = { relay: 'until-consent', turnUrls: TURN, turnSecret: 'secret' };
const STUN = [{ urls: ['stun:turn.example.org:3478'] }];

/** An issuer of credentials with a budget that the test empties. */
class Issuing {
  waitMs = 0;
  readonly taken: string[] = [];
  readonly issuer: IceIssuer;

  constructor(settings: IceSettings, subjectKey = new Uint8Array(32)) {
    this.issuer = new IceIssuer({
      settings,
      networks: new NetworkAnchor(subjectKey, 'farandole relay networks 1'),
      budget: {
        take: (address) => {
          this.taken.push(address);
          return this.waitMs;
        },
        release: () => assert.fail('credentials are not given back'),
      },
      machineMs: () => NOW,
    });
  }

  userOf(session: string, address: string): string {
    const { iceServers } = this.issuer.of(brandId<SessionId>(session), address);
    const [, user = ''] = iceServers.at(-1)?.username?.split(':') ?? [];
    return user;
  }
}

test('[PR-81a] makes TURN REST API credentials for ten minutes', () => {
  assert.ok(TURN_CREDENTIAL_LIFETIME_S <= 600);
  const { issuer } = new Issuing({ ...RELAYED, relay: 'always' });
  const { iceServers, expiresInMs } = issuer.of(SESSION, ADDRESS);
  assert.equal(expiresInMs, TURN_CREDENTIAL_LIFETIME_S * 1_000);
  const [{ username = '', ...server } = { urls: [] }] = iceServers;
  assert.match(username, /^1800000600:[A-Za-z0-9_-]{16}-[0-9]{1,2}$/);
  assert.deepEqual(server, {
    urls: TURN.map(({ url }) => url),
    credential: createHmac('sha1', 'secret').update(username).digest('base64'),
  });
  assert.deepEqual(issuer.renew(SESSION, ADDRESS), { iceServers, expiresInMs });
});

test('[PR-81a] derives TURN user names from the network’s keyed hash and the session', () => {
  const issuing = new Issuing(RELAYED);
  const partless = (session: string, address: string): string =>
    issuing.userOf(session, address).replace(/-[0-9]+$/, '');
  const network = partless(SESSION, ADDRESS);
  assert.equal(partless(SESSION, '198.51.100.255'), network);
  assert.notEqual(partless(SESSION, '198.51.101.7'), network);
  assert.equal(partless(SESSION, '2001:db8:7:1::1'), partless(SESSION, '2001:db8:7:ffff::1'));
  assert.notEqual(partless(SESSION, '2001:db8:7::1'), partless(SESSION, '2001:db8:8::1'));
  assert.ok(!network.includes('198'));
  const stored = new NetworkAnchor(new Uint8Array(32));
  const ipv4 = parseIpAddress(ADDRESS);
  assert.ok(ipv4 !== null && !stored.of(ipv4, 24).startsWith(network));
  const otherServer = new Issuing(RELAYED, new Uint8Array(32).fill(1));
  assert.notEqual(otherServer.userOf(SESSION, ADDRESS), issuing.userOf(SESSION, ADDRESS));

  const users = new Map<string, number>();
  for (let byte = 0; byte < 256; byte++) {
    const session = Buffer.alloc(16, byte).toString('base64url');
    const user = issuing.userOf(session, ADDRESS);
    assert.equal(issuing.userOf(session, ADDRESS), user);
    users.set(user, (users.get(user) ?? 0) + 1);
  }
  assert.equal(users.size, TURN_USERS_PER_NETWORK);
  assert.ok([...users.values()].every((count) => count === 256 / TURN_USERS_PER_NETWORK));
});

test('[PR-81b] issues no TURN credentials above the budget of the network', () => {
  const issuing = new Issuing(RELAYED);
  const { issuer, taken } = issuing;
  issuing.waitMs = 2_500.5;
  assert.deepEqual(issuer.of(SESSION, ADDRESS), { iceServers: STUN, expiresInMs: 2_501 });
  assert.deepEqual(issuer.renew(SESSION, ADDRESS), { waitMs: 2_500.5 });
  assert.deepEqual(taken, [ADDRESS, ADDRESS]);
  issuing.waitMs = 86_400_000;
  assert.equal(issuer.of(SESSION, ADDRESS).expiresInMs, TURN_CREDENTIAL_LIFETIME_S * 1_000);
  const always = new Issuing({ ...RELAYED, relay: 'always' });
  always.waitMs = 1;
  assert.deepEqual(always.issuer.of(SESSION, ADDRESS), { iceServers: [], expiresInMs: 1 });
  // Without a relay, the issuer makes no credentials and uses no budget.
  const direct = new Issuing({ relay: 'direct', turnUrls: TURN, turnSecret: null });
  direct.waitMs = 1;
  assert.deepEqual(direct.issuer.of(SESSION, ADDRESS).iceServers, STUN);
  assert.deepEqual(direct.taken, []);
});

test("offers the operator's STUN server only where direct connections are allowed", () => {
  const stunOf = (relay: RelayMode, turnSecret: string | null): unknown =>
    new Issuing({ relay, turnUrls: TURN, turnSecret }).issuer
      .of(SESSION, ADDRESS)
      .iceServers.filter(({ username }) => username === undefined);
  assert.deepEqual(stunOf('direct', null), STUN);
  assert.deepEqual(stunOf('fallback', 'secret'), STUN);
  assert.deepEqual(stunOf('until-consent', 'secret'), STUN);
  assert.deepEqual(stunOf('always', 'secret'), []);
  const none = new Issuing({ relay: 'direct', turnUrls: [], turnSecret: null });
  assert.deepEqual(none.issuer.of(SESSION, ADDRESS).iceServers, []);
});

test('parses relay addresses as RFC 7065 defines them', () => {
  assert.deepEqual(parseTurnUrl('turns:[2001:db8::1]:443?transport=tcp'), {
    url: 'turns:[2001:db8::1]:443?transport=tcp',
    scheme: 'turns',
    host: '2001:db8::1',
    port: 443,
    transport: 'tcp',
  });
  assert.deepEqual(urls('turn:a').map(stunUrlOf), ['stun:a']);
  assert.deepEqual(urls('turn:[::1]:5').map(stunUrlOf), ['stun:[::1]:5']);
  assert.deepEqual(urls('turns:a', 'turn:a?transport=tcp').map(stunUrlOf), [null, null]);
  for (const text of [
    '',
    'turn:',
    'stun:a',
    'turn://a',
    'turn:a:65536',
    'turn:a:0',
    'turn:a?transport=dtls',
    'turn:[1.2.3]',
    'turn:2001:db8::1',
    'turn:a b',
    'turn:-a',
    'turn:u:p@a',
    'TURN:a',
  ]) {
    assert.equal(parseTurnUrl(text), null, text);
  }
});

test("uses the configured relay addresses, or resolves them from the relay's names", async () => {
  const events: LogEvent[] = [];
  const log = (event: LogEvent): void => void events.push(event);
  const asked: string[] = [];
  let addresses: readonly string[] | null = ['203.0.113.7'];
  const resolve = async (name: string): Promise<readonly string[]> => {
    asked.push(name);
    if (addresses === null) throw new Error('no such name');
    return addresses;
  };
  const at = (monotonicMs: number) => ({ monotonicMs, wallMs: 0 });

  const listed = new MachineNetwork(['203.0.113.9'], TURN, log, resolve);
  await listed.tick(at(0));
  assert.deepEqual(listed.relayAddresses(), ['203.0.113.9']);
  assert.deepEqual(asked, [], 'what is listed is not resolved');

  const named = new MachineNetwork(null, [...TURN, ...urls('turn:203.0.113.1')], log, resolve);
  assert.deepEqual(named.relayAddresses(), ['203.0.113.1']);
  await named.tick(at(0));
  assert.deepEqual(named.relayAddresses(), ['203.0.113.1', '203.0.113.7']);
  assert.deepEqual(asked, ['turn.example.org'], 'each name once');
  await named.tick(at(TURN_RESOLVE_EVERY_MS - 1));
  assert.equal(asked.length, 1);

  addresses = ['203.0.113.8', '2001:db8::8'];
  await named.tick(at(TURN_RESOLVE_EVERY_MS));
  assert.deepEqual(named.relayAddresses(), ['203.0.113.1', '203.0.113.8', '2001:db8::8']);

  // If a relay's name can't be resolved, the previous addresses stay, and the node soon retries.
  addresses = null;
  await named.tick(at(2 * TURN_RESOLVE_EVERY_MS));
  assert.deepEqual(named.relayAddresses(), ['203.0.113.1', '203.0.113.8', '2001:db8::8']);
  assert.deepEqual(events, [{ event: 'relay-unresolved', names: 1 }]);
  await named.tick(at(2 * TURN_RESOLVE_EVERY_MS + TURN_RESOLVE_RETRY_MS - 1));
  assert.equal(asked.length, 3);
  await named.tick(at(2 * TURN_RESOLVE_EVERY_MS + TURN_RESOLVE_RETRY_MS));
  assert.equal(asked.length, 4);
});

test("reads this machine's addresses on each call, without zone suffixes", () => {
  const network = new MachineNetwork(null, [], () => {});
  assert.equal(network.keptApart('198.51.100.7'), null, 'people of one network may meet');
  assert.ok(network.localAddresses().includes('127.0.0.1'));
  assert.ok(network.localAddresses().every((address) => !address.includes('%')));
  assert.deepEqual(network.relayAddresses(), []);
});

test('[MM-28] never matches users of one network and never discloses the network', () => {
  const anchor = new NetworkAnchor(new Uint8Array(32));
  const network = new MachineNetwork(null, [], () => {}, undefined, anchor);
  const of = (address: string) => network.keptApart(address);
  const name = of('198.51.100.7');
  assert.ok(name !== null && isId(name) && !name.includes('198'));
  assert.equal(of('198.51.100.255'), name);
  assert.notEqual(of('198.51.101.7'), name);
  assert.equal(of('2001:db8:0:aa00::1'), of('2001:db8:0:aaff::1'));
  assert.notEqual(of('2001:db8:0:aa00::1'), of('2001:db8:0:ab00::1'));
  for (const here of ['127.0.0.1', '::1', 'no address']) assert.equal(of(here), null);
});
