import type { ClientMessageOf } from '@farandole/protocol/client-message';
import type { Seat } from '@farandole/protocol/fields';
import { LINE_CHARS_MAX, TYPING_LASTS_MS } from '@farandole/protocol/limits';
import type { PrivateDetail } from '@farandole/protocol/private-details';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import { computed, type ReadonlySignal, signal } from '@preact/signals';
import type { Outgoing } from '../signal/frame-stream.ts';
import type { Scheduler } from '../signal/ports.ts';
import {
  type ChatLog,
  draftFaultOf,
  dropLine,
  endLog,
  lackingAt,
  mayResend,
  openLog,
  placeOf,
  receivedOf,
  refuseLine,
  replayFor,
  restoreLog,
  sayLine,
  takeLine,
  unsay,
  writeLine,
} from './chat-log.ts';
import type { ChatView, DraftFault } from './chat-view.ts';
import {
  OFFLINE_LINES_MAX,
  PENDING_LINES_MAX,
  QUIET_FROM_MINUTES,
  QUIET_SHOWN_MINUTES_MAX,
  TYPING_AGAIN_AFTER_MS,
} from './limits.ts';
import { acceptedLines, ownLine } from './line-views.ts';

export interface ChatPorts {
  readonly send: (message: Outgoing) => boolean;
  readonly pass: (message: ClientMessageOf<'chat.typing'>) => void;
  readonly scheduler: Scheduler;
  readonly freshId: () => string;
  readonly isOnline: ReadonlySignal<boolean>;
  /** Whether the screens already show the call. */
  readonly isShown: ReadonlySignal<boolean>;
  /**
   * Loads the detector of private details. Until it has loaded, chat lines are sent without a
   * warning.
   */
  readonly fetchDetector: () => Promise<(text: string) => PrivateDetail | null>;
}

export interface ChatCall {
  readonly match: string;
  readonly epoch: number;
  readonly side: Seat;
  /** When the call started, by the server's clock. That clock also stamps the chat lines. */
  readonly startedAtMs: number;
}

export type ChatMessage =
  | ServerMessageOf<'chat.line'>
  | ServerMessageOf<'chat.refused'>
  | ServerMessageOf<'chat.typing'>;

const MINUTE_MS = 60_000;

interface State {
  readonly match: string;
  readonly epoch: number;
  readonly startedAtMs: number;
  /**
   * While `restoring`, new lines wait until the call is restored. After `ended`, no lines can be
   * sent.
   */
  readonly phase: 'open' | 'restoring' | 'ended';
  readonly log: ChatLog;
}

/** The chat of the current call. After the call the chat stays until the next search starts. */
export class ChatModel {
  readonly view: ReadonlySignal<ChatView | null>;
  readonly #ports: ChatPorts;
  readonly #state = signal<State | null>(null);
  readonly #draft = signal('');
  readonly #draftFault = signal<DraftFault | null>(null);
  readonly #peerTyping = signal(false);
  readonly #unread = signal(0);
  /**
   * The private detail that the page has warned about in the draft. If it is set, the next attempt
   * sends the draft.
   */
  readonly #caution = signal<PrivateDetail | null>(null);
  readonly #quietMinutes = signal(0);
  #visible = true;
  #cancelPeerTyping: (() => void) | null = null;
  #cancelTyping: (() => void) | null = null;
  #cancelQuiet: (() => void) | null = null;
  #detect: ((text: string) => PrivateDetail | null) | null = null;

  constructor(ports: ChatPorts) {
    this.#ports = ports;
    this.view = computed(() => this.#viewNow());
  }

  get log(): ChatLog | null {
    return this.#state.value?.log ?? null;
  }

  open({ match, epoch, side, startedAtMs }: ChatCall): void {
    this.clear();
    this.#state.value = { match, epoch, startedAtMs, phase: 'open', log: openLog(side) };
    this.#heardPeer();
    this.#fetchDetector();
  }

  /**
   * Opens the chat of a call from an earlier page load. The lines arrive later, when the call is
   * restored.
   */
  openAgain({ match, epoch, side, startedAtMs }: ChatCall): void {
    this.clear();
    const log = openLog(side, true);
    this.#state.value = { match, epoch, startedAtMs, phase: 'restoring', log };
    this.#heardPeer();
    this.#fetchDetector();
  }

  end(): void {
    this.#stopTyping();
    this.#setPeerTyping(false);
    this.#caution.value = null;
    this.#forgetQuiet();
    this.#change((state) => ({ ...state, phase: 'ended', log: endLog(state.log) }));
  }

  /**
   * Clears the chat except the draft, because the user may want to send the draft to the next peer.
   */
  clear(): void {
    this.#stopTyping();
    this.#setPeerTyping(false);
    this.#state.value = null;
    this.#draftFault.value = null;
    this.#caution.value = null;
    this.#forgetQuiet();
    this.#unread.value = 0;
  }

  /**
   * Pauses the chat after the session was lost.
   * @returns what `call.restore` tells the server about received chat lines
   */
  restoring(): ReturnType<typeof receivedOf> {
    this.#change((state) => ({ ...state, phase: 'restoring', log: unsay(state.log) }));
    return receivedOf(this.log ?? openLog('a'));
  }

  /**
   * Continues the chat after a restore: sends the lines that the peer is missing, then the user's
   * waiting lines.
   */
  restored(restored: ServerMessageOf<'call.restored'>): void {
    const { match, epoch, counters, peerReceived, newPage } = restored;
    const state = this.#state.value;
    if (state?.match !== match || state.phase === 'ended') return;
    const hasNothing = newPage === true && placeOf({ counters: peerReceived }) === 0;
    const lacking = hasNothing ? replayFor(state.log) : lackingAt(state.log, peerReceived);
    for (const line of lacking) {
      this.#ports.send({ type: 'chat.replay', match, epoch, line });
    }
    const log = restoreLog(state.log, counters);
    this.#state.value = { ...state, epoch, phase: 'open', log };
    this.#flush();
  }

  receive(message: ChatMessage): void {
    const before = this.#state.value;
    if (before?.match !== message.match || before.phase === 'ended') return;
    switch (message.type) {
      case 'chat.line': {
        const { line } = message;
        this.#change((state) => ({ ...state, log: takeLine(state.log, line) }));
        if (line.side !== before.log.side) {
          this.#setPeerTyping(false);
          this.#heardPeer();
          const isNew = this.#state.value?.log !== before.log;
          if (isNew && !this.#visible) this.#unread.value += 1;
        }
        this.#flush();
        return;
      }
      case 'chat.refused':
        this.#change((state) => ({
          ...state,
          log: refuseLine(state.log, message.id, message.reason),
        }));
        return;
      case 'chat.typing':
        this.#setPeerTyping(message.active);
        if (message.active) this.#heardPeer();
    }
  }

  setVisible(visible: boolean): void {
    this.#visible = visible;
    if (visible) this.#unread.value = 0;
  }

  setDraft(text: string): void {
    this.#draft.value = text;
    this.#caution.value = null;
    this.#draftFault.value = text.length > LINE_CHARS_MAX ? 'too-long' : null;
    if (text === '') this.#stopTyping();
    else this.#startTyping();
  }

  /**
   * Sends the draft, or shows why it wasn't sent. Before a draft with private details is sent, the
   * page asks once.
   */
  sendLine(): void {
    const state = this.#state.value;
    if (state === null || state.phase === 'ended') return;
    const text = this.#draft.value;
    const fault = draftFaultOf(text) ?? (this.#hasRoom(state.log) ? null : 'queue-full');
    this.#draftFault.value = fault;
    if (fault !== null) return;
    const detail = this.#caution.value === null ? (this.#detect?.(text) ?? null) : null;
    this.#caution.value = detail;
    if (detail !== null) return;
    this.#draft.value = '';
    // The peer isn't told that the user stopped typing, because the line itself hides the peer's
    // typing indicator.
    this.#cancelTyping?.();
    this.#cancelTyping = null;
    this.#write(text);
  }

  /**
   * Sends a refused line again. A text that must be changed first is moved to the message box, if
   * the box is empty.
   */
  retryLine(id: string): void {
    const state = this.#state.value;
    const line = state?.log.own.find((candidate) => candidate.id === id);
    if (state === null || line?.state !== 'refused') return;
    const mends = draftFaultOf(line.text) !== null || line.refusal !== 'too-fast';
    if (mends || state.phase === 'ended') {
      if (this.#draft.value !== '') return;
      this.dismissLine(id);
      this.setDraft(line.text);
    } else if (this.#hasRoom(state.log)) {
      this.dismissLine(id);
      this.#write(line.text, line.corrects);
    }
  }

  dismissLine(id: string): void {
    this.#change((state) => ({ ...state, log: dropLine(state.log, id) }));
  }

  /** Sends a line that corrects a line of the peer. The caller has checked the text. */
  correct(id: string, text: string): void {
    this.#write(text, id);
  }

  #write(text: string, corrects?: string): void {
    const id = this.#ports.freshId();
    this.#change((state) => ({ ...state, log: writeLine(state.log, id, text, corrects) }));
    this.#flush();
  }

  #flush(): void {
    for (;;) {
      const state = this.#state.value;
      if (state?.phase !== 'open' || !mayResend(state.log)) return;
      const line = state.log.own.find((candidate) => candidate.state === 'unsaid');
      if (line === undefined) return;
      const { match, epoch } = state;
      const { id, text, corrects } = line;
      const said = { match, epoch, id, text, ...(corrects && { corrects }) };
      if (!this.#ports.send({ type: 'chat.send', ...said })) return;
      this.#state.value = { ...state, log: sayLine(state.log, id) };
    }
  }

  #hasRoom(log: ChatLog): boolean {
    const waiting = log.own.filter((line) => line.state !== 'refused').length;
    return waiting < (this.#ports.isOnline.value ? PENDING_LINES_MAX : OFFLINE_LINES_MAX);
  }

  #change(to: (state: State) => State): void {
    if (this.#state.value !== null) this.#state.value = to(this.#state.value);
  }

  /**
   * If the detector fails to load, lines are sent without a warning, because a network failure must
   * not block the chat.
   */
  #fetchDetector(): void {
    if (this.#detect !== null) return;
    this.#ports.fetchDetector().then(
      (detect) => {
        this.#detect = detect;
      },
      () => {},
    );
  }

  #heardPeer(): void {
    this.#forgetQuiet();
    this.#awaitQuiet();
  }

  #awaitQuiet(): void {
    this.#cancelQuiet = this.#ports.scheduler.after(MINUTE_MS, () => {
      this.#quietMinutes.value += 1;
      if (this.#quietMinutes.value < QUIET_SHOWN_MINUTES_MAX) this.#awaitQuiet();
    });
  }

  #forgetQuiet(): void {
    this.#cancelQuiet?.();
    this.#cancelQuiet = null;
    this.#quietMinutes.value = 0;
  }

  #startTyping(): void {
    if (this.#cancelTyping !== null || this.#state.value?.phase !== 'open') return;
    this.#passTyping(true);
    this.#cancelTyping = this.#ports.scheduler.after(TYPING_AGAIN_AFTER_MS, () => {
      this.#cancelTyping = null;
    });
  }

  #stopTyping(): void {
    if (this.#cancelTyping === null) return;
    this.#cancelTyping();
    this.#cancelTyping = null;
    this.#passTyping(false);
  }

  #passTyping(active: boolean): void {
    const state = this.#state.value;
    if (state?.phase !== 'open') return;
    const { match, epoch } = state;
    this.#ports.pass({ type: 'chat.typing', match, epoch, active });
  }

  #setPeerTyping(active: boolean): void {
    this.#cancelPeerTyping?.();
    this.#cancelPeerTyping = null;
    this.#peerTyping.value = active;
    if (!active) return;
    this.#cancelPeerTyping = this.#ports.scheduler.after(TYPING_LASTS_MS, () => {
      this.#cancelPeerTyping = null;
      this.#peerTyping.value = false;
    });
  }

  #viewNow(): ChatView | null {
    const state = this.#state.value;
    if (state === null || !this.#ports.isShown.value) return null;
    const isOnline = this.#ports.isOnline.value && state.phase === 'open';
    return {
      lines: [...acceptedLines(state), ...state.log.own.map((line) => ownLine(line, isOnline))],
      draft: this.#draft.value,
      draftFault: this.#draftFault.value,
      caution: this.#caution.value,
      draftRemaining: LINE_CHARS_MAX - this.#draft.value.length,
      peerTyping: this.#peerTyping.value,
      peerQuietMinutes:
        this.#quietMinutes.value >= QUIET_FROM_MINUTES ? this.#quietMinutes.value : 0,
      unread: this.#unread.value,
      open: state.phase !== 'ended',
    };
  }
}
