import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { CLOSES } from '@farandole/protocol/close-codes';
import { canaryAddresses, hostileAddress, sourceAddress } from '../src/load/addresses.ts';
import { CanaryPair, type CanaryRound, inCanaryFigures } from '../src/load/canary.ts';
import { startContender } from '../src/load/contender.ts';
import { ATTACK_NAMES, ATTACKS, dealAttacks } from '../src/load/hostile/attacks.ts';
import { HostileFleet } from '../src/load/hostile/hostile-fleet.ts';
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

test('delivers all chat lines of the measuring clients under each attack kind', async (t) => {
  const contender = await startContender('ours');
  t.after(() => contender.stop());
  const canaries = await CanaryPair.startAll(contender.port, 2);
  const hostiles = new HostileFleet();
  t.after(() => hostiles.stop());
  const quietRounds = await takeSome(canaries, 2);
  await hostiles.strike(contender.port, 120, 50);
  let harm = await hostiles.harm();
  const sawEach = (): boolean =>
    (['malformed', 'too-large', 'too-fast'] as const).every(
      (reason) => (harm.closes[`closed with ${CLOSES[reason].code} ${reason}`] ?? 0) > 0,
    );
  while (!sawEach()) harm = await hostiles.harm();
  assert.ok(harm.messages > 0 && harm.open > 0);
  assert.equal(harm.refused, 0);
  const attacked = inCanaryFigures(await takeSome(canaries, 2));
  const quiet = inCanaryFigures(quietRounds);
  // The limit is generous, because other work on the machine affects both measurements. The
  // benchmark, not this test, judges the slowdown.
  const mostMs = 50 * quiet.medianMs + 1_000;
  assert.ok(attacked.medianMs < mostMs, `${attacked.medianMs} ms against ${quiet.medianMs}`);
  assert.deepEqual([quiet.unanswered, attacked.unanswered], [0, 0]);
  for (const canary of canaries) await canary.leave();
  assert.deepEqual(unexpectedLines(contender.output()), []);
  assert.ok(existsSync(`/proc/${contender.pid}`));
});

async function takeSome(
  canaries: readonly CanaryPair[],
  trips: number,
): Promise<readonly CanaryRound[]> {
  const ofEach = await Promise.all(
    canaries.map(async (canary) => {
      const rounds: CanaryRound[] = [];
      while (inCanaryFigures(rounds).trips < trips) {
        await delay(50);
        rounds.push(await canary.take());
      }
      return rounds;
    }),
  );
  return ofEach.flat();
}
