import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FreedTimes, freedFigures, freedInWords } from '../src/load/freed-times.ts';
import { generatorInWords, worstOf } from '../src/load/generator.ts';
import { lengthsOf, TripLedger } from '../src/load/trip-ledger.ts';
import { quantile } from '../src/statistics.ts';

test('includes a stall’s delay in every round trip due during the stall', () => {
  const ledger = new TripLedger();
  const linesMs = Array.from({ length: 100 }, (_, line) => 500 * line);
  for (const saidAtMs of linesMs.slice(0, 90)) {
    ledger.said(saidAtMs);
    ledger.answered(saidAtMs + 1);
  }
  // The node stalls for the last five seconds, when ten lines are due.
  for (const saidAtMs of linesMs.slice(90)) ledger.said(saidAtMs);
  for (let line = 0; line < 10; line++) ledger.answered(50_000);
  const lengths = lengthsOf(ledger.turn(), 50_000);
  assert.deepEqual(
    lengths.slice(90),
    [5_000, 4_500, 4_000, 3_500, 3_000, 2_500, 2_000, 1_500, 1_000, 500],
  );
  assert.equal(quantile(lengths, 0.99), 4_500);
});

test('records a message’s delay in its benchmark round, until now if unanswered', () => {
  const ledger = new TripLedger();
  ledger.said(0);
  ledger.said(10);
  const first = ledger.turn();
  ledger.said(20);
  ledger.answered(25);
  assert.deepEqual(lengthsOf(first, 100), [25, 90]);
  ledger.answered(200);
  ledger.answered(201);
  ledger.answered(202);
  assert.deepEqual(lengthsOf(first, 300), [25, 190]);
  assert.deepEqual(lengthsOf(ledger.turn(), 300), [181]);
});

test('rejects a run whose load generator was too busy or too late', () => {
  const calm = { busiestShare: 0.3, lateShare: 0.01 };
  assert.deepEqual(worstOf([calm, { busiestShare: 0.8, lateShare: 0.05 }]), {
    busiestShare: 0.8,
    lateShare: 0.05,
    isFit: true,
  });
  assert.equal(worstOf([calm, { ...calm, busiestShare: 0.81 }]).isFit, false);
  assert.equal(worstOf([calm, { ...calm, lateShare: 0.051 }]).isFit, false);
  assert.match(generatorInWords(worstOf([calm])), /took 30 % .* sent 1\.0 % late$/);
  assert.match(generatorInWords(worstOf([{ ...calm, busiestShare: 1 }])), /NO figure .* is judged/);
});

test("measures the time from a user's request to the peer's notification", () => {
  const freed = new FreedTimes();
  freed.asked('a', 100);
  freed.told('a', 103, 0);
  freed.told('a', 200, 0);
  freed.told('b', 300, 0);
  freed.asked('c', 400);
  freed.told('c', 500, Number.POSITIVE_INFINITY);
  freed.asked('d', 400);
  freed.told('d', 500, 450);
  freed.asked('e', 600);
  freed.asked('e', 601);
  freed.told('e', 602, 0);
  assert.deepEqual(freed.timesMs, [3]);
});

test('skips notification times that overlap an inspection of the node', () => {
  const freed = new FreedTimes();
  freed.asked('a', 100);
  freed.pause();
  freed.told('a', 300, 0);
  freed.asked('b', 310);
  freed.goOn();
  freed.told('b', 320, 0);
  freed.asked('c', 330);
  freed.told('c', 331, 0);
  assert.deepEqual(freed.timesMs, [1]);
});

test('judges the 99.9th percentile only with a thousand or more measured times', () => {
  const times = (slow: number, n: number): number[] =>
    Array.from({ length: n }, (_, index) => (index < slow ? 60 : 2));
  assert.deepEqual(freedFigures(times(1, 1_000), 50), {
    n: 1_000,
    p50Ms: 2,
    p999Ms: 2,
    mostMs: 60,
    atMostMs: 50,
    reached: true,
  });
  assert.equal(freedFigures(times(2, 1_000), 50).reached, false);
  assert.equal(freedFigures(times(2, 999), 50).reached, null);
  assert.equal(freedFigures(times(2, 1_000), null).reached, null);
  assert.match(freedInWords(freedFigures(times(2, 1_000), 50)), /of 1000; .*50: not reached$/);
  assert.match(freedInWords(freedFigures(times(0, 10), 50)), /: not judged$/);
});
