import type { CommandName, InputOf, OutcomeOf } from '@farandole/moderation/service/commands';
import type { Records } from '@farandole/moderation/store/records';
import { BATCH_MAX, PENDING_MAX } from './limits.ts';
import { runCommand } from './run-command.ts';
import { asStoreError, StoreError } from './store-error.ts';

export interface OpenTransaction {
  readonly records: Records;
  mark(): Promise<void>;
  backToMark(): Promise<void>;
  /** Commits the transaction. Resolves when it is on disk. */
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
 * Runs store commands in order and commits them in groups. All commands that arrive during a
 * commit share the next transaction, and so one disk flush. Each command has a savepoint, so a
 * failed command affects no other. The store answers commands after the commit.
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
        reject(new StoreError('too-many', 'Too many writes are pending.'));
        return;
      }
      // The cast is needed because the list of pending commands can't express that each command
      // has its own outcome type.
      const answer = (outcome: unknown): void => resolve(outcome as OutcomeOf<Name>);
      this.#waiting.push({ name, input, resolve: answer, reject });
      this.#committing ??= this.#commitAll();
    });
  }

  /** Closes the store for new commands. Resolves when all accepted commands are answered. */
  async close(): Promise<void> {
    this.#isClosed = true;
    while (this.#committing !== null) await this.#committing;
  }

  async #commitAll(): Promise<void> {
    // Waits for a microtask, so that commands of the same event-loop turn share a transaction.
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

  /**
   * Runs and commits a batch of commands. @returns the answers to send once the batch is on disk
   */
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

/** Ignores a failed rollback, because the connection discards the transaction anyway. */
function ignore(): void {}
