import '../../styles/exchange.css';
import type { Mode, Rung } from '@farandole/protocol/fields';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { momentOf, pageLanguage, t } from '../../i18n/words.ts';
import { Icon } from '../../ui/icons.tsx';
import { offeredModes } from '../../ui/offered-modes.ts';
import { primaryOf } from '../../ui/spoken-languages.ts';
import { useApp } from '../app-context.ts';
import { Sheet } from '../conversation/sheet.tsx';
import { AppealDoor } from '../shared/appeal-door.tsx';
import { type Choice, choiceOf, faultOf, isChoosing, partsOf, wishOf } from './choice.ts';
import { ExchangeForm } from './exchange-form.tsx';

/** The ways to begin an exchange, in the order of their buttons. */
const ORDER: readonly Rung[] = ['video', 'voice', 'text'];

/** The button on the landing that opens the choice of languages. */
export function ExchangeButton() {
  useEffect(
    () => () => {
      isChoosing.value = false;
    },
    [],
  );
  return (
    <>
      <button
        type="button"
        class="btn big text-only"
        aria-haspopup="dialog"
        onClick={() => {
          isChoosing.value = true;
        }}
      >
        {t('exchange.start')}
      </button>
      {isChoosing.value && (
        <ExchangeStart
          close={() => {
            isChoosing.value = false;
          }}
        />
      )}
    </>
  );
}

/** Where the user says what they speak and learn, and chooses how to begin. */
function ExchangeStart({ close }: { close: () => void }) {
  const app = useApp();
  const { closed, choice, tried, change } = useChoice();
  const fault = tried.value ? faultOf(choice) : null;
  const start = (mode: Mode): void => {
    tried.value = true;
    const wish = wishOf(choice);
    if (wish === null) return;
    close();
    app.navigation.start(mode, undefined, wish);
  };
  return (
    <Sheet title={t('exchange.title')} onClose={close}>
      <p>{t('exchange.lead')}</p>
      {closed === null ? (
        <>
          <ExchangeForm choice={choice} fault={fault} change={change} />
          <div class="field" role="group" aria-label={t('exchange.by')}>
            <span class="label" aria-hidden="true">
              {t('exchange.by')}
            </span>
            <div class="exchange-go">
              {waysOf(app.devices.supported && app.standing.view.value?.may !== 'text').map(
                (mode, at) => (
                  <button
                    key={mode}
                    type="button"
                    class={at === 0 ? 'btn spark' : 'btn'}
                    onClick={() => start(mode)}
                  >
                    {t(`voice.rung.${mode}`)}
                  </button>
                ),
              )}
            </div>
          </div>
        </>
      ) : (
        <ClosedNote />
      )}
    </Sheet>
  );
}

/** The user's exchange in the settings. Its changes count from the next search on. */
export function ExchangeSettings() {
  const { closed, choice, change } = useChoice();
  return (
    <section class="field">
      <h3>{t('exchange.title')}</h3>
      {closed === null ? (
        <ExchangeForm choice={choice} fault={faultOf(choice)} change={change} />
      ) : (
        <ClosedNote />
      )}
    </section>
  );
}

function useChoice() {
  const app = useApp();
  const { exchange } = app.settings.preferences.value;
  const tried = useSignal(false);
  return {
    tried,
    closed: app.standing.exchangeClosed.value,
    choice: choiceOf(exchange, primaryOf(pageLanguage()) ?? pageLanguage()),
    change: (next: Choice): void => {
      app.settings.set({ exchange: partsOf(next) });
    },
  };
}

function waysOf(mayCall: boolean): readonly Rung[] {
  const offered = offeredModes();
  return ORDER.filter((mode) => offered.includes(mode) && (mode === 'text' || mayCall));
}

/** Says why and until when language exchange is closed for the user, and how to appeal. */
function ClosedNote() {
  const closed = useApp().standing.exchangeClosed.value;
  if (closed === null) return null;
  return (
    <section class="note text-only-note" aria-labelledby="exchange-closed">
      <Icon name="info" size={20} />
      <div class="go">
        <p>
          <strong id="exchange-closed">{t('exchange.closed.title')}</strong>
        </p>
        <p>
          {t('exchange.closed.text')}{' '}
          {t('exchange.closed.until', { moment: momentOf(closed.endsAtMs) })}
        </p>
        <AppealDoor code={closed.appeal} quiet />
      </div>
    </section>
  );
}
