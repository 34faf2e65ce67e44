import type { ReportReason } from '@farandole/protocol/fields';
import { REPORT_NOTE_CHARS_MAX } from '@farandole/protocol/limits';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import { attachedPlaces, type Draft, linesOf } from './report-draft.ts';
import type { ReportView } from './reporting-view.ts';
import type { ReportCreate } from './stored-records.ts';

export interface Choosing {
  readonly state: 'choosing';
  readonly draft: Draft;
}

/**
 * A complete report that the page will send after `leftMs`. The user can add to it and can undo
 * it.
 */
export interface Pending {
  readonly state: 'pending';
  readonly draft: Draft;
  /** The reason for the report; `null` if the user reported by a long press and gave none yet. */
  readonly reason: ReportReason | null;
  readonly id: string;
  readonly leftMs: number;
  /** The draft that is stored on this device. */
  readonly kept: Draft;
  /** Whether this report blocked the peer, so that an undo unblocks. */
  readonly blocked: boolean;
}

export type ReportState =
  | Choosing
  | Pending
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

/** Returns what the report sheet shows. */
export function reportViewOf(state: ReportState, isOnline: boolean): ReportView {
  const { draft } = state;
  return {
    whom: draft.of && { own: draft.side, of: draft.of },
    state: state.state !== 'asked' ? state.state : isOnline ? 'sending' : 'waiting',
    reason: reasonOf(state),
    goesInMs: state.state === 'pending' ? state.leftMs : null,
    note: draft.note,
    noteRemaining: REPORT_NOTE_CHARS_MAX - draft.note.length,
    linesAttached: 'message' in state ? state.message.lines.length : attachedPlaces(draft).length,
    lines: state.state === 'pending' ? linesOf(draft) : [],
    ...picturesOf(state),
    code: state.state === 'accepted' ? state.code : null,
    merged: state.state === 'accepted' && state.merged,
    refusal: state.state === 'refused' ? state.refusal : null,
  };
}

function reasonOf(state: ReportState): ReportReason | null {
  if (state.state === 'choosing') return null;
  return state.state === 'pending' ? state.reason : state.message.reason;
}

function picturesOf(
  state: ReportState,
): Pick<ReportView, 'pictures' | 'picturesState' | 'picturesAttached'> {
  const all = state.draft.pictures.map(({ agoMs, attached }, id) => ({ id, agoMs, attached }));
  const picturesAttached = all.filter(({ attached }) => attached).length;
  return {
    pictures: state.state === 'pending' && state.reason !== null ? all : [],
    picturesAttached,
    picturesState:
      state.state === 'accepted' ? state.pictures : picturesAttached > 0 ? 'attached' : 'none',
  };
}
