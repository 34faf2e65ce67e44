import type { MemberId } from '@farandole/accounts/ids';
import { ok, type Result } from '@farandole/kernel/result';
import type { TransparencyPage } from '@farandole/moderation/stats/read-transparency';
import type { ToldPart } from '@farandole/moderation/stats/transparency';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import type { Period } from './template-parts.ts';

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const DAY_MS = 86_400_000;

/** From the first moment of a day to the last of another, by UTC; null for what is none. */
export function periodOf(from: string, until: string): Period | null {
  const fromMs = dayIn(from);
  const untilMs = dayIn(until);
  if (fromMs === null || untilMs === null || untilMs < fromMs) return null;
  return { fromMs, toMs: untilMs + DAY_MS - 1 };
}

/** Null also for a day that no month has. */
function dayIn(text: string): number | null {
  if (!DAY.test(text)) return null;
  const atMs = Date.parse(text);
  const isThatDay = atMs >= 0 && new Date(atMs).toISOString().startsWith(text);
  return isThatDay ? atMs : null;
}

/** All of a period, page by page, so that a report that comes meanwhile waits for none but one of them. */
export async function readPeriod(
  store: Pick<ModerationStore, 'run'>,
  by: MemberId | null,
  { fromMs, toMs }: Period,
): Promise<Result<ToldPart, 'not-allowed' | 'malformed'>> {
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
