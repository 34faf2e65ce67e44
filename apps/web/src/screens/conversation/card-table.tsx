import '../../styles/cards.css';
import { useEffect, useState } from 'preact/hooks';
import { type CardView, GAMES, isPrompt, type PlainGame } from '../../call/cards.ts';
import { tuneOf } from '../../call/tunes.ts';
import { t, type WordKey } from '../../i18n/words.ts';
import { playNotes } from '../../sound/sounds.ts';
import { Icon } from '../../ui/icons.tsx';
import { useApp } from '../app-context.ts';

export { loadCards } from '@farandole/ui/card-locales';

/** The loudness of a tune, out of `VOLUME_MAX`. */
const TUNE_VOLUME = 60;

/** The card on the table of a call, with the choice of a game. */
export function CardTable() {
  const app = useApp();
  const cards = app.reactions.model.value?.cards;
  const card = cards?.view.value ?? null;
  // The prompts of a language exchange have their own table.
  if (cards === undefined || card === null || !isPlain(card)) return null;
  const isText = app.call.view.value?.mode === 'text';
  return (
    <section class="card-table" aria-label={t('cards.label')}>
      <div class="card-head">
        <select
          aria-label={t('cards.choose')}
          value={card.game}
          onChange={({ currentTarget }) => cards.play(currentTarget.value as PlainGame)}
        >
          {GAMES.filter((game) => game !== 'draw' || !isText).map((game) => (
            <option key={game} value={game}>
              {t(`cards.games.${game}`)}
            </option>
          ))}
        </select>
        <button
          type="button"
          class="btn plain ic"
          aria-label={t('cards.away')}
          title={t('cards.away')}
          onClick={() => cards.putAway()}
        >
          <Icon name="cross" />
        </button>
      </div>
      <Face key={card.turn} card={card} />
      {cards.mustWait.value && <p class="hint">{t('cards.wait')}</p>}
      <div class="card-acts">
        {card.game === 'tune' && <PlayButton card={card} />}
        <button
          type="button"
          class="btn"
          disabled={cards.mustWait.value}
          onClick={() => cards.play(card.game)}
        >
          {t('cards.another')}
        </button>
      </div>
    </section>
  );
}

/** What the card says. The word to guess is hidden from the user who guesses. */
function Face({ card }: { card: PlainCard }) {
  const [isShown, setShown] = useState(false);
  const how = howOf(card);
  const isSecret = hidesText(card) && !isShown;
  return (
    <>
      {how !== null && <p class="card-how">{t(how)}</p>}
      {isSecret ? (
        <button type="button" class="btn plain" onClick={() => setShown(true)}>
          {t('cards.answer')}
        </button>
      ) : (
        <p class="card-text">{t(textOf(card))}</p>
      )}
    </>
  );
}

function PlayButton({ card }: { card: CardView }) {
  const [stop, setStop] = useState<(() => void) | null>(null);
  useEffect(() => () => stop?.(), [stop]);
  return (
    <button
      type="button"
      class="btn"
      onClick={() => setStop(() => playNotes(tuneOf(card.text), TUNE_VOLUME))}
    >
      {t('cards.play')}
    </button>
  );
}

type PlainCard = CardView & { readonly game: PlainGame };

function isPlain(card: CardView): card is PlainCard {
  return !isPrompt(card.game);
}

function hidesText({ game, isOwnTurn }: CardView): boolean {
  return game === 'tune' || (game === 'draw' && !isOwnTurn);
}

function howOf({ game, isOwnTurn }: PlainCard): WordKey | null {
  if (game === 'ice') return null;
  if (game === 'tune') return 'cards.how.tune';
  return `cards.how.${game}.${isOwnTurn ? 'own' : 'peer'}`;
}

/** The cast is correct, because each language has a text for each card of a deck. */
function textOf({ game, text }: CardView): WordKey {
  return `cards.${game}.${text}` as WordKey;
}

/** Returns what is announced of a card: the game, and the text unless it is hidden. */
export function spokenOf(card: CardView): { readonly row: WordKey; readonly key: WordKey } | null {
  if (!isPlain(card)) return null;
  const key = hidesText(card) ? howOf(card) : null;
  return { row: `cards.games.${card.game}`, key: key ?? textOf(card) };
}
