import type { LanguageTag } from '@farandole/kernel/language';
import type { OwnMeasure } from '@farandole/moderation/appeals/own-measures';
import type { CaseId } from '@farandole/moderation/ids';
import type { DraftFault } from './appeal-page.ts';
import { appealWords } from './appeal-words.ts';
import { escape, textForm } from './drawn.ts';
import { measureWords } from './measure-words.ts';

export interface MeasureDraft {
  readonly case: CaseId;
  readonly text: string;
  readonly fault: DraftFault;
}

/** Draws a suspension or restriction by software and its appeal form, as HTML. */
export function measureCard(
  own: OwnMeasure,
  on: {
    readonly language: LanguageTag;
    readonly draft: MeasureDraft | null;
    readonly mark: string;
    readonly code: string;
    readonly moment: (atMs: number) => string;
  },
): string {
  const words = measureWords(on.language);
  const title = words.title[own.measure];
  const { endsAtMs } = own;
  const says =
    endsAtMs === null
      ? words.over
      : `${words.why[own.measure]} ${words.until(on.moment(endsAtMs))}`;
  return `<article class="card" aria-label="${title}">
<h2>${title}</h2>
<p class="note${endsAtMs === null ? ' good' : ''}">${says}</p>
<dl><dt>${appealWords(on.language).codeRow}</dt><dd><code>${escape(on.code)}</code></dd></dl>
${written(own, on)}
</article>`;
}

function written(
  { case: of, appeal, endsAtMs }: OwnMeasure,
  { language, draft, mark, moment }: Parameters<typeof measureCard>[1],
): string {
  const words = measureWords(language);
  const title = `<h3>${words.appealTitle}</h3>`;
  switch (appeal?.state) {
    case 'answered': {
      const good = appeal.outcome === 'overturn' ? ' good' : '';
      return `${title}<p>${words.answered(moment(appeal.answeredAtMs))}</p><p class="note${good}">${words.outcome[appeal.outcome]}</p>`;
    }
    case 'moot':
      return `${title}<p class="note">${words.decided}</p>`;
    case 'waiting':
      return `${title}<p class="note good" role="status">${words.received(moment(appeal.atMs))}</p>`;
    case undefined:
  }
  if (endsAtMs === null) return '';
  const form = textForm({
    id: `text-${of}`,
    language,
    mark,
    label: words.write,
    hint: words.hint,
    send: words.send,
    draft:
      draft === null
        ? null
        : { text: draft.text, fault: appealWords(language).draftFault[draft.fault] },
  });
  return `${title}<p>${words.appealText}</p>${form}`;
}
