import type { LineView } from './chat-view.ts';

/** The words of a transcript, in the person's language. */
export interface TranscriptWords {
  /** What the page itself says to whoever reads it. */
  readonly notice: string;
  readonly you: string;
  readonly stranger: string;
  /** How far into the conversation, as a clock. */
  readonly clock: (sinceStartMs: number) => string;
}

/** The conversation as plain text, for the person to keep: only what was said, under the notice. */
export function transcriptOf(lines: readonly LineView[], words: TranscriptWords): string {
  const said = lines
    .filter(({ state }) => state === 'sent')
    .map(({ from, text, sinceStartMs }) => {
      const who = from === 'you' ? words.you : words.stranger;
      const at = sinceStartMs === null ? '' : `[${words.clock(sinceStartMs)}] `;
      // What is written under another line begins further in, so that nobody can forge a speaker.
      return `${at}${who}: ${text.replaceAll('\n', '\n    ')}`;
    });
  return [words.notice, '', ...said, ''].join('\n');
}
