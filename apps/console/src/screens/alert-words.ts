import { ALERT_KINDS } from '@farandole/moderation/alerts/alert';
import type { ConsoleAlert } from '@farandole/protocol/console-api';
import { t } from '../i18n/words.ts';

/** Returns an alert's title. A kind that only a newer node knows has its name as the title. */
export function titleOf({ kind, count }: Pick<ConsoleAlert, 'kind' | 'count'>): string {
  const known = ALERT_KINDS.find((one) => one === kind);
  return known === undefined ? kind : t(`alerts.kind.${known}`, { count });
}
