import { signal } from '@preact/signals';

/** Whether the end of the chat's log is in view. True where there is no log. */
export const logEndSeen = signal(true);
