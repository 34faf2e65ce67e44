import type { ClientMessageOf } from '@farandole/protocol/client-message';
import { type ExchangeCall, LEVELS } from '@farandole/protocol/fields';

type TicketCreate = ClientMessageOf<'ticket.create'>;
type Learner = ExchangeCall['learners'][number];

/** Returns what two searches learn from each other. Null if they may not meet. */
export function learnersOf(
  { exchange: one }: TicketCreate,
  { exchange: other }: TicketCreate,
): { readonly exchange?: ExchangeCall } | null {
  if (one === undefined || other === undefined) return one === other ? {} : null;
  const gain = (of: typeof one, from: typeof one): Learner => {
    const found = of.learns.find(({ language }) => from.speaks.includes(language));
    const level = LEVELS.find((each) => each === found?.level);
    return found === undefined || level === undefined ? null : { language: found.language, level };
  };
  const learners: ExchangeCall['learners'] = [gain(one, other), gain(other, one)];
  const helps = learners.every((learner, at) => learner !== null || [one, other][at]?.helps);
  return helps && learners.some((learner) => learner !== null) ? { exchange: { learners } } : null;
}
