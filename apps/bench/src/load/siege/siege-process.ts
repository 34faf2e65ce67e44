import { stepBack } from '../step-back.ts';
import { besiege, type SiegeOrders, type SiegeTally } from './siege-attacks.ts';

export type SiegeAnswer =
  | { readonly ok: true; readonly tally: SiegeTally }
  | { readonly ok: false; readonly fault: string };

stepBack();

process.once('message', (message) => {
  void besiege(message as SiegeOrders)
    .then(
      (tally): SiegeAnswer => ({ ok: true, tally }),
      (error: unknown): SiegeAnswer => ({ ok: false, fault: String(error) }),
    )
    .then((answer) => process.send?.(answer));
});
process.once('disconnect', () => process.exit(0));
