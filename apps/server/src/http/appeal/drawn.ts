import { APPEAL_TEXT_UNITS_MAX } from '@farandole/moderation/limits';
import { APPEAL_PATH } from '@farandole/protocol/http-api';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * Escapes text for the content of an HTML element or for a quoted attribute. Drops characters that
 * HTML can't contain.
 */
export function escape(text: string): string {
  return text
    .replaceAll(/(?![\n\t])\p{Cc}|\p{Cs}/gu, '')
    .replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

export function hidden(name: string, value: string): string {
  return `<input type="hidden" name="${name}" value="${escape(value)}">`;
}

/**
 * Draws an HTML form with one text field. All arguments are HTML, except the user's draft in
 * `text`.
 */
export function textForm(form: {
  /** Id of the form, unique on its page. */
  readonly id: string;
  readonly language: string;
  readonly mark: string;
  readonly label: string;
  readonly hint: string;
  readonly send: string;
  readonly draft: { readonly text: string; readonly fault: string } | null;
}): string {
  const { id, draft } = form;
  const fault =
    draft === null ? '' : `<p class="note bad" role="alert" id="${id}-fault">${draft.fault}</p>`;
  return `<form method="post" action="${APPEAL_PATH}">
${hidden('language', form.language)}${hidden('form', form.mark)}
${fault}
<label for="${id}">${form.label}</label>
<textarea id="${id}" name="text" rows="7" required maxlength="${APPEAL_TEXT_UNITS_MAX}" dir="auto" aria-describedby="${id}-hint${draft === null ? '' : ` ${id}-fault`}">
${escape(draft?.text ?? '')}</textarea>
<p class="hint" id="${id}-hint">${form.hint}</p>
<button>${form.send}</button>
</form>`;
}
