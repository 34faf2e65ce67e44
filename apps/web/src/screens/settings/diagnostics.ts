import type { ReadonlySignal } from '@preact/signals';
import type { ConnectionCheckModel } from '../../call/connection-check-model.ts';
import type { Devices } from '../../devices/devices.ts';
import { type BrowserFacts, browserPlatformOf } from '../../help/which-browser.ts';
import type { Guard } from '../../shield/guard.ts';
import type { LinkModel } from '../../signal/link-model.ts';
import type { SettingsModel } from '../../state/settings-model.ts';
import type { ScreenName } from '../../ui/screen-name.ts';

export interface Diagnosed {
  readonly browser: BrowserFacts;
  readonly screen: ReadonlySignal<ScreenName>;
  readonly link: Pick<LinkModel, 'view' | 'server'>;
  readonly connectionCheck: Pick<ConnectionCheckModel, 'state'>;
  readonly devices: Pick<Devices, 'view' | 'lists' | 'supported'>;
  readonly settings: Pick<SettingsModel, 'preferences' | 'storageBlocked'>;
  readonly shield: Pick<Guard, 'classifier'>;
}

export interface Surroundings {
  readonly version: string;
  readonly language: string;
  readonly width: number;
  readonly height: number;
  readonly pixelRatio: number;
}

/**
 * Returns a diagnostic text that the user can send to the operator. It contains only numbers and
 * words from this file: no address, id, device name or user text. It is in English, for
 * developers.
 */
export function diagnosticsOf(app: Diagnosed, around: Surroundings): string {
  const place = browserPlatformOf(app.browser);
  const server = app.link.server.value;
  const devices = app.devices.view.value;
  const { cameras, microphones, speakers } = app.devices.lists.value;
  const { theme, textSize, motion, contrast, shield, relayOnly } = app.settings.preferences.value;
  const failure = devices.failure === null ? '' : `, ${devices.failure.kind}`;
  const load = app.shield.classifier.value;
  const lines: readonly (readonly [string, string])[] = [
    ['Farandole', around.version],
    ['browser', `${place.browser} ${majorOf(app.browser.userAgent)} on ${place.system}`],
    ['inside an app', place.app === null ? 'no' : place.app || 'yes'],
    ['window', `${around.width} × ${around.height}, ${around.pixelRatio} pixels a point`],
    ['language', around.language],
    ['screen', app.screen.value],
    ['link', app.link.view.value.state],
    [
      'server',
      server === null
        ? 'unknown'
        : `relay ${server.relay}, ${server.hasTurn ? 'with' : 'without'} TURN`,
    ],
    ['connection', app.connectionCheck.state.value],
    ['video', app.devices.supported ? 'possible' : 'not possible'],
    [
      'devices',
      `${devices.state}${failure}; camera ${devices.camera}, microphone ${devices.microphone}`,
    ],
    [
      'listed',
      `${cameras.length} cameras, ${microphones.length} microphones, ${speakers?.length ?? 'no choice of'} speakers`,
    ],
    ['shield', load.state === 'failed' ? `failed, ${load.fault}` : load.state],
    ['strangers', `${shield}${relayOnly ? ', by relay only' : ''}`],
    ['look', `${theme}, text ${textSize} %, motion ${motion}, contrast ${contrast}`],
    ['storage', app.settings.storageBlocked.value ? 'blocked' : 'works'],
  ];
  return lines.map(([name, value]) => `${name}: ${value}`).join('\n');
}

/** Returns the browser's major version; empty if unknown. */
function majorOf(userAgent: string): string {
  const names = ['SamsungBrowser', 'EdgiOS', 'EdgA', 'Edg', 'OPR', 'FxiOS', 'Firefox', 'CriOS'];
  const versions = new Map(
    userAgent.split(' ').map((part) => {
      const [, name, major] = /^(\w+)\/(\d{1,4})\b/u.exec(part) ?? [];
      return [name, major];
    }),
  );
  for (const name of [...names, 'Chrome', 'Version']) {
    const major = versions.get(name);
    if (major !== undefined) return major;
  }
  return '';
}
