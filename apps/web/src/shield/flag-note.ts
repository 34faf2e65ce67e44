import { clockOf } from '../a11y/durations.ts';
import { t } from '../i18n/words.ts';
import type { CallView } from '../state/app-model.ts';

/** What a report of a flagged stranger begins with: the moment, in words. Empty without a flag. */
export function flagNote({ shield }: CallView): string {
  const afterMs = shield?.flaggedAfterMs ?? null;
  return afterMs === null ? '' : t('shield.note', { time: clockOf(afterMs) });
}
