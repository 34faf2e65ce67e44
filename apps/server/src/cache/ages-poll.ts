import type { AgeDeclaration } from '@farandole/gateway/handlers/age';
import type { InputOf, OutcomeOf } from '@farandole/moderation/service/commands';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { AGES_READ_AT_ONCE, AGES_READ_BACK_MS } from '../limits.ts';

/**
 * Reads the declarations of minors that other nodes stored, so that a second cookie of the same
 * device is refused on every node. Each read goes `AGES_READ_BACK_MS` back before the last one,
 * because a declaration's date is that of the node that wrote it.
 */
export class AgesPoll {
  readonly #store: Pick<ModerationStore, 'run'>;
  #readAtMs: number | null = null;

  constructor(store: Pick<ModerationStore, 'run'>) {
    this.#store = store;
  }

  /** @throws StoreError; the next call reads from the same date on */
  async read(
    nowMs: number,
    onRead: (declarations: readonly AgeDeclaration[]) => void,
  ): Promise<void> {
    const fromMs = Math.min(this.#readAtMs ?? nowMs, nowMs) - AGES_READ_BACK_MS;
    let after: InputOf<'apart.read'>['after'] = { atMs: fromMs, skip: 0 };
    while (after !== null) {
      const input: InputOf<'apart.read'> = { what: 'ages', after, limit: AGES_READ_AT_ONCE, nowMs };
      const { notes, next }: OutcomeOf<'apart.read'> = await this.#store.run('apart.read', input);
      const declarations = notes.flatMap((note) => {
        if (note.kind !== 'age-refused') return [];
        const { subject, device = null, atWallMs: atMs } = note;
        return [{ subject, device, atMs }];
      });
      if (declarations.length > 0) onRead(declarations);
      after = next;
    }
    this.#readAtMs = nowMs;
  }
}
