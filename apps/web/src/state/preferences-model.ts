import type { Mode } from '@farandole/protocol/fields';
import type { HouseTexts } from '@farandole/protocol/http-api';
import {
  CONSOLE_HOUSE_RULES_CHARS_MAX,
  INTEREST_CHARS_DECODED_MAX,
  INTERESTS_MAX,
  LANGUAGE_CHARS_MAX,
  LANGUAGES_MAX,
} from '@farandole/protocol/limits';
import { type ReadonlySignal, signal } from '@preact/signals';
import type { KeyValueStore } from '../base/ports.ts';
import type { Wishes } from '../call/call-state.ts';
import type { CallPreferences } from '../call/call-view.ts';
import type { DevicePreferences } from '../devices/devices-view.ts';
import { VOLUME_MAX } from '../sound/limits.ts';
import {
  DEFAULT_THEME,
  type Field,
  oneOf,
  PREFERENCES_KEY,
  readStored,
  THEME_FIELDS,
  type Theme,
} from '../ui/theme.ts';

/** Choices from the landing and the settings, stored on the device only. */
export interface ChosenPreferences extends Theme, CallPreferences, DevicePreferences {
  /** Up to `INTERESTS_MAX`, as typed. */
  readonly interests: readonly string[];
  readonly onlyShared: boolean;
  /** BCP 47 tags. */
  readonly languages: readonly string[];
  /** Sends no languages: peers don't see them and matching ignores them. */
  readonly hideLanguages: boolean;
  readonly sounds: boolean;
  /** Percent, 0 to `VOLUME_MAX`. */
  readonly volume: number;
  /** Single-letter shortcuts (WCAG 2.1.4). Esc always works. */
  readonly letterKeys: boolean;
  /** Screen readers announce that the peer is typing. */
  readonly tellTyping: boolean;
  /** In a call the own picture is small, in a corner of the peer's. */
  readonly biggerStranger: boolean;
}

export interface Preferences extends ChosenPreferences {
  /** Accepted version of the rules; 0 for none. */
  readonly rulesVersion: number;
  /** Accepted version of the house rules; 0 for none. */
  readonly houseVersion: number;
  /** The accepted text, to mark changes; null if unknown. */
  readonly houseText: HouseTexts | null;
  readonly greenRoomPassed: boolean;
}

/** Lowest version that a server may have, used until its facts are known. */
export const FIRST_POLICY_VERSION = 1;
/** The protocol's limit. */
const RULES_VERSION_MAX = 1_000_000;

export const NO_PREFERENCES: Preferences = {
  ...DEFAULT_THEME,
  interests: [],
  onlyShared: false,
  languages: [],
  hideLanguages: false,
  shield: 'ask',
  sounds: true,
  volume: VOLUME_MAX,
  relayOnly: false,
  mirrored: true,
  startsWithCameraOff: false,
  startsMuted: false,
  savesData: false,
  blursBackground: false,
  suppressesNoise: true,
  letterKeys: true,
  tellTyping: true,
  biggerStranger: false,
  rulesVersion: 0,
  houseVersion: 0,
  houseText: null,
  greenRoomPassed: false,
};

const flag = oneOf(true, false);

const FIELDS: { readonly [K in keyof Preferences]: Field<Preferences[K]> } = {
  ...THEME_FIELDS,
  interests: textsUpTo(INTERESTS_MAX),
  onlyShared: flag,
  languages: textsUpTo(LANGUAGES_MAX),
  hideLanguages: flag,
  shield: oneOf('ask', 'automatic', 'off'),
  relayOnly: flag,
  mirrored: flag,
  startsWithCameraOff: flag,
  startsMuted: flag,
  savesData: flag,
  blursBackground: flag,
  suppressesNoise: flag,
  letterKeys: flag,
  tellTyping: flag,
  biggerStranger: flag,
  sounds: flag,
  volume: wholeUpTo(VOLUME_MAX),
  rulesVersion: wholeUpTo(RULES_VERSION_MAX),
  houseVersion: wholeUpTo(RULES_VERSION_MAX),
  houseText: houseTextOf,
  greenRoomPassed: flag,
};

/** The user's preferences, in local storage or, if blocked, in memory. */
export class PreferencesModel {
  readonly #store: KeyValueStore;
  readonly #first: Partial<Preferences>;
  readonly #value = signal(NO_PREFERENCES);
  readonly #blocked = signal(false);

  /** @param first defaults, such as the browser's languages */
  constructor(store: KeyValueStore, first: Partial<Preferences> = {}) {
    this.#store = store;
    this.#first = first;
    const stored = this.#try(() => store.read(PREFERENCES_KEY));
    this.#value.value = { ...NO_PREFERENCES, ...first, ...readStored(FIELDS, stored) };
  }

  get value(): ReadonlySignal<Preferences> {
    return this.#value;
  }

  /** Storage is blocked: choices last for this page load. */
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
    this.#try(() => this.#store.write(PREFERENCES_KEY, JSON.stringify(this.#value.value)));
  }

  forget(): void {
    this.#value.value = { ...NO_PREFERENCES, ...this.#first };
    this.#try(() => this.#store.remove(PREFERENCES_KEY));
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

function wholeUpTo(max: number): Field<number> {
  return (value) => {
    if (typeof value !== 'number' || !Number.isInteger(value)) return undefined;
    return value >= 0 && value <= max ? value : undefined;
  };
}

function houseTextOf(value: unknown): HouseTexts | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const texts = Object.entries(value).filter(
    (entry): entry is [string, string] =>
      typeof entry[1] === 'string' && entry[1].length <= CONSOLE_HOUSE_RULES_CHARS_MAX,
  );
  const isWhole = texts.length > 0 && texts.length === Object.keys(value).length;
  return isWhole ? Object.fromEntries(texts) : undefined;
}

function textsUpTo(max: number): Field<readonly string[]> {
  return (value) => {
    if (!Array.isArray(value)) return undefined;
    const items: readonly unknown[] = value;
    return items.every((item) => typeof item === 'string') ? items.slice(0, max) : undefined;
  };
}

export function wishesOf(chosen: Preferences, mode: Mode): Wishes {
  const { interests, onlyShared, languages, hideLanguages, rulesVersion } = chosen;
  return {
    mode,
    // Longer ones don't fit a frame. The rest is still too long for the server, which reports it.
    interests: interests.map((interest) => interest.slice(0, INTEREST_CHARS_DECODED_MAX)),
    onlyShared,
    languages: hideLanguages
      ? []
      : languages.map((language) => language.slice(0, LANGUAGE_CHARS_MAX)),
    policyVersion: Math.max(rulesVersion, FIRST_POLICY_VERSION),
  };
}
