import { type ReadonlySignal, signal } from '@preact/signals';
import type { Answer, Problem } from '../api/api-client.ts';

/** Something that the node is asked for. What was there stays while it is asked for again. */
export type Loadable<Value> =
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly value: Value }
  | { readonly state: 'failed'; readonly problem: Problem };

/**
 * Asks for something, and again on `reload`; of several answers under way the last question's
 * counts. A reload that fails keeps what is shown, and says so to `onFailed`.
 */
export class Resource<Value> {
  readonly #ask: (unattended: boolean) => Promise<Answer<Value>>;
  readonly #onFailed: (problem: Problem) => void;
  readonly #current = signal<Loadable<Value>>({ state: 'loading' });
  #asked = 0;

  constructor(
    ask: (unattended: boolean) => Promise<Answer<Value>>,
    onFailed: (problem: Problem) => void = () => {},
  ) {
    this.#ask = ask;
    this.#onFailed = onFailed;
  }

  get current(): ReadonlySignal<Loadable<Value>> {
    return this.#current;
  }

  /** @param unattended by itself, and not since somebody did something */
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
