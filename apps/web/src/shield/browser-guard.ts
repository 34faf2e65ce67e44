import type { Guard, GuardPorts } from './guard.ts';
import { ShieldGuard } from './shield-guard.ts';
import { WorkerClassifier, type WorkerHandle } from './worker-classifier.ts';
import { shieldWorkerUrl } from './worker-urls.ts';

export function openBrowserGuard(ports: Omit<GuardPorts, 'openClassifier'>): Guard {
  const guard = new ShieldGuard({
    ...ports,
    openClassifier: () => Promise.resolve(new WorkerClassifier(openShieldWorker, ports.scheduler)),
  });
  addEventListener('online', () => {
    const { value } = guard.classifier;
    const isLost = value.state === 'failed' && ['unreachable', 'stalled'].includes(value.fault);
    if (isLost) guard.retry();
  });
  return guard;
}

function openShieldWorker(): WorkerHandle {
  return new Worker(shieldWorkerUrl(), { type: 'module', name: 'shield' });
}
