import type { LanguageTag } from '@farandole/kernel/language';
import { LANGUAGES } from '@farandole/ui/locales';
import proofUrl from '../signal/proof/proof-worker.ts?worker&url';
import workerUrl from './worker/shield-worker.ts?worker&url';

/** The language is part of the address, because a service worker can't read the user's choice. */
const serviceWorkerUrls = new Map(
  Object.keys(LANGUAGES).map((tag) => [tag, `/sw.js?lang=${encodeURIComponent(tag)}`] as const),
);

/** The Trusted Types policy allows only the URLs of the page's own workers. */
const WORKER_URLS: ReadonlySet<string> = new Set([
  workerUrl,
  proofUrl,
  ...serviceWorkerUrls.values(),
]);

/**
 * The part of the Trusted Types API that the page uses. TypeScript's types lack it, and so do
 * some browsers.
 */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): { createScriptURL(url: string): string };
}

/**
 * The policy is created only once. The response headers allow only this Trusted Types policy,
 * and creating a policy of the same name twice throws.
 */
const policy = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes?.createPolicy(
  'farandole-url',
  {
    createScriptURL: (url) => {
      if (WORKER_URLS.has(url)) return url;
      throw new TypeError(`${url} is not the address of a worker of this page`);
    },
  },
);

export function shieldWorkerUrl(): string {
  return policy?.createScriptURL(workerUrl) ?? workerUrl;
}

export function proofWorkerUrl(): string {
  return policy?.createScriptURL(proofUrl) ?? proofUrl;
}

/** @throws TypeError if the page has no texts in this language */
export function serviceWorkerUrl(language: LanguageTag): string {
  const url = serviceWorkerUrls.get(language) ?? '';
  return policy?.createScriptURL(url) ?? url;
}
