import { clockOf } from '../a11y/durations.ts';
import type { CallView } from '../call/call-view.ts';
import { t } from '../i18n/words.ts';

/** First text of a report after a flag: the time of the flag. Empty without one. */
export function flagNote({ shield }: CallView): string {
  const afterMs = shield?.flaggedAfterMs ?? null;
  return afterMs === null ? '' : t('shield.note', { time: clockOf(afterMs) });
}
