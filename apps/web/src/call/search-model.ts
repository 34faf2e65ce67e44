import { computed, type ReadonlySignal } from '@preact/signals';
import type { CallEvent, CallState, Paused, Searching } from './call-state.ts';
import type { SearchView } from './call-view.ts';
import { ANYONE_AFTER_MS } from './limits.ts';

export interface SearchPorts {
  readonly state: ReadonlySignal<CallState>;
  readonly isOnline: ReadonlySignal<boolean>;
  /** Completed part of a long proof of work, from 0 to 1. Null while no long proof runs. */
  readonly proving: ReadonlySignal<number | null>;
  readonly nowMs: ReadonlySignal<number>;
  readonly dispatch: (event: CallEvent) => void;
}

export class SearchModel {
  readonly view: ReadonlySignal<SearchView | null>;
  readonly #dispatch: SearchPorts['dispatch'];

  constructor({ state, isOnline, proving, nowMs, dispatch }: SearchPorts) {
    this.#dispatch = dispatch;
    const pause = (now: Searching | Paused): SearchView['held'] => {
      if (!isOnline.value) return whileOffline(proving.value);
      if (now.state !== 'held') return null;
      const retryInMs = Math.max(0, now.untilMs - nowMs.value);
      return { reason: now.reason, retryInMs: Number.isFinite(retryInMs) ? retryInMs : null };
    };
    this.view = computed(() => searchViewOf(state.value, pause, nowMs.value));
  }

  anyone(): void {
    this.#dispatch({ event: 'anyone' });
  }
}

function searchViewOf(
  state: CallState,
  pause: (state: Searching | Paused) => SearchView['held'],
  nowMs: number,
): SearchView | null {
  if (state.state !== 'searching' && state.state !== 'held') return null;
  const { wishes, startedAtMs, connectFailures, quickly } = state.pursuit;
  const waitedMs = Math.max(0, nowMs - startedAtMs);
  const opensAtMs = state.state === 'searching' ? state.opensAtMs : null;
  const interests = state.state === 'searching' ? state.interests : wishes.interests;
  return {
    mode: wishes.mode,
    held: pause(state),
    interests,
    onlyShared: wishes.onlyShared,
    meeting: wishes.meeting ?? null,
    exchange: wishes.exchange ?? null,
    canAskAnyone: wishes.onlyShared && interests.length > 0 && waitedMs >= ANYONE_AFTER_MS,
    waitedMs,
    usualWaitMs: state.state === 'searching' ? state.usualWaitMs : null,
    opensInMs: opensAtMs === null ? null : Math.max(0, opensAtMs - nowMs),
    connectFailures,
    quickly,
  };
}

function whileOffline(share: number | null): SearchView['held'] {
  return share === null
    ? { reason: 'no-link', retryInMs: null }
    : { reason: 'proving', retryInMs: null, share };
}
