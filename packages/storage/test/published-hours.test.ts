import assert from 'node:assert/strict';
import type { MemberId } from '@farandole/accounts/ids';
import { brandId } from '@farandole/kernel/id';
import { HOUR_TITLE_UNITS_MAX, HOURS_MAX } from '@farandole/moderation/limits';
import type { PublishedHour } from '@farandole/moderation/settings/hours';
import { atDeskOf } from './support/at-desk.ts';
import type { Desk } from './support/desk.ts';
import { memoryStore } from './support/memory-store.ts';

const it = atDeskOf(async () => memoryStore());

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** Returns an hour that starts `inMinutes` from the desk's date. */
function hourIn({ nowMs }: Desk, inMinutes: number, change: Partial<PublishedHour> = {}) {
  const start = new Date(nowMs + inMinutes * MINUTE_MS).toISOString().slice(0, 16);
  const common = { title: 'Polyglots', zone: 'UTC', weekly: true, minutes: 60, mode: 'video' };
  return { id: 'hour-0001', start, ...common, ...change };
}

async function putter(desk: Desk) {
  const by = await desk.hire('rae', 'rules');
  return async (
    hours: readonly PublishedHour[],
    before: number,
    door: 'open' | 'text' | 'closed' = 'open',
  ) => {
    const modes = ['video', 'text'];
    const put = await desk.store.run('published-hours.put', {
      ...{ hours, before, door, modes, by, nowMs: desk.nowMs },
    });
    return put.ok ? put.value.version : put.reason;
  };
}

it('[MO-170] numbers and audits each version of the hours', async (desk) => {
  const put = await putter(desk);
  const hour = hourIn(desk, 60);
  assert.equal(await put([hour], 0, 'closed'), 1);
  assert.equal(await put([hour], 0), 'changed-meanwhile');
  const read = await desk.store.run('published-hours.read', null);
  assert.deepEqual(read, { version: 1, door: 'closed', hours: [hour] });
  const rows = (await desk.audit()).filter(({ action }) => action === 'hours.put');
  assert.deepEqual(
    rows.map(({ details }) => details),
    [{ version: 1 }],
  );
  const setting = { name: 'hours.published', value: '{}', by: null, nowMs: desk.nowMs };
  assert.equal((await desk.store.run('setting.put', setting)).ok, false);
});

it('[MO-170] refuses members without the permission', async (desk) => {
  const by = await desk.hire('tom', 'moderator');
  const input = { hours: [], before: 0, door: 'open', modes: ['text'], nowMs: desk.nowMs } as const;
  const put = await desk.store.run('published-hours.put', { ...input, by });
  assert.deepEqual(put, { ok: false, reason: 'not-allowed' });
});

it('[MO-172] refuses a wrong hour and says what is wrong', async (desk) => {
  const put = await putter(desk);
  const of = (change: Partial<PublishedHour>) => put([hourIn(desk, 60, change)], 0);
  assert.equal(await of({ title: ' ' }), 'hour-title-wrong');
  assert.equal(await of({ title: 'a\u0000b' }), 'hour-title-wrong');
  assert.equal(await of({ title: 'x'.repeat(HOUR_TITLE_UNITS_MAX + 1) }), 'hour-title-wrong');
  assert.equal(await of({ zone: 'Europe/Nowhere' }), 'hour-zone-unknown');
  assert.equal(await of({ start: '2026-02-30T20:00' }), 'hour-start-wrong');
  assert.equal(await of({ start: '2099-01-01T20:00' }), 'hour-start-wrong');
  assert.equal(await of({ minutes: 9 }), 'hour-length-wrong');
  assert.equal(await of({ minutes: 241 }), 'hour-length-wrong');
  assert.equal(await of({ minutes: 60.5 }), 'hour-length-wrong');
  assert.equal(await of({ mode: 'voice' }), 'hour-mode-unknown');
  assert.equal(await put([hourIn(desk, -1)], 0), 'hour-in-the-past');
  assert.equal(await put([hourIn(desk, 60), hourIn(desk, 600)], 0), 'malformed');
  const many = (count: number) =>
    Array.from({ length: count }, (_, n) =>
      hourIn(desk, 60 + 60 * n, { id: `hour-${n}`, minutes: 30 }),
    );
  assert.equal(await put(many(HOURS_MAX + 1), 0), 'too-many-hours');
  assert.equal(await put(many(HOURS_MAX), 0), 1);
  assert.equal(await put([hourIn(desk, 60, { title: 'x'.repeat(HOUR_TITLE_UNITS_MAX) })], 1), 2);
});

it('[MO-173] refuses hours that overlap in any week', async (desk) => {
  const put = await putter(desk);
  const first = hourIn(desk, 60);
  const second = (inMinutes: number, change: Partial<PublishedHour> = {}) =>
    hourIn(desk, inMinutes, { id: 'hour-0002', ...change });
  assert.equal(await put([first, second(119)], 0), 'hours-overlap');
  const inThreeWeeks = second(21 * 24 * 60 + 60, { weekly: false });
  assert.equal(await put([first, inThreeWeeks], 0), 'hours-overlap');
  assert.equal(await put([first, second(120)], 0), 1);
});

it('[MO-173] finds an overlap that only a clock change makes', async (desk) => {
  const put = await putter(desk);
  desk.nowMs = Date.parse('2027-01-04T00:00:00Z');
  const paris = hourIn(desk, 0, { start: '2027-01-07T20:00', zone: 'Europe/Paris' });
  const utc = hourIn(desk, 0, { id: 'hour-0002', start: '2027-01-07T18:00' });
  assert.equal(await put([paris, utc], 0), 'hours-overlap');
  assert.equal(await put([paris, { ...utc, start: '2027-01-07T17:00' }], 0), 1);
});

it('[MO-174] keeps a door shut only if an hour is left', async (desk) => {
  const put = await putter(desk);
  assert.equal(await put([], 0, 'closed'), 'door-needs-hour');
  const once = hourIn(desk, 60, { weekly: false });
  assert.equal(await put([once], 0, 'text'), 1);
  desk.nowMs += DAY_MS;
  assert.equal(await put([once], 1, 'text'), 'door-needs-hour');
  assert.equal(await put([once], 1), 2);
  assert.deepEqual((await desk.store.run('published-hours.read', null)).hours, []);
});

it('[MO-172] lets a stored hour stay after it has begun', async (desk) => {
  const put = await putter(desk);
  const weekly = hourIn(desk, 60);
  assert.equal(await put([weekly], 0), 1);
  desk.nowMs += 30 * DAY_MS;
  const other = hourIn(desk, 600, { id: 'hour-0002', minutes: 30 });
  assert.equal(await put([weekly, other], 1), 2);
  assert.equal(await put([{ ...weekly, title: 'Films' }, other], 2), 'hour-in-the-past');
});

it('[MO-220] accepts an hour of an open community only', async (desk) => {
  const put = await putter(desk);
  const by = brandId<MemberId>('member-rae');
  const common = { title: 'Painters', language: 'en', rules: '', door: 'link' } as const;
  const community = { ...common, name: 'painters', by, nowMs: desk.nowMs };
  const hour = hourIn(desk, 60, { community: 'painters' });
  assert.equal(await put([hour], 0), 'hour-community-unknown');
  assert.ok((await desk.store.run('community.create', community)).ok);
  assert.equal(await put([hour], 0, 'closed'), 1);
  assert.ok((await desk.store.run('community.close', community)).ok);
  assert.equal(await put([hour], 1), 2, 'a stored hour stays');
  const changed = { ...hour, title: 'Brushes' };
  assert.equal(await put([changed], 2), 'hour-community-unknown');
});

it('[MO-220] lets hours of different communities overlap', async (desk) => {
  const put = await putter(desk);
  const by = brandId<MemberId>('member-rae');
  for (const name of ['painters', 'writers']) {
    const common = { title: name, language: 'en', rules: '', door: 'link' } as const;
    const made = await desk.store.run('community.create', {
      ...common,
      name,
      by,
      nowMs: desk.nowMs,
    });
    assert.ok(made.ok);
  }
  const of = (id: string, community?: string) =>
    hourIn(desk, 60, { id, ...(community !== undefined && { community }) });
  const hours = [of('hour-0001'), of('hour-0002', 'painters'), of('hour-0003', 'writers')];
  assert.equal(await put(hours, 0), 1);
  assert.equal(await put([...hours, of('hour-0004', 'painters')], 1), 'hours-overlap');
});
