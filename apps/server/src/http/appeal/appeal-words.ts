import type { AppealOutcome } from '@farandole/moderation/appeal';
import type { Measure } from '@farandole/moderation/decision';
import type { OwnDecision } from '@farandole/moderation/desk/own-decisions';
import type { ReportReason } from '@farandole/moderation/reason';
import type { FactKind } from '@farandole/moderation/statement';
import type { Language } from '../accept-language.ts';
import type { AskFault, DraftFault } from './appeal-page.ts';

/** All that the page of decisions says. What is a function takes a moment or a span, as HTML. */
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
  readonly measure: Readonly<Record<Measure, string>>;
  readonly state: Readonly<Record<OwnDecision['state'], string>>;
  readonly what: string;
  readonly does: Readonly<Record<'text-only' | 'suspended' | 'none', string>>;
  readonly ground: string;
  readonly grounds: Readonly<Record<ReportReason, string>>;
  readonly lookedAt: string;
  readonly fact: Readonly<Record<FactKind, string>>;
  readonly who: string;
  readonly people: string;
  readonly from: string;
  readonly until: string;
  readonly noEnd: string;
  readonly codeRow: string;
  readonly appealTitle: string;
  readonly appealText: string;
  readonly write: string;
  readonly writeHint: (until: string) => string;
  readonly send: string;
  readonly draftFault: Readonly<Record<DraftFault, string>>;
  readonly received: (at: string) => string;
  readonly answered: (at: string) => string;
  readonly outcome: Readonly<Record<AppealOutcome, string>>;
  readonly windowOver: string;
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
  measure: {
    dismiss: 'Nothing',
    warn: 'A warning',
    'text-only-7d': 'Text only for 7 days',
    'suspend-1h': 'Suspended for an hour',
    'suspend-1d': 'Suspended for a day',
    'suspend-7d': 'Suspended for 7 days',
    'suspend-permanently': 'Suspended without an end',
  },
  state: {
    holds: 'This holds now.',
    over: 'This is over. You can meet people as before.',
    lifted: 'This was ended early. You can meet people as before.',
    overturned:
      'This was taken back. You can meet people as before, and it does not count against you.',
  },
  what: 'What it means',
  does: {
    'text-only': 'You can meet people by text, and not by video.',
    suspended: 'You can’t meet people on this server.',
    none: 'You can meet people as before. If the rules are broken again, this counts.',
  },
  ground: 'The rule',
  grounds: {
    'may-be-under-18': 'This server is for people of 18 and over.',
    'self-harm': 'No showing or urging of self-harm.',
    'threat-or-violence': 'No threats and no violence.',
    'sexual-content': 'Stay dressed: no sexual content.',
    'recording-or-sharing': 'No recording, and no sharing of what others show or say.',
    hate: 'No hate.',
    'scam-or-spam': 'No scams and no spam.',
    other: 'The rules of this server, as they stand on its page.',
  },
  lookedAt: 'What was looked at',
  fact: {
    reports: 'What people reported.',
    lines: 'Messages that this server had marked when they were sent.',
    pictures: 'Pictures.',
    'earlier-decisions': 'Earlier decisions.',
  },
  who: 'Who decided',
  people: 'People. No software decides here. Who reported is never told.',
  from: 'From',
  until: 'Until',
  noEnd: 'It has no end, unless an appeal changes that.',
  codeRow: 'Code',
  appealTitle: 'Appeal',
  appealText:
    'Somebody who had no part in the decision looks at everything again. They can leave it as it is, shorten it, or take it back. An appeal never makes it worse.',
  write: 'What should they know?',
  writeHint: (until) =>
    `Up to 1,000 characters. Once for each decision, until ${until}. Keep the code: under it you read the answer here.`,
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
  measure: {
    dismiss: 'Rien',
    warn: 'Un avertissement',
    'text-only-7d': 'Par écrit seulement, pendant 7 jours',
    'suspend-1h': 'Accès suspendu pour une heure',
    'suspend-1d': 'Accès suspendu pour un jour',
    'suspend-7d': 'Accès suspendu pour 7 jours',
    'suspend-permanently': 'Accès suspendu sans fin prévue',
  },
  state: {
    holds: 'Cette mesure est en vigueur.',
    over: 'Cette mesure a pris fin. Vous pouvez faire des rencontres comme avant.',
    lifted: 'Cette mesure a pris fin plus tôt. Vous pouvez faire des rencontres comme avant.',
    overturned:
      'Cette décision a été annulée. Vous pouvez faire des rencontres comme avant, et elle ne joue pas contre vous.',
  },
  what: 'Ce que cela veut dire',
  does: {
    'text-only': 'Vous pouvez faire des rencontres par écrit, et non en vidéo.',
    suspended: 'Vous ne pouvez rencontrer personne sur ce serveur.',
    none: 'Vous pouvez faire des rencontres comme avant. Si vous enfreignez de nouveau les règles, cela comptera.',
  },
  ground: 'La règle',
  grounds: {
    'may-be-under-18': 'Ce serveur est réservé aux personnes de 18 ans et plus.',
    'self-harm': 'Ne pas montrer d’automutilation, ne pas y pousser.',
    'threat-or-violence': 'Ni menaces ni violence.',
    'sexual-content': 'Rester habillé : pas de contenu sexuel.',
    'recording-or-sharing': 'Ne pas enregistrer ni partager ce que d’autres montrent ou disent.',
    hate: 'Pas de haine.',
    'scam-or-spam': 'Ni arnaques ni publicité.',
    other: 'Les règles de ce serveur, telles qu’elles figurent sur sa page.',
  },
  lookedAt: 'Ce qui a été examiné',
  fact: {
    reports: 'Ce qui a été signalé.',
    lines: 'Des messages que ce serveur avait marqués lors de leur envoi.',
    pictures: 'Des images.',
    'earlier-decisions': 'Des décisions antérieures.',
  },
  who: 'Qui a décidé',
  people: 'Des personnes. Aucun logiciel ne décide ici. On ne dit jamais qui a signalé.',
  from: 'À partir du',
  until: 'Jusqu’au',
  noEnd: 'Sans fin prévue, à moins qu’un recours n’y change quelque chose.',
  codeRow: 'Code',
  appealTitle: 'Recours',
  appealText:
    'Une personne qui n’a pas pris part à la décision réexamine tout. Elle peut maintenir la décision, l’abréger ou l’annuler. Un recours n’aggrave jamais rien.',
  write: 'Que faut-il savoir ?',
  writeHint: (until) =>
    `1 000 caractères au plus. Une fois par décision, jusqu’au ${until}. Gardez le code : c’est ici, avec lui, que vous lirez la réponse.`,
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
  runBy: 'Ce serveur est tenu par',
  contact: 'Nous écrire',
};

export const APPEAL_WORDS: Readonly<Record<Language, AppealWords>> = { en: EN, fr: FR };
