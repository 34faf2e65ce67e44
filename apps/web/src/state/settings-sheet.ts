import { type ReadonlySignal, signal } from '@preact/signals';

/**
 * Whether the settings lie over the screen. They go by themselves when somebody is met: a stranger
 * who waits behind a sheet would be met unprepared.
 */
export class SettingsSheet {
  readonly #open = signal(false);
  #inCall = false;

  get open(): ReadonlySignal<boolean> {
    return this.#open;
  }

  show(): void {
    this.#open.value = true;
  }

  close(): void {
    this.#open.value = false;
  }

  /** A call may have begun. */
  callChanged(inCall: boolean): void {
    if (inCall && !this.#inCall) this.close();
    this.#inCall = inCall;
  }
}
