import '../../styles/hour.css';
import { fromNow } from '../../i18n/from-now.ts';
import { t } from '../../i18n/words.ts';

/** What the waiting screen says of an hour. It promises no waiting time. */
export function HourWait({ opensInMs }: { opensInMs: number }) {
  const when = fromNow(opensInMs, 0);
  return (
    <div class="hour-wait">
      <p>
        <strong>{when === null ? t('hour.round') : t('hour.wait', { when })}</strong>
      </p>
      <p>{t(when === null ? 'hour.roundText' : 'hour.waitText')}</p>
    </div>
  );
}
