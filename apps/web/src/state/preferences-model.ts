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
import { isBelow } from '../call/rungs.ts';
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

/** Corners of the stranger's picture, in the order in which a button moves the user's picture. */
export const CORNERS = ['top-end', 'bottom-end', 'bottom-start', 'top-start'] as const;
export type Corner = (typeof CORNERS)[number];

/**
 * Choices that the user made on the landing, in a call and in the settings. They are stored only on
 * this device.
 */
export interface ChosenPreferences extends Theme, CallPreferences, DevicePreferences {
  /** The user's interests as typed, at most `INTERESTS_MAX`. */
  readonly interests: readonly string[];
  readonly onlyShared: boolean;
  /** The user's languages as BCP 47 tags. */
  readonly languages: readonly string[];
  /**
   * True if the page sends no languages to the server. Peers then don't see the user's
   * languages, and matching ignores them.
   */
  readonly hideLanguages: boolean;
  readonly sounds: boolean;
  /** Volume of the page's sounds in percent, from 0 to `VOLUME_MAX`. */
  readonly volume: number;
  /** Whether reactions are shown and can be sent. */
  readonly reactions: boolean;
  /** Whether single letters are keyboard shortcuts (WCAG 2.1.4). Esc always works. */
  readonly letterKeys: boolean;
  /** Whether screen readers announce that the peer is typing. */
  readonly tellTyping: boolean;
  /** Whether the browser translates the stranger's messages without a press. */
  readonly translates: boolean;
  /** Whether the browser writes what the stranger says, where this device can do so by itself. */
  readonly captions: boolean;
  /** Whether the controls over the stranger's picture stay visible while the mouse is still. */
  readonly controlsStay: boolean;
  /**
   * The corner that the user chose for their own picture; `null` before a choice. The styles then
   * use the upper corner on a phone, and the lower corner on a desktop, where the mouse is far from
   * it.
   */
  readonly corner: Corner | null;
  /** The lowest mode at which the user agrees to start. Null for only the mode that they search by. */
  readonly startsFrom: Mode | null;
  /** The user's language exchange: `en` is spoken, `fr:B1` is learnt, `+` means that they help. */
  readonly exchange: readonly string[];
}

export interface Preferences extends ChosenPreferences {
  /** Version of the site's rules that the user accepted; 0 if the user accepted none. */
  readonly rulesVersion: number;
  /** Version of the operator's house rules that the user accepted; 0 if the user accepted none. */
  readonly houseVersion: number;
  /**
   * The text of the house rules that the user accepted, so that changes can be highlighted;
   * `null` if unknown.
   */
  readonly houseText: HouseTexts | null;
  /**
   * Whether the user declared to be a minor and the server hasn't confirmed it yet, so that a
   * reload doesn't lose the declaration.
   */
  readonly isUntoldMinor: boolean;
  readonly greenRoomPassed: boolean;
  /** Which line on the exposure of the network address the user has read in the green room. */
  readonly exposureRead: 'none' | 'relay' | 'direct';
}

/**
 * The lowest possible version of the rules, which the page assumes until the server's facts are
 * known.
 */
export const FIRST_POLICY_VERSION = 1;
/** The highest version of the rules that the protocol allows. */
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
  reactions: true,
  relayOnly: false,
  mirrored: true,
  startsWithCameraOff: false,
  startsMuted: false,
  savesData: null,
  blursBackground: false,
  suppressesNoise: true,
  letterKeys: true,
  tellTyping: true,
  translates: false,
  captions: false,
  controlsStay: false,
  corner: null,
  startsFrom: null,
  exchange: [],
  rulesVersion: 0,
  houseVersion: 0,
  houseText: null,
  isUntoldMinor: false,
  greenRoomPassed: false,
  exposureRead: 'none',
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
  savesData: oneOf(null, true, false),
  blursBackground: flag,
  suppressesNoise: oneOf<boolean | 'strong'>(true, false, 'strong'),
  letterKeys: flag,
  tellTyping: flag,
  translates: flag,
  captions: flag,
  controlsStay: flag,
  corner: oneOf(null, ...CORNERS),
  startsFrom: oneOf(null, 'text', 'voice', 'video'),
  exchange: textsUpTo(6),
  sounds: flag,
  volume: wholeUpTo(VOLUME_MAX),
  reactions: flag,
  rulesVersion: wholeUpTo(RULES_VERSION_MAX),
  houseVersion: wholeUpTo(RULES_VERSION_MAX),
  houseText: houseTextOf,
  isUntoldMinor: flag,
  greenRoomPassed: flag,
  exposureRead: oneOf('none', 'relay', 'direct'),
};

/** The user's preferences. They are in local storage or, if the browser blocks that, in memory. */
export class PreferencesModel {
  readonly #store: KeyValueStore;
  readonly #first: Partial<Preferences>;
  readonly #value = signal(NO_PREFERENCES);
  readonly #blocked = signal(false);

  /** @param first default preferences, such as the browser's languages */
  constructor(store: KeyValueStore, first: Partial<Preferences> = {}) {
    this.#store = store;
    this.#first = first;
    this.#value.value = { ...NO_PREFERENCES, ...first };
    this.readAgain();
  }

  get value(): ReadonlySignal<Preferences> {
    return this.#value;
  }

  /** True if the browser blocks storage. The user's choices then last for this page load. */
  get blocked(): ReadonlySignal<boolean> {
    return this.#blocked;
  }

  /** Reads the stored preferences, because another tab may have changed them. */
  readAgain(): void {
    const stored = this.#try(() => this.#store.read(PREFERENCES_KEY));
    if (stored === null) return;
    this.#value.value = { ...NO_PREFERENCES, ...this.#first, ...readStored(FIELDS, stored) };
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
  const { interests, onlyShared, languages, hideLanguages, rulesVersion, startsFrom } = chosen;
  return {
    mode,
    ...(startsFrom !== null && isBelow(startsFrom, mode) && { lowest: startsFrom }),
    // An oversized interest is shortened, because it wouldn't fit into a frame. The shortened
    // interest is still too long for the server, which refuses it with a reason.
    interests: interests.map((interest) => interest.slice(0, INTEREST_CHARS_DECODED_MAX)),
    onlyShared,
    languages: hideLanguages
      ? []
      : languages.map((language) => language.slice(0, LANGUAGE_CHARS_MAX)),
    policyVersion: Math.max(rulesVersion, FIRST_POLICY_VERSION),
  };
}
