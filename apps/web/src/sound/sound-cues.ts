import type { CallView, EndedView } from '../call/call-view.ts';
import type { ChatView } from '../chat/chat-view.ts';

export type Cue = 'met' | 'message' | 'left';

export interface Audible {
  readonly call: CallView | null;
  readonly chat: ChatView | null;
  readonly ended: EndedView | null;
}

/** Returns the sound that announces a change, or null. The user's own actions make no sound. */
export function cueOf(before: Audible, now: Audible): Cue | null {
  if (before.call === null && now.call !== null) return 'met';
  if (before.ended === null && now.ended !== null) {
    return now.ended.reason === 'left' || now.ended.reason === 'lost' ? 'left' : null;
  }
  if (before.chat === null || now.chat === null) return null;
  return theirs(now.chat) > theirs(before.chat) ? 'message' : null;
}

function theirs({ lines }: ChatView): number {
  return lines.filter(({ from }) => from === 'peer').length;
}
