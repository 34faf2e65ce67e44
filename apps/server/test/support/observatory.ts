import type { IncomingHttpHeaders } from 'node:http';

/**
 * The rules and points of Mozilla's HTTP Observatory, from
 * developer.mozilla.org/en-US/observatory/docs/tests_and_scoring. They are implemented here,
 * because its scanner needs a public site. If a rule fails in several ways, the worst one counts.
 */
export interface Seen {
  readonly headers: IncomingHttpHeaders;
  readonly html: string;
  /** Response to the same address over plain HTTP. */
  readonly plain: { readonly status: number; readonly location: string | undefined };
  readonly host: string;
}

type Rule = (seen: Seen) => number;

/** Minimum score without bonus points at which bonus points count. */
const BONUS_FROM = 90;

export const RULES: Readonly<Record<string, Rule>> = {
  'content-security-policy': ({ headers }) => {
    const policy = policyOf(headers);
    if (policy === null) return -25;
    const sources = (name: string): readonly string[] =>
      policy.get(name) ?? policy.get('default-src') ?? ['*'];
    const code = [...sources('script-src'), ...sources('object-src')];
    if ([...code, ...sources('style-src')].some(isBroad)) return -20;
    if (code.includes("'unsafe-inline'") || code.includes('data:')) return -20;
    if ([...policy.values()].flat().some((source) => source.startsWith('http:'))) return -20;
    if (sources('script-src').includes("'unsafe-eval'")) return -10;
    if (sources('style-src').includes("'unsafe-inline'")) return 0;
    return policy.get('default-src')?.join() === "'none'" ? 10 : 5;
  },
  // The page sets no cookie, because the cookie comes with the first session ticket.
  cookies: ({ headers }) => {
    const cookies = headers['set-cookie'] ?? [];
    if (cookies.length === 0) return 0;
    const all = (attribute: RegExp): boolean => cookies.every((cookie) => attribute.test(cookie));
    if (!all(/; *secure(?:;|$)/i)) return -40;
    if (!all(/; *httponly(?:;|$)/i)) return -30;
    return all(/; *samesite=(?:strict|lax)(?:;|$)/i) ? 5 : 0;
  },
  'cross-origin-resource-sharing': ({ headers }) =>
    headers['access-control-allow-credentials'] === undefined ? 0 : -50,
  redirection: ({ plain, host }) => {
    if (plain.status < 300 || plain.status > 399 || plain.location === undefined) return -20;
    const to = new URL(plain.location, `http://${host}`);
    if (to.protocol !== 'https:') return -20;
    return to.hostname === host ? 0 : -5;
  },
  'referrer-policy': ({ headers }) => {
    const policy = headers['referrer-policy'];
    if (policy === undefined) return 0;
    return /^(?:no-referrer|same-origin|strict-origin(?:-when-cross-origin)?)$/.test(String(policy))
      ? 5
      : -5;
  },
  'strict-transport-security': ({ headers }) => {
    const maxAge = /(?:^|;) *max-age=([0-9]+) *(?:;|$)/.exec(
      headers['strict-transport-security'] ?? '',
    )?.[1];
    if (maxAge === undefined) return -20;
    return Number(maxAge) >= 15_768_000 ? 0 : -10;
  },
  'subresource-integrity': ({ html }) =>
    /<script[^>]*\bsrc="(?:[a-z]+:)?\/\//i.test(html) ? -50 : 0,
  'x-content-type-options': ({ headers }) =>
    headers['x-content-type-options'] === 'nosniff' ? 0 : -5,
  'x-frame-options': ({ headers }) => {
    if (policyOf(headers)?.has('frame-ancestors') === true) return 5;
    return /^(?:deny|sameorigin)$/i.test(String(headers['x-frame-options'] ?? '')) ? 0 : -20;
  },
  'cross-origin-resource-policy': ({ headers }) => {
    const policy = String(headers['cross-origin-resource-policy'] ?? '');
    return policy === 'same-origin' || policy === 'same-site' ? 10 : 0;
  },
};

/** Computes the score. 100 or more is an A+. */
export function scoreOf(seen: Seen): number {
  const changes = Object.values(RULES).map((rule) => rule(seen));
  const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
  const without = 100 + sum(changes.filter((change) => change < 0));
  return without >= BONUS_FROM ? without + sum(changes.filter((change) => change > 0)) : without;
}

/**
 * Returns null if the response has no policy. If a directive is repeated, the first one applies.
 */
function policyOf(headers: IncomingHttpHeaders): ReadonlyMap<string, readonly string[]> | null {
  const header = headers['content-security-policy'];
  if (typeof header !== 'string') return null;
  const policy = new Map<string, readonly string[]>();
  for (const directive of header.split(';')) {
    const [name = '', ...sources] = directive.trim().toLowerCase().split(/\s+/);
    if (name !== '' && !policy.has(name)) policy.set(name, sources);
  }
  return policy;
}

function isBroad(source: string): boolean {
  return /^(?:\*|https?:|ftp:|https?:\/\/\*(?:\.\*)?)$/.test(source);
}
