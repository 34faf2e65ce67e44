import type {
  BlockRecord,
  JournalRecord,
  NetworkName,
  ReplayedRecord,
  ReportedRecord,
  ReportRecord,
} from '@farandole/gateway/ports';
import {
  brandId,
  type DeviceKeyId,
  isId,
  type MatchId,
  type SubjectId,
} from '@farandole/kernel/id';
import { parseJson } from '../node/parse-json.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Encrypted text of a report, and its encrypted key. */
interface SealedText {
  readonly sealed: string;
  readonly wrapped: string;
}

/** Text that a separation without author has in place of a match id. */
export const APART = brandId<MatchId>('apart');

/**
 * Parses one line of a file in which earlier versions kept blocks, reports, age refusals and
 * meetings. Returns null for a line that they didn't write.
 */
export function parseEarlierRecord(line: string): ReplayedRecord | null {
  const fields = fieldsOf(parseJson(line));
  switch (fields?.['kind']) {
    case 'encounter':
      return readEncounter(fields);
    case 'block':
      return readBlock(fields);
    case 'unblock':
      return readUnblock(fields);
    case 'apart':
      return readApart(fields);
    case 'age-refused':
      return readAgeRefused(fields);
    case 'report':
      return readReport(fields);
    case 'reported':
      return readReported(fields);
    default:
      return null;
  }
}

/**
 * Parses the line of a report that was kept encrypted until the store had it.
 *
 * @param open decrypts the text; returns null if it can't
 * @returns null for an invalid line
 */
export function parseSealedReport(
  line: string,
  open: (id: string, sealed: SealedText) => string | null,
): ReportRecord | 'encrypted with another key' | null {
  const fields = fieldsOf(parseJson(line));
  if (fields === null || fields['kind'] !== 'report') return null;
  const { sealed, wrapped } = fields;
  if (typeof sealed !== 'string' || typeof wrapped !== 'string') return null;
  const bare = readReport({ ...fields, note: null, lines: [] });
  if (bare === null) return null;
  const text = open(`waiting ${bare.match}-${bare.reporterSide}`, { sealed, wrapped });
  if (text === null) return 'encrypted with another key';
  const words = fieldsOf(parseJson(text));
  return words === null ? null : readReport({ ...fields, ...words });
}

function readEncounter(fields: Fields): JournalRecord | null {
  const match = readId<MatchId>(fields['match']);
  const atWallMs = readCount(fields['atWallMs']);
  const subjects = readTwo(fields['subjects']);
  if (match === null || atWallMs === null || subjects === null) return null;
  return { kind: 'encounter', match, subjects, atWallMs };
}

function readBlock(fields: Fields): BlockRecord | null {
  const parted = readParted(fields);
  const side = readSide(fields['side']);
  const mark = readMark(fields['mark']);
  if (parted === null || mark === undefined || (side === null) !== (mark === null)) return null;
  return { kind: 'block', ...parted, side, mark };
}

function readUnblock(fields: Fields): JournalRecord | null {
  const block = readBlock(fields);
  if (block === null || block.side === null || block.mark === null) return null;
  const { match, side, by, of, mark, atWallMs } = block;
  return { kind: 'unblock', match, side, by, of, mark, atWallMs };
}

function readApart(fields: Fields): BlockRecord | null {
  const subjects = readTwo(fields['subjects']);
  const mark = readMark(fields['mark']);
  if (subjects === null || mark === undefined) return null;
  const { devices } = fields;
  const [a, b] = Array.isArray(devices) ? (devices as readonly unknown[]) : [];
  const people = { by: subjects[0], of: subjects[1], ...readDevices(a, b) };
  return { kind: 'block', match: APART, side: null, ...people, mark, atWallMs: 0 };
}

function readAgeRefused(fields: Fields): JournalRecord | null {
  const subject = readId<SubjectId>(fields['subject']);
  const atWallMs = readCount(fields['atWallMs']);
  if (subject === null || atWallMs === null) return null;
  const device = readId<DeviceKeyId>(fields['device']);
  return { kind: 'age-refused', subject, ...(device !== null && { device }), atWallMs };
}

function readReport(fields: Fields): ReportRecord | null {
  const { reason, note, lines } = fields;
  const reported = readReported(fields);
  if (reported?.ofDevice === undefined || !Array.isArray(lines)) return null;
  if (typeof reason !== 'string' || (note !== null && typeof note !== 'string')) return null;
  const read = lines.map(readLine).filter((line) => line !== null);
  if (read.length < lines.length) return null;
  const { ofDevice } = reported;
  const from = readNetwork(fields['from']);
  const lastedMs = readCount(fields['lastedMs']);
  return {
    ...{ ...reported, kind: 'report', ofDevice, reason, note, lines: read },
    ...(fields['contradicted'] === true && { contradicted: true as const }),
    ...(from !== null && { from }),
    ...(lastedMs !== null && { lastedMs }),
    ...(fields['overBudget'] === true && { overBudget: true as const }),
  };
}

function readReported(fields: Fields): ReportedRecord | null {
  const { id, code } = fields;
  const parted = readParted(fields);
  const reporterSide = readSide(fields['reporterSide']);
  if (parted === null || reporterSide === null) return null;
  if (typeof id !== 'string' || typeof code !== 'string') return null;
  return { kind: 'reported', id, code, ...parted, reporterSide };
}

/** Reads the fields of a block or report. Records of early versions have no devices and network. */
function readParted(fields: Fields) {
  const match = readId<MatchId>(fields['match']);
  const by = readId<SubjectId>(fields['by']);
  const of = readId<SubjectId>(fields['of']);
  const atWallMs = readCount(fields['atWallMs']);
  if (match === null || by === null || of === null || atWallMs === null) return null;
  const { ofNetwork } = fields;
  return {
    ...{ match, by, of, ...readDevices(fields['byDevice'], fields['ofDevice']) },
    ...(typeof ofNetwork === 'string' && isId(ofNetwork) && { ofNetwork }),
    atWallMs,
  };
}

function readDevices(by: unknown, of: unknown): Pick<BlockRecord, 'byDevice' | 'ofDevice'> {
  const [byDevice, ofDevice] = [readId<DeviceKeyId>(by), readId<DeviceKeyId>(of)];
  return { ...(byDevice !== null && { byDevice }), ...(ofDevice !== null && { ofDevice }) };
}

/** Reads the mark of a block: null if the line has none, undefined if the value isn't a mark. */
function readMark(value: unknown): string | null | undefined {
  if (value === undefined || value === null) return null;
  return typeof value === 'string' && isId(value) ? value : undefined;
}

function readTwo(subjects: unknown): readonly [SubjectId, SubjectId] | null {
  if (!Array.isArray(subjects) || subjects.length !== 2) return null;
  const a = readId<SubjectId>(subjects[0]);
  const b = readId<SubjectId>(subjects[1]);
  return a === null || b === null ? null : [a, b];
}

function readNetwork(value: unknown): NetworkName | null {
  const { network, parent } = fieldsOf(value) ?? {};
  return typeof network === 'string' && typeof parent === 'string' ? { network, parent } : null;
}

function readLine(value: unknown): ReportRecord['lines'][number] | null {
  const { text, counters, ...fields } = fieldsOf(value) ?? {};
  const side = readSide(fields['side']);
  const atMs = readCount(fields['atMs']);
  if (side === null || atMs === null || typeof text !== 'string') return null;
  if (!Array.isArray(counters) || counters.length !== 2) return null;
  const a = readCount(counters[0]);
  const b = readCount(counters[1]);
  return a === null || b === null ? null : { side, counters: [a, b], atMs, text };
}

function fieldsOf(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : null;
}

function readId<Id extends MatchId | SubjectId | DeviceKeyId>(value: unknown): Id | null {
  return typeof value === 'string' && isId(value) ? brandId<Id>(value) : null;
}

function readCount(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

function readSide(value: unknown): 'a' | 'b' | null {
  return value === 'a' || value === 'b' ? value : null;
}
