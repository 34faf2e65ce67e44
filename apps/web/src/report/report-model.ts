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
  /** @returns false if not accepted; it is sent again when a session opens */
  readonly send: (message: Outgoing) => boolean;
  readonly freshId: () => string;
  readonly scheduler: Scheduler;
  readonly isOnline: ReadonlySignal<boolean>;
  /** Ends the current call, or names the last one. Null without either. */
  readonly leaveCall: () => (ReportedCall & ReportMaterial) | null;
  /** Stores a report until the server has answered it. */
  readonly keep: (match: string, message: ReportCreate) => void;
  readonly drop: (id: string) => void;
  /** Uploads pictures of an accepted report. @returns whether the server has them */
  readonly sendPictures: (token: string, pictures: readonly TakenPicture[]) => Promise<boolean>;
}

export interface ReportMaterial {
  /** By place. As many as fit are attached. */
  readonly lines: readonly TaggedLine[];
  readonly pictures: readonly TakenPicture[];
}

export interface ReportedCall {
  readonly match: string;
  readonly receipt: string;
  readonly side: Seat;
}

/** A complete report that is sent after a delay. */
interface PendingReport {
  readonly id: string;
  readonly leftMs: number;
}

interface Choosing {
  readonly state: 'choosing';
  readonly draft: Draft;
  /** Null: no reason given. Reasons without further choices are sent at once. */
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
 * A report from the first tap until the server has stored it. It outlives its call and session: it
 * is sent again, with the same id, until it is answered.
 */
export class ReportModel {
  readonly view: ReadonlySignal<ReportView | null>;
  readonly #ports: ReportPorts;
  readonly #state = signal<State | null>(null);
  readonly #sent = signal<ReadonlySet<string>>(new Set());
  /** Unanswered reports, including the open one. */
  readonly #unanswered = new Map<string, ReportCreate>();
  /** Pictures to upload after acceptance. In memory only. */
  readonly #pictures = new Map<string, readonly TakenPicture[]>();
  #stopCounting: () => void = () => {};

  constructor(ports: ReportPorts) {
    this.#ports = ports;
    this.view = computed(() => this.#viewNow());
  }

  /**
   * Ends the call and opens the sheet, so that the peer can't see or hear the user during the
   * choice.
   * @param note initial text, editable
   */
  open(note = ''): void {
    const left = this.#ports.leaveCall();
    if (left !== null) this.openFor(left, note);
  }

  /** Opens the sheet. A report in progress continues without it. */
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

  /** Completes the report: stores it now and sends it in `HELD_MS` unless withdrawn. */
  hold(): void {
    const state = this.#choosing;
    if (state !== null && state.held === null) this.#hold(state.draft, null);
  }

  /** Sends the held report with the current choices. */
  sendNow(): void {
    const state = this.#choosing;
    if (state === null || state.held === null) return;
    const { draft, reason, held } = state;
    // Without a reason the subject may be a minor, so no picture is attached.
    const pictures = reason === null ? [] : draft.pictures;
    const note = draft.note.slice(0, REPORT_NOTE_CHARS_MAX);
    this.#say({ ...draft, pictures, note }, reason ?? 'other', held.id);
  }

  /** Withdraws the held report. Nothing of it is stored or sent. */
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

  /** Toggles a line. Attached lines are always consecutive. */
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

  /** Resumes an unanswered report of an earlier visit. */
  resume(match: string, message: ReportCreate): void {
    // A held report is stored too, but must not be sent yet.
    const isHeld = this.#choosing?.held?.id === message.id;
    if (isHeld || this.#unanswered.has(message.id)) return;
    this.#sent.value = new Set([...this.#sent.value, match]);
    this.#unanswered.set(message.id, message);
    this.#ports.send(message);
  }

  /** False for a report that was opened and not sent. */
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

  /** Sends the report, or holds it for pictures. Too long a note keeps the sheet open, uncut. */
  send(reason: ReportReason): void {
    const state = this.#state.value;
    if (state?.state !== 'choosing' && state?.state !== 'refused') return;
    const { draft } = state;
    if (draft.note.length > REPORT_NOTE_CHARS_MAX) return;
    const isChoice = state.state === 'choosing' && draft.pictures.length > 0;
    if (isChoice && takesPictures(reason)) this.#hold(draft, reason);
    else this.#say(draft, reason, this.#choosing?.held?.id ?? this.#ports.freshId());
  }

  /** Restarts the full delay, also with another reason. */
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
    // Pictures of a possible minor are dropped at once.
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

  /** Closes the sheet. A held or sent report still arrives. */
  close(): void {
    this.sendNow();
    this.#state.value = null;
  }

  /** Messages of the old session are void. */
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
        // The upload holds the pictures from here on.
        const draft = { ...state.draft, pictures: [] };
        this.#state.value = { state: 'accepted', draft, message: asked, code, merged, pictures };
      }
      if (pictures === 'sending' && token !== undefined) void this.#sendPictures(id, token, after);
    } else if (isShown) {
      const { message: asked } = state;
      const { reason: refusal } = message;
      // The same lines would be refused again, so it is sent without them.
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

  /** Each edit restarts the full delay. */
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
