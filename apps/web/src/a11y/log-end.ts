import { signal } from '@preact/signals';

/** Whether the end of a chat's log, where what is new stands, is in sight; true where there is no log. */
export const logEndSeen = signal(true);
