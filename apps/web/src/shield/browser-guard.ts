import type { Guard, GuardPorts } from './guard.ts';
import { ShieldGuard } from './shield-guard.ts';
import workerUrl from './worker/shield-worker.ts?worker&url';
import { WorkerClassifier, type WorkerHandle } from './worker-classifier.ts';

/** Only the page's own workers. */
const WORKER_URLS: ReadonlySet<string> = new Set([workerUrl]);

/** The part used here: not in every browser, nor in TypeScript's types. */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): { createScriptURL(url: string): string };
}

/** The only policy that the headers allow. Creating the same name twice would throw. */
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
