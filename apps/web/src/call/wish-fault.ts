import type { QuestionFault } from '@farandole/protocol/fields';

/**
 * A choice for the search that the server refused. The landing, or the question's room, shows the
 * fault at the field of this choice.
 */
export type WishFault =
  | 'bad-interest'
  | 'bad-language'
  | 'bad-question'
  | 'community-closed'
  | 'community-changed'
  | 'community-pass'
  | 'not-proven'
  | 'not-offered'
  | 'too-many-questions'
  | QuestionFault;
