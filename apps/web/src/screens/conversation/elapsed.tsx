import { clockOf } from '../../a11y/durations.ts';
import type { CallView } from '../../call/call-view.ts';
import { t } from '../../i18n/words.ts';

/** Shows the call's duration in the top bar or, if that is full, in the peer's name tag. */
export function Elapsed({ call, place }: { call: CallView; place: 'in-top' | 'in-tag' }) {
  return (
    <span class={`number elapsed ${place}`} role="timer" aria-label={t('call.elapsed')}>
      {clockOf(call.elapsedMs)}
    </span>
  );
}
