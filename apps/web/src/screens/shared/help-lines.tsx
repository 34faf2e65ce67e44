import '../../styles/later.css';
import type { HelpLines } from '@farandole/protocol/http-api';
import { pageLanguage, t } from '../../i18n/words.ts';
import { helpListOf, nearestFirst } from '../../ui/help-list.ts';
import { OutsideLink } from '../../ui/outside-link.tsx';
import { useApp } from '../app-context.ts';

/** International directories of help lines. The page only links to the directories. */
const DIRECTORIES: Readonly<Record<keyof HelpLines, string>> = {
  anybody: 'https://findahelpline.com/',
  children: 'https://childhelplineinternational.org/',
};

/**
 * A link to the operator's help line or to an international directory. If the operator named
 * help lines by country, the component is a list that ends with the directory. A single link may
 * be part of a sentence.
 */
export function HelpLink({ who }: { who: keyof HelpLines }) {
  const { server } = useApp().link;
  const lines = helpListOf(server.value?.helpLines[who] ?? null);
  const directory = <OutsideLink href={DIRECTORIES[who]}>{t(`helpLines.${who}`)}</OutsideLink>;
  const [only] = lines;
  if (only === undefined) return directory;
  if (only.country === null) {
    return <OutsideLink href={only.href}>{t('helpLines.own')}</OutsideLink>;
  }
  return (
    <span class="help-lines" role="list">
      {nearestFirst(lines, navigator.languages, countryName).map(({ country, href }) => (
        <span key={country} role="listitem">
          <OutsideLink href={href}>{countryName(country ?? '')}</OutsideLink>
        </span>
      ))}
      <span role="listitem">{directory}</span>
    </span>
  );
}

export function countryName(country: string): string {
  return new Intl.DisplayNames(pageLanguage(), { type: 'region' }).of(country) ?? country;
}
