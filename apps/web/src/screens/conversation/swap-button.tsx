import { t } from '../../i18n/words.ts';
import { isSwapped } from './self-place.ts';

/** Swaps the two pictures. It covers the small one, so that a tap on that picture presses it. */
export function SwapButton() {
  return (
    <button
      type="button"
      class="swap"
      aria-label={t('call.swap')}
      title={t('call.swap')}
      onClick={() => {
        isSwapped.value = !isSwapped.value;
      }}
    />
  );
}
