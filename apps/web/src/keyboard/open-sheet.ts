import { signal } from '@preact/signals';

/** A sheet that lies over whatever screen there is: what else can be done, and the keys. */
export type SheetName = 'more' | 'shortcuts';

/** Which one is open: a matter of looks alone, so the model knows nothing of it. */
export const openSheet = signal<SheetName | null>(null);
