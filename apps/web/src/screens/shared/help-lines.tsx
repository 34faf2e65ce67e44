import type { HelpLines } from '@farandole/protocol/http-api';
import { pageLanguage, t } from '../../i18n/words.ts';
import { helpListOf, nearestFirst } from '../../ui/help-list.ts';
import { OutsideLink } from '../../ui/outside-link.tsx';
import { useApp } from '../app-context.ts';

/** By country; the page only links to them. */
const DIRECTORIES: Readonly<Record<keyof HelpLines, string>> = {
  anybody: 'https://findahelpline.com/',
  children: 'https://childhelplineinternational.org/',
};

/**
 * Where somebody listens: what whoever runs this server names, or a directory of all countries. Where
 * they name some countries it is a list, with that directory at its end; it may stand in a sentence.
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

/** As the page's language calls it. */
export function countryName(country: string): string {
  return new Intl.DisplayNames(pageLanguage(), { type: 'region' }).of(country) ?? country;
}
