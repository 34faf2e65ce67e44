import { stepBack } from '../step-back.ts';
import { HostileCrew, type Orders } from './hostile-crew.ts';

export type HostileRequest =
  | { readonly do: 'strike'; readonly orders: Orders }
  | { readonly do: 'tell' };

stepBack();

let crew: HostileCrew | null = null;

process.on('message', (message) => {
  const request = message as HostileRequest;
  if (request.do === 'strike') crew = new HostileCrew(request.orders);
  process.send?.(crew?.harm ?? null);
});
process.once('disconnect', () => process.exit(0));
