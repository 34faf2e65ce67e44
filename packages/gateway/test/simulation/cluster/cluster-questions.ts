import type { Prng } from '@farandole/kernel/prng';

/** Share of the worlds of several nodes in which some users only ask and answer questions. */
const WORLDS_PER_QUESTION_WORLD = 5;
/** Number of users per user who asks and answers questions. */
const USERS_PER_MEMBER = 6;
const ASKS_CHANCE = 1 / 3;

/** What a user of a question world wants next. */
export interface QuestionWish {
  readonly role: 'asker' | 'answerer';
  readonly question?: string;
}

/** Who asks and answers questions in a simulated cluster. */
export class ClusterQuestions {
  readonly isOffered: boolean;
  #asked = 0;

  constructor(seed: number) {
    this.isOffered = seed % WORLDS_PER_QUESTION_WORLD === 0;
  }

  /** @param name the user's name, such as `p11` */
  isFor(name: string): boolean {
    return this.isOffered && Number(name.slice(1)) % USERS_PER_MEMBER === USERS_PER_MEMBER - 1;
  }

  /** @param subject the subject of one of the user's cookies, such as `subject-p11-1-2` */
  isProven(subject: string): boolean {
    return this.isFor(subject.split('-')[1] ?? '');
  }

  draw(prng: Prng): QuestionWish {
    if (!prng.chance(ASKS_CHANCE)) return { role: 'answerer' };
    this.#asked += 1;
    return { role: 'asker', question: `Question ${this.#asked}?` };
  }
}
