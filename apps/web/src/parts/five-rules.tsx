import { t } from '../i18n/words.ts';
import { Icon, type IconName } from './icons.tsx';

/** The rules everybody agrees to, one line each and why. */
export function FiveRules() {
  return (
    <ol class="rule-cards">
      <RuleCard icon="adult" title={t('rules.adults')} why={t('rules.adultsWhy')} />
      <RuleCard icon="dressed" title={t('rules.decent')} why={t('rules.decentWhy')} />
      <RuleCard icon="recording" title={t('rules.recording')} why={t('rules.recordingWhy')} />
      <RuleCard icon="peace" title={t('rules.kind')} why={t('rules.kindWhy')} />
      <RuleCard icon="flag" title={t('rules.report')} why={t('rules.reportWhy')} />
    </ol>
  );
}

function RuleCard({ icon, title, why }: { icon: IconName; title: string; why: string }) {
  return (
    <li class="rule-card">
      <span class="badge">
        <Icon name={icon} />
      </span>
      <div>
        <strong>{title}</strong>
        <p class="soft small">{why}</p>
      </div>
    </li>
  );
}
