import '../../styles/small-window.css';
import { Arcs } from '@farandole/ui/arcs';
import { effect } from '@preact/signals';
import { render } from 'preact';
import type { CallView } from '../../call/call-view.ts';
import { t } from '../../i18n/words.ts';
import type { AppModel } from '../../state/app-model.ts';
import { applyTheme } from '../../ui/theme.ts';
import { AppContext, useApp } from '../app-context.ts';
import { StreamVideo } from '../shared/stream-video.tsx';
import { MicrophoneButton, NextButton } from './control-bar.tsx';
import { ReportButton } from './report-button.tsx';

/** Renders the call into the picture-in-picture window. The window closes when the call ends. */
export function drawSmallWindow(small: Window, app: AppModel): void {
  const { body } = small.document;
  body.className = 'small-window';
  render(
    <AppContext.Provider value={app}>
      <SmallWindow />
    </AppContext.Provider>,
    body,
  );
  const stop = effect(() => {
    applyTheme(app.settings.preferences.value, small.document);
    if (app.call.view.value === null) small.close();
  });
  small.addEventListener('pagehide', () => {
    stop();
    render(null, body);
  });
}

/** The picture-in-picture window is silent, because the page already plays the sound. */
export function SmallWindow() {
  const app = useApp();
  const call = app.call.view.value;
  const stream = app.call.peerStream.value;
  if (call === null) return null;
  const overridden = stream !== null && call.shield?.state === 'resumed';
  return (
    <>
      <figure class={`tile them${overridden ? ' overridden' : ''}`}>
        {stream !== null && call.peer.camera === 'on' ? (
          <StreamVideo stream={stream} label={t('site.stranger')} muted />
        ) : (
          <div class="tile-note">
            <Arcs mood="still" />
            <p>{sayWhy(call, stream !== null)}</p>
          </div>
        )}
        <ReportButton />
      </figure>
      <nav class="bar" aria-label={t('call.controls')}>
        <MicrophoneButton />
        <NextButton next={call.next} />
      </nav>
    </>
  );
}

function sayWhy({ next, peer }: CallView, shown: boolean): string {
  if (next.state === 'really') return t('call.reallyHint');
  if (!shown || peer.camera === 'on') return t('smallWindow.covered');
  return t(`call.peerCamera.${peer.camera}`);
}
