import type { ClientMessageOf } from '@farandole/protocol/client-message';
import type { Reaction } from '@farandole/protocol/fields';
import { REACTIONS_MAX, REACTIONS_SPAN_MS } from '@farandole/protocol/limits';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import { computed, effect, type ReadonlySignal, signal } from '@preact/signals';
import type { Scheduler } from '../signal/ports.ts';
import { type CallState, isInCall } from './call-state.ts';
import type { CallView } from './call-view.ts';
import { Cards } from './cards.ts';
import { Exchange, type ExchangePorts } from './exchange.ts';
import { Rounds, type RoundsPorts } from './rounds.ts';

/** How long the page shows a reaction, or the reason why one wasn't sent. */
export const REACTION_SHOWN_MS = 4_000;
/** Maximum number of reactions shown at once. The oldest is removed first. */
export const REACTIONS_SHOWN_MAX = 10;

export interface ReactionsPorts
  extends Pick<ExchangePorts, 'chat' | 'devices'>,
    Pick<RoundsPorts, 'clock' | 'next' | 'send'> {
  readonly state: ReadonlySignal<CallState>;
  readonly isOnline: ReadonlySignal<boolean>;
  readonly preferences: ReadonlySignal<{ readonly reactions: boolean }>;
  readonly scheduler: Scheduler;
  readonly view: ReadonlySignal<Pick<CallView, 'shield'> | null>;
  readonly pass: (message: ClientMessageOf<'call.react' | 'call.card' | 'call.exchange'>) => void;
}

export interface ShownReaction {
  /** Key of the reaction in lists. It is unique on the page. */
  readonly key: number;
  readonly match: string;
  readonly from: 'you' | 'peer';
  readonly reaction: Reaction;
}

/** Why a reaction wasn't sent. With `away` the session of this user or of the peer is lost. */
export type ReactionRefusal = 'too-fast' | 'away';

/**
 * The last reaction that was sent, received or refused. Each of these events creates a new object,
 * even for an equal reaction.
 */
export interface ReactionNews {
  readonly key: `reaction.${ShownReaction['from']}.${Reaction}` | `reaction.${ReactionRefusal}`;
}

/**
 * The reactions in the current call. They aren't stored, and a reaction that is sent without a
 * session is lost. If the user turned reactions off, no reaction is sent, shown or announced.
 */
export class Reactions {
  /** The visible reactions, oldest first. */
  readonly shown: ReadonlySignal<readonly ShownReaction[]>;
  /**
   * Why the last reaction wasn't sent. The value is cleared after `REACTION_SHOWN_MS` or when the
   * next reaction is sent.
   */
  readonly refusal: ReadonlySignal<ReactionRefusal | null>;
  readonly news: ReadonlySignal<ReactionNews | null>;
  /** The cards and games of the call. They load with the reactions. */
  readonly cards: Cards;
  /** The rounds of an hour. They load with the reactions. */
  readonly rounds: Rounds;
  /** The languages and the fair clock of a language exchange. */
  readonly exchange: Exchange;
  /** Id of the last match in which the shield covered the peer. Null if there is none. */
  readonly flagged: ReadonlySignal<string | null>;
  readonly #ports: ReactionsPorts;
  readonly #all = signal<readonly ShownReaction[]>([]);
  readonly #refusal = signal<ReactionRefusal | null>(null);
  readonly #news = signal<ReactionNews | null>(null);
  #credits = REACTIONS_MAX;
  #keys = 0;
  #cancelRefusal: (() => void) | null = null;

  constructor(ports: ReactionsPorts) {
    this.#ports = ports;
    this.cards = new Cards(ports);
    this.rounds = new Rounds(ports);
    this.exchange = new Exchange(ports);
    const flagged = signal<string | null>(null);
    this.flagged = flagged;
    effect(() => {
      const state = ports.state.value;
      if (ports.view.value?.shield?.state === 'flagged' && isInCall(state))
        flagged.value = state.call.match;
    });
    this.shown = computed(() => {
      const state = ports.state.value;
      if (!isInCall(state) || !this.#isOn) return [];
      return this.#all.value.filter(({ match }) => match === state.call.match);
    });
    this.refusal = this.#refusal;
    this.news = this.#news;
  }

  /** Sends a reaction and shows it, or shows why it can't be sent. Does nothing outside a call. */
  send(reaction: Reaction): void {
    const state = this.#ports.state.peek();
    if (!isInCall(state) || !this.#isOn) return;
    const { match, epoch, restoring, peerPresent } = state.call;
    if (restoring || !peerPresent || !this.#ports.isOnline.peek()) this.#refuse('away');
    else if (this.#credits === 0) this.#refuse('too-fast');
    else {
      this.#spendCredit();
      this.#clearRefusal();
      this.#ports.pass({ type: 'call.react', match, epoch, reaction });
      this.#show('you', match, reaction);
    }
  }

  receive(
    message: ServerMessageOf<'call.reaction' | 'call.card' | 'call.exchange' | 'round.ending'>,
  ): void {
    if (message.type === 'call.card') this.cards.receive(message);
    else if (message.type === 'call.exchange') this.exchange.receive(message);
    else if (message.type === 'round.ending') this.rounds.receive(message);
    else if (this.#isOn) this.#show('peer', message.match, message.reaction);
  }

  get #isOn(): boolean {
    return this.#ports.preferences.value.reactions;
  }

  #spendCredit(): void {
    this.#credits -= 1;
    this.#ports.scheduler.after(REACTIONS_SPAN_MS, () => {
      this.#credits += 1;
    });
  }

  #show(from: ShownReaction['from'], match: string, reaction: Reaction): void {
    this.#keys += 1;
    const shown = { key: this.#keys, match, from, reaction };
    this.#all.value = [...this.#all.value, shown].slice(-REACTIONS_SHOWN_MAX);
    this.#news.value = { key: `reaction.${from}.${reaction}` };
    this.#ports.scheduler.after(REACTION_SHOWN_MS, () => {
      this.#all.value = this.#all.value.filter((other) => other !== shown);
    });
  }

  #refuse(refusal: ReactionRefusal): void {
    this.#clearRefusal();
    this.#refusal.value = refusal;
    this.#news.value = { key: `reaction.${refusal}` };
    this.#cancelRefusal = this.#ports.scheduler.after(REACTION_SHOWN_MS, () => {
      this.#refusal.value = null;
    });
  }

  #clearRefusal(): void {
    this.#cancelRefusal?.();
    this.#cancelRefusal = null;
    this.#refusal.value = null;
  }
}
