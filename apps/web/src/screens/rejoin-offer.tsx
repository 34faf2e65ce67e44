import { clockOf, secondsAgo, secondsLeft } from '../a11y/durations.ts';
import { t } from '../i18n/words.ts';
import { Icon } from '../ui/icons.tsx';
import { useApp } from './app-context.ts';

/** Offers to rejoin a call whose page the browser killed. */
export function RejoinOffer() {
  const { rejoin } = useApp();
  if (rejoin.offer.value === null) return null;
  return (
    <section class="note rejoin" aria-label={t('rejoin.label')}>
      <Icon name="retry" size={20} />
      <div>
        <p>
          {t('rejoin.text', { count: secondsAgo(rejoin.agoMs.value) })}{' '}
          <span class="number">
            {t('rejoin.left', { time: clockOf(secondsLeft(rejoin.leftMs.value) * 1_000) })}
          </span>
        </p>
        <div class="go">
          <button type="button" class="btn primary" onClick={() => rejoin.take()}>
            {t('rejoin.take')}
          </button>
          <button type="button" class="btn" onClick={() => rejoin.decline()}>
            {t('rejoin.decline')}
          </button>
        </div>
      </div>
    </section>
  );
}
