import type { MemberId } from '@farandole/accounts/ids';
import { brandId } from '@farandole/kernel/id';
import type {
  WaitingAgeAppeal,
  WaitingAppeal,
  WaitingDecisionAppeal,
  WaitingMeasureAppeal,
} from '@farandole/moderation/appeals/waiting-appeals';
import type { WaitingApproval } from '@farandole/moderation/approvals/waiting-approvals';
import type { SampledDismissal } from '@farandole/moderation/cases/quality-sample';
import type { DueCase } from '@farandole/moderation/disclosure/unseal';
import type {
  AppealId,
  ApprovalId,
  DecisionId,
  PictureId,
  SanctionId,
} from '@farandole/moderation/ids';
import type { Decision } from '@farandole/moderation/store/stored';
import {
  CASE,
  COLLEAGUE,
  closedBy,
  DAY_MS,
  decisionOf,
  FACTS,
  HOUR_MS,
  ME,
  NOW_MS,
  PROPOSAL,
  PROPOSED,
  pictured,
  SENIOR,
  shownOf,
  WAITS,
} from './sample-desk.ts';

/**
 * A case that may involve a minor, which was handed over to child safety and decided. One
 * viewing of its pictures was approved.
 */
export const CASE_PICTURES_SEALED = shownOf(
  {
    ...closedBy({ id: brandId<DecisionId>('decision-now'), atMs: NOW_MS - 2 * DAY_MS }),
    lane: 'child-safety',
    handOver: [{ step: 'handed-over', by: COLLEAGUE, atMs: NOW_MS - DAY_MS }],
  },
  {
    ...pictured('sealed', 'unsealed'),
    sealed: {
      untilMs: NOW_MS + 364 * DAY_MS,
      deletionAsked: false,
      picturesAsked: [brandId<PictureId>('picture-sealed-0')],
    },
  },
);

export const DUE_SEALED: readonly DueCase[] = [
  { of: CASE_PICTURES_SEALED.of, untilMs: NOW_MS - 3 * DAY_MS },
];

const { of: SEALED } = CASE_PICTURES_SEALED;

const DISMISSED = decisionOf({
  id: brandId<DecisionId>('decision-dismissed'),
  measure: 'dismiss',
  atMs: NOW_MS - 2 * DAY_MS,
  endsAtMs: null,
});

export const SAMPLES: readonly SampledDismissal[] = [
  {
    decision: DISMISSED,
    of: closedBy(DISMISSED),
    mayAnswer: true,
  },
];

const answerable = (
  name: string,
  asked: Pick<WaitingApproval['approval'], 'act' | 'proposal'> & { readonly by?: MemberId },
  of: WaitingApproval['of'] = null,
): WaitingApproval => ({
  approval: { ...PROPOSAL, id: brandId<ApprovalId>(`approval-of-${name}`), ...asked },
  ...{ of, note: null, isShown: true, may: 'answer' },
});

export const APPROVALS: readonly WaitingApproval[] = [
  { approval: PROPOSAL, of: WAITS, note: PROPOSED, isShown: true, may: 'answer' },
  answerable('roles', {
    ...{ act: 'role-grant', by: SENIOR },
    proposal: { of: 'roles', member: COLLEAGUE, roles: ['moderator', 'senior'] },
  }),
  answerable('reveals', {
    act: 'more-reveals',
    proposal: { of: 'reveals', member: COLLEAGUE },
  }),
  answerable(
    'unsealing',
    {
      act: 'unsealing',
      proposal: { of: 'unsealing', case: CASE, picture: brandId<PictureId>('picture-sealed-3') },
    },
    SEALED,
  ),
  answerable(
    'deletion',
    { act: 'early-deletion', proposal: { of: 'deletion', case: CASE } },
    SEALED,
  ),
  {
    approval: {
      ...PROPOSAL,
      id: brandId<ApprovalId>('approval-of-mine'),
      by: brandId<MemberId>(ME),
      via: 'operator',
    },
    of: { ...WAITS, by: brandId<MemberId>(ME) },
    note: null,
    isShown: true,
    may: 'withdraw',
  },
];

const APPEALED = decisionOf({
  id: brandId<DecisionId>('decision-appealed'),
  measure: 'suspend-7d',
  reason: 'threat-or-violence',
  atMs: NOW_MS - 26 * HOUR_MS,
  endsAtMs: NOW_MS + 6 * DAY_MS,
});

const appealOf = (id: string, change: Partial<WaitingDecisionAppeal>): WaitingDecisionAppeal => ({
  appeal: {
    id: brandId<AppealId>(id),
    standing: 'subject',
    decision: APPEALED.id,
    atMs: NOW_MS - 5 * HOUR_MS,
    state: 'waiting',
  },
  text: 'I was quoting a film and the other person laughed. I would like somebody to read the lines before and after it.',
  decision: APPEALED,
  note: 'The line before it is missing from the report.',
  of: closedBy(APPEALED),
  shared: null,
  isShown: true,
  mayAnswer: true,
  ...change,
});

const OF_TWO = decisionOf({
  id: brandId<DecisionId>('decision-of-two'),
  measure: 'suspend-permanently',
  reason: 'hate',
  atMs: NOW_MS - 9 * DAY_MS,
  endsAtMs: null,
  deciders: [COLLEAGUE, SENIOR],
});

/**
 * Builds an appeal by a user whom a decision about another user affects, because the two share a
 * network or device.
 */
const sharedAppealOf = (
  id: string,
  decision: Decision,
  hoursAgo: number,
  change: Partial<WaitingDecisionAppeal>,
): WaitingDecisionAppeal =>
  appealOf(id, {
    appeal: {
      id: brandId<AppealId>(id),
      standing: 'affected',
      decision: decision.id,
      sanction: brandId<SanctionId>(`${decision.id}-shared`),
      atMs: NOW_MS - hoursAgo * HOUR_MS,
      state: 'waiting',
    },
    ...{ note: null, decision, of: closedBy(decision) },
    ...change,
  });

const SHARED_APPEALS: readonly WaitingAppeal[] = [
  sharedAppealOf('appeal-shared', APPEALED, 2, {
    text: 'We are forty in this hall of residence, and nobody gets in since yesterday.',
    shared: { scope: 'prefix', endsAtMs: APPEALED.endsAtMs },
  }),
  sharedAppealOf('appeal-shared-two', OF_TWO, 1, {
    text: 'This is the computer of our library, and I never met anybody here before.',
    shared: { scope: 'device', endsAtMs: null },
  }),
];

const MEASURE_APPEAL: WaitingMeasureAppeal = {
  appeal: {
    id: brandId<AppealId>('appeal-measure'),
    standing: 'measure',
    case: FACTS.id,
    measure: 'restriction',
    atMs: NOW_MS - HOUR_MS,
    state: 'waiting',
  },
  decision: null,
  of: { ...FACTS, state: 'queued' },
  endsAtMs: NOW_MS + DAY_MS,
  text: 'I was eating my dinner. I think somebody pressed the button for fun.',
  note: null,
  isShown: true,
  mayAnswer: true,
};

const AGE_APPEAL: WaitingAgeAppeal = {
  appeal: {
    id: brandId<AppealId>('appeal-age'),
    standing: 'age',
    endsAtMs: NOW_MS + 20 * HOUR_MS,
    atMs: NOW_MS - HOUR_MS,
    state: 'waiting',
  },
  decision: null,
  of: null,
  endsAtMs: NOW_MS + 20 * HOUR_MS,
  text: 'My daughter was curious and pressed the button on our computer. I am 44.',
  note: null,
  isShown: true,
  mayAnswer: true,
};

export const APPEALS: readonly WaitingAppeal[] = [
  appealOf('appeal-one', {}),
  appealOf('appeal-two', {
    text: null,
    note: null,
    mayAnswer: false,
    decision: decisionOf({
      measure: 'warn',
      endsAtMs: null,
      deciders: [brandId<MemberId>(ME)],
      atMs: NOW_MS - 3 * DAY_MS,
    }),
  }),
  appealOf('appeal-three', { text: null, note: null, isShown: false }),
  ...SHARED_APPEALS,
  MEASURE_APPEAL,
  AGE_APPEAL,
];
