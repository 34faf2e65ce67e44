import { brandId } from '@farandole/kernel/id';
import type { DueCase } from '@farandole/moderation/disclosure/unseal';
import type { DecisionId, PictureId } from '@farandole/moderation/ids';
import { COLLEAGUE, DAY_MS, FACTS, NOW_MS, pictured, shownOf } from './sample-desk.ts';

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
