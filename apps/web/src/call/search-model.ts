import { computed, type ReadonlySignal } from '@preact/signals';
import type { CallEvent, CallState, Paused, Searching } from './call-state.ts';
import type { SearchView } from './call-view.ts';
import { ANYONE_AFTER_MS } from './limits.ts';

export interface SearchPorts {
  readonly state: ReadonlySignal<CallState>;
  readonly isOnline: ReadonlySignal<boolean>;
  readonly nowMs: ReadonlySignal<number>;
  readonly dispatch: (event: CallEvent) => void;
}

export class SearchModel {
  readonly view: ReadonlySignal<SearchView | null>;
  readonly #dispatch: SearchPorts['dispatch'];

  constructor({ state, isOnline, nowMs, dispatch }: SearchPorts) {
    this.#dispatch = dispatch;
    this.view = computed(() => searchViewOf(state.value, isOnline.value, nowMs.value));
  }

  anyone(): void {
    this.#dispatch({ event: 'anyone' });
  }
}

function searchViewOf(state: CallState, isOnline: boolean, nowMs: number): SearchView | null {
  if (state.state !== 'searching' && state.state !== 'held') return null;
  const { wishes, startedAtMs, connectFailures, quickly } = state.pursuit;
  const waitedMs = Math.max(0, nowMs - startedAtMs);
  const interests = state.state === 'searching' ? state.interests : wishes.interests;
  return {
    mode: wishes.mode,
    held: pauseOf(state, isOnline, nowMs),
    interests,
    onlyShared: wishes.onlyShared,
    canAskAnyone: wishes.onlyShared && interests.length > 0 && waitedMs >= ANYONE_AFTER_MS,
    waitedMs,
    usualWaitMs: state.state === 'searching' ? state.usualWaitMs : null,
    connectFailures,
    quickly,
  };
}

function pauseOf(state: Searching | Paused, isOnline: boolean, nowMs: number): SearchView['held'] {
  if (!isOnline) return { reason: 'no-link', retryInMs: null };
  if (state.state !== 'held') return null;
  return { reason: state.reason, retryInMs: Math.max(0, state.untilMs - nowMs) };
}
