import { MEASURES } from '@farandole/moderation/decision';
import type { AuditRow } from '@farandole/moderation/records';
import { t, type WordKey } from '../i18n/words.ts';

/** The actions of which the console has a word; another one is shown by its own name. */
const KNOWN: ReadonlySet<string> = new Set([
  ...['report.take', 'case.assign', 'case.release', 'case.lapse', 'case.escalate', 'case.reopen'],
  ...['case.decide', 'case.read', 'decision.undo', 'decision.propose', 'approval.approved'],
  ...['approval.declined', 'approval.withdraw', 'appeal.file', 'appeal.answer', 'subject.hold'],
  ...['sanction.lift', 'member.add', 'member.remove', 'roles.propose', 'setting.put'],
  ...['subject.erase', 'retention', 'pictures.add', 'picture.reveal'],
  ...['reveals.ask', 'reveals.allow'],
]);

/** What was done, in words; of a decision also which. */
export function actionInWords({ action, details }: Pick<AuditRow, 'action' | 'details'>): string {
  const known = KNOWN.has(action) ? t(`action.${action.replace('.', '-')}` as WordKey) : action;
  const measure = MEASURES.find((one) => one === details?.['measure']);
  return measure === undefined ? known : `${known}: ${t(`decided.${measure}`)}`;
}

export function whoInWords(by: string, nameOf: (id: string) => string): string {
  if (by === 'subject' || by === 'software' || by === 'operator') return t(`audit.${by}`);
  return nameOf(by);
}
