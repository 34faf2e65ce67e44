import { signal, useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import '../styles/rules.css';
import '../styles/stay.css';
import { t } from '../i18n/words.ts';
import type { RulesView } from '../state/screen.ts';
import { FiveRules } from '../ui/five-rules.tsx';
import { Heading } from '../ui/heading.tsx';
import { Icon } from '../ui/icons.tsx';
import { useApp } from './app-context.ts';
import { type AgeAnswer, gateStep } from './gate.ts';
import { HouseRules } from './shared/house-rules.tsx';
import { Page } from './shared/page.tsx';

const answer = signal<AgeAnswer | null>(null);
const agreed = signal(false);
/**
 * The user's answers are stored outside the component, because the user may open a text page
 * before submitting.
 */
let asked: RulesView | null = null;

function keepAnswersTo(rules: RulesView | null): void {
  if (rules === asked) return;
  asked = rules;
  answer.value = null;
  agreed.value = false;
}

/** Asks in two steps for the user's age and agreement to the rules. Nothing is preselected. */
export function Rules() {
  const app = useApp();
  const tried = useSignal(false);
  keepAnswersTo(app.navigation.rules.value);
  const adult = useRef<HTMLInputElement>(null);
  const box = useRef<HTMLInputElement>(null);
  const step = gateStep(answer.value, agreed.value);
  const why = app.navigation.rules.value?.why ?? 'first-time';
  const changed = app.navigation.rules.value?.changed ?? [];

  const house = app.link.server.value?.houseRules ?? null;
  const isHouseChanged =
    house !== null && house.version !== app.settings.preferences.value.houseVersion;

  const proceed = (event: Event): void => {
    event.preventDefault();
    tried.value = true;
    if (step === 'accept') app.navigation.acceptRules();
    else if (step === 'minor') app.navigation.declareMinor();
    else (step === 'age-missing' ? adult : box).current?.focus();
  };
  const ageMissing = tried.value && step === 'age-missing';
  const agreeMissing = tried.value && step === 'agree-missing';

  return (
    <Page width="text">
      <form class="gate" noValidate onSubmit={proceed}>
        <Heading>{t('rules.title')}</Heading>
        {why !== 'first-time' && (
          <p class="note">
            <Icon name="info" size={20} />
            <span>{whyWords(why, changed.length, isHouseChanged)}</span>
          </p>
        )}

        <fieldset class="age" aria-describedby="age-note">
          <legend>
            <h2>{t('rules.ageQuestion')}</h2>
          </legend>
          <div class="choices">
            {(['adult', 'minor'] as const).map((value) => (
              <label key={value} class="choice">
                <input
                  ref={value === 'adult' ? adult : null}
                  type="radio"
                  name="age"
                  value={value}
                  checked={answer.value === value}
                  aria-describedby={ageMissing ? 'age-missing' : undefined}
                  onChange={() => {
                    answer.value = value;
                  }}
                />
                <span>{t(`rules.${value}`)}</span>
              </label>
            ))}
          </div>
          <p id="age-note" class="hint">
            {t('rules.ageNote')}
          </p>
          {ageMissing && (
            <p id="age-missing" class="hint bad">
              {t('rules.ageMissing')}
            </p>
          )}
        </fieldset>

        <section class="five" aria-labelledby="five-title">
          <h2 id="five-title">{t('rules.five')}</h2>
          <FiveRules changed={changed} />
        </section>
        <HouseRules
          isChanged={why === 'changed' && isHouseChanged}
          before={app.settings.preferences.value.houseText}
        />

        <div class="gate-end stays whole">
          <label class="tick">
            <input
              ref={box}
              type="checkbox"
              checked={agreed.value}
              aria-describedby={agreeMissing ? 'agree-missing' : undefined}
              onChange={(event) => {
                agreed.value = event.currentTarget.checked;
              }}
            />
            <span>{t('rules.agree')}</span>
          </label>
          <p id="agree-missing" class={agreeMissing ? 'hint bad' : 'hint'} hidden={agreed.value}>
            {t('rules.agreeMissing')}
          </p>
          <button
            type="submit"
            class="btn big primary"
            aria-describedby={step === 'agree-missing' ? 'agree-missing' : undefined}
          >
            {t('rules.continue')}
          </button>
        </div>
      </form>
    </Page>
  );
}

function whyWords(why: RulesView['why'], changed: number, isHouseChanged: boolean): string {
  if (why === 'asked-by-server') return t('rules.asked');
  if (changed === 0 && isHouseChanged) return t('rules.houseChanged');
  return changed === 0 ? t('rules.changed') : t('rules.changedCount', { count: changed });
}
