import '../../styles/shield.css';
import { percentOf, t } from '../../i18n/words.ts';
import type { VideoMeanwhileView } from '../../shield/video-meanwhile.ts';
import { Icon } from '../../ui/icons.tsx';
import { useApp } from '../app-context.ts';

/**
 * Tells a user who writes on a slow line how far the shield has loaded, and offers video once the
 * shield is ready. This notice is not a live region, because the narrator says the same words.
 */
export function VideoMeanwhileBanner() {
  const app = useApp();
  const view = app.videoMeanwhile.view.value;
  const call = app.call.view.value;
  if (view === null || !app.devices.supported) return null;
  // In a call, the panel of the video offer has the next steps.
  if (call !== null && call.video?.state !== 'possible') return null;
  return (
    <aside
      class={`banner ${view.state === 'failed' ? 'warning' : 'info'}`}
      aria-label={t('shield.title')}
    >
      <Icon name="shield" size={20} />
      <p class="number">{wordsOf(view)}</p>
      {view.state !== 'loading' && (
        <div class="banner-acts">
          <Act state={view.state} />
          <button
            type="button"
            class="btn small plain"
            onClick={() => app.videoMeanwhile.dismiss()}
          >
            {t('video.notNow')}
          </button>
        </div>
      )}
    </aside>
  );
}

function wordsOf(view: VideoMeanwhileView): string {
  return view.state === 'loading'
    ? t('shield.meanwhile.loading', { share: percentOf(view.share) })
    : t(`shield.meanwhile.${view.state}`);
}

function Act({ state }: { state: 'failed' | 'ready' }) {
  const app = useApp();
  if (state === 'failed') {
    return (
      <button type="button" class="btn small" onClick={() => app.shield.retry()}>
        {t('shield.retry')}
      </button>
    );
  }
  const turnOn = (): void => {
    if (app.call.view.value === null) app.navigation.searchBy('video');
    else app.call.video.value?.prepare();
  };
  return (
    <button type="button" class="btn small" onClick={turnOn}>
      {t('video.turnOn')}
    </button>
  );
}
