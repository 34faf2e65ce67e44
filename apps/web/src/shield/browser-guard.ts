import type { Guard, GuardPorts } from './guard.ts';
import { ShieldGuard } from './shield-guard.ts';
import workerUrl from './worker/shield-worker.ts?worker&url';
import { WorkerClassifier, type WorkerHandle } from './worker-classifier.ts';

/** The Trusted Types policy allows only the URL of the page's own worker. */
const WORKER_URLS: ReadonlySet<string> = new Set([workerUrl]);

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

export function openBrowserGuard(ports: Omit<GuardPorts, 'openClassifier'>): Guard {
  return new ShieldGuard({
    ...ports,
    openClassifier: () => Promise.resolve(new WorkerClassifier(openShieldWorker, ports.scheduler)),
  });
}

function openShieldWorker(): WorkerHandle {
  const url = policy?.createScriptURL(workerUrl) ?? workerUrl;
  return new Worker(url, { type: 'module', name: 'shield' });
}
