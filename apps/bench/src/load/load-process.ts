import { LoadCrew } from './load-crew.ts';
import { describeFault, type LoadAnswer, type LoadRequest } from './load-messages.ts';

const crew = new LoadCrew();

process.on('message', (message) => {
  const { id, group, order } = message as LoadRequest;
  crew.run(group, order).then(
    (tally) => answer({ id, ok: true, tally }),
    (error: unknown) => answer({ id, ok: false, fault: describeFault(error) }),
  );
});
process.once('disconnect', () => process.exit(0));

function answer(message: LoadAnswer): void {
  process.send?.(message);
}
