import { INTERESTS_MAX, LANGUAGES_MAX } from '@farandole/protocol/limits';
import { type ReadonlySignal, signal } from '@preact/signals';
import type { Preferences, ShieldChoice } from './app-model.ts';
import { VOLUME_MAX } from './limits.ts';

/** Text kept on this device. Both throw where the browser forbids storage. */
export interface KeyValueStore {
  read(key: string): string | null;
  write(key: string, value: string): void;
}

/** As the protocol bounds it. */
const RULES_VERSION_MAX = 1_000_000;
const KEY = 'farandole.preferences';

export const NO_PREFERENCES: Preferences = {
  interests: [],
  onlyShared: false,
  languages: [],
  shield: 'ask',
  sounds: true,
  volume: VOLUME_MAX,
  rulesVersion: 0,
  greenRoomPassed: false,
};

/** What a person has chosen, kept on the device where that is allowed and in memory elsewhere. */
export class PreferencesModel {
  readonly #store: KeyValueStore;
  readonly #value = signal(NO_PREFERENCES);
  readonly #blocked = signal(false);

  /** @param first what holds before anything was chosen, such as the browser's languages. */
  constructor(store: KeyValueStore, first: Partial<Preferences> = {}) {
    this.#store = store;
    const stored = this.#try(() => store.read(KEY));
    this.#value.value = { ...NO_PREFERENCES, ...first, ...parsePreferences(stored) };
  }

  get value(): ReadonlySignal<Preferences> {
    return this.#value;
  }

  /** Nothing can be kept here: what is chosen lasts until the page is closed. */
  get blocked(): ReadonlySignal<boolean> {
    return this.#blocked;
  }

  set(change: Partial<Preferences>): void {
    const next = { ...this.#value.value, ...change };
    this.#value.value = {
      ...next,
      interests: next.interests.slice(0, INTERESTS_MAX),
      languages: next.languages.slice(0, LANGUAGES_MAX),
      volume: Math.round(Math.min(Math.max(next.volume, 0), VOLUME_MAX)),
    };
    this.#try(() => this.#store.write(KEY, JSON.stringify(this.#value.value)));
  }

  #try<T>(work: () => T): T | null {
    try {
      return work();
    } catch {
      this.#blocked.value = true;
      return null;
    }
  }
}

/** Reads what an older page, or a curious person, may have left: what has no use is left out. */
function parsePreferences(text: string | null): Partial<Preferences> {
  if (text === null) return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return {};
  }
  if (typeof value !== 'object' || value === null) return {};
  const stored = value as Record<keyof Preferences, unknown>;
  return {
    ...(isTexts(stored.interests) ? { interests: stored.interests.slice(0, INTERESTS_MAX) } : {}),
    ...(isTexts(stored.languages) ? { languages: stored.languages.slice(0, LANGUAGES_MAX) } : {}),
    ...(typeof stored.onlyShared === 'boolean' ? { onlyShared: stored.onlyShared } : {}),
    ...(isShieldChoice(stored.shield) ? { shield: stored.shield } : {}),
    ...(typeof stored.sounds === 'boolean' ? { sounds: stored.sounds } : {}),
    ...(isVolume(stored.volume) ? { volume: stored.volume } : {}),
    ...(isVersion(stored.rulesVersion) ? { rulesVersion: stored.rulesVersion } : {}),
    ...(typeof stored.greenRoomPassed === 'boolean'
      ? { greenRoomPassed: stored.greenRoomPassed }
      : {}),
  };
}

function isShieldChoice(value: unknown): value is ShieldChoice {
  return value === 'ask' || value === 'automatic' || value === 'off';
}

function isVolume(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= VOLUME_MAX;
}

function isVersion(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= RULES_VERSION_MAX;
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((text) => typeof text === 'string');
}
