import type { MemberId } from '@farandole/accounts/ids';
import { brandId, type DeviceKeyId, type MatchId, type SubjectId } from '@farandole/kernel/id';
import type { WaitingApproval } from '@farandole/moderation/approvals/waiting-approvals';
import type { Case, CaseFacts } from '@farandole/moderation/cases/case-machine';
import type { QueuedCase } from '@farandole/moderation/cases/queue';
import type { ShownPicture } from '@farandole/moderation/evidence/pictures';
import type {
  AnchorHash,
  AppealId,
  ApprovalId,
  CaseId,
  DecisionId,
  PictureId,
  ReportId,
  SanctionId,
} from '@farandole/moderation/ids';
import { type ReportReason, ruleOfReason } from '@farandole/moderation/reports/reason';
import type { Priority } from '@farandole/moderation/reports/triage';
import type {
  ShownCase,
  ShownDecision,
  ShownReport,
} from '@farandole/moderation/service/show-case';
import type { AuditRow } from '@farandole/moderation/store/records';
import type { Decision, ReportedPair, SaidLine } from '@farandole/moderation/store/stored';
import type { ShownNetwork } from '@farandole/moderation/trust/shared-network';
import type { ConsoleCounts, ConsoleDesk } from '@farandole/protocol/console-api';

export const NOW_MS = Date.UTC(2026, 10, 26, 14, 20);

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

export const ME = 'member-of-the-gallery';
export const COLLEAGUE = brandId<MemberId>('member-colleague');
export const SENIOR = brandId<MemberId>('member-senior');
export const CASE = brandId<CaseId>('Qm3vT9xLr0aB');
const SUBJECT = brandId<SubjectId>('subject-of-the-case');

export const me = (...roles: string[]): ConsoleDesk => ({
  member: { id: ME, name: 'Inès', roles },
  names: { [ME]: 'Inès', [COLLEAGUE]: 'Marek', [SENIOR]: 'Oluwaseun' },
  handOver: { hotline: 'Point de Contact, pointdecontact.net', authority: null },
});

export const COUNTS: ConsoleCounts = {
  version: 1,
  atMs: NOW_MS,
  counts: { waiting: 6, late: 1, mine: 1, approvals: 1, appeals: 2, unopenable: 0 },
};

interface CaseChange {
  readonly id?: string;
  readonly reasons?: readonly (readonly [ReportReason, number])[];
  readonly openMs?: number;
  readonly reporters?: number;
  readonly lane?: Case['lane'];
  readonly handedOn?: CaseFacts['handedOn'];
}

function factsOf(change: CaseChange) {
  const { reasons = [['threat-or-violence', 3]], openMs = 34 * MINUTE_MS } = change;
  const openedAtMs = NOW_MS - openMs;
  return {
    id: change.id === undefined ? CASE : brandId<CaseId>(change.id),
    subject: SUBJECT,
    device: brandId<DeviceKeyId>('device-of-the-case'),
    openedAtMs,
    reasons: reasons.map(([reason, times]) => ({ reason, times, firstAtMs: openedAtMs })),
    reports: reasons.reduce((sum, [, times]) => sum + times, 0),
    reporters: change.reporters ?? 2,
    lane: change.lane ?? 'normal',
    imminent: false,
    handedOn: change.handedOn ?? null,
  } as const;
}

function priorityOf(of: Case, p: number): Priority {
  const [{ reason } = { reason: 'other' as const }] = of.reasons;
  const { severity, deadlineMs, pinned } = ruleOfReason(reason);
  const dueAtMs = of.openedAtMs + deadlineMs;
  const lateness = (NOW_MS - of.openedAtMs) / deadlineMs;
  return {
    pinned,
    score: severity * p,
    severity,
    harmProbability: p,
    metLastHour: 0,
    lateness,
    dueAtMs,
  };
}

type WithoutFacts<Of> = Of extends unknown ? Omit<Of, keyof CaseFacts> : never;
type CaseState = WithoutFacts<Case>;

export const queued = (change: CaseChange, state: CaseState, p: number): QueuedCase => {
  const of: Case = { ...factsOf(change), ...state };
  return { of, priority: priorityOf(of, p), crowd: null };
};

const mineFor = (ms: number): CaseState & { readonly state: 'assigned' } => ({
  state: 'assigned',
  to: brandId<MemberId>(ME),
  untilMs: NOW_MS + ms,
});

const REASONS_OF_TWO: CaseChange['reasons'] = [
  ['threat-or-violence', 3],
  ['hate', 1],
];
const REASONS_HANDED: CaseChange['reasons'] = [
  ['other', 1],
  ['hate', 1],
];

export const CASES: readonly QueuedCase[] = [
  queued(
    { id: 'case-self-harm', reasons: [['self-harm', 1]], openMs: 74 * MINUTE_MS, reporters: 1 },
    { state: 'queued' },
    0.09,
  ),
  queued({ reasons: REASONS_OF_TWO }, mineFor(18.5 * MINUTE_MS), 0.62),
  queued(
    { id: 'case-recording', reasons: [['recording-or-sharing', 2]], openMs: 3 * HOUR_MS },
    { state: 'assigned', to: COLLEAGUE, untilMs: NOW_MS + 6 * MINUTE_MS },
    0.34,
  ),
  queued(
    { id: 'case-sexual', reasons: [['sexual-content', 5]], openMs: 52 * MINUTE_MS, reporters: 5 },
    { state: 'queued' },
    0.48,
  ),
  queued(
    { id: 'case-hate', reasons: [['hate', 2]], openMs: 5 * HOUR_MS },
    {
      state: 'escalated',
      by: COLLEAGUE,
      to: 'second-person',
      approval: brandId<ApprovalId>('approval-hate'),
    },
    0.81,
  ),
  queued(
    { id: 'case-scam', reasons: [['scam-or-spam', 4]], openMs: 7 * HOUR_MS, reporters: 4 },
    { state: 'queued' },
    0.27,
  ),
  queued(
    {
      ...{ id: 'case-handed', reasons: REASONS_HANDED, openMs: 9 * HOUR_MS },
      handedOn: { by: COLLEAGUE, to: 'senior' },
    },
    { state: 'escalated', by: COLLEAGUE, to: 'senior', approval: null },
    0.15,
  ),
  queued(
    { id: 'case-other', reasons: [['other', 1]], openMs: 26 * HOUR_MS, reporters: 1 },
    { state: 'reopened', by: SENIOR, why: 'new-facts' },
    0.11,
  ),
];

const line = (a: number, b: number, side: 'a' | 'b', text: string): SaidLine => ({
  side,
  counters: [a, b],
  atMs: NOW_MS - 36 * MINUTE_MS + (a + b) * 4_300,
  text,
});

const LINES: readonly SaidLine[] = [
  line(7, 6, 'a', 'so where are you from?'),
  line(7, 7, 'b', 'why do you want to know'),
  line(8, 7, 'a', 'just to talk, I am from Lyon'),
  line(8, 8, 'b', 'I know people there. Say that again and they will find you'),
  line(8, 9, 'b', 'you should be afraid'),
  line(9, 9, 'a', 'stop, I am leaving now'),
];

const PAIR: ReportedPair = {
  atMs: NOW_MS - 37 * MINUTE_MS,
  mode: 'video',
  age: 'declared',
  policy: 1,
  reporter: { tier: 'normal', circle: 'normal' },
  reported: { tier: 'new', circle: 'normal' },
};

const report = (
  change: Partial<ShownReport['report']>,
  words: ShownReport['words'],
  pictures: ShownReport['pictures'] = [],
  source: ShownReport['source'] = { network: 1, device: 1 },
): ShownReport => ({
  report: {
    id: brandId<ReportId>(`report-${change.code ?? 'KD7Q-2MRA'}`),
    match: brandId<MatchId>('match-of-the-case'),
    by: brandId<SubjectId>('subject-who-reported'),
    of: SUBJECT,
    ofDevice: brandId<DeviceKeyId>('device-of-the-case'),
    reason: 'threat-or-violence',
    lines: 6,
    evidence: 'verified',
    atMs: NOW_MS - 34 * MINUTE_MS,
    side: 'a',
    code: 'KD7Q-2MRA',
    case: CASE,
    weight: 3.1,
    added: 4.6,
    verdict: 'waiting',
    verdictBefore: 'waiting',
    ...change,
  },
  source,
  pair: PAIR,
  words,
  pictures,
});

const picturesIn = (state: ShownPicture['state'], last = state): readonly ShownPicture[] =>
  Array.from({ length: 12 }, (_, at) => ({
    id: brandId<PictureId>(`picture-${state}-${at}`),
    agoMs: 1_500 * (12 - at),
    state: at === 11 ? last : state,
  }));

export const REPORTS: readonly ShownReport[] = [
  report({}, { note: 'They said that they would send somebody to my house.', lines: LINES }),
  report(
    {
      code: 'PX3N-8WTC',
      metBy: 'invitation',
      reason: 'hate',
      evidence: 'inconclusive',
      lines: 0,
      atMs: NOW_MS - 21 * MINUTE_MS,
    },
    { note: '', lines: [] },
  ),
  { ...report({ code: 'A5VE-6JHL', atMs: NOW_MS - 12 * MINUTE_MS }, null), pair: null },
];

export const decisionOf = (change: Partial<Decision>): Decision => ({
  id: brandId<DecisionId>('decision-earlier'),
  case: brandId<CaseId>('case-earlier'),
  subject: SUBJECT,
  measure: 'suspend-1h',
  reason: 'hate',
  deciders: [COLLEAGUE],
  atMs: NOW_MS - 12 * DAY_MS,
  endsAtMs: NOW_MS - 12 * DAY_MS + HOUR_MS,
  reversedAtMs: null,
  replacedBy: null,
  ended: { holdUntilMs: null, sanctions: [] },
  ...change,
});

const HISTORY: readonly ShownDecision[] = [
  {
    decision: decisionOf({}),
    note: 'Same words as in March; they had been warned.',
    sanctions: [],
    appeal: null,
  },
  {
    decision: decisionOf({
      id: brandId<DecisionId>('decision-first'),
      measure: 'warn',
      deciders: [SENIOR],
      atMs: NOW_MS - 40 * DAY_MS,
      endsAtMs: null,
      reversedAtMs: NOW_MS - 38 * DAY_MS,
    }),
    note: null,
    sanctions: [],
    appeal: {
      id: brandId<AppealId>('appeal-first'),
      standing: 'subject',
      decision: brandId<DecisionId>('decision-first'),
      atMs: NOW_MS - 39 * DAY_MS,
      state: 'answered',
      by: COLLEAGUE,
      outcome: 'overturn',
      endsAtMs: null,
      answeredAtMs: NOW_MS - 38 * DAY_MS,
    },
  },
];

export const row = (seq: number, change: Partial<AuditRow>): AuditRow => ({
  seq,
  atMs: NOW_MS - 60 * MINUTE_MS + seq * MINUTE_MS,
  by: brandId<MemberId>(ME),
  action: 'case.assign',
  about: CASE,
  details: {},
  ...change,
});

const STEPS: readonly AuditRow[] = [
  row(28, { by: COLLEAGUE, action: 'case.assign', details: { state: 'assigned' } }),
  row(39, { by: COLLEAGUE, action: 'case.release', details: { state: 'queued' } }),
  row(58, { details: { state: 'assigned' } }),
];

export const FACTS = factsOf({
  reasons: [
    ['threat-or-violence', 2],
    ['hate', 1],
  ],
});
/** The state of a case that a colleague has closed by a decision. */
export const closedBy = ({ id, atMs }: Pick<Decision, 'id' | 'atMs'>) =>
  ({ ...FACTS, state: 'closed', by: COLLEAGUE, decision: id, atMs }) as const;

export const MINE = { ...FACTS, ...mineFor(18.5 * MINUTE_MS) };

const network = (name: string, change: Partial<ShownNetwork>): ShownNetwork => ({
  network: brandId<AnchorHash>(name),
  family: 'v4',
  bits: 24,
  atMs: NOW_MS - 2 * DAY_MS,
  others: 0,
  ...change,
});

export function shownOf(of: Case, change: Partial<ShownCase> = {}): ShownCase {
  return {
    of,
    priority: priorityOf(of, 0.62),
    reports: REPORTS,
    reportsInAll: (change.reports ?? REPORTS).length,
    decisions: HISTORY,
    strikes: 1,
    facts: {
      reports: 3,
      lines: true,
      pictures: 0,
      earlier: [{ decision: brandId<DecisionId>('decision-earlier'), atMs: NOW_MS - 12 * DAY_MS }],
    },
    proposal: null,
    subject: { harmProbability: 0.62, tier: 'restricted', sessions: 43, heldUntilMs: null },
    openCase: null,
    others: [],
    mayTake: true,
    linked: [],
    sealed: null,
    networks: [
      network('network-of-one', { atMs: NOW_MS - 31 * MINUTE_MS }),
      network('network-of-many', { family: 'v6', bits: 48, others: 3 }),
    ],
    steps: STEPS,
    ...change,
  };
}

export const CASE_FREE = shownOf({ ...FACTS, state: 'queued' });
export const CASE_MINE = shownOf(MINE);
export const pictured = (state: ShownPicture['state'], last = state): Partial<ShownCase> => ({
  reports: [report({}, { note: '', lines: LINES }, picturesIn(state, last)), ...REPORTS.slice(1)],
});
export const CASE_PICTURES = shownOf(MINE, pictured('kept'));
export const CASE_PICTURES_EXPIRED = shownOf(MINE, pictured('expired'));
export const CASE_THEIRS = shownOf({ ...MINE, to: COLLEAGUE, untilMs: NOW_MS + 6 * MINUTE_MS });
const DECIDED = decisionOf({
  id: brandId<DecisionId>('decision-now'),
  measure: 'suspend-1d',
  reason: 'threat-or-violence',
  atMs: NOW_MS - 2 * MINUTE_MS,
  endsAtMs: NOW_MS + DAY_MS - 2 * MINUTE_MS,
});
export const CASE_CLOSED = shownOf(closedBy(DECIDED), {
  strikes: 2,
  decisions: [
    {
      decision: DECIDED,
      note: 'A threat with a place. Second time.',
      sanctions: [
        {
          id: brandId<SanctionId>('sanction-now'),
          decision: DECIDED.id,
          on: { scope: 'subject', subject: SUBJECT },
          restriction: 'suspended',
          startsAtMs: DECIDED.atMs,
          endsAtMs: DECIDED.endsAtMs,
          liftedAtMs: null,
        },
      ],
      appeal: {
        id: brandId<AppealId>('appeal-now'),
        standing: 'subject',
        decision: DECIDED.id,
        atMs: NOW_MS,
        state: 'waiting',
      },
    },
    ...HISTORY,
  ],
});

export const PROPOSAL: WaitingApproval['approval'] = {
  id: brandId<ApprovalId>('approval-of-the-case'),
  act: 'permanent-suspension',
  by: COLLEAGUE,
  atMs: NOW_MS - 8 * MINUTE_MS,
  state: 'waiting',
  proposal: {
    of: 'decision',
    case: CASE,
    measure: 'suspend-permanently',
    reason: 'threat-or-violence',
    networks: [],
  },
};
export const WAITS: Extract<Case, { state: 'escalated' }> = {
  ...FACTS,
  state: 'escalated',
  by: COLLEAGUE,
  to: 'second-person',
  approval: PROPOSAL.id,
};
export const PROPOSED =
  'The fourth time, each with a threat that names a place. Warned, then kept out twice.';

export const CASE_AWAITING = shownOf(WAITS, { proposal: { approval: PROPOSAL, note: PROPOSED } });

const YOUNG: Case = {
  ...factsOf({ reasons: [['may-be-under-18', 2]], openMs: 18 * MINUTE_MS, lane: 'child-safety' }),
  handOver: [{ step: 'left-closed', by: COLLEAGUE, atMs: NOW_MS - 9 * MINUTE_MS }],
  ...mineFor(1.4 * MINUTE_MS),
};
export const CASE_LINKED = shownOf(YOUNG, {
  reports: [
    report({ reason: 'may-be-under-18', lines: 2 }, { note: null, lines: LINES.slice(0, 2) }),
  ],
  decisions: [],
  strikes: 0,
  subject: { harmProbability: 0.94, tier: 'new', sessions: 4, heldUntilMs: NOW_MS + 23 * HOUR_MS },
  sealed: { untilMs: null, deletionAsked: false, picturesAsked: [] },
  linked: [
    {
      subject: brandId<SubjectId>('subject-linked'),
      cases: [
        { id: brandId<CaseId>('hN4cYw81kPzE'), state: 'closed' },
        { id: brandId<CaseId>('s0RduK62mVxA'), state: 'queued' },
      ],
    },
  ],
});
