import '../styles/later.css';
import '../styles/rules.css';
import '../styles/stay.css';
import { t } from '../i18n/words.ts';
import type { RulesView } from '../state/screen.ts';
import { community } from '../ui/community.ts';
import { isSecondClick } from '../ui/double-click.ts';
import { Heading } from '../ui/heading.tsx';
import { Icon } from '../ui/icons.tsx';
import { RULES, type Rule } from '../ui/rule-list.ts';
import { useApp } from './app-context.ts';
import { HouseRules } from './shared/house-rules.tsx';
import { Page } from './shared/page.tsx';

const FIRST_TIME: Omit<RulesView, 'mode'> = { why: 'first-time', changed: [] };

/** The device for which the browser asks next. */
const ASKS = { video: 'camera', voice: 'microphone', text: null, question: null } as const;

/** Asks in one press for the user's age and agreement to the rules. */
export function Rules() {
  const app = useApp();
  const view = app.navigation.rules.value;
  const { why, changed } = view ?? FIRST_TIME;
  const asks = view === null ? null : ASKS[view.mode];
  const here = community.value;
  const house = app.link.server.value?.houseRules ?? null;
  const isHouseChanged =
    house !== null && house.version !== app.settings.preferences.value.houseVersion;
  return (
    <Page width="text">
      <div class="gate">
        <Heading>{t(why === 'first-time' ? 'rules.title' : 'rules.titleAgain')}</Heading>
        {why !== 'first-time' && (
          <p class="note">
            <Icon name="info" size={20} />
            <span>{whyWords(why, changed.length, isHouseChanged)}</span>
          </p>
        )}
        <ul class="four">
          {RULES.filter(({ name }) => name !== 'adults' || changed.includes(name)).map((rule) => (
            <RuleTile key={rule.name} rule={rule} isChanged={changed.includes(rule.name)} />
          ))}
        </ul>
        <HouseRules
          isChanged={why === 'changed' && isHouseChanged}
          before={app.settings.preferences.value.houseText}
        />
        {here !== null && <here.Gate />}
        <div class="gate-end stays whole">
          {asks !== null && (
            <p id="gate-next" class="gate-next">
              <Icon name={asks} size={20} />
              <span>{t(`rules.${asks}Next`)}</span>
            </p>
          )}
          <button
            type="button"
            class="btn big spark"
            aria-describedby={asks === null ? undefined : 'gate-next'}
            onClick={(event) => {
              // The first click of a double click pressed the button of the screen before.
              if (!isSecondClick(event)) app.navigation.acceptRules();
            }}
          >
            {t('rules.accept')}
          </button>
        </div>
        <button
          type="button"
          class="btn plain"
          onClick={(event) => {
            if (!isSecondClick(event)) app.navigation.declareMinor();
          }}
        >
          {t('rules.minor')}
        </button>
      </div>
    </Page>
  );
}

function RuleTile({ rule: { name, icon }, isChanged }: { rule: Rule; isChanged: boolean }) {
  return (
    <li class={isChanged ? 'rule-tile changed' : 'rule-tile'}>
      <span class="badge">
        <Icon name={icon} />
      </span>
      <strong>{t(`rules.${name}`)}</strong>
      {isChanged && <span class="changed-mark small">{t('rules.changedMark')}</span>}
      <p class="soft small">{t(`rules.${name}Why`)}</p>
    </li>
  );
}

function whyWords(why: RulesView['why'], changed: number, isHouseChanged: boolean): string {
  if (why === 'community') return community.value?.gateWords() ?? t('rules.changed');
  if (why === 'asked-by-server') return t('rules.asked');
  if (changed === 0 && isHouseChanged) return t('rules.houseChanged');
  return changed === 0 ? t('rules.changed') : t('rules.changedCount', { count: changed });
}
