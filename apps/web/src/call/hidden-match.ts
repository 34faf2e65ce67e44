import { effect, type ReadonlySignal } from '@preact/signals';
import type { Scheduler } from '../signal/ports.ts';
import { type CallState, isInCall } from './call-state.ts';
import { HIDDEN_MATCH_MS } from './limits.ts';

export interface HiddenMatchPorts {
  readonly scheduler: Scheduler;
  readonly hidden: ReadonlySignal<boolean>;
  readonly state: ReadonlySignal<CallState>;
  readonly leave: () => void;
}

/**
 * Ends a call that started in a hidden tab and stayed hidden for `HIDDEN_MATCH_MS`, so that the
 * peer doesn't wait for an absent user. The user isn't asked to stay, because the real-time
 * exception of WCAG 2.2.1 applies and a call that has hardly begun is a small loss.
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
