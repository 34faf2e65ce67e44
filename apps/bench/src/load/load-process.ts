import { LoadCrew } from './load-crew.ts';
import type { LoadAnswer, LoadRequest } from './load-order.ts';

const crew = new LoadCrew();

process.on('message', (message) => {
  const { id, group, order, phase } = message as LoadRequest;
  crew.run(group, order, phase).then(
    (tally) => answer({ id, ok: true, tally }),
    (error: unknown) => answer({ id, ok: false, fault: describeFault(error) }),
  );
});
process.once('disconnect', () => process.exit(0));

function describeFault(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function answer(message: LoadAnswer): void {
  process.send?.(message);
}
