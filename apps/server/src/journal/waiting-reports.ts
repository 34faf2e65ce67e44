import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReportRecord } from '@farandole/gateway/ports';
import { assertDefined } from '@farandole/kernel/assert';
import type { Rewrapped, TextEncryption } from '@farandole/storage/text-encryption';
import { WAITING_FILE_BYTES } from '../limits.ts';
import { replaceFile } from '../node/durable-file.ts';
import { codeOf, StartError } from '../start-error.ts';
import type { AppendableFile, JournalFileEvents } from './journal-file.ts';
import { JournalFile } from './journal-file.ts';
import {
  parseSealedReport,
  reportKey,
  rewrappedLine,
  type SealedText,
  sealedLine,
} from './journal-record.ts';
import type { Replayed } from './replay.ts';

/**
 * Names of the files of waiting reports. There are two, so that one can become empty while the
 * other receives reports.
 */
export const WAITING_FILES = ['reports.waiting-1.jsonl', 'reports.waiting-2.jsonl'] as const;

/**
 * Encrypts text and binds it to an id. The storage package's `TextEncryption` implements this
 * interface.
 */
export interface TextSeal {
  seal(id: string, text: string): SealedText;
  /** @throws if the text can't be decrypted under this id */
  open(id: string, sealed: SealedText): string;
}

export interface WaitingReportsOptions {
  readonly dataDir: string;
  readonly seal: TextSeal;
  readonly restMs: number;
  readonly eventsOf: (file: string) => JournalFileEvents;
  readonly openFile: (path: string) => Promise<AppendableFile>;
  readonly replay: (
    path: string,
    parse: (line: string, place: string) => ReportRecord | null,
  ) => Promise<Replayed<ReportRecord>>;
}

interface Part {
  readonly file: JournalFile;
  /** Keys, by `reportKey`, of the reports in this file that aren't in a case yet. */
  readonly waiting: Set<string>;
  bytes: number;
}

/**
 * Stores reports encrypted until a case has them. A file is emptied when all its reports are in
 * cases. Under constant load this would never happen, so new reports then go to the other file.
 */
export class WaitingReports {
  /** Waiting reports of earlier processes, oldest first within each file. */
  readonly earlier: readonly ReportRecord[];
  readonly #seal: TextSeal;
  readonly #parts: readonly Part[];
  readonly #unsettled = new Map<number, ReportRecord>();
  #active: Part;

  private constructor(seal: TextSeal, parts: readonly Part[], earlier: readonly ReportRecord[]) {
    this.#seal = seal;
    this.#parts = parts;
    this.#active = assertDefined(parts[0], 'there is a file to write to');
    this.earlier = earlier;
  }

  /**
   * @throws StartError if a file of waiting reports is unreadable, damaged or encrypted with
   * another key
   */
  static async open(options: WaitingReportsOptions): Promise<WaitingReports> {
    const { dataDir, seal, restMs, eventsOf, openFile, replay } = options;
    const parts: Part[] = [];
    const earlier: ReportRecord[] = [];
    try {
      for (const name of WAITING_FILES) {
        const path = join(dataDir, name);
        const { records, byteLength } = await replay(path, (line, place) => {
          const parsed = parseSealedReport(line, (id, sealed) => openSealed(seal, id, sealed));
          if (parsed === 'encrypted with another key') {
            throw new StartError(
              `${place} was encrypted with another key than the one in keys.json. Restore the previous ` +
                'keys.json; without it this report can’t be read. Remove this file, and with it the ' +
                'report, only if that key is lost for good.',
            );
          }
          return parsed;
        });
        const file = new JournalFile(await openFile(path), byteLength, eventsOf(name), { restMs });
        parts.push({ file, waiting: new Set(records.map(reportKey)), bytes: byteLength });
        earlier.push(...records);
      }
    } catch (error) {
      await Promise.all(parts.map(({ file }) => file.close()));
      throw error;
    }
    return new WaitingReports(seal, parts, earlier);
  }

  get size(): number {
    return this.#parts.reduce((sum, { waiting }) => sum + waiting.size, 0);
  }

  /**
   * Appends a report. The file's `onSettled` says when the report is on disk. The caller passes
   * that event on to `settled`.
   */
  append(entry: number, record: ReportRecord): void {
    const { bytes } = this.#active;
    const other = this.#parts.find((part) => part !== this.#active);
    if (bytes >= WAITING_FILE_BYTES && other?.waiting.size === 0) {
      other.bytes = 0;
      this.#active = other;
    }
    const line = sealedLine(record, this.#seal);
    this.#active.waiting.add(reportKey(record));
    this.#active.bytes += line.length;
    this.#unsettled.set(entry, record);
    this.#active.file.append(entry, line);
  }

  /** Keeps the reports that were written to disk, and drops those whose write failed. */
  settled(entries: readonly number[], stored: boolean): void {
    for (const entry of entries) {
      const record = this.#unsettled.get(entry);
      this.#unsettled.delete(entry);
      if (record !== undefined && !stored) this.release(record);
    }
  }

  /** Called when a case has the report, so that the report's text may be deleted. */
  release(record: ReportRecord): void {
    for (const part of this.#parts) {
      if (!part.waiting.delete(reportKey(record)) || part.waiting.size > 0) continue;
      part.bytes = 0;
      part.file.empty();
    }
  }

  async flush(): Promise<void> {
    await Promise.all(this.#parts.map(({ file }) => file.flush()));
  }

  async close(): Promise<void> {
    await Promise.all(this.#parts.map(({ file }) => file.close()));
  }
}

/** Rewraps the keys of waiting reports with the newest key. No server may run on this folder. */
export async function rewrapWaiting(dataDir: string, seal: TextEncryption): Promise<Rewrapped> {
  const counts = { rewrapped: 0, unopened: 0 };
  for (const name of WAITING_FILES) {
    const path = join(dataDir, name);
    const text = await readFile(path, 'utf8').catch((error: unknown) => {
      if (codeOf(error) === 'ENOENT') return '';
      throw error;
    });
    if (text === '') continue;
    const lines = text.split('\n');
    // The rest after the last line break is empty, or an incomplete line that a crash left.
    const tail = lines.pop() ?? '';
    const wrapped = lines.map((line) => {
      const again = rewrappedLine(line, (id, key) => seal.rewrap(id, key));
      if (again === null) counts.unopened += 1;
      else counts.rewrapped += 1;
      return again ?? line;
    });
    await replaceFile(path, [...wrapped, tail].join('\n'));
  }
  return counts;
}

/** Decrypts text. Returns null if the text can't be decrypted. */
export function openSealed(seal: TextSeal, id: string, sealed: SealedText): string | null {
  try {
    return seal.open(id, sealed);
  } catch {
    return null;
  }
}
