import '../styles/help.css';
import { t } from '../i18n/words.ts';
import { useApp } from '../parts/app-context.ts';
import { Icon } from '../parts/icons.tsx';
import type { DeviceFailure } from '../state/app-model.ts';
import { browserNameOf, type DeviceHelp, deviceHelpFor } from './device-help.ts';
import { browserPlaceOf } from './which-browser.ts';

/** A failure's help, and what its sentences leave open. */
export interface ToldHelp extends DeviceHelp {
  readonly values: Readonly<Record<'app' | 'browser' | 'what', string>>;
}

export function useHelp({ kind, device }: DeviceFailure): ToldHelp {
  const place = browserPlaceOf(useApp().browser);
  // Inside of an app the way out is the system's own browser.
  const own = place.system === 'ios' ? 'Safari' : 'Chrome';
  const browser = place.app === null ? browserNameOf(place) : own;
  return {
    ...deviceHelpFor(kind, place),
    values: {
      app: place.app ?? '',
      browser: browser ?? t('help.yourBrowser'),
      what: t(`greenRoom.what.${device}`),
    },
  };
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
