import { ROLES } from '@farandole/accounts/roles';
import { APPEAL_OUTCOMES } from '@farandole/moderation/appeals/appeal';
import { SHARED_ANSWERS } from '@farandole/moderation/appeals/shared-appeal';
import { TWO_PERSON_ACTS } from '@farandole/moderation/cases/approval';
import { CASE_STATES } from '@farandole/moderation/cases/case-machine';
import { MEASURES } from '@farandole/moderation/cases/decision';
import { HAND_OVER_STEPS } from '@farandole/moderation/cases/handover-steps';
import { REPORT_REASONS } from '@farandole/moderation/reports/reason';
import type { AuditRow } from '@farandole/moderation/store/records';
import { t, type WordKey } from '../i18n/words.ts';
import { dateOf, listOf, numberOf } from './times.ts';

/**
 * Actions in the audit log that have a translation. For any other action the console shows the
 * action's code.
 */
const KNOWN: ReadonlySet<string> = new Set([
  ...['report.take', 'case.assign', 'case.release', 'case.lapse', 'case.escalate', 'case.reopen'],
  ...['case.join', 'case.safeguard', 'case.prioritise', 'date.move'],
  ...['case.decide', 'case.read', 'decision.undo', 'decision.propose', 'approval.approved'],
  ...['approval.declined', 'approval.withdraw', 'appeal.file', 'appeal.answer', 'subject.hold'],
  ...['shared-appeal.file', 'shared-appeal.answer', 'appeal.read', 'proposal.read'],
  ...['sanction.lift', 'member.add', 'member.remove', 'roles.propose', 'setting.put', 'rules.put'],
  ...['community.create', 'community.change', 'community.close', 'community.codes'],
  ...['community.revoke'],
  ...['hours.put', 'alerts.put', 'alert.acknowledge'],
  ...['subject.erase', 'retention', 'pictures.add', 'pictures.give-way', 'picture.reveal'],
  ...['reveals.ask', 'reveals.allow', 'case.open', 'link.give', 'keys.rotate', 'session.open'],
  ...['hand-over.tick', 'hand-over.untick', 'unsealing.ask', 'unsealing.allow'],
  ...['deletion.ask', 'deletion.done', 'sample.answer', 'exchange.close'],
  ...['session.end', 'password.set', 'recovery-codes.renew', 'passkey.add', 'passkey.remove'],
]);

/**
 * Details of an audit entry that the translated sentence already contains, so they aren't listed
 * again.
 */
const NAMED = [
  ...(['act', 'appeals', 'approval', 'case', 'casesRemoved', 'decision', 'endsAt'] as const),
  ...(['becameAt', 'lane', 'measure', 'more', 'outcome', 'peopleRemoved', 'pictures'] as const),
  ...(['answer', 'codes', 'door', 'picture', 'sanction'] as const),
  ...([
    'picturesShredded',
    'reason',
    'replaces',
    'report',
    'reports',
    'roles',
    'sessions',
  ] as const),
  ...(['shredded', 'state', 'step', 'until', 'version', 'wasAt', 'way', 'wraps'] as const),
];

/**
 * Names of details whose value is a timestamp. The suffix `Ms` isn't enough, because it also
 * marks durations.
 */
const IS_TIME = /(?<=[uU]ntil|At)Ms$/u;

/** Number of characters of a shortened id, enough to distinguish two ids at a glance. */
const ID_SHOWN = 12;

const SAY: Readonly<Record<string, (value: string) => string>> = {
  act: among(TWO_PERSON_ACTS, (one) => t(`act.${one}`)),
  answer: among(SHARED_ANSWERS, (one) => t(`shared.answer.${one}`)),
  lane: among(['normal', 'child-safety'], (one) =>
    t(one === 'normal' ? 'rules.everybody' : 'mark.childSafety'),
  ),
  measure: among(MEASURES, (one) => t(`decided.${one}`)),
  outcome: among(APPEAL_OUTCOMES, (one) => t(`appeals.outcome.${one}`)),
  reason: among(REPORT_REASONS, (one) => t(`reason.${one}`)),
  roles: (value) => {
    const say = among(ROLES, (one) => t(`role.${one}`));
    return value === '' ? t('approvals.noRoles') : listOf(value.split(' ').map(say));
  },
  state: among(CASE_STATES, (one) => t(`state.${one}`)),
  step: among(HAND_OVER_STEPS, (one) => t(`handOver.step.${one}`)),
  way: among(['passkey', 'password', 'recovery-code', 'link'], (one) => t(`by.${one}`)),
};

/** `code` is true if the detail's value is an identifier. */
export interface Detail {
  readonly name: string;
  readonly value: string;
  readonly code: boolean;
}

/** Returns the details of an audit entry that the translated sentence doesn't contain. */
export function detailsInWords(details: NonNullable<AuditRow['details']>): readonly Detail[] {
  return Object.entries(details).flatMap(([key, value]) =>
    // The details `measure` and `via` are left out, because the sentence contains the measure and
    // the author's text contains `via`.
    value === null || key === 'measure' || key === 'via' ? [] : [detailOf(key, value)],
  );
}

function detailOf(key: string, value: string | number): Detail {
  const short = key.replace(IS_TIME, '');
  const known = NAMED.find((one) => one === short);
  const name = known === undefined ? short : t(`detail.${known}`);
  if (typeof value === 'number') {
    return { name, value: short === key ? numberOf(value) : dateOf(value), code: false };
  }
  const say = SAY[key];
  return say === undefined
    ? { name, value: shortId(value), code: true }
    : { name, value: say(value), code: false };
}

function among<Word extends string>(
  words: readonly Word[],
  say: (word: Word) => string,
): (value: string) => string {
  return (value) => {
    const known = words.find((one) => one === value);
    return known === undefined ? value : say(known);
  };
}

export function shortId(id: string): string {
  return id.slice(0, ID_SHOWN);
}

export function actionInWords({ action, details }: Pick<AuditRow, 'action' | 'details'>): string {
  const known = KNOWN.has(action) ? t(`action.${action.replace('.', '-')}` as WordKey) : action;
  const measure = MEASURES.find((one) => one === details?.['measure']);
  return measure === undefined
    ? known
    : t('audit.pair', { name: known, value: t(`decided.${measure}`) });
}

/** Returns the name of the member who acted, and adds when the member acted on the command line. */
export function whoInWords(
  { by, details }: { readonly by: string; readonly details: AuditRow['details'] },
  nameOf: (id: string) => string,
): string {
  if (by === 'subject' || by === 'software' || by === 'operator') return t(`audit.${by}`);
  const name = nameOf(by);
  return details?.['via'] === 'operator' ? t('audit.byCommandLine', { name }) : name;
}
