const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const ZONE = /^[A-Za-z][\w+-]*(?:\/[\w+-]+){0,2}$/u;
const ZONE_CHARS_MAX = 64;
const LOCAL = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})$/u;

const formats = new Map<string, Intl.DateTimeFormat>();

/** Whether the text is the name of a time zone that the runtime knows, such as `Europe/Paris`. */
export function isZone(text: string): boolean {
  if (text.length > ZONE_CHARS_MAX || !ZONE.test(text)) return false;
  try {
    formatOf(text);
    return true;
  } catch {
    // The constructor throws a RangeError for an unknown zone, and for no other reason.
    return false;
  }
}

/**
 * Returns the time of a local date and time `YYYY-MM-DDTHH:MM`, `days` days later by the calendar
 * of the zone. A time that a clock change skips counts by the offset before the change, and of a
 * time that occurs twice the first counts, as in RFC 5545, section 3.3.5. Null if the text isn't a
 * date.
 */
export function instantOf(local: string, zone: string, days = 0): number | null {
  const [, ...parts] = LOCAL.exec(local) ?? [];
  const [year, month, day, hour, minute] = parts.map(Number);
  if (year === undefined || month === undefined || day === undefined) return null;
  if (hour === undefined || minute === undefined || year < 1970) return null;
  const firstMs = Date.UTC(year, month - 1, day, hour, minute);
  // `Date.UTC` turns the 31st of April into the 1st of May.
  if (new Date(firstMs).toISOString().slice(0, 16) !== local) return null;
  const localMs = firstMs + days * DAY_MS;
  // No zone changes its offset twice within two days, so these are the offsets around the time.
  const before = offsetMs(zone, localMs - DAY_MS);
  const after = offsetMs(zone, localMs + DAY_MS);
  const atMs = localMs - before;
  if (offsetMs(zone, atMs) === before) return atMs;
  return offsetMs(zone, localMs - after) === after ? localMs - after : atMs;
}

/** Returns how far the zone's clocks are ahead of UTC at a time, in ms. */
export function offsetMs(zone: string, atMs: number): number {
  const parts = formatOf(zone).formatToParts(atMs);
  const of = (type: Intl.DateTimeFormatPartTypes): number =>
    Number(parts.find((part) => part.type === type)?.value);
  const localMs = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'));
  return localMs - Math.floor(atMs / MINUTE_MS) * MINUTE_MS;
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-u-ca-iso8601', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  formats.set(zone, format);
  return format;
}
