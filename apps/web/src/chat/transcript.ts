import type { LineView } from './chat-view.ts';

export interface TranscriptWords {
  readonly notice: string;
  readonly you: string;
  readonly stranger: string;
  readonly clock: (sinceStartMs: number) => string;
}

/**
 * Returns the chat as plain text that the user can save. The text starts with the notice. System
 * messages are left out.
 */
export function transcriptOf(lines: readonly LineView[], words: TranscriptWords): string {
  const said = lines
    .filter(({ state }) => state === 'sent')
    .map(({ from, text, sinceStartMs }) => {
      const who = from === 'you' ? words.you : words.stranger;
      const at = sinceStartMs === null ? '' : `[${words.clock(sinceStartMs)}] `;
      // The second and later lines of a message are indented, so that they can't imitate a message
      // of the other user.
      return `${at}${who}: ${text.replaceAll('\n', '\n    ')}`;
    });
  return [words.notice, '', ...said, ''].join('\n');
}
