import type { Case } from '@farandole/moderation/cases/case-machine';
import { ruleOfReason } from '@farandole/moderation/reports/reason';
import type { Priority } from '@farandole/moderation/reports/triage';
import type { StoredApproval } from '@farandole/moderation/store/stored';
import type { EvidenceState } from '@farandole/moderation/trust/trust';
import { t } from '../i18n/words.ts';
import { Icon, type IconName } from './icon.tsx';
import { lasting } from './times.ts';

/** Returns a case's report reason with the highest priority and the number of its other reasons. */
export function mainReason({ reasons }: Pick<Case, 'reasons'>) {
  const [first] = reasons.toSorted(
    (a, b) =>
      ruleOfReason(b.reason).severity - ruleOfReason(a.reason).severity || b.times - a.times,
  );
  return { reason: first?.reason ?? ('other' as const), others: Math.max(0, reasons.length - 1) };
}

export function DueMark({ priority, nowMs }: { priority: Priority; nowMs: number }) {
  const leftMs = priority.dueAtMs - nowMs;
  if (leftMs > 0) return <span>{t('mark.due', { time: lasting(leftMs) })}</span>;
  return (
    <span class="mark bad">
      <Icon name="clock" size={14} />
      {t('mark.lateBy', { time: lasting(-leftMs) })}
    </span>
  );
}

export function PinMark() {
  return (
    <span class="mark bad">
      <Icon name="pin" size={14} />
      {t('mark.pinned')}
    </span>
  );
}

const EVIDENCE: Readonly<Record<EvidenceState, readonly [string, IconName]>> = {
  verified: ['ok', 'check'],
  inconclusive: ['', 'question'],
  contradicted: ['bad', 'cross'],
};

/** Shows whether the server's tags prove that a report's lines are authentic. */
export function EvidenceMark({ evidence }: { evidence: EvidenceState }) {
  const [look, icon] = EVIDENCE[evidence];
  return (
    <span class={`mark ${look}`}>
      <Icon name={icon} size={14} />
      {t(`mark.${evidence}`)}
    </span>
  );
}

/**
 * Warns the approving member that the request came from the command line, which doesn't
 * authenticate members.
 */
export function FromCommandLine({ approval: { via } }: { approval: StoredApproval }) {
  if (via === undefined) return null;
  return (
    <p class="marks-row">
      <span class="mark">{t('approvals.commandLine')}</span>
    </p>
  );
}
