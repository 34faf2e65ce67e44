import type { Seat } from '@farandole/protocol/fields';
import { numberOf, t } from '../../i18n/words.ts';
import type { ReportView } from '../../report/reporting-view.ts';
import { useApp } from '../app-context.ts';

/** The choice of whom a report or block is about, in a call of three. */
export function Whom({ whom: { own, of } }: { whom: Exclude<ReportView['whom'], false> }) {
  const app = useApp();
  const seats: readonly Seat[] = ['a', 'b', 'c'];
  return (
    <fieldset class="whom">
      <legend>{t('question.whom')}</legend>
      {seats
        .filter((seat) => seat !== own)
        .toReversed()
        .map((seat) => (
          <label key={seat} class="choice">
            <input
              type="radio"
              name="whom"
              checked={seat === of}
              onChange={() => app.report.open('', seat)}
            />
            <span>{nameOf(seat, own)}</span>
          </label>
        ))}
    </fieldset>
  );
}

function nameOf(seat: Seat, own: Seat): string {
  if (seat === 'a') return t('question.who.asker');
  if (own !== 'a') return t('question.who.other');
  return t('question.person', { number: numberOf(seat === 'b' ? 1 : 2) });
}
