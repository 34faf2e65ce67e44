import { MEASURES } from '@farandole/moderation/cases/decision';
import { type Numbers, WAYS } from '@farandole/moderation/stats/numbers';
import type { AuditRow } from '@farandole/moderation/store/records';

/**
 * Formats the moderation figures of one day as CSV (RFC 4180). An unknown value is an empty cell,
 * never zero.
 */
export function numbersAsCsv(numbers: Numbers): string {
  const { timeToDecision, appeals } = numbers;
  const rows: readonly (readonly [string, string | number | null])[] = [
    ['since', new Date(numbers.sinceMs).toISOString()],
    ['reports', numbers.reports],
    ['calls', numbers.calls],
    ['reports_per_1000_calls', numbers.reportsPer1000Calls],
    ...WAYS.flatMap((way) => {
      const { calls = 0, reports = 0 } = numbers.byWay.find((one) => one.way === way) ?? {};
      return [[`calls_${way}`, calls] as const, [`reports_${way}`, reports] as const];
    }),
    ['time_to_decision_p50_ms', timeToDecision?.p50Ms ?? null],
    ['time_to_decision_p95_ms', timeToDecision?.p95Ms ?? null],
    ['decisions', numbers.decisions],
    ...MEASURES.map(
      (measure) => [`decisions_${measure}`, numbers.byMeasure[measure] ?? 0] as const,
    ),
    ['appeals_answered_30_days', appeals.answered],
    ['appeals_overturned_30_days', appeals.overturned],
    ['own_cases_and_appeals_read_in_shift', numbers.exposures],
    ['own_pictures_uncovered_in_shift', numbers.reveals],
  ];
  const lines = [['name', 'value'], ...rows].map(([name, value]) => `${name},${value ?? ''}\r\n`);
  return lines.join('');
}

/**
 * Streams audit rows as JSON lines, oldest first. Reads more rows from the store only when the
 * client has read the earlier ones.
 */
export function auditAsLines(
  read: (after: number) => Promise<readonly AuditRow[]>,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let after = 0;
  return new ReadableStream({
    pull: async (controller) => {
      const rows = await read(after);
      const last = rows.at(-1);
      if (last === undefined) {
        controller.close();
        return;
      }
      after = last.seq;
      controller.enqueue(encoder.encode(rows.map((row) => `${JSON.stringify(row)}\n`).join('')));
    },
  });
}

export function download(
  body: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>,
  type: string,
  name: string,
): Response {
  return new Response(body, {
    headers: {
      'Content-Type': type,
      'Content-Disposition': `attachment; filename="${name}"`,
      'Cache-Control': 'no-store',
    },
  });
}
