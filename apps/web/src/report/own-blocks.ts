import type { ServerMessageOf } from '@farandole/protocol/server-message';
import { type ReadonlySignal, signal } from '@preact/signals';
import type { Outgoing } from '../signal/frame-stream.ts';
import { BLOCKS_KEPT_MAX } from './limits.ts';
import type { RecordStore, StoredBlock } from './stored-records.ts';

type BlockRemove = Extract<Outgoing, { type: 'block.remove' }>;

export interface ListedBlock extends StoredBlock {
  /**
   * State of the request to remove the block. `none`: not requested. `asked`: no reply yet.
   * `refused`: the server refused for now. `foreign`: the server considers this browser another
   * user.
   */
  readonly removal: 'none' | 'asked' | 'removed' | 'refused' | 'foreign';
}

/**
 * The blocks made in this browser. Only this device stores the proofs that are needed to remove
 * these blocks.
 */
export class OwnBlocks {
  readonly #store: Pick<RecordStore, 'putBlock' | 'removeBlock'>;
  readonly #blocks = signal<readonly ListedBlock[]>([]);

  constructor(store: Pick<RecordStore, 'putBlock' | 'removeBlock'>, kept: readonly StoredBlock[]) {
    this.#store = store;
    this.#blocks.value = newestFirst(kept).map((block) => ({ ...block, removal: 'none' }));
  }

  /** Reads the stored blocks. Never rejects; without storage the list of blocks is empty. */
  static async open(store: RecordStore): Promise<OwnBlocks> {
    return new OwnBlocks(store, await store.blocks().catch((): readonly StoredBlock[] => []));
  }

  /**
   * Blocks, newest first. A removed block stays in the list until the user has seen its removal.
   */
  get blocks(): ReadonlySignal<readonly ListedBlock[]> {
    return this.#blocks;
  }

  get waiting(): readonly BlockRemove[] {
    return this.#blocks.value.flatMap(({ match, proof, removal }) =>
      removal === 'asked' && proof !== null ? [removeBy(match, proof)] : [],
    );
  }

  holds(match: string): boolean {
    return this.#blocks.value.some((one) => one.match === match && one.removal !== 'removed');
  }

  add(block: StoredBlock): void {
    const others = this.#blocks.value.filter(({ match }) => match !== block.match);
    const all = newestFirst<ListedBlock>([{ ...block, removal: 'none' }, ...others]);
    this.#blocks.value = all.slice(0, BLOCKS_KEPT_MAX);
    for (const { match } of all.slice(BLOCKS_KEPT_MAX)) quietly(this.#store.removeBlock(match));
    quietly(this.#store.putBlock(block));
  }

  /**
   * @returns the request to remove the block, or null if the block can't be removed or its
   * removal was already requested
   */
  remove(match: string): BlockRemove | null {
    const block = this.#blocks.value.find((one) => one.match === match);
    if (block === undefined || block.proof === null) return null;
    if (block.removal === 'asked' || block.removal === 'removed') return null;
    this.#to(match, 'asked');
    return removeBy(match, block.proof);
  }

  /**
   * Handles the server's reply to the removal of a block.
   * @returns the match id of the call whose block was removed, or null if the block remains
   */
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

  /** Drops removed blocks from the list once the user has seen that they were removed. */
  startViewing(): void {
    this.#blocks.value = this.#blocks.value.filter(({ removal }) => removal !== 'removed');
  }

  /** Deletes the list of blocks. The blocks become permanent, because the proofs are lost. */
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

/**
 * A user can block the peer of a call once, so the call's match id also identifies the request
 * to remove the block.
 */
function removeBy(match: string, proof: string): BlockRemove {
  return { type: 'block.remove', id: match, proof };
}

function newestFirst<One extends { readonly atMs: number }>(all: readonly One[]): readonly One[] {
  return all.toSorted((a, b) => b.atMs - a.atMs);
}

/**
 * If writing fails, the settings already show that storage is unavailable, and the copy in
 * memory is enough here.
 */
function quietly(work: Promise<void>): void {
  work.catch(() => {});
}
