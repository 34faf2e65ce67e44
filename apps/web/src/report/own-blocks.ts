import type { ServerMessageOf } from '@farandole/protocol/server-message';
import { type ReadonlySignal, signal } from '@preact/signals';
import type { Outgoing } from '../signal/frame-stream.ts';
import type { KeptBlock, RecordStore } from './kept-records.ts';
import { BLOCKS_KEPT_MAX } from './limits.ts';

type BlockRemove = Extract<Outgoing, { type: 'block.remove' }>;

export interface ListedBlock extends KeptBlock {
  /**
   * What became of the wish to take it back: `asked` until it is answered, `refused` for now,
   * `foreign` where the server knows this browser as somebody else; `none` without one.
   */
  readonly removal: 'none' | 'asked' | 'removed' | 'refused' | 'foreign';
}

/**
 * Whom one blocked, on this device alone: with it goes what takes a block back, which nobody else has.
 * A wish to do so is said until it is answered.
 */
export class OwnBlocks {
  readonly #store: Pick<RecordStore, 'putBlock' | 'removeBlock'>;
  readonly #blocks = signal<readonly ListedBlock[]>([]);

  constructor(store: Pick<RecordStore, 'putBlock' | 'removeBlock'>, kept: readonly KeptBlock[]) {
    this.#store = store;
    this.#blocks.value = newestFirst(kept).map((block) => ({ ...block, removal: 'none' }));
  }

  /** What is kept; nothing where nothing can be. Never rejects. */
  static async open(store: RecordStore): Promise<OwnBlocks> {
    return new OwnBlocks(store, await store.blocks().catch((): readonly KeptBlock[] => []));
  }

  /** The newest first; one that was taken back until the person has seen it. */
  get blocks(): ReadonlySignal<readonly ListedBlock[]> {
    return this.#blocks;
  }

  /** What the server has not answered. */
  get waiting(): readonly BlockRemove[] {
    return this.#blocks.value.flatMap(({ match, proof, removal }) =>
      removal === 'asked' && proof !== null ? [removeBy(match, proof)] : [],
    );
  }

  holds(match: string): boolean {
    return this.#blocks.value.some((one) => one.match === match && one.removal !== 'removed');
  }

  /** The server has accepted it. */
  add(block: KeptBlock): void {
    const others = this.#blocks.value.filter(({ match }) => match !== block.match);
    const all = newestFirst<ListedBlock>([{ ...block, removal: 'none' }, ...others]);
    this.#blocks.value = all.slice(0, BLOCKS_KEPT_MAX);
    for (const { match } of all.slice(BLOCKS_KEPT_MAX)) quietly(this.#store.removeBlock(match));
    quietly(this.#store.putBlock(block));
  }

  /** @returns what is to be said for it; null where it cannot be taken back, or is being */
  remove(match: string): BlockRemove | null {
    const block = this.#blocks.value.find((one) => one.match === match);
    if (block === undefined || block.proof === null) return null;
    if (block.removal === 'asked' || block.removal === 'removed') return null;
    this.#to(match, 'asked');
    return removeBy(match, block.proof);
  }

  /** @returns the call whose block is gone; null where it stays */
  answered(
    message: ServerMessageOf<'block.removed'> | ServerMessageOf<'block.kept'>,
  ): string | null {
    const block = this.#blocks.value.find(({ match }) => match === message.id);
    if (block === undefined || block.removal !== 'asked') return null;
    if (message.type === 'block.kept') {
      this.#to(block.match, message.reason === 'bad-proof' ? 'foreign' : 'refused');
      return null;
    }
    this.#to(block.match, 'removed');
    quietly(this.#store.removeBlock(block.match));
    return block.match;
  }

  /** The person has seen what was taken back. */
  look(): void {
    this.#blocks.value = this.#blocks.value.filter(({ removal }) => removal !== 'removed');
  }

  /** From here on they hold for good. */
  forget(): void {
    for (const { match } of this.#blocks.value) quietly(this.#store.removeBlock(match));
    this.#blocks.value = [];
  }

  #to(match: string, removal: ListedBlock['removal']): void {
    this.#blocks.value = this.#blocks.value.map((block) =>
      block.match === match ? { ...block, removal } : block,
    );
  }
}

/** One call has one block of one's own: it is the name of the wish, too. */
function removeBy(match: string, proof: string): BlockRemove {
  return { type: 'block.remove', id: match, proof };
}

function newestFirst<One extends { readonly atMs: number }>(all: readonly One[]): readonly One[] {
  return all.toSorted((a, b) => b.atMs - a.atMs);
}

/** Where the browser keeps nothing, the settings say so; here it is enough to go on. */
function quietly(work: Promise<void>): void {
  work.catch(() => {});
}
