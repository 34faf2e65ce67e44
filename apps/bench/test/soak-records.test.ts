import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CrowdCounts } from '../src/soak/crowd-counts.ts';
import { LineLedger, lineText } from '../src/soak/line-ledger.ts';
import { LogWatch } from '../src/soak/log-watch.ts';
import { readGauges } from '../src/soak/metrics-text.ts';
import { SoakPerson } from '../src/soak/soak-person.ts';

type Side = 'a' | 'b';

/** @param counters numbers of lines that each user has sent so far, including this line */
function line(side: Side, counters: [number, number], match = 'match') {
  const count = side === 'a' ? counters[0] : counters[1];
  return { id: 'line', side, counters, atMs: 0, text: lineText(match, side, count), tag: 'tag' };
}

const CONVERSATION = [line('a', [1, 0]), line('b', [1, 1]), line('b', [1, 2]), line('a', [2, 2])];

function ledgerOf(heard: Readonly<Record<Side, readonly ReturnType<typeof line>[]>>): LineLedger {
  const ledger = new LineLedger();
  ledger.begin('match');
  for (const side of ['a', 'b'] as const) {
    for (const each of heard[side]) ledger.heard('match', side, each);
  }
  ledger.part('match', 'a', 'told');
  ledger.part('match', 'b', 'told');
  return ledger;
}

function faultsOf({ lost, doubled, foreign }: LineLedger): object {
  return { lost, doubled, foreign };
}

const NONE = { lost: 0, doubled: 0, foreign: 0 };

test('finds no fault in a conversation that both users received completely', () => {
  const ledger = ledgerOf({ a: CONVERSATION, b: CONVERSATION });
  assert.deepEqual(faultsOf(ledger), NONE);
  assert.equal(ledger.accepted, 4);
  assert.equal(ledger.openCalls, 0);
});

test('counts a missing chat line as lost, even the last line', () => {
  const [first, second, third, fourth] = CONVERSATION as [never, never, never, never];
  assert.equal(ledgerOf({ a: CONVERSATION, b: [first, third, fourth] }).lost, 1);
  assert.equal(ledgerOf({ a: CONVERSATION, b: [first, second] }).lost, 2);
  assert.equal(ledgerOf({ a: [], b: CONVERSATION }).lost, 4);
});

test('counts a repeated or late chat line as received twice', () => {
  const [first, second] = CONVERSATION as [never, never];
  assert.equal(ledgerOf({ a: [...CONVERSATION, second], b: CONVERSATION }).doubled, 1);
  assert.equal(ledgerOf({ a: [second, first], b: [first, second] }).doubled, 1);
});

test('counts chat lines with a wrong call, time or number as foreign', () => {
  const other = line('a', [1, 0], 'another match');
  assert.equal(ledgerOf({ a: [other], b: [] }).foreign, 1);
  const lying = { ...line('a', [1, 0]), text: lineText('match', 'a', 2) };
  assert.equal(ledgerOf({ a: [lying], b: [lying] }).foreign, 2);
  const ledger = ledgerOf({ a: [], b: [] });
  ledger.heard('match', 'a', line('b', [0, 1]));
  assert.equal(ledger.foreign, 1);
});

test('excuses missing last chat lines only for the user who left', () => {
  const ledger = new LineLedger();
  ledger.begin('match');
  for (const each of CONVERSATION) ledger.heard('match', 'a', each);
  ledger.part('match', 'b', 'gone');
  ledger.part('match', 'a', 'told');
  assert.deepEqual(faultsOf(ledger), NONE);
  assert.equal(ledger.accepted, 4);
  ledger.begin('next');
  ledger.heard('next', 'b', line('a', [1, 0], 'next'));
  ledger.part('next', 'b', 'gone');
  ledger.part('next', 'a', 'told');
  assert.equal(ledger.lost, 1);
});

test("expects every chat line sent before a user requested the call's end", () => {
  const ledger = new LineLedger();
  ledger.begin('match');
  const [first] = CONVERSATION as [never];
  for (const side of ['a', 'b'] as const) ledger.heard('match', side, first);
  ledger.part('match', 'a', 'told', 2);
  ledger.part('match', 'b', 'told');
  assert.equal(ledger.lost, 1);
});

test('counts log lines by level and keeps unexpected ones', () => {
  const watch = new LogWatch();
  watch.push('Farandole is at http://localhost:1\n{"level":"info","event":"sess');
  watch.push('ion-opened"}\n{"level":"info"}\n');
  watch.push('No members yet: become the first member at http://localhost:1/console#link=x\n');
  watch.push('For help, see: https://nodejs.org/en/docs/inspector\nDebugger attached.\n');
  assert.deepEqual(watch.levels, { info: 2 });
  watch.push('----- Bun Inspector -----\nListening:\n  ws://127.0.0.1:1/x\nInspect in browser:\n');
  watch.push('  https://debug.bun.sh/#127.0.0.1:1/x\n');
  assert.equal(watch.unexpected, 0);
  watch.push('{"level":"warn","event":"x"}\nTypeError: no\n{"no":"level"}\n{"level":7}\nnull\n');
  assert.deepEqual(watch.levels, { info: 2, warn: 1, plain: 4 });
  assert.equal(watch.unexpected, 5);
  assert.equal(watch.kept[0], '{"level":"warn","event":"x"}');
});

test('sums metrics over labels and throws if a metric is missing', () => {
  const text = [
    '# HELP farandole_people_online Sessions with a connection.',
    'farandole_people_online 3',
    'farandole_sessions_detached 1',
    'farandole_calls 1',
    'farandole_waiting{pool="video"} 2',
    'farandole_waiting{pool="text"} 5',
    'farandole_sockets 4',
    'farandole_sessions_total{event="session-opened"} 9',
    'farandole_sessions_total{event="session-resumed"} 2',
    'nodejs_eventloop_lag_p99_seconds 0.0125',
    'nodejs_eventloop_lag_max_seconds 0.009',
  ];
  const { eventLoopP99Ms, ...counts } = readGauges(text.join('\n'));
  assert.equal(eventLoopP99Ms, 12.5);
  assert.deepEqual(counts, {
    online: 3,
    detached: 1,
    calls: 1,
    waiting: 7,
    sockets: 4,
    sessionsOpened: 9,
    sessionsResumed: 2,
    eventLoopMaxMs: 9,
  });
  assert.throws(() => readGauges(text.slice(2).join('\n')), /farandole_people_online/);
});

test('accepts a suspension after reports by two users, not by one', () => {
  const counts = new CrowdCounts();
  const [ana, ben, cleo] = ['127.16.0.1', '127.16.1.1', '127.16.2.1'].map(
    (from) => new SoakPerson(from),
  ) as [SoakPerson, SoakPerson, SoakPerson];
  const reports = (match: string, reporter: SoakPerson, reported: SoakPerson): void => {
    for (const person of [reporter, reported]) counts.joins(match, person);
    counts.reportedBy(match, reporter);
  };
  reports('first', ana, ben);
  reports('second', ana, ben);
  assert.equal(ben.mayBeKeptOut, false);
  reports('third', cleo, ben);
  assert.equal(ben.mayBeKeptOut, true);
  assert.deepEqual([ana.reporters.size, cleo.reporters.size], [0, 0]);
});
