import type { LanguageTag } from '@farandole/kernel/language';
import type { OwnShared } from '@farandole/moderation/appeals/own-shared';
import type { SanctionId } from '@farandole/moderation/ids';
import type { DraftFault } from './appeal-page.ts';
import { appealWords } from './appeal-words.ts';
import { textForm } from './drawn.ts';
import { sharedWords } from './shared-words.ts';

export interface SharedDraft {
  readonly sanction: SanctionId;
  readonly text: string;
  readonly fault: DraftFault | 'crowded';
}

/** Draws the sanction of a shared network or device, and its appeal form, as HTML. */
export function sharedCard(
  own: OwnShared,
  on: {
    readonly language: LanguageTag;
    readonly draft: SharedDraft | null;
    readonly mark: string;
    readonly moment: (atMs: number) => string;
  },
): string {
  const words = sharedWords(on.language);
  const { scope, restriction, endsAtMs, holds } = own;
  const title = words.title[scope];
  const end = endsAtMs === null ? words.noEnd : words.until(on.moment(endsAtMs));
  const says = holds
    ? [words.why[scope], ...(restriction === 'text-only' ? [words.textOnly] : []), end]
    : [words.over];
  return `<article class="card" aria-label="${title}">
<h2>${title}</h2>
<p class="note${holds ? '' : ' good'}">${says.join(' ')}</p>
${written(own, on)}
</article>`;
}

function written(
  { sanction, appeal, holds }: OwnShared,
  { language, draft, mark, moment }: Parameters<typeof sharedCard>[1],
): string {
  const words = sharedWords(language);
  const title = `<h3>${words.writeTitle}</h3>`;
  if (appeal?.state === 'answered') {
    return `${title}<p>${words.answered(moment(appeal.answeredAtMs))}</p><p class="note${holds ? '' : ' good'}">${words.answer[appeal.answer]}</p>`;
  }
  if (!holds) return '';
  if (appeal !== null) {
    return `${title}<p class="note good" role="status">${words.received(moment(appeal.atMs))}</p>`;
  }
  const form = textForm({
    id: `text-${sanction}`,
    language,
    mark,
    label: words.write,
    hint: words.hint,
    send: words.send,
    draft: draft === null ? null : { text: draft.text, fault: faultOf(draft, language) },
  });
  return `${title}${form}`;
}

function faultOf({ fault }: SharedDraft, language: LanguageTag): string {
  if (fault === 'crowded') return sharedWords(language).crowded;
  return appealWords(language).draftFault[fault];
}
