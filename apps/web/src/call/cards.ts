import { createPrng } from '@farandole/kernel/prng';
import type { ClientMessageOf } from '@farandole/protocol/client-message';
import type { Card, Game } from '@farandole/protocol/fields';
import { CARD_AT_MAX, CARDS_MAX, CARDS_SPAN_MS } from '@farandole/protocol/limits';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import { computed, effect, type ReadonlySignal, signal, untracked } from '@preact/signals';
import type { Scheduler } from '../signal/ports.ts';
import { type CallState, coverOf, type InCall, isInCall } from './call-state.ts';

/** Number of cards in each game's deck. The texts of each language have as many. */
export const DECKS: Readonly<Record<Game, number>> = {
  ...{ ice: 60, truths: 12, draw: 20, tune: 8 },
  ...{ 'learn-a': 12, 'learn-b': 12, 'learn-c': 12 },
};

/** The prompts of a language exchange. Only an exchange has them. */
export type Prompt = Extract<Game, `learn-${string}`>;
export type PlainGame = Exclude<Game, Prompt>;
export const GAMES = ['ice', 'truths', 'draw', 'tune'] as const satisfies readonly PlainGame[];

export function isPrompt(game: Game): game is Prompt {
  return game.startsWith('learn-');
}

export interface CardsPorts {
  readonly state: ReadonlySignal<CallState>;
  readonly isOnline: ReadonlySignal<boolean>;
  readonly scheduler: Scheduler;
  readonly pass: (message: ClientMessageOf<'call.card'>) => void;
}

export interface CardView {
  readonly game: Game;
  /** Number of the card's text, from 0 to below the size of the deck. */
  readonly text: number;
  /** Grows with each card of the call, so that a list or an announcement can tell cards apart. */
  readonly turn: number;
  /** Whether it is this user's turn to tell or to draw. The users take turns by seat. */
  readonly isOwnTurn: boolean;
}

interface Table {
  readonly match: string;
  readonly card: Card | null;
  /** Number of the last card of each game. */
  readonly last: Partial<Record<Game, number>>;
  /** Whether this user put the cards away. The peer isn't told. */
  readonly isPutAway: boolean;
}

const EMPTY: Table = { match: '', card: null, last: {}, isPutAway: false };

/**
 * The cards and games of a call. The node passes only which card is on the table. Both pages
 * shuffle the same deck by the match's id and show the card in their own language. In a video call
 * there are no cards while one of the users is covered.
 */
export class Cards {
  /** Whether the call may have cards now. */
  readonly areOffered: ReadonlySignal<boolean>;
  /** The card on the table. Null if there is none, or while cards aren't offered. */
  readonly view: ReadonlySignal<CardView | null>;
  /** Whether the user has to wait before the next card. */
  readonly mustWait: ReadonlySignal<boolean>;
  readonly #ports: CardsPorts;
  readonly #table = signal<Table>(EMPTY);
  readonly #credits = signal(CARDS_MAX);

  constructor(ports: CardsPorts) {
    this.#ports = ports;
    const { state, isOnline } = ports;
    this.areOffered = computed(() => offersCards(state.value));
    this.mustWait = computed(() => this.#credits.value === 0);
    this.view = computed(() => {
      if (!this.areOffered.value || !isInCall(state.value)) return null;
      const { card, isPutAway, match } = this.#table.value;
      const { call } = state.value;
      if (card === null || isPutAway || match !== call.match) return null;
      return viewOf(card, call);
    });
    const isReachable = computed(() => isOnline.value && reaches(state.value));
    effect(() => {
      if (isReachable.value) untracked(() => this.#repeat());
    });
  }

  /** Puts the next card of a game on the table, for both users. */
  play(game: Game): void {
    const state = this.#ports.state.peek();
    if (!this.areOffered.peek() || !isInCall(state) || this.mustWait.peek()) return;
    const { match, side } = state.call;
    const { card, last } = this.#tableOf(match);
    const at = ((last[game] ?? -1) + 1) % (CARD_AT_MAX + 1);
    const next: Card = { game, at, turn: (card?.turn ?? 0) + 1, side };
    this.#spendCredit();
    this.#lay(match, next, false);
    this.#pass(next);
  }

  /** Hides the cards from this user until this user plays again. */
  putAway(): void {
    this.#table.value = { ...this.#table.peek(), isPutAway: true };
  }

  receive({ match, card }: ServerMessageOf<'call.card'>): void {
    const state = this.#ports.state.peek();
    if (!isInCall(state) || state.call.match !== match) return;
    const table = this.#tableOf(match);
    if (isNewer(card, table.card)) this.#lay(match, card, table.isPutAway);
  }

  #tableOf(match: string): Table {
    const table = this.#table.peek();
    return table.match === match ? table : { ...EMPTY, match };
  }

  #lay(match: string, card: Card, isPutAway: boolean): void {
    const { last } = this.#tableOf(match);
    this.#table.value = { match, card, isPutAway, last: { ...last, [card.game]: card.at } };
  }

  /** Repeats the card, because the peer may have missed it while a socket was lost. */
  #repeat(): void {
    const state = this.#ports.state.peek();
    if (!isInCall(state)) return;
    const { card } = this.#tableOf(state.call.match);
    if (card !== null) this.#pass(card);
  }

  #pass(card: Card): void {
    const state = this.#ports.state.peek();
    if (!isInCall(state)) return;
    const { match, epoch } = state.call;
    this.#ports.pass({ type: 'call.card', match, epoch, card });
  }

  #spendCredit(): void {
    this.#credits.value -= 1;
    this.#ports.scheduler.after(CARDS_SPAN_MS, () => {
      this.#credits.value += 1;
    });
  }
}

function offersCards(state: CallState): boolean {
  if (!isInCall(state)) return false;
  if (state.call.mode !== 'video') return true;
  return coverOf(state) === 'shown' && state.call.peer.cover === 'shown';
}

function reaches(state: CallState): boolean {
  return isInCall(state) && state.call.peerPresent && !state.call.restoring;
}

function isNewer(card: Card, old: Card | null): boolean {
  if (old === null || card.turn !== old.turn) return card.turn > (old?.turn ?? 0);
  return card.side === 'a' && old.side !== 'a';
}

function viewOf({ game, at, turn }: Card, { match, side }: InCall['call']): CardView {
  const text = deckOf(match, game)[at % DECKS[game]] ?? 0;
  return { game, text, turn, isOwnTurn: (at % 2 === 0) === (side === 'a') };
}

/** Returns the deck of a game in the order in which a call uses it. */
export function deckOf(match: string, game: Game): readonly number[] {
  // FNV-1a. The seed needs no secrecy, because the deck is no secret either.
  let seed = 0x811c9dc5;
  for (const letter of `${game} ${match}`) {
    seed = Math.imul(seed ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  }
  return createPrng(seed).shuffle(Array.from({ length: DECKS[game] }, (_, text) => text));
}
