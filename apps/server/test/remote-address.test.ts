import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseIpAddress } from '@farandole/gateway/signal-policy/address';
import fc from 'fast-check';
import {
  type AddressRange,
  isInRange,
  isLoopback,
  networkOf,
  parseAddressRange,
} from '../src/net/address-range.ts';
import { FORWARDING_HEADERS, placeOf, type RemoteAddress } from '../src/net/remote-address.ts';

function range(text: string): AddressRange {
  const parsed = parseAddressRange(text);
  assert.ok(parsed !== null, text);
  return parsed;
}

function address(text: string): NonNullable<ReturnType<typeof parseIpAddress>> {
  const parsed = parseIpAddress(text);
  assert.ok(parsed !== null, text);
  return parsed;
}

function place(
  peer: string,
  headers: Readonly<Record<string, string>>,
  proxies: readonly string[] = [],
): RemoteAddress {
  const found = placeOf({ headers, socket: { remoteAddress: peer } }, proxies.map(range));
  assert.ok(found !== null);
  return found;
}

const PROXIES = ['127.0.0.1', '10.0.0.0/8'];

test('reads forwarding headers only from listed proxies, from right to left', () => {
  const matrix: readonly [peer: string, forwardedFor: string | null, address: string][] = [
    // The server ignores forwarding headers of a peer that isn't a listed proxy.
    ['203.0.113.5', '198.51.100.1', '203.0.113.5'],
    ['203.0.113.5', '127.0.0.1', '203.0.113.5'],
    ['192.168.0.1', '127.0.0.1, 10.0.0.1', '192.168.0.1'],
    ['::1', '198.51.100.1', '::1'],
    // In a listed proxy's header, the server trusts only the address that the proxy itself added.
    ['127.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['127.0.0.1', 'evil, 198.51.100.1', '198.51.100.1'],
    ['127.0.0.1', '127.0.0.1, 198.51.100.1', '198.51.100.1'],
    ['127.0.0.1', '203.0.113.9, 198.51.100.1, 10.1.2.3', '198.51.100.1'],
    ['127.0.0.1', '198.51.100.1, not-an-address', '127.0.0.1'],
    ['127.0.0.1', '198.51.100.1, not-an-address, 10.0.0.7', '10.0.0.7'],
    ['127.0.0.1', '198.51.100.1:1234', '198.51.100.1'],
    ['127.0.0.1', '[2001:db8::1]:1234', '2001:db8::1'],
    ['127.0.0.1', '[2001:db8::1]', '2001:db8::1'],
    ['127.0.0.1', '203.0.113.9:1, 198.51.100.1:65535, 10.1.2.3:80', '198.51.100.1'],
    ['127.0.0.1', '"198.51.100.1"', '198.51.100.1'],
    ['127.0.0.1', '"198.51.100.1:4711"', '198.51.100.1'],
    ['127.0.0.1', '"[2001:db8::1]:443"', '2001:db8::1'],
    ['127.0.0.1', '203.0.113.9, "[2001:db8::1]:443" , 10.1.2.3', '2001:db8::1'],
    ['127.0.0.1', '"198.51.100.1', '127.0.0.1'],
    ['127.0.0.1', '198.51.100.1"', '127.0.0.1'],
    ['127.0.0.1', '""198.51.100.1""', '127.0.0.1'],
    ['127.0.0.1', '[2001:db8::1]443', '127.0.0.1'],
    ['127.0.0.1', '2001:db8::1:443', '2001:db8::1:443'],
    ['127.0.0.1', '198.51.100.1:', '127.0.0.1'],
    ['127.0.0.1', '[198.51.100.1', '127.0.0.1'],
    ['127.0.0.1', '', '127.0.0.1'],
    ['127.0.0.1', ',,,', '127.0.0.1'],
    ['127.0.0.1', null, '127.0.0.1'],
    ['::ffff:127.0.0.1', '2001:DB8:0:0::1', '2001:db8::1'],
    ['10.9.9.9', '::ffff:198.51.100.1', '198.51.100.1'],
    ['fe80::1%eth0', '198.51.100.1', 'fe80::1'],
  ];
  for (const [peer, forwardedFor, expected] of matrix) {
    const headers = forwardedFor === null ? {} : { 'x-forwarded-for': forwardedFor };
    const found = place(peer, headers, PROXIES);
    assert.equal(found.address.text, expected, `${peer} for ${forwardedFor}`);
  }
});

test("believes only the last protocol in a listed proxy's header", () => {
  assert.equal(place('127.0.0.1', { 'x-forwarded-proto': 'https' }, PROXIES).isTls, true);
  assert.equal(place('127.0.0.1', { 'x-forwarded-proto': 'http, HTTPS' }, PROXIES).isTls, true);
  assert.equal(place('127.0.0.1', { 'x-forwarded-proto': 'https, http' }, PROXIES).isTls, false);
  assert.equal(place('127.0.0.1', {}, PROXIES).isTls, false);
  assert.equal(place('203.0.113.5', { 'x-forwarded-proto': 'https' }, PROXIES).isTls, false);
  assert.equal(place('127.0.0.1', { 'x-forwarded-proto': 'https' }).isTls, false);
});

test('treats a loopback peer without forwarding headers as local', () => {
  assert.equal(place('127.0.0.1', {}).isLocal, true);
  assert.equal(place('127.9.9.9', {}).isLocal, true);
  assert.equal(place('::1', {}).isLocal, true);
  assert.equal(place('::ffff:127.0.0.1', {}).isLocal, true);
  assert.equal(place('192.168.0.1', {}).isLocal, false);
  for (const header of FORWARDING_HEADERS) {
    const unlisted = place('127.0.0.1', { [header]: '127.0.0.1' });
    assert.equal(unlisted.isLocal, false, header);
    assert.equal(unlisted.hasUnlistedHeader, true, header);
    const listed = place('127.0.0.1', { [header]: '127.0.0.1' }, PROXIES);
    assert.equal(listed.isLocal, false, header);
    assert.equal(listed.hasUnlistedHeader, false, header);
  }
});

test('returns null as the address of a closed socket', () => {
  assert.equal(placeOf({ headers: {}, socket: { remoteAddress: undefined } }, []), null);
});

test("matches addresses that share an address range's first bits", () => {
  const holds: readonly [range: string, address: string, isIn: boolean][] = [
    ['10.0.0.0/8', '10.255.255.255', true],
    ['10.0.0.0/8', '11.0.0.0', false],
    ['10.20.30.40', '10.20.30.40', true],
    ['10.20.30.40', '10.20.30.41', false],
    ['192.168.1.128/25', '192.168.1.127', false],
    ['192.168.1.128/25', '192.168.1.128', true],
    ['0.0.0.0/0', '203.0.113.1', true],
    ['0.0.0.0/0', '::1', false],
    ['fd00::/8', 'fdff::1', true],
    ['fd00::/8', 'fc00::1', false],
    ['2001:db8::/33', '2001:db8:8000::', false],
    ['2001:db8::/33', '2001:db8:7fff::1', true],
    ['::/0', '2001:db8::1', true],
    ['::ffff:10.0.0.1', '10.0.0.1', true],
  ];
  for (const [text, inner, isIn] of holds) {
    assert.equal(isInRange(address(inner), range(text)), isIn, `${inner} in ${text}`);
  }
  for (const text of ['10.0.0.0/', '10.0.0.0/08', '10.0.0.0/-1', '10.0.0.0/8/8', '/8', '::/129']) {
    assert.equal(parseAddressRange(text), null, text);
  }
});

test('agrees with integer arithmetic on which addresses an IPv4 range contains', () => {
  const word = fc.integer({ min: 0, max: 2 ** 32 - 1 });
  const dotted = (n: number): string =>
    [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255].join('.');
  fc.assert(
    fc.property(word, word, fc.integer({ min: 0, max: 32 }), (a, b, bits) => {
      const size = 2 ** (32 - bits);
      const expected = Math.floor(a / size) === Math.floor(b / size);
      assert.equal(isInRange(address(dotted(a)), range(`${dotted(b)}/${bits}`)), expected);
    }),
  );
});

test('groups networks by /24 of IPv4 and /56 of IPv6', () => {
  const same = (a: string, b: string): boolean => networkOf(address(a)) === networkOf(address(b));
  assert.ok(same('198.51.100.1', '198.51.100.254'));
  assert.ok(!same('198.51.100.1', '198.51.101.1'));
  assert.ok(same('2001:db8:1:ff00::1', '2001:db8:1:ffff:1::'));
  assert.ok(!same('2001:db8:1:fe00::1', '2001:db8:1:ff00::1'));
  assert.ok(same('::ffff:198.51.100.1', '198.51.100.2'));
  assert.ok(isLoopback(address('127.0.0.2')) && !isLoopback(address('::2')));
});
