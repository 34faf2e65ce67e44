import type { Clock } from '@farandole/kernel/clock';
import type { KeyValueStore, Visibility } from '../base/ports.ts';
import type { CheckConnection } from '../call/connection-check.ts';
import type { OpenQualityWatch } from '../call/quality-watch.ts';
import type { OpenViewer, RtcHandler } from '../call/rtc-handler.ts';
import type { DeviceAccess } from '../devices/device-access.ts';
import type { OpenDevices } from '../devices/devices.ts';
import type { BrowserFacts } from '../help/which-browser.ts';
import type { OwnBlocks } from '../report/own-blocks.ts';
import type { AskOwnData } from '../report/own-data.ts';
import type { Records } from '../report/records.ts';
import type { StrangerPictures } from '../report/stranger-pictures.ts';
import type { Guard, GuardPorts } from '../shield/guard.ts';
import type { SignalPorts } from '../signal/signal-client.ts';
import type { SystemParts } from '../system/system-parts.ts';
import type { Rule } from '../ui/rule-list.ts';
import type { Preferences } from './preferences-model.ts';
import type { Tabs } from './tabs.ts';

export interface AppPorts extends SignalPorts {
  readonly clock: Clock;
  readonly freshId: () => string;
  readonly rtc: RtcHandler;
  readonly openViewer: OpenViewer;
  readonly loadQualityWatch: () => Promise<OpenQualityWatch>;
  /** Loads the shield's code on first use. The functions that follow do the same for other code. */
  readonly openGuard: (ports: Omit<GuardPorts, 'openClassifier'>) => Promise<Guard>;
  readonly loadConnectionCheck: () => Promise<CheckConnection>;
  readonly browser: BrowserFacts;
  readonly visibility: Visibility;
  readonly devices: DeviceAccess;
  readonly openDevices: OpenDevices;
  readonly store: KeyValueStore;
  readonly openRecords: () => Promise<Records>;
  readonly openBlocks: () => Promise<OwnBlocks>;
  readonly askOwnData: AskOwnData;
  /** Loads the code for pictures in reports. Called only if the server accepts pictures. */
  readonly openPictures: (isThere: () => boolean) => Promise<StrangerPictures>;
  /** Opens notifications and the installation. By default the browser's. */
  readonly openSystem?: () => Promise<SystemParts>;
  /** Null if the browser can't tell about other tabs. */
  readonly tabs: Tabs | null;
  readonly rules: readonly Rule[];
  /** Applies a change of the screen at once, and draws it in a view transition if possible. */
  readonly morph: (change: () => void) => void;
  /** Ends a running view transition at once. */
  readonly skipMorph: () => void;
  /** Preferences that apply until the user has chosen any. */
  readonly firstPreferences: Partial<Preferences>;
  /**
   * False if the browser has no WebSocket. The page then only says that the browser isn't
   * supported.
   */
  readonly socketsSupported: boolean;
}
