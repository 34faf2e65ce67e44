import type alerts from '../../../locales/en/alerts.json';
import type cards from '../../../locales/en/cards.json';
import type communities from '../../../locales/en/communities.json';
import type console from '../../../locales/en/console.json';
import type document from '../../../locales/en/document.json';
import type effects from '../../../locales/en/effects.json';
import type exchange from '../../../locales/en/exchange.json';
import type hour from '../../../locales/en/hour.json';
import type language from '../../../locales/en/language.json';
import type meeting from '../../../locales/en/meeting.json';
import type pageFirst from '../../../locales/en/page-first.json';
import type pageRest from '../../../locales/en/page-rest.json';
import type question from '../../../locales/en/question.json';
import type server from '../../../locales/en/server.json';
import type statements from '../../../locales/en/statements.json';
import type voice from '../../../locales/en/voice.json';

/**
 * Types of the files in each folder of `locales`. The files of every language have the shape of
 * the English ones.
 */
export interface LocaleFiles {
  readonly alerts: typeof alerts;
  readonly cards: typeof cards;
  readonly communities: typeof communities;
  readonly console: typeof console;
  /** Text that the document shows without scripts, or before they run. */
  readonly document: typeof document;
  readonly effects: typeof effects;
  readonly hour: typeof hour;
  readonly interests: readonly string[];
  /**
   * `unreviewed` marks a language whose texts no native speaker has read. `withoutHints` offers a
   * language in which the page finds no stated ages and private details.
   */
  readonly language: typeof language & {
    readonly unreviewed?: true;
    readonly withoutHints?: true;
  };
  readonly meeting: typeof meeting;
  readonly 'page-first': typeof pageFirst;
  readonly 'page-rest': typeof pageRest;
  readonly question: typeof question;
  readonly server: typeof server;
  readonly statements: typeof statements;
  readonly exchange: typeof exchange;
  readonly voice: typeof voice;
}
