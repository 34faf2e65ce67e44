import '../styles/help.css';
import { t } from '../i18n/words.ts';
import { useApp } from '../parts/app-context.ts';
import type { DeviceFailure } from '../state/app-model.ts';
import { Icon } from '../ui/icons.tsx';
import { helpFor, type ToldHelp } from './help-words.ts';

export function useHelp(failure: DeviceFailure): ToldHelp {
  return helpFor(failure, useApp().browser);
}

/** What to do, one thing after the other, with the signs that are to be pressed. */
export function HelpSteps({ help }: { help: ToldHelp }) {
  return (
    <ol class="steps">
      {help.steps.map(({ words, icon }) => (
        <li key={words}>
          <span>{t(words, help.values)}</span>
          {icon !== undefined && (
            <span class="sign">
              <Icon name={icon} size={20} />
            </span>
          )}
        </li>
      ))}
    </ol>
  );
}
