import { signal } from '@preact/signals';
import type { Invited } from '../call/invitation.ts';

/** The invitation of the link that the user opened. Null once the user accepted or declined. */
export const invited = signal<Invited | null>(null);
