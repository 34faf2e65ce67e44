import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import type { AuditCheckpoint } from '@farandole/moderation/store/records';
import { replaceFile } from '../node/durable-file.ts';
import { parseJson } from '../node/parse-json.ts';
import { codeOf, StartError } from '../start-error.ts';

/**
 * Name of the file with the end of the audit. The file is outside the database, so that an attacker
 * who rolls back the database doesn't roll back the file too.
 */
export const CHECKPOINT_FILE = 'audit-checkpoint.json';

/**
 * Reads the audit checkpoint in the data folder. Returns null if there is none.
 *
 * @throws StartError if the file is damaged or unreadable
 */
export async function readCheckpoint(dataDir: string): Promise<AuditCheckpoint | null> {
  const path = join(dataDir, CHECKPOINT_FILE);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return null;
    throw new StartError(`${path} cannot be read: ${codeOf(error) ?? 'for an unknown reason'}.`, {
      cause: error,
    });
  });
  if (text === null) return null;
  const checkpoint = parseCheckpoint(text);
  if (checkpoint !== null) return checkpoint;
  throw new StartError(
    `${path} is damaged. Restore it from a backup, or remove it. Without it, rows deleted from the end of ` +
      'the audit before now can’t be detected.',
  );
}

/**
 * Updates the checkpoint file to the end of the audit. Stops doing so once the audit no longer
 * continues the stored checkpoint.
 */
export class CheckpointKeeper {
  readonly #dataDir: string;
  readonly #store: Pick<ModerationStore, 'run'>;
  #known: AuditCheckpoint | null;
  #isBroken = false;
  #keeping: Promise<void> = Promise.resolve();

  private constructor(
    dataDir: string,
    store: Pick<ModerationStore, 'run'>,
    known: AuditCheckpoint | null,
  ) {
    this.#dataDir = dataDir;
    this.#store = store;
    this.#known = known;
  }

  /** @throws StartError if the stored checkpoint is damaged or unreadable */
  static async open(
    dataDir: string,
    store: Pick<ModerationStore, 'run'>,
  ): Promise<CheckpointKeeper> {
    return new CheckpointKeeper(dataDir, store, await readCheckpoint(dataDir));
  }

  /** Whether the audit no longer continued the stored checkpoint at the last update. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  get known(): AuditCheckpoint | null {
    return this.#known;
  }

  /**
   * Updates the checkpoint file. Updates run one at a time, and a concurrent call also waits for
   * the running update.
   *
   * @throws StoreError, or the system's error; the file is then unchanged
   */
  async keep(): Promise<void> {
    this.#keeping = this.#keeping.catch(() => {}).then(() => this.#keep());
    await this.#keeping;
  }

  async #keep(): Promise<void> {
    const checkpoint = await this.#store.run('audit.checkpoint', this.#known);
    this.#isBroken = checkpoint === null && this.#known !== null;
    if (checkpoint === null || checkpoint.seal === this.#known?.seal) return;
    await replaceFile(join(this.#dataDir, CHECKPOINT_FILE), checkpointText(checkpoint));
    this.#known = checkpoint;
  }
}

export function checkpointText(checkpoint: AuditCheckpoint): string {
  return `${JSON.stringify(checkpoint)}\n`;
}

function parseCheckpoint(text: string): AuditCheckpoint | null {
  const value = parseJson(text);
  const { seq, hash, seal } = (value ?? {}) as Partial<Record<keyof AuditCheckpoint, unknown>>;
  const isOurs = Number.isSafeInteger(seq) && typeof hash === 'string' && typeof seal === 'string';
  return isOurs ? { seq: Number(seq), hash, seal } : null;
}
