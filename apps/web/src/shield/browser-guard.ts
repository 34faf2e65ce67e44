import type { Guard, GuardPorts } from './guard.ts';
import { ShieldGuard } from './shield-guard.ts';
import workerUrl from './worker/shield-worker.ts?worker&url';
import { WorkerClassifier, type WorkerHandle } from './worker-classifier.ts';

/** The addresses of our own workers, and no other. */
const WORKER_URLS: ReadonlySet<string> = new Set([workerUrl]);

/** As far as it is used here; not every browser has it, and the compiler does not know it. */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): { createScriptURL(url: string): string };
}

/** The one policy that the page's headers allow by name. A second one of that name would throw. */
const policy = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes?.createPolicy(
  'farandole-url',
  {
    createScriptURL: (url) => {
      if (WORKER_URLS.has(url)) return url;
      throw new TypeError(`${url} is not the address of a worker of this page`);
    },
  },
);

/** The shield of a real page. */
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
