import type {
  BlockRecord,
  NetworkName,
  ReplayedRecord,
  ReportedRecord,
  ReportRecord,
  UnblockRecord,
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

/** Text that a separation has in place of a match id. */
export const APART = brandId<MatchId>('apart');

/**
 * Formats a separation of two users and their devices as one line, without who asked for it, how or
 * when. The holder of the block's proof may revoke the separation by its `mark`. If `mark` is null,
 * the separation is permanent.
 */
export function apartLine({
  by,
  of,
  byDevice,
  ofDevice,
  mark,
}: Pick<BlockRecord, 'by' | 'of' | 'byDevice' | 'ofDevice' | 'mark'>): string {
  const people = [
    { subject: by, device: byDevice ?? null },
    { subject: of, device: ofDevice ?? null },
  ].toSorted((one, other) => (one.subject < other.subject ? -1 : 1));
  const devices = people.map(({ device }) => device);
  return JSON.stringify({
    kind: 'apart',
    subjects: people.map(({ subject }) => subject),
    ...(devices.some((device) => device !== null) && { devices }),
    ...(mark !== null && { mark }),
  });
}

/**
 * Returns the line of a block or report without its network, which separates users for one day
 * only.
 */
export function withoutNetwork(line: string): string {
  const { ofNetwork: _counted, ...rest } = fieldsOf(parseJson(line)) ?? {};
  return JSON.stringify(rest);
}

/**
 * Parses one line of the journal. Returns null for a line that this code didn't write. Drops
 * unknown keys, so that later versions may add keys.
 */
export function parseJournalRecord(line: string): ReplayedRecord | null {
  const fields = fieldsOf(parseJson(line));
  if (fields === null) return null;
  switch (fields['kind']) {
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
    // Earlier versions stored reports as plain text.
    case 'report':
      return readReport(fields);
    case 'reported':
      return readReported(fields);
    default:
      return null;
  }
}

export interface SealedText {
  readonly sealed: string;
  readonly wrapped: string;
}

/**
 * Returns the text that identifies a report. Each participant of a call can report at most once.
 */
export function reportKey({
  match,
  reporterSide,
}: Pick<ReportRecord, 'match' | 'reporterSide'>): string {
  return `${match}-${reporterSide}`;
}

/** Formats a report as one line. The user text in it is encrypted and bound to this report. */
export function sealedLine(
  { note, lines, ...rest }: ReportRecord,
  seal: { seal(id: string, text: string): SealedText },
): string {
  const { sealed, wrapped } = seal.seal(sealName(rest), JSON.stringify({ note, lines }));
  return JSON.stringify({ ...rest, sealed, wrapped });
}

/**
 * Replaces the wrapped key in the line of an encrypted report.
 *
 * @param rewrap returns null if the wrapped key can't be decrypted
 * @returns null if the line is invalid or its key can't be decrypted
 */
export function rewrappedLine(
  line: string,
  rewrap: (id: string, wrapped: string) => string | null,
): string | null {
  const fields = fieldsOf(parseJson(line));
  const bare = fields === null ? null : readReport({ ...fields, note: null, lines: [] });
  const before = fields?.['wrapped'];
  if (bare === null || typeof before !== 'string') return null;
  const wrapped = rewrap(sealName(bare), before);
  return wrapped === null ? null : JSON.stringify({ ...fields, wrapped });
}

/**
 * Parses the line of an encrypted report.
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
  const text = open(sealName(bare), { sealed, wrapped });
  if (text === null) return 'encrypted with another key';
  const words = fieldsOf(parseJson(text));
  return words === null ? null : readReport({ ...fields, ...words });
}

function sealName(record: Pick<ReportRecord, 'match' | 'reporterSide'>): string {
  return `waiting ${reportKey(record)}`;
}

function readEncounter(fields: Fields): ReplayedRecord | null {
  const match = readId<MatchId>(fields['match']);
  const atWallMs = readCount(fields['atWallMs']);
  const subjects = readTwo(fields['subjects']);
  if (match === null || atWallMs === null || subjects === null) return null;
  const [a, b] = readDevices(fields['devices']);
  const devices = a === undefined || b === undefined ? {} : { devices: [a, b] as const };
  return { kind: 'encounter', match, subjects, ...devices, atWallMs };
}

function readBlock(fields: Fields): BlockRecord | null {
  const match = readId<MatchId>(fields['match']);
  const by = readId<SubjectId>(fields['by']);
  const of = readId<SubjectId>(fields['of']);
  const atWallMs = readCount(fields['atWallMs']);
  const side = readSide(fields['side']);
  const mark = readMark(fields['mark']);
  if (match === null || by === null || of === null || atWallMs === null) return null;
  if (mark === null || (side === null) !== (mark.mark === null)) return null;
  return { kind: 'block', match, side, by, of, ...mark, ...readPartedBy(fields), atWallMs };
}

function readUnblock(fields: Fields): UnblockRecord | null {
  const block = readBlock(fields);
  if (block === null || block.side === null || block.mark === null) return null;
  const { match, side, by, of, mark, atWallMs } = block;
  return { kind: 'unblock', match, side, by, of, mark, atWallMs };
}

/** Reads a separation as a block with a date in the past. No client queries this date. */
function readApart(fields: Fields): BlockRecord | null {
  const subjects = readTwo(fields['subjects']);
  const mark = readMark(fields['mark']);
  if (subjects === null || mark === null) return null;
  const [by, of] = subjects;
  const [byDevice, ofDevice] = readDevices(fields['devices']);
  const devices = {
    ...(byDevice !== undefined && { byDevice }),
    ...(ofDevice !== undefined && { ofDevice }),
  };
  return { kind: 'block', match: APART, side: null, by, of, ...mark, ...devices, atWallMs: 0 };
}

/**
 * Reads the mark of a block. In the result `mark` is null for a line of an earlier version, which
 * wrote no mark. The result itself is null if the value isn't a mark.
 */
function readMark(value: unknown): Pick<BlockRecord, 'mark'> | null {
  if (value === undefined || value === null) return { mark: null };
  return typeof value === 'string' && isId(value) ? { mark: value } : null;
}

function readTwo(subjects: unknown): readonly [SubjectId, SubjectId] | null {
  if (!Array.isArray(subjects) || subjects.length !== 2) return null;
  const a = readId<SubjectId>(subjects[0]);
  const b = readId<SubjectId>(subjects[1]);
  return a === null || b === null ? null : [a, b];
}

function readAgeRefused(fields: Fields): ReplayedRecord | null {
  const subject = readId<SubjectId>(fields['subject']);
  const atWallMs = readCount(fields['atWallMs']);
  if (subject === null || atWallMs === null) return null;
  const device = readId<DeviceKeyId>(fields['device']);
  return { kind: 'age-refused', subject, ...(device !== null && { device }), atWallMs };
}

function readReport(fields: Fields): ReportRecord | null {
  const { id, code, reason, note, lines } = fields;
  const match = readId<MatchId>(fields['match']);
  const by = readId<SubjectId>(fields['by']);
  const of = readId<SubjectId>(fields['of']);
  const ofDevice = readId<DeviceKeyId>(fields['ofDevice']);
  const reporterSide = readSide(fields['reporterSide']);
  const atWallMs = readCount(fields['atWallMs']);
  if (match === null || by === null || of === null || ofDevice === null) return null;
  if (reporterSide === null || atWallMs === null || !Array.isArray(lines)) return null;
  if (typeof id !== 'string' || typeof code !== 'string' || typeof reason !== 'string') return null;
  if (note !== null && typeof note !== 'string') return null;
  const read = lines.map(readLine).filter((line) => line !== null);
  if (read.length < lines.length) return null;
  const who = { match, by, of, ofDevice, reporterSide };
  const forged = fields['contradicted'] === true ? { contradicted: true as const } : {};
  const from = readNetwork(fields['from']);
  const lastedMs = readCount(fields['lastedMs']);
  const parted = { ...readPartedBy(fields), ofDevice };
  const facts = {
    ...forged,
    ...(from !== null && { from }),
    ...(lastedMs !== null && { lastedMs }),
    ...(fields['overBudget'] === true && { overBudget: true as const }),
  };
  return {
    ...{ kind: 'report', id, code, ...who, ...parted, reason, note, lines: read },
    ...{ ...facts, atWallMs },
  };
}

/** Reads a record's network. Returns null if the record has none, as in earlier versions. */
function readNetwork(value: unknown): NetworkName | null {
  const fields = fieldsOf(value);
  if (fields === null) return null;
  const { network, parent } = fields;
  return typeof network === 'string' && typeof parent === 'string' ? { network, parent } : null;
}

function readReported(fields: Fields): ReportedRecord | null {
  const { id, code } = fields;
  const match = readId<MatchId>(fields['match']);
  const by = readId<SubjectId>(fields['by']);
  const of = readId<SubjectId>(fields['of']);
  const reporterSide = readSide(fields['reporterSide']);
  const atWallMs = readCount(fields['atWallMs']);
  if (match === null || by === null || of === null) return null;
  if (reporterSide === null || atWallMs === null) return null;
  if (typeof id !== 'string' || typeof code !== 'string') return null;
  const who = { match, by, of, ...readPartedBy(fields), reporterSide };
  return { kind: 'reported', id, code, ...who, atWallMs };
}

/**
 * Reads the devices and the network of a block or report. Records of earlier versions lack them.
 */
function readPartedBy(fields: Fields): Pick<BlockRecord, 'byDevice' | 'ofDevice' | 'ofNetwork'> {
  const byDevice = readId<DeviceKeyId>(fields['byDevice']);
  const ofDevice = readId<DeviceKeyId>(fields['ofDevice']);
  const { ofNetwork } = fields;
  return {
    ...(byDevice !== null && { byDevice }),
    ...(ofDevice !== null && { ofDevice }),
    ...(typeof ofNetwork === 'string' && isId(ofNetwork) && { ofNetwork }),
  };
}

/** Reads two device keys, in the order of the subjects. An unknown device key is undefined. */
function readDevices(value: unknown): readonly [DeviceKeyId | undefined, DeviceKeyId | undefined] {
  const [a, b] = Array.isArray(value) ? (value as readonly unknown[]) : [];
  return [readId<DeviceKeyId>(a) ?? undefined, readId<DeviceKeyId>(b) ?? undefined];
}

function readLine(value: unknown): ReportRecord['lines'][number] | null {
  const fields = fieldsOf(value);
  if (fields === null) return null;
  const { text, counters } = fields;
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
