import type { MemberId } from '@farandole/accounts/ids';
import { ok, type Result } from '@farandole/kernel/result';
import type { TransparencyPage } from '@farandole/moderation/stats/read-transparency';
import type { PublishedPart } from '@farandole/moderation/stats/transparency';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import type { Period } from './template-parts.ts';

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const DAY_MS = 86_400_000;

/** From the start of one day to the end of another, in UTC; null if invalid. */
export function periodOf(from: string, until: string): Period | null {
  const fromMs = dayIn(from);
  const untilMs = dayIn(until);
  if (fromMs === null || untilMs === null || untilMs < fromMs) return null;
  return { fromMs, toMs: untilMs + DAY_MS - 1 };
}

/** Null also for a day that the month doesn't have. */
function dayIn(text: string): number | null {
  if (!DAY.test(text)) return null;
  const atMs = Date.parse(text);
  const isThatDay = atMs >= 0 && new Date(atMs).toISOString().startsWith(text);
  return isThatDay ? atMs : null;
}

/** Reads a period page by page, so that a new report waits for one page at most. */
export async function readPeriod(
  store: Pick<ModerationStore, 'run'>,
  by: MemberId | null,
  { fromMs, toMs }: Period,
): Promise<Result<PublishedPart, 'not-allowed' | 'malformed'>> {
  const pages: TransparencyPage[] = [];
  for (let page = 0; ; page++) {
    const read = await store.run('transparency.read', { by, fromMs, toMs, page });
    if (!read.ok) return read;
    pages.push(read.value);
    if (!read.value.goesOn) break;
  }
  return ok({
    decisions: pages.flatMap(({ decisions }) => decisions),
    reports: pages.flatMap(({ reports }) => reports),
    appeals: pages.flatMap(({ appeals }) => appeals),
    sampled: pages.flatMap(({ sampled }) => sampled),
    holds: pages.reduce((sum, { holds }) => sum + holds, 0),
  });
}
