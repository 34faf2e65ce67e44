import type console from '../../../locales/en/console.json';
import type document from '../../../locales/en/document.json';
import type language from '../../../locales/en/language.json';
import type pageFirst from '../../../locales/en/page-first.json';
import type pageRest from '../../../locales/en/page-rest.json';
import type server from '../../../locales/en/server.json';
import type statements from '../../../locales/en/statements.json';

/** The files of a folder of `locales`; each language has the English shape. */
export interface LocaleFiles {
  /** What the console says. */
  readonly console: typeof console;
  /** What the page's document says before or without a script. */
  readonly document: typeof document;
  /** Interests that a field suggests. */
  readonly interests: readonly string[];
  /** The language's own name, and in which direction it is written. */
  readonly language: typeof language;
  /** What the page's first screen says. */
  readonly 'page-first': typeof pageFirst;
  /** What the page's other screens say. */
  readonly 'page-rest': typeof pageRest;
  /** What pages say that the server draws. */
  readonly server: typeof server;
  /** What a statement of reasons says. */
  readonly statements: typeof statements;
}
