import type { MemberId } from '@farandole/accounts/ids';
import { ok, type Result } from '@farandole/kernel/result';
import type { TransparencyPage } from '@farandole/moderation/stats/read-transparency';
import type { PublishedPart } from '@farandole/moderation/stats/transparency';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import type { Period } from './template-parts.ts';

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const DAY_MS = 86_400_000;

/**
 * Returns the period from the start of one UTC day to the end of another; null if a day is invalid.
 */
export function periodOf(from: string, until: string): Period | null {
  const fromMs = dayIn(from);
  const untilMs = dayIn(until);
  if (fromMs === null || untilMs === null || untilMs < fromMs) return null;
  return { fromMs, toMs: untilMs + DAY_MS - 1 };
}

/** Parses a day. Returns null if the text is malformed or its month doesn't have that day. */
function dayIn(text: string): number | null {
  if (!DAY.test(text)) return null;
  const atMs = Date.parse(text);
  const isThatDay = atMs >= 0 && new Date(atMs).toISOString().startsWith(text);
  return isThatDay ? atMs : null;
}

/**
 * Reads a period's publishable data page by page, so that storing a new report waits for at most
 * one page.
 */
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
