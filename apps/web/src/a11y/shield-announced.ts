import type { CallView } from '../call/call-view.ts';
import type { Announced, Scene } from './narrator.ts';

/**
 * Returns the key of the announcement in `say.shield`, or null if the shield's state needs none.
 */
export function shieldWordOf({ shield: before }: CallView, { shield, cover }: CallView) {
  if (shield === null) return null;
  const { state, why } = shield;
  const isUnsure = why === 'unsure';
  if (state === before?.state && isUnsure === (before.why === 'unsure')) return null;
  if (state === 'flagged') return isUnsure ? why : state;
  if (state === 'resumed' || state === 'unavailable') return state;
  if (state === 'checked' && cover === 'covered') return state;
  // The announcement warns the user that the stranger's picture and sound may return without a
  // press.
  return state === 'checking' && before?.state === 'unavailable' ? 'again' : null;
}

/**
 * Announces that the stranger was covered or uncovered. Nothing is announced if the shield, the
 * question "Really?" or the start of the call already explains it.
 */
export function ofCover(before: CallView, { cover, mode, next, shield }: CallView): Announced[] {
  if (cover === before.cover || mode !== before.mode || next.state === 'really') return [];
  const state = shield?.state;
  const isShield = state === 'flagged' || state === 'unavailable' || state === 'resumed';
  if (isShield && state !== before.shield?.state) return [];
  const key = cover === 'covered' ? 'call.covered' : 'say.uncovered';
  return [{ urgency: 'polite', subject: 'cover', key }];
}

/** Announces what became of the shield's download while the user writes. */
export function ofMeanwhile(before: Scene, { videoMeanwhile }: Scene): Announced[] {
  const state = videoMeanwhile?.state ?? 'loading';
  if (state === 'loading' || state === before.videoMeanwhile?.state) return [];
  return [{ urgency: 'polite', subject: 'shield', key: `shield.meanwhile.${state}` }];
}
