import { brandId } from '@farandole/kernel/id';
import type { QueuedCase, QueuePage } from '@farandole/moderation/cases/queue';
import type { FoldId } from '@farandole/moderation/ids';
import { CASES, queued } from './sample-desk.ts';

const MINUTE_MS = 60_000;

const page = (rows: readonly QueuedCase[], change: Partial<QueuePage> = {}): QueuePage => ({
  rows,
  next: null,
  crowd: null,
  ...change,
});

export const QUEUE = page(CASES);
export const EMPTY_PAGE = page([]);

export const FOLD = brandId<FoldId>('fold-of-the-flood');
const CROWD = { fold: FOLD, reports: 1_590 };

const selfHarm = (n: number): QueuedCase =>
  queued(
    {
      id: `case-of-the-flood-${n}`,
      reasons: [['self-harm', 1]],
      openMs: (41 - 0.4 * n) * MINUTE_MS,
      reporters: 1,
    },
    { state: 'queued' },
    0.03,
  );

const [pinned, ...others] = CASES;

/** A queue that has several pages, and many reports from one network. */
export const QUEUE_FOLDED = page(
  [
    ...(pinned === undefined ? [] : [pinned]),
    selfHarm(0),
    { ...selfHarm(1), crowd: CROWD },
    ...others,
  ],
  { next: 'the next page' },
);

export const FOLDED = page(
  Array.from({ length: 8 }, (_, n) => selfHarm(n + 1)),
  { next: 'the next page', crowd: CROWD },
);
