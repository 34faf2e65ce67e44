import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { CLOSES } from '@farandole/protocol/close-codes';
import { CanaryPair, type CanaryRound, inCanaryFigures } from '../src/load/canary.ts';
import { startContender } from '../src/load/contender.ts';
import { HostileFleet } from '../src/load/hostile/hostile-fleet.ts';
import { unexpectedLines } from '../src/scenarios/hostile-log.ts';

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
