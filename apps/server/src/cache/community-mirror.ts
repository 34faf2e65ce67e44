import type { Communities, OpenCommunity } from '@farandole/gateway/communities';
import type { DoorFacts } from '@farandole/moderation/settings/communities';
import type { ModerationStore } from '@farandole/moderation/store/ports';

interface MirroredCommunity extends OpenCommunity {
  readonly facts: DoorFacts;
}

/** Caches the open communities, so that no search and no page waits for the database. */
export class CommunityMirror implements Communities {
  readonly #store: Pick<ModerationStore, 'run'>;
  #version: number | null = null;
  #open: ReadonlyMap<string, MirroredCommunity> = new Map();
  #onChanged: () => void = () => {};

  constructor(store: Pick<ModerationStore, 'run'>) {
    this.#store = store;
  }

  /** @param onChanged called after communities changed */
  attach(onChanged: () => void): void {
    this.#onChanged = onChanged;
  }

  /** Changes with each change of a community. Null before the first reading. */
  get version(): number | null {
    return this.#version;
  }

  /** The open communities. */
  get all(): readonly DoorFacts[] {
    return [...this.#open.values()].map(({ facts }) => facts);
  }

  find(name: string): MirroredCommunity | null {
    return this.#open.get(name) ?? null;
  }

  /**
   * Reads the communities if any has changed.
   *
   * @throws StoreError; the cache is then unchanged
   */
  async read(): Promise<void> {
    const read = await this.#store.run('community.doors', { unless: this.#version });
    if (read === null) return;
    this.#open = new Map(
      read.communities
        .filter(({ closedAtMs }) => closedAtMs === null)
        .map((facts) => [facts.name, mirrored(facts)]),
    );
    this.#version = read.version;
    this.#onChanged();
  }
}

function mirrored(facts: DoorFacts): MirroredCommunity {
  const codes = new Set(facts.codes);
  return {
    facts,
    version: facts.version,
    needsCode: facts.door !== 'link',
    hasCode: (id) => codes.has(id),
  };
}
