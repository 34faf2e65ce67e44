import type { ReportReason, Seat, TaggedLine } from '@farandole/protocol/fields';
import { REPORT_NOTE_CHARS_MAX } from '@farandole/protocol/limits';
import { takesPictures } from '@farandole/protocol/report-pictures';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import { computed, type ReadonlySignal, signal } from '@preact/signals';
import { placeOf } from '../chat/chat-log.ts';
import type { Outgoing } from '../signal/frame-stream.ts';
import type { Scheduler } from '../signal/ports.ts';
import { PENDING_REPORT_MS, PENDING_TICK_MS } from './limits.ts';
import type { TakenPicture } from './picture-ring.ts';
import {
  attachedPlaces,
  type Draft,
  type DraftPicture,
  linesOf,
  reportOf,
} from './report-draft.ts';
import { rangeAfterToggle } from './report-lines.ts';
import type { ReportView } from './reporting-view.ts';
import type { ReportCreate } from './stored-records.ts';

export interface ReportPorts {
  /**
   * Sends a message to the server.
   * @returns false if the link didn't accept the message; the caller then sends it again when a
   * session opens
   */
  readonly send: (message: Outgoing) => boolean;
  readonly freshId: () => string;
  readonly scheduler: Scheduler;
  readonly isOnline: ReadonlySignal<boolean>;
  /**
   * Ends the current call and returns it. Returns the last call if there is no current call, or
   * null if there was none.
   */
  readonly leaveCall: () => (ReportedCall & ReportMaterial) | null;
  /** Stores a report on this device until the server has replied. */
  readonly keep: (match: string, message: ReportCreate) => void;
  readonly drop: (id: string) => void;
  /**
   * Uploads the pictures of an accepted report.
   * @returns whether the server has stored the pictures
   */
  readonly sendPictures: (token: string, pictures: readonly TakenPicture[]) => Promise<boolean>;
}

export interface ReportMaterial {
  /**
   * Chat lines of the reported call in the order of their positions. As many as fit are attached
   * to the report.
   */
  readonly lines: readonly TaggedLine[];
  readonly pictures: readonly TakenPicture[];
}

export interface ReportedCall {
  readonly match: string;
  readonly receipt: string;
  readonly side: Seat;
}

/** A complete report that the page will send after `PENDING_REPORT_MS`. */
interface PendingReport {
  readonly id: string;
  readonly leftMs: number;
}

interface Choosing {
  readonly state: 'choosing';
  readonly draft: Draft;
  /**
   * The reason for the report; `null` if the user gave none. A report is sent at once if its
   * reason needs no further choices.
   */
  readonly reason: ReportReason | null;
  readonly held: PendingReport | null;
}

type State =
  | Choosing
  | { readonly state: 'asked'; readonly draft: Draft; readonly message: ReportCreate }
  | {
      readonly state: 'accepted';
      readonly draft: Draft;
      readonly message: ReportCreate;
      readonly code: string;
      readonly merged: boolean;
      readonly pictures: 'none' | 'sending' | 'sent' | 'failed';
    }
  | {
      readonly state: 'refused';
      readonly draft: Draft;
      readonly message: ReportCreate;
      readonly refusal: ServerMessageOf<'report.refused'>['reason'];
    };

/**
 * A report from the first press until the server has stored it. The page keeps the report after
 * the end of its call and session, and sends it again with the same id until the server replies.
 */
export class ReportModel {
  readonly view: ReadonlySignal<ReportView | null>;
  readonly #ports: ReportPorts;
  readonly #state = signal<State | null>(null);
  readonly #sent = signal<ReadonlySet<string>>(new Set());
  /** Reports to which the server hasn't replied, including the one in the report sheet. */
  readonly #unanswered = new Map<string, ReportCreate>();
  /** Pictures to upload once the server has accepted their report. They are kept only in memory. */
  readonly #pictures = new Map<string, readonly TakenPicture[]>();
  #stopCounting: () => void = () => {};

  constructor(ports: ReportPorts) {
    this.#ports = ports;
    this.view = computed(() => this.#viewNow());
  }

  /**
   * Ends the call and opens the report sheet. The peer can't see or hear the user while the user
   * chooses a reason.
   * @param note initial text of the report's note, which the user can edit
   */
  open(note = ''): void {
    const left = this.#ports.leaveCall();
    if (left !== null) this.openFor(left, note);
  }

  /**
   * Opens the report sheet for a call. If another report is being sent, that continues in the
   * background.
   */
  openFor(
    { match, receipt, side, lines, pictures }: ReportedCall & ReportMaterial,
    note = '',
  ): void {
    this.sendNow();
    const all = pictures.map((picture) => ({ ...picture, attached: true }));
    const draft = { match, receipt, side, lines, chosen: null, note, pictures: all };
    this.#state.value = { state: 'choosing', draft, reason: null, held: null };
  }

  get isHeld(): boolean {
    return this.#choosing !== null && this.#choosing.held !== null;
  }

  /**
   * Makes a report without a reason: stores it now and sends it after `PENDING_REPORT_MS`,
   * unless the user withdraws the report.
   */
  hold(): void {
    const state = this.#choosing;
    if (state !== null && state.held === null) this.#hold(state.draft, null);
  }

  /** Sends the pending report now, with the choices that the user has made so far. */
  sendNow(): void {
    const state = this.#choosing;
    if (state === null || state.held === null) return;
    const { draft, reason, held } = state;
    // If a report has no reason, the peer may be a minor, so no picture is attached.
    const pictures = reason === null ? [] : draft.pictures;
    const note = draft.note.slice(0, REPORT_NOTE_CHARS_MAX);
    this.#say({ ...draft, pictures, note }, reason ?? 'other', held.id);
  }

  /**
   * Withdraws the pending report. The page deletes what it stored of the report, and sends
   * nothing.
   */
  takeBack(): void {
    const state = this.#choosing;
    if (state !== null && state.held !== null) {
      this.#stopCounting();
      this.#ports.drop(state.held.id);
    }
    this.#state.value = null;
  }

  otherReason(): void {
    const state = this.#choosing;
    if (state !== null && state.held !== null) this.#hold(state.draft, null);
  }

  /** Attaches a chat line to the report or removes it. Attached lines are always consecutive. */
  toggleLine(place: number): void {
    this.#change((draft) => {
      const places = draft.lines.map(placeOf);
      return { chosen: rangeAfterToggle(places, attachedPlaces(draft), place) };
    });
  }

  togglePicture(id: number): void {
    this.#changePictures((picture, at) =>
      at === id ? { ...picture, attached: !picture.attached } : picture,
    );
  }

  dropPictures(): void {
    this.#changePictures((picture) => ({ ...picture, attached: false }));
  }

  /** Sends a report of an earlier visit to which the server hasn't replied. */
  resume(match: string, message: ReportCreate): void {
    // A pending report is stored too, but it is not yet time to send it.
    const isHeld = this.#choosing?.held?.id === message.id;
    if (isHeld || this.#unanswered.has(message.id)) return;
    this.#sent.value = new Set([...this.#sent.value, match]);
    this.#unanswered.set(message.id, message);
    this.#ports.send(message);
  }

  /**
   * Whether the user reported the call. False if the user closed the report sheet without
   * sending.
   */
  wasSent(match: string): boolean {
    return this.#sent.value.has(match);
  }

  setNote(note: string): void {
    const state = this.#state.value;
    if (state?.state === 'refused') {
      this.#state.value = { ...state, draft: { ...state.draft, note } };
    }
    this.#change(() => ({ note }));
  }

  /**
   * Sends the report. If the report has pictures, it is sent after a delay. If the note is too
   * long, the report sheet stays open with the whole text.
   */
  send(reason: ReportReason): void {
    const state = this.#state.value;
    if (state?.state !== 'choosing' && state?.state !== 'refused') return;
    const { draft } = state;
    if (draft.note.length > REPORT_NOTE_CHARS_MAX) return;
    const isChoice = state.state === 'choosing' && draft.pictures.length > 0;
    if (isChoice && takesPictures(reason)) this.#hold(draft, reason);
    else this.#say(draft, reason, this.#choosing?.held?.id ?? this.#ports.freshId());
  }

  /** Starts the delay before sending again, also if the user chose another reason. */
  #hold(draft: Draft, reason: ReportReason | null): void {
    const id = this.#choosing?.held?.id ?? this.#ports.freshId();
    this.#ports.keep(draft.match, reportOf(draft, reason ?? 'other', id));
    this.#state.value = {
      state: 'choosing',
      draft,
      reason,
      held: { id, leftMs: PENDING_REPORT_MS },
    };
    this.#count();
  }

  #count(): void {
    this.#stopCounting();
    this.#stopCounting = this.#ports.scheduler.after(PENDING_TICK_MS, () => {
      const state = this.#choosing;
      if (state === null || state.held === null) return;
      const leftMs = state.held.leftMs - PENDING_TICK_MS;
      if (leftMs <= 0) {
        this.sendNow();
        return;
      }
      this.#state.value = { ...state, held: { ...state.held, leftMs } };
      this.#count();
    });
  }

  #say(made: Draft, reason: ReportReason, id: string): void {
    this.#stopCounting();
    // If the peer may be a minor, the page deletes the pictures of the peer at once.
    const draft = takesPictures(reason) ? made : { ...made, pictures: [] };
    const message = reportOf(draft, reason, id);
    const pictures = draft.pictures.filter(({ attached }) => attached);
    if (pictures.length > 0) this.#pictures.set(message.id, pictures);
    this.#state.value = { state: 'asked', draft, message };
    this.#sent.value = new Set([...this.#sent.value, draft.match]);
    this.#unanswered.set(message.id, message);
    this.#ports.keep(draft.match, message);
    this.#ports.send(message);
  }

  /** Closes the report sheet. A pending report is sent now. */
  close(): void {
    this.sendNow();
    this.#state.value = null;
  }

  /**
   * Sends unanswered reports again in a new session, because the messages of the old session are
   * lost.
   */
  sessionOpened(): void {
    for (const message of this.#unanswered.values()) this.#ports.send(message);
  }

  receive(message: ServerMessageOf<'report.accepted'> | ServerMessageOf<'report.refused'>): void {
    this.#unanswered.delete(message.id);
    const after = this.#pictures.get(message.id) ?? [];
    this.#pictures.delete(message.id);
    const state = this.#state.value;
    const isShown = state?.state === 'asked' && state.message.id === message.id;
    if (message.type === 'report.accepted') {
      const { id, code, merged, pictures: token } = message;
      const pictures = after.length === 0 ? 'none' : token === undefined ? 'failed' : 'sending';
      if (isShown) {
        const { message: asked } = state;
        // The upload has its own reference to the pictures, so they can be removed from the
        // report.
        const draft = { ...state.draft, pictures: [] };
        this.#state.value = { state: 'accepted', draft, message: asked, code, merged, pictures };
      }
      if (pictures === 'sending' && token !== undefined) void this.#sendPictures(id, token, after);
    } else if (isShown) {
      const { message: asked } = state;
      const { reason: refusal } = message;
      // The server would refuse the same chat lines again, so the next attempt sends the report
      // without lines.
      const draft = refusal === 'bad-lines' ? { ...state.draft, lines: [] } : state.draft;
      this.#state.value = { state: 'refused', draft, message: asked, refusal };
    }
  }

  async #sendPictures(id: string, token: string, pictures: readonly TakenPicture[]): Promise<void> {
    const isSent = await this.#ports.sendPictures(token, pictures).catch(() => false);
    const state = this.#state.value;
    if (state?.state !== 'accepted' || state.message.id !== id) return;
    this.#state.value = { ...state, pictures: isSent ? 'sent' : 'failed' };
  }

  #changePictures(change: (picture: DraftPicture, at: number) => DraftPicture): void {
    this.#change(({ pictures }) => ({ pictures: pictures.map(change) }));
  }

  get #choosing(): Choosing | null {
    const state = this.#state.value;
    return state?.state === 'choosing' ? state : null;
  }

  /** Changes the draft of the report. Each change starts the delay before sending again. */
  #change(change: (draft: Draft) => Partial<Draft>): void {
    const state = this.#choosing;
    if (state === null) return;
    const draft = { ...state.draft, ...change(state.draft) };
    const held = state.held === null ? null : { ...state.held, leftMs: PENDING_REPORT_MS };
    this.#state.value = { ...state, draft, held };
  }

  #viewNow(): ReportView | null {
    const state = this.#state.value;
    if (state === null) return null;
    const { draft } = state;
    return {
      state: this.#shown(state),
      reason: state.state === 'choosing' ? state.reason : state.message.reason,
      goesInMs: state.state === 'choosing' ? (state.held?.leftMs ?? null) : null,
      note: draft.note,
      noteRemaining: REPORT_NOTE_CHARS_MAX - draft.note.length,
      linesAttached:
        state.state === 'choosing' ? attachedPlaces(draft).length : state.message.lines.length,
      lines: state.state === 'choosing' ? linesOf(draft) : [],
      ...picturesOf(state),
      code: state.state === 'accepted' ? state.code : null,
      merged: state.state === 'accepted' && state.merged,
      refusal: state.state === 'refused' ? state.refusal : null,
    };
  }

  #shown(state: State): ReportView['state'] {
    if (state.state !== 'asked') return state.state;
    return this.#ports.isOnline.value ? 'sending' : 'waiting';
  }
}

function picturesOf(
  state: State,
): Pick<ReportView, 'pictures' | 'picturesState' | 'picturesAttached'> {
  const all = state.draft.pictures.map(({ agoMs, attached }, id) => ({ id, agoMs, attached }));
  const picturesAttached = all.filter(({ attached }) => attached).length;
  return {
    pictures: state.state === 'choosing' && state.reason !== null ? all : [],
    picturesAttached,
    picturesState:
      state.state === 'accepted' ? state.pictures : picturesAttached > 0 ? 'attached' : 'none',
  };
}
