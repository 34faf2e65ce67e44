import { expect, type Page } from '@playwright/test';

/** Effects that a text can't have if it is shown as text. */
export interface Alarms {
  /** Number of calls of `canary`, which only injected code makes. */
  readonly canaries: number;
  readonly violations: readonly string[];
  /** Elements that appeared, with their attributes. Elements known to be harmless aren't listed. */
  readonly elements: readonly string[];
  readonly dialogs: number;
  /** Requests and opened pages, except requests for the page's own icons. */
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

/** Icons whose requests are left out, because browsers fetch icons late on a busy machine. */
const OWN_ICONS = ['/favicon.svg', '/favicon-unread.svg'];

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
      // The error is ignored, because a dialog may close with its frame.
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

  /**
   * Starts to watch the page for effects of hostile text. Later changes by the page's own code
   * are recorded too.
   */
  static async arm(page: Page): Promise<PageAlarm> {
    const alarm = new PageAlarm(page);
    await page.evaluate(watch);
    return alarm;
  }

  /**
   * Watches every document that the page opens from now on. `read` returns the effects in the
   * latest document.
   */
  static async armAhead(page: Page): Promise<PageAlarm> {
    const alarm = new PageAlarm(page);
    await page.addInitScript(watch);
    return alarm;
  }

  /** @param known elements that the page creates for a harmless line */
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

  /**
   * Asserts that no hostile text had an effect. Harmless elements and requests to the page's own
   * server are allowed.
   */
  async expectQuiet(origin: string): Promise<void> {
    const { canaries, violations, dialogs, popups, elements, requests } = await this.read();
    const elsewhere = requests.filter((request) => !request.startsWith(`${origin}/`));
    const markup = markupAmong(elements);
    expect({ canaries, violations, dialogs, popups, markup, elsewhere }).toEqual({
      canaries: 0,
      violations: [],
      dialogs: 0,
      popups: 0,
      markup: [],
      elsewhere: [],
    });
  }
}

/**
 * Matches elements and attributes that run or fetch content and that the site's pages never
 * create.
 */
const MARKUP =
  /^<(?:script|iframe|object|embed|portal|base|marquee|math|template|noscript|img|animate|foreignObject)\b|^<meta[^>]* http-equiv=| on\w+="| (?:src|srcdoc|href|action|data|style)="[^"]*(?:canary|evil|javascript:)/i;

export function markupAmong(elements: readonly string[]): readonly string[] {
  return elements.filter((element) => MARKUP.test(element));
}

export const SILENCE: Alarms = {
  canaries: 0,
  violations: [],
  elements: [],
  dialogs: 0,
  requests: [],
  popups: 0,
  navigations: 0,
};

/** Runs in the page. Records the effects of hostile text. */
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
      // Only the element itself is recorded, because its children didn't change.
      if (type === 'attributes' && target instanceof Element) elements.add(describe(target));
      else for (const node of addedNodes) note(node);
    }
  }).observe(document, { subtree: true, childList: true, attributes: true });
  window.readAlarms = () => ({ canaries, violations, elements: [...elements] });
}
