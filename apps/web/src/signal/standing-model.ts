import type { ServerMessageOf } from '@farandole/protocol/server-message';
import { type ReadonlySignal, signal } from '@preact/signals';

export interface StandingView {
  readonly may: 'text' | 'nothing';
  /**
   * Who restricted the user:
   * - `decision`: moderators decided about this user;
   * - `network`: moderators restricted the user's network;
   * - `hold`: software suspended the user until a moderator has reviewed the case.
   */
  readonly because: 'decision' | 'network' | 'hold';
  readonly appeal: string | null;
  /** Time at which the restriction ends, by the server's clock; `null` if it never ends. */
  readonly endsAtMs: number | null;
}

/** Software limits whom this user can meet, until moderators have decided. */
export interface LimitedView {
  /** Code with which the user appeals the limit; null after a decision, which has its own code. */
  readonly appeal: string | null;
  /** Time at which the limit ends, by the server's clock. */
  readonly endsAtMs: number;
}

/** Restrictions by moderators or software on this user, as last sent by the server. */
export class StandingModel {
  readonly #view = signal<StandingView | null>(null);
  readonly #limited = signal<LimitedView | null>(null);
  readonly #exchangeClosed = signal<LimitedView | null>(null);

  get limited(): ReadonlySignal<LimitedView | null> {
    return this.#limited;
  }

  /** Language exchange is closed for the user, and the other ways to meet are open. */
  get exchangeClosed(): ReadonlySignal<LimitedView | null> {
    return this.#exchangeClosed;
  }

  get view(): ReadonlySignal<StandingView | null> {
    return this.#view;
  }

  /**
   * The restrictions are empty until the server sends them, which it does right after it opens
   * the session.
   */
  sessionOpened(): void {
    this.#view.value = null;
    this.#limited.value = null;
    this.#exchangeClosed.value = null;
  }

  receive(changed: ServerMessageOf<'standing.changed'>): void {
    const { may, because = 'decision', appeal = null, endsAtMs = null, limited } = changed;
    this.#limited.value = limitOf(limited);
    this.#exchangeClosed.value = limitOf(changed.exchangeClosed);
    this.#view.value = may === 'meet' ? null : { may, because, appeal, endsAtMs };
  }
}

function limitOf(limit: ServerMessageOf<'standing.changed'>['limited']): LimitedView | null {
  return limit === undefined ? null : { appeal: limit.appeal ?? null, endsAtMs: limit.endsAtMs };
}
