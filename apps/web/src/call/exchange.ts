import type { ClientMessageOf } from '@farandole/protocol/client-message';
import type { ExchangeState, Level } from '@farandole/protocol/fields';
import { SWITCHES_MAX } from '@farandole/protocol/limits';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import { computed, effect, type ReadonlySignal, signal, untracked } from '@preact/signals';
import type { ChatModel } from '../chat/chat-model.ts';
import type { Devices } from '../devices/devices.ts';
import type { Scheduler } from '../signal/ports.ts';
import { type Call, type CallState, isInCall } from './call-state.ts';
import type { Prompt } from './cards.ts';
import { VoiceClock } from './voice-clock.ts';

/** How often the page tells the other page how much its user spoke, if that changed. */
export const SPOKE_EVERY_MS = 5_000;

export interface ExchangePorts {
  readonly state: ReadonlySignal<CallState>;
  readonly isOnline: ReadonlySignal<boolean>;
  readonly scheduler: Scheduler;
  readonly pass: (message: ClientMessageOf<'call.exchange'>) => void;
  readonly chat: Pick<ChatModel, 'view'>;
  /** The user's microphone is measured while it is open. */
  readonly devices: Pick<Devices, 'sound' | 'loaded'>;
}

export interface ExchangeView {
  /** The pair's languages: one if one of them only helps, else two. */
  readonly languages: readonly string[];
  readonly now: string;
  /** Level of the user who learns the current language. */
  readonly level: Level;
  /** Whether this user learns the current language. */
  readonly isLearner: boolean;
  /** Whether this user, or the peer, asks to switch. An unanswered request is no refusal. */
  readonly asks: boolean;
  readonly peerAsks: boolean;
  /** This user's share of what both spoke or wrote, from 0 to 1. Null before anyone did. */
  readonly share: number | null;
}

interface Told {
  readonly match: string;
  readonly own: ExchangeState;
  readonly peer: ExchangeState;
}

const NOTHING: ExchangeState = { turn: 0, asks: false, spoke: 0 };

/**
 * The languages and the fair clock of a language exchange. The node only passes states on. Of two
 * pages, the one with the lower `turn` follows the other, so both come to the same language even if
 * messages are lost. A page tells only the share of time in which its user spoke.
 */
export class Exchange {
  /** Null outside a language exchange. */
  readonly view: ReadonlySignal<ExchangeView | null>;
  readonly #ports: ExchangePorts;
  readonly #told = signal<Told>({ match: '', own: NOTHING, peer: NOTHING });
  readonly #clock = new VoiceClock();
  #lastSent: ExchangeState | null = null;

  constructor(ports: ExchangePorts) {
    this.#ports = ports;
    const { state, isOnline, scheduler } = ports;
    this.view = computed(() => this.#viewNow());
    const match = computed(() => exchanging(state.value)?.match ?? null);
    effect(() => {
      if (match.value === null) return;
      this.#clock.reset();
      this.#lastSent = null;
      const tick = (): void => {
        this.#count();
        cancel = scheduler.after(SPOKE_EVERY_MS, tick);
      };
      let cancel = scheduler.after(SPOKE_EVERY_MS, tick);
      return () => cancel();
    });
    const hasSound = computed(() => (exchanging(state.value)?.mode ?? 'text') !== 'text');
    effect(() => {
      if (!hasSound.value || ports.devices.sound.value === null) return;
      const choice = untracked(() => ports.devices.loaded?.choice);
      return choice?.hear((loudness, nowMs) => this.#clock.take(loudness, nowMs));
    });
    const isReachable = computed(() => {
      const call = exchanging(state.value);
      return call !== null && isOnline.value && call.peerPresent && !call.restoring;
    });
    effect(() => {
      // The peer may have missed the last state while a socket was lost.
      if (isReachable.value) untracked(() => this.#tell());
    });
  }

  /** Asks to switch the language, accepts the peer's request, or takes the own request back. */
  toggleSwitch(): void {
    const view = this.view.peek();
    if (view === null || view.languages.length < 2) return;
    const { own, peer } = this.#now();
    const isAgreed = !own.asks && peer.asks && peer.turn === own.turn;
    this.#change(isAgreed ? switched(own) : { ...own, asks: !own.asks });
    this.#tell();
  }

  receive({ match, state: peer }: ServerMessageOf<'call.exchange'>): void {
    const call = exchanging(this.#ports.state.peek());
    if (call?.match !== match) return;
    const { own } = this.#now();
    this.#told.value = { match, own, peer };
    if (peer.turn > own.turn) this.#change({ ...own, turn: peer.turn, asks: false });
    else if (peer.turn < own.turn) this.#tell();
    else if (peer.asks && own.asks) {
      this.#change(switched(own));
      this.#tell();
    }
  }

  #count(): void {
    const { own } = this.#now();
    const spoke = this.#clock.percent;
    if (spoke !== own.spoke) this.#change({ ...own, spoke });
    const sent = this.#lastSent;
    const { turn, asks } = own;
    if (sent?.spoke !== spoke || sent.turn !== turn || sent.asks !== asks || asks) this.#tell();
  }

  #now(): Told {
    const told = this.#told.peek();
    const match = exchanging(this.#ports.state.peek())?.match ?? '';
    return told.match === match ? told : { match, own: NOTHING, peer: NOTHING };
  }

  #change(own: ExchangeState): void {
    this.#told.value = { ...this.#now(), own };
  }

  #tell(): void {
    const call = exchanging(this.#ports.state.peek());
    if (call === null) return;
    const { match, epoch } = call;
    const { own: state } = this.#now();
    this.#lastSent = state;
    this.#ports.pass({ type: 'call.exchange', match, epoch, state });
  }

  #viewNow(): ExchangeView | null {
    const call = exchanging(this.#ports.state.value);
    if (call === null) return null;
    const told = this.#told.value;
    const { own, peer } = told.match === call.match ? told : { own: NOTHING, peer: NOTHING };
    const learners = call.exchange.learners.flatMap((learner, at) =>
      learner === null ? [] : [{ ...learner, isOwn: at === (call.side === 'a' ? 0 : 1) }],
    );
    const now = learners[own.turn % learners.length];
    if (now === undefined) return null;
    return {
      languages: learners.map(({ language }) => language),
      now: now.language,
      level: now.level,
      isLearner: now.isOwn,
      asks: own.asks,
      peerAsks: peer.asks && peer.turn === own.turn,
      share: call.mode === 'text' ? this.#written() : shareOf(own.spoke, peer.spoke),
    };
  }

  #written(): number | null {
    const chars = { you: 0, peer: 0 };
    for (const { from, text, state } of this.#ports.chat.view.value?.lines ?? []) {
      if (state === 'sent') chars[from] += text.length;
    }
    return shareOf(chars.you, chars.peer);
  }
}

/** Returns the game of prompts for a level. */
export function promptsOf(level: Level): Prompt {
  if (level === 'C1') return 'learn-c';
  return level === 'B1' || level === 'B2' ? 'learn-b' : 'learn-a';
}

function switched(own: ExchangeState): ExchangeState {
  return { ...own, turn: Math.min(SWITCHES_MAX, own.turn + 1), asks: false };
}

function shareOf(own: number, peer: number): number | null {
  return own + peer === 0 ? null : own / (own + peer);
}

type ExchangingCall = Call & { readonly exchange: NonNullable<Call['exchange']> };

function exchanging(state: CallState): ExchangingCall | null {
  if (!isInCall(state)) return null;
  const { call } = state;
  return call.exchange === null ? null : { ...call, exchange: call.exchange };
}
