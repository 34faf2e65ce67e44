import { isCommunityName } from '@farandole/kernel/id';
import { ok, type Result, refused } from '@farandole/kernel/result';
import { hasControlCharacters, isOneLine } from '@farandole/kernel/text';
import { COMMUNITY_RULES_UNITS_MAX, COMMUNITY_TITLE_UNITS_MAX } from '../limits.ts';

/**
 * How users come into a community: by its link alone, by a code that lets in several browsers, or
 * by a code per person that lets in one browser.
 */
export const DOORS = ['link', 'code', 'list'] as const;
export type Door = (typeof DOORS)[number];

/** What a member can change. */
export interface CommunityText {
  readonly title: string;
  /** Language of the title and the rules, as a BCP 47 tag. */
  readonly language: string;
  /** The community's own rules, in addition to those of the server. Plain text without links. */
  readonly rules: string;
  readonly door: Door;
}

/** A part of the pool with a name. It stays stored when it is closed, so its name is never reused. */
export interface Community extends CommunityText {
  readonly name: string;
  /** Version of the text, from 1. It increases with each change. */
  readonly version: number;
  readonly createdAtMs: number;
  /** Null while the community is open. */
  readonly closedAtMs: number | null;
}

/** A code that lets browsers in. Only a keyed hash of the code is stored. */
export interface CommunityCode {
  /** The hash. */
  readonly id: string;
  readonly label: string;
  readonly uses: number;
  readonly usesMax: number;
  readonly atMs: number;
  readonly expiresAtMs: number;
  /**
   * For a code of one person: a keyed hash of the code and the device key of the browser that used
   * it, which links no two codes. Null before the first use. Absent in other codes.
   */
  readonly device?: string | null;
}

export type CommunityFault =
  | 'community-name-wrong'
  | 'community-title-wrong'
  | 'community-rules-wrong'
  | 'community-rules-link'
  | 'malformed';

/** Matches what a browser or a reader could take for a web address. */
const LINK = /:\/\/|\bwww\.|\bhttps?:/iu;
/** Matches a language tag, without checking whether the language exists. */
const LANGUAGE = /^[a-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,3}$/;

/** Checks and normalizes what a member typed. Returns the first fault. */
export function communityText(given: CommunityText): Result<CommunityText, CommunityFault> {
  const title = given.title.trim();
  const rules = given.rules.replaceAll('\r\n', '\n').trim();
  const { language, door } = given;
  if (!DOORS.includes(door) || !LANGUAGE.test(language)) return refused('malformed');
  if (!isOneLine(title, COMMUNITY_TITLE_UNITS_MAX)) return refused('community-title-wrong');
  if (rules.length > COMMUNITY_RULES_UNITS_MAX || hasControlCharacters(rules)) {
    return refused('community-rules-wrong');
  }
  if (LINK.test(rules) || LINK.test(title)) return refused('community-rules-link');
  return ok({ title, language, rules, door });
}

/** Whether a community may have this name, which is part of its address. */
export function isFreshName(name: string): boolean {
  return isCommunityName(name) && !name.startsWith('-') && !name.endsWith('-');
}

export function isUsable({ uses, usesMax, expiresAtMs }: CommunityCode, nowMs: number): boolean {
  return uses < usesMax && nowMs < expiresAtMs;
}

/** Calls and reports of each day that had any, by the number of the day since 1970. */
export type CommunityDays = Readonly<Record<string, readonly [calls: number, reports: number]>>;

/** Adds to the counts of a day, and drops the days that are counted no longer. */
export function countedOn(
  days: CommunityDays,
  day: number,
  add: { readonly calls: number; readonly reports: number },
  daysKept: number,
): CommunityDays {
  const [calls, reports] = days[day] ?? [0, 0];
  const counted: [string, readonly [number, number]][] = [
    ...Object.entries(days).filter(([each]) => Number(each) > day - daysKept),
    [String(day), [calls + add.calls, reports + add.reports]],
  ];
  return Object.fromEntries(counted);
}
