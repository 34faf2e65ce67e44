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
import type { Rule } from '../ui/rule-list.ts';
import type { Preferences } from './preferences-model.ts';

/** The browser and chance, as the page's logic sees them. */
export interface AppPorts extends SignalPorts {
  readonly clock: Clock;
  readonly freshId: () => string;
  readonly rtc: RtcHandler;
  readonly openViewer: OpenViewer;
  readonly loadQualityWatch: () => Promise<OpenQualityWatch>;
  /** The shield; its code is fetched when it is first needed. */
  readonly openGuard: (ports: Omit<GuardPorts, 'openClassifier'>) => Promise<Guard>;
  readonly loadConnectionCheck: () => Promise<CheckConnection>;
  readonly browser: BrowserFacts;
  readonly visibility: Visibility;
  readonly devices: DeviceAccess;
  /** What is done with them; its code is fetched when it is first needed. */
  readonly openDevices: OpenDevices;
  readonly store: KeyValueStore;
  /** Whom one met and what one reported; its code is fetched when it is first needed. */
  readonly openRecords: () => Promise<Records>;
  /** Whom one blocked; likewise. */
  readonly openBlocks: () => Promise<OwnBlocks>;
  /** What the server keeps; its code is fetched when it is first asked for. */
  readonly askOwnData: AskOwnData;
  /** Keeps pictures for a report, where the server takes them; its code is fetched then. */
  readonly openPictures: (isThere: () => boolean) => Promise<StrangerPictures>;
  /** The rules that everybody agrees to. */
  readonly rules: readonly Rule[];
  /** What holds before the person has chosen anything. */
  readonly firstPreferences: Partial<Preferences>;
  /** False: this browser has no WebSocket, and nothing can work. */
  readonly socketsSupported: boolean;
}
