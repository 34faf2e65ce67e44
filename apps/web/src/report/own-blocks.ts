import type { ServerMessageOf } from '@farandole/protocol/server-message';
import { type ReadonlySignal, signal } from '@preact/signals';
import type { Outgoing } from '../signal/frame-stream.ts';
import { BLOCKS_KEPT_MAX } from './limits.ts';
import type { RecordStore, StoredBlock } from './stored-records.ts';

type BlockRemove = Extract<Outgoing, { type: 'block.remove' }>;

export interface ListedBlock extends StoredBlock {
  /**
   * `asked`: waiting for an answer. `refused`: temporarily. `foreign`: the server sees this browser
   * as another user. `none`: not requested.
   */
  readonly removal: 'none' | 'asked' | 'removed' | 'refused' | 'foreign';
}

/** Blocks made here. Only this device holds the proofs that remove them. */
export class OwnBlocks {
  readonly #store: Pick<RecordStore, 'putBlock' | 'removeBlock'>;
  readonly #blocks = signal<readonly ListedBlock[]>([]);

  constructor(store: Pick<RecordStore, 'putBlock' | 'removeBlock'>, kept: readonly StoredBlock[]) {
    this.#store = store;
    this.#blocks.value = newestFirst(kept).map((block) => ({ ...block, removal: 'none' }));
  }

  /** Never rejects; empty where nothing can be stored. */
  static async open(store: RecordStore): Promise<OwnBlocks> {
    return new OwnBlocks(store, await store.blocks().catch((): readonly StoredBlock[] => []));
  }

  /** Newest first. A removed block stays until the user has seen that. */
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

  /** @returns the request; null where it can't be removed or is in progress */
  remove(match: string): BlockRemove | null {
    const block = this.#blocks.value.find((one) => one.match === match);
    if (block === undefined || block.proof === null) return null;
    if (block.removal === 'asked' || block.removal === 'removed') return null;
    this.#to(match, 'asked');
    return removeBy(match, block.proof);
  }

  /** @returns the call whose block was removed; null if it stays */
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

  /** Drops removed blocks that the user has seen. */
  startViewing(): void {
    this.#blocks.value = this.#blocks.value.filter(({ removal }) => removal !== 'removed');
  }

  /** From now on the blocks are permanent. */
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

/** A call has at most one own block, so its match id also names the request. */
function removeBy(match: string, proof: string): BlockRemove {
  return { type: 'block.remove', id: match, proof };
}

function newestFirst<One extends { readonly atMs: number }>(all: readonly One[]): readonly One[] {
  return all.toSorted((a, b) => b.atMs - a.atMs);
}

/** The settings show that storage is unavailable; in-memory state is enough here. */
function quietly(work: Promise<void>): void {
  work.catch(() => {});
}
