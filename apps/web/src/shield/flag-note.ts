import { clockOf } from '../a11y/durations.ts';
import type { CallView } from '../call/call-view.ts';
import { t } from '../i18n/words.ts';

/** What a report of a flagged stranger begins with: the moment, in words. Empty without a flag. */
export function flagNote({ shield }: CallView): string {
  const afterMs = shield?.flaggedAfterMs ?? null;
  return afterMs === null ? '' : t('shield.note', { time: clockOf(afterMs) });
}
