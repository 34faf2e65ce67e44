import '../../styles/hour.css';
import { useEffect } from 'preact/hooks';
import type { BellView } from '../../call/rounds.ts';
import { t } from '../../i18n/words.ts';
import { Icon } from '../../ui/icons.tsx';
import { useApp } from '../app-context.ts';
import { secondsLeftOf } from './hour-times.ts';

/** Says that the round ends, and asks whether the user wants one more with the same partner. */
export function BellBanner({ bell }: { bell: BellView }) {
  const app = useApp();
  const rounds = app.reactions.model.value?.rounds;
  useEffect(() => rounds?.shown(), [bell.match, bell.atMs]);
  const seconds = secondsLeftOf(bell, app.call.nowMs.value);
  return (
    <aside class="banner info bell" aria-labelledby="bell-title">
      <Icon name="clock" size={20} />
      <div class="bell-text">
        <p>
          <strong id="bell-title" role="timer">
            {t('hour.bell', { seconds })}
          </strong>
        </p>
        <p>{t('hour.bellText')}</p>
      </div>
      <div class="banner-acts">
        <button
          type="button"
          class={bell.more ? 'btn small primary' : 'btn small'}
          aria-pressed={bell.more}
          onClick={() => rounds?.setMore(!bell.more)}
        >
          {t(bell.more ? 'hour.moreOn' : 'hour.more')}
        </button>
      </div>
    </aside>
  );
}
