import { occurrencesOf, type PublishedHour } from '@farandole/moderation/settings/hours';
import { offsetMs } from '@farandole/moderation/settings/zoned-time';
import { COMMUNITY_PAGE_PREFIX } from '@farandole/protocol/http-api';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const WEEK_DAYS = 7;
/** A line has at most 75 octets without its line break (RFC 5545, section 3.1). */
const LINE_OCTETS_MAX = 75;
/** Years of clock changes in the file. A calendar that reads on repeats the last offset. */
const ZONE_YEARS = 5;
const REMINDS_BEFORE_MINUTES = 10;

export interface CalendarOptions {
  readonly hour: PublishedHour;
  /** Origin of the page, to which the entry links. */
  readonly origin: string;
  readonly nowMs: number;
}

/**
 * Returns a calendar with one entry for the hour (RFC 5545): of a single hour in UTC, and of a
 * weekly one by the clocks of its zone, so that clock changes don't move it. Null if the hour is
 * over.
 */
export function hourCalendar({ hour, origin, nowMs }: CalendarOptions): string | null {
  const { id, title, zone, weekly, minutes, community } = hour;
  const [next] = occurrencesOf([hour], nowMs);
  if (next === undefined) return null;
  const { startMs } = next;
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Farandole//Hours//EN',
    'CALSCALE:GREGORIAN',
    'METHOD:PUBLISH',
    ...(weekly ? zoneLines(zone, startMs) : []),
    'BEGIN:VEVENT',
    `UID:${id}@${new URL(origin).hostname}`,
    `DTSTAMP:${inUtc(nowMs)}`,
    weekly ? `DTSTART;TZID=${zone}:${inZone(startMs, zone)}` : `DTSTART:${inUtc(startMs)}`,
    `DURATION:PT${minutes}M`,
    ...(weekly ? ['RRULE:FREQ=WEEKLY'] : []),
    `SUMMARY:${escaped(title)}`,
    `URL:${origin}${community === undefined ? '/' : COMMUNITY_PAGE_PREFIX + community}`,
    'BEGIN:VALARM',
    'ACTION:DISPLAY',
    `DESCRIPTION:${escaped(title)}`,
    `TRIGGER:-PT${REMINDS_BEFORE_MINUTES}M`,
    'END:VALARM',
    'END:VEVENT',
    'END:VCALENDAR',
  ];
  return lines.map((line) => `${folded(line)}\r\n`).join('');
}

/** Returns the clock changes of a zone around and after a time, as a VTIMEZONE. */
function zoneLines(zone: string, startMs: number): string[] {
  const fromMs = startMs - 366 * DAY_MS;
  const toMs = startMs + ZONE_YEARS * 366 * DAY_MS;
  const lines = ['BEGIN:VTIMEZONE', `TZID:${zone}`];
  let offset = offsetMs(zone, fromMs);
  lines.push(...observance('STANDARD', fromMs, offset, offset));
  for (let atMs = fromMs; atMs < toMs; atMs += WEEK_DAYS * DAY_MS) {
    const after = offsetMs(zone, atMs + WEEK_DAYS * DAY_MS);
    if (after === offset) continue;
    const changeMs = changeBetween(zone, atMs, atMs + WEEK_DAYS * DAY_MS, offset);
    lines.push(...observance(after > offset ? 'DAYLIGHT' : 'STANDARD', changeMs, offset, after));
    offset = after;
  }
  return [...lines, 'END:VTIMEZONE'];
}

/** Returns the first minute at which the zone no longer has the offset. */
function changeBetween(zone: string, fromMs: number, toMs: number, offset: number): number {
  let [low, high] = [Math.floor(fromMs / MINUTE_MS), Math.ceil(toMs / MINUTE_MS)];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetMs(zone, middle * MINUTE_MS) === offset) low = middle;
    else high = middle;
  }
  return high * MINUTE_MS;
}

function observance(
  kind: 'STANDARD' | 'DAYLIGHT',
  atMs: number,
  fromOffset: number,
  toOffset: number,
): string[] {
  return [
    `BEGIN:${kind}`,
    // The onset is given by the clocks before the change.
    `DTSTART:${inUtc(atMs + fromOffset).slice(0, -1)}`,
    `TZOFFSETFROM:${offsetText(fromOffset)}`,
    `TZOFFSETTO:${offsetText(toOffset)}`,
    `END:${kind}`,
  ];
}

function inUtc(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replaceAll(/[-:]/gu, '')}Z`;
}

function inZone(ms: number, zone: string): string {
  return inUtc(ms + offsetMs(zone, ms)).slice(0, -1);
}

function offsetText(ms: number): string {
  const minutes = Math.abs(ms) / MINUTE_MS;
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  return `${ms < 0 ? '-' : '+'}${two(minutes / 60)}${two(minutes % 60)}`;
}

function escaped(text: string): string {
  return text.replaceAll(/[\\;,]/gu, '\\$&');
}

/** Breaks a line at its limit of octets, but not within a character. */
function folded(line: string): string {
  let text = '';
  let octets = 0;
  for (const character of line) {
    const length = Buffer.byteLength(character);
    if (octets + length > LINE_OCTETS_MAX) {
      text += '\r\n ';
      // The space counts too.
      octets = 1;
    }
    text += character;
    octets += length;
  }
  return text;
}
