import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canaryAddresses, hostileAddress, sourceAddress } from '../src/load/addresses.ts';
import { ATTACK_NAMES, ATTACKS, dealAttacks } from '../src/load/hostile/attacks.ts';
import { unexpectedLines } from '../src/scenarios/hostile-log.ts';

const networkOf = (address: string): string => address.slice(0, address.lastIndexOf('.'));

test('gives each attacker and each pair of measuring clients a separate network', () => {
  const hostile = Array.from({ length: 16_384 }, (_, index) => networkOf(hostileAddress(index)));
  assert.equal(new Set(hostile).size, hostile.length);
  const others = new Set(
    Array.from({ length: 20_000 }, (_, index) => networkOf(sourceAddress(index))),
  );
  const canaries = Array.from({ length: 16 }, (_, index) => canaryAddresses(index)).flat();
  for (const network of canaries.map(networkOf)) {
    assert.ok(!others.has(network) && !hostile.includes(network), network);
  }
  assert.ok(!hostile.some((network) => others.has(network)));
});

test('assigns attack kinds to attackers by weight; starts each kind early', () => {
  const total = ATTACK_NAMES.reduce((sum, name) => sum + ATTACKS[name].weight, 0);
  const dealt = dealAttacks(total);
  for (const name of ATTACK_NAMES) {
    assert.equal(dealt.filter((one) => one === name).length, ATTACKS[name].weight, name);
  }
  assert.deepEqual(new Set(dealt.slice(0, 100)), new Set(ATTACK_NAMES));
});

test('reports only the unexpected log lines of a server under attack', () => {
  const expected = [
    'Farandole is at http://localhost:8080',
    'No members yet: become the first member at http://localhost:8080/console#link=x',
    '{"level":"info","time":"2026-01-01T00:00:00.000Z","event":"session-opened"}',
    '',
  ];
  assert.deepEqual(unexpectedLines(expected.join('\n')), []);
  for (const line of [
    '{"level":"error","event":"request-failed"}',
    '{"level":"fatal","event":"crashed"}',
    '(node:1) MaxListenersExceededWarning: Possible memory leak',
    '{"level":"info"}',
    'null',
  ]) {
    assert.deepEqual(unexpectedLines([...expected, line].join('\n')), [line]);
  }
});
