import { signal } from '@preact/signals';

export type SheetName = 'more' | 'shortcuts';

/** UI state only, so the model doesn't hold it. */
export const openSheet = signal<SheetName | null>(null);
