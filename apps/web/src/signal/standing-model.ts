import type { ServerMessageOf } from '@farandole/protocol/server-message';
import { type ReadonlySignal, signal } from '@preact/signals';

export interface StandingView {
  readonly may: 'text' | 'nothing';
  /**
   * - `decision`: moderators decided about this user;
   * - `network`: moderators restricted the user's network;
   * - `hold`: an automatic suspension until a moderator has reviewed the case.
   */
  readonly because: 'decision' | 'network' | 'hold';
  readonly appeal: string | null;
  /** End of the restriction by the server's clock; `null` without an end. */
  readonly endsAtMs: number | null;
}

/** The restrictions of this user, as the server last sent them. */
export class StandingModel {
  readonly #view = signal<StandingView | null>(null);

  get view(): ReadonlySignal<StandingView | null> {
    return this.#view;
  }

  /** The view is empty until the server sends the restrictions, which it does right after this. */
  sessionOpened(): void {
    this.#view.value = null;
  }

  receive(changed: ServerMessageOf<'standing.changed'>): void {
    const { may, because = 'decision', appeal = null, endsAtMs = null } = changed;
    this.#view.value = may === 'meet' ? null : { may, because, appeal, endsAtMs };
  }
}
