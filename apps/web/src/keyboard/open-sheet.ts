import { signal } from '@preact/signals';

export type SheetName = 'more' | 'shortcuts';

/** The signal isn't in a model, because it is only state of the user interface. */
export const openSheet = signal<SheetName | null>(null);
