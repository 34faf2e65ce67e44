import '../../styles/later.css';
import { useId } from 'preact/hooks';
import { t } from '../../i18n/words.ts';
import { useApp } from '../app-context.ts';

/**
 * Lets the user choose how the shield works. The user can turn the shield off only if the server
 * allows it.
 */
export function ShieldChoice() {
  const app = useApp();
  const id = useId();
  const mayBeOff = app.link.server.value?.shield.mayBeOff === true;
  const { shield } = app.settings.preferences.value;
  const chosen = shield === 'off' && !mayBeOff ? 'ask' : shield;
  return (
    <fieldset class="shield-choice">
      <legend>{t('shield.choice.label')}</legend>
      {(['ask', 'automatic', 'off'] as const).map(
        (choice) =>
          (choice !== 'off' || mayBeOff) && (
            <label key={choice} class="choice">
              <input
                type="radio"
                name={id}
                value={choice}
                checked={chosen === choice}
                onChange={() => app.settings.set({ shield: choice })}
              />
              <span>{t(`shield.choice.${choice}`)}</span>
            </label>
          ),
      )}
    </fieldset>
  );
}
