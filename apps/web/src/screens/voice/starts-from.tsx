import '../../styles/voice.css';
import { isBelow } from '../../call/rungs.ts';
import { t } from '../../i18n/words.ts';
import { offeredModes } from '../../ui/offered-modes.ts';
import { useApp } from '../app-context.ts';

const ORDER = ['text', 'voice', 'video'] as const;

/**
 * The choice of the mode in which a call may start. It is shown where voice is one of several modes.
 * The lowest chosen mode counts: with "Text", the user also agrees to start with voice or video.
 */
export function StartsFrom() {
  const app = useApp();
  const { mode } = app.navigation;
  const offered = offeredModes();
  const choices = ORDER.filter((each) => offered.includes(each) && !isBelow(mode, each));
  if (!offered.includes('voice') || choices.length < 2) return null;
  const chosen = app.settings.preferences.value.startsFrom;
  const lowest = choices.find((each) => each === chosen) ?? mode;
  return (
    <fieldset class="starts-from">
      <legend>{t('voice.rungs')}</legend>
      {choices.map((each) => (
        <label key={each} class="choice">
          <input
            type="radio"
            name="starts-from"
            checked={lowest === each}
            onChange={() => app.settings.set({ startsFrom: each })}
          />
          <span>{t(`voice.rung.${each}`)}</span>
        </label>
      ))}
    </fieldset>
  );
}
