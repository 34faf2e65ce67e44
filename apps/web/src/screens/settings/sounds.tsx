import { useId } from 'preact/hooks';
import { percentOf, t } from '../../i18n/words.ts';
import { VOLUME_MAX } from '../../sound/limits.ts';
import { playCue } from '../../sound/sounds.ts';
import { useApp } from '../app-context.ts';
import { meetingPart } from '../conversation/meeting-part.ts';
import { Group, SwitchRow } from './rows.tsx';

/**
 * The volume changes in steps that are large enough to hear, so that a few key presses go from
 * silent to loud.
 */
const VOLUME_STEP = 10;

export function SoundSettings() {
  const app = useApp();
  const { sounds, volume } = app.settings.preferences.value;
  const id = useId();
  const part = meetingPart.model.value;
  meetingPart.prepare();
  return (
    <Group icon="speaker" title={t('settings.sounds.title')}>
      <SwitchRow
        name={t('settings.sounds.on')}
        hint={t('settings.sounds.hint')}
        checked={sounds}
        onChange={(on) => app.settings.set({ sounds: on })}
      />
      {sounds && (
        <div class="settings-row volume">
          <label for={id}>{t('settings.sounds.volume')}</label>
          <input
            id={id}
            type="range"
            min={VOLUME_STEP}
            max={VOLUME_MAX}
            step={VOLUME_STEP}
            value={volume}
            aria-valuetext={percentOf(volume / VOLUME_MAX)}
            onInput={(event) => app.settings.set({ volume: event.currentTarget.valueAsNumber })}
          />
          <button
            type="button"
            class="btn small"
            // If the browser can't play the test sound, no error is shown, because the user hears
            // nothing and so knows the result.
            onClick={() => void playCue('met', volume).catch(() => {})}
          >
            {t('greenRoom.play')}
          </button>
        </div>
      )}
      {part !== null && <part.TellMeRow />}
    </Group>
  );
}
