import type { DeviceFailure } from '../devices/devices-view.ts';
import { t } from '../i18n/words.ts';
import { browserNameOf, type DeviceHelp, deviceHelpFor } from './device-help.ts';
import type { BrowserFacts } from './which-browser.ts';
import { browserPlatformOf } from './which-browser.ts';

export interface HelpText extends DeviceHelp {
  readonly values: Readonly<Record<'app' | 'browser' | 'what', string>>;
}

export function helpFor({ kind, device }: DeviceFailure, facts: BrowserFacts): HelpText {
  const place = browserPlatformOf(facts);
  // In an in-app browser the user has to open the site in the system's own browser, so the help
  // names that browser.
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
