import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MemberId } from '@farandole/accounts/ids';
import { brandId } from '@farandole/kernel/id';
import {
  ALERT_KINDS,
  type Alert,
  type AlertEnd,
  type AlertKind,
  type AlertMessage,
  type AlertState,
  FAULT_KINDS,
  type FaultKind,
  isOpen,
  mayWait,
  NO_ALERTS,
} from '@farandole/moderation/alerts/alert';
import { dutyOrder, isQuiet, minuteOf, type RotaEntry } from '@farandole/moderation/alerts/duty';
import {
  ALERT_CASES_NAMED,
  ALERT_EVERY_MS,
  ALERT_UNANSWERED_MS,
  ALERTS_KEPT,
  FAULT_STALE_MS,
  MESSAGE_CLAIMED_MS,
  MESSAGE_RETRY_MS,
  MESSAGE_TRIES_MAX,
  MESSAGE_UNTAKEN_MS,
  MESSAGES_MAX,
  NETWORK_WAKES_EVERY_MS,
  PENDING_CASES_MAX,
  TOLD_CASES_MAX,
} from '@farandole/moderation/alerts/limits';
import type { HeldCase } from '@farandole/moderation/alerts/recount';
import {
  type AlertRules,
  type AlertStep,
  casesToRecount,
  isNews,
  type NewCase,
  stepAlerts,
} from '@farandole/moderation/alerts/step-alerts';
import type { CaseId } from '@farandole/moderation/ids';
import fc from 'fast-check';
import { ANA, BEN } from './support/cases.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** A Monday at noon in UTC. */
const NOON_MS = Date.parse('2026-11-30T12:00Z');
const NIGHT_MS = Date.parse('2026-11-30T02:00Z');

const entry = (member: MemberId, days: readonly number[] = []): RotaEntry => ({
  member,
  mail: `${member}@example.org`,
  days,
});
const RULES: AlertRules = {
  rota: [entry(ANA), entry(BEN)],
  quiet: { from: '22:00', to: '07:00' },
  zone: 'UTC',
};

const caseOf = (name: string, change: Partial<NewCase> = {}): NewCase => ({
  id: brandId<CaseId>(`case-${name.padStart(4, '0')}`),
  ...{ reports: 1, isPinned: true, isLate: false, class: 'danger', network: null },
  ...change,
});

/** Steps with a simulated clock. Messages are settled when the test says so. */
class Night {
  state: AlertState = NO_ALERTS;
  nowMs: number;
  rules = RULES;
  faults: readonly FaultKind[] = [];
  ends = new Map<string, AlertEnd>();
  held = new Map<CaseId, HeldCase>();
  readonly sent: (AlertMessage & { readonly atMs: number })[] = [];
  #settled: AlertStep['settled'] = [];

  constructor(nowMs = NOON_MS) {
    this.nowMs = nowMs;
  }

  step(cases: readonly NewCase[] = [], change: Partial<AlertStep> = {}): readonly AlertMessage[] {
    const { state, send } = stepAlerts(this.state, {
      ...{ nowMs: this.nowMs, source: 'node-1', faults: this.faults, cases, ends: this.ends },
      held: this.held,
      ...{ rules: this.rules, channels: ['webhook', 'mail'], settled: this.#settled, earlier: [] },
      ...change,
    });
    this.state = state;
    this.sent.push(...send.map((message) => ({ ...message, atMs: this.nowMs })));
    this.#settled = send.map(({ id }) => ({ id, isSent: true }));
    return send;
  }

  /** Steps every minute for a time. */
  pass(ms: number): void {
    const untilMs = this.nowMs + ms;
    while (this.nowMs < untilMs) {
      this.nowMs += MINUTE_MS;
      this.step();
    }
  }

  fail(send: readonly AlertMessage[]): void {
    this.#settled = send.map(({ id }) => ({ id, isSent: false }));
  }

  of(kind: AlertKind): readonly Alert[] {
    return this.state.alerts.filter((alert) => alert.kind === kind);
  }
}

test('[MO-230] tells a kind once in ten minutes, with a count', () => {
  const night = new Night();
  assert.equal(night.step([caseOf('1')]).length, 2);
  night.nowMs += 1_000;
  const more = Array.from({ length: 12 }, (_, n) => caseOf(`more${n}`));
  assert.deepEqual(night.step(more), []);
  night.nowMs = NOON_MS + ALERT_EVERY_MS - 1;
  assert.deepEqual(night.step(), []);
  night.nowMs += 1;
  assert.equal(night.step().length, 2);
  const [second, first] = night.of('pinned-case');
  assert.deepEqual([first?.count, second?.count], [1, 12]);
  assert.equal(second?.cases.length, ALERT_CASES_NAMED);
  assert.equal(second?.class, 'danger');
});

test('[MO-230] names the worst class of several cases', () => {
  const night = new Night();
  night.step([caseOf('1', { class: 'many-reports' }), caseOf('2', { class: 'child-safety' })]);
  assert.equal(night.of('pinned-case')[0]?.class, 'child-safety');
});

test('[MO-231] wakes once a day for 1,600 pinned cases of one network', () => {
  const night = new Night(NIGHT_MS);
  for (let n = 0; n < 1_600; n += 20) {
    night.step(
      Array.from({ length: 20 }, (_, at) => caseOf(`${n + at}`, { network: 'network-1' })),
    );
    night.nowMs += 5 * MINUTE_MS;
  }
  assert.deepEqual(
    night.of('pinned-case').map(({ count }) => count),
    [1],
  );
  night.step([caseOf('7', { network: 'network-1', isLate: true })]);
  assert.deepEqual([night.of('late-case'), night.of('late-pinned-case')], [[], []]);
  night.step([caseOf('else', { network: 'network-2' })]);
  assert.equal(night.of('pinned-case').length, 2, 'another network');
  night.pass(ALERT_EVERY_MS);
  night.step([caseOf('proven', { network: null })]);
  assert.equal(night.of('pinned-case').length, 3, 'a proven reporter');
  night.nowMs = NIGHT_MS + NETWORK_WAKES_EVERY_MS;
  night.step([caseOf('next day', { network: 'network-1' })]);
  assert.equal(night.of('pinned-case').length, 4);
});

test('[MO-231] wakes for a silent case once another network reports it', () => {
  const night = new Night();
  const silent = caseOf('2', { network: 'network-1' });
  night.step([caseOf('1', { network: 'network-1' }), silent]);
  assert.equal(night.of('pinned-case')[0]?.count, 1);
  assert.ok(!isNews(night.state, silent));
  const joined = { ...silent, reports: 2, network: null };
  assert.ok(isNews(night.state, joined));
  night.step([joined]);
  night.pass(ALERT_EVERY_MS);
  assert.equal(night.of('pinned-case').length, 2);
  assert.ok(!isNews(night.state, { ...joined, reports: 3 }), 'it woke already');
});

test('[MO-232] holds back in quiet hours what may wait, never a pinned case', () => {
  const night = new Night(NIGHT_MS);
  night.faults = ['backup-old', 'clock-doubtful'];
  night.step([
    caseOf('late', { isPinned: false, isLate: true }),
    caseOf('late 2', { isPinned: false, isLate: true }),
  ]);
  assert.deepEqual(night.state.alerts, []);
  night.nowMs += MINUTE_MS;
  night.step([caseOf('pinned'), caseOf('both', { isLate: true })]);
  const kinds = () => night.state.alerts.map(({ kind }) => kind).toSorted();
  assert.deepEqual(kinds(), ['late-pinned-case', 'pinned-case']);
  while (night.nowMs < Date.parse('2026-11-30T06:59Z')) night.pass(MINUTE_MS);
  assert.equal(night.state.alerts.length, 2);
  night.pass(MINUTE_MS);
  assert.deepEqual(kinds().slice(0, 3), ['backup-old', 'clock-doubtful', 'late-case']);
  assert.equal(night.of('late-case')[0]?.count, 2);
});

test('[MO-232] drops a held fault that ends before morning', () => {
  const night = new Night(NIGHT_MS);
  night.faults = ['clock-doubtful'];
  night.step();
  night.faults = [];
  night.pass(8 * HOUR_MS);
  assert.deepEqual(night.state.alerts, []);
});

const MORNING_MS = Date.parse('2026-11-30T07:00Z');
const lateOf = (name: string, change: Partial<NewCase> = {}): NewCase =>
  caseOf(name, { isPinned: false, isLate: true, class: 'other', ...change });

/** Tells cases at night, and runs the step in the morning after their states changed. */
function inTheMorning(
  cases: readonly NewCase[],
  states: Readonly<Record<string, HeldCase['is']>>,
): Night {
  const night = new Night(NIGHT_MS);
  night.step(cases);
  assert.deepEqual(casesToRecount(night.state, { nowMs: NIGHT_MS, rules: RULES }), []);
  night.nowMs = MORNING_MS;
  const asked = casesToRecount(night.state, { nowMs: MORNING_MS, rules: RULES });
  assert.deepEqual(
    asked,
    cases.map(({ id }) => id),
  );
  for (const { id, class: of } of cases) {
    const is = states[id] ?? 'waiting';
    night.held.set(id, is === 'waiting' ? { is, class: of } : { is });
  }
  night.step();
  return night;
}

test('[MO-320] omits closed cases from a held alert', () => {
  const cases = [lateOf('1', { class: 'danger' }), lateOf('2'), lateOf('3')];
  const night = inTheMorning(cases, { [caseOf('1').id]: 'closed' });
  const [alert] = night.of('late-case');
  assert.deepEqual(alert?.cases, [caseOf('2').id, caseOf('3').id]);
  assert.deepEqual([alert?.count, alert?.class], [2, 'other']);
});

test('[MO-320] sends no held alert if none of its cases is left', () => {
  const cases = [lateOf('1'), lateOf('2')];
  const night = inTheMorning(cases, { [caseOf('1').id]: 'closed', [caseOf('2').id]: 'closed' });
  assert.deepEqual([night.state.alerts, night.sent, night.state.pending], [[], [], {}]);
  night.step([lateOf('3')]);
  assert.equal(night.of('late-case')[0]?.count, 1, 'the ten minutes have not begun');
});

test('[MO-320] alerts about an attended case once no member has it', () => {
  const cases = [lateOf('1'), lateOf('2')];
  const night = inTheMorning(cases, { [caseOf('1').id]: 'attended' });
  assert.deepEqual(night.of('late-case')[0]?.cases, [caseOf('2').id]);
  night.pass(ALERT_EVERY_MS);
  const { pending } = night.state;
  night.nowMs += MINUTE_MS;
  night.step();
  assert.equal(night.state.pending, pending, 'writes nothing while the member has the case');
  night.held.set(caseOf('1').id, { is: 'waiting', class: 'danger' });
  night.step();
  const [later] = night.of('late-case');
  assert.deepEqual([later?.cases, later?.class], [[caseOf('1').id], 'danger']);
});

test('[MO-320] names ten of the left cases, and counts those above the limit', () => {
  const cases = Array.from({ length: PENDING_CASES_MAX + 1 }, (_, n) => lateOf(String(n)));
  const night = new Night(NIGHT_MS);
  night.step(cases);
  assert.equal(night.state.pending['late-case']?.cases.length, PENDING_CASES_MAX);
  night.nowMs = MORNING_MS;
  for (const { id } of cases.slice(0, 5)) night.held.set(id, { is: 'closed' });
  night.step();
  const [alert] = night.of('late-case');
  assert.equal(alert?.count, PENDING_CASES_MAX - 4);
  assert.deepEqual([alert?.cases[0], alert?.cases.length], [cases[5]?.id, ALERT_CASES_NAMED]);
});

test('[MO-233] wakes the next on the rota after 15 minutes without an answer', () => {
  const night = new Night();
  night.step([caseOf('1')]);
  const mails = () => night.sent.filter(({ channel }) => channel === 'mail').map(({ to }) => to);
  assert.deepEqual(mails(), [`${ANA}@example.org`]);
  night.nowMs += ALERT_UNANSWERED_MS - 1;
  assert.deepEqual(night.step(), []);
  night.nowMs += 1;
  assert.deepEqual(
    night.step().map(({ channel, step }) => [channel, step]),
    [
      ['webhook', 1],
      ['mail', 1],
    ],
  );
  assert.deepEqual(mails(), [`${ANA}@example.org`, `${BEN}@example.org`]);
  night.pass(DAY_MS);
  assert.equal(mails().length, 2, 'each member once');
  assert.ok(night.of('pinned-case').every(isOpen));
});

test('[MO-233] wakes no further member for an answered alert', () => {
  const night = new Night();
  night.step([caseOf('1')]);
  const [alert] = night.of('pinned-case');
  night.ends.set(alert?.id ?? '', { how: 'acknowledged', by: ANA, atMs: night.nowMs });
  night.pass(HOUR_MS);
  assert.equal(night.sent.length, 2);
  assert.equal(night.of('pinned-case')[0]?.end?.how, 'acknowledged');
});

test('[MO-233] orders the rota by the day in the zone of the rota', () => {
  const rota = [entry(ANA, [1]), entry(BEN, [0, 6])];
  const order = (zone: string, at: string) =>
    dutyOrder(rota, zone, Date.parse(at)).map(({ member }) => member);
  assert.deepEqual(order('UTC', '2026-11-30T12:00Z'), [BEN, ANA], 'Monday');
  assert.deepEqual(order('UTC', '2026-12-01T00:00Z'), [ANA, BEN], 'Tuesday');
  assert.deepEqual(order('Asia/Tokyo', '2026-11-30T15:00Z'), [ANA, BEN], 'Tuesday in Tokyo');
  assert.deepEqual(order('UTC', '2026-12-02T12:00Z'), [ANA, BEN], 'nobody on Wednesday');
});

test('[MO-232] knows quiet hours, also across midnight and clock changes', () => {
  const quiet = { from: '22:00', to: '07:00' };
  const at = (time: string) => isQuiet(quiet, 'Europe/Paris', Date.parse(time));
  assert.ok(at('2026-11-30T21:00Z') && at('2026-11-30T05:59Z'));
  assert.ok(!at('2026-11-30T20:59Z') && !at('2026-11-30T06:00Z'));
  assert.ok(!at('2026-07-01T05:00Z'), 'summer time');
  const noon = { from: '12:00', to: '14:00' };
  assert.ok(isQuiet(noon, 'UTC', NOON_MS) && !isQuiet(noon, 'UTC', NOON_MS + 2 * HOUR_MS));
  assert.ok(!isQuiet(null, 'UTC', NIGHT_MS));
  assert.deepEqual(['24:00', '7:00', '23:60', ''].map(minuteOf), [null, null, null, null]);
});

test('[MO-234] sends a fault once, and ends it when no node reports it', () => {
  const night = new Night();
  night.step([], { faults: ['disk-full'] });
  night.step([], { faults: ['disk-full'], source: 'node-2' });
  assert.equal(night.of('disk-full').length, 1);
  night.step([], { faults: [] });
  assert.ok(night.of('disk-full').every(isOpen), 'node-2 still reports it');
  night.nowMs += FAULT_STALE_MS - 1;
  night.step();
  assert.ok(night.of('disk-full').some(isOpen));
  night.nowMs += 1;
  night.step();
  assert.deepEqual(night.of('disk-full')[0]?.end, { how: 'over', atMs: night.nowMs });
});

test('[MO-234] sends a fault of two nodes once, also if one restarts', () => {
  const night = new Night();
  for (let minute = 0; minute < 60; minute++) {
    night.step([], { faults: ['late-appeals'] });
    night.step([], { faults: ['late-appeals'], source: minute < 30 ? 'node-2' : 'node-3' });
    night.nowMs += MINUTE_MS;
  }
  assert.equal(night.of('late-appeals').length, 1);
});

test('[MO-239] sends despite dates of a node whose clock was ahead', () => {
  const night = new Night(NOON_MS + 2 * DAY_MS);
  night.fail(night.step([caseOf('1', { network: 'network-1' })]));
  night.step();
  night.nowMs = NOON_MS;
  const again = caseOf('2', { network: 'network-1' });
  const steps = night.step([again]).map(({ alert, step }) => `${alert} ${step}`);
  const [first, second] = ['alert-0001', 'alert-0002'];
  assert.deepEqual(
    new Set(steps),
    new Set([`${first} 0`, `${first} 1`, `${second} 0`]),
    'repeats, wakes the next one, and sends what is new',
  );
});

test('[MO-239] records an alert once that a node gives twice', () => {
  const night = new Night();
  night.faults = ['store-failing'];
  night.step();
  const earlier = night.state.alerts;
  const later = new Night();
  later.step([], { earlier });
  const { state } = later;
  later.step([], { earlier });
  assert.equal(later.state, state);
});

test('[MO-234] writes a steady fault once a minute at most', () => {
  const night = new Night();
  night.faults = FAULT_KINDS;
  night.step();
  night.step();
  const { state } = night;
  night.nowMs += MINUTE_MS - 1;
  night.step();
  assert.equal(night.state, state);
  night.nowMs += 1;
  night.step();
  assert.notEqual(night.state, state);
});

test('[MO-235] gives a claimed message to another node only after its time', () => {
  const night = new Night();
  const send = night.step([caseOf('1')]);
  assert.deepEqual(night.step([], { source: 'node-2', settled: [] }), []);
  night.nowMs += MESSAGE_CLAIMED_MS;
  const again = night.step([], { source: 'node-2', settled: [] });
  assert.deepEqual(
    again.map(({ id }) => id),
    send.map(({ id }) => id),
  );
});

test('[MO-235] repeats a failed message ever later, then gives up and says so', () => {
  const night = new Night();
  let send = night.step([caseOf('1')], { channels: ['webhook'] });
  const delays: number[] = [];
  for (let tries = 1; tries < MESSAGE_TRIES_MAX; tries++) {
    night.fail(send);
    const fromMs = night.nowMs;
    night.step();
    do {
      night.nowMs += 1_000;
      send = night.step([], { channels: ['webhook'], settled: [] });
    } while (send.length === 0);
    delays.push(night.nowMs - fromMs);
    send = send.filter(({ step }) => step === 0);
    if (send.length === 0) tries -= 1;
  }
  assert.equal(delays[0], MESSAGE_RETRY_MS);
  assert.equal(night.of('pinned-case')[0]?.undelivered, undefined);
  night.fail(send);
  night.step();
  assert.deepEqual(night.of('pinned-case')[0]?.undelivered, ['webhook']);
});

test('[MO-235] calls the webhook once without a rota', () => {
  const night = new Night();
  night.rules = { ...RULES, rota: [] };
  assert.deepEqual(
    night.step([caseOf('1')]).map(({ channel }) => channel),
    ['webhook'],
  );
  night.pass(HOUR_MS);
  assert.equal(night.sent.length, 1);
});

test('[MO-321] leaves a message to the nodes that have its channel', () => {
  const night = new Night();
  night.step([caseOf('1')], { channels: [] });
  night.step([], { channels: ['webhook', 'mail'], source: 'node-2' });
  assert.deepEqual(night.sent, [], 'no channel was set up when the alert was made');
  night.nowMs += ALERT_EVERY_MS;
  const send = night.step([caseOf('2')], { channels: ['webhook'] });
  assert.equal(send.length, 1);
  night.nowMs += MESSAGE_CLAIMED_MS;
  assert.deepEqual(night.step([], { channels: ['mail'], settled: [] }), []);
  assert.deepEqual(
    night.step([], { settled: [] }),
    send.map((one) => ({ ...one, dueMs: night.nowMs })),
  );
});

test('[MO-321] gives up after an hour what no node can send, and says so', () => {
  const night = new Night();
  night.rules = { ...RULES, rota: [] };
  const [message] = night.step([caseOf('1')], { channels: ['webhook'] });
  const dueMs = night.nowMs + MESSAGE_CLAIMED_MS;
  const stepWithout = () =>
    stepAlerts(night.state, {
      ...{ nowMs: night.nowMs, source: 'node-2', faults: [], cases: [], settled: [], earlier: [] },
      ...{ ends: night.ends, held: night.held, rules: night.rules, channels: ['mail'] },
    });
  night.nowMs = dueMs + MESSAGE_UNTAKEN_MS - 1;
  assert.equal(stepWithout().state, night.state, 'takes nothing, writes nothing');
  night.nowMs += 1;
  const { state, untaken } = stepWithout();
  assert.deepEqual(
    untaken.map(({ id }) => id),
    [message?.id],
  );
  assert.deepEqual([state.messages, state.alerts[0]?.notSetUp], [[], ['webhook']]);
  assert.ok(state.revision > night.state.revision);
});

test('[MO-321] drops the messages of alerts that are no longer kept', () => {
  const night = new Night();
  night.step([caseOf('1')]);
  const state = { ...night.state, alerts: [] };
  night.state = state;
  night.nowMs += MESSAGE_CLAIMED_MS;
  assert.deepEqual(night.step([], { settled: [] }), []);
  assert.deepEqual(night.state.messages, []);
});

const CHANGES = fc.record({
  afterMs: fc.constantFrom(0, 1_000, MINUTE_MS, 16 * MINUTE_MS, 5 * HOUR_MS),
  faults: fc.subarray([...FAULT_KINDS]),
  cases: fc.array(
    fc.record({
      id: fc.nat({ max: 400 }).map((n) => brandId<CaseId>(`case-${String(n).padStart(4, '0')}`)),
      reports: fc.integer({ min: 1, max: 4 }),
      isPinned: fc.boolean(),
      isLate: fc.boolean(),
      class: fc.constantFrom('child-safety', 'danger', 'many-reports', 'other'),
      network: fc.option(fc.constantFrom('network-1', 'network-2', 'network-3')),
    }),
    { maxLength: 20 },
  ),
  answers: fc.boolean(),
  sent: fc.boolean(),
});

test('[MO-230, MO-232, MO-233] keeps the rules in random nights', () => {
  fc.assert(
    fc.property(fc.array(CHANGES, { maxLength: 40 }), (changes) => {
      const night = new Night(NIGHT_MS);
      const wokeOf = new Map<string, number>();
      for (const { afterMs, faults, cases, answers, sent } of changes) {
        night.nowMs += afterMs;
        night.faults = faults;
        const open = night.state.alerts.filter(isOpen);
        night.ends = new Map(
          answers
            ? open.map(({ id }) => [id, { how: 'acknowledged', by: ANA, atMs: night.nowMs }])
            : [],
        );
        const before = night.state;
        const send = night.step(cases);
        if (!sent) night.fail(send);
        const { alerts, messages } = night.state;
        assert.ok(alerts.length <= ALERTS_KEPT && messages.length <= MESSAGES_MAX);
        assert.ok(Object.keys(night.state.cases).length <= TOLD_CASES_MAX);
        const isHeld = isQuiet(RULES.quiet, RULES.zone, night.nowMs);
        for (const alert of alerts) {
          const known = before.alerts.find(({ id }) => id === alert.id);
          const isWoken = alert.woken.length > (known?.woken.length ?? 0);
          assert.ok(!(isWoken && isHeld && mayWait(alert.kind)), 'woken in quiet hours');
          assert.ok(!(isWoken && known !== undefined && !isOpen(known)), 'woken after an answer');
          const times = alert.woken.map(({ atMs }) => atMs);
          for (const [at, atMs] of times.entries()) {
            const earlier = times[at - 1];
            assert.ok(earlier === undefined || atMs - earlier >= ALERT_UNANSWERED_MS);
          }
        }
        for (const kind of ALERT_KINDS) {
          const times = night.of(kind).map(({ atMs }) => atMs);
          for (const [at, atMs] of times.entries()) {
            const earlier = times[at + 1];
            assert.ok(earlier === undefined || atMs - earlier >= ALERT_EVERY_MS, kind);
          }
        }
        for (const [network, atMs] of Object.entries(night.state.networks)) {
          const last = wokeOf.get(network);
          const isAgain = last !== undefined && last !== atMs;
          assert.ok(!isAgain || atMs - last >= NETWORK_WAKES_EVERY_MS);
          wokeOf.set(network, atMs);
        }
      }
    }),
    { numRuns: 300 },
  );
});
