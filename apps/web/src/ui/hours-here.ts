import type { HourSpan } from '@farandole/protocol/http-api';

/** When such hours begin and end where this person is, as clocks stand there on the day of `nowMs`. */
export function hoursHere(
  { fromUtcHour, hours }: HourSpan,
  language: string,
  nowMs: number,
): { readonly from: string; readonly until: string } {
  const timeOf = (utcHour: number): string => {
    const at = new Date(nowMs);
    at.setUTCHours(utcHour, 0, 0, 0);
    // Some zones are half an hour off.
    const isWhole = at.getMinutes() === 0;
    const minute = isWhole ? {} : ({ minute: '2-digit' } as const);
    const time = new Intl.DateTimeFormat(language, { hour: 'numeric', ...minute }).format(at);
    // An hour in a sentence has no nought before it, which French is given here.
    return isWhole ? time.replace(/^0(?=\d)/u, '') : time;
  };
  return { from: timeOf(fromUtcHour), until: timeOf(fromUtcHour + hours) };
}
