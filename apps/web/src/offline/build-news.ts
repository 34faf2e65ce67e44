import { signal } from '@preact/signals';

/** Whether the server has another build of the page. A reload then shows that build. */
export const outOfDate = signal(false);
