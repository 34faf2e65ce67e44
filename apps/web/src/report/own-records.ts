import type { BlockModel } from './block-model.ts';
import type { ListedBlock } from './own-blocks.ts';
import type { OwnBlockView, OwnMeetingView, OwnReportView } from './reporting-view.ts';
import type { StoredMeeting, StoredReport } from './stored-records.ts';

/** Pure functions that convert stored reports, meetings and blocks into views. */

export function ownReportsOf(kept: readonly StoredReport[]): readonly OwnReportView[] {
  return kept.map(({ id, reason, atMs, state }) => ({
    id,
    reason,
    atMs,
    state: state.state === 'accepted' ? state.outcome : state.state,
    code: state.state === 'accepted' ? state.code : null,
    // The user can't export or erase a report with the outcome `gone`, because the server has no
    // data of the report left.
    proof: state.state === 'accepted' && state.outcome !== 'gone' ? state.proof : null,
    isNews: state.state === 'accepted' && !state.seen,
  }));
}

export function ownMeetingsOf(
  kept: readonly StoredMeeting[],
  wasReported: (match: string) => boolean,
  blockOf: BlockModel['stateOf'],
): readonly OwnMeetingView[] {
  return kept.map(({ match, mode, atMs }) => ({
    match,
    mode,
    atMs,
    reported: wasReported(match),
    block: blockOf(match),
  }));
}

export function ownBlocksOf(
  listed: readonly ListedBlock[],
  wasReported: (match: string) => boolean,
  isOnline: boolean,
): readonly OwnBlockView[] {
  return listed.map((block) => ({
    match: block.match,
    atMs: block.atMs,
    met: block.met,
    state: blockStateOf(block, wasReported(block.match), isOnline),
  }));
}

function blockStateOf(
  { proof, removal }: ListedBlock,
  isReported: boolean,
  isOnline: boolean,
): OwnBlockView['state'] {
  if (removal === 'asked') return isOnline ? 'asked' : 'waiting';
  if (removal === 'removed') return isReported ? 'reported' : 'removed';
  if (isReported) return 'reported';
  return proof === null ? 'lasting' : removal;
}
