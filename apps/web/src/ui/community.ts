import { signal } from '@preact/signals';
import type { CommunityPart } from '../community/community-part.ts';

/** The community whose page is open, with its parts of the screens. Null in the open pool. */
export const community = signal<CommunityPart | null>(null);
