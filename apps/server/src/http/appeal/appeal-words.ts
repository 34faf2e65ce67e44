import type { AppealOutcome } from '@farandole/moderation/appeals/appeal';
import type { Language } from '../accept-language.ts';
import type { AskFault, DraftFault } from './appeal-page.ts';

/** What the page of decisions says beside the statements themselves. What is a function takes a moment or a span, as HTML. */
export interface AppealWords {
  readonly title: string;
  readonly askTitle: string;
  readonly askText: string;
  readonly code: string;
  readonly codeHint: string;
  readonly look: string;
  readonly askFault: Readonly<Record<Exclude<AskFault['fault'], 'too-many'>, string>>;
  readonly tooMany: (wait: string) => string;
  readonly keptTitle: string;
  readonly codeRow: string;
  readonly write: string;
  readonly send: string;
  readonly draftFault: Readonly<Record<DraftFault, string>>;
  readonly received: (at: string) => string;
  readonly answered: (at: string) => string;
  readonly outcome: Readonly<Record<AppealOutcome, string>>;
  readonly windowOver: string;
  /** What stays open whatever was decided; the link follows. */
  readonly works: string;
  readonly safety: string;
  readonly runBy: string;
  readonly contact: string;
}

const EN: AppealWords = {
  title: 'What was decided, and why',
  askTitle: 'Read a decision, and appeal',
  askText:
    'If the moderators of this server decided something about you, you can read here what and why, and appeal. It is free, and takes no account.',
  code: 'The code of the decision',
  codeHint: 'Farandole showed it to you when it told you of the decision.',
  look: 'Show the decision',
  askFault: {
    unknown:
      'There is nothing to read under this code. Check every letter, capitals too; what is long over is no longer kept.',
    stale:
      'This form is too old, or was not made here. Give the code once more, and send it again.',
    'not-stored':
      'The server could not store your appeal. Keep your words, and try again in a moment.',
  },
  tooMany: (wait) => `Too many codes were tried from your network. Wait ${wait}, then try again.`,
  keptTitle: 'What you wrote',
  codeRow: 'Code',
  write: 'What should they know?',
  send: 'Send the appeal',
  draftFault: {
    unknown: 'There is no such decision any more.',
    'window-over': 'The time for an appeal is over.',
    empty: 'Write what they should know.',
    'text-too-long':
      'That is longer than 1,000 characters. Nothing was cut; shorten it and send it again.',
    'text-has-control-characters':
      'There were characters in it that can’t be shown. They are left out below; look through it and send it again.',
  },
  received: (at) =>
    `Your appeal was received on ${at}. Somebody who had no part in the decision will answer it, and you read the answer here.`,
  answered: (at) => `Your appeal was answered on ${at}.`,
  outcome: {
    uphold: 'They looked at everything again, and the decision stands.',
    shorten: 'They looked at everything again, and shortened it.',
    overturn: 'They looked at everything again, and took the decision back. We are sorry.',
  },
  windowOver: 'The time in which an appeal is taken, six months, is over.',
  works: 'Whatever was decided, your reports and help lines stay open to you, under',
  safety: 'Safety',
  runBy: 'This server is run by',
  contact: 'Contact',
};

const FR: AppealWords = {
  title: 'Ce qui a été décidé, et pourquoi',
  askTitle: 'Lire une décision, et la contester',
  askText:
    'Si les modérateurs de ce serveur ont pris une décision à votre sujet, vous pouvez ici la lire, savoir pourquoi, et la contester. C’est gratuit, et sans compte.',
  code: 'Le code de la décision',
  codeHint: 'Farandole vous l’a montré en vous annonçant la décision.',
  look: 'Montrer la décision',
  askFault: {
    unknown:
      'Il n’y a rien à lire sous ce code. Vérifiez chaque lettre, majuscules comprises ; ce qui est terminé depuis longtemps n’est plus gardé.',
    stale:
      'Ce formulaire est trop ancien, ou ne vient pas d’ici. Donnez le code encore une fois, puis renvoyez-le.',
    'not-stored':
      'Le serveur n’a pas pu enregistrer votre recours. Gardez votre texte, et réessayez dans un instant.',
  },
  tooMany: (wait) =>
    `Trop de codes ont été essayés depuis votre réseau. Attendez ${wait}, puis réessayez.`,
  keptTitle: 'Ce que vous aviez écrit',
  codeRow: 'Code',
  write: 'Que faut-il savoir ?',
  send: 'Envoyer le recours',
  draftFault: {
    unknown: 'Cette décision n’existe plus.',
    'window-over': 'Le délai de recours est passé.',
    empty: 'Écrivez ce qu’il faut savoir.',
    'text-too-long':
      'Le texte dépasse 1 000 caractères. Rien n’a été coupé ; raccourcissez-le, puis renvoyez-le.',
    'text-has-control-characters':
      'Le texte contenait des caractères qui ne peuvent pas être affichés. Ils sont retirés ci-dessous ; relisez-le, puis renvoyez-le.',
  },
  received: (at) =>
    `Votre recours est arrivé le ${at}. Une personne qui n’a pas pris part à la décision y répondra, et vous lirez la réponse ici.`,
  answered: (at) => `Votre recours a reçu une réponse le ${at}.`,
  outcome: {
    uphold: 'Après un nouvel examen, la décision est maintenue.',
    shorten: 'Après un nouvel examen, la mesure a été abrégée.',
    overturn:
      'Après un nouvel examen, la décision a été annulée. Nous vous présentons nos excuses.',
  },
  windowOver: 'Le délai de recours, de six mois, est passé.',
  works:
    'Quoi qu’il ait été décidé, vos signalements et les lignes d’écoute vous restent ouverts, sous',
  safety: 'Sécurité',
  runBy: 'Ce serveur est tenu par',
  contact: 'Nous écrire',
};

export const APPEAL_WORDS: Readonly<Record<Language, AppealWords>> = { en: EN, fr: FR };
