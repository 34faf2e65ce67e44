import { createLog, type Log } from '../../src/observe/log.ts';

export function logOf(): { readonly log: Log; readonly lines: () => readonly string[] } {
  const lines: string[] = [];
  const log = createLog('debug', { write: (line) => void lines.push(line) });
  return { log, lines: () => lines };
}
