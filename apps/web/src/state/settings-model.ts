import { effect, type ReadonlySignal, signal } from '@preact/signals';
import type { CallEvent, CallState, Wishes } from '../call/call-state.ts';
import { isInCall } from '../call/call-state.ts';
import type { ChosenPreferences, Preferences, PreferencesModel } from './preferences-model.ts';

export interface SettingsPorts {
  readonly preferences: PreferencesModel;
  readonly state: ReadonlySignal<CallState>;
  readonly wishes: () => Wishes;
  readonly dispatch: (event: CallEvent) => void;
  readonly changed: (change: Partial<ChosenPreferences>) => void;
  readonly forgotten: () => void;
}

/**
 * Preferences and the settings dialog. The dialog closes on a match. Changed choices for the
 * search apply when the dialog closes.
 */
export class SettingsModel {
  readonly preferences: ReadonlySignal<Preferences>;
  /** True if the user's choices last only until the tab closes. */
  readonly storageBlocked: ReadonlySignal<boolean>;
  readonly #ports: SettingsPorts;
  readonly #isOpen = signal(false);
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

  /**
   * Closes the settings dialog. Restarts a running search if the user changed choices for the
   * search.
   */
  close(): void {
    if (!this.#isOpen.peek()) return;
    this.#isOpen.value = false;
    const wishes = this.#ports.wishes();
    // The search doesn't restart at each change, because every ticket costs a rate-limit credit.
    if (JSON.stringify(wishes) === this.#before) return;
    this.#ports.dispatch({ event: 'wishes', wishes });
  }

  /** Closes the settings dialog without restarting the search. */
  dismiss(): void {
    this.#isOpen.value = false;
  }

  set(change: Partial<ChosenPreferences>): void {
    this.#ports.preferences.set(change);
    this.#ports.changed(change);
  }

  /** Resets the user's preferences. Does nothing during a search or call. */
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
