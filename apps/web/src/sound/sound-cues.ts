import type { CallView, EndedView } from '../call/call-view.ts';
import type { ChatView } from '../chat/chat-view.ts';

/** What the page makes a sound for: somebody was met, a message came, the other person is gone. */
export type Cue = 'met' | 'message' | 'left';

/** As much of the page's state as is heard. */
export interface Audible {
  readonly call: CallView | null;
  readonly chat: ChatView | null;
  readonly ended: EndedView | null;
}

/** What is heard of a change, or null. What this person did makes no sound. */
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
