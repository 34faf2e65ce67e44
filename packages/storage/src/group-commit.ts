import type { CommandName, InputOf, OutcomeOf } from '@farandole/moderation/service/commands';
import type { Records } from '@farandole/moderation/store/records';
import { ATTEMPTS_MAX, BATCH_MAX, PENDING_MAX } from './limits.ts';
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

export interface GroupCommitOptions {
  /** Maximum number of commands in one transaction. By default `BATCH_MAX`. */
  readonly batchMax?: number;
  /** Maximum number of transactions at a time. By default 1. */
  readonly parallel?: number;
  /**
   * Returns whether the error means that the transaction had no effect and that running it again
   * may succeed. By default no transaction runs again.
   * @param attempt number of times that the transaction has run
   */
  readonly mayRepeat?: (error: unknown, attempt: number) => boolean;
}

/**
 * Runs store commands in order and commits them in groups. All commands that arrive during a
 * commit share the next transaction, and so one disk flush. Each command has a savepoint, so a
 * failed command affects no other. The store answers commands after the commit.
 */
export class GroupCommit {
  readonly #begin: () => Promise<OpenTransaction>;
  readonly #batchMax: number;
  readonly #parallel: number;
  readonly #mayRepeat: (error: unknown, attempt: number) => boolean;
  readonly #closed = Promise.withResolvers<void>();
  /** Number of calls of `#commitAll` that run. */
  #working = 0;
  #waiting: PendingCommit[] = [];
  #isClosed = false;

  constructor(
    begin: () => Promise<OpenTransaction>,
    { batchMax = BATCH_MAX, parallel = 1, mayRepeat = () => false }: GroupCommitOptions = {},
  ) {
    this.#begin = begin;
    this.#batchMax = batchMax;
    this.#parallel = parallel;
    this.#mayRepeat = mayRepeat;
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
      if (this.#working >= this.#parallel) return;
      this.#working += 1;
      void this.#commitAll();
    });
  }

  /** Closes the store for new commands. Resolves when all accepted commands are answered. */
  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#working > 0) await this.#closed.promise;
  }

  async #commitAll(): Promise<void> {
    // Waits for a microtask, so that commands of the same event-loop turn share a transaction.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, this.#batchMax);
      try {
        const answers = await this.#commitOrRepeat(batch);
        for (const answer of answers) answer();
      } catch (error) {
        for (const { reject } of batch) reject(asStoreError(error));
      }
    }
    this.#working -= 1;
    if (this.#isClosed && this.#working === 0) this.#closed.resolve();
  }

  async #commitOrRepeat(batch: readonly PendingCommit[]): Promise<readonly (() => void)[]> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#commit(batch, attempt);
      } catch (error) {
        if (attempt >= ATTEMPTS_MAX || !this.#mayRepeat(error, attempt)) throw error;
      }
    }
  }

  /**
   * Runs and commits a batch of commands. @returns the answers to send once the batch is on disk
   */
  async #commit(
    batch: readonly PendingCommit[],
    attempt: number,
  ): Promise<readonly (() => void)[]> {
    const transaction = await this.#begin();
    try {
      const [first] = batch;
      if (batch.length === 1 && first !== undefined)
        return await this.#commitOne(transaction, first);
      const answers: (() => void)[] = [];
      for (const { name, input, resolve, reject } of batch) {
        await transaction.mark();
        try {
          const outcome = await runCommand(transaction.records, name, input);
          if (isRefusal(outcome)) await transaction.backToMark();
          answers.push(() => resolve(outcome));
        } catch (error) {
          if (this.#mayRepeat(error, attempt)) throw error;
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

  /** Runs a command that has the transaction for itself and so needs no savepoint. */
  async #commitOne(
    transaction: OpenTransaction,
    { name, input, resolve }: PendingCommit,
  ): Promise<readonly (() => void)[]> {
    const outcome = await runCommand(transaction.records, name, input);
    if (isRefusal(outcome)) await transaction.rollback();
    else await transaction.commit();
    return [() => resolve(outcome)];
  }
}

function isRefusal(outcome: unknown): boolean {
  return typeof outcome === 'object' && outcome !== null && 'ok' in outcome && outcome.ok === false;
}

/** Ignores a failed rollback, because the connection discards the transaction anyway. */
function ignore(): void {}
