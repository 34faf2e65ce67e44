import '../../styles/later.css';
import '../../styles/help.css';
import type { DeviceFailure } from '../../devices/devices-view.ts';
import { type HelpText, helpFor } from '../../help/help-words.ts';
import { t } from '../../i18n/words.ts';
import { Icon } from '../../ui/icons.tsx';
import { useApp } from '../app-context.ts';

export function useHelp(failure: DeviceFailure): HelpText {
  return helpFor(failure, useApp().browser);
}

export function HelpSteps({ help }: { help: HelpText }) {
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
