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

/** Software limits whom this user meets, until moderators have decided. */
export interface LimitedView {
  /** Code to appeal; null after a decision, which has its own. */
  readonly appeal: string | null;
  /** Server time. */
  readonly endsAtMs: number;
}

/** What moderators or software restrict for this user, as last sent by the server. */
export class StandingModel {
  readonly #view = signal<StandingView | null>(null);
  readonly #limited = signal<LimitedView | null>(null);

  get limited(): ReadonlySignal<LimitedView | null> {
    return this.#limited;
  }

  get view(): ReadonlySignal<StandingView | null> {
    return this.#view;
  }

  /** The view is empty until the server sends the restrictions, which it does right after this. */
  sessionOpened(): void {
    this.#view.value = null;
    this.#limited.value = null;
  }

  receive(changed: ServerMessageOf<'standing.changed'>): void {
    const { may, because = 'decision', appeal = null, endsAtMs = null, limited } = changed;
    this.#limited.value =
      may === 'meet' && limited !== undefined
        ? { appeal: limited.appeal ?? null, endsAtMs: limited.endsAtMs }
        : null;
    this.#view.value = may === 'meet' ? null : { may, because, appeal, endsAtMs };
  }
}
