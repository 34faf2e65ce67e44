import { brandId } from '@farandole/kernel/id';
import type { DueCase } from '@farandole/moderation/disclosure/unseal';
import type { CaseId, DecisionId, PictureId } from '@farandole/moderation/ids';
import {
  CASE_LINKED,
  COLLEAGUE,
  COUNTS,
  DAY_MS,
  FACTS,
  MINE,
  NOW_MS,
  pictured,
  REPORTS,
  shownOf,
} from './sample-desk.ts';

/** A handed-over, decided case that may involve a minor, with one approved look at its pictures. */
export const CASE_PICTURES_SEALED = shownOf(
  {
    ...FACTS,
    lane: 'child-safety',
    handOver: [{ step: 'handed-over', by: COLLEAGUE, atMs: NOW_MS - DAY_MS }],
    state: 'closed',
    by: COLLEAGUE,
    decision: brandId<DecisionId>('decision-now'),
    atMs: NOW_MS - 2 * DAY_MS,
  },
  {
    ...pictured('sealed', 'unsealed'),
    sealed: {
      untilMs: NOW_MS + 364 * DAY_MS,
      deletionAsked: false,
      chosenVariants: [brandId<PictureId>('picture-sealed-0')],
    },
  },
);

export const DUE_SEALED: readonly DueCase[] = [
  { of: CASE_PICTURES_SEALED.of, untilMs: NOW_MS - 3 * DAY_MS },
];

const OTHER = brandId<CaseId>('W7eLz2pQnR5s');

/** Three reports from one network, two of them from one device. */
const ONE_NETWORK = REPORTS.map((one, at) => ({
  ...one,
  source: { network: 1, device: at === 0 ? 1 : 2 },
}));

/** A moderator's case beside one that only child safety may open. */
export const CASE_BESIDE_SEALED = shownOf(MINE, {
  reports: ONE_NETWORK,
  others: [{ id: null, lane: 'child-safety', state: 'queued' }],
});

/** A child-safety case with one report, beside the ordinary one. */
export const CASE_SEALED_APART = {
  ...CASE_LINKED,
  of: { ...CASE_LINKED.of, apart: true },
  linked: [],
  others: [{ id: OTHER, lane: 'normal', state: 'assigned' }],
} as const;

export const COUNTS_UNOPENABLE = {
  ...COUNTS,
  counts: { ...COUNTS.counts, unopenable: 3 },
};
