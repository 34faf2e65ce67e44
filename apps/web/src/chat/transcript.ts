import type { LineView } from './chat-view.ts';

export interface TranscriptWords {
  readonly notice: string;
  /** Returns the name of a line's author. */
  readonly author: (line: LineView) => string;
  readonly clock: (sinceStartMs: number) => string;
}

/**
 * Returns the chat as plain text that the user can save. The text starts with the notice. System
 * messages are left out.
 */
export function transcriptOf(lines: readonly LineView[], words: TranscriptWords): string {
  const said = lines
    .filter(({ state }) => state === 'sent')
    .map((line) => {
      const { text, sinceStartMs } = line;
      const at = sinceStartMs === null ? '' : `[${words.clock(sinceStartMs)}] `;
      // The second and later lines of a message are indented, so that they can't imitate a message
      // of the other user.
      return `${at}${words.author(line)}: ${text.replaceAll('\n', '\n    ')}`;
    });
  return [words.notice, '', ...said, ''].join('\n');
}
