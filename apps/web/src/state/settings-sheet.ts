import { effect, type ReadonlySignal, signal } from '@preact/signals';
import type { CallRunner } from '../call/call-runner.ts';
import { isInCall } from '../call/call-state.ts';
import type { Journey } from './journey.ts';

/**
 * Whether the settings lie over the screen. They go by themselves when somebody is met: a stranger
 * who waits behind a sheet would be met unprepared. A search goes on under the wishes that they leave.
 */
export class SettingsSheet {
  readonly #open = signal(false);
  readonly #journey: Pick<Journey, 'wishes'>;
  readonly #runner: Pick<CallRunner, 'dispatch'>;
  /** The wishes, as they were when it opened. */
  #before = '';
  #inCall = false;

  constructor(journey: Pick<Journey, 'wishes'>, runner: Pick<CallRunner, 'dispatch' | 'state'>) {
    this.#journey = journey;
    this.#runner = runner;
    effect(() => this.#callChanged(isInCall(runner.state.value)));
  }

  get open(): ReadonlySignal<boolean> {
    return this.#open;
  }

  show(): void {
    this.#before = JSON.stringify(this.#journey.wishes);
    this.#open.value = true;
  }

  close(): void {
    if (!this.#open.peek()) return;
    this.#open.value = false;
    const { wishes } = this.#journey;
    // Not at each change: every ticket costs a credit.
    if (JSON.stringify(wishes) === this.#before) return;
    this.#runner.dispatch({ event: 'wishes', wishes });
  }

  /** Whatever it left begins anew without it. */
  dismiss(): void {
    this.#open.value = false;
  }

  /** A call may have begun. */
  #callChanged(inCall: boolean): void {
    if (inCall && !this.#inCall) this.#open.value = false;
    this.#inCall = inCall;
  }
}
