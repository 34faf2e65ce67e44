import { lazyModel } from '../../base/lazy-model.ts';
import { addWords } from '../../i18n/words.ts';

/** The table for cards with all its texts. They load when the first card is played. */
export const cardPart = lazyModel(async () => {
  const { CardTable, spokenOf, loadCards } = await import('./card-table.tsx');
  await addWords(loadCards);
  return { CardTable, spokenOf };
});
