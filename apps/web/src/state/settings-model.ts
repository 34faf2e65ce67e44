import { effect, type ReadonlySignal, signal } from '@preact/signals';
import type { CallEvent, CallState, Wishes } from '../call/call-state.ts';
import { isInCall } from '../call/call-state.ts';
import type { ChosenPreferences, Preferences, PreferencesModel } from './preferences-model.ts';

export interface SettingsPorts {
  readonly preferences: PreferencesModel;
  readonly state: ReadonlySignal<CallState>;
  /** The wishes of the next search. */
  readonly wishes: () => Wishes;
  readonly dispatch: (event: CallEvent) => void;
  readonly changed: (change: Partial<ChosenPreferences>) => void;
  readonly forgotten: () => void;
}

/**
 * What the person chose, and the sheet on which they choose it. The sheet closes by itself when a
 * stranger is met. A search goes on under the wishes that the sheet leaves.
 */
export class SettingsModel {
  readonly preferences: ReadonlySignal<Preferences>;
  /** True when nothing can be stored here: choices last until the tab closes. */
  readonly storageBlocked: ReadonlySignal<boolean>;
  readonly #ports: SettingsPorts;
  readonly #isOpen = signal(false);
  /** The wishes when the sheet opened. */
  #before = '';
  #inCall = false;

  constructor(ports: SettingsPorts) {
    this.#ports = ports;
    this.preferences = ports.preferences.value;
    this.storageBlocked = ports.preferences.blocked;
    effect(() => this.#callChanged(isInCall(ports.state.value)));
  }

  get isOpen(): ReadonlySignal<boolean> {
    return this.#isOpen;
  }

  open(): void {
    this.#before = JSON.stringify(this.#ports.wishes());
    this.#isOpen.value = true;
  }

  /** A search whose wishes were changed begins anew. */
  close(): void {
    if (!this.#isOpen.peek()) return;
    this.#isOpen.value = false;
    const wishes = this.#ports.wishes();
    // Not at each change: every ticket costs a credit.
    if (JSON.stringify(wishes) === this.#before) return;
    this.#ports.dispatch({ event: 'wishes', wishes });
  }

  /** Closes the sheet and leaves the search as it is. */
  dismiss(): void {
    this.#isOpen.value = false;
  }

  /** Holds at once. */
  set(change: Partial<ChosenPreferences>): void {
    this.#ports.preferences.set(change);
    this.#ports.changed(change);
  }

  /** Forgets what was chosen, as on a first visit. Does nothing in a search or a call. */
  forget(): void {
    if (this.#ports.state.value.state !== 'idle') return;
    this.#ports.preferences.forget();
    this.#ports.forgotten();
  }

  #callChanged(inCall: boolean): void {
    if (inCall && !this.#inCall) this.#isOpen.value = false;
    this.#inCall = inCall;
  }
}
