import type { LineView } from './chat-view.ts';

export interface TranscriptWords {
  readonly notice: string;
  readonly you: string;
  readonly stranger: string;
  readonly clock: (sinceStartMs: number) => string;
}

/**
 * Returns the chat as plain text that the user can save: the notice, then the messages, without
 * system messages.
 */
export function transcriptOf(lines: readonly LineView[], words: TranscriptWords): string {
  const said = lines
    .filter(({ state }) => state === 'sent')
    .map(({ from, text, sinceStartMs }) => {
      const who = from === 'you' ? words.you : words.stranger;
      const at = sinceStartMs === null ? '' : `[${words.clock(sinceStartMs)}] `;
      // Continuation lines are indented, so that a message can't imitate a line of the other user.
      return `${at}${who}: ${text.replaceAll('\n', '\n    ')}`;
    });
  return [words.notice, '', ...said, ''].join('\n');
}
