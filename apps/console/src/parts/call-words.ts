import type { ReportedPair, StoredReport } from '@farandole/moderation/store/stored';
import { t } from '../i18n/words.ts';

const MODES = [
  ...(['video', 'text', 'voice', 'question'] as const),
  ...(['exchange-video', 'exchange-text', 'exchange-voice'] as const),
];
const ROLES = ['asker', 'answerer'] as const;
const AGES = ['unknown', 'declared', 'estimated', 'verified'] as const;

/**
 * Returns a text about how the two users of a report met, and leaves out facts that are unknown.
 *
 * @param met text about when they met, given the time in Unix milliseconds
 */
export function callInWords(
  {
    report: { metBy },
    pair,
  }: { readonly report: Pick<StoredReport, 'metBy'>; readonly pair: ReportedPair | null },
  met: (atMs: number) => string,
): string {
  const chosen = metBy === undefined ? [] : [t(`call.metBy.${metBy}`)];
  const words =
    pair === null ? [t('call.unknown'), ...chosen] : [met(pair.atMs), ...chosen, ...factsOf(pair)];
  return words.join(' · ');
}

function factsOf(pair: ReportedPair): readonly string[] {
  const mode = MODES.find((one) => one === pair.mode);
  const age = AGES.find((one) => one === pair.age);
  const later = MODES.find((one) => one === pair.reportedIn && one !== pair.mode);
  const { reporter, reported, policy, community } = pair;
  return [
    ...(mode === undefined ? [] : [t(`call.mode.${mode}`)]),
    ...(later === undefined ? [] : [t('call.reportedIn', { mode: t(`call.mode.${later}`) })]),
    ...(community === undefined ? [] : [t('call.community', { name: community })]),
    ...(age === undefined ? [] : [t(`call.age.${age}`)]),
    ...(reporter === null ? [] : [t('call.reporter', { tier: t(`tier.${reporter.tier}`) })]),
    ...(reported === null ? [] : [t('call.reported', { tier: t(`tier.${reported.tier}`) })]),
    ...rolesInWords(pair),
    t('call.rules', { version: policy }),
  ];
}

/** Says who had which role, in a mode whose seats differ. */
function rolesInWords({ roles }: ReportedPair): readonly string[] {
  const [reporter, reported] = [roles?.reporter, roles?.reported].map((role) =>
    ROLES.find((one) => one === role),
  );
  if (reporter === undefined || reported === undefined) return [];
  const names = {
    reporter: t(`call.role.${reporter}`),
    reported: t(`call.role.${reported}`),
  };
  return [t('call.roles', names)];
}
