import type { HourSpan } from '@farandole/protocol/http-api';

/** Converts hours to local time. Uses the offset from UTC on the day of `nowMs`. */
export function hoursHere(
  { fromUtcHour, hours }: HourSpan,
  language: string,
  nowMs: number,
): { readonly from: string; readonly until: string } {
  const timeOf = (utcHour: number): string => {
    const at = new Date(nowMs);
    at.setUTCHours(utcHour, 0, 0, 0);
    // Some time zones differ from UTC by half hours, so minutes are shown if needed.
    const isWhole = at.getMinutes() === 0;
    const minute = isWhole ? {} : ({ minute: '2-digit' } as const);
    const time = new Intl.DateTimeFormat(language, { hour: 'numeric', ...minute }).format(at);
    // In French the formatter adds a leading zero, which is wrong within a sentence.
    return isWhole ? time.replace(/^0(?=\d)/u, '') : time;
  };
  return { from: timeOf(fromUtcHour), until: timeOf(fromUtcHour + hours) };
}
