import type { KeyValueStore } from '../base/ports.ts';

export const COMMUNITIES_KEY = 'farandole.communities';
/** Maximum number of communities that the browser remembers. The oldest are forgotten. */
export const COMMUNITIES_REMEMBERED_MAX = 20;

export interface Remembered {
  /** Version of the rules to which the user agreed. */
  readonly agreedTo?: number | undefined;
  /** Code of the link that the user opened, so that an expired pass can be renewed. */
  readonly code?: string | undefined;
  readonly pass?: { readonly token: string; readonly endsAtMs: number } | undefined;
}

/** What this browser remembers of one community. Forgotten with the page, if it can't be stored. */
export class CommunityMemory {
  readonly #store: KeyValueStore;
  readonly #name: string;
  #value: Remembered;

  constructor(store: KeyValueStore, name: string) {
    this.#store = store;
    this.#name = name;
    this.#value = this.#all()[name] ?? {};
  }

  get value(): Remembered {
    return this.#value;
  }

  set(change: Remembered): void {
    this.#value = { ...this.#value, ...change };
    const { [this.#name]: _, ...others } = this.#all();
    const newest = Object.entries(others).slice(1 - COMMUNITIES_REMEMBERED_MAX);
    const all = Object.fromEntries([...newest, [this.#name, this.#value]]);
    try {
      this.#store.write(COMMUNITIES_KEY, JSON.stringify(all));
    } catch {
      // The browser blocks the storage of this site, or the storage is full.
    }
  }

  #all(): Readonly<Record<string, Remembered>> {
    try {
      const read: unknown = JSON.parse(this.#store.read(COMMUNITIES_KEY) ?? '{}');
      // Only this class writes the entry.
      return typeof read === 'object' && read !== null ? (read as Record<string, Remembered>) : {};
    } catch {
      return {};
    }
  }
}

/** Forgets the communities of this browser. Their page asks for the rules again. */
export function forgetCommunities(): void {
  try {
    localStorage.removeItem(COMMUNITIES_KEY);
  } catch {
    // The browser blocks the storage of this site, so nothing was stored.
  }
}
