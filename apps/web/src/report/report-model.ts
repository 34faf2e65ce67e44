import type { ReportReason, Side, TaggedLine } from '@farandole/protocol/fields';
import { REPORT_NOTE_CHARS_MAX } from '@farandole/protocol/limits';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import { computed, type ReadonlySignal, signal } from '@preact/signals';
import { placeOf } from '../chat/chat-log.ts';
import type { Outgoing } from '../signal/frame-stream.ts';
import type { ReportCreate } from './kept-records.ts';
import { LINES_SHOWN_MAX } from './limits.ts';
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

  constructor(ports: ReportPorts) {
    this.#ports = ports;
    this.view = computed(() => this.#viewNow());
  }

  /**
   * Opens the sheet. One that is on its way goes on without it.
   *
   * @param lines of the call, by place; those that fit go with the report
   * @param note to begin with
   */
  open({ match, receipt, side }: ReportedCall, lines: readonly TaggedLine[], note = ''): void {
    const draft = { match, receipt, side, lines, chosen: null, note };
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
    const { draft } = state;
    if (draft.note.length > REPORT_NOTE_CHARS_MAX) return;
    const message = reportOf(draft, reason, this.#ports.freshId());
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
    const state = this.#state.value;
    if (state?.state !== 'asked' || state.message.id !== message.id) return;
    const { draft, message: asked } = state;
    if (message.type === 'report.accepted') {
      const { code, merged } = message;
      this.#state.value = { state: 'accepted', draft, message: asked, code, merged };
    } else {
      this.#state.value = { state: 'refused', draft, message: asked, refusal: message.reason };
    }
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
