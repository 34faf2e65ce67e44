import type { HourSpan } from '@farandole/protocol/http-api';

/**
 * Converts hours of the day from UTC to local time. Uses the offset from UTC on the day of
 * `nowMs`.
 */
export function hoursHere(
  { fromUtcHour, hours }: HourSpan,
  language: string,
  nowMs: number,
): { readonly from: string; readonly until: string } {
  const timeOf = (utcHour: number): string => {
    const at = new Date(nowMs);
    at.setUTCHours(utcHour, 0, 0, 0);
    // Minutes are shown if needed, because some time zones differ from UTC by half hours.
    const isWhole = at.getMinutes() === 0;
    const minute = isWhole ? {} : ({ minute: '2-digit' } as const);
    const time = new Intl.DateTimeFormat(language, { hour: 'numeric', ...minute }).format(at);
    // The hour's leading zero is removed, which the formatter adds in French although it is wrong
    // within a sentence.
    return isWhole ? time.replace(/^0(?=\d)/u, '') : time;
  };
  return { from: timeOf(fromUtcHour), until: timeOf(fromUtcHour + hours) };
}
