import type { MemberId } from '@farandole/accounts/ids';
import { brandId, type DeviceKeyId, type MatchId, type SubjectId } from '@farandole/kernel/id';
import type {
  Case,
  CaseEvent,
  CaseEventName,
  CaseFacts,
  CaseState,
} from '@farandole/moderation/cases/case-machine';
import type { Report } from '@farandole/moderation/cases/intake';
import type { ApprovalId, CaseId, DecisionId, ReportId } from '@farandole/moderation/ids';

export const NOW_MS = 1_750_000_000_000;
export const ANA = brandId<MemberId>('member-ana');
export const BEN = brandId<MemberId>('member-ben');
export const DECISION = brandId<DecisionId>('decision-1');
export const APPROVAL = brandId<ApprovalId>('approval-1');
export const SUBJECT = brandId<SubjectId>('subject-1');

export const FACTS: CaseFacts = {
  id: brandId<CaseId>('case-0001'),
  subject: SUBJECT,
  device: null,
  openedAtMs: NOW_MS - 1_000,
  reasons: [{ reason: 'hate', times: 1, firstAtMs: NOW_MS - 1_000 }],
  reports: 1,
  reporters: 1,
  lane: 'normal',
  imminent: false,
  handedOn: null,
};

/** One case in each state. Ana is the member who handled it. */
export const CASES: Readonly<Record<CaseState, Case>> = {
  open: { ...FACTS, state: 'open' },
  queued: { ...FACTS, state: 'queued' },
  assigned: { ...FACTS, state: 'assigned', to: ANA, untilMs: NOW_MS + 60_000 },
  escalated: {
    ...FACTS,
    handedOn: { by: ANA, to: 'senior' },
    state: 'escalated',
    by: ANA,
    to: 'senior',
    approval: null,
  },
  closed: { ...FACTS, state: 'closed', by: ANA, decision: DECISION, atMs: NOW_MS - 1_000 },
  reopened: { ...FACTS, state: 'reopened', by: ANA, why: 'appeal' },
};

export function eventsBy(by: MemberId): Readonly<Record<CaseEventName, CaseEvent>> {
  return {
    queue: { event: 'queue' },
    assign: { event: 'assign', by },
    release: { event: 'release', by },
    lapse: { event: 'lapse' },
    escalate: { event: 'escalate', by, to: 'senior' },
    decide: { event: 'decide', by, decision: DECISION },
    propose: { event: 'propose', by, approval: APPROVAL },
    approve: { event: 'approve', by, approval: APPROVAL, decision: DECISION },
    decline: { event: 'decline', by, approval: APPROVAL },
    withdraw: { event: 'withdraw', by, approval: APPROVAL },
    safeguard: { event: 'safeguard' },
    undo: { event: 'undo', by },
    reopen: { event: 'reopen', by, why: 'appeal' },
  };
}

export function makeReport(change: Partial<Report> = {}): Report {
  return {
    id: brandId<ReportId>('report-01'),
    match: brandId<MatchId>('match-001'),
    by: brandId<SubjectId>('reporter-1'),
    of: SUBJECT,
    ofDevice: brandId<DeviceKeyId>('device-001'),
    reason: 'hate',
    note: null,
    lines: 3,
    evidence: 'verified',
    atMs: NOW_MS,
    ...change,
  };
}
