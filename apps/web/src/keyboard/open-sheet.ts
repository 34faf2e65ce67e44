import { signal } from '@preact/signals';

export type SheetName = 'more' | 'shortcuts';

/**
 * The name of the open sheet. It isn't stored in a model, because it is only state of the user
 * interface.
 */
export const openSheet = signal<SheetName | null>(null);
