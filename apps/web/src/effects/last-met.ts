import { MEET_AGAIN_CALL_MS } from '@farandole/protocol/limits';
import { effect, type Signal, signal } from '@preact/signals';
import { type Call, isInCall } from '../call/call-state.ts';
import type { AppModel } from '../state/app-model.ts';

/** The last call, if its two users could ask to meet again when it ended. */
export interface LastMet extends Pick<Call, 'match' | 'mode' | 'receipt'> {
  readonly endedAtMs: number;
}

/** Ends by one of the two, or by the network. */
const PARTED: ReadonlySet<string> = new Set(['you', 'left', 'lost']);

const kept = new WeakMap<AppModel, Signal<LastMet | null>>();

export function lastMetOf(app: AppModel): Signal<LastMet | null> {
  const found = kept.get(app) ?? signal(null);
  kept.set(app, found);
  return found;
}

/** Remembers the last call of this page load, so that a later search can offer to meet again. */
export function followLastMet(app: AppModel): void {
  const last = lastMetOf(app);
  let call: Call | null = null;
  effect(() => {
    const state = app.call.state.value;
    if (isInCall(state)) {
      call = state.call;
      last.value = null;
      return;
    }
    if (call === null) return;
    const { match, mode, receipt, foundAtMs } = call;
    // With Next the search starts when the call ends.
    const endedAtMs =
      'pursuit' in state
        ? state.pursuit.startedAtMs
        : state.state === 'ended'
          ? state.endedAtMs
          : 0;
    const hasParted = state.state !== 'ended' || PARTED.has(state.reason);
    if (hasParted && endedAtMs - foundAtMs >= MEET_AGAIN_CALL_MS) {
      last.value = { match, mode, receipt, endedAtMs };
    }
    call = null;
  });
}
