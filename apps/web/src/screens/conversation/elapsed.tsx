import { clockOf } from '../../a11y/durations.ts';
import type { CallView } from '../../call/call-view.ts';
import { t } from '../../i18n/words.ts';

/** Shows the call's duration in the top bar, if there is space. */
export function Elapsed({ call }: { call: CallView }) {
  return (
    <span class="number elapsed fades" role="timer" aria-label={t('call.elapsed')}>
      {clockOf(call.elapsedMs)}
    </span>
  );
}
