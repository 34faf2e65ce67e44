import type { ServerMessageOf } from '@farandole/protocol/server-message';
import type { ReadonlySignal } from '@preact/signals';
import type { CallRunner } from '../call/call-runner.ts';
import type { Devices } from '../devices/devices.ts';
import type { Guard } from '../shield/guard.ts';
import type { Outgoing } from '../signal/frame-stream.ts';
import type { ServerView } from '../signal/link-view.ts';
import type { Scheduler } from '../signal/ports.ts';
import type { Rule } from '../ui/rule-list.ts';
import type { PreferencesModel } from './preferences-model.ts';

export type AgeTold = ServerMessageOf<'session.opened'>['age'];

/** Who stated an age under 18: the user, or someone else on this device. */
export type AgeRefusal = 'user' | NonNullable<AgeTold['byDevice']>;

export interface NavigationPorts {
  readonly preferences: PreferencesModel;
  readonly devices: Devices;
  readonly guard: Pick<Guard, 'prepare' | 'watchOwn' | 'own'>;
  readonly runner: CallRunner;
  readonly server: ReadonlySignal<ServerView | null>;
  readonly scheduler: Scheduler;
  readonly rules: readonly Rule[];
  readonly send: (message: Outgoing) => boolean;
  /** Closes the settings without applying changes to the search, which restarts anyway. */
  readonly leaveSettings: () => void;
  /** Applies a change of the screen at once. The browser may animate how it is drawn. */
  readonly morph: (change: () => void) => void;
}
