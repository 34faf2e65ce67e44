import type { Communities, OpenCommunity } from '../../src/communities.ts';

/** The communities of a server, which a test opens and closes. */
export class FakeCommunities implements Communities {
  readonly #open = new Map<string, OpenCommunity>();

  /** @param names communities that need no code */
  constructor(...names: readonly string[]) {
    for (const name of names) this.open(name);
  }

  open(name: string, { version = 1, codes }: { version?: number; codes?: readonly string[] } = {}) {
    this.#open.set(name, {
      version,
      needsCode: codes !== undefined,
      hasCode: (id) => codes?.includes(id) === true,
    });
  }

  close(name: string): void {
    this.#open.delete(name);
  }

  find(name: string): OpenCommunity | null {
    return this.#open.get(name) ?? null;
  }
}
