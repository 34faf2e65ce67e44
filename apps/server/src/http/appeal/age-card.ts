import type { LanguageTag } from '@farandole/kernel/language';
import type { OwnAge } from '@farandole/moderation/appeals/age-appeals';
import { fill } from '@farandole/ui/sentences';
import { serverWords } from '../locale-words.ts';
import type { DraftFault } from './appeal-page.ts';
import { appealWords } from './appeal-words.ts';
import { textForm } from './drawn.ts';

export interface AgeDraft {
  readonly code: string;
  readonly text: string;
  readonly fault: DraftFault | 'crowded';
}

/** An age refusal by device key with the code that its user gave. Null without a code. */
export interface AgeOnPage {
  readonly own: OwnAge;
  readonly code: string | null;
}

interface On {
  readonly language: LanguageTag;
  readonly draft: AgeDraft | null;
  /** Returns the form token for a code. */
  readonly formOf: (code: string) => string;
  readonly moment: (atMs: number) => string;
}

/** Draws an age refusal by device key and its appeal form, as HTML. */
export function ageCard(of: AgeOnPage, on: On): string {
  const words = serverWords(on.language).age;
  const { endsAtMs } = of.own;
  const says =
    endsAtMs === null
      ? words.over
      : `${words.why} ${fill(words.until, { at: on.moment(endsAtMs) })}`;
  return `<article class="card" aria-label="${words.title}">
<h2>${words.title}</h2>
<p class="note${endsAtMs === null ? ' good' : ''}">${says}</p>
${written(of, on)}
</article>`;
}

function written({ own, code }: AgeOnPage, { language, draft, formOf, moment }: On): string {
  const words = serverWords(language).age;
  const title = `<h3>${words.appealTitle}</h3>`;
  const { appeal, endsAtMs } = own;
  if (appeal?.state === 'answered') {
    const good = appeal.outcome === 'overturn' ? ' good' : '';
    const answered = fill(words.answered, { at: moment(appeal.answeredAtMs) });
    return `${title}<p>${answered}</p><p class="note${good}">${words.outcome[appeal.outcome]}</p>`;
  }
  if (endsAtMs === null) return '';
  if (appeal !== null) {
    const received = fill(words.received, { at: moment(appeal.atMs) });
    return `${title}<p class="note good" role="status">${received}</p>`;
  }
  if (code === null) return '';
  const form = textForm({
    id: 'text-age',
    language,
    mark: formOf(code),
    label: words.write,
    hint: words.hint,
    send: words.send,
    draft: draft === null ? null : { text: draft.text, fault: faultOf(draft, language) },
  });
  return `${title}<p>${words.appealText}</p>${form}`;
}

function faultOf({ fault }: AgeDraft, language: LanguageTag): string {
  if (fault === 'crowded') return serverWords(language).age.crowded;
  return appealWords(language).draftFault[fault];
}
