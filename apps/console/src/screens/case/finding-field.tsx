import { FINDINGS, type Finding } from '@farandole/moderation/reports/verdict';
import { t } from '../../i18n/words.ts';

/**
 * Selects the finding of a dismissal. The finding determines how much it counts against the
 * reporters.
 */
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
