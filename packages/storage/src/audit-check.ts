import {
  type AuditCheckpoint,
  type AuditVerdict,
  ERASE_ACTION,
} from '@farandole/moderation/store/records';
import { type ChainEnd, follows } from './audit-chain.ts';
import type { AuditSeal, SealedEnd } from './audit-seal.ts';
import type { AuditTableRow } from './schema.ts';

export interface ToCheck {
  readonly seal: AuditSeal;
  readonly first: SealedEnd;
  readonly last: SealedEnd;
  /** End of the audit chain as it was noted earlier outside the store. */
  readonly known: AuditCheckpoint | null;
}

/**
 * Verifies the audit chain row by row. Each row must follow the previous one and have a valid
 * seal. Both ends of the chain must have a valid seal. The end that was noted outside the store
 * must be one of the rows or the chain's beginning. Details may be missing only in an erasure's
 * row, and only if a later row logs another erasure of the same user. Rows without a seal, from
 * old versions, must come first, because the first sealed row covers them.
 */
export class AuditCheck {
  readonly #of: ToCheck;
  #before: ChainEnd;
  #rows = 0;
  #isSealed = false;
  #isBroken = false;
  #fault = Number.POSITIVE_INFINITY;
  /**
   * Audit rows of erasures without details that no later erasure has explained yet: for each
   * user, the number of the last such row.
   */
  readonly #forgotten = new Map<string, number>();

  constructor(of: ToCheck) {
    this.#of = of;
    const { seal, first, last } = of;
    this.#before = first;
    const isOfBefore = first.seal === null && last.seal === null;
    if (first.seq > 0 && !isOfBefore && !seal.holds('first', first)) this.#found(first.seq);
  }

  /** Checks the next row of the chain. Returns false once later rows can't change the verdict. */
  take(row: AuditTableRow): boolean {
    const { seal, known } = this.#of;
    if (!follows(this.#before, row)) {
      this.#isBroken = true;
      this.#found(this.#before.seq + 1);
      return false;
    }
    const mayLackSeal = !this.#isSealed && (known === null || row.seq < known.seq);
    if (row.seal === null ? !mayLackSeal : !seal.holds('row', row)) this.#found(row.seq);
    if (known?.seq === row.seq && known.hash !== row.hash) this.#found(row.seq);
    const isErasure = row.action === ERASE_ACTION;
    if (isErasure) this.#forgotten.delete(row.about);
    if (row.details === null && !isErasure) this.#found(row.seq);
    if (row.details === null && isErasure) this.#forgotten.set(row.about, row.seq);
    this.#isSealed ||= row.seal !== null;
    this.#before = row;
    this.#rows += 1;
    return true;
  }

  verdict(): AuditVerdict {
    const { seal, first, last, known } = this.#of;
    if (!this.#isBroken) {
      const { seq, hash } = this.#before;
      if (seq !== last.seq) this.#found(Math.min(seq, last.seq) + 1);
      else if (hash !== last.hash) this.#found(last.seq);
      else if (last.seal === null ? this.#isSealed : !seal.holds('last', last)) {
        this.#found(last.seq + 1);
      } else if (last.seal !== null && this.#rows > 0 && !this.#isSealed) this.#found(last.seq);
      for (const row of this.#forgotten.values()) this.#found(row);
    }
    if (known !== null && known.seq > last.seq) this.#found(last.seq + 1);
    if (known !== null && !goesOnFrom(first, known)) this.#found(known.seq);
    if (known !== null && !seal.holds('last', known)) this.#found(known.seq);
    return Number.isFinite(this.#fault)
      ? { ok: false, at: this.#fault }
      : { ok: true, rows: this.#rows, head: last.seq };
  }

  #found(at: number): void {
    this.#fault = Math.min(this.#fault, at);
  }
}

/**
 * Returns whether the noted end may belong to a chain that begins after `first`. The store drops
 * rows by age, so if the chain begins after the noted end, that row was dropped too.
 */
export function goesOnFrom(first: ChainEnd, known: ChainEnd): boolean {
  return known.seq > first.seq || (known.seq === first.seq && known.hash === first.hash);
}
