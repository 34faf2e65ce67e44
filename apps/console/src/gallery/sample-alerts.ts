import { brandId } from '@farandole/kernel/id';
import type { Alert } from '@farandole/moderation/alerts/alert';
import type { CaseId } from '@farandole/moderation/ids';
import type { ConsoleCounts, ServerPage } from '@farandole/protocol/console-api';
import type { AlertsAnswer } from '../screens/alerts.tsx';
import {
  CASE,
  COLLEAGUE,
  COUNTS,
  DAY_MS,
  HOUR_MS,
  MINUTE_MS,
  NOW_MS,
  SENIOR,
} from './sample-desk.ts';

const alert = (number: number, change: Partial<Alert>): Alert => ({
  id: `alert-000${number}`,
  kind: 'pinned-case',
  atMs: NOW_MS - 20 * MINUTE_MS,
  count: 1,
  cases: [],
  class: null,
  woken: [{ member: COLLEAGUE, atMs: NOW_MS - 20 * MINUTE_MS }],
  end: null,
  ...change,
});

export const ALERTS: AlertsAnswer = {
  alerts: [
    alert(5, {
      count: 3,
      cases: [CASE, brandId<CaseId>('zT8wLq2Vn5cX')],
      class: 'danger',
      woken: [
        { member: COLLEAGUE, atMs: NOW_MS - 20 * MINUTE_MS },
        { member: SENIOR, atMs: NOW_MS - 5 * MINUTE_MS },
      ],
      undelivered: ['webhook'],
    }),
    alert(4, { kind: 'disk-full', atMs: NOW_MS - 2 * HOUR_MS, notSetUp: ['mail'] }),
    alert(3, {
      kind: 'late-case',
      ...{ count: 4, class: 'other', atMs: NOW_MS - DAY_MS },
      end: { how: 'acknowledged', by: SENIOR, atMs: NOW_MS - DAY_MS + 6 * MINUTE_MS },
    }),
    alert(2, {
      kind: 'relay-dead',
      atMs: NOW_MS - 2 * DAY_MS,
      end: { how: 'over', atMs: NOW_MS - 2 * DAY_MS + 9 * MINUTE_MS },
    }),
  ],
  settings: {
    version: 3,
    rota: [
      { member: COLLEAGUE, mail: 'marek@example.org', days: [0, 1, 2, 3, 4] },
      { member: SENIOR, mail: '', days: [] },
    ],
    quiet: { from: '22:00', to: '07:00' },
    zone: 'Europe/Paris',
    language: 'fr',
  },
  channels: ['webhook', 'mail'],
};

export const NO_ALERTS: AlertsAnswer = { alerts: [], settings: null, channels: [] };

export const NEW_ALERTS: AlertsAnswer = {
  ...NO_ALERTS,
  settings: { version: 0, rota: [], quiet: null, zone: 'UTC', language: 'en' },
};

export const COUNTS_ALERT: ConsoleCounts = {
  ...COUNTS,
  counts: {
    ...COUNTS.counts,
    alert: { id: 'alert-0005', kind: 'pinned-case', count: 3, atMs: NOW_MS - 5 * MINUTE_MS },
  },
};

export const SERVER: ServerPage = {
  build: { version: '0.2.0', node: '24.11.1' },
  startedAtMs: NOW_MS - 9 * DAY_MS,
  nowMs: NOW_MS,
  nodes: 1,
  people: { online: 214, detached: 3 },
  calls: [
    { mode: 'video', route: 'direct', calls: 52 },
    { mode: 'video', route: 'relay', calls: 11 },
    { mode: 'text', route: 'unknown', calls: 27 },
    { mode: 'voice', route: 'direct', calls: 4 },
  ],
  waiting: [
    { mode: 'video', people: 5 },
    { mode: 'text', people: 2 },
  ],
  matches: { count: 391, medianMs: 2_400 },
  relay: {
    servers: [{ url: 'turn:turn.example.org:3478?transport=udp', isReachable: true }],
    bytesEstimated: 48_200_000_000,
  },
  disk: { freeBytes: 61_000_000_000, sizeBytes: 80_000_000_000, isFull: false },
  lastBackupAtMs: NOW_MS - 7 * HOUR_MS,
  isBackupOld: false,
  store: { isFailing: false, reportsWaiting: 0 },
  isAuditBroken: false,
  isClockDoubtful: false,
  backlog: { open: 17, late: 1, appeals: 2, unopenable: 0 },
};

export const ILL_SERVER: ServerPage = {
  ...SERVER,
  nodes: 3,
  calls: [],
  waiting: null,
  matches: { count: 0, medianMs: null },
  relay: {
    servers: [
      { url: 'turn:turn.example.org:3478?transport=udp', isReachable: false },
      { url: 'turns:turn.example.org:443?transport=tcp', isReachable: true },
    ],
    bytesEstimated: 0,
  },
  disk: { freeBytes: 300_000_000, sizeBytes: 80_000_000_000, isFull: true },
  lastBackupAtMs: null,
  isBackupOld: true,
  store: { isFailing: true, reportsWaiting: 12 },
  isAuditBroken: true,
  isClockDoubtful: true,
  backlog: { open: 17, late: 9, appeals: 2, unopenable: 1 },
};
