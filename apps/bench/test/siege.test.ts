import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeClientMessage } from '@farandole/protocol/codec';
import { hostileSearch } from '../src/load/siege/hostile-search.ts';
import {
  elsewhere,
  SIEGE_NETWORKS,
  type SiegeNetwork,
  siegeAddress,
} from '../src/load/siege/siege-network.ts';

/** Returns the /24 of an IPv4 address, and the /48 of an IPv6 address with all its groups. */
const rangeOf = (address: string): string => address.split(/[.:]/).slice(0, 3).join();

test('attacks from one address, one /24 and one /48', () => {
  const addresses = (network: SiegeNetwork): readonly string[] =>
    Array.from({ length: 1_000 }, (_, index) => siegeAddress(network, index));
  const counts = SIEGE_NETWORKS.map((network) => new Set(addresses(network)).size);
  assert.deepEqual(counts, [1, 254, 1_000]);
  for (const network of SIEGE_NETWORKS) {
    assert.equal(new Set(addresses(network).map(rangeOf)).size, 1, network);
  }
});

test('gives every user except the attacker a separate network', () => {
  const others = Array.from({ length: 20 }, (_, index) => elsewhere(index)).flat();
  const hostile = [siegeAddress('slash24', 0), siegeAddress('slash48', 0)];
  const networks = [...others, ...hostile].map(rangeOf);
  assert.equal(new Set(networks).size, networks.length);
});

test('sends hostile searches of 10 to 13 KB that the decoder accepts', () => {
  for (const index of [0, 1]) {
    const text = hostileSearch(index, 7);
    const bytes = Buffer.byteLength(text);
    assert.ok(bytes >= 10_000 && bytes <= 13_000, `${bytes} bytes`);
    assert.equal(decodeClientMessage(text, bytes).ok, true);
  }
});
