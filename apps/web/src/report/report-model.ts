import type { ReportReason, Seat } from '@farandole/protocol/fields';
import { REPORT_NOTE_CHARS_MAX } from '@farandole/protocol/limits';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import { takesPictures } from '@farandole/protocol/takes-pictures';
import { computed, type ReadonlySignal, signal } from '@preact/signals';
import { placeOf } from '../chat/chat-log.ts';
import { PENDING_REPORT_MS, PENDING_TICK_MS } from './limits.ts';
import type { TakenPicture } from './picture-ring.ts';
import { attachedPlaces, type Draft, type DraftPicture, reportOf } from './report-draft.ts';
import { rangeAfterToggle } from './report-lines.ts';
import type { ReportedCall, ReportMaterial, ReportPorts } from './report-ports.ts';
import { type Choosing, type Pending, type ReportState, reportViewOf } from './report-state.ts';
import type { ReportView } from './reporting-view.ts';
import type { ReportCreate } from './stored-records.ts';

/** Reasons for which somebody may be in danger, so the report isn't delayed. */
const IMMEDIATE: ReadonlySet<ReportReason> = new Set<ReportReason>([
  'may-be-under-18',
  'self-harm',
  'urging-self-harm',
  'threat-or-violence',
]);

/**
 * A report from the first press until the server has stored it. The page keeps the report after
 * the end of its call and session, and sends it again with the same id until the server replies.
 */
export class ReportModel {
  readonly view: ReadonlySignal<ReportView | null>;
  readonly #ports: ReportPorts;
  readonly #state = signal<ReportState | null>(null);
  /** Calls that the user reported, including the call of a pending report. */
  readonly #reported = signal<ReadonlySet<string>>(new Set());
  readonly #undone = signal<string | null>(null);
  /** Reports to which the server hasn't replied, including the one in the report sheet. */
  readonly #unanswered = new Map<string, ReportCreate>();
  /** Pictures to upload once the server has accepted their report. They are kept only in memory. */
  readonly #pictures = new Map<string, readonly TakenPicture[]>();
  #stopCounting: () => void = () => {};

  constructor(ports: ReportPorts) {
    this.#ports = ports;
    this.view = computed(() => {
      const state = this.#state.value;
      return state === null ? null : reportViewOf(state, ports.isOnline.value);
    });
  }

  /** The call whose report the user undid last; null once the user opens another report. */
  get undone(): ReadonlySignal<string | null> {
    return this.#undone;
  }

  /**
   * Opens the report sheet. The call is set aside: the stranger is covered and muted, and can't
   * see or hear the user.
   * @param note initial text of the report's note, which the user can edit
   * @param of whom the report of a call of three is about; by default the other answerer
   */
  open(note = '', of?: Seat): void {
    this.sendNow();
    const call = this.#ports.setAside();
    if (call !== null) this.openFor(call, note, of);
  }

  /**
   * Opens the report sheet for a call. If another report is being sent, that continues in the
   * background.
   */
  openFor(
    { match, receipt, side, mode, lines, pictures }: ReportedCall & ReportMaterial,
    note = '',
    seat: Seat = side === 'b' ? 'c' : 'b',
  ): void {
    this.sendNow();
    const all = pictures.map((picture) => ({ ...picture, attached: true }));
    const of = mode === 'question' && seat;
    // The asker's only line is the first one, the question.
    const chosen = of === 'a' ? { from: 1, to: 1 } : null;
    const draft = { match, receipt, side, of, lines, chosen, note, pictures: all };
    this.#undone.value = null;
    this.#state.value = { state: 'choosing', draft };
  }

  get isPending(): boolean {
    return this.#pending !== null;
  }

  /** Reports without a reason, after a long press. The user can add a reason while it is pending. */
  hold(): void {
    if (this.#state.value?.state === 'choosing') this.#report(null);
  }

  /** Sends the pending report now, with the choices that the user has made so far. */
  sendNow(): void {
    const state = this.#pending;
    if (state === null) return;
    const { draft, reason, id } = state;
    // If a report has no reason, the peer may be a minor, so no picture is attached.
    const pictures = reason === null ? [] : draft.pictures;
    this.#say({ ...draft, pictures }, reason ?? 'other', id);
  }

  /**
   * Undoes the pending report and its block. The page deletes what it stored of the report, and
   * sends no report.
   */
  takeBack(): void {
    const state = this.#pending;
    if (state === null) return;
    const { draft, id, blocked } = state;
    this.#stopCounting();
    this.#ports.drop(id);
    this.#reported.value = without(this.#reported.value, draft.match);
    if (blocked) this.#ports.unblock(draft.match);
    this.#undone.value = draft.match;
    this.#state.value = null;
  }

  /** Lets the user choose another reason for the pending report. */
  otherReason(): void {
    const state = this.#pending;
    if (state !== null) this.#hold(state, state.draft, null);
  }

  /** Ends and blocks the call of the open report sheet without a report. */
  blockOnly(): void {
    const state = this.#state.value;
    if (state?.state !== 'choosing') return;
    const draft = this.#leave(state.draft, 'blocked');
    this.#ports.block(draft);
    this.#state.value = null;
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
    if (this.#pending?.id === message.id || this.#unanswered.has(message.id)) return;
    this.#reported.value = new Set([...this.#reported.value, match]);
    this.#unanswered.set(message.id, message);
    this.#ports.send(message);
  }

  /** Whether the user reported the call. False again after an undo. */
  wasReported(match: string): boolean {
    return this.#reported.value.has(match);
  }

  setNote(note: string): void {
    const state = this.#state.value;
    if (state?.state === 'refused') {
      this.#state.value = { ...state, draft: { ...state.draft, note } };
    }
    this.#change(() => ({ note }));
  }

  /**
   * Reports for a reason. Ends and blocks the call at once. Sends the report at once if somebody
   * may be in danger, and otherwise after `PENDING_REPORT_MS`.
   */
  send(reason: ReportReason): void {
    const state = this.#state.value;
    if (state?.state === 'choosing' || state?.state === 'pending') this.#report(reason);
    if (state?.state === 'refused') this.#say(state.draft, reason, this.#ports.freshId());
  }

  #report(reason: ReportReason | null): void {
    const state = this.#state.value;
    if (state?.state !== 'choosing' && state?.state !== 'pending') return;
    const pending = state.state === 'pending' ? state : this.#part(state);
    if (reason !== null && IMMEDIATE.has(reason)) this.#say(pending.draft, reason, pending.id);
    else this.#hold(pending, pending.draft, reason);
  }

  /** Ends and blocks the call. */
  #part(state: Choosing): Pick<Pending, 'draft' | 'id' | 'blocked'> {
    const draft = this.#leave(state.draft, 'reported');
    const blocked = this.#ports.block(draft);
    return { draft, blocked, id: this.#ports.freshId() };
  }

  #leave(draft: Draft, as: 'reported' | 'blocked'): Draft {
    return { ...draft, ...this.#ports.leaveCall(draft.match, as) };
  }

  /** Starts the delay before sending again, also if the user chose another reason. */
  #hold(
    { id, blocked }: Pick<Pending, 'id' | 'blocked'>,
    draft: Draft,
    reason: ReportReason | null,
  ): void {
    this.#ports.keep(draft.match, reportOf(draft, reason ?? 'other', id));
    this.#reported.value = new Set([...this.#reported.value, draft.match]);
    const leftMs = PENDING_REPORT_MS;
    this.#state.value = { state: 'pending', draft, reason, id, leftMs, kept: draft, blocked };
    this.#count();
  }

  #count(): void {
    this.#stopCounting();
    this.#stopCounting = this.#ports.scheduler.after(PENDING_TICK_MS, () => {
      const state = this.#pending;
      if (state === null) return;
      const { draft, kept, reason, id } = state;
      const leftMs = state.leftMs - PENDING_TICK_MS;
      if (leftMs <= 0) {
        this.sendNow();
        return;
      }
      // The next visit sends the stored report if this page is killed, so it has the newest note.
      if (draft !== kept) this.#ports.keep(draft.match, reportOf(draft, reason ?? 'other', id));
      this.#state.value = { ...state, leftMs, kept: draft };
      this.#count();
    });
  }

  #say(made: Draft, reason: ReportReason, id: string): void {
    this.#stopCounting();
    // If the peer may be a minor, the page deletes the pictures of the peer at once.
    const kept = takesPictures(reason) ? made : { ...made, pictures: [] };
    const draft = { ...kept, note: kept.note.slice(0, REPORT_NOTE_CHARS_MAX) };
    const message = reportOf(draft, reason, id);
    const pictures = draft.pictures.filter(({ attached }) => attached);
    if (pictures.length > 0) this.#pictures.set(message.id, pictures);
    this.#state.value = { state: 'asked', draft, message };
    this.#reported.value = new Set([...this.#reported.value, draft.match]);
    this.#unanswered.set(message.id, message);
    this.#ports.keep(draft.match, message);
    this.#ports.send(message);
  }

  /**
   * Closes the report sheet. Sends a pending report now. If the user has chosen no reason yet, the
   * call continues with the stranger covered.
   */
  close(): void {
    this.sendNow();
    if (this.#state.value?.state === 'choosing') this.#ports.takeUp();
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

  get #pending(): Pending | null {
    const state = this.#state.value;
    return state?.state === 'pending' ? state : null;
  }

  /** Changes the draft of a pending report, which starts the delay before sending again. */
  #change(change: (draft: Draft) => Partial<Draft>): void {
    const state = this.#pending;
    if (state === null) return;
    const draft = { ...state.draft, ...change(state.draft) };
    this.#state.value = { ...state, draft, leftMs: PENDING_REPORT_MS };
  }
}

function without(all: ReadonlySet<string>, one: string): ReadonlySet<string> {
  return new Set([...all].filter((other) => other !== one));
}
