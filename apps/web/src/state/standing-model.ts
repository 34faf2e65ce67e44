import type { ServerMessageOf } from '@farandole/protocol/server-message';
import { type ReadonlySignal, signal } from '@preact/signals';
import type { StandingView } from './app-model.ts';

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
