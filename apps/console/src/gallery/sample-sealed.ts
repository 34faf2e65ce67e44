import { brandId } from '@farandole/kernel/id';
import type { CaseId } from '@farandole/moderation/ids';
import { CASE_LINKED, COUNTS, MINE, REPORTS, shownOf } from './sample-desk.ts';

const OTHER = brandId<CaseId>('W7eLz2pQnR5s');

/** A case with three reports from one network, two of them from one device. */
const ONE_NETWORK = REPORTS.map((one, at) => ({
  ...one,
  source: { network: 1, device: at === 0 ? 1 : 2 },
}));

/** A user's ordinary case next to a second case that only child safety may open. */
export const CASE_BESIDE_SEALED = shownOf(MINE, {
  reports: ONE_NETWORK,
  others: [{ id: null, lane: 'child-safety', state: 'queued' }],
});

/** A child-safety case with one report, whose user also has an ordinary case. */
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
