import type { ServerMessageOf } from '@farandole/protocol/server-message';
import { type ReadonlySignal, signal } from '@preact/signals';

export interface StandingView {
  readonly may: 'text' | 'nothing';
  /**
   * `decision`: people decided it of this person. `network`: of the network that they come from.
   * `hold`: until people have looked.
   */
  readonly because: 'decision' | 'network' | 'hold';
  /** The code under which the decision is read and appealed against, where there is one. */
  readonly appeal: string | null;
  /** By the server's clock; null where it has no end. */
  readonly endsAtMs: number | null;
}

/** What people decided of this person, as the server last told it. */
export class StandingModel {
  readonly #view = signal<StandingView | null>(null);

  get view(): ReadonlySignal<StandingView | null> {
    return this.#view;
  }

  /** One that may not do everything hears so right afterwards. */
  sessionOpened(): void {
    this.#view.value = null;
  }

  receive(changed: ServerMessageOf<'standing.changed'>): void {
    const { may, because = 'decision', appeal = null, endsAtMs = null } = changed;
    this.#view.value = may === 'meet' ? null : { may, because, appeal, endsAtMs };
  }
}
