import type { HourSpan } from '@farandole/protocol/http-api';

/** Converts hours to local time, with the offset on the day of `nowMs`. */
export function hoursHere(
  { fromUtcHour, hours }: HourSpan,
  language: string,
  nowMs: number,
): { readonly from: string; readonly until: string } {
  const timeOf = (utcHour: number): string => {
    const at = new Date(nowMs);
    at.setUTCHours(utcHour, 0, 0, 0);
    // Some zones have half-hour offsets.
    const isWhole = at.getMinutes() === 0;
    const minute = isWhole ? {} : ({ minute: '2-digit' } as const);
    const time = new Intl.DateTimeFormat(language, { hour: 'numeric', ...minute }).format(at);
    // French formats hours with a leading zero, which is wrong in a sentence.
    return isWhole ? time.replace(/^0(?=\d)/u, '') : time;
  };
  return { from: timeOf(fromUtcHour), until: timeOf(fromUtcHour + hours) };
}
