import { signal } from '@preact/signals';

/** A sheet over any screen: more actions, or the shortcuts. */
export type SheetName = 'more' | 'shortcuts';

/** UI state only, so the model doesn't hold it. */
export const openSheet = signal<SheetName | null>(null);
