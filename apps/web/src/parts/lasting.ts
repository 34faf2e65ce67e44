const DAY_HOURS = 24;

/** So many hours in words of a language: in days from two on, where it is whole ones. */
export function lastingHours(hours: number, language: string): string {
  const isDays = hours >= 2 * DAY_HOURS && hours % DAY_HOURS === 0;
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit: isDays ? 'day' : 'hour',
    unitDisplay: 'long',
  }).format(isDays ? hours / DAY_HOURS : hours);
}

export function percentOf(value: number, language: string): string {
  return new Intl.NumberFormat(language, { style: 'percent' }).format(value / 100);
}
