import '../styles/later.css';
import '../styles/landing-wishes.css';
import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { languageName, t } from '../i18n/words.ts';
import { sameChip } from '../ui/chip-list.ts';
import { InterestChip } from '../ui/chips.tsx';
import { Icon } from '../ui/icons.tsx';
import { type InterestBox, useInterestBox } from '../ui/interest-box.tsx';
import { useApp } from './app-context.ts';
import { lazy } from './shared/lazy.tsx';

const languages = lazy(
  async () => (await import('./landing-languages.tsx')).LandingLanguages,
  'place',
);

/** Languages that the closed chip names. The others are only counted. */
const LANGUAGES_NAMED = 2;

/**
 * One line of chips: the user's interests, a few suggestions, a text field for others, and the
 * languages. Everything here is optional.
 */
export function LandingWishes() {
  const app = useApp();
  const { interests, onlyShared } = app.settings.preferences.value;
  const wish = app.fault.value?.wish ?? null;
  const isOpen = useSignal(false);
  const id = useId();
  const box = useInterestBox(
    {
      items: interests,
      refused: wish === 'bad-interest',
      onChange: (items) => app.settings.set({ interests: items }),
    },
    { name: t('interests.add'), placeholder: undefined },
  );
  const showsLanguages = isOpen.value || wish === 'bad-language';
  return (
    <section class="wishes" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{t('landing.wishes')}</h2>
      <ul class="chips" ref={box.list}>
        <Interests items={interests} box={box} />
        <li class="combo type-chip">
          <label class="type-box" aria-hidden="true" for={`${box.id}-box`}>
            <Icon name="plus" size={20} />
          </label>
          {box.field}
          {box.suggestions}
        </li>
        <li>
          <button
            type="button"
            class="pick-chip"
            aria-expanded={showsLanguages}
            aria-controls={showsLanguages ? `${id}-languages` : undefined}
            onClick={() => {
              isOpen.value = !showsLanguages;
            }}
          >
            <Icon name="speech" size={20} />
            <span class="sr">{t('languages.label')} </span>
            <Spoken />
          </button>
        </li>
      </ul>
      <p id={`${box.id}-hint`} class="hint bad">
        {box.refusal}
      </p>
      {interests.length > 0 && (
        <label class="switch">
          <input
            type="checkbox"
            role="switch"
            checked={onlyShared}
            onChange={(event) => app.settings.set({ onlyShared: event.currentTarget.checked })}
          />
          <span>{t('interests.onlyShared')}</span>
        </label>
      )}
      {showsLanguages && (
        <div id={`${id}-languages`} class="languages">
          <languages.Part />
        </div>
      )}
      {app.settings.storageBlocked.value && <p class="hint">{t('landing.storage')}</p>}
    </section>
  );
}

/**
 * Suggestions stay where they are when they are chosen, so that no chip jumps. There are fewer of
 * them if the user has other interests.
 */
function Interests({ items, box }: { items: readonly string[]; box: InterestBox }) {
  const known = t('interests.first').split(/[,،、]\s*/u);
  const own = items.filter((item) => !known.some((other) => sameChip(item, other)));
  const isChosen = (name: string): boolean => items.some((item) => sameChip(item, name));
  const places = known.length - own.length;
  const suggested = known.filter((name, index) => index < places || isChosen(name));
  return (
    <>
      {own.map((item) => (
        <InterestChip key={item} item={item} onRemove={() => box.remove(item, own)} />
      ))}
      {suggested.map((name) => {
        const chosen = items.find((item) => sameChip(item, name));
        return (
          <li key={name}>
            <button
              type="button"
              class="pick-chip"
              aria-pressed={chosen !== undefined}
              onClick={() => (chosen === undefined ? box.add(name) : box.remove(chosen, []))}
            >
              {name}
              {chosen !== undefined && <Icon name="cross" size={16} />}
            </button>
          </li>
        );
      })}
    </>
  );
}

function Spoken() {
  const tags = useApp().settings.preferences.value.languages;
  if (tags.length === 0) return <span>{t('languages.add')}</span>;
  const named = tags.slice(0, LANGUAGES_NAMED).map(languageName).join(' · ');
  const others = tags.length - LANGUAGES_NAMED;
  return <span>{others > 0 ? `${named} +${others}` : named}</span>;
}
