import { FINDINGS, type Finding } from '@farandole/moderation/reports/verdict';
import { useRef } from 'preact/hooks';
import { t } from '../../i18n/words.ts';
import { useKeys } from '../../parts/keys.ts';

/**
 * Lets a moderator choose why reports are dismissed. The choice determines how much the
 * dismissal counts against the reporters.
 */
export function FindingField({
  finding,
  choose,
}: {
  finding: Finding;
  choose: (chosen: string) => void;
}) {
  const field = useRef<HTMLSelectElement>(null);
  useKeys({ f: () => field.current?.focus() });
  return (
    <div class="field">
      <label for="decide-finding">
        {t('decide.finding')} <kbd aria-hidden="true">F</kbd>
      </label>
      <select
        id="decide-finding"
        class="input"
        ref={field}
        aria-describedby="decide-finding-hint"
        value={finding}
        onChange={({ currentTarget }) => choose(currentTarget.value)}
      >
        {FINDINGS.map((one) => (
          <option key={one} value={one}>
            {t(`finding.${one}`)}
          </option>
        ))}
      </select>
      <p id="decide-finding-hint" class="hint">
        {t(`findingHint.${finding}`)}
      </p>
    </div>
  );
}
