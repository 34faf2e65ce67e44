import { effect, type ReadonlySignal } from '@preact/signals';
import type { Scheduler } from '../signal/ports.ts';
import { type CallState, isInCall } from './call-state.ts';
import { HIDDEN_MATCH_MS } from './limits.ts';

export interface HiddenMatchPorts {
  readonly scheduler: Scheduler;
  /** Whether the page is in the background. */
  readonly hidden: ReadonlySignal<boolean>;
  readonly state: ReadonlySignal<CallState>;
  /** Nobody came: the call ends, and the search with it. */
  readonly leave: () => void;
}

/**
 * Whoever waits in another tab keeps their place, and is called when somebody is found; but the
 * other person is there now, and is not kept before an empty chair.
 *
 * No "Stay" half a minute before, as WCAG 2.2.1 has it: somebody waits in real time (its exception
 * for events of that kind), and all that is lost is a call that nobody has begun.
 */
export function watchHiddenMatch({ scheduler, hidden, state, leave }: HiddenMatchPorts): void {
  let matchBefore: string | null = null;
  let cancel: (() => void) | null = null;
  effect(() => {
    const match = isInCall(state.value) ? state.value.call.match : null;
    const isNew = match !== null && match !== matchBefore;
    const isOver = match !== matchBefore;
    matchBefore = match;
    if (isOver || !hidden.value) {
      cancel?.();
      cancel = null;
    }
    if (isNew && hidden.value) cancel = scheduler.after(HIDDEN_MATCH_MS, leave);
  });
}
