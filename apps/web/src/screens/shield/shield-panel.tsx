import '../../styles/shield.css';
import type { CallView } from '../../call/call-view.ts';
import { t } from '../../i18n/words.ts';
import type { ShieldView } from '../../shield/shield-view.ts';
import { Icon } from '../../ui/icons.tsx';
import { useApp } from '../app-context.ts';
import { WriteButton } from '../conversation/write-button.tsx';
import { ShieldProgress } from './shield-progress.tsx';

export function ShieldPanel({ call, shield }: { call: CallView; shield: ShieldView }) {
  switch (shield.state) {
    case 'loading':
      return (
        <div class="tile-note over">
          <p>{t('shield.loading')}</p>
          <ShieldProgress share={shield.loaded} />
          <p class="small">{t('shield.loadingHow')}</p>
        </div>
      );
    case 'checking':
      return (
        <div class="tile-note over">
          <Icon name="shield" size={32} />
          <p>{t(call.cover === 'shown' ? 'shield.again' : 'shield.checking')}</p>
        </div>
      );
    case 'flagged':
      return <Flagged shield={shield} />;
    case 'unavailable':
      return <Unavailable why={shield.why} />;
    case 'off':
    case 'checked':
    case 'shown':
    case 'resumed':
      return <Show />;
    default:
      return shield.state satisfies never;
  }
}

function Show() {
  const app = useApp();
  return (
    <div class="tile-note clear">
      <button
        type="button"
        class="btn big show"
        data-takes-focus="box"
        onClick={() => app.call.show()}
      >
        <Icon name="show" />
        {t('call.show')}
      </button>
      <p class="pill covered-note">{t('call.covered')}</p>
    </div>
  );
}

function Flagged({ shield }: { shield: ShieldView }) {
  const app = useApp();
  const kind = shield.why === 'unsure' ? 'unsure' : 'explicit';
  return (
    <section class="tile-note over asks" aria-label={t('shield.title')}>
      <Icon name="shield" size={32} />
      <h2>{t(`shield.flagged.${kind}.title`)}</h2>
      <p>{t(`shield.flagged.${kind}.text`)}</p>
      <div class="go">
        <button type="button" class="btn light" onClick={() => app.navigation.stop()}>
          {t('shield.leave')}
        </button>
        <button
          type="button"
          class="btn on-dark again"
          onClick={() => app.report.open(app.call.flagNote)}
        >
          {t('shield.report')}
        </button>
        {shield.mayResume && (
          <button type="button" class="btn on-dark" onClick={() => app.call.resume()}>
            {t('shield.resume')}
          </button>
        )}
      </div>
    </section>
  );
}

function Unavailable({ why }: { why: ShieldView['why'] }) {
  const app = useApp();
  const reason =
    why === null || why === 'explicit' || why === 'unsure' ? ('crashed' as const) : why;
  return (
    <section class="tile-note over asks" aria-label={t('shield.title')}>
      <Icon name="shield" size={32} />
      <h2>{t('shield.unavailable.title')}</h2>
      <p>
        {t(`shield.unavailable.${reason}`)} {t('shield.textWorks')}
      </p>
      <div class="go">
        <WriteButton />
        {/* No retry is offered if the browser can't run the shield, because it would fail again. */}
        {reason !== 'unsupported' && (
          <button type="button" class="btn on-dark" onClick={() => app.shield.retry()}>
            {t('shield.retry')}
          </button>
        )}
      </div>
    </section>
  );
}
