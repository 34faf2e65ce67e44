import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { brandId, isId, type SessionId } from '@farandole/kernel/id';
import type { RelayMode } from '@farandole/protocol/http-api';
import {
  TURN_CREDENTIAL_LIFETIME_S,
  TURN_RESOLVE_EVERY_MS,
  TURN_RESOLVE_RETRY_MS,
} from '../src/limits.ts';
import { MachineNetwork } from '../src/net/network-facts.ts';
import { iceServersFor } from '../src/net/turn-credentials.ts';
import { parseTurnUrl, stunUrlOf, type TurnUrl } from '../src/net/turn-url.ts';
import type { LogEvent } from '../src/observe/log.ts';
import { NetworkAnchor } from '../src/store/network-anchor.ts';

const NOW = 1_800_000_000_500;
const SESSION = brandId<SessionId>('session-1');

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

test('makes TURN REST API credentials for one session and ten minutes', () => {
  assert.ok(TURN_CREDENTIAL_LIFETIME_S <= 600);
  const settings = { relay: 'always', turnUrls: TURN, turnSecret: 'secret' } as const;
  const { iceServers, expiresInMs } = iceServersFor(settings, SESSION, NOW);
  assert.equal(expiresInMs, TURN_CREDENTIAL_LIFETIME_S * 1_000);
  assert.deepEqual(iceServers, [
    {
      urls: TURN.map(({ url }) => url),
      username: '1800000600:session-1',
      credential: createHmac('sha1', 'secret').update('1800000600:session-1').digest('base64'),
    },
  ]);
});

test("offers the operator's STUN server only where direct connections are allowed", () => {
  const stunOf = (relay: RelayMode, turnSecret: string | null): unknown =>
    iceServersFor({ relay, turnUrls: TURN, turnSecret }, SESSION, NOW).iceServers.filter(
      ({ username }) => username === undefined,
    );
  const stun = [{ urls: ['stun:turn.example.org:3478'] }];
  assert.deepEqual(stunOf('direct', null), stun);
  assert.deepEqual(stunOf('fallback', 'secret'), stun);
  assert.deepEqual(stunOf('until-consent', 'secret'), stun);
  assert.deepEqual(stunOf('always', 'secret'), []);
  const none = iceServersFor({ relay: 'direct', turnUrls: [], turnSecret: null }, SESSION, NOW);
  assert.deepEqual(none.iceServers, []);
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
