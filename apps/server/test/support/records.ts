import type {
  BlockRecord,
  JournalRecord,
  ReportRecord,
  UnblockRecord,
} from '@farandole/gateway/ports';
import { brandId, type MatchId } from '@farandole/kernel/id';
import { subject } from '@farandole/storage/test/desk';
import type { TextEncryption } from '@farandole/storage/text-encryption';

const [A, B] = [subject('a'), subject('b')];

export const matchOf = (n: number): MatchId =>
  brandId<MatchId>(`match-${n.toString().padStart(6, '0')}`);

export function reportRecord(n: number, change: Partial<ReportRecord> = {}): ReportRecord {
  return {
    kind: 'report',
    id: `report-${n}`,
    code: `CODE-${n}`,
    match: matchOf(n),
    by: A,
    of: B,
    ofDevice: brandId('device-of-b'),
    reason: 'other',
    note: `canary-note-${n}`,
    lines: [{ side: 'b', counters: [0, 1], atMs: 5, text: `canary-line-${n}` }],
    reporterSide: 'a',
    atWallMs: 1_000,
    ...change,
  };
}

type MarkedBlock = BlockRecord & Pick<UnblockRecord, 'side' | 'mark'>;

export function blockRecord(
  n: number,
  change: Partial<Pick<BlockRecord, 'by' | 'of' | 'atWallMs'>> = {},
): MarkedBlock {
  const match = matchOf(n);
  const mark = `mark-of-${match}`;
  return { kind: 'block', match, side: 'a', by: A, of: B, mark, atWallMs: 0, ...change };
}

export function unblockRecord(of: MarkedBlock, atWallMs = of.atWallMs): UnblockRecord {
  return { ...of, kind: 'unblock', atWallMs };
}

export function encounterRecord(n: number, atWallMs: number): JournalRecord {
  return { kind: 'encounter', match: matchOf(n), subjects: [A, B], atWallMs };
}

/** Returns the line of a report in an earlier version's file of waiting reports. */
export function sealedLine(
  { note, lines, ...rest }: ReportRecord,
  seal: Pick<TextEncryption, 'seal'>,
): string {
  const name = `waiting ${rest.match}-${rest.reporterSide}`;
  const { sealed, wrapped } = seal.seal(name, JSON.stringify({ note, lines }));
  return JSON.stringify({ ...rest, sealed, wrapped });
}
