import type { ConsoleCounts } from '@farandole/protocol/console-api';
import type { Problem } from '../api/api-client.ts';
import type { Draft } from '../state/console-model.ts';
import {
  ALERTS,
  COUNTS_ALERT,
  ILL_SERVER,
  NEW_ALERTS,
  NO_ALERTS,
  SERVER,
} from './sample-alerts.ts';
import { COMMUNITIES, COMMUNITIES_READ } from './sample-communities.ts';
import {
  CASE,
  CASE_AWAITING,
  CASE_CLOSED,
  CASE_FREE,
  CASE_LINKED,
  CASE_MINE,
  CASE_PICTURES,
  CASE_PICTURES_EXPIRED,
  CASE_THEIRS,
  COUNTS,
} from './sample-desk.ts';
import { BARE_SECURITY, MEMBERS, SECURITY, STALE_SECURITY } from './sample-members.ts';
import { AUDIT, BROKEN_AUDIT, HOURS, HOUSE_RULES, NO_NUMBERS, NUMBERS } from './sample-numbers.ts';
import { EMPTY_PAGE, FOLD, FOLDED, QUEUE, QUEUE_FOLDED } from './sample-queue.ts';
import { CASE_BESIDE_SEALED, CASE_SEALED_APART, COUNTS_UNOPENABLE } from './sample-sealed.ts';
import { APPEALS, APPROVALS, CASE_PICTURES_SEALED, DUE_SEALED, SAMPLES } from './sample-waiting.ts';

export interface Scene {
  readonly hash: string;
  readonly roles: readonly string[];
  /**
   * The fake node's answers by path below the console's API path. A string is an error code;
   * null means that no answer comes.
   */
  readonly says: Readonly<Record<string, unknown>>;
  readonly counts: ConsoleCounts;
  readonly lost: boolean;
  readonly draft: Draft | null;
  readonly notice: 'undo' | 'bad' | null;
  readonly keysOpen: boolean;
  readonly breakDue: boolean;
}

const EVERYTHING: Scene = {
  hash: '#/queue',
  roles: ['moderator', 'senior', 'child-safety', 'auditor'],
  says: {
    queue: QUEUE,
    approvals: APPROVALS,
    sealed: DUE_SEALED,
    appeals: APPEALS,
    samples: SAMPLES,
    numbers: NUMBERS,
    audit: AUDIT,
    members: MEMBERS,
    communities: COMMUNITIES,
    security: SECURITY,
    'house-rules': HOUSE_RULES,
    'published-hours': HOURS,
    alerts: ALERTS,
    server: SERVER,
  },
  counts: COUNTS,
  lost: false,
  draft: null,
  notice: null,
  keysOpen: false,
  breakDue: false,
};

const scene = (hash: string, change: Partial<Scene> = {}): Scene => ({
  ...EVERYTHING,
  hash,
  ...change,
  says: { ...EVERYTHING.says, ...change.says },
});

const caseScene = (shown: unknown, change: Partial<Scene> = {}): Scene =>
  scene(`#/case/${CASE}`, { ...change, says: { [`cases/${CASE}`]: shown } });

const foldScene = (page: unknown): Scene =>
  scene(`#/fold/${FOLD}`, { says: { [`queue?fold=${FOLD}`]: page } });

const DRAFT: Draft = {
  measure: 'suspend-1d',
  reason: null,
  note: 'A threat that names a place; the second time in two weeks.',
  networks: ['network-of-one'],
};

const linkScene = (said: unknown): Scene =>
  scene('#link=a-token-of-the-gallery', { says: { desk: 'signed-out', 'POST link': said } });

export const SCENES: Readonly<Record<string, Scene>> = {
  'console-signed-out': scene('#/queue', { says: { desk: 'signed-out' } }),
  'console-unreachable': scene('#/queue', { says: { desk: 'offline' } }),
  'console-queue': scene('#/queue'),
  'console-queue-triage': scene('#/queue', { roles: ['triage'] }),
  'console-queue-loading': scene('#/queue', { says: { queue: null } }),
  'console-queue-empty': scene('#/queue', { says: { queue: EMPTY_PAGE } }),
  'console-queue-offline': scene('#/queue', { lost: true }),
  'console-queue-failed': scene('#/queue', { says: { queue: 'server-error' } }),
  'console-queue-folded': scene('#/queue', { says: { queue: QUEUE_FOLDED } }),
  'console-fold': foldScene(FOLDED),
  'console-fold-loading': foldScene(null),
  'console-fold-empty': foldScene(EMPTY_PAGE),
  'console-fold-failed': foldScene('server-error'),
  'console-queue-notice': scene('#/queue', { notice: 'undo' }),
  'console-queue-refused': scene('#/queue', { notice: 'bad' }),
  'console-queue-unopenable': scene('#/queue', {
    roles: ['triage'],
    counts: COUNTS_UNOPENABLE,
  }),
  'console-break': scene('#/queue', { breakDue: true }),
  'console-keys': scene('#/queue', { keysOpen: true }),
  'console-case-free': caseScene(CASE_FREE),
  'console-case-mine': caseScene(CASE_MINE),
  'console-case-deciding': caseScene(CASE_MINE, { draft: DRAFT }),
  'console-case-for-good': caseScene(CASE_MINE, {
    draft: { ...DRAFT, measure: 'suspend-permanently' },
  }),
  'console-case-theirs': caseScene(CASE_THEIRS),
  'console-case-lost': caseScene(CASE_FREE, { draft: DRAFT }),
  'console-case-awaiting': caseScene(CASE_AWAITING),
  'console-case-closed': caseScene(CASE_CLOSED),
  'console-case-linked': caseScene(CASE_LINKED),
  'console-case-beside-sealed': caseScene(CASE_BESIDE_SEALED, {
    roles: ['moderator'],
    draft: { ...DRAFT, measure: 'dismiss' },
  }),
  'console-case-sealed-apart': caseScene(CASE_SEALED_APART),
  'console-case-pictures': caseScene(CASE_PICTURES),
  'console-case-pictures-triage': caseScene(CASE_PICTURES, { roles: ['triage'] }),
  'console-case-pictures-sealed': caseScene(CASE_PICTURES_SEALED),
  'console-case-pictures-expired': caseScene(CASE_PICTURES_EXPIRED),
  'console-case-denied': caseScene('not-allowed'),
  'console-approvals': scene('#/approvals'),
  'console-approvals-empty': scene('#/approvals', { says: { approvals: [], sealed: [] } }),
  'console-case-reads-full': scene(`#/case/${CASE}`, { says: { [`cases/${CASE}`]: 'reads-full' } }),
  'console-appeals': scene('#/appeals'),
  'console-appeals-empty': scene('#/appeals', {
    says: { appeals: [], samples: [] },
  }),
  'console-numbers': scene('#/numbers'),
  'console-numbers-unknown': scene('#/numbers', { says: { numbers: NO_NUMBERS } }),
  'console-audit': scene('#/audit'),
  'console-audit-broken': scene('#/audit', { says: { audit: BROKEN_AUDIT } }),
  'console-members': scene('#/members', { roles: ['admin'] }),
  'console-members-loading': scene('#/members', { roles: ['admin'], says: { members: null } }),
  'console-communities': scene('#/communities', { roles: ['rules'] }),
  'console-communities-read': scene('#/communities', { says: { communities: COMMUNITIES_READ } }),
  'console-communities-none': scene('#/communities', {
    roles: ['rules'],
    says: { communities: [] },
  }),
  'console-communities-loading': scene('#/communities', { says: { communities: null } }),
  'console-security': scene('#/security'),
  'console-security-stale': scene('#/security', { says: { security: STALE_SECURITY } }),
  'console-security-bare': scene('#/security', { says: { security: BARE_SECURITY } }),
  'console-link-first': linkScene({ name: null }),
  'console-link-hello': linkScene({ name: 'Marek' }),
  'console-link-over': linkScene('sign-in-failed'),
  'console-link-offline': linkScene('offline'),
  'console-rules': scene('#/rules'),
  'console-hours': scene('#/hours', { roles: ['rules'] }),
  'console-hours-none': scene('#/hours', {
    roles: ['rules'],
    says: { 'published-hours': { ...HOURS, door: 'open', hours: [], peaks: [] } },
  }),
  'console-alerts': scene('#/alerts/alert-0005', { roles: ['admin'], counts: COUNTS_ALERT }),
  'console-alerts-banner': scene('#/queue', { counts: COUNTS_ALERT }),
  'console-alerts-member': scene('#/alerts', { says: { alerts: { ...ALERTS, settings: null } } }),
  'console-alerts-none': scene('#/alerts', { says: { alerts: NO_ALERTS } }),
  'console-alerts-new': scene('#/alerts', { roles: ['admin'], says: { alerts: NEW_ALERTS } }),
  'console-server': scene('#/server', { roles: ['admin'] }),
  'console-server-ill': scene('#/server', { roles: ['admin'], says: { server: ILL_SERVER } }),
  'console-rules-edited': scene('#/rules', { roles: ['admin'] }),
  'console-missing': scene('#/nowhere'),
};

export const STATUS: Readonly<Record<string, Problem['status']>> = {
  'signed-out': 401,
  'not-allowed': 403,
  'sign-in-failed': 403,
  'server-error': 500,
  offline: null,
};
