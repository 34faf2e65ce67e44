import { signal } from '@preact/signals';

/** Whether the end of the chat log is in view. True on a screen without a chat log. */
export const logEndSeen = signal(true);
