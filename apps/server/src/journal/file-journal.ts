import { constants, open, readFile, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AGE_REFUSED_FOR_MS } from '@farandole/gateway/limits';
import type {
  Journal,
  JournalRecord,
  ReplayedRecord,
  ReportedRecord,
  ReportRecord,
} from '@farandole/gateway/ports';
import type { Clock } from '@farandole/kernel/clock';
import { REMATCH_COOLDOWN_MS } from '@farandole/matchmaking/limits';
import { JOURNAL_REST_MS, WAITING_REPORTS_MAX } from '../limits.ts';
import { flushFolder, replaceFile } from '../node/durable-file.ts';
import type { Log } from '../observe/log.ts';
import { codeOf, StartError } from '../start-error.ts';
import { compactFile, type ErasedAt } from './compaction.ts';
import { type AppendableFile, JournalFile, type Successor } from './journal-file.ts';
import { parseJournalRecord, sealedLine } from './journal-record.ts';
import { type OnDamage, type Replayed, replayFile } from './replay.ts';
import { type TextSeal, WAITING_FILES, WaitingReports } from './waiting-reports.ts';

/** An `unblock` record has no file of its own, because it is stored in the file of blocks. */
type Kind = Exclude<ReplayedRecord['kind'], 'report' | 'unblock'>;

interface KindFile {
  readonly name: string;
  /** Time in ms for which records of this kind are needed; null if they are needed forever. */
  readonly keptMs: number | null;
  readonly onDamage: OnDamage;
}

const FILES: Readonly<Record<Kind, KindFile>> = {
  // A damaged line is skipped, because its loss only lets two users meet again within
  // REMATCH_COOLDOWN_MS, which is no reason to refuse the start.
  encounter: { name: 'encounters.jsonl', keptMs: REMATCH_COOLDOWN_MS, onDamage: 'skip' },
  'age-refused': { name: 'ages.jsonl', keptMs: AGE_REFUSED_FOR_MS, onDamage: 'refuse' },
  block: { name: 'blocks.jsonl', keptMs: null, onDamage: 'refuse' },
  reported: { name: 'reports.jsonl', keptMs: null, onDamage: 'refuse' },
};

/** Kinds of journal records that are kept forever, but compacted over time. */
const COMPACTED = ['block', 'reported'] as const satisfies readonly Kind[];

const KINDS = Object.keys(FILES) as readonly Kind[];

export interface FileJournalOptions {
  readonly dataDir: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Encrypts the texts of reports that aren't in a case yet. */
  readonly seal: TextSeal;
  readonly onSettled: (entries: readonly number[], stored: boolean) => void;
  readonly openFile?: (path: string) => Promise<AppendableFile>;
  /** Pause in ms after a flush, so that records appended during the pause share the next flush. */
  readonly restMs?: number;
}

/**
 * The gateway's journal. It has one append-only file per kind of record, with one JSON record per
 * line. Records of short-lived kinds alternate between two files. When the first record of the
 * current file expires, that file becomes the previous one, and the old previous file is deleted.
 *
 * A report is kept encrypted until a case has it (`WaitingReports`). Afterwards the journal keeps
 * only the fact that this participant made a report in this call.
 */
export class FileJournal implements Journal {
  /** Records that were read from disk at the start, oldest first within each kind. */
  readonly records: readonly ReplayedRecord[];
  readonly #files: ReadonlyMap<Kind, JournalFile>;
  readonly #waiting: WaitingReports;
  readonly #taken: Taken;
  readonly #options: FileJournalOptions;
  #nextTaken = 0;

  private constructor(parts: {
    readonly options: FileJournalOptions;
    readonly files: ReadonlyMap<Kind, JournalFile>;
    readonly waiting: WaitingReports;
    readonly taken: Taken;
    readonly records: readonly ReplayedRecord[];
  }) {
    this.#options = parts.options;
    this.#files = parts.files;
    this.#waiting = parts.waiting;
    this.#taken = parts.taken;
    this.records = [...parts.records, ...parts.waiting.earlier];
  }

  /** @throws StartError if a journal file is unreadable, damaged or encrypted with another key */
  static async open(options: FileJournalOptions): Promise<FileJournal> {
    const files = new Map<Kind, JournalFile>();
    const records: ReplayedRecord[] = [];
    const taken: Taken = { toWrite: [], writing: new Map() };
    let waiting: WaitingReports | null = null;
    const { dataDir, seal, log, openFile = openToAppend, restMs = JOURNAL_REST_MS } = options;
    try {
      await sealEarlier(options);
      waiting = await WaitingReports.open({
        dataDir,
        seal,
        restMs,
        openFile: (path) => openOrRefuse(path, openFile),
        replay: (path, parse) => replay(path, log, parse),
        eventsOf: (file) => ({
          onSettled: (entries, stored) => {
            waiting?.settled(entries, stored);
            options.onSettled(entries, stored);
          },
          onFailed: (code) => log({ event: 'journal-failed', file, code }),
        }),
      });
      // The report's text may be deleted once the `reported` record is on disk.
      const onReported = (entries: readonly number[], stored: boolean): void => {
        for (const entry of entries) {
          const record = taken.writing.get(entry);
          taken.writing.delete(entry);
          if (record === undefined) continue;
          if (stored) waiting?.release(record);
          // The failed write is repeated, because the report's text otherwise stays, and with it
          // the whole file of waiting reports.
          else taken.toWrite.push(record);
        }
      };
      for (const kind of KINDS) {
        const onSettled = kind === 'reported' ? onReported : options.onSettled;
        const opened = await openKind(kind, { ...options, onSettled });
        files.set(kind, opened.file);
        for (const record of opened.records) records.push(record);
      }
      await flushFolder(dataDir);
    } catch (error) {
      await Promise.all([...files.values()].map((file) => file.close()));
      await waiting?.close();
      throw error;
    }
    return new FileJournal({ options, files, waiting, taken, records });
  }

  /** Reports of earlier processes, some of which may already be in a case. */
  get waiting(): readonly ReportRecord[] {
    return this.#waiting.earlier;
  }

  append(entry: number, record: JournalRecord): void {
    if (record.kind !== 'report') {
      const kind = record.kind === 'unblock' ? 'block' : record.kind;
      this.#files.get(kind)?.append(entry, JSON.stringify(record));
    } else if (this.#waiting.size < WAITING_REPORTS_MAX) {
      this.#waiting.append(entry, record);
    } else {
      queueMicrotask(() => this.#options.onSettled([entry], false));
    }
  }

  /**
   * Called when the store has the report. The next `releaseTaken` deletes the report's text from
   * the journal.
   */
  reportTaken(record: ReportRecord): void {
    this.#taken.toWrite.push(record);
  }

  /**
   * Writes to the journal which reports the store has, then deletes their texts. One flush covers
   * all reports since the last call. The next call repeats failed writes.
   */
  releaseTaken(): void {
    for (const record of this.#taken.toWrite.splice(0)) {
      const entry = this.#nextTaken++;
      this.#taken.writing.set(entry, record);
      this.#files.get('reported')?.append(entry, JSON.stringify(reportedOf(record)));
    }
  }

  /**
   * Reduces erased and outdated blocks and reports to separations (see `compactFile`).
   *
   * @returns whether all files succeeded; if not, the call must be repeated
   */
  async compact(erasedAt: ErasedAt, nowMs: number): Promise<boolean> {
    const { dataDir, openFile = openToAppend } = this.#options;
    const settle = (): Promise<void> => flushFolder(dataDir);
    let isDone = true;
    for (const kind of COMPACTED) {
      const path = join(dataDir, FILES[kind].name);
      const rewritten = await this.#files.get(kind)?.rewrite(async (byteLength) => {
        const made = await compactFile(path, byteLength, { erasedAt, nowMs, openFile });
        return made === null ? null : { ...made, settle };
      });
      isDone &&= rewritten === true;
    }
    return isDone;
  }

  async flushReports(): Promise<void> {
    await this.#waiting.flush();
  }

  async close(): Promise<void> {
    this.releaseTaken();
    await this.#files.get('reported')?.flush();
    // Repeats the failed writes once.
    this.releaseTaken();
    await Promise.all([...this.#files.values()].map((file) => file.close()));
    await this.#waiting.close();
  }
}

/** Returns the part of a report that stays in the journal once a case has the rest. */
function reportedOf(record: ReportRecord): ReportedRecord {
  const { id, code, match, by, of, byDevice, ofDevice, ofNetwork } = record;
  const { reporterSide, atWallMs } = record;
  return {
    kind: 'reported',
    id,
    code,
    match,
    by,
    of,
    ...(byDevice !== undefined && { byDevice }),
    ofDevice,
    ...(ofNetwork !== undefined && { ofNetwork }),
    reporterSide,
    atWallMs,
  };
}

/** Reports that a case has, before and while this fact is written to the journal. */
interface Taken {
  readonly toWrite: ReportRecord[];
  readonly writing: Map<number, ReportRecord>;
}

/**
 * Encrypts the reports that earlier versions stored as plain text. Writes them to the waiting files
 * first, then rewrites the old file without them. After a crash in between, the next start repeats
 * both steps.
 */
async function sealEarlier(options: FileJournalOptions): Promise<void> {
  const { dataDir, seal, log } = options;
  const path = join(dataDir, FILES.reported.name);
  const { records } = await replay(path, log, parseJournalRecord);
  const inClear = records.filter((record) => record.kind === 'report');
  if (inClear.length === 0) return;
  const waiting = join(dataDir, WAITING_FILES[0]);
  const known = await readFile(waiting, 'utf8').catch(emptyWhereMissing);
  const sealed = inClear.map((record) => `${sealedLine(record, seal)}\n`).join('');
  await replaceFile(waiting, known.slice(0, known.lastIndexOf('\n') + 1) + sealed);
  const others = records.filter((record) => record.kind !== 'report');
  await replaceFile(path, others.map((record) => `${JSON.stringify(record)}\n`).join(''));
}

async function openKind(
  kind: Kind,
  options: FileJournalOptions,
): Promise<{ readonly file: JournalFile; readonly records: readonly ReplayedRecord[] }> {
  const { dataDir, clock, log, onSettled } = options;
  const { openFile = openToAppend, restMs = JOURNAL_REST_MS } = options;
  const { name, keptMs, onDamage } = FILES[kind];
  const path = join(dataDir, name);
  const previousPath = previousOf(path);
  const previous =
    keptMs === null ? [] : (await replay(previousPath, log, parseJournalRecord, onDamage)).records;
  const current = await replay(path, log, parseJournalRecord, onDamage);
  const isPast = (atWallMs: number | undefined): boolean =>
    keptMs !== null && atWallMs !== undefined && clock.wallMs() - atWallMs >= keptMs;
  if (isPast(previous.at(-1)?.atWallMs)) await rm(previousPath, { force: true });
  let firstAtWallMs = current.records[0]?.atWallMs;
  // True if the disk failed after the old file was moved and before the new one was created.
  let isMoved = false;
  const succeed = async (): Promise<Successor | null> => {
    // If the file is empty, the record about to be written is its first.
    firstAtWallMs ??= clock.wallMs();
    if (!isPast(firstAtWallMs)) return null;
    // The file is moved only once, because a second move would overwrite the previous file's
    // records with an empty file.
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
  const file = await openOrRefuse(path, openFile);
  const events = {
    onSettled,
    onFailed: (code: string) => log({ event: 'journal-failed', file: name, code }),
  };
  return {
    file: new JournalFile(file, current.byteLength, events, { succeed, restMs }),
    records: [...previous, ...current.records],
  };
}

async function openOrRefuse(
  path: string,
  openFile: (path: string) => Promise<AppendableFile>,
): Promise<AppendableFile> {
  return await openFile(path).catch((error: unknown) => {
    throw new StartError(`${path} cannot be written (${codeOf(error) ?? 'unknown reason'}).`, {
      cause: error,
    });
  });
}

function emptyWhereMissing(error: unknown): string {
  if (codeOf(error) === 'ENOENT') return '';
  throw error;
}

async function replay<Record>(
  path: string,
  log: Log,
  parse: (line: string, place: string) => Record | null,
  onDamage: OnDamage = 'refuse',
): Promise<Replayed<Record>> {
  const replayed = await replayFile(path, parse, onDamage);
  if (replayed.skippedBytes > 0) {
    log({ event: 'journal-damage-skipped', file: basename(path), bytes: replayed.skippedBytes });
  }
  if (replayed.tailBytes > 0) {
    log({ event: 'journal-tail-cut', file: basename(path), bytes: replayed.tailBytes });
  }
  return replayed;
}

function previousOf(path: string): string {
  return path.replace(/\.jsonl$/, '.previous.jsonl');
}

/** The file isn't opened with O_APPEND, because the journal positions each write itself. */
async function openToAppend(path: string): Promise<AppendableFile> {
  return await open(path, constants.O_CREAT | constants.O_RDWR, 0o600);
}
