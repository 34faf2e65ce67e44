import { carries, type Medium, type ModeRules } from '@farandole/matchmaking/mode';
import type { MediaKind } from './sdp.ts';

const MEDIUM_OF: Readonly<Record<MediaKind, Medium>> = { audio: 'sound', video: 'picture' };
const KINDS = ['audio', 'video'] as const;

/** Returns the media lines that descriptions in a call of the mode may have. */
export function mediaKindsOf(mode: ModeRules): readonly MediaKind[] {
  return KINDS.filter((kind) => carries(mode, MEDIUM_OF[kind]));
}
