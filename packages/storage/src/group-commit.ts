import type { CommandName, InputOf, OutcomeOf } from '@farandole/moderation/service/commands';
import type { Records } from '@farandole/moderation/store/records';
import { BATCH_MAX, PENDING_MAX } from './limits.ts';
import { runCommand } from './run-command.ts';
import { asStoreError, StoreError } from './store-error.ts';

/** A transaction that is open, and within it one savepoint at a time. */
export interface OpenTransaction {
  readonly records: Records;
  mark(): Promise<void>;
  /** Undoes all since the mark. */
  backToMark(): Promise<void>;
  /** Resolves when all of it is on the disk. */
  commit(): Promise<void>;
  rollback(): Promise<void>;
}

interface Waiting {
  readonly name: CommandName;
  readonly input: unknown;
  readonly resolve: (outcome: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Runs commands in the order in which they come: one transaction for all that came while the last
 * one was being committed, so that many share what a flush of the disk costs. Each has a savepoint
 * of its own: one that fails or is refused changes nothing and costs the others nothing. Nobody is
 * answered before the commit.
 */
export class GroupCommit {
  readonly #begin: () => Promise<OpenTransaction>;
  #waiting: Waiting[] = [];
  #committing: Promise<void> | null = null;
  #isClosed = false;

  constructor(begin: () => Promise<OpenTransaction>) {
    this.#begin = begin;
  }

  run<Name extends CommandName>(name: Name, input: InputOf<Name>): Promise<OutcomeOf<Name>> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) {
        reject(new StoreError('closed', 'The store is closed.'));
        return;
      }
      if (this.#waiting.length >= PENDING_MAX) {
        reject(new StoreError('too-many', 'So much waits to be written that no more is taken.'));
        return;
      }
      // What a command answers is of its own type, which a list of all of them forgets.
      const answer = (outcome: unknown): void => resolve(outcome as OutcomeOf<Name>);
      this.#waiting.push({ name, input, resolve: answer, reject });
      this.#committing ??= this.#commitAll();
    });
  }

  /** Resolves when everything taken so far has been answered. */
  async close(): Promise<void> {
    this.#isClosed = true;
    while (this.#committing !== null) await this.#committing;
  }

  async #commitAll(): Promise<void> {
    // The turn that asked goes on to its end first: all that it asks is one transaction.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, BATCH_MAX);
      try {
        const answers = await this.#commit(batch);
        for (const answer of answers) answer();
      } catch (error) {
        for (const { reject } of batch) reject(asStoreError(error));
      }
    }
    this.#committing = null;
  }

  /** @returns what to tell whom, once the batch is on the disk */
  async #commit(batch: readonly Waiting[]): Promise<readonly (() => void)[]> {
    const transaction = await this.#begin();
    try {
      const answers: (() => void)[] = [];
      for (const { name, input, resolve, reject } of batch) {
        await transaction.mark();
        try {
          const outcome = await runCommand(transaction.records, name, input);
          if (isRefusal(outcome)) await transaction.backToMark();
          answers.push(() => resolve(outcome));
        } catch (error) {
          await transaction.backToMark();
          answers.push(() => reject(asStoreError(error)));
        }
      }
      await transaction.commit();
      return answers;
    } catch (error) {
      await transaction.rollback().catch(ignore);
      throw error;
    }
  }
}

function isRefusal(outcome: unknown): boolean {
  return typeof outcome === 'object' && outcome !== null && 'ok' in outcome && outcome.ok === false;
}

/** A connection that failed may fail at that too; what was begun there is gone with it. */
function ignore(): void {}
