import '../../styles/meeting.css';
import type { Mode } from '@farandole/protocol/fields';
import { useEffect } from 'preact/hooks';
import { momentOf, t } from '../../i18n/words.ts';
import type { AppModel } from '../../state/app-model.ts';
import type { TellMe, TellMeView } from '../../system/tell-me.ts';
import { useApp } from '../app-context.ts';
import { systemOf } from './system-of.ts';

/** Offers a user who waits alone to be told when someone is here. */
export function TellMeOffer({ mode }: { mode: Mode }) {
  const tellMe = useTellMe();
  if (tellMe === null) return null;
  const view = tellMe.view.value;
  const isOn = view.state === 'page' || view.state === 'push';
  // Small windows may leave out the hint, but never the outcome of a press.
  const isHint = view.state === 'off' && view.permission !== 'denied';
  return (
    <div class="tell-me">
      {view.state === 'off' && view.needsInstall && <p class="small">{t('tellMe.install')}</p>}
      {isOn ? (
        <button type="button" class="btn on-dark" onClick={() => void tellMe.stop()}>
          {t('tellMe.stop')}
        </button>
      ) : (
        <button
          type="button"
          class="btn on-dark"
          disabled={view.state === 'asking'}
          onClick={() => void tellMe.start(mode)}
        >
          {t('tellMe.ask')}
        </button>
      )}
      <p class={isHint ? 'small how' : 'small'} role="status">
        {wordsOf(view)}
      </p>
    </div>
  );
}

/** Ends notifications in the settings. Shown only while they are on. */
export function TellMeRow() {
  const tellMe = useTellMe();
  if (tellMe === null) return null;
  const view = tellMe.view.value;
  if (view.state !== 'page' && view.state !== 'push') return null;
  return (
    <div class="settings-row">
      <p>
        <strong>{t('tellMe.ask')}</strong>
      </p>
      <p class="hint">{wordsOf(view)}</p>
      <div class="go">
        <button type="button" class="btn small" onClick={() => void tellMe.stop()}>
          {t('tellMe.stop')}
        </button>
      </div>
    </div>
  );
}

function useTellMe(): TellMe | null {
  const system = systemOf(useApp()).value;
  useEffect(() => system?.tellMe.refresh(), [system]);
  return system?.tellMe ?? null;
}

function wordsOf({ state, permission, canPush, failed, endsAtMs }: TellMeView): string {
  if (state === 'asking') return permission === 'default' ? t('tellMe.asking') : '';
  // A user who closed the browser's question without an answer gets it again at the next press.
  const mayShow = permission === 'granted' || (permission === 'default' && state === 'off');
  const means = mayShow ? 'page' : 'sound';
  if (state === 'off') {
    if (permission === 'denied') return t('tellMe.blocked');
    return t(canPush ? 'tellMe.how.push' : `tellMe.how.${means}`);
  }
  if (state === 'push') return t('tellMe.on.push', { moment: momentOf(endsAtMs ?? 0) });
  const words = [t(`tellMe.on.${means}`)];
  if (permission === 'denied') words.unshift(t('tellMe.blocked'));
  if (failed) words.unshift(t('tellMe.failed'));
  return words.join(' ');
}

/** Ends notifications, and forgets that the user dismissed the install hint. */
export function forgetSystem(app: AppModel): void {
  const system = systemOf(app).value;
  void system?.tellMe.stop();
  system?.installer.forget();
}
