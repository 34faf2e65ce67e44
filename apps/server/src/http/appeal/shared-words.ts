import type { SharedAnswer, SharedScope } from '@farandole/moderation/appeals/shared-appeal';
import type { Language } from '../accept-language.ts';

/**
 * What is said to somebody who is kept out by a network or a device of somebody else. Who that is, and what
 * they did, stands in none of it. What is a function takes a moment, as HTML.
 */
interface SharedWords {
  readonly title: Readonly<Record<SharedScope['scope'], string>>;
  readonly why: Readonly<Record<SharedScope['scope'], string>>;
  readonly textOnly: string;
  readonly until: (at: string) => string;
  readonly noEnd: string;
  readonly over: string;
  readonly writeTitle: string;
  readonly write: string;
  readonly hint: string;
  readonly send: string;
  readonly received: (at: string) => string;
  readonly answered: (at: string) => string;
  readonly answer: Readonly<Record<SharedAnswer, string>>;
  readonly crowded: string;
}

const EN: SharedWords = {
  title: {
    prefix: 'The network you come from is shut out',
    device: 'This device is shut out',
  },
  why: {
    prefix:
      'Moderators keep somebody out who came from the same network, and the network with them. Nobody has decided anything about you, and it says nothing about you. Another network may work.',
    device:
      'Moderators keep somebody out who used this device, and the device with them. Nobody has decided anything about you, and it says nothing about you.',
  },
  textOnly: 'You can meet people by text, and not by video.',
  until: (at) => `It ends by itself on ${at}, at the latest.`,
  noEnd: 'It has no end of its own.',
  over: 'It is over. You can meet people as before.',
  writeTitle: 'Write to the moderators',
  write: 'What should they know?',
  hint: 'Up to 1,000 characters, once. Somebody who had no part in that decision reads it, and can let the network or device go. They don’t learn who you are, nor you who was kept out. You read the answer here, in this browser.',
  send: 'Send',
  received: (at) =>
    `What you wrote was received on ${at}. Somebody who had no part in that decision will answer it, and you read the answer here, in this browser.`,
  answered: (at) => `What you wrote was answered on ${at}.`,
  answer: {
    'others-share': 'They let it go, since others share it who have done nothing. We are sorry.',
    'not-needed': 'They let it go, since it is needed no more. We are sorry.',
    'still-needed':
      'They leave it as it is: without it, whoever is kept out would come straight back. That is no reproach to you.',
    'nothing-new':
      'They leave it as it is: what you wrote does not show them that it keeps anybody else out.',
  },
  crowded:
    'Many have written about this already and wait for an answer, which will be yours, too. Keep your words, and try again in a few days.',
};

const FR: SharedWords = {
  title: {
    prefix: 'L’accès est fermé au réseau par lequel vous venez',
    device: 'L’accès est fermé à cet appareil',
  },
  why: {
    prefix:
      'La modération tient à l’écart une personne qui venait du même réseau, et ce réseau avec elle. Personne n’a rien décidé à votre sujet, et cela ne dit rien de vous. Un autre réseau fonctionnera peut-être.',
    device:
      'La modération tient à l’écart une personne qui s’est servie de cet appareil, et cet appareil avec elle. Personne n’a rien décidé à votre sujet, et cela ne dit rien de vous.',
  },
  textOnly: 'Vous pouvez faire des rencontres par écrit, et non en vidéo.',
  until: (at) => `Cela prendra fin de soi-même le ${at}, au plus tard.`,
  noEnd: 'Cela n’a pas de fin prévue.',
  over: 'C’est terminé. Vous pouvez faire des rencontres comme avant.',
  writeTitle: 'Écrire à la modération',
  write: 'Que faut-il savoir ?',
  hint: '1 000 caractères au plus, une seule fois. Une personne qui n’a pas pris part à cette décision vous lira, et peut rouvrir l’accès au réseau ou à l’appareil. Elle n’apprend pas qui vous êtes, ni vous qui est tenu à l’écart. Vous lirez la réponse ici, dans ce navigateur.',
  send: 'Envoyer',
  received: (at) =>
    `Votre message est arrivé le ${at}. Une personne qui n’a pas pris part à cette décision y répondra, et vous lirez la réponse ici, dans ce navigateur.`,
  answered: (at) => `Votre message a reçu une réponse le ${at}.`,
  answer: {
    'others-share':
      'L’accès est rouvert, puisque d’autres s’en servent qui n’ont rien fait. Nous vous présentons nos excuses.',
    'not-needed':
      'L’accès est rouvert, puisque la mesure n’est plus nécessaire. Nous vous présentons nos excuses.',
    'still-needed':
      'La mesure est maintenue : sans elle, la personne tenue à l’écart reviendrait aussitôt. On ne vous reproche rien.',
    'nothing-new':
      'La mesure est maintenue : ce que vous avez écrit ne montre pas qu’elle tient à l’écart quelqu’un d’autre.',
  },
  crowded:
    'Beaucoup ont déjà écrit à ce sujet et attendent une réponse, qui sera aussi la vôtre. Gardez votre texte, et réessayez dans quelques jours.',
};

export const SHARED_WORDS: Readonly<Record<Language, SharedWords>> = { en: EN, fr: FR };
