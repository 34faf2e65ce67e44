import { lazyModel } from '../../base/lazy-model.ts';
import { addWords } from '../../i18n/words.ts';

/** The parts of the screens for questions, with their texts. They load where questions are offered. */
export const questionPart = lazyModel(async () => {
  const { QuestionPeer, QuestionRoom, QuestionStart, Whom, authorName, loadQuestion } =
    await import('./question-screens.ts');
  await addWords(loadQuestion);
  return { QuestionPeer, QuestionRoom, QuestionStart, Whom, authorName };
});
