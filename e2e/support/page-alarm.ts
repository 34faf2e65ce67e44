import type { Page } from '@playwright/test';

/** What a page did that text alone cannot make it do. */
export interface Alarms {
  /** Calls of `canary`, which only what came from outside would call. */
  readonly canaries: number;
  /** What the page's own policy forbade: it was tried. */
  readonly violations: readonly string[];
  /** Elements that appeared, as their tags and attributes; known ones are left out. */
  readonly elements: readonly string[];
  readonly dialogs: number;
  /** Addresses that were asked for, and pages that were opened; not the page's own icons. */
  readonly requests: readonly string[];
  readonly popups: number;
  readonly navigations: number;
}

declare global {
  interface Window {
    canary(): void;
    readAlarms(): Pick<Alarms, 'canaries' | 'violations' | 'elements'>;
  }
}

/**
 * The page's icons: the browser fetches one when it gets to it, which on a busy machine is long after the page came.
 */
const OWN_ICONS = ['/favicon.svg', '/favicon-unread.svg'];

/** Stands in a page and tells whether anything in it was more than text. */
export class PageAlarm {
  readonly #page: Page;
  #dialogs = 0;
  #popups = 0;
  #navigations = 0;
  readonly #requests: string[] = [];

  private constructor(page: Page) {
    this.#page = page;
    page.on('dialog', (dialog) => {
      this.#dialogs += 1;
      // One may be gone with its frame before it is answered.
      dialog.dismiss().catch(() => {});
    });
    page.on('popup', () => {
      this.#popups += 1;
    });
    page.on('framenavigated', () => {
      this.#navigations += 1;
    });
    page.context().on('request', (request) => {
      const url = request.url();
      const here = URL.parse(page.url())?.origin;
      const isOwnIcon = OWN_ICONS.some((icon) => url === `${here}${icon}`);
      if (!isOwnIcon) this.#requests.push(url);
    });
  }

  /** From now on. What the page does by itself later, such as a screen of its own, counts too. */
  static async arm(page: Page): Promise<PageAlarm> {
    const alarm = new PageAlarm(page);
    await page.evaluate(watch);
    return alarm;
  }

  /** From each document on that it opens after this: what is read is of the latest one. */
  static async armAhead(page: Page): Promise<PageAlarm> {
    const alarm = new PageAlarm(page);
    await page.addInitScript(watch);
    return alarm;
  }

  /** @param known elements that the page itself makes of a harmless line */
  async read(known: readonly string[] = []): Promise<Alarms> {
    const { canaries, violations, elements } = await this.#page.evaluate(() => window.readAlarms());
    return {
      canaries,
      violations,
      elements: elements.filter((element) => !known.includes(element)),
      dialogs: this.#dialogs,
      requests: [...this.#requests],
      popups: this.#popups,
      navigations: this.#navigations,
    };
  }
}

/** What no page of ours makes of anything, and what would run or fetch something of a stranger's. */
const MARKUP =
  /^<(?:script|iframe|object|embed|portal|base|marquee|math|template|noscript|img|animate|foreignObject)\b|^<meta[^>]* http-equiv=| on\w+="| (?:src|srcdoc|href|action|data|style)="[^"]*(?:canary|evil|javascript:)/i;

/** Those of the elements that text became, if it ever did; a page has others of its own. */
export function markupAmong(elements: readonly string[]): readonly string[] {
  return elements.filter((element) => MARKUP.test(element));
}

/** Nothing at all. */
export const SILENCE: Alarms = {
  canaries: 0,
  violations: [],
  elements: [],
  dialogs: 0,
  requests: [],
  popups: 0,
  navigations: 0,
};

/** Runs in the page. */
function watch(): void {
  let canaries = 0;
  const violations: string[] = [];
  const elements = new Set<string>();
  window.canary = () => {
    canaries += 1;
  };
  document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => {
    violations.push(`${effectiveDirective} ${blockedURI}`);
  });
  const describe = (element: Element): string => {
    const attributes = Array.from(element.attributes, ({ name, value }) => ` ${name}="${value}"`);
    return `<${element.localName}${attributes.sort().join('')}>`;
  };
  const note = (node: Node): void => {
    if (!(node instanceof Element)) return;
    for (const element of [node, ...node.querySelectorAll('*')]) elements.add(describe(element));
  };
  new MutationObserver((records) => {
    for (const { type, target, addedNodes } of records) {
      // Its own attributes alone: what is in it is as it was.
      if (type === 'attributes' && target instanceof Element) elements.add(describe(target));
      else for (const node of addedNodes) note(node);
    }
  }).observe(document, { subtree: true, childList: true, attributes: true });
  window.readAlarms = () => ({ canaries, violations, elements: [...elements] });
}
