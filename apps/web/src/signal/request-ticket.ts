import { type Result, refused } from '@farandole/kernel/result';
import type {
  SessionResumesReply,
  SessionTicketReply,
  SessionTicketRequest,
} from '@farandole/protocol/http-api';
import { PROOFS_MAX } from './limits.ts';
import type { Api, ApiFault, Prove } from './ports.ts';

/**
 * Requests a session ticket, and proves work if the server asks for it.
 * @param progress called with the share of a proof that takes long, from 0 to 1
 * @returns `unproven` if this browser can't prove work
 */
export async function requestTicket(
  { api, prove }: { readonly api: Api; readonly prove: Prove },
  request: SessionTicketRequest,
  progress: (share: number) => void,
): Promise<Result<SessionTicketReply | SessionResumesReply, ApiFault | 'unproven'>> {
  let answer = await api.sessionTicket(request);
  for (let proofs = 0; proofs < PROOFS_MAX; proofs++) {
    if (!answer.ok) return answer;
    const { value } = answer;
    if (!('challenge' in value)) return { ok: true, value };
    const proof = await prove(value, progress);
    if (proof === null) return refused('unproven');
    answer = await api.sessionTicket({ ...request, proof });
  }
  if (!answer.ok) return answer;
  const { value } = answer;
  return 'challenge' in value ? refused('unreachable') : { ok: true, value };
}
