import { type ReadonlySignal, signal } from '@preact/signals';
import type { ApiReply, Problem } from '../api/api-client.ts';

/** A value that the console loads from the node. During a reload the old value is kept. */
export type Loadable<Value> =
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly value: Value }
  | { readonly state: 'failed'; readonly problem: Problem };

/**
 * Loads and reloads a value from the node, and ignores answers to all but the latest request. A
 * failed reload keeps the value and calls `onFailed`.
 */
export class Resource<Value> {
  readonly #ask: (unattended: boolean) => Promise<ApiReply<Value>>;
  readonly #onFailed: (problem: Problem) => void;
  readonly #current = signal<Loadable<Value>>({ state: 'loading' });
  #asked = 0;

  constructor(
    ask: (unattended: boolean) => Promise<ApiReply<Value>>,
    onFailed: (problem: Problem) => void = () => {},
  ) {
    this.#ask = ask;
    this.#onFailed = onFailed;
  }

  get current(): ReadonlySignal<Loadable<Value>> {
    return this.#current;
  }

  /** @param unattended true for a reload in the background that no member asked for */
  async reload(unattended = false): Promise<void> {
    this.#asked += 1;
    const asked = this.#asked;
    if (this.#current.value.state === 'failed') this.#current.value = { state: 'loading' };
    const answer = await this.#ask(unattended);
    if (asked !== this.#asked) return;
    if (answer.ok) {
      this.#current.value = { state: 'ready', value: answer.value };
      return;
    }
    this.#onFailed(answer.problem);
    if (this.#current.value.state !== 'ready' || answer.problem.status === 403) {
      this.#current.value = { state: 'failed', problem: answer.problem };
    }
  }
}
