import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MemberId } from '@farandole/accounts/ids';
import { ask } from '@farandole/e2e/http';
import { brandId } from '@farandole/kernel/id';
import { SimClock } from '@farandole/kernel/testing/sim-clock';
import { NO_HOURS } from '@farandole/matchmaking/hours';
import type { PublishedHour } from '@farandole/moderation/settings/hours';
import { HOUR_CALENDAR_PATH } from '@farandole/protocol/http-api';
import { memoryStore } from '@farandole/storage/test/memory-store';
import { CommunityMirror } from '../src/cache/community-mirror.ts';
import { HoursMirror } from '../src/cache/hours-mirror.ts';
import { hourCalendar } from '../src/http/hour-calendar.ts';
import { HOURS_PLANNED_AGAIN_MS } from '../src/limits.ts';
import { ConsoleDesk, errorOf } from './support/console-desk.ts';
import { storeOf } from './support/moderated.ts';
import { TestPage } from './support/test-page.ts';
import { startTestServer } from './support/test-server.ts';

const MINUTE_MS = 60_000;
const NOW_MS = Date.parse('2026-10-20T12:00:00Z');
const HOUR: PublishedHour = {
  id: 'hour-0001',
  title: 'Polyglots',
  start: '2026-10-22T20:00',
  zone: 'Europe/Paris',
  weekly: true,
  minutes: 60,
  mode: 'video',
};
const START_MS = Date.parse('2026-10-22T18:00:00Z');

async function storeWithHour(hour = HOUR, store = memoryStore()) {
  const by = brandId<MemberId>('member-ana');
  const member = { id: by, name: 'Ana', roles: ['rules'], by: null, nowMs: NOW_MS } as const;
  await store.run('member.add', member);
  const put = async (hours: readonly PublishedHour[], before: number) => {
    const modes = ['video', 'text'];
    const input = { hours, before, door: 'closed', modes, by, nowMs: NOW_MS } as const;
    assert.ok((await store.run('published-hours.put', input)).ok);
  };
  await put([hour], 0);
  return { store, put };
}

test('[PR-132] keeps the hours in memory, and plans weekly ones ahead', async () => {
  const { store, put } = await storeWithHour();
  const mirror = new HoursMirror(store, new CommunityMirror(store));
  assert.equal(mirror.plan, NO_HOURS);
  assert.equal(mirror.facts(NOW_MS), null);
  await mirror.read(NOW_MS);
  const { plan } = mirror;
  assert.deepEqual([plan.door, plan.hours.map(({ startMs }) => startMs)], ['closed', [START_MS]]);
  await mirror.read(NOW_MS + HOURS_PLANNED_AGAIN_MS - 1);
  assert.equal(mirror.plan, plan, 'an unchanged plan stays the same object');
  await mirror.read(START_MS);
  assert.equal(mirror.plan.hours.length, 2);
  await put([{ ...HOUR, title: 'Films' }], 1);
  await mirror.read(START_MS);
  assert.equal(mirror.published(HOUR.id)?.title, 'Films');
  assert.equal(mirror.published('hour-none'), null);
});

test('[PR-132] describes the hour that is on or the next one', async () => {
  const { store } = await storeWithHour();
  const mirror = new HoursMirror(store, new CommunityMirror(store));
  await mirror.read(NOW_MS);
  const { id, title, mode } = HOUR;
  const of = (startsInMs: number, endsInMs: number) => ({
    door: 'closed',
    next: { id, title, mode, startsInMs, endsInMs },
  });
  assert.deepEqual(mirror.facts(START_MS - 1), of(1, 60 * MINUTE_MS + 1));
  assert.deepEqual(mirror.facts(START_MS + MINUTE_MS), of(0, 59 * MINUTE_MS));
});

test('[PR-171] shows an hour in its community only, until the community is closed', async () => {
  const { store, put } = await storeWithHour();
  const by = brandId<MemberId>('member-ana');
  const text = { title: 'Painters', language: 'en', rules: '', door: 'link' } as const;
  const community = { ...text, name: 'painters', by, nowMs: NOW_MS };
  assert.ok((await store.run('community.create', community)).ok);
  await put([{ ...HOUR, community: 'painters' }], 1);
  const communities = new CommunityMirror(store);
  await communities.read();
  const mirror = new HoursMirror(store, communities);
  await mirror.read(NOW_MS);
  assert.equal(mirror.facts(NOW_MS), null);
  assert.equal(mirror.facts(NOW_MS, 'writers'), null);
  assert.equal(mirror.facts(NOW_MS, 'painters')?.next.title, HOUR.title);
  const { plan } = mirror;
  assert.ok((await store.run('community.change', { ...community, before: 1 })).ok);
  await communities.read();
  assert.equal(mirror.plan, plan, 'a change that leaves it open keeps the plan');
  assert.ok((await store.run('community.close', community)).ok);
  await communities.read();
  assert.deepEqual(mirror.plan.hours, []);
  assert.equal(mirror.facts(NOW_MS, 'painters'), null);
  assert.equal(mirror.published(HOUR.id), null);
});

const linesOf = (file: string | null): readonly string[] => {
  assert.ok(file !== null);
  const lines = file.split('\r\n');
  assert.equal(lines.pop(), '');
  for (const line of lines) assert.ok(Buffer.byteLength(line) <= 75, line);
  assert.ok(!/[^\r]\n|\r[^\n]/u.test(file), 'each line ends with CR and LF');
  return lines.join('\r\n').replaceAll('\r\n ', '').split('\r\n');
};

const calendarOf = (change: Partial<PublishedHour> = {}, nowMs = NOW_MS) =>
  hourCalendar({ hour: { ...HOUR, ...change }, origin: 'https://meet.example', nowMs });

test('[PR-133] makes a weekly entry with its time zone and recurrence', () => {
  const lines = linesOf(calendarOf());
  const wanted = [
    'UID:hour-0001@meet.example',
    'DTSTAMP:20261020T120000Z',
    'DTSTART;TZID=Europe/Paris:20261022T200000',
    'DURATION:PT60M',
    'RRULE:FREQ=WEEKLY',
    'SUMMARY:Polyglots',
    'URL:https://meet.example/',
  ];
  for (const line of wanted) assert.ok(lines.includes(line), line);
  const winter = lines.indexOf('DTSTART:20261025T030000');
  assert.deepEqual(lines.slice(winter - 1, winter + 4), [
    'BEGIN:STANDARD',
    'DTSTART:20261025T030000',
    'TZOFFSETFROM:+0200',
    'TZOFFSETTO:+0100',
    'END:STANDARD',
  ]);
  const summer = lines.indexOf('DTSTART:20270328T020000');
  assert.deepEqual(lines.slice(summer - 1, summer + 3), [
    'BEGIN:DAYLIGHT',
    'DTSTART:20270328T020000',
    'TZOFFSETFROM:+0100',
    'TZOFFSETTO:+0200',
  ]);
  const begins = lines.filter((line) => line.startsWith('BEGIN:')).length;
  assert.equal(lines.filter((line) => line.startsWith('END:')).length, begins);
});

test('[PR-133] makes a single entry in UTC, escapes and folds the title', () => {
  const title = 'Ask me; films, music \\ and more — é'.padEnd(60, 'é');
  const lines = linesOf(calendarOf({ weekly: false, title }));
  assert.ok(lines.includes('DTSTART:20261022T180000Z'));
  assert.ok(!lines.some((line) => line.startsWith('RRULE') || line.includes('TZID')));
  const escaped = title.replaceAll('\\', '\\\\').replaceAll(';', '\\;').replaceAll(',', '\\,');
  assert.ok(lines.includes(`SUMMARY:${escaped}`), lines.join('\n'));
  const ofCommunity = linesOf(calendarOf({ community: 'painters' }));
  assert.ok(ofCommunity.includes('URL:https://meet.example/in/painters'));
});

test('[PR-133] has no calendar for a single hour that is over', () => {
  assert.equal(calendarOf({ weekly: false }, START_MS + 60 * MINUTE_MS), null);
  assert.notEqual(calendarOf({ weekly: false }, START_MS + 60 * MINUTE_MS - 1), null);
  assert.ok(
    linesOf(calendarOf({}, START_MS + 60 * MINUTE_MS)).includes(
      'DTSTART;TZID=Europe/Paris:20261029T200000',
    ),
  );
});

test('[MO-170, MO-172] lets a member publish hours, and names what is wrong', async () => {
  const desk = new ConsoleDesk();
  await desk.hire('rae', 'rules');
  await desk.hire('tom', 'moderator');
  const start = new Date(desk.nowMs + 60 * MINUTE_MS).toISOString().slice(0, 16);
  const hour = { ...HOUR, zone: 'UTC', start };
  const body = { before: 0, door: 'closed', hours: [hour] };
  const post = (name: string, change: object) =>
    desk.post(name, 'published-hours', { ...body, ...change });
  const path = 'published-hours';
  assert.deepEqual(await (await desk.get('tom', path)).json(), {
    version: 0,
    door: 'open',
    hours: [],
    modes: ['video', 'text'],
    communities: [{ name: 'painters', title: 'Painters', language: 'en' }],
    peaks: [{ hourOfWeek: 20, people: 7 }],
  });
  assert.deepEqual(await errorOf(await post('tom', {})), [403, 'not-allowed']);
  assert.deepEqual(await errorOf(await post('rae', { door: 'ajar' })), [400, 'bad-request']);
  const wrong = (change: object) => post('rae', { hours: [{ ...hour, ...change }] });
  assert.deepEqual(await errorOf(await wrong({ mode: 'voice' })), [400, 'hour-mode-unknown']);
  assert.deepEqual(await errorOf(await wrong({ zone: 'Mars/Base' })), [400, 'hour-zone-unknown']);
  const past = { start: '2026-01-01T20:00' };
  assert.deepEqual(await errorOf(await wrong(past)), [409, 'hour-in-the-past']);
  const twice = { hours: [hour, { ...hour, id: 'hour-0002' }] };
  assert.deepEqual(await errorOf(await post('rae', twice)), [409, 'hours-overlap']);
  assert.equal(desk.hoursRead, 0);
  assert.equal((await post('rae', {})).status, 200);
  assert.deepEqual([desk.hoursRead, desk.decided], [1, 1]);
  assert.deepEqual(await errorOf(await post('rae', {})), [409, 'changed-meanwhile']);
});

test('[GW-140, PR-133] a node refuses searches and serves the calendar', async (t) => {
  const clock = new SimClock(0, NOW_MS);
  const server = await startTestServer(t, { clock });
  const store = await storeOf(t, server);
  await storeWithHour(HOUR, store);
  await store.close();
  await server.close();
  const { port } = await server.restart();
  const page = new TestPage(t, port);
  const { server: facts } = await page.getTicket();
  assert.deepEqual(facts.hours?.next.title, 'Polyglots');
  await page.arrive();
  page.search('search-0001');
  assert.equal((await page.next('ticket.refused')).reason, 'closed');
  const get = (path: string) => ask({ port, path: `${HOUR_CALENDAR_PATH}/${path}` });
  const file = await get('hour-0001.ics');
  assert.equal(file.status, 200);
  assert.equal(file.headers['content-type'], 'text/calendar; charset=utf-8');
  assert.match(file.text(), /UID:hour-0001@localhost\r\n/u);
  for (const wrong of ['hour-0002.ics', 'hour-0001', 'x.ics']) {
    assert.equal((await get(wrong)).status, 404, wrong);
  }
});
