import { mayWait } from '@farandole/moderation/alerts/alert';
import { readLocales } from '@farandole/ui/locales';
import { fill, Sentences } from '@farandole/ui/sentences';
import { serverWords } from '../http/locale-words.ts';
import type { OutgoingAlert } from './alert-sender.ts';

const SENTENCES = new Sentences();
for (const [language, words] of Object.entries(readLocales('alerts'))) {
  SENTENCES.add(language, 'alerts', words);
}

/** Writes the mail of an alert. It names codes of cases and nothing about a user. */
export function alertMail(
  { alert, step, link, language }: OutgoingAlert,
  service: string,
): { readonly subject: string; readonly text: string } {
  const words = serverWords(language).alertMail;
  if (alert === null) {
    const subject = fill(words.subject, { service, alert: words.test });
    return { subject, text: paragraphs([words.testText, fill(words.console, { link })]) };
  }
  const { kind, count, cases, class: of } = alert;
  const title = SENTENCES.say(language, `alerts.kind.${kind}`, { count });
  return {
    subject: fill(words.subject, { service, alert: title }),
    text: paragraphs([
      title,
      of === null ? null : SENTENCES.say(language, `alerts.class.${of}`, {}),
      step === 0 ? null : words.next,
      cases.length === 0 ? null : fill(words.cases, { cases: cases.join(', ') }),
      mayWait(kind) ? words.mayWait : words.urgent,
      fill(words.open, { link }),
    ]),
  };
}

function paragraphs(all: readonly (string | null)[]): string {
  return `${all.filter((one) => one !== null).join('\n\n')}\n`;
}
