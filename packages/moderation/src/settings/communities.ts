import type { MemberId } from '@farandole/accounts/ids';
import { requireMember } from '@farandole/accounts/members';
import { appendAudit } from '@farandole/accounts/records';
import { may } from '@farandole/accounts/roles';
import { ok, type Result, refused } from '@farandole/kernel/result';
import { COMMUNITIES_MAX, COMMUNITY_DAYS_COUNTED } from '../limits.ts';
import type { Records } from '../store/records.ts';
import {
  type Community,
  type CommunityCode,
  type CommunityDays,
  type CommunityFault,
  type CommunityText,
  communityText,
  countedOn,
  isFreshName,
} from './community.ts';

/**
 * Communities are settings: a list of all names, and for each name its text and its codes. So a
 * backup, and each node's copy, has them without a table of their own.
 */
const LIST = 'communities';
const DAY_MS = 24 * 60 * 60 * 1_000;

const textId = (name: string) => `community.${name}`;
const codesId = (name: string) => `community-codes.${name}`;
const countsId = (name: string) => `community-${name}` as const;

/** Whether a setting belongs to the communities, which have commands of their own. */
export function isOfCommunities(setting: string): boolean {
  return setting === LIST || /^community[.-]/.test(setting);
}

/** The names of all communities, and a version that increases with each change of any of them. */
interface CommunityList {
  readonly version: number;
  readonly names: readonly string[];
}

type By = { readonly by: MemberId; readonly nowMs: number };

/** A community as a node needs it to let users in. */
export interface DoorFacts extends Community {
  /** Ids of the codes that weren't revoked. */
  readonly codes: readonly string[];
}

/** A community as the console shows it. */
export interface ShownCommunity extends Community {
  /** Null unless the member may edit rules. */
  readonly codes: readonly CommunityCode[] | null;
  readonly calls: number;
  readonly reports: number;
  /** Reports per 100 calls over the last `COMMUNITY_DAYS_COUNTED` days. Null without calls. */
  readonly reportsPer100Calls: number | null;
}

export async function createCommunity(
  records: Records,
  input: CommunityText & By & { readonly name: string },
): Promise<Result<Community, CommunityFault | 'not-allowed' | 'community-taken' | 'too-many-of'>> {
  const { name, by, nowMs } = input;
  const allowed = await requireMember(records, by, 'rules.edit');
  if (!allowed.ok) return allowed;
  if (!isFreshName(name)) return refused('community-name-wrong');
  const text = communityText(input);
  if (!text.ok) return text;
  const { names } = await readList(records);
  if (names.includes(name)) return refused('community-taken');
  if (names.length >= COMMUNITIES_MAX) return refused('too-many-of');
  const made = { name, version: 1, ...text.value, createdAtMs: nowMs, closedAtMs: null };
  await putText(records, made, nowMs);
  await changeList(records, [...names, name], nowMs);
  await appendAudit(records, { by, nowMs }, 'community.create', name, { door: made.door });
  return ok(made);
}

export async function changeCommunity(
  records: Records,
  input: CommunityText & By & { readonly name: string; readonly before: number },
): Promise<Result<Community, CommunityFault | 'not-allowed' | 'unknown' | 'changed-meanwhile'>> {
  const { name, before, by, nowMs } = input;
  const found = await findForEdit(records, input);
  if (!found.ok) return found;
  const known = found.value;
  const text = communityText(input);
  if (!text.ok) return text;
  if (known.version !== before) return refused('changed-meanwhile');
  const changed = { ...known, ...text.value, version: known.version + 1 };
  await putText(records, changed, nowMs);
  await changeList(records, null, nowMs);
  const details = { version: changed.version, door: changed.door };
  await appendAudit(records, { by, nowMs }, 'community.change', name, details);
  return ok(changed);
}

/** Closes a community for good. Its calls go on; its searches and its codes end. */
export async function closeCommunity(
  records: Records,
  input: By & { readonly name: string },
): Promise<Result<Community, 'not-allowed' | 'unknown'>> {
  const { name, by, nowMs } = input;
  const found = await findForEdit(records, input);
  if (!found.ok) return found;
  const closed = { ...found.value, closedAtMs: nowMs };
  await putText(records, closed, nowMs);
  await putCodes(records, name, [], nowMs);
  await changeList(records, null, nowMs);
  await appendAudit(records, { by, nowMs }, 'community.close', name);
  return ok(closed);
}

export async function listCommunities(
  records: Records,
  { by, nowMs }: By,
): Promise<Result<readonly ShownCommunity[], 'not-allowed'>> {
  const allowed = await requireMember(records, by, 'numbers.read');
  if (!allowed.ok) return allowed;
  const mayEdit = may(allowed.value.roles, 'rules.edit');
  const shown: ShownCommunity[] = [];
  for (const community of await readTexts(records)) {
    const days = Object.entries(await readDays(records, community.name));
    const oldest = Math.floor(nowMs / DAY_MS) - COMMUNITY_DAYS_COUNTED;
    const counted = days.filter(([day]) => Number(day) > oldest).map(([, counts]) => counts);
    const calls = counted.reduce((sum, [each]) => sum + each, 0);
    const reports = counted.reduce((sum, [, each]) => sum + each, 0);
    shown.push({
      ...community,
      codes: mayEdit ? await readCodes(records, community.name) : null,
      ...{ calls, reports, reportsPer100Calls: calls === 0 ? null : (100 * reports) / calls },
    });
  }
  return ok(shown);
}

/**
 * Reads all communities for a node.
 *
 * @param unless the version that the node knows
 * @returns null if nothing has changed since that version
 */
export async function readDoors(
  records: Records,
  { unless }: { readonly unless: number | null },
): Promise<{ readonly version: number; readonly communities: readonly DoorFacts[] } | null> {
  const { version } = await readList(records);
  if (version === unless) return null;
  const communities: DoorFacts[] = [];
  for (const community of await readTexts(records)) {
    const codes = await readCodes(records, community.name);
    communities.push({ ...community, codes: codes.map(({ id }) => id) });
  }
  return { version, communities };
}

/** Adds calls to the counts of their communities. Nodes report calls in batches. */
export async function countCommunityCalls(
  records: Records,
  input: { readonly calls: Readonly<Record<string, number>>; readonly nowMs: number },
): Promise<null> {
  for (const [name, calls] of Object.entries(input.calls)) {
    await count(records, name, { calls, reports: 0 }, input.nowMs);
  }
  return null;
}

export async function countCommunityReport(
  records: Records,
  name: string,
  nowMs: number,
): Promise<void> {
  await count(records, name, { calls: 0, reports: 1 }, nowMs);
}

async function count(
  records: Records,
  name: string,
  add: { readonly calls: number; readonly reports: number },
  nowMs: number,
): Promise<void> {
  // A receipt of this server proves the name, so the name is one of few.
  const days = await readDays(records, name);
  const day = Math.floor(nowMs / DAY_MS);
  const value = JSON.stringify(countedOn(days, day, add, COMMUNITY_DAYS_COUNTED));
  await records.serverState.put({ id: countsId(name), value, atMs: nowMs });
}

async function readDays(records: Records, name: string): Promise<CommunityDays> {
  const state = await records.serverState.get(countsId(name));
  return state === null ? {} : (JSON.parse(state.value) as CommunityDays);
}

/** Returns an open community that the member may edit. */
export async function findForEdit(
  records: Records,
  { name, by }: Pick<By, 'by'> & { readonly name: string },
): Promise<Result<Community, 'not-allowed' | 'unknown'>> {
  const allowed = await requireMember(records, by, 'rules.edit');
  if (!allowed.ok) return allowed;
  const known = await readCommunity(records, name);
  return known === null || known.closedAtMs !== null ? refused('unknown') : ok(known);
}

export async function readCommunity(records: Records, name: string): Promise<Community | null> {
  const setting = await records.settings.get(textId(name));
  return setting === null ? null : (JSON.parse(setting.value) as Community);
}

export async function readCodes(records: Records, name: string): Promise<readonly CommunityCode[]> {
  const setting = await records.settings.get(codesId(name));
  return setting === null ? [] : (JSON.parse(setting.value) as CommunityCode[]);
}

export async function putCodes(
  records: Records,
  name: string,
  codes: readonly CommunityCode[],
  nowMs: number,
): Promise<void> {
  await records.settings.put({ id: codesId(name), value: JSON.stringify(codes), atMs: nowMs });
}

async function readTexts(records: Records): Promise<readonly Community[]> {
  const communities: Community[] = [];
  for (const name of (await readList(records)).names) {
    const community = await readCommunity(records, name);
    if (community !== null) communities.push(community);
  }
  return communities;
}

async function readList(records: Records): Promise<CommunityList> {
  const setting = await records.settings.get(LIST);
  return setting === null
    ? { version: 0, names: [] }
    : (JSON.parse(setting.value) as CommunityList);
}

/** Makes every node read the communities again. `names` is null if they stay. */
export async function changeList(
  records: Records,
  names: readonly string[] | null,
  nowMs: number,
): Promise<void> {
  const list = await readList(records);
  const next: CommunityList = { version: list.version + 1, names: names ?? list.names };
  await records.settings.put({ id: LIST, value: JSON.stringify(next), atMs: nowMs });
}

async function putText(records: Records, community: Community, nowMs: number): Promise<void> {
  const { name } = community;
  await records.settings.put({ id: textId(name), value: JSON.stringify(community), atMs: nowMs });
}
