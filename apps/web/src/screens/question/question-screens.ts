export { loadQuestion } from '@farandole/ui/question-locales';
export { authorName } from './author-name.ts';
export { QuestionPeer } from './question-peer.tsx';
export { QuestionRoom } from './question-room.tsx';
export { QuestionStart } from './question-start.tsx';
export { Whom } from './whom.tsx';
