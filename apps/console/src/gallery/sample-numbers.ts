import type { AuditPage } from '@farandole/moderation/stats/audit';
import type { Numbers } from '@farandole/moderation/stats/numbers';
import type { AuditRow } from '@farandole/moderation/store/records';
import type { HouseRules } from '@farandole/protocol/http-api';
import type { HoursPage } from '../screens/hours.tsx';
import { CASE, COLLEAGUE, DAY_MS, HOUR_MS, MINUTE_MS, NOW_MS, row, SENIOR } from './sample-desk.ts';

export const NUMBERS: Numbers = {
  sinceMs: NOW_MS - DAY_MS,
  reports: 61,
  calls: 14_830,
  reportsPer1000Calls: (1_000 * 61) / 14_830,
  byWay: [
    { way: 'video', calls: 9_204, reports: 44 },
    { way: 'voice', calls: 1_518, reports: 5 },
    { way: 'text', calls: 3_377, reports: 9 },
    { way: 'exchange', calls: 612, reports: 2 },
    { way: 'question', calls: 119, reports: 1 },
  ],
  timeToDecision: { p50Ms: 14 * MINUTE_MS, p95Ms: 3.2 * HOUR_MS },
  decisions: 48,
  byMeasure: {
    dismiss: 17,
    warn: 12,
    'text-only-7d': 4,
    'suspend-1h': 6,
    'suspend-1d': 5,
    'suspend-7d': 3,
    'suspend-permanently': 1,
  },
  appeals: { answered: 23, overturned: 3 },
  exposures: 14,
  reveals: 5,
};

export const NO_NUMBERS: Numbers = {
  ...NUMBERS,
  reports: 0,
  calls: 0,
  reportsPer1000Calls: null,
  byWay: [],
  timeToDecision: null,
  decisions: 0,
  byMeasure: {},
  appeals: { answered: 0, overturned: 0 },
  exposures: 0,
  reveals: 0,
};

const AUDITED: readonly AuditRow[] = [
  row(10_412, {
    action: 'case.decide',
    by: COLLEAGUE,
    details: {
      decision: 'hV3kTz81QmWcR5yNdL0xgQ',
      measure: 'suspend-1d',
      reason: 'threat-or-violence',
    },
  }),
  row(10_411, { action: 'case.read', by: COLLEAGUE }),
  row(10_410, {
    action: 'report.take',
    by: 'subject',
    about: 'report-A5VE',
    details: { case: CASE, reason: 'hate', state: 'queued' },
  }),
  row(10_409, { action: 'subject.hold', by: 'software', details: { untilMs: NOW_MS + DAY_MS } }),
  row(10_408, { action: 'member.add', by: 'operator', about: COLLEAGUE, details: null }),
  row(10_407, {
    action: 'appeal.answer',
    by: SENIOR,
    about: 'appeal-first',
    details: { outcome: 'overturn', decision: 'decision-first' },
  }),
  row(10_406, {
    action: 'roles.propose',
    by: SENIOR,
    about: COLLEAGUE,
    details: { roles: 'moderator senior', approval: 'mP4nW1bQy7Tz' },
  }),
  row(10_405, {
    action: 'pictures.add',
    by: 'subject',
    about: 'report-A5VE',
    details: { case: CASE, pictures: 12, lane: 'normal' },
  }),
  row(10_404, {
    action: 'decision.propose',
    by: COLLEAGUE,
    details: {
      approval: 'b7XcQ0rLm2Kd',
      measure: 'suspend-permanently',
      reason: 'hate',
      act: 'permanent-suspension',
    },
  }),
  row(10_403, { action: 'session.open', by: SENIOR, about: SENIOR, details: { way: 'passkey' } }),
].map((one, index) => ({ ...one, atMs: NOW_MS - index * 7 * MINUTE_MS }));

export const AUDIT: AuditPage = {
  rows: AUDITED,
  head: 10_412,
  verdict: { ok: true, rows: 10_412, head: 10_412 },
};
export const BROKEN_AUDIT: AuditPage = { ...AUDIT, verdict: { ok: false, at: 10_409 } };

/** The starts are far ahead, so that the sample doesn't expire. */
export const HOURS: HoursPage = {
  version: 2,
  door: 'text',
  hours: [
    {
      id: 'hour-0001',
      title: 'Polyglots',
      start: '2026-12-03T20:00',
      zone: 'Europe/Paris',
      weekly: true,
      minutes: 60,
      mode: 'video',
    },
    {
      id: 'hour-0002',
      title: 'Ask me about films',
      start: '2099-12-05T18:30',
      zone: 'Europe/Paris',
      weekly: false,
      minutes: 90,
      mode: 'text',
      community: 'night-painters',
    },
    {
      id: 'hour-0003',
      title: 'Chess without a clock',
      start: '2026-12-08T18:00',
      zone: 'Europe/Paris',
      weekly: true,
      minutes: 60,
      mode: 'text',
      community: 'slow-chess',
    },
  ],
  modes: ['video', 'text'],
  communities: [{ name: 'night-painters', title: 'Night painters', language: 'en' }],
  peaks: [
    { hourOfWeek: 19, people: 24 },
    { hourOfWeek: 91, people: 17 },
  ],
};

export const HOUSE_RULES: HouseRules = {
  version: 2,
  en: 'We meet to speak about films.\nEnglish or French, as both of you like.',
  fr: 'On se retrouve pour parler de films.\nEn français ou en anglais, comme il vous plaît à tous deux.',
};
