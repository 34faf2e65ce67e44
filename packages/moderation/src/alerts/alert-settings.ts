import type { MemberId } from '@farandole/accounts/ids';
import { requireMember } from '@farandole/accounts/members';
import { appendAudit } from '@farandole/accounts/records';
import type { LanguageTag } from '@farandole/kernel/language';
import { ok, type Result, refused } from '@farandole/kernel/result';
import { hasControlCharacters } from '@farandole/kernel/text';
import { isZone } from '../settings/zoned-time.ts';
import { readAll } from '../store/read-all.ts';
import type { Records } from '../store/records.ts';
import { minuteOf, type RotaEntry } from './duty.ts';
import { MAIL_ADDRESS_CHARS_MAX, ROTA_MAX } from './limits.ts';
import type { AlertRules } from './step-alerts.ts';

/** Setting name of the alerts. `putSetting` refuses it. */
export const ALERTS_SETTING = 'alerts.rules';

const MAIL_ADDRESS = /^[^\s@<>,;:"()]{1,64}@[^\s@<>,;:"()]{1,253}$/u;
const WEEK_DAYS = 7;

export interface AlertSettings extends AlertRules {
  /** Increases with each change. 0 before the first one. */
  readonly version: number;
  /** Language of the mails. */
  readonly language: LanguageTag;
}

export type AlertSettingsRefusal =
  | 'not-allowed'
  | 'changed-meanwhile'
  | 'malformed'
  | 'rota-too-long'
  | 'rota-member-unknown'
  | 'rota-mail-wrong'
  | 'quiet-hours-wrong'
  | 'hour-zone-unknown';

const NO_SETTINGS: AlertSettings = {
  version: 0,
  rota: [],
  quiet: null,
  zone: 'UTC',
  language: 'en',
};

/** Replaces the rota, the quiet hours and the language. */
export async function putAlertSettings(
  records: Records,
  input: Omit<AlertSettings, 'version'> & {
    readonly languages: readonly LanguageTag[];
    /** The version that the member read before changing it. */
    readonly before: number;
    readonly by: MemberId;
    readonly nowMs: number;
  },
): Promise<Result<AlertSettings, AlertSettingsRefusal>> {
  const { quiet, zone, language, languages, before, by, nowMs } = input;
  const allowed = await requireMember(records, by, 'settings.edit');
  if (!allowed.ok) return allowed;
  const known = await readAlertSettings(records);
  if (known.version !== before) return refused('changed-meanwhile');
  const rota = input.rota.map((entry) => ({ ...entry, mail: entry.mail.trim() }));
  if (rota.length > ROTA_MAX) return refused('rota-too-long');
  const ids = rota.map(({ member }) => member);
  if (new Set(ids).size < ids.length || !languages.includes(language)) return refused('malformed');
  if (!rota.every(areDays)) return refused('malformed');
  const here = await activeOf(records, rota);
  if (here.length < rota.length) return refused('rota-member-unknown');
  if (!rota.every(({ mail }) => mail === '' || isMail(mail))) return refused('rota-mail-wrong');
  if (!isZone(zone)) return refused('hour-zone-unknown');
  if (quiet !== null && !areQuietHours(quiet)) return refused('quiet-hours-wrong');
  const put: AlertSettings = { version: known.version + 1, rota, quiet, zone, language };
  await records.settings.put({ id: ALERTS_SETTING, value: JSON.stringify(put), atMs: nowMs });
  // The audit has no mail address, because rows of the audit stay when a member leaves.
  const details = { version: put.version };
  await appendAudit(records, { by, nowMs }, 'alerts.put', ALERTS_SETTING, details);
  return ok(put);
}

/** Returns the settings, with former members left out of the rota. */
export async function readAlertSettings(
  records: Pick<Records, 'settings' | 'members'>,
): Promise<AlertSettings> {
  const setting = await records.settings.get(ALERTS_SETTING);
  if (setting === null) return NO_SETTINGS;
  const stored = JSON.parse(setting.value) as AlertSettings;
  return { ...stored, rota: await activeOf(records, stored.rota) };
}

/** Removes former members, with their mail addresses, from the stored rota. */
export async function forgetFormerMembers(
  records: Pick<Records, 'settings' | 'members'>,
  nowMs: number,
): Promise<AlertSettings> {
  const settings = await readAlertSettings(records);
  const stored = await records.settings.get(ALERTS_SETTING);
  if (stored === null) return settings;
  const { rota } = JSON.parse(stored.value) as AlertSettings;
  if (rota.length === settings.rota.length) return settings;
  const kept = { ...settings, version: settings.version + 1 };
  await records.settings.put({ id: ALERTS_SETTING, value: JSON.stringify(kept), atMs: nowMs });
  return kept;
}

async function activeOf(
  records: Pick<Records, 'members'>,
  rota: readonly RotaEntry[],
): Promise<readonly RotaEntry[]> {
  const members = await readAll(
    records.members,
    rota.map(({ member }) => member),
  );
  return rota.filter(({ member }) => members.get(member)?.leftAtMs === null);
}

function areDays({ days }: RotaEntry): boolean {
  if (new Set(days).size < days.length) return false;
  return days.every((day) => Number.isInteger(day) && day >= 0 && day < WEEK_DAYS);
}

function isMail(mail: string): boolean {
  return (
    mail.length <= MAIL_ADDRESS_CHARS_MAX && MAIL_ADDRESS.test(mail) && !hasControlCharacters(mail)
  );
}

function areQuietHours({ from, to }: { readonly from: string; readonly to: string }): boolean {
  return minuteOf(from) !== null && minuteOf(to) !== null && from !== to;
}
