import type { ChatLog, OwnLine } from './chat-log.ts';
import type { LineView } from './chat-view.ts';

interface Said {
  readonly log: ChatLog;
  readonly startedAtMs: number;
}

/** Returns the accepted lines. A line that the server accepted twice is returned once. */
export function acceptedLines({ log, startedAtMs }: Said): LineView[] {
  const views = new Map<string, LineView>();
  for (const { side, id, text, atMs, corrects } of log.lines) {
    const from = side === log.side ? 'you' : 'peer';
    const key = `${from}:${id}`;
    if (views.has(key)) continue;
    const sinceStartMs = Math.max(0, atMs - startedAtMs);
    views.set(key, {
      key,
      id,
      from,
      seat: side,
      text,
      corrects,
      atMs,
      sinceStartMs,
      state: 'sent',
      refusal: null,
    });
  }
  return [...views.values()];
}

/** Returns a line that the server hasn't accepted. */
export function ownLine(
  { id, text, corrects, state, refusal }: OwnLine,
  isOnline: boolean,
): LineView {
  const shown = state === 'refused' ? 'refused' : isOnline ? 'pending' : 'waiting';
  return {
    key: `you:${id}`,
    id,
    from: 'you',
    text,
    corrects,
    atMs: null,
    sinceStartMs: null,
    state: shown,
    refusal,
  };
}
