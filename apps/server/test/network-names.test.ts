import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseIpAddress } from '@farandole/gateway/signal-policy/address';
import { assertDefined } from '@farandole/kernel/assert';
import { isId } from '@farandole/kernel/id';
import type { AnchorHash } from '@farandole/moderation/ids';
import { PROVEN_TOGETHER_MS } from '@farandole/moderation/limits';
import { afterCall, NO_STANDING } from '@farandole/moderation/trust/standing';
import { RENTED_FILE_BYTES_MAX } from '../src/limits.ts';
import { NetworkNames } from '../src/net/network-names.ts';
import { type RentedRanges, readRentedRanges } from '../src/net/rented-ranges.ts';
import { StartError } from '../src/start-error.ts';
import { NetworkAnchor } from '../src/store/network-anchor.ts';
import { temporaryFolder } from './support/test-server.ts';

const ANCHOR = new NetworkAnchor(new Uint8Array(32).fill(7));
const nameIn = (text: string, rented: RentedRanges | null = null) =>
  new NetworkNames(ANCHOR, rented).of(assertDefined(parseIpAddress(text), text));

test('[GW-79] derives network names from IPv4 /24 and /20, and from IPv6 /48', () => {
  const one = nameIn('198.51.96.7');
  assert.deepEqual(nameIn('198.51.96.200'), one);
  const near = nameIn('198.51.111.7');
  assert.ok(one !== undefined && near?.parent === one.parent && near.network !== one.network);
  assert.notEqual(nameIn('198.51.112.7')?.parent, one.parent);
  const six = nameIn('2001:db8:1:200::7');
  assert.deepEqual(nameIn('2001:db8:1:2ff::8'), six);
  // A household has a /56 or a /48, so its addresses mustn't count as several networks.
  assert.deepEqual(nameIn('2001:db8:1:300::7'), six);
  assert.notEqual(nameIn('2001:db8:2:200::7')?.network, six?.network);
});

test('[MO-130a] counts no call between two addresses of one IPv6 /48', () => {
  const names = [1, 2, 3, 4, 5].map((n) => nameIn(`2001:db8:1:${n}00::7`)?.network ?? '');
  let standing = NO_STANDING;
  for (const [at, own] of names.entries()) {
    const other = names[(at + 1) % names.length] ?? '';
    const call = { counts: true, isMutual: true, lastedMs: PROVEN_TOGETHER_MS, endedAtMs: at };
    const networks = { network: own as AnchorHash, otherNetwork: other as AnchorHash };
    standing = afterCall(standing, { ...call, ...networks, withProven: true }, false);
  }
  assert.equal(standing, NO_STANDING);
});

test('[GW-79] gives loopback, private and shared addresses no network name', () => {
  const local = ['127.0.0.1', '10.1.2.3', '192.168.1.7', '172.16.0.1', '100.64.0.1', '::1'];
  for (const text of [...local, 'fd00::7', 'fe80::7']) assert.equal(nameIn(text), undefined, text);
});

test('[MO-137] treats all address ranges in the operator’s file as one network', async (t) => {
  const file = join(await temporaryFolder(t), 'rented.txt');
  await writeFile(file, '# hosting\n198.51.100.0/22  # a company\n\n2001:db8:f::/48\n192.0.2.9\n');
  const rented = await readRentedRanges(file);
  const names = ['198.51.103.255', '2001:db8:f:1::7', '192.0.2.9'].map((text) =>
    nameIn(text, rented),
  );
  assert.equal(new Set(names.map((name) => `${name?.network} ${name?.parent}`)).size, 1);
  // Each network name has the form of an id, because a ticket accepts no other form.
  for (const name of [nameIn('198.51.104.0'), names[0]]) assert.ok(isId(name?.network ?? ''));
  for (const text of ['198.51.104.0', '2001:db8:e::7', '192.0.2.8']) {
    assert.deepEqual(nameIn(text, rented), nameIn(text));
  }
});

test('[MO-137] refuses to start with a missing, oversized or invalid address-range file', async (t) => {
  const folder = await temporaryFolder(t);
  const path = (name: string) => join(folder, name);
  await writeFile(path('wrong'), '192.0.2.0/24\n192.0.2.0/33\n');
  await writeFile(path('large'), '#'.repeat(RENTED_FILE_BYTES_MAX + 1));
  await writeFile(path('largest'), '#'.repeat(RENTED_FILE_BYTES_MAX));
  for (const name of ['missing', 'wrong', 'large']) {
    await assert.rejects(readRentedRanges(path(name)), StartError, name);
  }
  await assert.rejects(readRentedRanges(path('wrong')), /its line 2 is no range/);
  await readRentedRanges(path('largest'));
});
