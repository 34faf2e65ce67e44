import type { StoredReport } from './stored.ts';

/** Returns the indexed fields of a report: the fields, besides its id, by which stores find it. */
export function columnsOfReport(report: StoredReport) {
  const { atMs, case: of, by, of: subject, match, code, from, byDevice, byProven, fold } = report;
  const network = from?.network ?? null;
  const isFolded = fold !== undefined;
  return {
    ...{ atMs, case: of, by, of: subject, match, code },
    source: isFolded || byProven === true ? null : network,
    foldSource: isFolded ? network : null,
    foldDevice: isFolded ? (byDevice ?? null) : null,
  };
}
