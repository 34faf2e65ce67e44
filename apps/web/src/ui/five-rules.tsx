import '../styles/later.css';
import { t } from '../i18n/words.ts';
import { Icon } from './icons.tsx';
import { RULES, type Rule } from './rule-list.ts';

/** Shows the rules for all users, each with a reason. Changed rules are highlighted. */
export function FiveRules({ changed = [] }: { changed?: readonly Rule['name'][] }) {
  return (
    <ol class="rule-cards">
      {RULES.map(({ name, icon }) => {
        const isChanged = changed.includes(name);
        return (
          <li key={name} class={isChanged ? 'rule-card changed' : 'rule-card'}>
            <span class="badge">
              <Icon name={icon} />
            </span>
            <div>
              <strong>{t(`rules.${name}`)}</strong>
              {isChanged && <span class="changed-mark small">{t('rules.changedMark')}</span>}
              <p class="soft small">{t(`rules.${name}Why`)}</p>
            </div>
          </li>
        );
      })}
    </ol>
  );
}
