import type { HelpLines } from '@farandole/protocol/http-api';
import { t } from '../i18n/words.ts';
import { useApp } from './app-context.ts';
import { OutsideLink } from './outside-link.tsx';

/** By country; the page only links to them. */
const DIRECTORIES: Readonly<Record<keyof HelpLines, string>> = {
  anybody: 'https://findahelpline.com/',
  children: 'https://childhelplineinternational.org/',
};

/** Where somebody listens: what whoever runs this server names, or a directory of all countries. */
export function HelpLink({ who }: { who: keyof HelpLines }) {
  const { server } = useApp();
  const own = server.value?.helpLines[who] ?? null;
  return (
    <OutsideLink href={own ?? DIRECTORIES[who]}>
      {t(own === null ? `helpLines.${who}` : 'helpLines.own')}
    </OutsideLink>
  );
}
