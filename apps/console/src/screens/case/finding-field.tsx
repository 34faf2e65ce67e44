import { FINDINGS, type Finding } from '@farandole/moderation/reports/verdict';
import { t } from '../../i18n/words.ts';

/** Selects a dismissal's finding, which sets the cost for the reports' authors. */
export function FindingField({
  finding,
  choose,
}: {
  finding: Finding;
  choose: (chosen: string) => void;
}) {
  return (
    <div class="field">
      <label for="decide-finding">{t('decide.finding')}</label>
      <select
        id="decide-finding"
        class="input"
        value={finding}
        onChange={({ currentTarget }) => choose(currentTarget.value)}
      >
        {FINDINGS.map((one) => (
          <option key={one} value={one}>
            {t(`finding.${one}`)}
          </option>
        ))}
      </select>
    </div>
  );
}
