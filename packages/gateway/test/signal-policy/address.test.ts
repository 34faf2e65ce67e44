import assert from 'node:assert/strict';
import { isIP, isIPv4 } from 'node:net';
import { test } from 'node:test';
import { canonicalAddresses, parseIpAddress } from '@farandole/gateway/signal-policy/address';
import { classifyAddress } from '@farandole/gateway/signal-policy/address-kind';
import fc from 'fast-check';

const canonical = (text: string): string | null => parseIpAddress(text)?.text ?? null;

test('[SP-1] accepts only four decimal numbers as an IPv4 address', () => {
  assert.deepEqual(parseIpAddress('192.0.2.1'), {
    family: 4,
    words: [0xc000, 0x0201],
    text: '192.0.2.1',
  });
  assert.equal(canonical('255.255.255.255'), '255.255.255.255');
  const refused = ['127.1', '2130706433', '0x7f000001', '0x7f.0.0.1', '0177.0.0.1', '127.0.0.01'];
  refused.push('256.0.0.1', '1.2.3', '1.2.3.4.5', '1.2.3.', '.1.2.3', ' 1.2.3.4', '1.2.3.4 ', '');
  refused.push('1.2.3.4:80', '1.2.3.-4', '1.2.3.4%eth0', '１.2.3.4', '1e1.2.3.4');
  for (const text of refused) assert.equal(parseIpAddress(text), null, text);
});

test('[SP-1] writes any IPv6 address in RFC 5952 form', () => {
  const cases: readonly (readonly [came: string, written: string])[] = [
    ['::', '::'],
    ['::1', '::1'],
    ['0:0:0:0:0:0:0:1', '::1'],
    ['1::', '1::'],
    ['2001:DB8::1', '2001:db8::1'],
    ['2001:0db8:0000:0000:0001:0000:0000:0001', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:db8::1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
  ];
  for (const [came, written] of cases) assert.equal(canonical(came), written, came);
  const refused = [':', ':::', '1', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8:9', '1:2:3:4:5:6:7:8::'];
  refused.push(
    '::1::',
    '1::2::3',
    '12345::',
    'g::',
    '[::1]',
    '::1%lo',
    'fe80::1%25eth0',
    '::1/128',
  );
  refused.push('192.0.2.1::', '::192.0.2.1:1', '::1.2.3', '::01.2.3.4', ':1:2:3:4:5:6:7', '::-1');
  for (const text of refused) assert.equal(parseIpAddress(text), null, text);
});

test('[SP-1] turns IPv4-mapped IPv6 addresses into IPv4', () => {
  for (const text of ['::ffff:192.0.2.1', '::FFFF:c000:0201', '0:0:0:0:0:ffff:192.0.2.1']) {
    assert.equal(canonical(text), '192.0.2.1', text);
    assert.equal(parseIpAddress(text)?.family, 4);
  }
  assert.equal(canonical('::192.0.2.1'), '::c000:201', 'the deprecated compatible form is not');
  assert.equal(canonical('::1:ffff:192.0.2.1'), '::1:ffff:c000:201', 'nor one with more before it');
  assert.equal(canonical('::ffff:0:192.0.2.1'), '::ffff:0:c000:201', 'nor is the translated one');
});

test('[SP-1] drops invalid addresses from a list', () => {
  assert.deepEqual(
    [...canonicalAddresses(['::ffff:127.0.0.1', '127.0.0.1', 'fe80::1%eth0', 'host', '::01'])],
    ['127.0.0.1', '::1'],
  );
});

/** Generates a valid address, an almost valid one, or a damaged one. */
const addressLike = fc.oneof(
  fc.ipV4(),
  fc.ipV4Extended(),
  fc.ipV6(),
  fc.string({ unit: fc.constantFrom(...'0123456789abcdefF:::...%[]'.split('')), maxLength: 45 }),
  fc
    .tuple(fc.ipV6(), fc.nat(45), fc.constantFrom(':', '.', '0', 'g', ''))
    .map(([text, at, put]) => text.slice(0, at) + put + text.slice(at + 1)),
);

test('[SP-1] address parsing agrees with Node and the URL standard', () => {
  let addresses = 0;
  fc.assert(
    fc.property(addressLike, (text) => {
      const parsed = parseIpAddress(text);
      assert.equal(parsed !== null, isIP(text) !== 0 && !text.includes('%'), text);
      if (parsed === null) return;
      addresses += 1;
      assert.equal(canonical(parsed.text), parsed.text, 'writing again changes nothing');
      if (isIPv4(text)) return assert.equal(parsed.text, text);
      const written = parsed.family === 4 ? `::ffff:${parsed.text}` : parsed.text;
      const expected = new URL(`http://[${text}]`).hostname;
      assert.equal(new URL(`http://[${written}]`).hostname, expected);
      if (parsed.family === 6) assert.equal(`[${parsed.text}]`, expected);
    }),
    { numRuns: 5_000 },
  );
  assert.ok(addresses > 1_000, `only ${addresses} of the texts were addresses`);
});

const kind = (text: string): string => {
  const address = parseIpAddress(text);
  assert.ok(address !== null, text);
  return classifyAddress(address);
};

test('[SP-2] classifies the first and last address of every special block', () => {
  const blocks: readonly (readonly [kind: string, first: string, last: string])[] = [
    ['unspecified', '0.0.0.0', '0.255.255.255'],
    ['private', '10.0.0.0', '10.255.255.255'],
    ['shared', '100.64.0.0', '100.127.255.255'],
    ['loopback', '127.0.0.0', '127.255.255.255'],
    ['link-local', '169.254.0.0', '169.254.255.255'],
    ['private', '172.16.0.0', '172.31.255.255'],
    ['reserved', '192.0.0.0', '192.0.0.255'],
    ['documentation', '192.0.2.0', '192.0.2.255'],
    ['service', '192.31.196.0', '192.31.196.255'],
    ['service', '192.52.193.0', '192.52.193.255'],
    ['service', '192.88.99.0', '192.88.99.255'],
    ['private', '192.168.0.0', '192.168.255.255'],
    ['service', '192.175.48.0', '192.175.48.255'],
    ['benchmarking', '198.18.0.0', '198.19.255.255'],
    ['documentation', '198.51.100.0', '198.51.100.255'],
    ['documentation', '203.0.113.0', '203.0.113.255'],
    ['multicast', '224.0.0.0', '239.255.255.255'],
    ['reserved', '240.0.0.0', '255.255.255.255'],
    ['unspecified', '::', '::'],
    ['loopback', '::1', '::1'],
    ['translated', '64:ff9b::', '64:ff9b::255.255.255.255'],
    ['translated', '64:ff9b:1::', '64:ff9b:1:ffff:ffff:ffff:ffff:ffff'],
    ['reserved', '2001::', '2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff'],
    ['documentation', '2001:db8::', '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff'],
    ['translated', '2002::', '2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
    ['service', '2620:4f:8000::', '2620:4f:8000:ffff:ffff:ffff:ffff:ffff'],
    ['documentation', '3fff::', '3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff'],
    ['private', 'fc00::', 'fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
    ['link-local', 'fe80::', 'febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
    ['multicast', 'ff00::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ];
  for (const [expected, first, last] of blocks) {
    assert.equal(kind(first), expected, first);
    assert.equal(kind(last), expected, last);
  }
  const neighbours = ['1.0.0.0', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0'];
  neighbours.push('126.255.255.255', '128.0.0.0', '169.253.255.255', '169.255.0.0');
  neighbours.push('172.15.255.255', '172.32.0.0', '191.255.255.255', '192.0.1.0', '192.0.3.0');
  neighbours.push('192.31.195.255', '192.31.197.0', '192.88.98.255', '192.88.100.0');
  neighbours.push('192.167.255.255', '192.169.0.0', '198.17.255.255', '198.20.0.0');
  neighbours.push('198.51.99.255', '198.51.101.0', '203.0.112.255', '203.0.114.0');
  neighbours.push('223.255.255.255', '2001:200::', '2001:db7:ffff::', '2001:db9::', '2003::');
  neighbours.push('2000::', '2620:4f:7fff::1', '2620:4f:8001::', '3ffe::', '3fff:1000::');
  for (const text of neighbours) assert.equal(kind(text), 'global', text);
});

test('[SP-2] treats no IPv6 address outside 2000::/3 as global', () => {
  const texts = ['::7f00:1', '::2', '64:ff9a::1', '64:ff9b:2::1', '100::1', '1fff::1', '4000::1'];
  texts.push('5f00::1', 'fbff::1', 'fe00::1', 'fec0::1');
  for (const text of texts) assert.equal(kind(text), 'reserved', text);
});

test('[SP-2] classifies an address the same in every notation', () => {
  assert.equal(kind('::ffff:127.0.0.1'), 'loopback');
  assert.equal(kind('::ffff:169.254.169.254'), 'link-local');
  assert.equal(kind('::ffff:a9fe:a9fe'), 'link-local');
  assert.equal(kind('64:ff9b::7f00:1'), 'translated');
  assert.equal(kind('2002:7f00:1::'), 'translated');
  assert.equal(kind('::ffff:9.9.9.9'), 'global');
});
