import { Arcs } from '@farandole/ui/arcs';
import type { ComponentChildren } from 'preact';
import { t } from '../i18n/words.ts';
import type { AppModel } from '../state/app-model.ts';
import { Icon } from '../ui/icons.tsx';
import { useApp } from './app-context.ts';
import { CaptionLine, CaptionsAct, CaptionsSwitch } from './captions.tsx';
import { LineTranslation, TranslateSwitch } from './line-translation.tsx';
import type { SwitchRow } from './settings/rows.tsx';

export { loadEffects } from '@farandole/ui/effect-locales';

/** The caller passes the row, so that its code stays in the caller's file. */
export interface WithRow {
  readonly Row: typeof SwitchRow;
}

function BlurSwitch({ Row }: WithRow) {
  const app = useApp();
  const { blur } = app.devices.lists.value;
  if (blur === null) return null;
  const isUnderWay = blur === 'starting' || blur === 'failed';
  return (
    <Row
      name={t('settings.devices.blur')}
      hint={t(isUnderWay ? `effects.blurIs.${blur}` : 'effects.blurHint')}
      checked={blur !== 'off'}
      onChange={(on) => app.settings.set({ blursBackground: on })}
    />
  );
}

function StrongNoiseSwitch({ Row }: WithRow) {
  const app = useApp();
  const { strongNoise } = app.devices.lists.value;
  const { suppressesNoise } = app.settings.preferences.value;
  if (strongNoise === null || suppressesNoise === false) return null;
  return (
    <Row
      name={t('effects.strongNoise')}
      hint={t(strongNoise === 'failed' ? 'effects.strongNoiseFailed' : 'effects.strongNoiseHint')}
      checked={suppressesNoise === 'strong'}
      onChange={(on) => app.settings.set({ suppressesNoise: on ? 'strong' : true })}
    />
  );
}

interface Around {
  /** The note for a camera that the user turned off. */
  readonly children: ComponentChildren;
}

/** What the green room shows in place of the user's own picture. Its list says why. */
function SelfNote({ children }: Around) {
  return isBlurStarting(useApp()) ? <Arcs mood="dance" /> : <>{children}</>;
}

/** What a call shows in place of the user's own picture. */
function TileNote({ children }: Around) {
  const app = useApp();
  if (isBlurStarting(app)) {
    return (
      <div class="tile-note">
        <Arcs mood="dance" />
        <p class="sr" role="status">
          {t('effects.blurIs.starting')}
        </p>
      </div>
    );
  }
  if (!isBlurFailed(app)) return <>{children}</>;
  return (
    <div class="tile-note asks-you">
      <p>{t('effects.blurIs.failed')}</p>
      <div class="blur-acts">
        <BlurFailedActs look="btn on-dark" />
      </div>
    </div>
  );
}

/** Both buttons turn the camera on again. */
function BlurFailedActs({ look }: { look: string }) {
  const app = useApp();
  return (
    <>
      <button type="button" class={look} onClick={() => app.devices.toggle('video')}>
        {t('greenRoom.again')}
      </button>
      <button
        type="button"
        class={look}
        onClick={() => {
          app.settings.set({ blursBackground: false });
          app.devices.toggle('video');
        }}
      >
        {t('effects.blurWithout')}
      </button>
    </>
  );
}

/** Rows for effects that failed, in the green room's list of problems. */
function EffectProblems() {
  const app = useApp();
  return (
    <>
      {isBlurStarting(app) && (
        <li>
          <Icon name="camera" size={20} />
          <span role="status">{t('effects.blurIs.starting')}</span>
        </li>
      )}
      {isBlurFailed(app) && (
        <li>
          <Icon name="cameraOff" size={20} />
          <span>{t('effects.blurIs.failed')}</span>
          <span class="problem-acts">
            <BlurFailedActs look="btn small" />
          </span>
        </li>
      )}
      {offersLowData(app) && <LowDataOffer />}
    </>
  );
}

function LowDataOffer() {
  const { settings } = useApp();
  return (
    <li>
      <Icon name="info" size={20} />
      <span>{t('effects.saveDataOffer')}</span>
      <span class="problem-acts">
        <button type="button" class="btn small" onClick={() => settings.set({ savesData: true })}>
          {t('effects.saveDataYes')}
        </button>
        <button type="button" class="btn small" onClick={() => settings.set({ savesData: false })}>
          {t('video.notNow')}
        </button>
      </span>
    </li>
  );
}

/** Whether the camera is off because its background couldn't be blurred. */
function isBlurFailed({ devices }: AppModel): boolean {
  return devices.lists.value.blur === 'failed' && devices.view.value.camera === 'off';
}

/** Whether nothing of the camera is shown or sent yet, because its blur is starting. */
function isBlurStarting({ devices }: AppModel): boolean {
  return devices.lists.value.blur === 'starting' && devices.view.value.camera === 'on';
}

/** Whether the browser asks sites to save data and the user hasn't chosen yet. */
function offersLowData({ browser, settings }: AppModel): boolean {
  return browser.savesData === true && settings.preferences.value.savesData === null;
}

export const EFFECT_PARTS = {
  BlurSwitch,
  StrongNoiseSwitch,
  SelfNote,
  TileNote,
  EffectProblems,
  LineTranslation,
  TranslateSwitch,
  CaptionLine,
  CaptionsAct,
  CaptionsSwitch,
};
