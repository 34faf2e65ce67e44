import type { CommandName, InputOf, OutcomeOf } from '@farandole/moderation/service/commands';
import type { Records } from '@farandole/moderation/store/records';
import { BATCH_MAX, PENDING_MAX } from './limits.ts';
import { runCommand } from './run-command.ts';
import { asStoreError, StoreError } from './store-error.ts';

export interface OpenTransaction {
  readonly records: Records;
  mark(): Promise<void>;
  backToMark(): Promise<void>;
  /** Resolves when everything is on disk. */
  commit(): Promise<void>;
  rollback(): Promise<void>;
}

interface PendingCommit {
  readonly name: CommandName;
  readonly input: unknown;
  readonly resolve: (outcome: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Runs commands in order and commits in groups: one transaction for all that arrived during the
 * previous commit, so they share a disk flush. Each has a savepoint, so a failed command affects no
 * other. Answers come after the commit.
 */
export class GroupCommit {
  readonly #begin: () => Promise<OpenTransaction>;
  #waiting: PendingCommit[] = [];
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
      // Each command has its own outcome type, which the list loses.
      const answer = (outcome: unknown): void => resolve(outcome as OutcomeOf<Name>);
      this.#waiting.push({ name, input, resolve: answer, reject });
      this.#committing ??= this.#commitAll();
    });
  }

  /** Resolves when every accepted command is answered. */
  async close(): Promise<void> {
    this.#isClosed = true;
    while (this.#committing !== null) await this.#committing;
  }

  async #commitAll(): Promise<void> {
    // Waits for the end of the turn, so that its commands share a transaction.
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

  /** @returns the answers to send once the batch is on disk */
  async #commit(batch: readonly PendingCommit[]): Promise<readonly (() => void)[]> {
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

/** After a failure the rollback may fail too; the connection discards the transaction. */
function ignore(): void {}
