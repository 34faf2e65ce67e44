import { constants, open, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AGE_REFUSED_FOR_MS } from '@farandole/gateway/limits';
import type { Journal, JournalRecord } from '@farandole/gateway/ports';
import type { Clock } from '@farandole/kernel/clock';
import { REMATCH_COOLDOWN_MS } from '@farandole/matchmaking/limits';
import { flushFolder } from '../durable-file.ts';
import type { Log } from '../log.ts';
import { codeOf, StartError } from '../start-error.ts';
import { type AppendableFile, JournalFile, type Successor } from './journal-file.ts';
import { type Replayed, replayFile } from './replay.ts';

type Kind = JournalRecord['kind'];

/** The file of each kind, and how long its records are needed; null: for good. */
const FILES: Readonly<Record<Kind, { readonly name: string; readonly keptMs: number | null }>> = {
  encounter: { name: 'encounters.jsonl', keptMs: REMATCH_COOLDOWN_MS },
  'age-refused': { name: 'ages.jsonl', keptMs: AGE_REFUSED_FOR_MS },
  block: { name: 'blocks.jsonl', keptMs: null },
  report: { name: 'reports.jsonl', keptMs: null },
};

const KINDS = Object.keys(FILES) as readonly Kind[];

export interface FileJournalOptions {
  readonly dataDir: string;
  readonly clock: Clock;
  readonly log: Log;
  /** See `JournalFileEvents`. */
  readonly onSettled: (entries: readonly number[], stored: boolean) => void;
  /** Opens a file to append to; a test's may fail. */
  readonly openFile?: (path: string) => Promise<AppendableFile>;
}

/**
 * The gateway's journal in files of one JSON record a line, one file a kind. Nothing in them is
 * ever changed. Records of passing use fill two files in turn: when the first record of the
 * current one is no longer needed, it becomes the previous one, and what was previous is gone.
 */
export class FileJournal implements Journal {
  /** What was kept from before, oldest first within each kind. */
  readonly records: readonly JournalRecord[];
  readonly #files: ReadonlyMap<Kind, JournalFile>;

  private constructor(files: ReadonlyMap<Kind, JournalFile>, records: readonly JournalRecord[]) {
    this.#files = files;
    this.records = records;
  }

  /** @throws StartError when a file cannot be read or opened, or is damaged */
  static async open(options: FileJournalOptions): Promise<FileJournal> {
    const files = new Map<Kind, JournalFile>();
    const records: JournalRecord[] = [];
    try {
      for (const kind of KINDS) {
        const opened = await openKind(kind, options);
        files.set(kind, opened.file);
        for (const record of opened.records) records.push(record);
      }
      await flushFolder(options.dataDir);
    } catch (error) {
      await Promise.all([...files.values()].map((file) => file.close()));
      throw error;
    }
    return new FileJournal(files, records);
  }

  append(entry: number, record: JournalRecord): void {
    this.#files.get(record.kind)?.append(entry, JSON.stringify(record));
  }

  /** Resolves when all that was appended is settled. */
  async close(): Promise<void> {
    await Promise.all([...this.#files.values()].map((file) => file.close()));
  }
}

async function openKind(
  kind: Kind,
  options: FileJournalOptions,
): Promise<{ readonly file: JournalFile; readonly records: readonly JournalRecord[] }> {
  const { dataDir, clock, log, onSettled, openFile = openToAppend } = options;
  const { name, keptMs } = FILES[kind];
  const path = join(dataDir, name);
  const previousPath = previousOf(path);
  const previous = keptMs === null ? [] : (await replay(previousPath, log)).records;
  const current = await replay(path, log);
  const isPast = (atWallMs: number | undefined): boolean =>
    keptMs !== null && atWallMs !== undefined && clock.wallMs() - atWallMs >= keptMs;
  if (isPast(previous.at(-1)?.atWallMs)) await rm(previousPath, { force: true });
  let firstAtWallMs = current.records[0]?.atWallMs;
  // True between the two steps of a change of files, when the disk failed there.
  let isMoved = false;
  const succeed = async (): Promise<Successor | null> => {
    // The first record of a new file is the one that is about to be written.
    firstAtWallMs ??= clock.wallMs();
    if (!isPast(firstAtWallMs)) return null;
    // Moving it once more would put an empty file in the place of the records.
    if (!isMoved) await rename(path, previousPath);
    isMoved = true;
    const file = await openFile(path);
    try {
      await flushFolder(dataDir);
    } catch (error) {
      await file.close();
      throw error;
    }
    isMoved = false;
    firstAtWallMs = clock.wallMs();
    return { file };
  };
  const file = await openFile(path).catch((error: unknown) => {
    throw new StartError(`${path} cannot be written (${codeOf(error) ?? 'unknown reason'}).`, {
      cause: error,
    });
  });
  const events = {
    onSettled,
    onFailed: (code: string) => log({ event: 'journal-failed', file: name, code }),
  };
  return {
    file: new JournalFile(file, current.byteLength, events, succeed),
    records: [...previous, ...current.records],
  };
}

async function replay(path: string, log: Log): Promise<Replayed> {
  const replayed = await replayFile(path);
  if (replayed.tailBytes > 0) {
    log({ event: 'journal-tail-cut', file: basename(path), bytes: replayed.tailBytes });
  }
  return replayed;
}

function previousOf(path: string): string {
  return path.replace(/\.jsonl$/, '.previous.jsonl');
}

/** Neither truncates nor appends by itself: the journal says where each write goes. */
async function openToAppend(path: string): Promise<AppendableFile> {
  return await open(path, constants.O_CREAT | constants.O_RDWR, 0o600);
}
