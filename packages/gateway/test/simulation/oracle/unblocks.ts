import type { ServerMessageOf } from '@farandole/protocol/server-message';
import type { UnblockRecord } from '../../../src/ports.ts';
import type { Ledger } from './ledger.ts';
import type { SessionModel } from './model.ts';
import { Violation } from './violation.ts';

/** I8: whoever is told that their block is taken back is told so once that is on disk. */
export class Unblocks {
  readonly #ledger: Ledger;
  /** Who asked last, with a proof of their own, and by what name. */
  #asked: { readonly session: SessionModel; readonly id: string } | null = null;
  /** What is being written for whom, by the name that the page has for it. */
  readonly #writing = new WeakMap<SessionModel, Map<string, string>>();

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  /** The node has yet to do something about it. */
  asks(session: SessionModel, id: string): void {
    this.#asked = { session, id };
  }

  /** The node hands a record over, in the turn in which it was asked for. */
  appended(record: UnblockRecord): void {
    const asked = this.#asked;
    if (asked === null || asked.session.subject !== record.by) {
      throw new Violation('I8', `a block of ${record.by} is taken back, who did not ask for it`);
    }
    const writing = this.#writing.get(asked.session) ?? new Map<string, string>();
    this.#writing.set(asked.session, writing.set(asked.id, record.mark));
  }

  removed(session: SessionModel, id: string): void {
    const mark = this.#writing.get(session)?.get(id);
    if (mark !== undefined) this.#ledger.checkTakenBack(mark);
  }

  /** @param reason of what its own proof was refused for */
  kept(session: SessionModel, { id, reason }: ServerMessageOf<'block.kept'>): void {
    const isOwn = this.#asked?.session === session && this.#asked.id === id;
    if (!isOwn || reason !== 'bad-proof') return;
    throw new Violation('I8', `${session.subject} has no say in a block of their own`);
  }
}
