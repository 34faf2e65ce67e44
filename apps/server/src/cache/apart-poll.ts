import type { AgeDeclaration } from '@farandole/gateway/handlers/age';
import type { UnblockRecord } from '@farandole/gateway/ports';
import type { InputOf, OutcomeOf } from '@farandole/moderation/service/commands';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { APART_READ_AT_ONCE, APART_READ_BACK_MS } from '../limits.ts';

type What = Extract<InputOf<'apart.read'>['what'], 'ages' | 'removals'>;
type Note = OutcomeOf<'apart.read'>['notes'][number];

/**
 * Reads the declarations of minors and the removals of blocks that other nodes stored, so that they
 * hold on every node. Each read goes `APART_READ_BACK_MS` back before the last one, because a
 * record's date is that of the node that wrote it.
 */
export class ApartPoll {
  readonly #store: Pick<ModerationStore, 'run'>;
  readonly #readAtMs = new Map<What, number>();

  constructor(store: Pick<ModerationStore, 'run'>) {
    this.#store = store;
  }

  /** @throws StoreError; the next call reads from the same date on */
  async readAges(
    nowMs: number,
    onRead: (declarations: readonly AgeDeclaration[]) => void,
  ): Promise<void> {
    await this.#read('ages', nowMs, (notes) => {
      const declarations = notes.flatMap((note) => {
        if (note.kind !== 'age-refused') return [];
        const { subject, device = null, atWallMs: atMs } = note;
        return [{ subject, device, atMs }];
      });
      onRead(declarations);
    });
  }

  /** @throws StoreError; the next call reads from the same date on */
  async readRemovals(
    nowMs: number,
    onRead: (removals: readonly UnblockRecord[]) => void,
  ): Promise<void> {
    await this.#read('removals', nowMs, (notes) => {
      onRead(notes.filter((note) => note.kind === 'unblock'));
    });
  }

  async #read(what: What, nowMs: number, onRead: (notes: readonly Note[]) => void): Promise<void> {
    const fromMs = Math.min(this.#readAtMs.get(what) ?? nowMs, nowMs) - APART_READ_BACK_MS;
    let after: InputOf<'apart.read'>['after'] = { atMs: fromMs, skip: 0 };
    while (after !== null) {
      const input: InputOf<'apart.read'> = { what, after, limit: APART_READ_AT_ONCE, nowMs };
      const { notes, next }: OutcomeOf<'apart.read'> = await this.#store.run('apart.read', input);
      if (notes.length > 0) onRead(notes);
      after = next;
    }
    this.#readAtMs.set(what, nowMs);
  }
}
