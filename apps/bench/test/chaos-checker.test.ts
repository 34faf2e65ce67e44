import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { misplaced } from '@farandole/e2e/planting/mutant';
import { check, type Rule } from '../src/cluster/chaos/checker.ts';
import { type ChaosEvent, lineText, readHistory } from '../src/cluster/chaos/history.ts';
import { CHAOS_BUGS } from '../src/cluster/chaos/planted-bugs.ts';

const MATCH = 'match-1';
const OTHER = 'match-2';
const ONE = lineText('ana', MATCH, 1);
const TWO = lineText('ben', MATCH, 2);

/** Two users meet, chat and part; Ben reports, and two others search until they meet. */
function healthy(): ChaosEvent[] {
  return [
    { at: 0, event: 'began', fault: 'kill-home', seed: 1, people: 4 },
    { at: 10, event: 'searching', person: 'ana' },
    { at: 10, event: 'searching', person: 'ben' },
    { at: 20, event: 'met', person: 'ana', match: MATCH, side: 'a', node: 'node1' },
    { at: 22, event: 'met', person: 'ben', match: MATCH, side: 'b', node: 'node2' },
    { at: 100, event: 'said', person: 'ana', match: MATCH, text: ONE },
    { at: 200, event: 'said', person: 'ben', match: MATCH, text: TWO },
    { at: 1_000, event: 'fault', round: 1, target: 'kill-home' },
    { at: 1_100, event: 'interrupted', person: 'ana', match: MATCH, why: 'link' },
    { at: 3_000, event: 'continued', person: 'ana', match: MATCH },
    { at: 3_500, event: 'healed', round: 1 },
    { at: 14_000, event: 'settled', round: 1 },
    { at: 15_000, event: 'left', person: 'ben', match: MATCH },
    {
      at: 15_001,
      event: 'ended',
      person: 'ben',
      match: MATCH,
      reason: 'reported',
      lines: [ONE, TWO],
    },
    { at: 15_004, event: 'ended', person: 'ana', match: MATCH, reason: 'left', lines: [ONE, TWO] },
    { at: 15_100, event: 'reported', person: 'ben', match: MATCH, code: 'AAAA-BBBB' },
    { at: 16_000, event: 'met', person: 'ben', match: OTHER, side: 'a', node: 'node1' },
    { at: 16_000, event: 'met', person: 'cem', match: OTHER, side: 'b', node: 'node1' },
    { at: 30_000, event: 'row', code: 'AAAA-BBBB', match: MATCH, by: 'subject-of-ben' },
  ];
}

type Change = (events: ChaosEvent[]) => readonly ChaosEvent[];

function replaced(name: ChaosEvent['event'], person: string, change: object): Change {
  return (events) =>
    events.map((event) =>
      event.event === name && 'person' in event && event.person === person
        ? { ...event, ...change }
        : event,
    );
}

function added(...more: readonly ChaosEvent[]): Change {
  return (events) => [...events, ...more];
}

/** Histories that each break one promise. */
const BROKEN: readonly (readonly [broken: string, rule: Rule, change: Change])[] = [
  [
    'a user gets a second call',
    'one-call',
    added({ at: 1_500, event: 'met', person: 'ana', match: 'match-3', side: 'b', node: 'node3' }),
  ],
  [
    'a third user is in a call',
    'two-people',
    added({ at: 50, event: 'met', person: 'dan', match: MATCH, side: 'b', node: 'node3' }),
  ],
  [
    'a user is alone in a call without a fault',
    'two-people',
    added({ at: 20_000, event: 'met', person: 'dan', match: 'match-3', side: 'a', node: 'node3' }),
  ],
  ['a line is shown twice', 'line-once', replaced('ended', 'ana', { lines: [ONE, TWO, ONE] })],
  ['two users see different orders', 'line-order', replaced('ended', 'ana', { lines: [TWO, ONE] })],
  ['a line is lost', 'line-lost', replaced('ended', 'ana', { lines: [TWO] })],
  [
    'a line of another call is shown',
    'line-foreign',
    replaced('ended', 'ana', { lines: [ONE, TWO, lineText('cem', OTHER, 1)] }),
  ],
  [
    'a call is lost',
    'call-lost',
    (events) =>
      replaced('ended', 'ana', { reason: 'not-restored' })(
        events.filter(({ event }) => event !== 'left'),
      ),
  ],
  [
    'an acknowledged report has no row',
    'report-row',
    (events) => events.filter(({ event }) => event !== 'row'),
  ],
  [
    'a report has two rows',
    'report-row',
    added({ at: 30_000, event: 'row', code: 'CCCC-DDDD', match: MATCH, by: 'subject-of-ben' }),
  ],
  [
    'two users meet again after a report',
    'blocked-apart',
    (events) => [
      ...events.filter((event) => !('match' in event && event.match === OTHER)),
      { at: 16_000, event: 'met', person: 'ben', match: OTHER, side: 'a', node: 'node1' },
      { at: 16_000, event: 'met', person: 'ana', match: OTHER, side: 'b', node: 'node1' },
    ],
  ],
  [
    'a suspended user meets somebody',
    'suspended-out',
    added({ at: 13_900, event: 'suspended', person: 'cem' }),
  ],
  [
    'a call goes on too late, also if the page blinks',
    'interrupted',
    (events) => [
      ...replaced('continued', 'ana', { at: 5_000 })(events),
      { at: 5_010, event: 'interrupted', person: 'ana', match: MATCH, why: 'restoring' },
      { at: 8_200, event: 'continued', person: 'ana', match: MATCH },
    ],
  ],
  [
    'a call goes on too late after a node stopped on request',
    'interrupted',
    (events) =>
      replaced('continued', 'ana', { at: 4_200 })([
        { at: 0, event: 'began', fault: 'roll', seed: 1, people: 4 },
        ...events.slice(1),
      ]),
  ],
  ['a peer learns of the end too late', 'freed', replaced('ended', 'ana', { at: 22_500 })],
  [
    'two users who may meet still search',
    'matched',
    added(
      { at: 3_600, event: 'searching', person: 'cem' },
      { at: 3_600, event: 'searching', person: 'dan' },
    ),
  ],
];

for (const [broken, rule, change] of BROKEN) {
  test(`finds that ${broken}`, () => {
    const { violations } = check(change(healthy()));
    assert.deepEqual(new Set(violations.map((violation) => violation.rule)), new Set([rule]));
  });
}

test('finds nothing in a healthy history', () => {
  const { violations, calls, crossing, lines } = check(healthy());
  assert.deepEqual(violations, []);
  assert.deepEqual({ calls, crossing, lines }, { calls: 2, crossing: 1, lines: 4 });
});

test('accepts a call that isn’t restored because the peer has left', () => {
  const notRestored = replaced('ended', 'ana', { reason: 'not-restored' });
  assert.deepEqual(check(notRestored(healthy())).violations, []);
});

test('counts the times of calls without the delays of a busy machine', () => {
  const late = replaced('ended', 'ana', { at: 22_500 })(healthy());
  const slow = { at: 22_000, event: 'slow', ms: 6_990 } as const;
  assert.deepEqual(check([...late, slow]).violations, []);
  assert.equal(check([...late, slow]).machineLateShare, 0.23);
  for (const useless of [
    { ...slow, at: 14_900 },
    { ...slow, ms: 400 },
  ]) {
    assert.equal(check([...late, useless]).violations[0]?.rule, 'freed');
  }
});

test('counts a peer among those without a fault only if none began until they must know', () => {
  const freedWithFaultAt = (at: number) =>
    check([...healthy(), { at, event: 'fault', round: 2, target: 'node1' }]).freedMs.length;
  assert.deepEqual([freedWithFaultAt(15_250), freedWithFaultAt(15_251)], [0, 1]);
});

test('finds times that no busy machine explains', () => {
  const late = replaced('ended', 'ana', { at: 15_000 + 7_000 + 30_001 })(healthy());
  const slow = { at: 52_000, event: 'slow', ms: 37_000 } as const;
  assert.equal(check([...late, slow]).violations[0]?.rule, 'freed');
});

test('accepts a call that goes on after Valkey is back', () => {
  const events = replaced('continued', 'ana', { at: 9_000 })(healthy());
  assert.equal(check(events).violations[0]?.rule, 'interrupted');
  const [, ...rest] = events;
  const began = { at: 0, event: 'began', fault: 'valkey-kill', seed: 1, people: 4 } as const;
  assert.deepEqual(check([began, ...rest]).violations, []);
});

test('accepts a lost line only if its sender left a node that was cut off', () => {
  const interrupted = healthy().filter(({ event }) => event !== 'continued');
  const lost = [...replaced('ended', 'ana', { lines: [ONE] })(interrupted)];
  const [, ...rest] = replaced('said', 'ben', { at: 2_000 })(lost);
  assert.equal(check([...healthy().slice(0, 1), ...rest]).violations[0]?.rule, 'line-lost');
  const began = { at: 0, event: 'began', fault: 'valkey-cut-one', seed: 1, people: 4 } as const;
  assert.deepEqual(check([began, ...rest]).violations, []);
  assert.equal(check([began, ...lost.slice(1)]).violations[0]?.rule, 'line-lost');
});

test('accepts a call that began just before the end of the run', () => {
  const met = { event: 'met', person: 'dan', match: 'match-3', side: 'a', node: 'node3' } as const;
  assert.deepEqual(check([...healthy(), { at: 29_000, ...met }]).violations, []);
});

test('accepts two users who still search because they have met', () => {
  const { violations } = check([
    ...healthy(),
    { at: 17_000, event: 'searching', person: 'ana' },
    { at: 17_000, event: 'ended', person: 'ben', match: OTHER, reason: 'left', lines: [] },
    { at: 17_500, event: 'searching', person: 'ben' },
    { at: 29_000, event: 'settled', round: 2 },
  ]);
  assert.deepEqual(violations, []);
});

test('plants each bug at one place', () => {
  assert.ok(CHAOS_BUGS.length >= 5);
  assert.deepEqual(misplaced(CHAOS_BUGS), []);
});

test('finds nothing in the history of a real run', () => {
  const file = join(import.meta.dirname, 'fixtures', 'kill-home.ndjson');
  const { violations, calls, crossing, interruptedMs } = check(
    readHistory(readFileSync(file, 'utf8')),
  );
  assert.deepEqual(violations, []);
  assert.ok(calls > 5 && crossing > 0 && interruptedMs.length > 0);
});
