import type { Seat } from '@farandole/protocol/fields';
import { signal } from '@preact/signals';
import { lazyModel } from '../../base/lazy-model.ts';
import { addWords } from '../../i18n/words.ts';

/**
 * Names of the authors of chat lines in a call with a question, by seat, also after the call. The
 * asker sees the two answerers by number, and an answerer sees the asker's line as the question.
 */
export const authors = signal<Partial<Record<Seat, string>>>({});

/** The parts of the screens for questions, with their texts. They load where questions are offered. */
export const questionPart = lazyModel(async () => {
  const { QuestionPeer, QuestionRoom, QuestionStart, Whom, loadQuestion } = await import(
    './question-screens.ts'
  );
  await addWords(loadQuestion);
  return { QuestionPeer, QuestionRoom, QuestionStart, Whom };
});
