import type { ReportReason, Side, TaggedLine } from '@farandole/protocol/fields';
import { REPORT_NOTE_CHARS_MAX } from '@farandole/protocol/limits';
import { takesPictures } from '@farandole/protocol/report-pictures';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import { computed, type ReadonlySignal, signal } from '@preact/signals';
import { placeOf } from '../chat/chat-log.ts';
import type { Outgoing } from '../signal/frame-stream.ts';
import type { ReportCreate } from './kept-records.ts';
import { LINES_SHOWN_MAX } from './limits.ts';
import type { TakenPicture } from './picture-ring.ts';
import {
  frameBytesOf,
  linesIn,
  type PlaceRange,
  rangeAfterToggle,
  reportableLines,
} from './report-lines.ts';
import type { ReportLineView, ReportView } from './reporting-view.ts';

export interface ReportPorts {
  /** @returns false when it was not taken: it is asked for again when a session opens. */
  readonly send: (message: Outgoing) => boolean;
  readonly freshId: () => string;
  readonly isOnline: ReadonlySignal<boolean>;
  /** Keeps a report on this device until the server has answered it. */
  readonly keep: (match: string, message: ReportCreate) => void;
  /** Sends pictures of a report that was accepted. @returns whether the server has them */
  readonly sendPictures: (token: string, pictures: readonly TakenPicture[]) => Promise<boolean>;
}

/** What there is to go with a report, and what stands in its note to begin with. */
export interface ReportMaterial {
  /** Of the call, by place; those that fit go with the report. */
  readonly lines: readonly TaggedLine[];
  readonly note: string;
  readonly pictures: readonly TakenPicture[];
}

/** The call that a report is about, live or over. */
export interface ReportedCall {
  readonly match: string;
  readonly receipt: string;
  /** This person's. */
  readonly side: Side;
}

interface Draft {
  readonly match: string;
  /** Opens the report: nobody can be reported without it. */
  readonly receipt: string;
  readonly side: Side;
  readonly lines: readonly TaggedLine[];
  /** The places of those that the person wants to go with it; null where they did not say. */
  readonly chosen: PlaceRange | null;
  readonly note: string;
  readonly pictures: readonly DraftPicture[];
}

interface DraftPicture extends TakenPicture {
  readonly attached: boolean;
}

type State =
  | { readonly state: 'choosing'; readonly draft: Draft }
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
 * A report from the first tap to the word that it is on the server's disk. It outlives its call
 * and its session: it is said again, under the same name, until it is answered.
 */
export class ReportModel {
  readonly view: ReadonlySignal<ReportView | null>;
  readonly #ports: ReportPorts;
  readonly #state = signal<State | null>(null);
  readonly #sent = signal<ReadonlySet<string>>(new Set());
  /** Reports that the server has not answered, the one on the sheet among them. */
  readonly #unanswered = new Map<string, ReportCreate>();
  /** What goes after a report once it is accepted: in memory alone, and gone with the page. */
  readonly #pictures = new Map<string, readonly TakenPicture[]>();

  constructor(ports: ReportPorts) {
    this.#ports = ports;
    this.view = computed(() => this.#viewNow());
  }

  /** Opens the sheet. One that is on its way goes on without it. */
  open({ match, receipt, side }: ReportedCall, { lines, note, pictures }: ReportMaterial): void {
    const all = pictures.map((picture) => ({ ...picture, attached: true }));
    const draft = { match, receipt, side, lines, chosen: null, note, pictures: all };
    this.#state.value = { state: 'choosing', draft };
  }

  /** Has a line go with it, or not: what goes is one range of lines without a gap. */
  toggleLine(place: number): void {
    const state = this.#state.value;
    if (state?.state !== 'choosing') return;
    const { draft } = state;
    const places = draft.lines.map(placeOf);
    const attached = attachedPlaces(draft);
    const chosen = rangeAfterToggle(places, attached, place);
    this.#state.value = { state: 'choosing', draft: { ...draft, chosen } };
  }

  togglePicture(id: number): void {
    this.#changePictures((picture, at) =>
      at === id ? { ...picture, attached: !picture.attached } : picture,
    );
  }

  dropPictures(): void {
    this.#changePictures((picture) => ({ ...picture, attached: false }));
  }

  /** Goes on with a report of an earlier visit, which the server has not answered. */
  resume(match: string, message: ReportCreate): void {
    if (this.#unanswered.has(message.id)) return;
    this.#sent.value = new Set([...this.#sent.value, match]);
    this.#unanswered.set(message.id, message);
    this.#ports.send(message);
  }

  /** Whether a report of that call was sent: one that was only opened is none. */
  wasSent(match: string): boolean {
    return this.#sent.value.has(match);
  }

  setNote(note: string): void {
    const state = this.#state.value;
    if (state === null || state.state === 'asked' || state.state === 'accepted') return;
    this.#state.value = { ...state, draft: { ...state.draft, note } };
  }

  /** Sends it. A note that is too long keeps the sheet open, with nothing cut. */
  send(reason: ReportReason): void {
    const state = this.#state.value;
    if (state?.state !== 'choosing' && state?.state !== 'refused') return;
    if (state.draft.note.length > REPORT_NOTE_CHARS_MAX) return;
    // Of what may be a child nobody keeps any, not even until the sheet is closed.
    const draft = takesPictures(reason) ? state.draft : { ...state.draft, pictures: [] };
    const message = reportOf(draft, reason, this.#ports.freshId());
    const pictures = draft.pictures.filter(({ attached }) => attached);
    if (pictures.length > 0) this.#pictures.set(message.id, pictures);
    this.#state.value = { state: 'asked', draft, message };
    this.#sent.value = new Set([...this.#sent.value, draft.match]);
    this.#unanswered.set(message.id, message);
    this.#ports.keep(draft.match, message);
    this.#ports.send(message);
  }

  /** Closes the sheet. One that is on its way arrives all the same. */
  close(): void {
    this.#state.value = null;
  }

  /** What was said in the older session is void. */
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
        // What is on its way is held by whoever sends it.
        const draft = { ...state.draft, pictures: [] };
        this.#state.value = { state: 'accepted', draft, message: asked, code, merged, pictures };
      }
      if (pictures === 'sending' && token !== undefined) void this.#sendPictures(id, token, after);
    } else if (isShown) {
      const { message: asked } = state;
      const { reason: refusal } = message;
      // Said again with the same lines it would be refused again: it goes without them.
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
    const state = this.#state.value;
    if (state?.state !== 'choosing') return;
    const { draft } = state;
    this.#state.value = {
      state: 'choosing',
      draft: { ...draft, pictures: draft.pictures.map(change) },
    };
  }

  #viewNow(): ReportView | null {
    const state = this.#state.value;
    if (state === null) return null;
    const { draft } = state;
    return {
      state: this.#shown(state),
      reason: state.state === 'choosing' ? null : state.message.reason,
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

/** While nothing is chosen, what will be attached is worked out for the longest of each. */
const LONGEST_REASON: ReportReason = 'recording-or-sharing';
const LONGEST_ID = 'x'.repeat(64);
/** What a place in the stream adds to a frame: `"seq":2147483648,`. */
const SEQUENCE_BYTES = 17;

/** Those that go with it, in order; none, or neighbours. */
function attachedPlaces(draft: Draft): readonly number[] {
  return reportOf(draft, LONGEST_REASON, LONGEST_ID).lines.map(placeOf);
}

function picturesOf(
  state: State,
): Pick<ReportView, 'pictures' | 'picturesState' | 'picturesAttached'> {
  const all = state.draft.pictures.map(({ agoMs, attached }, id) => ({ id, agoMs, attached }));
  const picturesAttached = all.filter(({ attached }) => attached).length;
  return {
    pictures: state.state === 'choosing' ? all : [],
    picturesAttached,
    picturesState:
      state.state === 'accepted' ? state.pictures : picturesAttached > 0 ? 'attached' : 'none',
  };
}

function linesOf(draft: Draft): readonly ReportLineView[] {
  const attached = new Set(attachedPlaces(draft));
  return draft.lines.slice(-LINES_SHOWN_MAX).map((line, at, shown) => {
    const place = placeOf(line);
    const before = shown[at - 1];
    return {
      place,
      from: line.side === draft.side ? 'you' : 'peer',
      text: line.text,
      attached: attached.has(place),
      afterGap: before !== undefined && placeOf(before) !== place - 1,
    };
  });
}

function reportOf(
  { receipt, lines, chosen, note }: Draft,
  reason: ReportReason,
  id: string,
): ReportCreate {
  const rest = {
    type: 'report.create',
    id,
    receipt,
    reason,
    ...(note.trim() === '' ? {} : { note }),
  } as const;
  const restBytes = frameBytesOf({ ...rest, lines: [] }) + SEQUENCE_BYTES;
  return { ...rest, lines: reportableLines(linesIn(lines, chosen), restBytes) };
}
