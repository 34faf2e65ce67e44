import '../../styles/exchange.css';
import { loadExchange } from '@farandole/ui/exchange-locales';
import { LANGUAGES } from '@farandole/ui/locales';
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { type CardView, isPrompt, type Prompt } from '../../call/cards.ts';
import { type ExchangeView, promptsOf } from '../../call/exchange.ts';
import { languageNameInText, pageLanguage, percentOf, t, type WordKey } from '../../i18n/words.ts';
import { Icon } from '../../ui/icons.tsx';
import { useApp } from '../app-context.ts';

/** The languages of the call, the fair clock and the prompt on the table. */
export function ExchangeBar() {
  const app = useApp();
  const { exchange, cards } = app.reactions.model.value ?? {};
  const view = exchange?.view.value ?? null;
  if (exchange === undefined || view === null) return null;
  const other = view.languages.find((language) => language !== view.now);
  const card = cards?.view.value ?? null;
  return (
    <section class="exchange-bar" aria-label={t('exchange.bar.label')}>
      <div class="exchange-now">
        <p aria-live="polite">
          <strong>{t(nowWords(view), { language: languageNameInText(view.now) })}</strong>
        </p>
        <Clock share={view.share} />
      </div>
      <div class="exchange-acts">
        {other !== undefined && (
          <Switch view={view} other={other} press={() => exchange.toggleSwitch()} />
        )}
        {cards !== undefined && cards.areOffered.value && (
          <button
            type="button"
            class="btn small"
            disabled={cards.mustWait.value}
            onClick={() => cards.play(promptsOf(view.level))}
          >
            {t(card !== null && isPrompt(card.game) ? 'exchange.bar.another' : 'exchange.bar.card')}
          </button>
        )}
      </div>
      <div class="prompt-place" aria-live="polite">
        {card !== null && isPrompt(card.game) && (
          <PromptCard
            card={card}
            game={card.game}
            language={view.now}
            away={() => cards?.putAway()}
          />
        )}
      </div>
      {cards?.mustWait.value === true && <p class="hint">{t('exchange.bar.wait')}</p>}
    </section>
  );
}

function nowWords({ languages, isLearner }: ExchangeView) {
  if (languages.length > 1) return 'exchange.bar.now';
  return isLearner ? 'exchange.bar.helped' : 'exchange.bar.helping';
}

/** Who spoke or wrote how much. The bar is for the eye; the words say the same. */
function Clock({ share }: { share: number | null }) {
  if (share === null) return <p class="small soft">{t('exchange.bar.clockEmpty')}</p>;
  const [own, peer] = [percentOf(share), percentOf(1 - share)];
  return (
    <div class="fair-clock">
      <span class="fair-bar" aria-hidden="true">
        <span style={{ inlineSize: `${share * 100}%` }} />
      </span>
      <p class="small soft number">{t('exchange.bar.clock', { own, peer })}</p>
    </div>
  );
}

/** An unanswered request is never shown as a no. It stays until it is accepted or taken back. */
function Switch({
  view: { asks, peerAsks },
  other,
  press,
}: {
  view: ExchangeView;
  other: string;
  press: () => void;
}) {
  const language = languageNameInText(other);
  return (
    <div class="exchange-switch" aria-live="polite">
      {peerAsks && !asks && <p class="small">{t('exchange.bar.theirs', { language })}</p>}
      {asks && <p class="small">{t('exchange.bar.asked')}</p>}
      <button
        type="button"
        class={peerAsks && !asks ? 'btn small spark' : 'btn small'}
        onClick={press}
      >
        {asks ? t('exchange.bar.takeBack') : t('exchange.bar.switch', { language })}
      </button>
    </div>
  );
}

type Prompts = Awaited<ReturnType<typeof loadExchange>>['exchange']['prompts'];

/** The prompts by language, null where they couldn't be loaded. A language loads when first shown. */
const loaded = signal<ReadonlyMap<string, Prompts | null>>(new Map());

/**
 * A prompt in the language that the two speak now. It is in the page's language if the other one is
 * unknown or can't be loaded, and empty while that loads, because both users read the same text.
 */
function PromptCard({
  card,
  game,
  language,
  away,
}: {
  card: CardView;
  game: Prompt;
  language: string;
  away: () => void;
}) {
  const isOffered = language in LANGUAGES;
  const prompts = loaded.value.get(language);
  useEffect(() => {
    if (!isOffered || loaded.peek().has(language)) return;
    const keep = (texts: Prompts | null) => {
      loaded.value = new Map(loaded.peek()).set(language, texts);
    };
    loadExchange(language).then(
      ({ exchange }) => keep(exchange.prompts),
      () => keep(null),
    );
  }, [language, isOffered]);
  const isLoading = isOffered && prompts === undefined;
  const translated = prompts?.[game][`${card.text}` as keyof Prompts[Prompt]];
  const own = t(`exchange.prompts.${game}.${card.text}` as WordKey);
  return (
    <div class="prompt-card">
      <p
        class="card-text"
        dir="auto"
        lang={translated === undefined ? pageLanguage() : language}
        translate={translated === undefined ? undefined : false}
        aria-busy={isLoading}
      >
        {translated ?? (isLoading ? '' : own)}
      </p>
      <button
        type="button"
        class="btn plain ic"
        aria-label={t('exchange.bar.away')}
        title={t('exchange.bar.away')}
        onClick={away}
      >
        <Icon name="cross" size={20} />
      </button>
    </div>
  );
}
