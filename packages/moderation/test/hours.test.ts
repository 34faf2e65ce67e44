import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  occurrencesOf,
  type PublishedHour,
  readPublishedHours,
} from '@farandole/moderation/settings/hours';
import { instantOf, isZone, offsetMs } from '@farandole/moderation/settings/zoned-time';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const utc = (text: string): number => Date.parse(`${text}Z`);
const shown = (ms: number | null): string | null =>
  ms === null ? null : new Date(ms).toISOString().slice(0, 16);

const HOUR: PublishedHour = {
  id: 'hour-0001',
  title: 'Polyglots',
  start: '2026-10-22T20:00',
  zone: 'Europe/Paris',
  weekly: true,
  minutes: 60,
  mode: 'video',
};

test('[MO-171] converts local times, also around clock changes', () => {
  assert.equal(shown(instantOf('2026-07-01T20:00', 'Europe/Paris')), '2026-07-01T18:00');
  assert.equal(shown(instantOf('2026-12-01T20:00', 'Europe/Paris')), '2026-12-01T19:00');
  assert.equal(shown(instantOf('2026-12-01T20:00', 'UTC')), '2026-12-01T20:00');
  assert.equal(shown(instantOf('2026-12-01T20:00', 'Asia/Kathmandu')), '2026-12-01T14:15');
  // 02:30 doesn't exist on the 29th of March, and exists twice on the 25th of October.
  assert.equal(shown(instantOf('2026-03-29T02:30', 'Europe/Paris')), '2026-03-29T01:30');
  assert.equal(shown(instantOf('2026-10-25T02:30', 'Europe/Paris')), '2026-10-25T00:30');
  assert.equal(shown(instantOf('2026-11-01T01:30', 'America/New_York')), '2026-11-01T05:30');
  assert.equal(shown(instantOf('2026-03-08T02:30', 'America/New_York')), '2026-03-08T07:30');
});

test('[MO-171] refuses texts that are no date or no zone', () => {
  for (const wrong of ['2026-04-31T20:00', '2026-13-01T20:00', '2026-01-01T24:00', '', '2026']) {
    assert.equal(instantOf(wrong, 'UTC'), null, wrong);
  }
  for (const zone of ['UTC', 'Europe/Paris', 'America/Argentina/Buenos_Aires']) {
    assert.ok(isZone(zone), zone);
  }
  for (const wrong of ['', 'Europe/Nowhere', '+02:00', 'x'.repeat(65), 'Europe/Paris; x']) {
    assert.ok(!isZone(wrong), wrong);
  }
  assert.equal(offsetMs('Asia/Kathmandu', 0), 5.5 * HOUR_MS);
});

test('[MO-171] repeats a weekly hour at the same local time across clock changes', () => {
  const starts = occurrencesOf([HOUR], utc('2026-10-22T17:00'), 15 * DAY_MS);
  assert.deepEqual(
    starts.map(({ startMs }) => shown(startMs)),
    ['2026-10-22T18:00', '2026-10-29T19:00', '2026-11-05T19:00'],
  );
});

test('[MO-171] keeps an hour until it ends', () => {
  const at = (text: string) => shown(occurrencesOf([HOUR], utc(text))[0]?.startMs ?? null);
  assert.equal(at('2026-10-22T18:59:59.999'), '2026-10-22T18:00');
  assert.equal(at('2026-10-22T19:00'), '2026-10-29T19:00');
  assert.equal(at('2026-10-29T19:30'), '2026-10-29T19:00');
  const once = { ...HOUR, weekly: false };
  assert.equal(occurrencesOf([once], utc('2026-10-22T19:00')).length, 0);
  assert.equal(occurrencesOf([once], utc('2026-01-01T00:00')).length, 1);
});

test('[MO-171] plans the first start of a weekly hour however far away', () => {
  const [first, ...others] = occurrencesOf([HOUR], utc('2026-01-01T00:00'));
  assert.deepEqual([shown(first?.startMs ?? null), others.length], ['2026-10-22T18:00', 0]);
});

test('[MO-170] starts with version 0, an open door and no hour', async () => {
  const settings = { get: async () => null };
  assert.deepEqual(await readPublishedHours({ settings }), { version: 0, door: 'open', hours: [] });
});
